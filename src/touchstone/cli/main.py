"""The `touchstone` command: collects the commands and turns faults into exit codes.

Exit 0: done. Exit 1: the check failed. Exit 2: bad input or usage.
"""

import sys
from importlib.metadata import entry_points

import click

from touchstone import __version__
from touchstone.base.errors import TouchstoneError

EXIT_BAD_INPUT = 2
LIBRARY_COMMANDS: tuple[click.Command, ...] = ()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="touchstone")
def touchstone() -> None:
    """Ask, freeze, measure, assess, act, measure again."""


def main() -> None:
    """Run the command line; faults in the input go to standard error with exit code 2."""
    for command in LIBRARY_COMMANDS:
        touchstone.add_command(command)
    for entry in entry_points(group="touchstone.commands"):
        touchstone.add_command(entry.load(), entry.name)
    try:
        touchstone(prog_name="touchstone")
    except TouchstoneError as fault:
        click.echo(str(fault), err=True)
        sys.exit(EXIT_BAD_INPUT)
