"""Estimates equal their definition in fractions, whatever the design, and other ways agree."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most
from tests.unit.stats.samples import snapshot_of, variance_by_definition

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Withheld
from touchstone.stats.designs import Design
from touchstone.stats.estimates import estimate
from touchstone.stats.figures import t_quantile

CONFIDENCE = Decimal("0.95")
TINY = Decimal("1e-30")
NUMBERS = {"y": 2, "z": 0, "w": 1, "f1": 0, "f2": 0, "f3": 0}
STAGES = (("s1", "c1", "f1"), ("s2", "c2", "f2"), ("s3", "c3", "f3"))


@st.composite
def samples(draw):
    """Draw a sample of three stages; every stratum has two units or more, or all of one."""
    rows = []
    for stratum in "ab"[: draw(st.integers(1, 2))]:
        first = _stage(draw)
        for unit in range(first[0]):
            for second_stratum in "kl"[: draw(st.integers(1, 2))]:
                second = _stage(draw)
                for part in range(second[0]):
                    third = _stage(draw)
                    rows += [
                        {
                            "s1": stratum,
                            "s2": second_stratum,
                            "s3": "-",
                            "c1": str(unit),
                            "c2": str(part),
                            "c3": str(member),
                            "f1": first[1],
                            "f2": second[1],
                            "f3": third[1],
                            "g": draw(st.sampled_from(["x", "y", "z", None])),
                            "w": draw(st.integers(0, 60)),
                            "y": draw(st.one_of(st.none(), st.integers(-1000, 1000))),
                            "z": draw(st.integers(0, 5)),
                        }
                        for member in range(third[0])
                    ]
    return rows


def _stage(draw):
    """Give units drawn and units there are."""
    drawn = draw(st.integers(1, 3))
    return drawn, drawn if drawn == 1 else drawn + draw(st.integers(0, 3))


def by_definition(rows, statistic, domain):
    """Give value, variance and n of one domain of the variable y, in fractions."""
    inside = [row for row in rows if row["g"] == domain and row["y"] is not None and row["w"] > 0]
    if not inside:
        return None
    weight = sum(row["w"] for row in inside)
    total = sum(Fraction(row["w"] * row["y"], 1000) for row in inside)
    mean = total * 10 / weight
    chosen = {id(row) for row in inside}

    def residual(row):
        if id(row) not in chosen:
            return Fraction(0)
        value = Fraction(row["y"], 100)
        if statistic == "total":
            return Fraction(row["w"], 10) * value
        return row["w"] * (value - mean) / weight

    value = total if statistic == "total" else mean
    return value, variance_by_definition(rows, STAGES, residual), len(inside)


@settings(deadline=None, max_examples=at_most(60))
@given(samples(), st.sampled_from(["mean", "total"]))
def test_an_estimate_equals_its_definition_when_drawn_in_three_stages(rows, statistic):
    """Value and variance are those of the recursive formula, exact to the last digits."""
    design = Design("w", ("s1", "s2", "s3"), ("c1", "c2", "c3"), ("f1", "f2", "f3"))
    found = estimate(
        snapshot_of(rows, **NUMBERS), design, statistic=statistic, variables=["y"], by=["g"]
    )
    assert [row.by for row in found] == [
        (("g", g),) for g in "xyz" if any(row["g"] == g for row in rows)
    ]
    for row in found:
        expected = by_definition(rows, statistic, row.by[0][1])
        if expected is None:
            assert row.outcome == Withheld("empty_base")
            continue
        value, variance, n = expected
        outcome = row.outcome
        assert isinstance(outcome, Estimate)
        assert abs(Fraction(outcome.value) - value) <= abs(value) / 10**40
        assert abs(Fraction(outcome.se) ** 2 - variance) <= variance / 10**40
        assert outcome.n == n
        if outcome.method == "census":
            assert outcome.low == outcome.high == outcome.value
            assert variance == 0
        else:
            half = t_quantile(CONFIDENCE, outcome.degrees_of_freedom) * outcome.se
            assert abs(outcome.high - outcome.value - half) <= TINY * max(1, half)


@settings(deadline=None, max_examples=at_most(30))
@given(samples(), st.randoms())
def test_an_estimate_does_not_depend_on_the_order_of_rows(rows, random):
    """Sums are exact, so shuffled rows give the same figures to the last digit."""
    design = Design("w", ("s1", "s2"), ("c1", "c2", "c3"), ("f1", "f2", "f3"))
    shuffled = list(rows)
    random.shuffle(shuffled)
    found, again = (
        list(estimate(snapshot_of(some, **NUMBERS), design, statistic="mean", variables=["y", "z"]))
        for some in (rows, shuffled)
    )
    assert found == again


@settings(deadline=None, max_examples=at_most(40))
@given(st.lists(st.lists(st.integers(-50, 50), min_size=2, max_size=5), min_size=1, max_size=3))
def test_the_error_of_a_total_equals_the_jackknife(strata):
    """Leaving out one unit at a time gives the same variance, as for any total (Wolter 2007)."""
    rows = [
        {"s": str(stratum), "c": str(unit), "y": value}
        for stratum, values in enumerate(strata)
        for unit, value in enumerate(values)
    ]
    design = Design(strata=("s",), clusters=("c",))
    (row,) = estimate(snapshot_of(rows, y=0), design, statistic="total", variables=["y"])
    variance = Fraction(0)
    for values in strata:
        n, total = len(values), sum(values)
        left = [Fraction(n, n - 1) * (total - value) for value in values]
        variance += Fraction(n - 1, n) * sum((part - total) ** 2 for part in left)
    assert abs(Fraction(row.outcome.se) ** 2 - variance) <= variance / 10**40


def test_a_simple_random_sample_has_a_design_effect_of_one():
    """Without weights the comparison is with very many units; the error is s/√n."""
    rows = [{"y": value} for value in (3, 5, 8, 9)]
    (row,) = estimate(snapshot_of(rows, y=0), Design(), statistic="mean", variables=["y"])
    assert row.outcome.deff == 1
    assert row.outcome.degrees_of_freedom == 3
    assert round(row.outcome.se, 10) == Decimal("1.3768926368")


def test_a_sample_of_everything_is_a_census():
    """When all units were drawn there is no error, and no interval to speak of."""
    rows = [{"y": value, "n": 3, "k": "v"} for value in (3, 5, 10)]
    snapshot = snapshot_of(rows, y=0, n=0)
    for statistic, variable in (("mean", "y"), ("share", "k")):
        (row,) = estimate(snapshot, Design(fpc=("n",)), statistic=statistic, variables=[variable])
        found = row.outcome
        assert (found.method, found.se, found.low) == ("census", 0, found.high)


def test_shares_of_all_values_sum_to_one_in_each_domain():
    """Empty cells leave the base; a value that a domain lacks has the share 0 and an interval."""
    answers = [("a", "yes"), ("a", "no"), ("a", "yes"), ("a", None), ("b", "yes"), ("b", "yes")]
    rows = [{"g": group, "k": answer} for group, answer in answers]
    found = estimate(snapshot_of(rows), Design(), statistic="share", variables=["k"], by=["g"])
    shares = {(row.by[0][1], row.value): row.outcome for row in found}
    assert shares["a", "yes"].value + shares["a", "no"].value == 1
    assert shares["a", "yes"].n == 3
    assert shares["b", "no"].value == 0 < shares["b", "no"].high
    assert {outcome.method for outcome in shares.values()} == {"wilson"}
    (one,) = estimate(snapshot_of(rows), Design(), statistic="share", variables=["k"], value="no")
    assert one.outcome.value == Decimal(1) / 5


def test_a_share_of_a_number_column_is_named_by_its_value():
    """A number's value is written with its decimal places."""
    rows = [{"y": value} for value in (10, 10, 25)]
    found = estimate(snapshot_of(rows, y=1), Design(), statistic="share", variables=["y"])
    assert [(row.value, row.outcome.n) for row in found] == [("1.0", 3), ("2.5", 3)]


def test_a_share_in_many_batches_equals_that_in_one(monkeypatch):
    """Columns of ones and zeros are made a few at a time, which changes nothing."""
    rows = [{"k": str(value % 7)} for value in range(40)]
    snapshot = snapshot_of(rows)
    whole = list(estimate(snapshot, Design(), statistic="share", variables=["k"]))
    monkeypatch.setattr("touchstone.stats.shares.MOST_NUMBERS", 80)
    assert list(estimate(snapshot, Design(), statistic="share", variables=["k"])) == whole


def test_rows_of_estimates_are_a_sequence():
    """Rows can be counted, sliced and read from the end: domains first, then variables."""
    rows = [{"g": group, "y": 1, "z": 2} for group in "aabb"]
    found = estimate(
        snapshot_of(rows, y=0, z=0), Design(), statistic="mean", variables=["y", "z"], by=["g"]
    )
    assert len(found) == 4
    assert [(row.by[0][1], row.variable) for row in found] == [
        ("a", "y"),
        ("a", "z"),
        ("b", "y"),
        ("b", "z"),
    ]
    assert found[-1] == found[3:][0]
    with pytest.raises(IndexError):
        found[4]


def test_domains_have_the_degrees_of_freedom_of_the_strata_that_hold_them():
    """Strata without a row of the domain say nothing of its error."""
    rows = [
        {"s": s, "g": g, "y": y}
        for s, g, y in [("1", "a", 1), ("1", "b", 2), ("1", "a", 4), ("2", "b", 3), ("2", "b", 5)]
    ]
    design = Design(strata=("s",))
    found = estimate(snapshot_of(rows, y=0), design, statistic="mean", variables=["y"], by=["g"])
    assert [row.outcome.degrees_of_freedom for row in found] == [2, 3]


def test_a_snapshot_without_rows_has_no_figure():
    """No rows: nothing is estimated, and nothing breaks."""
    empty = snapshot_of([{"g": "a", "y": 1, "n": 2}], y=0, n=0)
    empty = type(empty)(empty.columns, empty.rows.slice(0, 0), ())
    design = Design(fpc=("n",))
    (row,) = estimate(empty, design, statistic="mean", variables=["y"])
    assert row.outcome == Withheld("empty_base")
    assert list(estimate(empty, design, statistic="mean", variables=["y"], by=["g"])) == []
    with pytest.raises(TouchstoneError) as refused:
        estimate(empty, design, statistic="share", variables=["g"])
    assert refused.value.code == "SHARE-01"


def test_a_share_of_an_unknown_value_or_of_too_many_is_refused():
    """A value must occur; a column of names is no question."""
    snapshot = snapshot_of([{"k": str(value)} for value in range(1001)])
    for value, code in (("none", "SHARE-01"), (None, "SHARE-02")):
        with pytest.raises(TouchstoneError) as refused:
            estimate(snapshot, Design(), statistic="share", variables=["k"], value=value)
        assert refused.value.code == code


def test_an_unknown_statistic_is_refused():
    """A median is not among them; neither is nothing."""
    snapshot = snapshot_of([{"y": 1}], y=0)
    for statistic, variables in (("median", ["y"]), ("mean", [])):
        with pytest.raises(ValueError, match="statistic"):
            estimate(snapshot, Design(), statistic=statistic, variables=variables)


def test_a_wider_confidence_gives_a_wider_interval():
    """99 % is wider than 95 %, which is wider than 50 %."""
    rows = [{"y": value, "k": str(value % 2)} for value in (3, 5, 8, 9)]
    for statistic, variable in (("mean", "y"), ("share", "k")):
        widths = []
        for confidence in ("0.5", "0.95", "0.99"):
            row = estimate(
                snapshot_of(rows, y=0),
                Design(),
                statistic=statistic,
                variables=[variable],
                confidence=Decimal(confidence),
            )[0]
            widths.append(row.outcome.high - row.outcome.low)
        assert all(narrow < wide for narrow, wide in pairwise(widths))
