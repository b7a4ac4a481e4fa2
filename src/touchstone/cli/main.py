"""The `touchstone` command: finds the commands and turns faults into exit codes.

Exit 0: done. Exit 1: the check failed. Exit 2: bad input or usage.
"""

import sys
from importlib.metadata import EntryPoint, entry_points

import click

from touchstone import __version__
from touchstone.base.errors import TouchstoneError

EXIT_BAD_INPUT = 2
GROUP = "touchstone.commands"
LIBRARY_COMMANDS = {
    "agree": "touchstone.cli.agree:agree",
    "analyse": "touchstone.cli.analyse:analyse_command",
    "areas": "touchstone.cli.areas:areas",
    "assess": "touchstone.cli.assess:assess",
    "calibrate": "touchstone.cli.calibrate:calibrate_command",
    "change": "touchstone.cli.change:change",
    "contribution": "touchstone.cli.contribution:contribution",
    "discriminate": "touchstone.cli.discriminate:discriminate",
    "drivers": "touchstone.cli.drivers:drivers",
    "effect": "touchstone.cli.effect:effect",
    "disclosure": "touchstone.cli.disclosure:disclosure",
    "estimate": "touchstone.cli.estimate:estimate",
    "forecast": "touchstone.cli.forecast:forecast",
    "grade": "touchstone.cli.grade:grade",
    "index": "touchstone.cli.index:index",
    "pack": "touchstone.cli.packs:pack",
    "packs": "touchstone.cli.packs:packs",
    "publish": "touchstone.cli.assess:publish",
    "rate": "touchstone.cli.rate:rate",
    "reliability": "touchstone.cli.reliability:reliability",
    "score": "touchstone.cli.score:score",
    "shortfalls": "touchstone.cli.shortfalls:shortfalls",
    "verify": "touchstone.cli.assess:verify",
}


class CommandTable(click.Group):
    """Commands that are loaded when they are called, so that each starts as fast as it can.

    Those of other installed packages, such as the web side, join through the entry-point group
    `touchstone.commands`.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Name all commands in alphabetical order."""
        return sorted({*LIBRARY_COMMANDS, *(entry.name for entry in entry_points(group=GROUP))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command; None when there is none of that name."""
        if cmd_name in LIBRARY_COMMANDS:
            entry = EntryPoint(cmd_name, LIBRARY_COMMANDS[cmd_name], GROUP)
        else:
            found = [entry for entry in entry_points(group=GROUP) if entry.name == cmd_name]
            if not found:
                return None
            entry = found[0]
        command: click.Command = entry.load()
        return command


@click.command(cls=CommandTable, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="touchstone")
def touchstone() -> None:
    """Ask, freeze, measure, assess, act, measure again."""


def main() -> None:
    """Run the command line; faults in the input go to standard error with exit code 2."""
    try:
        touchstone(prog_name="touchstone")
    except TouchstoneError as fault:
        click.echo(str(fault), err=True)
        sys.exit(EXIT_BAD_INPUT)
