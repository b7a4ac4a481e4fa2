"""Options of `touchstone estimate` for statistics and errors that are not exact sums."""

from typing import Any, TypeVar

import click

from touchstone.cli.error_options import error_options, take_errors
from touchstone.cli.margin_tables import margins_option, two_numbers
from touchstone.cli.options import column, columns
from touchstone.formats.raw_tables import RawTable, clean_heading
from touchstone.loop.analyses.sampling import SamplingRequest
from touchstone.stats.calibration.choices import METHODS
from touchstone.stats.sampling.choices import LONE_UNITS, QUANTILE_RULES, SHARE_INTERVALS
from touchstone.stats.sampling.contrasts import Contrast, Label

Command = TypeVar("Command", bound=Any)
SLASH = "/"


def _ratio(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> tuple[str, str] | None:
    """Split numerator from denominator."""
    if value is None:
        return None
    parts = [clean_heading(part) for part in value.split(SLASH)]
    if len(parts) != 2 or not all(parts):
        raise click.BadParameter(f"{value!r} is not two columns with a slash between, such as Y/X.")
    return parts[0], parts[1]


def _shares(_context: click.Context, _option: click.Parameter, value: str) -> tuple[float, ...]:
    """Read fractions between 0 and 1."""
    return tuple(_number(part, 0, 1) for part in value.split(","))


def _label(_context: click.Context, _option: click.Parameter, value: str | None) -> Label | None:
    return None if value is None else _split_label(value)


def _combinations(
    _context: click.Context, _option: click.Parameter, value: tuple[str, ...]
) -> tuple[Contrast, ...]:
    """Read contrasts such as `East=1,West=-1`."""
    found = []
    for text in value:
        parts = []
        for part in text.split(","):
            label, equals, times = part.rpartition("=")
            if not equals:
                raise click.BadParameter(f"{part!r} is not DOMAIN=NUMBER, such as East=1.")
            parts.append((_number(times), _split_label(label)))
        found.append(Contrast(text, tuple(parts)))
    return tuple(found)


def _split_label(text: str) -> Label:
    return tuple(clean_heading(part) for part in text.split(SLASH))


def _number(text: str, low: float = float("-inf"), high: float = float("inf")) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not low < number < high:
        between = f" between {low:g} and {high:g}" if low == 0 else ""
        raise click.BadParameter(f"{text!r} is not a number{between}.")
    return number


OPTIONS = (
    click.option("--ratio", callback=_ratio, metavar="Y/X", help="Ratio of two columns' totals."),
    click.option(
        "--quantile", callback=columns, metavar="Y[,Y…]", help="Quantiles of these number columns."
    ),
    click.option(
        "--at",
        callback=_shares,
        default="0.5",
        show_default=True,
        metavar="P[,P…]",
        help="Which quantiles: the share of the population at or below each.",
    ),
    click.option(
        "--quantile-rule",
        type=click.Choice(QUANTILE_RULES),
        default="math",
        show_default=True,
        help="Smallest value that reaches the share, or as in school the middle of two.",
    ),
    click.option(
        "--share-interval",
        type=click.Choice(SHARE_INTERVALS),
        default="wilson",
        show_default=True,
        help="Interval of shares: Wilson or Clopper-Pearson (beta) with n/deff, logit, or t.",
    ),
    click.option(
        "--lone-units",
        type=click.Choice(LONE_UNITS),
        default="fail",
        show_default=True,
        help="What a stratum with one drawn unit adds to errors: see the reference.",
    ),
    click.option(
        "--against",
        callback=_label,
        metavar="DOMAIN",
        help="Also the difference of each domain to this one; texts of several columns with /.",
    ),
    click.option(
        "--changes",
        callback=column,
        metavar="WAVE",
        help="Also the change from wave to wave; WAVE is one of the columns of --by.",
    ),
    click.option(
        "--contrast",
        "contrasts",
        callback=_combinations,
        multiple=True,
        metavar="DOMAIN=NUMBER,…",
        help="Also a sum of domains with coefficients, such as East=1,West=-1.",
    ),
)
CALIBRATION_OPTIONS = (
    click.option(
        "--margins",
        callback=margins_option,
        multiple=True,
        metavar="FILE|Y:A=1,…",
        help="Calibrate the weights to known totals first, as `touchstone calibrate` does.",
    ),
    click.option(
        "--calibration",
        type=click.Choice(METHODS),
        default="rake",
        show_default=True,
        help="How --margins are met.",
    ),
    click.option(
        "--bounds",
        callback=two_numbers,
        metavar="L,U",
        help="Bounds of calibrated over given weight.",
    ),
)


def sampling_options(command: Command) -> Command:
    """Add the options; `take_request` takes their values."""
    for option in reversed(OPTIONS + CALIBRATION_OPTIONS):
        command = option(command)
    return error_options(command)


def take_request(options: dict[str, Any], raw: RawTable) -> SamplingRequest:
    """Take the values of these options out of all that were given for a table."""
    errors = take_errors(options, raw)
    own = {name: options.pop(name) for name in SamplingRequest._fields if name != "errors"}
    return SamplingRequest(**own, errors=errors)
