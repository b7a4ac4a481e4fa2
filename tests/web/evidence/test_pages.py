"""Pages of frozen evidence and the files that can be taken from them."""

import io

import openpyxl
import pytest
from tests.support.evidence import ROWS, freeze_schools, row_with, schools_csv

from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze
from touchstone.tallies.tables import read_parquet
from touchstone_web.evidence.downloads import MOST_SHEET_ROWS, endings_for
from touchstone_web.evidence.files import evidence_file
from touchstone_web.shared.installed_packs import installed_packs

LANGUAGES = ["en", "zh-hans", "zh-hant"]


@pytest.fixture
def frozen(cast):
    """Three schools, frozen for the tree Riverland."""
    return freeze_schools(cast.tree, by=cast.alice).snapshot


def taken(client, frozen, ending):
    response = client.get(f"/evidence/{frozen.public_id}.{ending}")
    assert response.status_code == 200
    assert f".{ending}" in response.headers["Content-Disposition"]
    return b"".join(response.streaming_content)


def test_the_list_shows_what_is_frozen(cast, client_of, frozen):
    """Whoever sees evidence finds it by its name; Frank's tree has none."""
    assert frozen.title in client_of(cast.erin).get("/evidence").content.decode()
    assert frozen.title not in client_of(cast.frank).get("/evidence").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_snapshot_speaks_three_languages(language, cast, client_of, frozen):
    """Hash, rows, file, and the journal's entry stand on the page in every language."""
    client = client_of(cast.alice)
    client.cookies["touchstone-language"] = language
    text = client.get(f"/evidence/{frozen.public_id}").content.decode()
    assert frozen.content_hash in text
    assert frozen.source_hash in text
    assert "schools.csv" in text


def test_csv_can_be_frozen_again_to_the_same_hash(cast, client_of, frozen):
    """What is taken out is what was put in."""
    content = taken(client_of(cast.alice), frozen, "csv")
    dataset = installed_packs()["schools"].datasets["schools"]
    raw = read_table(io.BytesIO(content.replace(b",1,1,1,1", b",Yes,Yes,Yes,Yes")), where="a")
    assert raw.rows.num_rows == len(ROWS)
    assert raw.rows.column_names == [column.name for column in dataset.columns]
    good = freeze(read_table(io.BytesIO(schools_csv()), where="b"), dataset)
    assert raw.rows.column("cds").to_pylist() == good.rows.column("cds").to_pylist()


def test_parquet_is_the_frozen_file(cast, client_of, frozen):
    """From the downloaded file anyone can compute the hash again."""
    content = taken(client_of(cast.erin), frozen, "parquet")
    assert read_parquet(content, where="a").content_hash == frozen.content_hash


def test_excel_never_holds_a_formula(cast, client_of):
    """A name that looks like a formula comes out as text."""
    frozen = freeze_schools(cast.tree, content=schools_csv(row_with(sname="=1+1"))).snapshot
    content = taken(client_of(cast.alice), frozen, "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = {cell.value: cell.data_type for row in sheet for cell in row}
    assert cells.get("=1+1", cells.get("'=1+1")) != "f"
    assert "01611190130229" in cells


def test_a_large_snapshot_is_not_offered_as_a_sheet():
    """Spreadsheets end at a million rows, and people's patience before."""
    assert endings_for(MOST_SHEET_ROWS + 1) == ["csv", "parquet"]


def test_a_kind_of_file_that_there_is_not_is_404(cast, client_of, frozen):
    """Nothing but the three kinds."""
    assert client_of(cast.alice).get(f"/evidence/{frozen.public_id}.exe").status_code == 404


def test_damaged_evidence_is_not_handed_out(cast, client_of, frozen):
    """The page says what is wrong; no byte of the wrong file leaves."""
    evidence_file(frozen.content_hash).write_bytes(b"PAR1 something else")
    response = client_of(cast.alice).get(f"/evidence/{frozen.public_id}.parquet", follow=True)
    assert "not hold what was frozen" in response.content.decode()


def test_the_list_takes_a_constant_number_of_queries(
    cast, client_of, frozen, django_assert_max_num_queries
):
    """Ten snapshots cost what one costs."""
    for number in range(10):
        freeze_schools(cast.tree, content=schools_csv(row_with(api00=str(700 + number))))
    client = client_of(cast.alice)
    with django_assert_max_num_queries(14):
        client.get("/evidence")
