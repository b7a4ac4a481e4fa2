"""What analyses found, on the terminal: tables and sentences, or JSON."""

from typing import Any

import click

from touchstone.cli.aligned_tables import written
from touchstone.reports.outcome_tables import json_text
from touchstone.reports.shown_tables import Shown


def tell(shown: Shown, record: Any, *, as_json: bool) -> None:
    """Write what was found to standard output, and its notes to standard error."""
    for note in shown.notes:
        click.echo(note, err=True)
    click.echo(json_text(record) if as_json else written(shown.parts))
