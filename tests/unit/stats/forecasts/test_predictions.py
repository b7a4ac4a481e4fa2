"""Distributions of future values, and the scores they get."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from touchstone.stats.forecasts.predictions import (
    Prediction,
    brier_score,
    continuous_ranked_score,
    prediction_from,
)

QUANTILES = Prediction("quantiles", quantiles=((0.0, 1.0), (0.5, 2.0), (1.0, 4.0)))
ALL = [
    Prediction("normal", 3.0, 2.0),
    Prediction("t", 3.0, 2.0, 2.0),
    Prediction("t", 3.0, 2.0, 9.0),
    Prediction("log_t", 1.0, 0.3, 5.0),
    QUANTILES,
]


def score_by_integral(prediction, value):
    """Integrate the squared distance of the two distributions, as the definition reads."""

    def apart(place):
        below = 1 - prediction.probability_at_least(place)
        return (below - (place >= value)) ** 2

    parts = [(-2000.0, value), (value, 2000.0)]
    return sum(integrate.quad(apart, *part, limit=500, points=[0, 5])[0] for part in parts)


@pytest.mark.parametrize("value", [-1.0, 2.5, 3.0, 7.0])
@pytest.mark.parametrize("prediction", ALL[:3], ids=str)
def test_closed_forms_are_the_integral(prediction, value):
    """The score of normal and t distributions."""
    assert continuous_ranked_score(prediction, value) == pytest.approx(
        score_by_integral(prediction, value), rel=2e-3
    )


@pytest.mark.parametrize("value", [0.5, 1.5, 2.0, 3.9, 6.0])
def test_quantile_losses_come_near_the_integral(value):
    """Twice the mean loss over many levels."""
    found = continuous_ranked_score(QUANTILES, value)
    assert found == pytest.approx(score_by_integral(QUANTILES, value), rel=0.01)


@given(st.floats(0.01, 0.99), st.sampled_from(ALL))
@settings(deadline=None)
def test_a_quantile_is_reached_with_the_rest_of_its_probability(level, prediction):
    """Quantile and probability are inverse to each other."""
    value = prediction.quantile(level)
    assert prediction.probability_at_least(value) == pytest.approx(1 - level, abs=1e-9)


@pytest.mark.parametrize("prediction", ALL, ids=str)
def test_a_prediction_is_read_as_it_was_written(prediction):
    """Its record holds all of it."""
    assert prediction_from(prediction.as_record()) == prediction
    low, high = prediction.interval(0.9)
    assert low < prediction.median < high


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"family": "guess"},
        {"family": "normal", "centre": 1},
        {"family": "normal", "centre": 1, "scale": 0},
        {"family": "t", "centre": 1, "scale": 1},
        {"family": "quantiles", "quantiles": [[0.5, 1]]},
        {"family": "quantiles", "quantiles": [[0.1, 2], [0.9, 1]]},
        {"family": "quantiles", "quantiles": 3},
    ],
)
def test_a_record_that_is_no_prediction_is_refused(record):
    """Unknown family, missing or impossible figures."""
    with pytest.raises(ValueError, match=r"family|scale|freedom|quantiles"):
        prediction_from(record)


def test_a_log_t_never_lies_below_zero():
    """It is certain to be above 0."""
    assert ALL[3].probability_at_least(-1) == 1
    assert ALL[3].quantile(0.001) > 0


@pytest.mark.slow
def test_stating_what_one_believes_scores_best():
    """Both scores are proper: on average the true distribution does best."""
    values = np.random.default_rng(1).normal(0, 1, 2000)
    means = [
        np.mean([continuous_ranked_score(Prediction("normal", 0.0, scale), v) for v in values])
        for scale in (0.5, 1.0, 2.0)
    ]
    assert means[1] == min(means)
    happened = [True] * 7 + [False] * 3
    briers = [np.mean([brier_score(p, happened=one) for one in happened]) for p in (0.5, 0.7, 0.9)]
    assert briers[1] == min(briers)
