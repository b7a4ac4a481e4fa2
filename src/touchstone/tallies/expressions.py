"""The sums of a plan as one Ibis expression, the same for every engine that speaks SQL."""

import ibis
import ibis.expr.types as ir

from touchstone.tallies.plans import TallyPlan

WHOLE = "decimal(38, 0)"


def sum_cells(rows: ir.Table, plan: TallyPlan) -> ir.Table:
    """Express the sums of every value column, one row per combination of the key columns.

    Columns: the keys as stored, then for the value at position i `n_i` (integer) and `w_i`,
    `ww_i`, `wy_i`, `wyy_i` (text, as engines differ in how they hand over wide integers).
    Integers become decimal(38,0) before they are multiplied: decimals with a scale are rounded
    differently by different engines, and floating-point sums depend on order.
    """
    weight = rows[plan.weight].cast(WHOLE) if plan.weight else None
    sums: dict[str, ir.Value] = {}
    for position, name in enumerate(plan.values):
        for kind, value in _sums_of(rows[name], weight).items():
            sums[f"{kind}_{position}"] = value
    if not plan.keys:
        return rows.aggregate(**sums)
    return rows.group_by(list(plan.keys)).aggregate(**sums)


def _sums_of(value: ir.Value, weight: ir.Value | None) -> dict[str, ir.Value]:
    y = value.cast(WHOLE)
    present = value.notnull()
    n = value.count()
    if weight is None:
        wide = {"w": n, "ww": n, "wy": y.sum(), "wyy": (y * y).sum()}
    else:
        wide = {
            "w": weight.sum(where=present),
            "ww": (weight * weight).sum(where=present),
            "wy": (weight * y).sum(),
            "wyy": (weight * y * y).sum(),
        }
    texts = {kind: ibis.coalesce(total.cast("string"), "0") for kind, total in wide.items()}
    return {"n": n, **texts}
