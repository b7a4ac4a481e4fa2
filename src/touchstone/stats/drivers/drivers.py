"""Drivers of an outcome: contributions with intervals, and shares of what is explained."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import linalg

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.drivers.contributions import (
    MOST_PREDICTORS,
    relative_weights,
    shapley_values,
)
from touchstone.stats.model_figures import logit_ends, model_estimate

Floats = npt.NDArray[np.float64]
Splitting = Literal["relative", "shapley"]
SPLITTINGS: dict[Splitting, Callable[[Floats], Floats]] = {
    "relative": relative_weights,
    "shapley": shapley_values,
}
METHODS = {"relative": "relative_weights", "shapley": "shapley"}
COLLINEAR = 1e-10
# A part of the variance this small, or as near to the whole, has no interval of a logit.
NOTHING = 1e-9
STEP = 1e-5
CHUNK = 8192


class Driver(NamedTuple):
    """One predictor: its contribution to R², its share of R², coefficient and correlation.

    `coefficient` is standardised: the change of the outcome in its standard deviations for one
    standard deviation of the predictor, the others held. Its sign is the direction.
    """

    name: str
    contribution: Outcome
    share: Outcome
    coefficient: float
    correlation: float


class Drivers(NamedTuple):
    """R² and the drivers in the order given; `left_out` rows lacked a value."""

    explained: Outcome
    drivers: tuple[Driver, ...]
    n: int
    left_out: int


def drivers_of(
    outcome: Floats,
    predictors: Floats,
    names: Sequence[str],
    *,
    splitting: Splitting = "relative",
    confidence: float = 0.95,
) -> Drivers | Withheld:
    """Tell how much of the variance of an outcome each predictor accounts for.

    `outcome` [rows], `predictors` [rows, predictors], NaN where a value is missing; such rows are
    left out. The linear regression's R² is split by `contributions.relative_weights` (Johnson
    2000) or `contributions.shapley_values` (Lindeman, Merenda and Gold 1980). Errors are by the
    delta method from the spread of the products of standardised values, so that no normality is
    taken for granted; intervals are symmetrical on the logit scale. They are too short for
    predictors that contribute next to nothing.

    Assumes independent rows and a linear relation. A contribution says what goes together with
    the outcome, not what moving the predictor would do.

    Withheld as `too_few_answers` or `all_answers_equal`; a figure as `nothing_contributed` or
    `everything_explained`. Raises TouchstoneError DRIVER-01 for a predictor that is the same in
    all rows, DRIVER-02 for one that the others tell, DRIVER-03 for more predictors than all
    orders of can be tried.

    >>> random = np.random.default_rng(1)
    >>> x = random.normal(size=(200, 2))
    >>> y = x @ np.array([1.0, 0.5]) + random.normal(size=200)
    >>> found = drivers_of(y, x, ["pay", "tools"])
    >>> [(one.name, round(float(one.share.value), 2)) for one in found.drivers]
    [('pay', 0.84), ('tools', 0.16)]
    """
    count = len(names)
    _refuse_too_many(count, splitting)
    table = np.column_stack([outcome, predictors])
    seen = np.logical_and.reduce(np.isfinite(table), axis=1)
    rows, left_out = table[seen], int((~seen).sum())
    if len(rows) < count + 2:
        return Withheld("too_few_answers", (("smallest", str(count + 2)),))
    scores = _standardised(rows, names)
    if isinstance(scores, Withheld):
        return scores
    correlations, split = scores.T @ scores / len(scores), SPLITTINGS[splitting]
    _refuse_collinear(correlations[1:, 1:], names)
    parts, spread = split(correlations), _spread(scores, correlations, split)
    told = _Told(len(rows), METHODS[splitting], confidence)
    coefficients = np.linalg.solve(correlations[1:, 1:], correlations[1:, 0])
    drivers = tuple(
        Driver(
            name,
            told.outcome(float(parts[place]), spread[place, place]),
            told.share(parts, spread, place),
            float(coefficients[place]),
            float(correlations[0, place + 1]),
        )
        for place, name in enumerate(names)
    )
    explained = told.outcome(float(parts.sum()), spread.sum())
    return Drivers(explained, drivers, len(rows), left_out)


class _Told(NamedTuple):
    n: int
    method: str
    confidence: float

    def outcome(self, value: float, variance: float) -> Outcome:
        """Give a part of a whole as a figure, with the error that its variance tells."""
        if value < NOTHING:
            return Withheld("nothing_contributed")
        if value > 1 - NOTHING:
            return Withheld("everything_explained")
        se = float(np.sqrt(max(variance, 0.0)))
        ends = logit_ends(value, se, confidence=self.confidence)
        return model_estimate(value, ends, n=self.n, method=self.method, se=se)

    def share(self, parts: Floats, spread: Floats, place: int) -> Outcome:
        """Give a contribution as a share of all of them."""
        total = float(parts.sum())
        if total < NOTHING:
            return Withheld("nothing_contributed")
        share = float(parts[place]) / total
        slopes = np.full(len(parts), -share / total)
        slopes[place] += 1 / total
        return self.outcome(share, float(slopes @ spread @ slopes))


def _standardised(rows: Floats, names: Sequence[str]) -> Floats | Withheld:
    apart = rows - rows.mean(axis=0)
    spread = np.sqrt((apart**2).mean(axis=0))
    constant = spread <= 1e-12 * np.abs(rows).max(axis=0)
    if constant[0]:
        return Withheld("all_answers_equal")
    if constant.any():
        raise TouchstoneError(
            "DRIVER-01",
            where=f"predictor {names[int(np.argmax(constant)) - 1]!r}",
            found="it is the same in all rows",
            remedy="Leave it out: what never differs explains nothing.",
        )
    scores: Floats = apart / spread
    return scores


def _spread(scores: Floats, correlations: Floats, split: Callable[[Floats], Floats]) -> Floats:
    """Give the covariances of the contributions [predictors, predictors] by the delta method.

    A row moves the correlation r of a and b by z_a·z_b − r·(z_a² + z_b²)/2, and with it each
    contribution by a sum of products of its values.
    """
    size = len(correlations)
    firsts, seconds = np.triu_indices(size)
    weights = np.zeros((len(firsts), size - 1))
    place_of = {
        pair: one for one, pair in enumerate(zip(firsts.tolist(), seconds.tolist(), strict=True))
    }
    for (a, b), place in place_of.items():
        if a != b:
            slopes = _slopes(correlations, (a, b), split)
            weights[place] += slopes
            for same in (place_of[a, a], place_of[b, b]):
                weights[same] -= slopes * correlations[a, b] / 2
    found = np.zeros((size - 1, size - 1))
    for start in range(0, len(scores), CHUNK):
        part = scores[start : start + CHUNK]
        moved = (part[:, firsts] * part[:, seconds]) @ weights
        found += moved.T @ moved
    return found / (len(scores) * (len(scores) - 1))


def _slopes(
    correlations: Floats, pair: tuple[int, int], split: Callable[[Floats], Floats]
) -> Floats:
    """Give how contributions change with one correlation."""
    ends = []
    for move in (STEP, -STEP):
        moved = correlations.copy()
        moved[pair] += move
        moved[pair[::-1]] += move
        ends.append(split(moved))
    slopes: Floats = (ends[0] - ends[1]) / (2 * STEP)
    return slopes


def _refuse_too_many(count: int, splitting: Splitting) -> None:
    if splitting == "shapley" and count > MOST_PREDICTORS:
        raise TouchstoneError(
            "DRIVER-03",
            where=f"{count} predictors",
            found=f"all orders of more than {MOST_PREDICTORS} cannot be tried",
            remedy="Choose fewer, or the relative weights.",
        )


def _refuse_collinear(correlations: Floats, names: Sequence[str]) -> None:
    _, triangle, order = linalg.qr(correlations, pivoting=True)
    lost = np.flatnonzero(np.abs(np.diagonal(triangle)) < COLLINEAR)
    if len(lost):
        raise TouchstoneError(
            "DRIVER-02",
            where=f"predictor {names[int(order[lost[0]])]!r}",
            found="the other predictors tell the same",
            remedy="Leave one of them out, or make one index of those that go together.",
        )
