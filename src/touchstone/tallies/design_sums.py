"""Sums over primary sampling units: what the variance of a domain's mean or total needs."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


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
    - `stratum_psus`, `stratum_rows`: [H] PSUs and rows of each stratum over *all* rows, also
      those outside every domain or without a value: the n_h of the formulas.
    - `domain`, `stratum`: [C] positions in `domains` and `strata`.
    - `n`: [V, C] rows with y present. `psus`: [V, C] PSUs that have such a row.
    - `w`, `wy`, `wyy`: [V, C, 2] Σw, Σwy, Σwy². As the sums of B and A over PSUs are the same
      Σw and Σwy, they stand here once.
    - `aa`, `ab`, `bb`: [V, C, 2] ΣA², ΣAB, ΣB² over the PSUs of the cell.

    The six arrays of sums hold signed 128-bit integers as two int64 limbs, low limb first
    (`limbs.integers_from_limbs` gives Python integers). Scales: w counts 10^-weight_places,
    y of variable v counts 10^-value_places[v]; so wy has both together, aa twice both.

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
    stratum_rows: Integers
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
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return all(
            np.array_equal(mine, theirs) if isinstance(mine, np.ndarray) else mine == theirs
            for mine, theirs in pairs
        )
