"""All engines and plain Python agree on every sum, up to the bound of 38 digits."""

from itertools import chain

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.tallies.test_design_sums import rows as design_rows
from tests.unit.tallies.test_design_sums import snapshot_of as design_snapshot_of
from tests.unit.tallies.test_engines import (
    LARGEST_VALUE,
    PLANS,
    as_dict,
    at_the_bound,
    lists_of_rows,
    plain_cells,
    snapshot_of,
)

from touchstone.base.errors import TouchstoneError
from touchstone.tallies import duckdb, spark
from touchstone.tallies.design_sums import DesignPlan
from touchstone.tallies.design_tallies import sum_design_by
from touchstone.tallies.engine import TallyPlan, tally, tally_stored
from touchstone.tallies.merge import merge_tallies
from touchstone.tallies.psu_sums import sum_design
from touchstone.tallies.stored_snapshots import Made, open_snapshot
from touchstone.tallies.tables import Column, build_snapshot, write_parquet


def joined(lists):
    """Put several lists into one."""
    return list(chain.from_iterable(lists))


ENGINES = ("duckdb", "kernel", "spark")
# A hundred rows of at most these stay below the bound that four rows of the largest reach.
values = st.one_of(
    st.none(), st.integers(-LARGEST_VALUE // 5, LARGEST_VALUE // 5), st.integers(-9, 9)
)
many = st.lists(lists_of_rows(values), min_size=20, max_size=25).map(joined)


def agreed(records, plan):
    """Tally by every engine, and hold them against each other and the definition."""
    snapshot = snapshot_of(records)
    found = [tally(snapshot, plan, engine=engine) for engine in ENGINES]
    assert as_dict(found[0].cells, plan) == plain_cells(records, plan)
    for other in found[1:]:
        assert other.equals(found[0])
        assert other.content_hash == found[0].content_hash
    return found[-1]


@settings(deadline=None, max_examples=5)
@given(many, st.sampled_from(PLANS))
def test_all_engines_give_the_sums_of_the_definition(records, plan):
    """DuckDB, the kernel, Spark and plain Python agree on every cell; a hundred rows a job."""
    agreed(records, plan)


@pytest.mark.parametrize("plan", [PLANS[0], PLANS[1], PLANS[3]])
def test_all_engines_agree_at_the_bound(plan):
    """Sums of 38 digits are exact on every engine."""
    agreed(at_the_bound, plan)


def test_tallies_of_parts_made_by_other_engines_merge_to_those_of_the_whole():
    """One city on Spark, another on DuckDB, a third by the kernel: the sum is the province."""
    records = [("a", 1, "b", 2, w, w * 7, None if w % 3 else w) for w in range(60)]
    for plan in PLANS:
        parts = [
            tally(snapshot_of(records[place::3]), plan, engine=engine)
            for place, engine in enumerate(ENGINES)
        ]
        assert merge_tallies(parts).equals(tally(snapshot_of(records), plan))


@settings(deadline=None, max_examples=2)
@given(st.lists(design_rows, min_size=8, max_size=12).map(joined))
def test_sums_over_sampling_units_are_equal_on_spark(records):
    """Clusters, and rows that are their own units, give the sums of the compiled pass."""
    snapshot = design_snapshot_of(records)
    for cluster in (("psu",), ()):
        for weight in ("w", None):
            plan = DesignPlan(("domain", "age"), ("stratum",), cluster, weight, ("z", "y"))
            expected = sum_design(snapshot, plan)
            assert sum_design_by(snapshot, plan, engine="spark").equals(expected)


@pytest.mark.parametrize("power", [18, 13])
def test_sums_beyond_the_bound_are_errors_and_never_nulls(power):
    """What the check before summing would let slip is an error of Spark, and of DuckDB."""
    columns = (Column("w", "number"), Column("y", "number"))
    rows = pa.table({"w": [10**power] * 2, "y": [9 * 10**power] * 2})
    if power == 13:
        rows = pa.table({"w": [9 * 10**18] * 12, "y": [3 * 10**9] * 12})
    snapshot, plan = build_snapshot(columns, rows, ()), TallyPlan((), (), "w", ("y",))
    with pytest.raises(TouchstoneError) as refused:
        spark.sum_rows(snapshot, plan)
    assert refused.value.code == "ENGINE-04"
    with pytest.raises(Exception, match=r"(?i)overflow|range"):
        duckdb.sum_rows(snapshot, plan)


def test_columns_that_differ_in_case_only_are_two():
    """SQL folds the case of names; columns of evidence do not."""
    rows = pa.table({"Town": ["a", "b"], "town": ["a", "a"], "y": [1, 2], "Y": [30, 40]})
    kinds = {"Town": "text", "town": "text", "y": "number", "Y": "number"}
    columns = [Column(name, kind) for name, kind in kinds.items()]
    snapshot = build_snapshot(columns, rows, ())
    plan = TallyPlan(("Town",), ("town",), None, ("y", "Y"))
    first, *others = (tally(snapshot, plan, engine=engine) for engine in ENGINES)
    assert all(other.equals(first) for other in others)
    assert [int(sum_) for sum_ in first.cells["wy"].to_pylist()] == [30, 1, 40, 2]


def test_spark_leaves_no_files_of_rows_behind():
    """What was written for Spark to read is gone when the sums are there."""
    tally(snapshot_of(at_the_bound), PLANS[0], engine="spark")
    folder = spark.open_spark().new_path().parent
    assert list(folder.glob("rows-*")) == []


def test_spark_sums_a_stored_file_as_duckdb_does(tmp_path):
    """Columns made where the rows are, and a file's name of any kind, give equal tallies."""
    path = tmp_path / "it's 你好.parquet"
    path.write_bytes(write_parquet(snapshot_of(at_the_bound)))
    made = {"z is 0": Made("z", (0, 7)), "town by place": Made("town", ("b", "a"), by_place=True)}
    stored = open_snapshot(path).with_made(made)
    plan = TallyPlan(("town", "age"), ("psu",), "w", ("y", *made))
    assert tally_stored(stored, plan, engine="spark").equals(tally_stored(stored, plan))
