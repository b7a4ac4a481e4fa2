"""`touchstone change`: how a mean changed from wave to wave, when waves share respondents."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import click

from touchstone.cli.aligned_tables import outcome_text
from touchstone.cli.coded_columns import read_columns
from touchstone.cli.options import column, columns, shown
from touchstone.formats.readers import read_table
from touchstone.reports.outcome_tables import json_text, number, outcome_record, readable
from touchstone.reports.words import Words, format_number
from touchstone.stats.changes.wave_changes import Change, changes_of_series
from touchstone.stats.changes.wave_sums import WaveColumns, Waves


class Found(NamedTuple):
    """One change within one domain."""

    by: dict[str, str | None]
    change: Change


@click.command()
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--wave", required=True, callback=column, metavar="W", help="Waves, in order.")
@click.option("--value", required=True, callback=column, metavar="Y", help="What was answered.")
@click.option(
    "--respondent", callback=column, metavar="R", help="Who answered, the same in all waves."
)
@click.option("--weight", callback=column, metavar="W", help="Weights of the answers.")
@click.option("--by", callback=columns, metavar="D[,D…]", help="Columns that make domains.")
@click.option("--since", metavar="WAVE", help="Hold all later waves against this one.")
@click.option(
    "--break", "breaks", multiple=True, metavar="WAVE",
    help="From this wave on something else was measured; may stand several times.",
)  # fmt: skip
@shown
def change(
    data: Path,
    since: str | None,
    breaks: tuple[str, ...],
    confidence: float,
    language: str,
    as_json: bool,
    **names: Any,
) -> None:
    """Tell how the mean of answers in DATA (CSV, CSV.gz, XLSX or Parquet) changed.

    Each wave is held against the one before it. Respondents of both waves make the error of the
    change smaller when they answer alike. There is no change across a break of the series.
    """
    with data.open("rb") as stream:
        raw = read_table(stream, where=data.name)
    described = WaveColumns(**names)
    numbers = [name for name in (described.value, described.weight) if name]
    others = (described.wave, described.respondent, *described.by)
    texts = [name for name in others if name]
    waves = Waves(read_columns(raw, numbers=numbers, texts=texts), described)
    found = list(_changes(waves, described.by, since, breaks, Decimal(str(confidence))))
    if as_json:
        click.echo(json_text({"waves": list(waves.names), "changes": list(map(_record, found))}))
    else:
        click.echo(_report(found, Words(language), confidence=confidence))


def _changes(
    waves: Waves,
    by: tuple[str, ...],
    since: str | None,
    breaks: tuple[str, ...],
    confidence: Decimal,
) -> Iterable[Found]:
    known = waves.names
    pairs = list(pairwise(known))
    if since is not None:
        place = known.index(since) if since in known else -1
        pairs = [(since, later) for later in known[place + 1 :]]
    overlaps = {pair: waves.overlaps(pair) for pair in pairs if pair[0] in known}
    for domain, sums in enumerate(waves.sums()):
        labels = dict(zip(by, waves.domains[domain], strict=True))
        shared = {pair: found[domain] for pair, found in overlaps.items()}
        for one in changes_of_series(sums, shared, pairs, breaks=breaks, confidence=confidence):
            yield Found(labels, one)


def _record(found: Found) -> dict[str, Any]:
    change = found.change
    figures = {
        name: None if figure is None else number(figure)
        for name, figure in (
            ("mean_before", change.mean_before),
            ("mean_after", change.mean_after),
            ("covariance", change.covariance),
            ("se_apart", change.se_apart),
        )
    }
    of = {"by": found.by, "before": change.before, "after": change.after}
    return of | outcome_record(change.outcome) | {"overlap": change.overlap} | figures


def _report(found: list[Found], words: Words, *, confidence: float) -> str:
    if not found:
        return words.text("change.one_wave")
    rows = [
        (
            {
                **({"domain": _domain(one, words)} if one.by else {}),
                "before": one.change.before,
                "after": one.change.after,
                "overlap": format_number(one.change.overlap),
                "se_apart": readable(one.change.se_apart, words),
            },
            one.change.outcome,
        )
        for one in found
    ]
    return outcome_text(rows, words, confidence=confidence)


def _domain(found: Found, words: Words) -> str:
    return " / ".join(text or words.text("sign.none") for text in found.by.values())
