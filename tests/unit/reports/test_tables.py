"""Results as tables and JSON: equal figures everywhere, sorted by unit."""

import csv
import io
import json
from decimal import Decimal

import pyarrow as pa
from tests.unit.reports.cases import TEXTS, computed, unit

from touchstone.formats.csv_files import write_csv
from touchstone.loop.results import Assessment
from touchstone.reports.tables import COLUMNS, records_json, results_json, results_table
from touchstone.reports.words import Words

WORDS = Words("en", TEXTS)


def made(*units):
    return Assessment("towns", "service", units)


def test_a_table_has_the_columns_of_the_contract_sorted_by_unit():
    """Identifiers are text and keep their leading zeros."""
    table = results_table(made(unit("010", "5"), unit("002", "7")), WORDS)
    assert table.column_names == list(COLUMNS)
    assert table.column("unit").to_pylist() == ["002", "010"]
    assert table.schema.field("score").type == pa.decimal128(38, 0)
    assert table.schema.field("rank_low").type == pa.int64()


def test_a_withheld_result_is_empty_in_the_table_and_null_in_json():
    """Score to grade are missing, the reason is a sentence."""
    record = results_table(made(unit("1", None)), WORDS).to_pylist()[0]
    empty = ("n", "score", "low", "high", "rank_low", "rank_high", "grade")
    assert [record[name] for name in empty] == [None] * 7
    read = json.loads(results_json(made(unit("1", None)), WORDS))["units"][0]
    assert [read[name] for name in empty] == [None] * 7
    assert read["because"] == "The base is empty: there is nothing to divide by."


def test_a_figure_is_a_json_number_with_the_places_it_was_rounded_to():
    """No exponent, no more and no fewer decimals, no quotation marks."""
    text = results_json(made(unit("1", "1E+2", low=Decimal("99.50"))), WORDS).decode()
    assert '"score":100,' in text
    assert '"low":99.50,' in text


def test_a_table_and_its_json_say_the_same():
    """The CSV has the same columns and values as the JSON."""
    whole = computed()
    table = results_table(whole.assessment, whole.recipe.words)
    rows = list(csv.DictReader(io.StringIO(write_csv(table).decode())))
    units = json.loads(results_json(whole.assessment, whole.recipe.words), parse_float=str)["units"]
    assert len(rows) == len(units) == 30
    for row, found in zip(rows, units, strict=True):
        assert row == {name: "" if found[name] is None else str(found[name]) for name in COLUMNS}


def test_results_without_units_are_valid_json():
    """An empty assessment is an empty list."""
    assert json.loads(results_json(made(), WORDS)) == {
        "scheme": "service",
        "pack": "towns",
        "units": [],
    }


def test_records_have_one_entry_a_line():
    """A changed unit is one changed line."""
    text = records_json({"a": "é"}, {"b": [{"c": 1}, {"c": 2}]}).decode()
    assert text == '{"a":"é","b":[\n{"c":1},\n{"c":2}\n]}\n'
