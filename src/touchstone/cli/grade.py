"""`touchstone grade`: grades of frozen evidence that need not fit into memory, as one table."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import cast

import click
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from touchstone.base.errors import TouchstoneError
from touchstone.cli.aligned_tables import aligned
from touchstone.cli.folders import refuse_used
from touchstone.content.packs import read_pack
from touchstone.content.texts import LANGUAGES
from touchstone.loop.stored_grades import grade_stored
from touchstone.reports.recipes import Recipe, recipe_of
from touchstone.tallies.engine import ENGINES_OF_FILES, EngineName
from touchstone.tallies.stored_snapshots import StoredSnapshot, open_snapshot

KINDS = (".parquet", ".csv")
STATUSES = ("graded", "undecided", "withheld")


@click.command()
@click.argument("snapshot", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pack", "pack_name", required=True, help="Name of a shipped pack, or a folder.")
@click.option("--scheme", required=True, help="Name of one of the pack's schemes.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="New table, Parquet or CSV by its name's end.",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES_OF_FILES),
    default="duckdb",
    show_default=True,
    help="What sums the rows; both give equal figures.",
)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Language of words.")
def grade(
    snapshot: Path, pack_name: str, scheme: str, out: Path, engine: str, language: str
) -> None:
    """Grade every unit of SNAPSHOT, frozen evidence in Parquet as `assess --out` keeps it.

    Figures, places and grades are those of `assess`. Where a scheme weighs means and shares of
    answers, the file is summed without being loaded, so that it may be larger than memory.
    """
    if out.suffix not in KINDS:
        raise click.BadParameter(f"{out.name!r} must end in {' or '.join(KINDS)}.")
    refuse_used(out)
    recipe = recipe_of(read_pack(pack_name), scheme, language=language)
    stored = open_snapshot(snapshot)
    _find_columns(stored, recipe)
    table = grade_stored(
        stored,
        recipe.scheme,
        dataset=recipe.dataset,
        indicators=recipe.indicators,
        schemes=recipe.schemes,
        engine=cast(EngineName, engine),
    )
    _write(table, out)
    click.echo(_summary(table, recipe))
    click.echo(recipe.words.text("summary.written", folder=str(out)), err=True)


def _find_columns(stored: StoredSnapshot, recipe: Recipe) -> None:
    known = {column.name for column in stored.columns}
    for spec in recipe.dataset.columns:
        if spec.name not in known:
            raise TouchstoneError(
                "EVIDENCE-01",
                where=stored.path.name,
                found=f"no column {spec.name!r}",
                remedy="Take a snapshot that was frozen for this pack.",
            )


def _write(table: pa.Table, out: Path) -> None:
    """Write the table beside its place, then move it there: it is whole or not there."""
    beside = out.with_name(f".{out.name}.{token_hex(8)}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("xb") as file:
            if out.suffix == ".csv":
                pa_csv.write_csv(table, file)
            else:
                pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        beside.rename(out)
    except OSError as fault:
        raise TouchstoneError(
            "RESULTS-04",
            where=str(out),
            found=f"the file cannot be written ({fault.strerror})",
            remedy="Give a place with enough room where the program may write.",
        ) from fault
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _summary(table: pa.Table, recipe: Recipe) -> str:
    """Give the number of units by status and grade."""
    words, total = recipe.words, table.num_rows
    statuses = _counts(table["status"])
    grades = _counts(table["grade"])
    counts = [(words.text("page.in_all"), total)]
    counts += [(words.text(f"page.{status}"), statuses.get(status, 0)) for status in STATUSES]
    counts += [
        (words.grade(band.id), grades.get(band.id, 0)) for band in reversed(recipe.scheme.grades)
    ]
    lines = [
        ("", name, words.number(count), words.percent(count, total) if total else "")
        for name, count in counts
    ]
    title = words.text(f"scheme.{recipe.scheme_name}.title")
    return f"{title}\n{aligned(lines, right=(2, 3))}"


def _counts(values: pa.ChunkedArray) -> dict[str | None, int]:
    """Count how often each text stands in a column."""
    return {one["values"]: one["counts"] for one in pc.value_counts(values).to_pylist()}
