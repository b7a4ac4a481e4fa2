"""Pictures of forecasts and of growth: what they draw, and what they say in words."""

from decimal import Decimal

import pytest

from touchstone.base.outcomes import Estimate, Withheld
from touchstone.content.texts import LANGUAGES
from touchstone.reports.charts import Ahead, FanTitles, forecast_fan, growth_parts
from touchstone.reports.drawings import draw_chart
from touchstone.reports.words import Words

TITLES = FanTitles("forecast-naive", "Talents", "no change")
PAST = [("2022", Decimal("60.5")), ("2023", Decimal("82.2"))]
PLAIN = Ahead("2024", Decimal(83), (Decimal(80), Decimal(86)), (Decimal(70), Decimal(96)))
ASKED = PLAIN._replace(chance=Decimal("0.2018"))
NEAR_ZERO = Withheld("growth_near_zero")


def fan(past=PAST, ahead=(ASKED,), *, bound=None, language="en"):
    """Draw a fan at 95 %."""
    of = Words(language)
    return forecast_fan(TITLES, past, ahead, of, confidence=Decimal("0.95"), bound=bound)


def marks(chart, kind):
    """Give the values of all marks of a kind, layer by layer."""
    layers = [one for one in chart.spec["layer"] if one["mark"]["type"] == kind]
    return [one["data"]["values"] for one in layers]


def part(value, low, high):
    """Make a contribution in percent."""
    return Estimate(Decimal(value), Decimal(low), Decimal(high), 9, "accounting")


def test_a_fan_opens_at_the_last_value_and_names_its_method():
    """Both intervals begin without width where the series ends."""
    chart = fan()
    outer, inner = marks(chart, "area")
    assert outer == inner
    assert {outer[0][end] for end in outer[0] if end != "period"} == {82.2}
    assert (outer[1]["outer_low"], outer[1]["inner_high"]) == (70.0, 86.0)
    assert chart.title == "Forecast of Talents: no change"
    assert "by the method “no change” is 83.00, with an interval from 70.00 to 96.00" in chart.seen
    assert chart.rows == (
        ("2022", "60.50", "–", "–", "–"),
        ("2023", "82.20", "–", "–", "–"),
        ("2024", "–", "83.00", "80.00 to 86.00", "70.00 to 96.00"),
    )
    assert chart.heads[3:] == ("50 % interval", "95 % interval")


def test_a_fan_tells_values_from_forecasts_by_more_than_colour():
    """The line ahead is dashed, and its points are hollow."""
    layers = fan().spec["layer"]
    lines = [one["mark"].get("strokeDash") for one in layers if one["mark"]["type"] == "line"]
    fills = [one["mark"].get("fill") for one in layers if one["mark"]["type"] == "point"]
    assert (lines, fills) == ([None, [5, 4]], [None, "white"])


def test_a_fan_shows_the_bound_that_was_asked_about():
    """With its probability in the last period; nothing of it where none was asked about."""
    chart = fan(bound=Decimal(90))
    assert marks(chart, "rule") == [[{"value": 90.0}]]
    assert "The probability that it is 90 or more in 2024 is 20.2 %." in chart.seen
    assert len(chart.notes) == 2
    assert marks(fan(), "rule") == []
    assert "probability" not in fan().seen


def test_a_fan_of_a_long_series_draws_its_end_and_says_so():
    """At most 120 values, without points, and ten names of periods."""
    long = [(f"{1800 + year}", Decimal(year % 7)) for year in range(150)]
    chart = fan(long)
    assert len(marks(chart, "line")[0]) == 120
    assert marks(chart, "point") == []
    axis = marks(chart, "line")[0][0]["period"]
    assert axis == "1830"
    assert chart.notes[-1] == "The last 120 of 150 values are drawn."
    labels = chart.spec["layer"][0]["encoding"]["x"]["axis"]["values"]
    assert len(labels) == 10
    assert chart.seen.startswith("Talents went from 0.00 in 1800")


def test_a_fan_without_a_forecast_is_empty():
    """Nothing to draw is said, not drawn."""
    chart = fan(ahead=())
    assert (chart.rows, chart.seen) == ((), "There is no forecast to draw.")
    assert draw_chart(chart, language="en").wide == b""


def test_growth_has_a_bar_and_an_interval_for_each_factor_and_a_dashed_one_for_the_rest():
    """A part below 0 goes to the left; all bars begin at 0."""
    factors = [("talent", part("26.7", "17.8", "35.6")), ("labour", part("-3", "-4", "-2"))]
    chart = growth_parts(factors, part("76.3", "60", "90"), Words("en"))
    own, rest = marks(chart, "bar")
    assert [(bar["zero"], bar["value"]) for bar in own] == [(0.0, 26.7), (0.0, -3.0)]
    assert [bar["name"] for bar in rest] == ["all else: 76.3 %"]
    dashes = [one["mark"].get("strokeDash") for one in chart.spec["layer"]
              if one["mark"]["type"] == "bar"]  # fmt: skip
    assert dashes == [None, [4, 3]]
    assert chart.rows[1] == ("labour", "−3.0", "−4.0", "−2.0")
    assert "talent 26.7 (17.8 to 35.6), labour −3.0" in chart.seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_growth_that_is_withheld_is_not_drawn(language):
    """Withheld parts are left out; without any there is no picture."""
    chart = growth_parts([("talent", NEAR_ZERO)], NEAR_ZERO, Words(language))
    assert chart.rows == ()
    assert draw_chart(chart, language=language).narrow == b""
    assert growth_parts([("a", NEAR_ZERO)], part("1", "0", "2"), Words(language)).rows
