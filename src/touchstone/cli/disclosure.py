"""`touchstone disclosure`: tables and releases that must not give small groups away."""

import sys
from pathlib import Path
from typing import Any

import click

from touchstone.cli.aligned_tables import aligned
from touchstone.cli.count_tables import read_cross_table, read_tree_table
from touchstone.cli.ledgers import read_ledger_file
from touchstone.cli.options import column, columns
from touchstone.content.texts import LANGUAGES
from touchstone.formats.readers import read_table
from touchstone.reports.gates import findings_in_words, findings_record
from touchstone.reports.outcome_tables import json_text
from touchstone.reports.words import Words, format_number
from touchstone.stats.disclosure.gates import audit_releases
from touchstone.stats.disclosure.suppression import Suppression, suppress
from touchstone.stats.disclosure.tables import CountTable

EXIT_CHECK_FAILED = 1
SMALLEST = 10
LANGUAGE = click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", help="Language of words."
)


@click.group()
def disclosure() -> None:
    """Keep small groups from being worked out: in tables, and over all releases."""


@disclosure.command("suppress")
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--count", required=True, callback=column, metavar="N", help="How many people.")
@click.option(
    "--by", callback=columns, metavar="A[,B…]", help="Breakdowns that the table is crossed by."
)
@click.option("--unit", callback=column, metavar="U", help="Units of a tree, instead of --by.")
@click.option("--parent", callback=column, metavar="P", help="The unit above; empty at the top.")
@click.option(
    "--smallest",
    type=click.IntRange(2),
    default=SMALLEST,
    show_default=True,
    help="Smallest group that is told.",
)
@click.option("--reasons", is_flag=True, help="Say which cells are small; not for publication.")
@LANGUAGE
@click.option("--json", "as_json", is_flag=True, help="Write all cells as JSON.")
def suppress_table(
    table: Path,
    count: str,
    by: tuple[str, ...],
    unit: str | None,
    parent: str | None,
    smallest: int,
    reasons: bool,
    language: str,
    as_json: bool,
) -> None:
    """Choose the cells of TABLE (CSV, CSV.gz, XLSX or Parquet) that must not be told.

    TABLE has one row for each finest cell; all totals are added. Cells below the smallest group
    are not told, zeros included, nor as many others as it takes so that none of these can be
    worked out to within max(k, 20 %). Both look the same unless --reasons is given.
    """
    if bool(by) == bool(unit and parent) or (unit is None) != (parent is None):
        raise click.UsageError("Give either --by, or both --unit and --parent.")
    with table.open("rb") as stream:
        raw = read_table(stream, where=table.name)
    names = by
    if unit is not None and parent is not None:
        names = (unit,)
        made = read_tree_table(raw, unit, parent, count)
    else:
        made = read_cross_table(raw, by, count)
    found, words = suppress(made, smallest), Words(language)
    if as_json:
        click.echo(json_text(_record(names, made, found, smallest, with_reasons=reasons)))
    else:
        click.echo(_report(names, made, found, words, with_reasons=reasons))
    note = {"hidden": len(found.hidden), "cells": len(made.counts), "small": len(found.primary)}
    click.echo(words.text("disclosure.note.hidden", **note), err=True)


@disclosure.command("audit")
@click.argument("ledger", type=click.Path(path_type=Path))
@LANGUAGE
@click.option("--json", "as_json", is_flag=True, help="Write the findings as JSON.")
def audit(ledger: Path, language: str, as_json: bool) -> None:
    """Attack all releases of LEDGER, kept by `touchstone publish --ledger`, together.

    Ends with exit code 1 when something that was kept back can be worked out.
    """
    kept, words = read_ledger_file(ledger), Words(language)
    findings = audit_releases(kept.releases)
    record = findings_record(findings, kept.releases, names={})
    if as_json:
        click.echo(json_text(record))
    else:
        lines = findings_in_words(record, words)
        key = "disclosure.safe" if findings.is_safe else "disclosure.unsafe"
        counts = {"releases": len(kept.releases), "protected": findings.protected}
        summary = words.text(key, **counts, findings=len(lines))
        click.echo("\n".join([summary, *(f"  {line}" for line in lines)]))
    if not findings.is_safe:
        sys.exit(EXIT_CHECK_FAILED)


def _record(
    names: tuple[str, ...],
    table: CountTable,
    found: Suppression,
    smallest: int,
    *,
    with_reasons: bool,
) -> dict[str, Any]:
    cells = []
    for place, (label, count) in enumerate(zip(table.labels, table.counts, strict=True)):
        is_told = place not in found.hidden
        cell: dict[str, Any] = {
            "cell": dict(zip(names, label, strict=True)),
            "told": is_told,
            "count": count if is_told else None,
        }
        if with_reasons:
            cell["reason"] = None if is_told else _reason(place, found)
        cells.append(cell)
    return {"smallest": smallest, "hidden": len(found.hidden), "cells": cells}


def _report(
    names: tuple[str, ...],
    table: CountTable,
    found: Suppression,
    words: Words,
    *,
    with_reasons: bool,
) -> str:
    head = [*names, words.text("disclosure.head.count")]
    lines = [head + ([words.text("disclosure.head.reason")] if with_reasons else [])]
    total, hidden = words.text("disclosure.total"), words.text("disclosure.hidden")
    for place, (label, count) in enumerate(zip(table.labels, table.counts, strict=True)):
        is_told = place not in found.hidden
        line = [total if value is None else value for value in label]
        line.append(format_number(count) if is_told else hidden)
        if with_reasons:
            reason = f"disclosure.reason.{_reason(place, found)}"
            line.append("" if is_told else words.text(reason))
        lines.append(line)
    return aligned(lines, right={len(names)})


def _reason(place: int, found: Suppression) -> str:
    return "primary" if place in found.primary else "complementary"
