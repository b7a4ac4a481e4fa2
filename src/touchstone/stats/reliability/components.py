"""Variance components of designs with several facets, complete or with gaps."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.outcomes import Withheld

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
# Facets that together make an effect: ("ratee",), or ("ratee", "rater") for their interaction.
Effect = tuple[str, ...]
SMALLEST_SHARE = 1e-12
WORST_CONDITION = 1e12


class Components(NamedTuple):
    """Variance components and their large-sample covariance.

    `variances[i]`: of `effects[i]`, negative ones as they came out; the last is the rest, errors
    included. `levels`: how many levels of each effect occur. `complete`: no cell is missing.
    """

    effects: tuple[Effect, ...]
    variances: Floats
    covariance: Floats
    levels: tuple[int, ...]
    rows: int
    complete: bool


class Cells(NamedTuple):
    """The level of each rating in an effect, and how many ratings each level has."""

    codes: Codes
    counts: Floats


def variance_components(
    scores: Floats, facets: Mapping[str, Codes], effects: Sequence[Effect]
) -> Components | Withheld:
    """Split the variance of scores among random effects.

    Uses quadratic forms of the scores, as many as effects, set equal to what is expected of them
    (Henderson 1953, method 1; the "analogous ANOVA" of Brennan 2001, section 7.1). For a complete
    table that is the analysis of variance; with gaps it stays unbiased. The errors follow from
    mean squares with chi-squared distributions, exactly for complete tables of normal scores and
    approximately with gaps. The last effect holds the rest.

    `facets`: codes from 0, one for each score. Cost: a pass for each effect when the table is
    complete, else a pass for each pair of effects.

    Withheld as `all_answers_equal`, or `design_too_small` when the table does not tell the
    effects apart.

    >>> scores = np.array([1.0, 2, 3, 3, 5, 6, 7, 6])
    >>> facets = {"ratee": np.array([0, 0, 1, 1, 2, 2, 3, 3]), "rater": np.array([0, 1] * 4)}
    >>> found = variance_components(scores, facets, [("ratee",), ("rater",), ("ratee", "rater")])
    >>> found.variances.round(4).tolist()
    [5.0, -0.0833, 0.4583]
    """
    centred = scores - scores.mean() if len(scores) else scores
    if not len(scores) or float(centred @ centred) <= SMALLEST_SHARE * max(
        1.0, float(scores @ scores)
    ):
        return Withheld("all_answers_equal")
    cells = [_cells(facets, effect) for effect in effects]
    sizes = [len(one.counts) for one in cells]
    complete = _is_complete(facets, effects, sizes, rows=len(scores))
    table = _expected(facets, effects, cells, complete=complete)
    forms = [float((np.bincount(one.codes, centred) ** 2 / one.counts).sum()) for one in cells]
    if not np.isfinite(table).all() or np.linalg.cond(table) > WORST_CONDITION:
        return Withheld("design_too_small")
    variances = np.linalg.solve(table, np.array(forms))
    freedom = _freedom(effects, sizes, rows=len(scores))
    if min(freedom) < 1:
        return Withheld("design_too_small")
    covariance = _covariance(effects, variances, sizes, freedom, rows=len(scores))
    return Components(tuple(effects), variances, covariance, tuple(sizes), len(scores), complete)


def _cells(facets: Mapping[str, Codes], effect: Effect) -> Cells:
    """Number the combinations of facets that occur."""
    codes = np.zeros(1, np.int64)
    span = 1
    for name in effect:
        size = int(facets[name].max()) + 1
        codes = codes * size + facets[name]
        span *= size
    if span > 4 * len(codes):
        _, codes = np.unique(codes, return_inverse=True)
    counts = np.bincount(codes)
    if (counts == 0).any():
        place = np.cumsum(counts > 0) - 1
        codes, counts = place[codes], counts[counts > 0]
    return Cells(codes, counts.astype(np.float64))


def _is_complete(
    facets: Mapping[str, Codes], effects: Sequence[Effect], sizes: list[int], *, rows: int
) -> bool:
    """Say whether each effect has all combinations of its facets, and each as many ratings.

    A facet that stands in no effect alone is nested: its levels are those of the smallest effect
    that holds it, and complete when these have as many ratings each.
    """
    pairs = zip(effects, sizes, strict=True)
    alone = {effect[0]: size for effect, size in pairs if len(effect) == 1}
    if all(name in alone for name in facets):
        whole = int(np.prod([alone[name] for name in facets]))
        return rows == whole == sizes[-1]
    nested = next(name for name in facets if name not in alone)
    own = min((len(e), s) for e, s in zip(effects, sizes, strict=True) if nested in e)[1]
    others = [alone[name] for name in facets if name not in (nested, "ratee")]
    per_ratee = np.unique(np.bincount(facets["ratee"]))
    return len(per_ratee) == 1 and rows == own * int(np.prod(others)) == sizes[-1]


def _expected(
    facets: Mapping[str, Codes], effects: Sequence[Effect], cells: list[Cells], *, complete: bool
) -> Floats:
    """Give what each variance adds to each quadratic form, over what it adds to the mean's."""
    rows = len(cells[0].codes)
    own = [float(one.counts @ one.counts) / rows for one in cells]
    table = np.empty((len(effects), len(effects)))
    for i, form in enumerate(effects):
        for j, effect in enumerate(effects):
            if set(effect) <= set(form):
                found = float(rows)
            elif complete:
                joint = _joint_size(effects, cells, form, effect)
                found = rows * len(cells[i].counts) / joint
            else:
                joint_cells = _cells(facets, tuple(dict.fromkeys((*form, *effect))))
                within = np.empty(len(joint_cells.counts), np.int64)
                within[joint_cells.codes] = cells[i].codes
                found = float((joint_cells.counts**2 / cells[i].counts[within]).sum())
            table[i, j] = found - own[j]
    return table


def _joint_size(effects: Sequence[Effect], cells: list[Cells], form: Effect, effect: Effect) -> int:
    both = set(form) | set(effect)
    sizes = {frozenset(name): len(one.counts) for name, one in zip(effects, cells, strict=True)}
    if frozenset(both) in sizes:
        return sizes[frozenset(both)]
    return int(np.prod([sizes[frozenset([name])] for name in both]))


def _freedom(effects: Sequence[Effect], sizes: list[int], *, rows: int) -> list[float]:
    """Give the levels of each effect less the freedom of the effects within it, and the mean."""
    found: list[float] = []
    for place, effect in enumerate(effects):
        inside = [j for j in range(place) if set(effects[j]) < set(effect)]
        size = rows if place == len(effects) - 1 else sizes[place]
        found.append(size - 1 - sum(found[j] for j in inside))
    return found


def _covariance(
    effects: Sequence[Effect],
    variances: Floats,
    sizes: list[int],
    freedom: list[float],
    *,
    rows: int,
) -> Floats:
    """Give the covariance of components through independent mean squares, 2·MS²/(df + 2) each."""
    table = np.zeros((len(effects), len(effects)))
    for i, effect in enumerate(effects):
        for j, other in enumerate(effects):
            if set(effect) <= set(other):
                table[i, j] = rows / sizes[j]
    table[:, -1] = 1.0
    means = table @ variances
    spread = 2 * means**2 / (np.array(freedom) + 2)
    inverse = np.linalg.inv(table)
    found: Floats = inverse @ (spread[:, None] * inverse.T)
    return found


def ordered_effects(*effects: Effect) -> tuple[Effect, ...]:
    """Check that effects stand smaller before larger, and that the last is the largest.

    >>> ordered_effects(("ratee",), ("ratee", "rater"))
    (('ratee',), ('ratee', 'rater'))
    """
    if any(len(first) > len(second) for first, second in pairwise(effects)):
        raise ValueError(f"effects must be ordered by size; got {effects}")
    return effects
