"""Sixth step of an index: weights that people give, by comparing in pairs or sharing a budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.stats.index.arrays import Floats

# Mean consistency index of random matrices of 1, 2, … rows (Saaty 1980).
RANDOM_INDEX = (
    0.0,
    0.0,
    0.58,
    0.90,
    1.12,
    1.24,
    1.32,
    1.41,
    1.45,
    1.49,
    1.51,
    1.48,
    1.56,
    1.57,
    1.59,
)
HIGHEST_RATIO = 0.1
WHOLE_BUDGET = 100.0


@dataclass(frozen=True, eq=False, slots=True)
class PairwiseWeights:
    """Weights from pairwise comparisons, summing to 1, and how well these agree with each other.

    `consistency_ratio` is 0 when every comparison follows from the others.
    """

    weights: Floats
    greatest_eigenvalue: float
    consistency_ratio: float


def weights_by_pairs(
    comparisons: Floats, *, where: str, highest_ratio: float = HIGHEST_RATIO
) -> PairwiseWeights:
    """Derive weights from how much more important each thing is than each other one.

    `comparisons[i, j]` says how many times as important i is as j, 1/9 to 9, with 1 on the
    diagonal and reciprocals across it. The weights are the principal eigenvector; with n things
    and the greatest eigenvalue λ the consistency ratio is (λ − n)/(n − 1) over the mean of random
    matrices (analytic hierarchy process, Saaty 1980). Matrices of up to 15 things.

    Raises INDEX-05 for a matrix that is not of this form, INDEX-06 when the ratio is above
    `highest_ratio`: who compares like this has not weighed, but guessed.

    >>> judged = np.array([[1.0, 3.0, 5.0], [1 / 3, 1.0, 3.0], [1 / 5, 1 / 3, 1.0]])
    >>> found = weights_by_pairs(judged, where="experts")
    >>> found.weights.round(4).tolist(), round(found.consistency_ratio, 4)
    ([0.637, 0.2583, 0.1047], 0.0332)
    """
    _check_matrix(comparisons, where)
    count = len(comparisons)
    values, vectors = np.linalg.eig(comparisons)
    greatest = int(np.argmax(values.real))
    weights = np.abs(vectors[:, greatest].real)
    eigenvalue = float(values[greatest].real)
    index = max(0.0, (eigenvalue - count) / (count - 1)) if count > 1 else 0.0
    usual = RANDOM_INDEX[count - 1]
    ratio = index / usual if usual else 0.0
    if ratio > highest_ratio:
        raise TouchstoneError(
            "INDEX-06",
            where=where,
            found=f"the comparisons contradict each other: consistency ratio {ratio:.3f}",
            remedy=f"Compare again so that it is at most {highest_ratio}, or state that a higher "
            "one is accepted.",
        )
    return PairwiseWeights(weights / weights.sum(), eigenvalue, ratio)


def matrix_of_pairs(
    names: Sequence[str], pairs: Mapping[tuple[str, str], float], *, where: str
) -> Floats:
    """Make the matrix of comparisons from one statement for each pair; the other way round follows.

    `pairs[a, b]` says how many times as important a is as b. Raises INDEX-05 for a pair that is
    missing, stated twice, or of a thing that is not there.

    >>> matrix_of_pairs(["a", "b"], {("a", "b"): 4.0}, where="experts").tolist()
    [[1.0, 4.0], [0.25, 1.0]]
    """
    place = {name: number for number, name in enumerate(names)}
    matrix = np.eye(len(names))
    for (more, less), times in pairs.items():
        if more not in place or less not in place or more == less or not times > 0:
            raise _malformed(where, f"the comparison of '{more}' with '{less}' by {times:g}")
        if matrix[place[more], place[less]]:
            raise _malformed(where, f"'{more}' and '{less}' are compared twice")
        matrix[place[more], place[less]] = times
        matrix[place[less], place[more]] = 1 / times
    if not matrix.all():
        one, other = np.argwhere(matrix == 0)[0]
        raise _malformed(where, f"'{names[one]}' and '{names[other]}' are not compared")
    return matrix


def weights_by_budget(
    budgets: Sequence[Mapping[str, float]], names: Sequence[str], *, where: str
) -> Floats:
    """Average how several experts share out 100 points among some things; weights sum to 1.

    Each expert counts the same. Raises INDEX-07 for an expert whose points do not sum to 100, are
    negative or go to something else, or when there is no expert.

    Source: budget allocation, OECD and JRC handbook (Nardo and others 2008), step 6.

    >>> told = [{"roads": 60, "schools": 40}, {"roads": 20, "schools": 80}]
    >>> weights_by_budget(told, ["roads", "schools"], where="experts").tolist()
    [0.4, 0.6]
    """
    for number, budget in enumerate(budgets, start=1):
        total = sum(budget.values())
        is_whole = abs(total - WHOLE_BUDGET) < 1e-9
        if not is_whole or set(budget) - set(names) or min(budget.values()) < 0:
            raise TouchstoneError(
                "INDEX-07",
                where=f"{where}, expert no. {number}",
                found=f"the points {dict(budget)} sum to {total:g}",
                remedy=f"Share exactly 100 points out among: {', '.join(names)}.",
            )
    if not budgets:
        raise TouchstoneError(
            "INDEX-07", where=where, found="there is no expert", remedy="Add at least one budget."
        )
    given = np.array([[float(budget.get(name, 0.0)) for name in names] for budget in budgets])
    return np.asarray(given.mean(axis=0) / WHOLE_BUDGET, np.float64)


def _check_matrix(comparisons: Floats, where: str) -> None:
    count = len(comparisons)
    if comparisons.shape != (count, count) or not 1 <= count <= len(RANDOM_INDEX):
        raise _malformed(where, f"an array of shape {comparisons.shape}")
    if not (comparisons > 0).all() or not np.isfinite(comparisons).all():
        raise _malformed(where, "a comparison that is not above 0")
    if not np.allclose(comparisons * comparisons.T, 1.0, rtol=1e-6, atol=0):
        raise _malformed(where, "comparisons that are not each other's reciprocals")


def _malformed(where: str, found: str) -> TouchstoneError:
    return TouchstoneError(
        "INDEX-05",
        where=where,
        found=found,
        remedy="Compare every two of at most 15 things once, by a number from 1/9 to 9.",
    )
