"""Sums over primary sampling units: what the variance of a domain's mean or total needs."""

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.limbs import Integers, widened

MOST_DIMENSIONS = 3


@dataclass(frozen=True, slots=True)
class DesignPlan:
    """Which sums to take: domains, first-stage strata, primary sampling units, weight, values.

    `by` are the columns that make a domain (none: one domain of all rows). `strata` are the
    columns that make a stratum (none: one stratum). `cluster` are the columns that tell the
    primary sampling units (PSUs) of one stratum apart (none: each row is its own PSU); equal
    names in two strata are two PSUs. Without `weight` each row weighs 1.
    """

    by: tuple[str, ...]
    strata: tuple[str, ...]
    cluster: tuple[str, ...]
    weight: str | None
    values: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class DesignSums:
    """Exact sums per (variable, domain, stratum), first and second order over PSUs.

    With V variables, C cells, D domains and H strata. A *cell* is a pair (domain, stratum) that
    has at least one row; cells are sorted by domain, then stratum; all variables share them.
    Write y for the stored integer of a value, w for the stored weight (1 without one), and for
    one PSU of a cell A = Σ w·y and B = Σ w over the PSU's rows of the domain where y is present.

    - `domains`: D keys, each a tuple of texts in the order of `plan.by`, sorted; rows with an
      empty `by` cell belong to no domain. `((),)` when `plan.by` is empty.
    - `strata`: H keys in the order of `plan.strata`, sorted; `((),)` when it is empty.
    - `stratum_psus`: [H] PSUs of each stratum over *all* rows, also those outside every domain
      or without a value: the n_h of the formulas.
    - `domain`, `stratum`: [C] positions in `domains` and `strata`.
    - `n`: [V, C] rows with y present. `psus`: [V, C] PSUs that have such a row.
    - `w`, `wy`, `wyy`: [V, C, 1 or 2] Σw, Σwy, Σwy². As the sums of B and A over PSUs are the same
      Σw and Σwy, they stand here once.
    - `aa`, `ab`, `bb`: [V, C, 1, 2 or 4] ΣA², ΣAB, ΣB² over the PSUs of the cell.

    The six arrays of sums hold signed integers in int64 limbs, low limb first
    (`limbs.integers_from_limbs` gives Python integers): as many as they might need. Scales: w
    counts 10^-weight_places, y of variable v counts 10^-value_places[v]; so wy has both
    together, aa twice both.

    The with-replacement linearised variance of a domain's mean r = ΣA/ΣB (sums over strata;
    Woodruff 1971) is V = 1/(ΣB)² · Σ_h (1 − f_h) n_h/(n_h − 1) · [Σz² − (Σz)²/n_h] with
    z = A − r·B, where n_h is `stratum_psus` and PSUs without a row of the domain have z = 0.
    `between.between_sums` adds the strata up exactly.
    """

    plan: DesignPlan
    weight_places: int
    value_places: tuple[int, ...]
    domains: tuple[tuple[str, ...], ...]
    strata: tuple[tuple[str, ...], ...]
    stratum_psus: Integers
    domain: Integers
    stratum: Integers
    n: Integers
    psus: Integers
    w: Integers
    wy: Integers
    wyy: Integers
    aa: Integers
    ab: Integers
    bb: Integers

    def equals(self, other: "DesignSums") -> bool:
        """Tell whether two results are the same in every figure, plan and scale."""
        return all(
            _are_same(getattr(self, field.name), getattr(other, field.name))
            for field in fields(self)
        )


def refuse_absent(values: pa.ChunkedArray, name: str) -> None:
    """Refuse a stratum or cluster column with empty cells (TALLY-05)."""
    if values.null_count:
        raise TouchstoneError(
            "TALLY-05",
            where=f"column {name!r}",
            found=f"{values.null_count} cells hold no stratum or cluster",
            remedy="Give each row its stratum and cluster, or leave the column out of the design.",
        )


def _are_same(mine: object, theirs: object) -> bool:
    if not (isinstance(mine, np.ndarray) and isinstance(theirs, np.ndarray)):
        return mine == theirs
    limbs = max(mine.shape[-1], theirs.shape[-1])
    if mine.ndim == theirs.ndim == MOST_DIMENSIONS:
        mine, theirs = widened(mine, limbs), widened(theirs, limbs)
    return np.array_equal(mine, theirs)
