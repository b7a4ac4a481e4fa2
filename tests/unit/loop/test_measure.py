"""Measures of units, from tallies by either engine."""

from decimal import Decimal
from statistics import mean, stdev

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most
from tests.unit.loop.cases import Evidence, scheme_of

from touchstone.base.outcomes import Estimate, Withheld
from touchstone.content.datasets import ColumnSpec, Dataset, LevelSpec
from touchstone.content.indicators import Indicator
from touchstone.loop.measure import measure
from touchstone.tallies.tables import Column, build_snapshot

TWO = """
[[criteria]]
id = "m"
indicator = "rating"
weight = 50
[[criteria]]
id = "s"
indicator = "content"
weight = 50
"""
RATED = {
    "rating": Indicator(dataset="d", kind="mean", column="y", smallest_group=3),
    "content": Indicator(
        dataset="d", kind="share", column="y", counts_as_yes=(4, 5), smallest_group=3
    ),
}
answers = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from("rstuv"),
        st.one_of(st.none(), st.integers(1, 5)),
        st.integers(0, 300),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda row: (row[0], row[1], row[4]),
)


def rated(rows, *, weight: str | None = None, items: bool = True) -> Evidence:
    """Make evidence of answers: unit, rater, answer, weight, item."""
    drawn = [
        {"u": u, "person": r, "y": y, "w": Decimal(w) / 100, "item": item}
        for u, r, y, w, item in rows
    ]
    key = ("u", "person", "item") if items else ("u", "person")
    return Evidence(drawn, key=key, rater="person", weight=weight, indicators=RATED)


@settings(deadline=None, max_examples=at_most(40))
@given(answers, st.sampled_from([None, "w"]), st.randoms(use_true_random=False))
def test_both_engines_give_the_same_measures_in_any_order_of_rows(rows, weight, random):
    """Sums are exact, so that engine and order leave no trace."""
    first = rated(rows, weight=weight).measured(scheme_of(TWO), engine="duckdb")
    random.shuffle(rows)
    second = rated(rows, weight=weight).measured(scheme_of(TWO), engine="kernel")
    assert second.tallies.equals(first.tallies)
    assert (second.units, second.outcomes) == (first.units, first.outcomes)


@settings(deadline=None, max_examples=at_most(30))
@given(answers)
def test_rows_stand_for_raters_when_the_key_says_so(rows):
    """One row for each unit and rater: sums by unit give what sums by rater give."""
    once = list({(row[0], row[1]): row for row in rows}.values())
    by_unit = rated(once, items=False).measured(scheme_of(TWO))
    by_rater = rated(once, items=True).measured(scheme_of(TWO))
    assert by_unit.tallies.plan.design == ()
    assert by_rater.tallies.plan.design == ("person",)
    assert by_unit.outcomes == by_rater.outcomes


def test_a_mean_of_answers_has_the_interval_of_its_raters():
    """One answer a rater: mean ± t · s/√n."""
    values = [3, 4, 4, 5, 2, 4]
    rows = [("a", f"r{i}", y, 100, 0) for i, y in enumerate(values)]
    (found,) = rated(rows, items=False).measured(scheme_of(TWO)).outcomes["rating"]
    assert float(found.value) == pytest.approx(mean(values))
    assert float(found.se) == pytest.approx(stdev(values) / 6**0.5)
    assert float(found.high - found.value) == pytest.approx(2.570582 * float(found.se), rel=1e-6)
    (share,) = rated(rows, items=False).measured(scheme_of(TWO)).outcomes["content"]
    assert float(share.value) == pytest.approx(100 * 4 / 6)
    assert share.method == "wilson"


def test_several_answers_of_a_rater_count_as_one_opinion():
    """Saying the same thing three times is no more evidence than saying it once."""
    once = [("a", f"r{i}", y, 100, 0) for i, y in enumerate([3, 4, 4, 5, 2, 4])]
    thrice = [(u, r, y, w, item) for u, r, y, w, _ in once for item in range(3)]
    (first,) = rated(once).measured(scheme_of(TWO)).outcomes["rating"]
    (second,) = rated(thrice).measured(scheme_of(TWO)).outcomes["rating"]
    assert (first.value, first.low, first.high) == (second.value, second.low, second.high)
    assert (first.n, second.n) == (6, 18)
    assert second.degrees_of_freedom == 5
    assert second.deff > 3


def test_weights_count():
    """A weight of 0 takes an answer out of the mean; all weights 0 leave an empty base."""
    rows = [("a", f"r{i}", y, w, 0) for i, (y, w) in enumerate([(1, 300), (5, 100), (3, 0)])]
    rows += [("b", f"r{i}", y, 0, 0) for i, y in enumerate((1, 2, 3))]
    found = rated(rows, weight="w").measured(scheme_of(TWO)).outcomes["rating"]
    assert found[0].value == 2
    assert found[1] == Withheld("empty_base")


def test_an_answer_left_empty_counts_for_nobody():
    """Neither in the base nor among the raters."""
    rows = [("a", f"r{i}", y, 100, 0) for i, y in enumerate((1, 5, None, None))]
    (found,) = rated(rows, items=False).measured(scheme_of(TWO)).outcomes["rating"]
    assert found == Withheld("too_few_raters", (("smallest", "3"),))


def test_a_fact_is_read_as_it_stands():
    """Low = high = score; equal facts, empty ones, decimal places, texts and names."""
    evidence = Evidence("| u | p | kind |\n| b | 3.25 | x |\n| a |  | y |\n| 01 | 7 |  |")
    scheme = scheme_of('[[criteria]]\nid = "c"\nindicator = "p"\n[comparison]\nby = ["kind"]')
    for engine in ("duckdb", "kernel"):
        found = evidence.measured(scheme, engine=engine)
        assert found.units == found.names == ("01", "a", "b")
        assert found.outcomes["p"][1] == Withheld("missing_value")
        value = Decimal("3.25")
        assert found.outcomes["p"][2] == Estimate(value, value, value, 1, "register")
        assert found.texts == {"kind": (None, "y", "x")}


def test_a_unit_with_two_values_where_one_must_stand_is_withheld():
    """A fact is one row a unit; where rows repeat it they must agree."""
    columns = [
        Column("row", "text"),
        Column("u", "text"),
        Column("p", "number"),
        Column("k", "text"),
    ]
    rows = pa.table(
        {
            "row": ["1", "2", "3", "4"],
            "u": ["a", "a", "b", "b"],
            "p": pa.array([5, 6, 7, 7]),
            "k": ["x", "y", "z", "z"],
        }
    )
    dataset = Dataset(
        key=("row",),
        unit="u",
        about="organisations",
        columns=tuple(ColumnSpec(name=c.name, kind=c.kind) for c in columns),
        levels=(LevelSpec(level="u", column="u", name="k"),),
    )
    found = measure(
        build_snapshot(columns, rows, ("row",)),
        scheme_of('[[criteria]]\nid = "c"\nindicator = "p"\n[comparison]\nby = ["k"]'),
        dataset=dataset,
        indicators={"p": Indicator(dataset="d", kind="fact", column="p")},
        engine="kernel",
    )
    assert found.outcomes["p"][0] == Withheld("several_values")
    assert found.outcomes["p"][1].value == 7
    assert found.texts["k"] == (None, "z")
    assert found.names == ("x", "z")


def test_a_text_without_a_list_of_choices_cannot_be_measured():
    """Its levels would have no order to be told by."""
    scheme = scheme_of(
        '[[criteria]]\nid = "c"\nindicator = "k"\ntarget = { kind = "rubric", levels = { x = 1 } }'
    )
    with pytest.raises(ValueError, match="choices"):
        Evidence("| u | k |\n| a | x |").measured(scheme)


def test_an_empty_table_has_no_units():
    """Nothing measured is no error."""
    evidence = Evidence("| u | p |\n| a | 1 |")
    empty = build_snapshot(evidence.snapshot.columns, evidence.snapshot.rows.slice(0, 0), ("u",))
    found = measure(
        empty,
        scheme_of('[[criteria]]\nid = "c"\nindicator = "p"'),
        dataset=evidence.dataset,
        indicators=evidence.indicators,
    )
    assert (found.units, found.outcomes) == ((), {"p": ()})
