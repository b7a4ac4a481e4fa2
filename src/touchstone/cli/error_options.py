"""Options of `touchstone estimate` for unequal chances and replicate weights."""

import fnmatch
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click
import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.cli.options import columns
from touchstone.formats.raw_tables import RawTable
from touchstone.formats.readers import read_table
from touchstone.stats.designs import Design
from touchstone.stats.sampling.replicates import (
    METHODS,
    Replicates,
    balanced,
    bootstrap,
    given_replicates,
    jackknife,
    usual_scale,
)
from touchstone.stats.sampling.samples import Floats, Sample, numbers_of
from touchstone.stats.sampling.unequal_chances import (
    ApproximatePairs,
    KnownPairs,
    PairForm,
    PairSpread,
    known_pairs,
)
from touchstone.stats.sampling.unit_spread import LoneUnits, UnitSpread
from touchstone.tallies.tables import Snapshot

Command = TypeVar("Command", bound=Any)
CHANCES = ("brewer", "hartley-rao", "overton", "joint")
FORMS: dict[str, PairForm] = {"yg": "yates_grundy", "ht": "horvitz_thompson"}
GIVEN_METHODS = (*METHODS, "sdr")
JOINT_COLUMNS = ("unit", "other", "chance")


class ErrorRequest(NamedTuple):
    """How errors are to be found, beyond the spread of units; see the options' help."""

    pps: str | None
    joint: Path | None
    pair_variance: str
    replicates: str | None
    replicate_weights: tuple[str, ...]
    replicate_count: int
    seed: int
    rho: float
    scale: float | None
    scales: tuple[float, ...]
    around_estimate: bool

    @property
    def is_plain(self) -> bool:
        """Tell that errors follow from strata, clusters and population sizes alone."""
        return not (self.pps or self.replicates or self.replicate_weights)


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
    taken = ErrorRequest(*(options.pop(name) for name in ErrorRequest._fields))
    names: list[str] = []
    for pattern in taken.replicate_weights:
        found = fnmatch.filter(raw.rows.column_names, pattern)
        if not found:
            raise TouchstoneError(
                "DESIGN-09",
                where=f"replicate weights {pattern!r}",
                found="no column of such a name",
                remedy="Name the columns, or a pattern such as rep*.",
            )
        names += found
    return taken._replace(replicate_weights=tuple(dict.fromkeys(names)))


def spread_of(
    snapshot: Snapshot,
    design: Design,
    sample: Sample,
    request: ErrorRequest,
    *,
    lone_units: LoneUnits,
) -> UnitSpread | PairSpread:
    """Give the spread that linearisation takes errors from."""
    if request.pps in (None, "brewer"):
        return UnitSpread(sample, lone_units)
    form = FORMS[request.pair_variance]
    if request.pps == "joint":
        return PairSpread(sample, _joint_chances(snapshot, design, sample, request.joint), form)
    method = ApproximatePairs("hartley_rao" if request.pps == "hartley-rao" else "overton")
    return PairSpread(sample, method, form)


def replicates_of(snapshot: Snapshot, sample: Sample, request: ErrorRequest) -> Replicates:
    """Make replicate weights, or take those that are given."""
    method = request.replicates
    if request.replicate_weights:
        return _given(snapshot, sample, request)
    made: dict[str | None, Callable[[], Replicates]] = {
        "jk1": lambda: jackknife(sample, by_stratum=False),
        "jkn": lambda: jackknife(sample, by_stratum=True),
        "brr": lambda: balanced(sample),
        "fay": lambda: balanced(sample, rho=request.rho),
        "bootstrap": lambda: bootstrap(sample, count=request.replicate_count, seed=request.seed),
    }
    if method not in made:
        raise click.UsageError(f"--replicates {method} needs --replicate-weights.")
    return replace(made[method](), around_estimate=request.around_estimate)


def _given(snapshot: Snapshot, sample: Sample, request: ErrorRequest) -> Replicates:
    names = request.replicate_weights
    weights = np.column_stack([numbers_of(snapshot, name) for name in names])
    scale = request.scale
    if scale is None:
        if request.replicates is None:
            raise click.UsageError("Give --replicates with the method of the given weights, "
                                   "or --scale.")  # fmt: skip
        scale = usual_scale(request.replicates, len(names), rho=request.rho)
    scales: Floats | None = np.array(request.scales) if request.scales else None
    return given_replicates(
        sample.weights,
        weights,
        scale=scale,
        scales=scales,
        around_estimate=request.around_estimate,
    )


def _joint_chances(
    snapshot: Snapshot, design: Design, sample: Sample, path: Path | None
) -> KnownPairs:
    """Read the chances of pairs; units are named by the texts of the first cluster column."""
    if path is None or not design.clusters:
        raise click.UsageError("--pps joint needs --joint FILE and --cluster with its units.")
    with path.open("rb") as stream:
        raw = read_table(stream, where=path.name)
    missing = [name for name in JOINT_COLUMNS if name not in raw.rows.column_names]
    if missing:
        _refuse_joint(path.name, f"no column {missing[0]!r}")
    texts = snapshot.rows.column(design.clusters[0]).to_pylist()
    unit_of = dict(zip(texts, sample.stages[0].unit.tolist(), strict=True))
    cells = [raw.rows.column(name).to_pylist() for name in JOINT_COLUMNS]
    chances = {}
    for row, (one, other, chance) in enumerate(zip(*cells, strict=True)):
        try:
            chances[unit_of[one], unit_of[other]] = float(chance)
        except (KeyError, TypeError, ValueError):
            _refuse_joint(raw.place(row), f"units {one!r} and {other!r}, chance {chance!r}")
    return known_pairs(sample, chances)


def _refuse_joint(where: str, found: str) -> None:
    raise TouchstoneError(
        "DESIGN-08",
        where=where,
        found=found,
        remedy="Give the columns unit, other and chance: names of units as in the first cluster "
        "column, and a number.",
    )
