"""The engines give equal tallies, and the right ones."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.errors import TouchstoneError
from touchstone.tallies import engine as engines
from touchstone.tallies.engine import TallyPlan, tally
from touchstone.tallies.files import read_tallies, write_tallies
from touchstone.tallies.merge import merge_tallies
from touchstone.tallies.tables import Column, Snapshot, build_snapshot

COLUMNS = (
    Column("town", "text"),
    Column("age", "number", places=1),
    Column("stratum", "text"),
    Column("psu", "number"),
    Column("w", "number", places=2),
    Column("y", "number", places=3),
    Column("z", "number"),
)
# Four rows of at most these keep n·max|w|·max|y|² and n·max|w|² just below 10^38.
LARGEST_WEIGHT = 10**10
LARGEST_VALUE = 49_999_999_999_999

texts = st.sampled_from([None, "", "a", "b", "ä", "村"])
small = st.one_of(st.none(), st.integers(-3, 3))
values = st.one_of(st.none(), st.integers(-LARGEST_VALUE, LARGEST_VALUE), st.integers(-9, 9))
weights = st.integers(0, LARGEST_WEIGHT)


def lists_of_rows(values):
    """Make lists of up to four rows with these values of y and z."""
    return st.lists(st.tuples(texts, small, texts, small, weights, values, values), max_size=4)


rows = lists_of_rows(values)
# Eight rows of these, those of two lists, stay below the bound as well.
halves = lists_of_rows(st.one_of(st.none(), st.integers(-(10**13), 10**13), st.integers(-9, 9)))


def snapshot_of(records) -> Snapshot:
    """Make a snapshot of rows in the order of COLUMNS."""
    columns = list(zip(*records, strict=True)) or [()] * len(COLUMNS)
    arrays = [pa.array(c, k.arrow_type) for k, c in zip(COLUMNS, columns, strict=True)]
    return build_snapshot(COLUMNS, pa.table(arrays, names=[c.name for c in COLUMNS]), ())


def plain_cells(records, plan: TallyPlan) -> dict[tuple, tuple[int, ...]]:
    """Tally rows in plain Python, as the definition reads."""
    names = [column.name for column in COLUMNS]
    cells: dict[tuple, tuple[int, ...]] = {}
    for record in records:
        row = dict(zip(names, record, strict=True))
        key = tuple(_text(name, row[name]) for name in plan.keys)
        for variable in plan.values:
            y, w = row[variable], row[plan.weight] if plan.weight else 1
            added = (0,) * 5 if y is None else (1, w, w * w, w * y, w * y * y)
            cell = cells.get((*key, variable), (0,) * 5)
            cells[*key, variable] = tuple(a + b for a, b in zip(cell, added, strict=True))
    return cells


def _text(name: str, value) -> str | None:
    column = next(column for column in COLUMNS if column.name == name)
    if value is None or column.kind == "text":
        return value
    return format(Decimal(value).scaleb(-column.places), "f")


def as_dict(cells: pa.Table, plan: TallyPlan) -> dict[tuple, tuple[int, ...]]:
    """Read cells back as plain Python."""
    return {
        (*(cell[name] for name in plan.keys), cell["variable"]): (
            cell["n"],
            *(int(cell[name]) for name in ("w", "ww", "wy", "wyy")),
        )
        for cell in cells.to_pylist()
    }


PLANS = [
    TallyPlan((), (), None, ("y",)),
    TallyPlan((), (), "w", ("z", "y", "w")),
    TallyPlan(("town",), (), "w", ("y",)),
    TallyPlan(("town", "age"), ("stratum", "psu"), "w", ("y", "z")),
    TallyPlan(("stratum",), ("stratum", "psu"), None, ("z",)),
    TallyPlan((), ("psu", "stratum", "town"), "w", ("y", "z")),
]
at_the_bound = [("a", 1, "b", 2, LARGEST_WEIGHT, sign * LARGEST_VALUE, 0) for sign in (1, -1, 1, 1)]


@settings(deadline=None, max_examples=at_most(60))
@given(rows, st.sampled_from(PLANS))
@example(at_the_bound, PLANS[3])
@example([("a", 1, "b", 2, LARGEST_WEIGHT, -LARGEST_VALUE, None)] * 4, PLANS[1])
@example([], PLANS[0])
def test_both_engines_give_the_sums_of_the_definition(records, plan):
    """DuckDB, the kernel and plain Python agree on every cell, and both engines on the bytes."""
    snapshot = snapshot_of(records)
    by_duckdb = tally(snapshot, plan, engine="duckdb")
    by_kernel = tally(snapshot, plan, engine="kernel")
    assert as_dict(by_duckdb.cells, plan) == plain_cells(records, plan)
    assert by_kernel.equals(by_duckdb)
    assert by_kernel.content_hash == by_duckdb.content_hash


@settings(deadline=None, max_examples=at_most(25))
@given(halves, halves, st.sampled_from(PLANS))
def test_merged_tallies_equal_those_of_the_whole(ours, theirs, plan):
    """Tallies of two parts add up to the tallies of all rows."""
    parts = [tally(snapshot_of(records), plan, engine="kernel") for records in (ours, theirs)]
    whole = tally(snapshot_of(ours + theirs), plan, engine="kernel")
    assert merge_tallies(parts).equals(whole)


def test_a_merge_refuses_parts_with_other_plans_or_places():
    """Adding sums of different things or scales would give a wrong figure."""
    records = [("a", 1, "b", 2, 100, 5, 6)]
    whole = tally(snapshot_of(records), PLANS[2])
    other = tally(snapshot_of(records), PLANS[3])
    with pytest.raises(TouchstoneError) as refused:
        merge_tallies([whole, other])
    assert refused.value.code == "TALLY-06"
    with pytest.raises(ValueError, match="parts"):
        merge_tallies([])


def test_a_merge_refuses_sums_of_more_than_38_digits():
    """A sum that no longer fits is an error, never a wrapped number."""
    whole = tally(snapshot_of(at_the_bound), PLANS[1])
    with pytest.raises(TouchstoneError) as refused:
        merge_tallies([whole] * 2)
    assert refused.value.code == "TALLY-07"


def test_tallies_come_back_from_their_file():
    """Writing and reading gives equal tallies; other bytes are refused."""
    tallies = tally(snapshot_of(at_the_bound), PLANS[3])
    back = read_tallies(write_tallies(tallies), where="tallies.parquet")
    assert back.equals(tallies)
    assert back.content_hash == tallies.content_hash
    with pytest.raises(TouchstoneError) as refused:
        read_tallies(write_tallies(tallies)[:-9], where="tallies.parquet")
    assert refused.value.code == "TALLY-10"


def test_the_content_hash_tells_a_changed_cell_plan_or_scale():
    """Whatever changes a figure changes the hash."""
    records = [("a", 1, "b", 2, 100, 5, 6), ("a", 1, "b", 2, 100, 7, None)]
    base = tally(snapshot_of(records), PLANS[2])
    changed = [("a", 1, "b", 2, 100, 6, 6), ("a", 1, "b", 2, 100, 7, None)]
    others = [tally(snapshot_of(changed), PLANS[2]), tally(snapshot_of(records), PLANS[3])]
    assert len({base.content_hash, *(other.content_hash for other in others)}) == 3


@pytest.mark.parametrize("engine", ["duckdb", "kernel"])
@pytest.mark.parametrize(
    ("record", "code"),
    [
        (("a", 1, "b", 2, 1, 10**19 - 1 - 2**63, 0), "fits"),
        (("a", 1, "b", 2, 2, 8 * 10**18, 0), "TALLY-01"),
        (("a", 1, "b", 2, 10**9, 10**15, 0), "TALLY-01"),
        (("a", 1, "b", 2, None, 1, 0), "TALLY-02"),
        (("a", 1, "b", 2, -1, 1, 0), "TALLY-03"),
    ],
)
def test_an_engine_refuses_what_it_could_not_sum_exactly(engine, record, code):
    """Sums of 38 digits, missing and negative weights are errors with a stable code."""
    snapshot = snapshot_of([record])
    if code == "fits":
        wyy = tally(snapshot, PLANS[2], engine=engine).cells["wyy"][0].as_py()
        assert int(wyy) == record[5] ** 2
        return
    with pytest.raises(TouchstoneError) as refused:
        tally(snapshot, PLANS[2], engine=engine)
    assert refused.value.code == code


def test_a_grouping_column_named_like_a_sum_is_refused():
    """A column `w` beside the sum `w` could not be told apart."""
    snapshot = snapshot_of([("a", 1, "b", 2, 1, 1, 1)])
    with pytest.raises(TouchstoneError) as refused:
        tally(snapshot, TallyPlan(("w",), (), None, ("y",)))
    assert refused.value.code == "TALLY-04"


@pytest.mark.parametrize(
    "faulty",
    [
        lambda s: tally(s, TallyPlan((), (), None, ("town",))),
        lambda s: tally(s, TallyPlan((), (), None, ("nowhere",))),
        lambda s: tally(s, TallyPlan((), (), None, ("y",)), engine="abacus"),
        lambda _: TallyPlan((), (), None, ()),
        lambda _: TallyPlan(("town", "town"), (), None, ("y",)),
    ],
)
def test_a_programmers_mistake_is_a_value_error(faulty):
    """Unknown columns and engines, text as a value, and empty or doubled names are refused."""
    with pytest.raises(ValueError):
        faulty(snapshot_of([("a", 1, "b", 2, 1, 1, 1)]))


def test_spark_that_is_not_installed_is_named_with_what_to_do(monkeypatch):
    """PySpark is an extra; without it the other engines still give the figures."""

    def refuse(name):
        raise ModuleNotFoundError(f"No module named {name!r}", name="pyspark.sql")

    monkeypatch.setattr(engines, "import_module", refuse)
    with pytest.raises(TouchstoneError) as refused:
        tally(snapshot_of(at_the_bound), PLANS[0], engine="spark")
    assert refused.value.code == "ENGINE-01"
    assert "touchstone[spark]" in str(refused.value)


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        (None, "ENGINE-02", "default-jre-headless"),
        ("echo too old >&2; exit 1", "ENGINE-03", "too old"),
    ],
)
def test_java_that_is_missing_or_fails_is_named_with_what_to_do(
    script, code, said, tmp_path, monkeypatch
):
    """Without Java, and with one that cannot run Spark, the error says why; no file is left."""
    spark_sessions = pytest.importorskip("touchstone.tallies.spark_sessions")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "java"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    if script:
        java = tmp_path / "java" / "bin" / "java"
        java.parent.mkdir(parents=True)
        java.write_text(f"#!/bin/sh\n{script}\n")
        java.chmod(0o755)
    with pytest.raises(TouchstoneError) as refused:
        spark_sessions.open_spark.__wrapped__()
    assert refused.value.code == code
    assert said in str(refused.value)
    assert list(tmp_path.glob("touchstone-spark-*")) == []
