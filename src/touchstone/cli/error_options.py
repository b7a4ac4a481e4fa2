"""Options of `touchstone estimate` for unequal chances and replicate weights."""

import fnmatch
from pathlib import Path
from typing import Any, TypeVar

import click

from touchstone.base.errors import TouchstoneError
from touchstone.cli.options import columns
from touchstone.formats.raw_tables import RawTable
from touchstone.formats.readers import read_table
from touchstone.loop.analyses.error_sources import ErrorRequest
from touchstone.stats.sampling.replicates import METHODS
from touchstone.stats.sampling.unequal_chances import PairForm

Command = TypeVar("Command", bound=Any)
CHANCES = ("brewer", "hartley-rao", "overton", "joint")
FORMS: dict[str, PairForm] = {"yg": "yates_grundy", "ht": "horvitz_thompson"}
GIVEN_METHODS = (*METHODS, "sdr")
TAKEN = tuple(name for name in ErrorRequest._fields if name != "pair_form")
JOINT_COLUMNS = ("unit", "other", "chance")


def _numbers(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> tuple[float, ...]:
    """Read numbers of 0 or more."""
    if value is None:
        return ()
    try:
        numbers = tuple(float(part) for part in value.split(","))
    except ValueError:
        numbers = (float("nan"),)
    if not all(0 <= one < float("inf") for one in numbers):
        raise click.BadParameter(f"{value!r} is not numbers of 0 or more, such as 0.5,0.5.")
    return numbers


OPTIONS = (
    click.option(
        "--pps",
        type=click.Choice(CHANCES),
        help="Units drawn with unequal chances, which the first --fpc column holds.",
    ),
    click.option(
        "--joint",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="For --pps joint: chances that two units were drawn: unit, other, chance.",
    ),
    click.option(
        "--pair-variance",
        type=click.Choice(sorted(FORMS)),
        default="yg",
        show_default=True,
        help="Of Sen, Yates and Grundy, or of Horvitz and Thompson.",
    ),
    click.option(
        "--replicates",
        type=click.Choice(GIVEN_METHODS),
        help="Errors from replicate weights made by, or given as of, this method.",
    ),
    click.option(
        "--replicate-weights",
        callback=columns,
        metavar="R[,R…]",
        help="Columns of given replicate weights; * and ? stand for signs, such as rep*.",
    ),
    click.option("--replicate-count", type=click.IntRange(2), default=500, show_default=True,
                 help="How many replicates of the bootstrap."),
    click.option("--seed", type=int, default=1, show_default=True, help="Seed of the bootstrap."),
    click.option("--rho", type=click.FloatRange(0, 1, max_open=True), default=0.5,
                 show_default=True, help="Fay's coefficient."),
    click.option("--scale", type=click.FloatRange(0), help="Scale of given replicate weights."),
    click.option("--scales", callback=_numbers, metavar="S,S,…",
                 help="Scale of each column of given replicate weights."),
    click.option("--around-estimate", is_flag=True,
                 help="Take replicates' distances to the estimate, not to their mean."),
)  # fmt: skip


def error_options(command: Command) -> Command:
    """Add the options; `take_errors` takes their values."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def take_errors(options: dict[str, Any], raw: RawTable) -> ErrorRequest:
    """Take the values of these options, with the names that patterns of columns stand for."""
    taken = {name: options.pop(name) for name in TAKEN}
    names: list[str] = []
    for pattern in taken["replicate_weights"]:
        found = fnmatch.filter(raw.rows.column_names, pattern)
        if not found:
            raise TouchstoneError(
                "DESIGN-09",
                where=f"replicate weights {pattern!r}",
                found="no column of such a name",
                remedy="Name the columns, or a pattern such as rep*.",
            )
        names += found
    _refuse_incomplete(taken)
    joint = None if taken["joint"] is None else _joint_chances(taken["joint"])
    form = FORMS[options.pop("pair_variance")]
    return ErrorRequest(**taken)._replace(
        replicate_weights=tuple(dict.fromkeys(names)), joint=joint, pair_form=form
    )


def _refuse_incomplete(taken: dict[str, Any]) -> None:
    """Refuse options that need another one beside them."""
    method, given = taken["replicates"], taken["replicate_weights"]
    if method == "sdr" and not given:
        raise click.UsageError(f"--replicates {method} needs --replicate-weights.")
    if given and method is None and taken["scale"] is None:
        raise click.UsageError(
            "Give --replicates with the method of the given weights, or --scale."
        )
    if taken["pps"] == "joint" and taken["joint"] is None:
        raise click.UsageError("--pps joint needs --joint FILE and --cluster with its units.")


def _joint_chances(path: Path) -> dict[tuple[str, str], float]:
    """Read the chances of pairs; units are named by the texts of the first cluster column."""
    with path.open("rb") as stream:
        raw = read_table(stream, where=path.name)
    missing = [name for name in JOINT_COLUMNS if name not in raw.rows.column_names]
    if missing:
        _refuse_joint(path.name, f"no column {missing[0]!r}")
    cells = [raw.rows.column(name).to_pylist() for name in JOINT_COLUMNS]
    chances: dict[tuple[str, str], float] = {}
    for row, (one, other, chance) in enumerate(zip(*cells, strict=True)):
        try:
            chances[one, other] = float(chance)
        except (TypeError, ValueError):
            _refuse_joint(raw.place(row), f"units {one!r} and {other!r}, chance {chance!r}")
    return chances


def _refuse_joint(where: str, found: str) -> None:
    raise TouchstoneError(
        "DESIGN-08",
        where=where,
        found=found,
        remedy="Give the columns unit, other and chance: names of units as in the first cluster "
        "column, and a number.",
    )
