"""`touchstone shortfalls`: the weakest planks, and importance beside performance."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from touchstone.cli.coded_columns import read_columns
from touchstone.cli.findings import tell
from touchstone.cli.options import column, shown
from touchstone.content.analyses.shortfalls import ShortfallsSpec
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.shortfalls import shortfalls_of_rows
from touchstone.reports.analyses.shortfalls import shortfalls_record, show_shortfalls
from touchstone.reports.words import Words
from touchstone.stats.shortfalls.false_discoveries import CONTROLS

SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)


@click.command()
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--plank", required=True, callback=column, metavar="P", help="Names of the planks.")
@click.option("--performance", required=True, callback=column, metavar="Y", help="Performance.")
@click.option("--se", required=True, callback=column, metavar="S", help="Its standard error.")
@click.option(
    "--target", required=True, callback=column, metavar="T",
    help="What performance should be: a column, or one number for all.",
)  # fmt: skip
@click.option("--importance", required=True, callback=column, metavar="I", help="Importance.")
@click.option("--importance-se", callback=column, metavar="S", help="Standard error of I, if any.")
@click.option("--lower-is-better", is_flag=True, help="Performance should be small.")
@click.option(
    "--importance-cut", type=float, metavar="X", help="Where the fields part; else the mean."
)
@click.option(
    "--performance-cut", type=float, metavar="X", help="Where the fields part; else the mean."
)
@click.option(
    "--control", type=click.Choice(CONTROLS), default=CONTROLS[0], show_default=True,
    help="How false findings are held down.",
)  # fmt: skip
@click.option(
    "--false-rate", type=SHARE, default=0.05, show_default=True,
    help="Share of false findings among the planks shown as short.",
)  # fmt: skip
@shown
def shortfalls(
    data: Path,
    target: str,
    lower_is_better: bool,
    language: str,
    as_json: bool,
    **options: Any,
) -> None:
    """Rank shortfalls in DATA (CSV, CSV.gz, XLSX or Parquet), one row for each plank.

    A plank is short when its gap to the target is shown beyond chance, with all planks tested
    together; the priority is importance times gap. Beside that each plank stands in one of four
    fields by importance and performance, or is undecided.
    """
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    is_column = target in raw.rows.column_names
    spec = ShortfallsSpec(
        target=target if is_column else None,
        one_target=None if is_column else _number(target),
        better="less" if lower_is_better else "more",
        smallest_group=0,
        **{name: _exact(value) for name, value in options.items()},
    )
    named = (spec.performance, spec.se, spec.importance, spec.importance_se, spec.target)
    numbers = tuple(dict.fromkeys(name for name in named if name))
    snapshot = read_columns(raw, numbers=numbers, texts=(str(spec.plank),))
    found = shortfalls_of_rows(spec, Evidence(snapshot, raw.source))
    record = shortfalls_record(spec, found)
    tell(show_shortfalls(spec, found, Words(language)), record, as_json=as_json)


def _exact(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, float) else value


def _number(target: str) -> Decimal:
    try:
        value = Decimal(target)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise click.UsageError(f"--target: {target!r} is neither a column nor a number.")
    return value
