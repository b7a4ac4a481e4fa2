"""Options that several commands take: names of columns, and how sure an interval is."""

import csv
from typing import Any, TypeVar

import click

from touchstone.content.texts import LANGUAGES
from touchstone.formats.raw_tables import clean_heading

Command = TypeVar("Command", bound=Any)


def columns(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> tuple[str, ...]:
    """Split names of columns at commas; a name with a comma stands in quotation marks."""
    if value is None:
        return ()
    names = tuple(clean_heading(name) for name in next(csv.reader([value]), []))
    if not names or not all(names):
        raise click.BadParameter(f"{value!r} has an empty name.")
    if len(set(names)) < len(names):
        raise click.BadParameter(f"{value!r} names a column twice.")
    return names


def column(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Trim the name of one column."""
    return None if value is None else clean_heading(value)


def shown(command: Command) -> Command:
    """Add the options of how figures are shown: confidence, language and JSON."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Write all figures as JSON."),
        click.option(
            "--language", type=click.Choice(LANGUAGES), default="en", help="Language of words."
        ),
        click.option(
            "--confidence",
            type=click.FloatRange(0, 1, min_open=True, max_open=True),
            default=0.95,
            show_default=True,
            help="How sure intervals are.",
        ),
    ):
        command = option(command)
    return command
