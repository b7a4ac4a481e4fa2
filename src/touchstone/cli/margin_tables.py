"""Margins as the command line takes them: files of targets, or written out."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pyarrow as pa

from touchstone.base.errors import TouchstoneError
from touchstone.formats.numbers import parse_numbers
from touchstone.formats.raw_tables import clean_heading
from touchstone.formats.readers import read_table
from touchstone.stats.calibration.distances import Bounds
from touchstone.stats.calibration.target_tables import MarginTargets

NAMES = ("margin", "category", "target")
SLASH = "/"
Told = tuple[str, str | None, str | None, str]


def margins_option(
    _context: click.Context, _option: click.Parameter, value: Sequence[str]
) -> tuple[MarginTargets, ...]:
    """Read margins: each value is a file with targets, or `COLUMN:CATEGORY=TARGET,…`."""
    told = [line for text in value for line in _told(text)]
    return _gathered(told)


def two_numbers(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> Bounds | None:
    """Read a lower and an upper bound."""
    if value is None:
        return None
    try:
        low, high = (float(part) for part in value.split(","))
    except ValueError:
        low = high = float("nan")
    if not 0 <= low < high < float("inf"):
        raise click.BadParameter(f"{value!r} is not two numbers of 0 or more, such as 0.3,3.")
    return low, high


def _told(text: str) -> Iterator[Told]:
    """Give (margin, category, target, where) of each target."""
    if Path(text).is_file():
        yield from _of_file(Path(text))
        return
    name, colon, rest = text.partition(":")
    if not colon:
        raise click.BadParameter(
            f"{text!r} is neither a file nor COLUMN:CATEGORY=TARGET,… such as sex:f=51,m=49."
        )
    for part in next(csv.reader([rest]), []):
        category, equals, target = part.rpartition("=")
        yield clean_heading(name), category if equals else None, target, f"margin {name!r}"


def _of_file(path: Path) -> Iterator[Told]:
    with path.open("rb") as stream:
        raw = read_table(stream, where=path.name)
    missing = [name for name in NAMES if name not in raw.rows.column_names]
    if missing:
        raise TouchstoneError(
            "CALIBRATION-09",
            where=path.name,
            found=f"no column {missing[0]!r}",
            remedy="Give the columns margin, category and target, one row for each category.",
        )
    columns = [raw.rows.column(name).to_pylist() for name in NAMES]
    for row, (margin, category, target) in enumerate(zip(*columns, strict=True)):
        if margin is not None:
            yield clean_heading(margin), category, target, raw.place(row)


def _gathered(told: Sequence[Told]) -> tuple[MarginTargets, ...]:
    targets: dict[str, dict[tuple[str, ...], float]] = {}
    for margin, category, target, where in told:
        numbers = parse_numbers(pa.chunked_array([pa.array([target], pa.string())]), places=None)
        if target is None or numbers.total_faults:
            raise TouchstoneError(
                "CALIBRATION-01",
                where=where,
                found=f"the target {target or ''!r}",
                remedy="Give targets as numbers of 0 or more.",
            )
        columns = margin.split(SLASH)
        label = () if not category else tuple(clean_heading(one) for one in category.split(SLASH))
        if label and len(label) != len(columns):
            raise TouchstoneError(
                "CALIBRATION-09",
                where=where,
                found=f"the category {category!r} of the margin {margin!r}",
                remedy="Give one text for each column of the margin, with slashes between.",
            )
        known = targets.setdefault(margin, {})
        if label in known or (known and (() in known or not label)):
            raise TouchstoneError(
                "CALIBRATION-09",
                where=where,
                found=f"a second target for {category or margin!r}",
                remedy="Give each category one target, and a number only its total.",
            )
        known[label] = float(target)
    return tuple(
        MarginTargets(tuple(clean_heading(one) for one in margin.split(SLASH)), known)
        for margin, known in targets.items()
    )
