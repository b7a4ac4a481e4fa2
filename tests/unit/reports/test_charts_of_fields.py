"""Pictures of importance and performance: fields, undecided planks, and names that stay apart."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.base.outcomes import Estimate, Withheld
from touchstone.reports.charts import FieldTitles, importance_performance
from touchstone.reports.charts.placed_names import HEIGHT, LINE_HEIGHT, set_apart
from touchstone.reports.drawings import draw_chart
from touchstone.reports.words import Words
from touchstone.stats.shortfalls.quadrants import Place

TITLES = FieldTitles("fields", "Performance", "Importance")
NO = Withheld("no_performance")


def above(value):
    """A figure that lies so far above its cut, with an interval of one on both sides."""
    middle = Decimal(value)
    return Estimate(middle, middle - 1, middle + 1, 8, "normal", Decimal("0.5"))


PLANKS = [
    ("pay", Place("pay", above(3), above(-4), "concentrate_here")),
    ("tools", Place("tools", above(2), above(5), "keep_up")),
    ("rooms", Place("rooms", above(-2), above("0.5"), "undecided")),
    ("post", Place("post", above(-3), NO, "undecided")),
]


def marks_of(chart):
    """The marks of planks: their look, and the names they stand for."""
    layers = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "point"]
    return {
        value["name"]: layer["mark"] for layer in layers for value in layer["data"]["values"]
    }  # fmt: skip


def test_an_undecided_plank_is_hollow_and_grey():
    """A field is told by shape, filling and the corner's name, never by colour alone."""
    marks = marks_of(importance_performance(TITLES, PLANKS, Words("en")))
    assert (marks["rooms"]["fill"], marks["tools"].get("fill")) == ("white", None)
    assert marks["pay"]["shape"] != marks["tools"]["shape"]
    assert len({mark["color"] for mark in marks.values()}) == 3


def test_a_plank_without_a_figure_is_in_the_table_alone():
    """It is not drawn, and its reason stands where its figure would be."""
    chart = importance_performance(TITLES, PLANKS, Words("en"))
    assert list(marks_of(chart)) == ["pay", "tools", "rooms"]
    assert chart.rows[0] == (
        "pay", "3.000 (2.000 to 4.000)", "−4.000 (−5.000 to −3.000)", "concentrate here",
    )  # fmt: skip
    assert chart.rows[3][2] == "There is no performance to hold against anything."


def test_what_is_seen_names_the_planks_of_each_field():
    """Fields without planks are not mentioned; a figureless plank is in none."""
    chart = importance_performance(TITLES, PLANKS, Words("en"))
    assert chart.seen == (
        "Important and weak, so to concentrate on: pay. Important and good: tools. "
        "Undecided: rooms."
    )


def test_a_picture_without_figures_is_empty():
    """Nothing to draw is said, not drawn."""
    chart = importance_performance(TITLES, PLANKS[3:], Words("en"))
    assert (chart.rows, chart.notes, chart.seen) == ((), (), "There is no figure to draw.")
    assert draw_chart(chart, language="en").wide == b""


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_a_picture_is_drawn_in_each_language(language):
    """Every text is there, and the corners bear the names of the fields."""
    words = Words(language)
    drawn = draw_chart(importance_performance(TITLES, PLANKS, words), language=language)
    for field in ("concentrate_here", "keep_up", "low_priority", "possible_overkill"):
        assert words.text(f"shortfalls.field.{field}") in drawn.wide.decode()
    assert drawn.narrow


@given(
    st.lists(
        st.tuples(st.text("ab環節", min_size=1, max_size=40), st.integers(0, 100)),
        min_size=1,
        max_size=8,
    )
)
def test_names_of_marks_that_stand_above_each_other_are_apart(planks):
    """Up to eight names of a column of marks never share a line of the picture."""
    values = [
        {"name": name, "performance": 0.0, "importance": float(place)} for name, place in planks
    ]
    spans = []
    for value in set_apart(values, [-1.0, 100.0], [-4.0, 104.0]):
        top = HEIGHT * (value["at"] + 4) / 108 + LINE_HEIGHT
        spans.append((top - LINE_HEIGHT * len(value["lines"]), top))
    spans.sort()
    assert all(below[1] <= above[0] + 1e-6 for below, above in pairwise(spans))


def test_a_name_keeps_off_the_middle_where_there_is_no_room():
    """Beside a mark at the right the name stands on its left."""
    values = [{"name": "opening hours", "performance": 95.0, "importance": 1.0}]
    (placed,) = set_apart(values, [0.0, 100.0], [0.0, 2.0])
    assert placed["is_right"]
