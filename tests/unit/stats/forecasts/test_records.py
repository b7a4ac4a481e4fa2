"""Forecasts are kept as they were issued, and scored when the values are there."""

import json

import numpy as np
import pytest

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.stats.forecasts.predictions import Prediction
from touchstone.stats.forecasts.records import KeptForecast, read_forecasts, write_forecasts
from touchstone.stats.forecasts.scores import score_forecasts, summarise_scores


def kept(target="2004", *, centre=5.0, probability=None):
    """Make a forecast of one step."""
    bound = None if probability is None else 6.0
    prediction = Prediction("t", centre, 1.0, 4.0)
    issued = str(int(target) - 1)
    return KeptForecast("y", "ses", issued, target, 1, prediction, 2.0, "e", bound, probability)


def test_forecasts_are_read_as_they_were_written():
    """With and without an event."""
    every = [kept(), kept("2005", probability=0.25)]
    assert read_forecasts(write_forecasts(every), where="kept.jsonl") == every


@pytest.mark.parametrize(
    ("name", "value"), [("issued", "2002"), ("naive", 3.0), ("event", {"at_least": 1})]
)
def test_a_forecast_that_was_bettered_afterwards_is_refused(name, value):
    """Whatever was changed, the hash tells the line."""
    record = json.loads(write_forecasts([kept()]))
    record[name] = value
    content = write_forecasts([kept()]) + json.dumps(record).encode()
    with pytest.raises(TouchstoneError, match=r"line 2.*FORECAST-04"):
        read_forecasts(content, where="kept.jsonl")


@pytest.mark.parametrize(
    "line", ["nonsense", "[]", "{}", '{"hash":"x","kind":"other"}', '{"hash":"","kind":null}']
)
def test_a_line_that_is_no_forecast_is_refused(line):
    """It names the line."""
    with pytest.raises(TouchstoneError, match=r"line 1.*FORECAST-03"):
        read_forecasts(line.encode(), where="kept.jsonl")


def published(*kept):
    """Write analyses as a results folder or `touchstone analyse --json` has them."""
    forecast = {
        "analysis": "waiting",
        "kind": "forecast",
        "kept": [one.as_record() for one in kept],
    }
    return json.dumps(
        {"analyses": [{"analysis": "scale", "kind": "reliability"}, forecast]}
    ).encode()


def test_published_forecasts_are_read_out_of_analyses():
    """Other analyses beside them are passed over; the record of one series alone is read, too."""
    every = [kept(), kept("2005", probability=0.25)]
    assert read_forecasts(published(*every), where="analyses.json") == every
    alone = json.dumps({"series": "y", "kept": [every[0].as_record()]}, indent=2).encode()
    assert read_forecasts(alone, where="said.json") == every[:1]


def test_a_published_forecast_that_was_bettered_afterwards_is_refused():
    """The place names the analysis and the forecast within it."""
    content = published(kept(), kept("2005")).replace(b'"centre": 5.0', b'"centre": 5.5', 1)
    with pytest.raises(TouchstoneError, match=r"waiting, forecast 1.*FORECAST-04"):
        read_forecasts(content, where="analyses.json")


@pytest.mark.parametrize("content", [b'{"analyses": []}', b'{"analyses": 3}', published()])
def test_analyses_without_a_forecast_are_told(content):
    """Nothing to score is no empty table of scores."""
    with pytest.raises(TouchstoneError, match="FORECAST-07"):
        read_forecasts(content, where="analyses.json")


def test_a_forecast_of_huge_values_is_read_as_it_was_written():
    """Canonical JSON has no whole numbers beyond 2^53, but numbers of any size."""
    every = [kept(centre=1e17)]
    assert read_forecasts(write_forecasts(every), where="kept.jsonl") == every


def test_forecasts_without_a_value_wait():
    """Only what came is scored."""
    scores = score_forecasts([kept(), kept("2005")], {("y", "2004"): 7.0, ("z", "2005"): 1.0})
    assert [(one.forecast.target, one.value, one.scaled_error) for one in scores] == [
        ("2004", 7.0, 1.0)
    ]
    assert scores[0].brier is None


def test_scores_are_summarised_with_their_intervals():
    """Means with t intervals, the share covered with Wilson's, a reason where one is too few."""
    every = [kept(str(year), centre=float(year % 3), probability=0.2) for year in range(2001, 2007)]
    values = {("y", str(year)): float(year % 4) for year in range(2001, 2007)}
    (found,) = summarise_scores(score_forecasts(every, values))
    assert (found.series, found.method, found.horizon) == ("y", "ses", 1)
    assert found.ranked_score.low < found.ranked_score.value < found.ranked_score.high
    assert (found.covered.method, found.covered.n) == ("wilson", 6)
    # Every value stays below the bound: each event has the same score.
    assert found.brier == Withheld("all_scores_equal")
    (one,) = summarise_scores(score_forecasts(every[:1], values))
    assert one.ranked_score == Withheld("too_few_scored")
    assert summarise_scores([]) == []


def test_scores_are_summarised_when_values_are_numpy_figures():
    """Values straight from an array give the figures that plain numbers give."""
    every = [kept(str(year), centre=float(year % 3)) for year in range(2001, 2007)]
    plain = {("y", str(year)): float(year % 4) for year in range(2001, 2007)}
    figures = {key: np.float64(value) for key, value in plain.items()}
    found = summarise_scores(score_forecasts(every, figures))
    assert found[0].covered == summarise_scores(score_forecasts(every, plain))[0].covered
