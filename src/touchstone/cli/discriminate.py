"""The command `discriminate`: does the scheme of a results folder tell its units apart?"""

import sys
from pathlib import Path

import click

from touchstone.base.errors import TouchstoneError
from touchstone.cli.aligned_tables import aligned
from touchstone.cli.folders import FolderFiles
from touchstone.loop.results import Discrimination
from touchstone.reports.discrimination_pages import discrimination_in_words
from touchstone.reports.folders import verify_folder
from touchstone.reports.grade_tables import discrimination_record
from touchstone.reports.tables import records_json
from touchstone.reports.words import Words

EXIT_CHECK_FAILED = 1
SHARES = range(1, 9)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON.")
def discriminate(folder: Path, as_json: bool) -> None:
    """Say how far the scheme of FOLDER, written by `assess`, tells its units apart.

    What brings the differences, which components saturate, how much is sampling error, and what
    order would last. The folder is verified first; one that is not right ends the command with exit
    code 1. Words are in the folder's language.
    """
    found = verify_folder(FolderFiles(folder))
    if found.wrong is not None:
        reason = Words("en").text(f"verify.{found.wrong.reason}")
        click.echo(f"{found.wrong.name}: {reason}", err=True)
        sys.exit(EXIT_CHECK_FAILED)
    if found.computed is None or found.computed.assessment.discrimination is None:
        raise TouchstoneError(
            "RESULTS-08",
            where=str(folder),
            found="a published folder has no evidence to compute from",
            remedy="Give the folder that `touchstone assess` wrote.",
        )
    words, told = found.computed.recipe.words, found.computed.assessment.discrimination
    if as_json:
        click.echo(records_json(discrimination_record(told, words), {}), nl=False)
    else:
        click.echo(_report(told, words))


def _report(found: Discrimination, words: Words) -> str:
    told = discrimination_in_words(found, words)
    if told is None:
        raise ValueError("found must hold a report; got none")
    rows = [row[:-1] for row in told.rows]
    return "\n".join(
        [
            words.text("discrimination.title"),
            *(f"  {sentence}" for sentence in told.verdicts),
            "",
            told.basis,
            "",
            aligned([list(told.heads[:-1]), *map(list, rows)], right=SHARES),
            "",
            aligned([list(pair) for pair in told.figures], right=range(1, 2)),
        ]
    )
