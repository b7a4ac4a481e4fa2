"""What engines that speak SQL share: columns named by their place, and cells in long form."""

import pyarrow as pa

from touchstone.tallies.plans import SUM_TYPE, SUMS, TallyPlan, key_texts
from touchstone.tallies.tables import Described, Snapshot


def used_columns(plan: TallyPlan) -> tuple[str, ...]:
    """Name the columns that a plan reads, each once.

    >>> used_columns(TallyPlan(("town",), ("town", "psu"), "w", ("y", "w")))
    ('town', 'psu', 'y', 'w')
    """
    weight = [plan.weight] if plan.weight else []
    return tuple(dict.fromkeys((*plan.keys, *plan.values, *weight)))


def numbered_plan(plan: TallyPlan) -> TallyPlan:
    """Give the same plan of columns named `c0`, `c1` … in the order of `used_columns`.

    To SQL the columns `y` and `Y` would be one; and no name of ours needs an escape.

    >>> numbered_plan(TallyPlan(("town",), (), None, ("y", "Y"))).values
    ('c1', 'c2')
    """
    names = {name: f"c{place}" for place, name in enumerate(used_columns(plan))}
    return TallyPlan(
        by=tuple(names[name] for name in plan.by),
        design=tuple(names[name] for name in plan.design),
        weight=names[plan.weight] if plan.weight else None,
        values=tuple(names[name] for name in plan.values),
    )


def numbered_rows(snapshot: Snapshot, plan: TallyPlan) -> pa.Table:
    """Give the columns that a plan reads, named as `numbered_plan` names them."""
    names = used_columns(plan)
    return snapshot.rows.select(list(names)).rename_columns([f"c{i}" for i in range(len(names))])


def long_cells(snapshot: Described, plan: TallyPlan, wide: pa.Table) -> pa.Table:
    """Turn the sums of `expressions.sum_cells`, one row per cell, into one per cell and variable.

    `wide` has the columns of `numbered_plan`'s keys, then `n_i` and the texts of the sums.
    """
    numbered = numbered_plan(plan).keys
    keys = [
        key_texts(snapshot, name, wide.column(own))
        for name, own in zip(plan.keys, numbered, strict=True)
    ]
    parts = [
        pa.table(
            [
                *keys,
                pa.repeat(pa.scalar(variable), wide.num_rows),
                wide.column(f"n_{position}").cast(pa.int64()),
                *(wide.column(f"{kind}_{position}").cast(SUM_TYPE) for kind in SUMS),
            ],
            names=[*plan.keys, "variable", "n", *SUMS],
        )
        for position, variable in enumerate(plan.values)
    ]
    return pa.concat_tables(parts)
