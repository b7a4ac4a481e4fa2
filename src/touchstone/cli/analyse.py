"""`touchstone analyse`: the analyses that a pack asks for, without an assessment."""

from pathlib import Path
from typing import Any

import click

from touchstone.base.errors import TouchstoneError
from touchstone.cli.aligned_tables import written
from touchstone.content.names import name_like
from touchstone.content.packs import Pack, read_pack
from touchstone.content.texts import LANGUAGES
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.kinds import analyse
from touchstone.loop.freeze import freeze
from touchstone.reports.analyses.kinds import analysis_record, show_analysis
from touchstone.reports.outcome_tables import json_text
from touchstone.reports.words import Words


@click.command("analyse")
@click.argument("evidence", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pack", "pack_name", required=True, help="Name of a shipped pack, or a folder.")
@click.option(
    "--analysis",
    "names",
    multiple=True,
    required=True,
    help="Name of one of the pack's analyses; may stand several times.",
)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Language of words.")
@click.option("--json", "as_json", is_flag=True, help="Write all figures as JSON.")
def analyse_command(
    evidence: Path, pack_name: str, names: tuple[str, ...], language: str, as_json: bool
) -> None:
    """Make analyses of a pack from EVIDENCE (CSV, CSV.gz, XLSX or Parquet).

    The evidence is frozen as the pack's dataset says. Several analyses must be of one dataset.
    Schemes that name analyses have them made with each assessment.
    """
    pack = read_pack(pack_name)
    specs = {name: _spec(pack, name) for name in dict.fromkeys(names)}
    datasets = sorted({spec.dataset for spec in specs.values()})
    if len(datasets) > 1:
        raise click.UsageError(f"These analyses are of several datasets: {', '.join(datasets)}.")
    dataset = pack.datasets[datasets[0]]
    with evidence.open("rb") as stream:
        snapshot = freeze(read_table(stream, where=evidence.name), dataset)
    found = {name: analyse(spec, snapshot, dataset=dataset) for name, spec in specs.items()}
    if as_json:
        records = [analysis_record(name, specs[name], one) for name, one in found.items()]
        click.echo(json_text({"pack": pack.name, "analyses": records}))
    else:
        words = Words(language, pack.texts[language])
        parts = [_told(name, specs[name], found[name], words) for name in specs]
        click.echo("\n\n".join(parts))


def _spec(pack: Pack, name: str) -> Any:
    if name not in pack.analyses:
        raise TouchstoneError(
            "RESULTS-09",
            where=f"pack {pack.name!r}",
            found=f"no analysis {name!r}",
            remedy=f"{name_like(name, pack.analyses)}.",
        )
    return pack.analyses[name]


def _told(name: str, spec: Any, found: Any, words: Words) -> str:
    """Write an analysis under its title, its notes first."""
    shown = show_analysis(spec, found, words)
    head = words.text(f"analysis.{name}.title")
    return written([head, *shown.notes, *shown.parts])
