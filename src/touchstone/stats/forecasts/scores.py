"""Kept forecasts scored when the values are there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.forecasts.predictions import brier_score, continuous_ranked_score
from touchstone.stats.forecasts.records import KeptForecast
from touchstone.stats.intervals import wilson_interval
from touchstone.stats.model_figures import model_estimate, two_sided_t


@dataclass(frozen=True, slots=True)
class Score:
    """One forecast and what came.

    `ranked_score`: CRPS, in the value's unit; `scaled_error`: absolute error of the median over
    the mean change of the series known then, None where it never changed; `inside`: whether the
    interval held the value; `brier`: of the event, None when none was asked for.
    """

    forecast: KeptForecast
    value: float
    ranked_score: float
    scaled_error: float | None
    inside: bool
    brier: float | None


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """The scores of one series and method at one horizon, as means with intervals."""

    series: str
    method: str
    horizon: int
    ranked_score: Outcome
    scaled_error: Outcome
    covered: Outcome
    brier: Outcome


def score_forecasts(
    forecasts: Iterable[KeptForecast],
    values: Mapping[tuple[str, str], float],
    *,
    confidence: float = 0.95,
) -> list[Score]:
    """Score the forecasts whose value is there; `values` are by series and period.

    Proper scores (Gneiting and Raftery 2007): whoever states what they believe does best.

    >>> from touchstone.stats.forecasts.predictions import Prediction
    >>> kept = KeptForecast("y", "ses", "2003", "2004", 1, Prediction("normal", 5.0, 1.0), 2.0, "")
    >>> (score,) = score_forecasts([kept], {("y", "2004"): 6.0})
    >>> round(score.ranked_score, 4), score.scaled_error, score.inside
    (0.6024, 0.5, True)
    """
    return [
        _score(one, values[one.series, one.target], confidence)
        for one in forecasts
        if (one.series, one.target) in values
    ]


def summarise_scores(scores: Sequence[Score], *, confidence: float = 0.95) -> list[ScoreSummary]:
    """Give mean scores by series, method and horizon.

    Means have Student's t interval over forecasts taken as independent, which those of one
    series are not quite; the share covered has Wilson's. Withheld as `too_few_scored` where one
    score, or none, is there, and `all_scores_equal`.
    """
    groups: dict[tuple[str, str, int], list[Score]] = {}
    for score in scores:
        one = score.forecast
        groups.setdefault((one.series, one.method, one.horizon), []).append(score)
    return [
        ScoreSummary(
            *key,
            _mean([one.ranked_score for one in group], confidence),
            _mean([one.scaled_error for one in group if one.scaled_error is not None], confidence),
            _share([one.inside for one in group], confidence),
            _mean([one.brier for one in group if one.brier is not None], confidence),
        )
        for key, group in sorted(groups.items())
    ]


def _score(forecast: KeptForecast, value: float, confidence: float) -> Score:
    low, high = forecast.prediction.interval(confidence)
    error = abs(value - forecast.prediction.median)
    brier = None
    if forecast.bound is not None and forecast.probability is not None:
        brier = brier_score(forecast.probability, happened=value >= forecast.bound)
    return Score(
        forecast,
        value,
        continuous_ranked_score(forecast.prediction, value),
        error / forecast.naive if forecast.naive > 0 else None,
        low <= value <= high,
        brier,
    )


def _mean(figures: Sequence[float], confidence: float) -> Outcome:
    if len(figures) < 2:
        return Withheld("too_few_scored")
    mean, spread = float(np.mean(figures)), float(np.std(figures, ddof=1))
    if spread <= 1e-12 * abs(mean):
        return Withheld("all_scores_equal")
    se = spread / float(np.sqrt(len(figures)))
    half = two_sided_t(confidence, len(figures) - 1) * se
    return model_estimate(
        mean, (mean - half, mean + half), n=len(figures), method="t", se=se,
        degrees_of_freedom=len(figures) - 1,
    )  # fmt: skip


def _share(flags: Sequence[bool], confidence: float) -> Outcome:
    n = Decimal(len(flags))
    # A flag of NumPy counts as one as well.
    share = Decimal(sum(map(int, flags))) / n
    low, high = wilson_interval(share, n, confidence=Decimal(str(confidence)))
    return model_estimate(float(share), (float(low), float(high)), n=len(flags), method="wilson")
