"""What a scheme says of a composite index: its steps, its indicators' scales, what may vary."""

from decimal import Decimal
from typing import Literal

import msgspec

IndexWeights = Literal["given", "equal", "pca", "pca_loadings", "entropy", "pairs", "budgets"]


class Scaling(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one indicator of an index comes onto the scale.

    `better` says which side is good; `worst` and `best` are its goalposts, `target` its target.
    It is divided by the indicator `denominator`, times `per`. `error` names the indicator that
    holds its standard error, where the figure is a fact; an answered one brings its own.
    """

    better: Literal["more", "less"] = "more"
    worst: Decimal | None = None
    best: Decimal | None = None
    target: Decimal | None = None
    denominator: str | None = None
    per: Decimal = Decimal(1)
    error: str | None = None


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One pairwise comparison of criteria: `more` is so many `times` as important as `less`."""

    more: str
    less: str
    times: Decimal


class IndexSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The steps of a composite index in their order, as `stats.index` takes them.

    A unit stays with values for at least the share `least_known` of the indicators, of which at
    least `least_nonzero` are not 0. `groups` is the text column of the groups for imputation,
    `reference` the unit of a distance to a reference. `weights` are those of the criteria
    (`given`), or found by another method; `pairs` and `budgets` hold what people judged, and
    `highest_ratio` the consistency ratio that is still accepted. `aggregate` is `stated` for the
    aggregation that the scheme and each group state, or `copeland`.
    """

    normalise: str = "min_max"
    least_known: Decimal = Decimal(0)
    least_nonzero: Decimal = Decimal(0)
    impute: str = "none"
    groups: str | None = None
    treat: str = "none"
    reference: str | None = None
    weights: IndexWeights = "given"
    pairs: tuple[Pair, ...] = ()
    budgets: tuple[dict[str, Decimal], ...] = ()
    highest_ratio: Decimal = Decimal("0.1")
    aggregate: Literal["stated", "copeland"] = "stated"
    floor: Decimal = Decimal(1)


class SensitivitySpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What varies between draws of an index, and how many there are.

    Each list names the methods that a step may take. `weight_noise` moves each weight by at most
    that share of itself. `errors` draws every figure anew within its standard error.
    """

    draws: int = 1000
    seed: int = 1
    confidence: Decimal = Decimal("0.9")
    impute: tuple[str, ...] = ()
    treat: tuple[str, ...] = ()
    normalise: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    aggregate: tuple[str, ...] = ()
    weight_noise: Decimal = Decimal(0)
    errors: bool = False
