"""Evidence that stays in its file gives the tallies that it gives in memory."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most
from tests.unit.tallies.test_engines import (
    PLANS,
    at_the_bound,
    plain_cells,
    rows,
    snapshot_of,
)
from tests.unit.tallies.test_engines import as_dict as cells_of

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.engine import TallyPlan, tally, tally_stored
from touchstone.tallies.stored_snapshots import Made, StoredSnapshot, open_snapshot
from touchstone.tallies.tables import Column, write_parquet


def stored(snapshot, folder) -> StoredSnapshot:
    """Write a snapshot to a file whose name SQL would stumble over, and open it there."""
    path = folder / "it's.parquet"
    path.write_bytes(write_parquet(snapshot))
    return open_snapshot(path)


@settings(deadline=None, max_examples=at_most(30))
@given(rows, st.sampled_from(PLANS))
def test_a_file_gives_the_tallies_of_its_rows(tmp_path_factory, records, plan):
    """DuckDB sums the file as it sums the rows in memory, at the bound too."""
    snapshot = snapshot_of(records)
    found = tally_stored(stored(snapshot, tmp_path_factory.mktemp("s")), plan)
    assert found.equals(tally(snapshot, plan))
    assert cells_of(found.cells, plan) == plain_cells(records, plan)


def test_columns_are_made_where_the_rows_are(tmp_path):
    """Ones and zeros by a list of values, and places in a list of texts; empty cells stay empty."""
    records = [(town, 1, "b", 2, 1, y, 0) for town, y in zip("aab", (4, None, 5), strict=True)]
    made = {
        "y is 4": Made("y", (4,)),
        "town by place": Made("town", ("b", "a"), by_place=True),
    }
    plan = TallyPlan(("town",), (), None, ("town by place", "y is 4"))
    cells = tally_stored(stored(snapshot_of(records), tmp_path).with_made(made), plan).cells
    sums = [(cell["town"], cell["n"], int(cell["wy"])) for cell in cells.to_pylist()]
    assert sums == [("a", 2, 4), ("a", 1, 1), ("b", 1, 1), ("b", 1, 0)]


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (("a", 1, "b", 2, 2, 8 * 10**18, 0), "TALLY-01"),
        (("a", 1, "b", 2, None, 1, 0), "TALLY-02"),
        (("a", 1, "b", 2, -1, 1, 0), "TALLY-03"),
    ],
)
@pytest.mark.parametrize("statistics", [True, False])
def test_a_file_whose_sums_could_be_wrong_is_refused(record, code, statistics, tmp_path):
    """Extents come from the file's end where it tells them, else from the column."""
    path = stored(snapshot_of([record, at_the_bound[0]]), tmp_path).path
    pq.write_table(pq.read_table(path), path, write_statistics=statistics)
    with pytest.raises(TouchstoneError) as refused:
        tally_stored(open_snapshot(path), PLANS[2])
    assert refused.value.code == code


def test_a_file_that_is_no_snapshot_is_refused(tmp_path):
    """Neither other bytes, nor a table of another program, nor one of other types will do."""
    path = tmp_path / "other.parquet"
    path.write_bytes(b"PAR1")
    refused_by(path)
    pq.write_table(pa.table({"y": [1]}), path)
    refused_by(path)
    right = stored(snapshot_of(at_the_bound), tmp_path).path
    table = pq.read_table(right)
    wrong = table.set_column(5, "y", table["y"].cast(pa.float64()))
    pq.write_table(wrong.replace_schema_metadata(table.schema.metadata), path)
    refused_by(path)
    with pytest.raises(ValueError, match="engine"):
        tally_stored(open_snapshot(right), PLANS[0], engine="kernel")


def refused_by(path):
    """See that a file is refused as no snapshot of this program."""
    with pytest.raises(TouchstoneError) as refused:
        open_snapshot(path)
    assert refused.value.code == "EVIDENCE-20"


def test_a_stored_snapshot_loads_as_it_was_written(tmp_path):
    """Its rows, columns and key come back; without rows it says what columns it has."""
    snapshot = snapshot_of(at_the_bound)
    back = stored(snapshot, tmp_path)
    assert back.load().content_hash == snapshot.content_hash
    assert back.row_count == len(at_the_bound)
    assert back.empty().rows.num_rows == 0
    assert back.column("y") == Column("y", "number", places=3)
