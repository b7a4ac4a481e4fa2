"""Pictures: what they draw, what they say in words, and what they never show."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.reports.cases import SCHEME, TEXTS, area, part, unit

from touchstone.base.outcomes import Estimate, Withheld
from touchstone.content.texts import LANGUAGES
from touchstone.reports.charts import (
    Ahead,
    Chart,
    FanTitles,
    SpanTitles,
    areas,
    caterpillar,
    distribution,
    event_study,
    forecast_fan,
    growth_parts,
    history,
    outcome_spans,
    peers,
    waterfall,
    wave_means,
)
from touchstone.reports.charts.looks import LABEL_LINE, thinned, wrapped
from touchstone.reports.drawings import NARROW, draw_chart, draw_svg, drawing_probe, framed_svg
from touchstone.reports.words import Words

CONFIDENCE = Decimal("0.95")
DRIVERS = (
    ("pay", Estimate(Decimal("0.5"), Decimal("0.4"), Decimal("0.6"), 90, "relative_weights")),
    ("tools", Withheld("too_few_answers", (("smallest", "9"),))),
)
WAVES = [
    (name, [(year, DRIVERS[0][1]) for year in ("2022", "2023", "2024")]) for name in ("a", "b")
]
STEPS = [(step, DRIVERS[0][1]) for step in (-2, 0, 1)]
PAST = [("2022", Decimal(60)), ("2023", Decimal(70))]
AHEAD = [Ahead("2024", Decimal(70), (Decimal(65), Decimal(75)), (Decimal(50), Decimal(90)))]
UNITS = (
    unit("a", "91.5", grade="good"),
    unit("b", "81.0", grade=None, status="undecided"),
    unit("c", "62.0"),
    unit("d", None),
)


def words(language="en"):
    return Words(language, TEXTS)


def all_charts(language="en"):
    of = words(language)
    means = [area("north", "62.5"), area("south", "60.0", n=3, width=None)]
    parts = (part("service", "70.0"), part("inspection", "-8.0"), part("service", None))
    return (
        caterpillar(UNITS, SCHEME, of),
        distribution(UNITS, SCHEME, of),
        areas(means, of, confidence=CONFIDENCE),
        waterfall(unit("a", "62.0", parts=parts), of),
        peers(UNITS[0], [Decimal("91.5"), Decimal(81), Decimal(62)], of),
        outcome_spans(SpanTitles("drivers", "Drivers", "Percent"), DRIVERS, of, times=100),
        wave_means(SpanTitles("waves", "Means", "Score"), WAVES, of, breaks=["2024"]),
        event_study(SpanTitles("event", "Effect", "Score"), STEPS, of),
        history("Town a", [("1999", Decimal(5)), ("2000", None), ("2001", Decimal(7))], of),
        forecast_fan(FanTitles("fan", "Talents", "naive"), PAST, AHEAD, of, confidence=CONFIDENCE),
        growth_parts(DRIVERS, DRIVERS[0][1], of),
    )


def layers_of(chart, mark):
    return [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == mark]


def values_of(chart, mark):
    return [value for layer in layers_of(chart, mark) for value in layer["data"]["values"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_draws_as_svg_and_says_what_is_seen(language):
    """Every chart has a picture, a sentence, and a table with as many cells as heads."""
    for chart in all_charts(language):
        drawn = draw_chart(chart, language=language)
        assert drawn.wide.startswith(b"<svg")
        assert drawn.narrow.startswith(b"<svg")
        assert b"NaN" not in drawn.wide
        assert chart.seen
        assert chart.title
        assert {len(row) for row in chart.rows} == {len(chart.heads)}


def test_a_chart_is_as_wide_as_its_place_in_a_page():
    """The same specification serves the page, a phone and a file."""
    for chart in all_charts():
        assert chart.spec["width"] == "container"
        assert f'width="{NARROW}"'.encode() in draw_svg(chart.spec, width=NARROW)[:300]


def test_a_chart_is_plain_data_without_addresses():
    """A specification fetches nothing and can be sent as JSON."""
    for chart in all_charts():
        text = json.dumps(chart.spec, allow_nan=False)
        assert '"url"' not in text
        assert '"signal"' not in text


@pytest.mark.slow
def test_a_drawing_has_the_same_bytes_when_it_is_drawn_again():
    """Pictures can be compared byte by byte."""
    for chart in all_charts():
        assert draw_svg(chart.spec) == draw_svg(chart.spec)
    assert drawing_probe("en") == drawing_probe.__wrapped__("en")


def test_a_framed_picture_stands_alone_and_escapes_its_texts():
    """A file of its own has title, notes and description, whatever signs are in them."""
    plain = all_charts()[2]
    chart = Chart("x", "A & <b>", plain.spec, "seen <i>", plain.heads, plain.rows, ("note <u>",))
    svg = framed_svg(draw_chart(chart, language="en"), language="en").decode()
    assert "<title>A &amp; &lt;b&gt;</title>" in svg
    assert "<desc>seen &lt;i&gt;</desc>" in svg
    assert "note &lt;u&gt;" in svg
    assert svg.count("<svg ") == svg.count("</svg>") == 2


def test_a_caterpillar_tells_undecided_units_by_their_shape():
    """Undecided points are hollow and explained, never told by colour alone."""
    chart = caterpillar(UNITS, SCHEME, words())
    graded, undecided = layers_of(chart, "point")
    assert [value["place"] for value in graded["data"]["values"]] == [1, 3]
    assert [value["place"] for value in undecided["data"]["values"]] == [2]
    assert undecided["mark"]["fill"] == "white"
    assert "○ undecided" in chart.notes[0]


def test_a_caterpillar_thins_thousands_of_units_and_says_so():
    """At most 400 are drawn, evenly spaced, the first and the last among them."""
    units = [unit(f"{n:04}", str(n)) for n in range(1000)]
    chart = caterpillar(units, SCHEME, words())
    places = [value["place"] for value in values_of(chart, "point")]
    assert len(places) == len(chart.rows) == 400
    assert (places[0], places[-1]) == (1, 1000)
    assert set(map(int.__sub__, places[1:], places)) == {2, 3}
    assert chart.notes == (
        "400 of 1,000 towns are drawn, evenly spaced; the first and the last are among them.",
    )


def test_a_caterpillar_names_units_only_when_asked():
    """Persons are not named in a picture or the table behind it."""
    assert "Town a" not in json.dumps(caterpillar(UNITS, SCHEME, words()).spec)
    assert "Town a" not in str(caterpillar(UNITS, SCHEME, words()).rows)
    assert "Town a" in str(caterpillar(UNITS, SCHEME, words(), named=True).rows)


def test_a_caterpillar_counts_intervals_that_hold_the_middle_score():
    """The sentence says how many units the evidence cannot tell from the middle one."""
    units = [unit("a", "50"), unit("b", "49"), unit("c", "10")]
    seen = caterpillar(units, SCHEME, words()).seen
    assert "The intervals of 2 towns (66.7 %)" in seen


def test_a_caterpillar_of_facts_has_no_intervals():
    """Register facts have no width, and the axis says so."""
    facts = [unit(name, "5", low=Decimal(5), high=Decimal(5)) for name in "ab"]
    chart = caterpillar(facts, SCHEME, words())
    assert all("low" not in layer["encoding"].get("y", {}) for layer in layers_of(chart, "rule"))
    assert chart.seen.endswith("All scores are register facts without an interval.")


def test_a_caterpillar_without_scores_is_empty():
    """Nothing to draw is said, not drawn."""
    chart = caterpillar([unit("a", None)], SCHEME, words())
    assert chart.rows == ()
    assert draw_chart(chart, language="en").wide == b""
    assert chart.seen == "No town has a score."


def test_a_distribution_lists_the_best_grade_first_and_every_grade():
    """A grade that nobody has is shown as 0."""
    chart = distribution(UNITS, SCHEME, words())
    assert [row[:2] for row in chart.rows] == [
        ("Good", "1"),
        ("Fair", "1"),
        ("Poor", "0"),
        ("undecided", "1"),
        ("withheld", "1"),
    ]
    looks = [layer["mark"].get("strokeDash") for layer in layers_of(chart, "bar")]
    assert looks == [None, [4, 3], [1, 3]]


def test_a_chart_of_areas_names_the_superpopulation_on_its_axis():
    """The interval says what it is; an area with too few units has an open square."""
    chart = areas(
        [area("north", "62.5"), area("south", "60.0", n=3, width=None)],
        words(),
        confidence=CONFIDENCE,
    )
    assert "superpopulation" in json.dumps(chart.spec)
    disc, square = layers_of(chart, "point")
    assert (disc["mark"]["shape"], square["mark"]["shape"]) == ("circle", "square")
    assert chart.rows[1][3] == "Fewer than 5 towns, so no interval is given."


def test_a_chart_of_many_areas_stands_in_order_of_place():
    """More than 60 names have no room; areas are then told by their place."""
    many = [area(f"{n:03}", str(n)) for n in range(61)]
    chart = areas(many, words(), confidence=CONFIDENCE)
    assert layers_of(chart, "point")[0]["encoding"]["x"]["field"] == "place"
    few = areas(many[:60], words(), confidence=CONFIDENCE)
    assert layers_of(few, "point")[0]["encoding"]["y"]["field"] == "name"


def test_a_chart_of_areas_keeps_areas_of_one_name_apart():
    """Two districts with the same name have a row each."""
    twins = [area("same", "5"), area("same", "7")]
    chart = areas(twins, words(), confidence=CONFIDENCE)
    assert len({value["name"] for value in values_of(chart, "point")}) == 2


def test_a_waterfall_stacks_the_points_up_to_the_score():
    """Each bar begins where the one before it ended; the last one is the score."""
    parts = (part("service", "70.0"), part("inspection", "-8.0"))
    chart = waterfall(unit("a", "62.0", parts=parts), words())
    bars = values_of(chart, "bar")
    assert sorted((bar["from"], bar["to"]) for bar in bars) == [(0, 62), (0, 70), (70, 62)]
    assert layers_of(chart, "bar")[1]["mark"]["strokeDash"]
    assert chart.seen == "Town a has a score of 62.0: Service +70.0, Inspection −8.0."


def test_a_waterfall_says_why_there_is_no_score():
    """A withheld unit has a reason in place of bars."""
    chart = waterfall(unit("a", None, parts=(part("service", None),)), words())
    assert chart.seen.startswith("Town a has no score: ")
    assert chart.rows[0][-1] == "no points"


def test_a_chart_of_peers_shows_places_and_no_names():
    """Peers are dots; only the unit itself is named."""
    chart = peers(UNITS[0], [Decimal("91.5"), Decimal(81), Decimal(62)], words())
    band = values_of(chart, "rect")
    assert band == [{"place": 0.5, "end": 3.5}]
    assert {key for value in values_of(chart, "point") for key in value} == {"place", "score"}
    assert "Town" not in json.dumps(chart.spec)


def test_a_chart_of_peers_puts_ties_in_the_middle():
    """A unit among equals stands in the middle of them."""
    tied = unit("a", "5", rank_low=2, rank_high=4)
    scores = [Decimal(9), Decimal(5), Decimal(5), Decimal(5)]
    own = layers_of(peers(tied, scores, words()), "point")[1]["data"]["values"]
    assert own == [{"place": 3.0, "score": 5.0}]


def test_a_chart_of_peers_is_empty_when_the_unit_has_no_score():
    """A withheld unit has no place."""
    chart = peers(unit("a", None), [Decimal(1)], words())
    assert chart.rows == ()
    assert chart.seen == "Town a has no score, so it has no place among its peers."


@pytest.mark.parametrize(
    ("points", "seen"),
    [
        (
            [("1999", Decimal(5)), ("2000", Decimal(4))],
            "from 5 in 1999 to 4 in 2000, a change of −1",
        ),
        ([("1999", None), ("2000", Decimal(4))], "has one value: 4 in 2000."),
        ([("1999", None)], "has no values yet."),
    ],
)
def test_a_history_says_first_last_and_change(points, seen):
    """Periods without a value are left out of the sentence."""
    assert seen in history("Town a", points, words()).seen


@given(st.integers(0, 20_000), st.integers(2, 500))
def test_a_thinned_row_keeps_its_ends_and_its_order(count, most):
    """No place twice, none outside, first and last kept."""
    places = thinned(count, most)
    assert len(places) == min(count, most)
    assert sorted(set(places)) == places
    if count:
        assert (places[0], places[-1]) == (0, count - 1)


@given(st.text(alphabet="ab 得分，。（）", max_size=200), st.integers(4, 60))
def test_a_wrapped_text_keeps_its_words(text, line):
    """Breaking a text into lines loses nothing but the spaces at their ends."""
    lines = wrapped(text, line)
    joined = lines if isinstance(lines, str) else "".join(lines)
    assert joined.replace(" ", "") == text.replace(" ", "")


def test_a_wrapped_chinese_text_never_begins_a_line_with_a_stop():
    """Punctuation stays with the sign before it."""
    lines = wrapped("得分" * 20 + "，由高到低。" * 8, LABEL_LINE)
    assert not any(line[0] in "，。" for line in lines)


def test_a_chart_of_figures_leaves_out_what_is_withheld():
    """Each known figure has a row with its interval and n, in the unit of the axis."""
    chart = outcome_spans(SpanTitles("drivers", "Drivers", "Percent"), DRIVERS, words(), times=100)
    assert chart.rows == (("pay", "50.0", "40.0", "60.0", "90"),)
    assert chart.seen == "From the top: pay 50.0."
    nothing = outcome_spans(SpanTitles("drivers", "Drivers", "Percent"), DRIVERS[1:], words())
    assert (nothing.rows, nothing.seen) == ((), "There is no figure to draw.")
