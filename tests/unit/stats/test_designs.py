"""A design that cannot be estimated from is refused, with the place and what to do."""

import pytest
from tests.unit.stats.samples import snapshot_of

from touchstone.base.errors import TouchstoneError
from touchstone.stats.designs import Design
from touchstone.stats.estimates import estimate

ROWS = [
    {"s": "a", "c": "1", "y": 1, "n": 40, "f": 1, "m": 40, "o": 20},
    {"s": "a", "c": "1", "y": 2, "n": 40, "f": 1, "m": 40, "o": 20},
    {"s": "a", "c": "2", "y": 3, "n": 40, "f": 1, "m": 40, "o": 20},
    {"s": "b", "c": "1", "y": 4, "n": 70, "f": 5, "m": 5, "o": 20},
    {"s": "b", "c": "1", "y": 5, "n": 50, "f": 5, "m": 5, "o": 10},
    {"s": "b", "c": "3", "y": 6, "n": 50, "f": 5, "m": None, "o": 10},
]
NUMBERS = {"y": 0, "n": 1, "f": 1, "m": 1, "o": 1}


def refusal_of(rows, design, by=()):
    """Give the fault that an estimate of y ends with."""
    with pytest.raises(TouchstoneError) as refused:
        estimate(snapshot_of(rows, **NUMBERS), design, statistic="mean", variables=["y"], by=by)
    return refused.value


@pytest.mark.parametrize(
    "design",
    [
        Design(clusters=("a", "b", "c", "d")),
        Design(strata=("s", "c", "s")),
        Design(fpc=("n", "n"), clusters=()),
    ],
)
def test_a_design_is_refused_when_its_stages_do_not_fit_together(design):
    """At most three stages, and the units above each stage are named."""
    with pytest.raises(TouchstoneError) as refused:
        _ = design.stages
    assert refused.value.code == "DESIGN-01"


def test_the_rows_are_the_units_of_a_stage_after_the_last_cluster():
    """One column of clusters and two of fpc make two stages."""
    first, second = Design(strata=("s",), clusters=("c",), fpc=("n", "m")).stages
    assert (first.strata, first.cluster, first.fpc) == (("s",), ("c",), "n")
    assert (second.strata, second.cluster, second.fpc) == (("s", "c"), (), "m")


@pytest.mark.parametrize(
    ("column", "code", "words"),
    [
        ("m", "DESIGN-02", "column 'm'"),
        ("n", "DESIGN-03", "stratum s 'b'"),
        ("o", "DESIGN-03", "both 2.0 and 1.0"),
    ],
)
def test_a_population_size_is_refused_when_it_is_missing_or_differs(column, code, words):
    """Each stratum has one size."""
    found = refusal_of(ROWS, Design(strata=("s",), fpc=(column,)))
    assert found.code == code
    assert words in str(found)


def test_a_population_size_of_nothing_is_refused():
    """0 and less cannot be sizes or fractions."""
    for size in (0, -20):
        rows = [{**row, "n": size} for row in ROWS]
        assert refusal_of(rows, Design(fpc=("n",))).code == "DESIGN-02"


def test_a_population_smaller_than_its_sample_is_refused():
    """Four schools cannot be drawn from two."""
    found = refusal_of([{**row, "n": 20} for row in ROWS], Design(strata=("s",), fpc=("n",)))
    assert found.code == "DESIGN-04"
    assert "3 units, drawn from 2.0" in str(found)


def test_a_column_of_sizes_and_fractions_is_refused():
    """A number above 1 is a size, one below 1 a fraction; one column has one kind."""
    rows = [{**row, "n": 400 if row["s"] == "a" else 5} for row in ROWS]
    assert refusal_of(rows, Design(strata=("s",), fpc=("n",))).code == "DESIGN-05"


def test_a_lone_unit_is_refused_and_not_taken_for_certain():
    """Its error is unknown; an error of 0 would be a lie."""
    rows = [row for row in ROWS if row["s"] == "a" or row["c"] == "1"]
    found = refusal_of(rows, Design(strata=("s",), clusters=("c",)))
    assert found.code == "DESIGN-06"
    assert "stratum s 'b'" in str(found)


def test_a_lone_unit_is_refused_at_a_later_stage():
    """A school with one drawn pupil of many says nothing of its pupils."""
    rows = [{**row, "n": 400, "m": 80} for row in ROWS]
    found = refusal_of(rows, Design(strata=("s",), clusters=("c",), fpc=("n", "m")))
    assert found.code == "DESIGN-06"
    assert "c '2'" in str(found)


def test_a_lone_unit_adds_nothing_when_it_is_all_there_is():
    """A stratum of one unit, drawn with certainty, has no error."""
    rows = [{**row, "n": 10 if row["c"] == "3" else 400} for row in ROWS]
    rows = [{**row, "s": "z" if row["c"] == "3" else "a"} for row in rows]
    (row,) = estimate(
        snapshot_of(rows, **NUMBERS),
        Design(strata=("s",), fpc=("n",)),
        statistic="mean",
        variables=["y"],
    )
    assert row.outcome.se > 0
    assert row.outcome.degrees_of_freedom == 4


def test_a_lone_unit_matters_only_to_the_domains_that_have_rows_there():
    """Domains outside the stratum keep their figures."""
    rows = [{**row, "g": "x" if row["s"] == "a" else None} for row in ROWS]
    rows = [row for row in rows if row["s"] == "a" or row["c"] == "3"]
    found = estimate(
        snapshot_of(rows, **NUMBERS),
        Design(strata=("s",), clusters=("c",)),
        statistic="mean",
        variables=["y"],
        by=["g"],
    )
    assert [row.by for row in found] == [(("g", "x"),)]
    rows = [{**row, "g": row["s"]} for row in rows]
    assert refusal_of(rows, Design(strata=("s",), clusters=("c",)), ["g"]).code == "DESIGN-06"


def test_a_row_without_stratum_or_weight_is_refused():
    """A row that belongs nowhere would make the variance wrong."""
    rows = [*ROWS, {**ROWS[0], "s": None}]
    assert refusal_of(rows, Design(strata=("s",))).code == "TALLY-05"
    assert refusal_of(rows, Design(strata=("s",), fpc=("f",))).code == "TALLY-05"
    assert refusal_of(ROWS, Design("m")).code == "TALLY-02"


def test_lower_stages_add_nothing_below_a_stage_without_fpc():
    """Drawn from very many units, the spread of totals holds that of the parts."""
    stages = Design(clusters=("s", "c"))
    alone = Design(clusters=("s",))
    snapshot = snapshot_of(ROWS, **NUMBERS)
    found, expected = (
        list(estimate(snapshot, design, statistic="total", variables=["y"]))
        for design in (stages, alone)
    )
    assert found == expected


def test_fractions_and_sizes_say_the_same():
    """Three of four drawn is a fraction of three quarters."""
    rows = [{**row, "n": 40 if row["s"] == "a" else 50} for row in ROWS]
    snapshot = snapshot_of(
        [{**row, "f": 75 if row["s"] == "a" else 60} for row in rows], **(NUMBERS | {"f": 2})
    )
    by_size, by_fraction = (
        list(
            estimate(
                snapshot, Design(strata=("s",), fpc=(fpc,)), statistic="total", variables=["y"]
            )
        )
        for fpc in ("n", "f")
    )
    assert by_size == by_fraction
    assert round(by_size[0].outcome.value, 6) == 33


def test_the_next_stage_gives_the_degrees_of_freedom_when_the_first_drew_all_there_is():
    """One city, drawn for certain, and in it four of forty schools: three degrees of freedom."""
    rows = [{"c": "city", "y": value, "f": 1, "m": 40} for value in (1, 2, 4, 9)]
    (row,) = estimate(
        snapshot_of(rows, y=0, f=0, m=0),
        Design(clusters=("c",), fpc=("f", "m")),
        statistic="mean",
        variables=["y"],
    )
    assert row.outcome.degrees_of_freedom == 3
    assert row.outcome.method == "taylor"
