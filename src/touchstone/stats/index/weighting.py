"""Sixth step of an index: weights that the data give, of components or of entropy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.stats.index.aggregating import weighted_mean
from touchstone.stats.index.arrays import Floats, ends_known
from touchstone.stats.index.choices import Weighting
from touchstone.stats.index.hierarchies import Hierarchy, with_weights

WEIGHTINGS: tuple[Weighting, ...] = get_args(Weighting)
FEWEST_UNITS = 3


@dataclass(frozen=True, eq=False, slots=True)
class PrincipalComponent:
    """The first principal component of some indicators: loadings of length 1, variance share."""

    loadings: Floats
    explained: float


def first_component(values: Floats, names: Sequence[str]) -> PrincipalComponent:
    """Find the first principal component of the correlations of an array [units, indicators].

    Loadings are the eigenvector of the greatest eigenvalue (Pearson 1901, Hotelling 1933), as
    `prcomp(scale. = TRUE)` of R gives it, with the sign that makes their sum positive. Units with
    a missing cell are left out. Collinear indicators do no harm: they share their loading.

    Raises INDEX-08 for fewer than 3 whole units, or an indicator without spread among them.

    >>> cells = np.array([[1.0, 2.0], [2.0, 4.0], [4.0, 8.0]])
    >>> found = first_component(cells, ["roads", "streets"])
    >>> found.loadings.round(4).tolist(), round(found.explained, 4)
    ([0.7071, 0.7071], 1.0)
    """
    whole = values[~np.isnan(values).any(axis=1)]
    if len(whole) < FEWEST_UNITS:
        _refuse(names, f"only {len(whole)} units have all of these indicators")
    low, high = ends_known(whole)
    if (low == high).any():
        constant = [name for name, flat in zip(names, low == high, strict=True) if flat]
        _refuse(constant, "all units that have all indicators have the same value")
    strengths, vectors = np.linalg.eigh(np.atleast_2d(np.corrcoef(whole, rowvar=False)))
    loadings = vectors[:, -1]
    # The sign of an eigenvector is arbitrary; a sum of 0 is settled by the first loading.
    is_turned = loadings.sum() < 0 or (loadings.sum() == 0 and loadings[0] < 0)
    explained = float(strengths[-1]) / len(names)
    return PrincipalComponent(-loadings if is_turned else loadings, explained)


def component_weights(values: Floats, names: Sequence[str], *, squared: bool) -> Floats:
    """Give weights that follow the first principal component; they sum to 1.

    With `squared` the squared loadings, the share of the component that each indicator makes up
    (OECD and JRC handbook, Nardo and others 2008, step 6); else the loadings themselves, scaled
    to sum to 1 (as COINr), which INDEX-08 refuses where one is negative: such an indicator would
    count against the good direction.

    >>> cells = np.array([[1.0, 2.0], [2.0, 4.0], [4.0, 8.0]])
    >>> component_weights(cells, ["roads", "streets"], squared=True).round(6).tolist()
    [0.5, 0.5]
    """
    loadings = first_component(values, names).loadings
    if squared:
        return loadings**2
    against = [name for name, loading in zip(names, loadings, strict=True) if loading < -1e-12]
    if against:
        _refuse(against, "it runs against the others: its loading is negative")
    upward = np.maximum(loadings, 0.0)
    return np.asarray(upward / upward.sum(), np.float64)


def entropy_weights(normalised: Floats, names: Sequence[str]) -> Floats:
    """Give more weight to indicators that tell units apart more; weights sum to 1.

    With the share p of each unit in an indicator's total, its entropy is e = −Σ p·ln p/ln n and
    its weight in proportion to 1 − e (Shannon 1948; Zeleny 1982). `normalised` is [units,
    indicators], 0 or more; units with a missing cell are left out. An indicator that is the same
    for all has weight 0.

    Raises INDEX-09 where no indicator tells units apart, or one has a value below 0.

    >>> cells = np.array([[0.0, 50.0], [100.0, 50.0]])
    >>> entropy_weights(cells, ["roads", "rain"]).round(6).tolist()
    [1.0, 0.0]
    """
    whole = normalised[~np.isnan(normalised).any(axis=1)]
    negative = np.asarray((whole < 0).any(axis=0))
    if negative.any():
        below = [name for name, is_below in zip(names, negative, strict=True) if is_below]
        raise _fault("INDEX-09", below, "a normalised value is below 0, of which no share is told")
    total = whole.sum(axis=0)
    shares = np.where(total > 0, whole / np.where(total > 0, total, 1.0), 0.0)
    logs = np.log(np.where(shares > 0, shares, 1.0))
    spread = 1 + (shares * logs).sum(axis=0) / np.log(max(len(whole), 2))
    low, high = ends_known(whole) if len(whole) else (total, total)
    spread = np.where(low == high, 0.0, np.maximum(spread, 0.0))
    if not spread.sum() > 0:
        raise _fault("INDEX-09", names, "none of these indicators tells units apart")
    return np.asarray(spread / spread.sum(), np.float64)


def weigh(normalised: Floats, hierarchy: Hierarchy, method: Weighting) -> Hierarchy:
    """Give the tree with the weights of a method, group by group from below.

    `given` leaves those of the hierarchy, `equal` gives siblings the same weight. `pca`
    (`component_weights`, squared), `pca_loadings` and `entropy` (`entropy_weights`) are found
    among the children of each group; the scores of groups below are their weighted arithmetic
    means. An only child has weight 1. Errors as there; ValueError for an unknown method.

    >>> from touchstone.stats.index.hierarchies import flat_hierarchy
    >>> weigh(np.zeros((2, 2)), flat_hierarchy(["a", "b"], [3, 1]), "equal").weights.tolist()
    [0.5, 0.5, 1.0]
    """
    if method not in WEIGHTINGS:
        raise ValueError(f"method must be one of {WEIGHTINGS}; got {method!r}")
    if method == "given":
        return hierarchy
    weights = np.ones(len(hierarchy.names))
    scores = np.empty((len(normalised), len(hierarchy.names)))
    scores[:, : hierarchy.indicator_count] = normalised
    for place in range(hierarchy.indicator_count, len(hierarchy.names)):
        inside = hierarchy.children(place)
        names = [hierarchy.names[child] for child in inside]
        if method != "equal" and len(inside) > 1:
            weights[inside] = _data_weights(scores[:, inside], names, method)
        scores[:, place] = weighted_mean(scores[:, inside], weights[inside], "arithmetic")
    return with_weights(hierarchy, weights)


def _data_weights(values: Floats, names: Sequence[str], method: Weighting) -> Floats:
    if method == "entropy":
        return entropy_weights(values, names)
    return component_weights(values, names, squared=method == "pca")


def _refuse(names: Sequence[str], found: str) -> None:
    raise _fault("INDEX-08", names, found)


def _fault(code: str, names: Sequence[str], found: str) -> TouchstoneError:
    return TouchstoneError(
        code,
        where=f"weights of {', '.join(map(repr, names))}",
        found=found,
        remedy="Take such indicators out, turn their direction, or state the weights.",
    )
