"""`touchstone pack check` and `touchstone packs`: packs before anything is assessed with them.

With --json the result stands on standard output; what is for people goes to standard error.
"""

import json
import sys

import click

from touchstone.content.packs import Pack, check_pack, find_pack, read_pack, shipped_packs

EXIT_FAULTS = 1
JSON_HELP = "Write the result as JSON to standard output."


@click.group()
def pack() -> None:
    """Check packs of indicators, schemes and texts."""


@pack.command()
@click.argument("pack", metavar="PACK")
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def check(pack: str, as_json: bool) -> None:
    """Find all faults of PACK, a folder or the name of a shipped pack.

    Exit 0: no faults. Exit 1: faults, one on a line. Exit 2: there is no such pack.
    """
    faults = check_pack(pack)
    if as_json:
        click.echo(
            _as_json(
                {
                    "pack": pack,
                    "ok": not faults,
                    "faults": [
                        {"code": f.code, "where": f.where, "found": f.found, "remedy": f.remedy}
                        for f in faults
                    ],
                }
            )
        )
    else:
        for fault in faults:
            click.echo(str(fault), err=True)
        click.echo(f"{find_pack(pack).name}: {len(faults) or 'no'} fault{'s' * (len(faults) != 1)}")
    if faults:
        sys.exit(EXIT_FAULTS)


@click.command()
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
def packs(as_json: bool) -> None:
    """List the packs that come with the program, with their schemes."""
    shipped = [read_pack(name) for name in shipped_packs()]
    if as_json:
        click.echo(_as_json([_record(pack) for pack in shipped]))
        return
    for pack in shipped:
        click.echo(f"{pack.name} (version {pack.version}): {pack.texts['en']['pack.title']}")
        for scheme in pack.schemes:
            click.echo(f"  {scheme}: {pack.texts['en'][f'scheme.{scheme}.title']}")


def _record(pack: Pack) -> dict[str, object]:
    """Give what tells a pack as plain data; its content hash says which edition it is."""
    texts = pack.texts["en"]
    return {
        "name": pack.name,
        "version": pack.version,
        "title": texts["pack.title"],
        "schemes": [
            {"name": name, "title": texts[f"scheme.{name}.title"], "dataset": scheme.dataset}
            for name, scheme in pack.schemes.items()
        ],
        "evidence": {name: str(path) for name, path in pack.evidence.items()},
        "content_hash": pack.content_hash,
    }


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
