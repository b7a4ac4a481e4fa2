"""Probabilities, quotas and discrimination as tables, JSON and sentences."""

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest
from tests.unit.reports.cases import TEXTS, computed, folder

from touchstone.content.texts import LANGUAGES
from touchstone.loop.results import Assessment, QuotaUse
from touchstone.reports.charts import differences, scale_use
from touchstone.reports.discrimination_pages import (
    discrimination_in_words,
    group_in_words,
    quotas_in_words,
)
from touchstone.reports.drawings import Drawn
from touchstone.reports.pages import report_charts, report_page
from touchstone.reports.tables import results_json, results_table
from touchstone.reports.words import Words

GRADES = ("poor", "fair", "good")


def found() -> Assessment:
    return computed().assessment


def test_probabilities_stand_in_a_table_of_their_own_and_sum_to_one():
    """results.csv keeps its columns; withheld units are empty in both."""
    rows = list(csv.DictReader(io.StringIO(folder()["probabilities.csv"].decode())))
    assert list(rows[0]) == ["unit", *(f"probability_{grade}" for grade in GRADES), "method"]
    for row, unit in zip(rows, sorted(found().units, key=lambda one: one.unit), strict=True):
        assert row["unit"] == unit.unit
        shares = [row[f"probability_{grade}"] for grade in GRADES]
        if unit.probabilities is None:
            assert (unit.status, shares, row["method"]) == ("withheld", ["", "", ""], "")
        else:
            assert sum(map(Decimal, shares)) == 1


def test_results_hold_the_probabilities_by_grade():
    """In JSON as an object, in a download as columns after the others."""
    units = json.loads(folder()["results.json"], parse_float=Decimal)["units"]
    by_unit = {unit.unit: unit.probabilities for unit in found().units}
    for unit in units:
        known = by_unit[unit["unit"]]
        assert unit["probabilities"] == (None if known is None else dict(known.grades))
    table = results_table(found(), Words("en", TEXTS), grades=GRADES)
    assert table.column_names[-3:] == [f"probability_{grade}" for grade in GRADES]


def with_quota() -> Assessment:
    uses = (QuotaUse("uninspected", (("region", "A"),), 10, 2, 1, 3, 1),)
    return replace(found(), quotas=uses)


def test_the_use_of_quotas_stands_in_results_and_report():
    """Group by group, with how many are within, beyond and undecided."""
    words = Words("en", {**TEXTS, "column.region": "Region"})
    told = json.loads(results_json(with_quota(), words))["quotas"]
    assert told == [
        {
            "quota": "uninspected",
            "group": {"region": "A"},
            "n": 10,
            "places": 2,
            "within": 1,
            "beyond": 3,
            "undecided": 1,
        }
    ]
    table = quotas_in_words(with_quota().quotas, words)
    assert table.rows == (("the town was not inspected", "Region A", "10", "2", "1", "3", "1"),)
    assert group_in_words((), words) == "all towns"
    assert b'"quotas"' not in folder()["results.json"]


def test_a_report_tells_of_quotas_only_where_there_are_any():
    """A scheme without a quota says nothing of it."""
    assert b"How the quotas were used" not in folder()["report.html"]
    whole = computed()
    texts = {**whole.recipe.texts, "column.region": "Region"}
    named = msgspec.structs.replace(whole.recipe, texts=texts)
    again = replace(whole, assessment=with_quota(), recipe=named)
    drawn = [_undrawn(chart) for chart in report_charts(again)]
    assert b"How the quotas were used" in report_page(again, drawn)


def _undrawn(chart):
    return Drawn(chart, b"", b"")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_on_discrimination_has_words_in_every_language(language):
    """Verdicts, figures, table and methods, none with a gap left open."""
    words = Words(language, {k: v for k, v in TEXTS.items() if not k.startswith("word.")})
    told = discrimination_in_words(found().discrimination, words)
    texts = [*told.verdicts, told.basis, *told.heads, *told.method]
    texts += [cell for row in (*told.rows, *told.figures) for cell in row]
    assert not [text for text in texts if "{" in text]
    assert {len(row) for row in told.rows} == {len(told.heads)}
    for chart in (
        differences(found().discrimination, words),
        scale_use(found().discrimination, words),
    ):
        assert chart.seen.endswith((".", "。"))
        assert {len(row) for row in chart.rows} == {len(chart.heads)}


def test_without_differences_the_pictures_say_so():
    """No empty picture, no invented share."""
    report = found().discrimination
    empty = [
        replace(one, variance_share=None, tenth=None) for one in (*report.components, report.total)
    ]
    nothing = replace(report, components=tuple(empty[:-1]), total=empty[-1])
    words = Words("en", TEXTS)
    assert (differences(nothing, words).rows, scale_use(nothing, words).rows) == ((), ())
    assert differences(nothing, words).seen.startswith("The scores do not differ")
    assert discrimination_in_words(None, words) is None
