"""The commands `assess`, `verify` and `publish`: from evidence to a folder anyone can check."""

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import cast

import click

from touchstone.base.errors import TouchstoneError
from touchstone.cli.folders import FolderFiles, refuse_used, write_folder
from touchstone.cli.ledgers import open_ledger, write_ledger
from touchstone.content.packs import read_pack
from touchstone.content.texts import LANGUAGES
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze, unused_columns
from touchstone.reports.folders import (
    Verification,
    build_folder,
    publication_of,
    published_folder,
    verify_folder,
)
from touchstone.reports.gates import (
    findings_in_words,
    findings_record,
    names_of,
    population_of,
)
from touchstone.reports.recipes import Computed, Recipe, compute, recipe_of
from touchstone.reports.tables import records_json, results_json
from touchstone.reports.words import Words
from touchstone.tallies.engine import ENGINES, EngineName
from touchstone.tallies.tables import Snapshot

EXIT_CHECK_FAILED = 1
ENGINE_CHOICE = click.Choice(sorted(ENGINES))
LANGUAGE_CHOICE = click.Choice(LANGUAGES)
CHINESE_FROM = "\u2e7f"


@click.command()
@click.argument("evidence", type=click.Path(path_type=Path))
@click.option("--pack", "pack_name", required=True, help="Name of a shipped pack, or a folder.")
@click.option("--scheme", required=True, help="Name of one of the pack's schemes.")
@click.option("--out", type=click.Path(path_type=Path), help="New folder for the results.")
@click.option("--engine", type=ENGINE_CHOICE, default="duckdb", help="What sums the rows.")
@click.option("--language", type=LANGUAGE_CHOICE, default="en", help="Language of all texts.")
@click.option("--json", "as_json", is_flag=True, help="Write results.json to standard output.")
def assess(
    evidence: Path,
    pack_name: str,
    scheme: str,
    out: Path | None,
    engine: str,
    language: str,
    as_json: bool,
) -> None:
    """Assess the units of EVIDENCE (CSV, CSV.gz, XLSX or Parquet) by a scheme of a pack.

    With --out everything goes into a new folder that `touchstone verify` can check: results,
    report, pictures, evidence and tallies. Every engine gives the same folder.
    """
    if out is not None:
        refuse_used(out)
    recipe = recipe_of(read_pack(pack_name), scheme, language=language)
    words = recipe.words
    computed = compute(recipe, _read_evidence(evidence, recipe), engine=cast(EngineName, engine))
    if out is not None:
        write_folder(build_folder(computed), out)
        click.echo(words.text("summary.written", folder=str(out)), err=True)
    if as_json:
        click.echo(results_json(computed.assessment, words), nl=False)
    else:
        click.echo(_summary(computed))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--engine", type=ENGINE_CHOICE, default="duckdb", help="What sums the rows.")
@click.option("--language", type=LANGUAGE_CHOICE, default="en", help="Language of the messages.")
@click.option("--json", "as_json", is_flag=True, help="Write the findings as JSON.")
def verify(folder: Path, engine: str, language: str, as_json: bool) -> None:
    """Check FOLDER, written by `assess` or `publish`, and compute everything in it again.

    Names the first object that is wrong, and then ends with exit code 1.
    """
    found = verify_folder(FolderFiles(folder), engine=cast(EngineName, engine))
    words = Words(language)
    _report_differences(found, words)
    if as_json:
        click.echo(_findings(found), nl=False)
    else:
        click.echo("\n".join(_findings_in_words(found, words)))
    if found.wrong is not None:
        click.echo(_wrong_in_words(found, words), err=True)
        sys.exit(EXIT_CHECK_FAILED)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="New folder for the public."
)
@click.option(
    "--ledger",
    "ledger_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that keeps what was released so far; begun when it is not there.",
)
@click.option(
    "--wave",
    default="",
    metavar="W",
    help="Round of answers, such as 2026; answers of two rounds are never the same.",
)
def publish(folder: Path, out: Path, ledger_path: Path | None, wave: str) -> None:
    """Take out of FOLDER, written by `assess`, what may be told to everyone.

    The folder is verified first, and ends the command with exit code 1 when it is not right. No
    result of a person and none about fewer people than the smallest group is published, nor
    anything from which such a one could be worked out. With --ledger all releases so far are
    looked at together: where they would give a small group away, nothing is published, the places
    are named, and the exit code is 1.
    """
    refuse_used(out)
    files = FolderFiles(folder)
    found = verify_folder(files)
    if found.wrong is not None:
        click.echo(_wrong_in_words(found, Words("en")), err=True)
        sys.exit(EXIT_CHECK_FAILED)
    if ledger_path is None or found.computed is None:
        published = published_folder(files, verification=found)
    else:
        published = _through_the_gate(files, found, ledger_path, wave)
    write_folder(published, out)
    words = Words("en") if found.computed is None else found.computed.recipe.words
    click.echo(words.text("summary.published", folder=str(out)), err=True)


def _through_the_gate(
    files: FolderFiles, found: Verification, path: Path, wave: str
) -> dict[str, bytes]:
    """Publish against a ledger, and write the release down in it before it goes out."""
    if found.computed is None:
        raise ValueError("found must hold what was computed; got a published folder")
    recipe = found.computed.recipe
    ledger = open_ledger(path, population_of(recipe))
    made = publication_of(files, ledger, wave=wave, verification=found)
    entries = ledger.releases
    if made.passage.entry is not None:
        entries = (*entries, made.passage.entry)
    if not made.passage.is_open:
        names = names_of(found.computed)
        record = findings_record(made.passage.findings, entries, names=names)
        lines = findings_in_words(record, recipe.words)
        head, remedy = (recipe.words.text(f"disclosure.{key}") for key in ("refused", "remedy"))
        click.echo("\n".join([head, *(f"  {line}" for line in lines), remedy]), err=True)
        sys.exit(EXIT_CHECK_FAILED)
    if made.passage.entry is not None:
        write_ledger(replace(ledger, releases=entries), path)
    return made.files


def _read_evidence(path: Path, recipe: Recipe) -> Snapshot:
    """Freeze a file; columns that are left aside are named on standard error."""
    try:
        with path.open("rb") as stream:
            raw = read_table(stream, where=path.name)
    except OSError as fault:
        raise TouchstoneError(
            "RESULTS-02",
            where=str(path),
            found=f"the file cannot be read ({fault.strerror})",
            remedy="Give the path of a CSV, XLSX or Parquet file.",
        ) from fault
    snapshot = freeze(raw, recipe.dataset)
    unused = unused_columns(raw, recipe.dataset)
    if unused:
        columns = recipe.words.enumerate(unused)
        click.echo(recipe.words.text("summary.unused", columns=columns), err=True)
    return snapshot


def _summary(computed: Computed) -> str:
    """Give the number of units by status and grade, and the hash of the results."""
    words, units = computed.recipe.words, computed.assessment.units
    statuses = Counter(unit.status for unit in units)
    grades = Counter(unit.grade for unit in units)
    counts = [(words.text("page.in_all"), len(units))]
    counts += [
        (words.text(f"page.{status}"), statuses[status])
        for status in ("graded", "undecided", "withheld")
    ]
    counts += [
        (words.grade(band.id), grades[band.id]) for band in reversed(computed.recipe.scheme.grades)
    ]
    widest = max(_columns(name) for name, _ in counts)
    lines = [words.text(f"scheme.{computed.recipe.scheme_name}.title")]
    for name, count in counts:
        padding = " " * (widest - _columns(name))
        share = words.percent(count, len(units))
        lines.append(f"  {name}{padding}  {words.number(count):>9}  {share:>8}")
    lines.append(f"  {words.text('page.results_hash')}  {computed.results_hash}")
    return "\n".join(lines)


def _columns(text: str) -> int:
    """Count the columns that a text takes on a terminal; a Chinese sign takes two."""
    return sum(2 if sign > CHINESE_FROM else 1 for sign in text)


def _report_differences(found: Verification, words: Words) -> None:
    """Say on standard error which programs have another version than when the folder was made."""
    for name, then, now in found.other_versions:
        message = words.text("verify.other_version", name=name, then=then, now=now)
        click.echo(message, err=True)
    if any(one.state == "exact_text" for one in found.checked):
        click.echo(words.text("verify.other_fonts"), err=True)


def _findings(found: Verification) -> bytes:
    wrong = None
    if found.wrong is not None:
        wrong = {"object": found.wrong.name, "reason": found.wrong.reason}
    head = {"right": found.is_right, "wrong": wrong}
    checked = [{"object": one.name, "state": one.state} for one in found.checked]
    return records_json(head, {"checked": checked})


def _findings_in_words(found: Verification, words: Words) -> list[str]:
    checked = sorted(found.checked, key=lambda one: one.name)
    widest = max((len(one.name) for one in checked), default=0)
    lines = [f"{one.name:<{widest}}  {words.text(f'verify.{one.state}')}" for one in checked]
    if found.is_right:
        lines.append(words.text("verify.right", n=len(checked)))
    return lines


def _wrong_in_words(found: Verification, words: Words) -> str:
    if found.wrong is None:
        raise ValueError("found must have something wrong; got a right folder")
    reason = words.text(f"verify.{found.wrong.reason}")
    return words.text("verify.wrong", name=found.wrong.name, reason=reason)
