"""Pictures of means by wave and of effects by period: gaps, signs, and what stays untold."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.base.outcomes import Estimate, Withheld
from touchstone.reports.charts import SpanTitles, event_study, wave_means
from touchstone.reports.charts.looks import places_shown
from touchstone.reports.drawings import draw_chart
from touchstone.reports.words import Words

TITLES = SpanTitles("waves", "Means", "Score")
FEW = Withheld("too_few_rows", (("smallest", "10"),))
WORDS = Words("en")


def estimate(value, half="0.5"):
    """A figure with an interval so wide on both sides."""
    middle, apart = Decimal(value), Decimal(half)
    return Estimate(middle, middle - apart, middle + apart, 40, "linearised")


def values_of(chart, mark):
    """All values that marks of one kind draw."""
    layers = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == mark]
    return [value for layer in layers for value in layer["data"]["values"]]


def test_a_picture_of_waves_has_gaps_where_means_and_breaks_are():
    """A withheld wave and a break each begin another line; the withheld one has its reason."""
    means = [(str(year), estimate(60 + year % 7)) for year in range(2019, 2025)]
    means[2] = ("2021", FEW)
    chart = wave_means(TITLES, [("", means)], WORDS, breaks=["2023"])
    lines = {value["wave"]: value["line"] for value in values_of(chart, "line")}
    assert lines == {"2019": 0, "2020": 0, "2022": 1, "2023": 2, "2024": 2}
    assert [value["wave"] for value in values_of(chart, "text")] == ["2023"]
    assert chart.rows[2] == ("2021", "fewer rows than 10", "–", "–", "–")
    assert chart.seen == "The mean was 63.00 in 2019 and 61.00 in 2024."
    assert "breaks" in chart.notes[-1]


def test_a_picture_of_several_series_tells_them_by_shape_and_dash():
    """No colour stands alone, and the legend names each sign."""
    series = [(name, [("1", estimate(3)), ("2", estimate(4))]) for name in "abcdef"]
    chart = wave_means(TITLES, series, WORDS)
    marks = [layer["mark"] for layer in chart.spec["layer"]]
    shapes = [mark["shape"] for mark in marks if mark["type"] == "point"]
    dashes = [tuple(mark["strokeDash"]) for mark in marks if mark["type"] == "line"]
    assert len(set(shapes)) == len(set(dashes)) == 6
    assert chart.notes[0] == "● a, ■ b, ▲ c, ◆ d, ▼ e, ✚ f"
    assert chart.heads[0] == "Series"
    with pytest.raises(ValueError, match="at most 6"):
        wave_means(TITLES, [*series, ("g", [])], WORDS)


def test_a_picture_of_waves_without_means_is_empty():
    """Nothing to draw is said, not drawn."""
    chart = wave_means(TITLES, [("", [("1", FEW)])], WORDS)
    assert (chart.rows, chart.notes, chart.seen) == ((), (), "There is no figure to draw.")
    assert draw_chart(chart, language="en").wide == b""
    half = wave_means(TITLES, [("a", [("1", FEW)]), ("b", [("1", estimate(3))])], WORDS)
    assert half.seen == "b: the mean was 3.000 in 1."
    alone = wave_means(TITLES, [("", [("1", estimate(3))])], WORDS)
    assert alone.seen == "The mean was 3.000 in 1."


STEPS = [(-3, estimate("0.1")), (-2, estimate("0.7")), (0, FEW), (1, estimate(2))]


def test_an_event_study_marks_what_was_before_and_what_came_with_the_action():
    """Hollow before, full after, a cross at the period that all are held against."""
    chart = event_study(TITLES, STEPS, WORDS)
    points = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "point"]
    drawn = [[value["step"] for value in layer["data"]["values"]] for layer in points]
    assert drawn == [[-3, -2], [1], [-1]]
    assert points[0]["mark"]["fill"] == "white"
    assert {value["text"] for value in values_of(chart, "text")} == {"before", "with the action"}
    assert values_of(chart, "rect") == [{"step": -3.5, "end": -0.5}]
    assert chart.rows[2] == ("0", "fewer rows than 10", "–", "–", "–")
    assert chart.seen == (
        "In the period 1 from the start the effect was 2.000 (1.500 to 2.500). "
        "Of 2 periods before, 1 leaves out 0; where both groups go alike, few do."
    )


def test_an_event_study_says_first_and_last_effect():
    """Two sentences for the action, one for what was before."""
    steps = [(-2, estimate("0.1")), (0, estimate(1)), (1, estimate(2)), (2, estimate(3))]
    assert event_study(TITLES, steps, WORDS).seen == (
        "In the period 0 from the start the effect was 1.000 (0.500 to 1.500). "
        "In the last one, 2, it was 3.000 (2.500 to 3.500). "
        "Of 1 period before, none leaves out 0."
    )


@pytest.mark.parametrize("steps", [[], [(-2, FEW), (0, FEW)]])
def test_an_event_study_without_figures_is_empty(steps):
    """Nothing to draw is said, not drawn."""
    chart = event_study(TITLES, steps, WORDS)
    assert (chart.rows, chart.notes, chart.seen) == ((), (), "There is no figure to draw.")


def test_an_event_study_of_many_periods_marks_some_of_them():
    """Their numbers would run into each other."""
    steps = [(step, estimate(step)) for step in range(-30, 30) if step != -1]
    chart = event_study(TITLES, steps, WORDS)
    axis = next(layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "point")
    marked = axis["encoding"]["x"]["axis"]["values"]
    assert len(marked) <= 13
    assert 0 in marked


@given(st.lists(st.decimals(-(10**6), 10**6, allow_nan=False, places=4), min_size=1))
def test_figures_are_told_with_four_digits_or_more(figures):
    """The largest of them keeps its first four digits, unless it is very small."""
    places = places_shown(figures)
    largest = max(map(abs, figures))
    assert 0 <= places <= 6
    assert abs(round(largest, places) - largest) <= largest / 1000
