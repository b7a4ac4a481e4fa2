"""Rates of answering beside each figure of `touchstone estimate`."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeVar

import click
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.cli.options import column
from touchstone.formats.raw_tables import RawTable, clean_heading
from touchstone.loop.analyses.answer_rates import Cases, RateRequest, Rates, find_rates

Command = TypeVar("Command", bound=Any)


def _fraction(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> Fraction | None:
    if value is None:
        return None
    try:
        share = Fraction(value)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise click.BadParameter(f"{value!r} is not a number from 0 to 1.")
    return share


def _texts(
    _context: click.Context, _option: click.Parameter, value: Sequence[str]
) -> tuple[str, ...]:
    return tuple(clean_heading(text) for text in value)


OPTIONS: tuple[Callable[[Command], Command], ...] = (
    click.option(
        "--dispositions",
        callback=column,
        metavar="D",
        help="Column with what became of each case: I, P, R, NC, O, UH, UO, NE, or codes of AAPOR.",
    ),
    click.option(
        "--eligible",
        callback=_fraction,
        metavar="E",
        help="Share of cases of unknown eligibility taken as eligible; without, as of known ones.",
    ),
    click.option(
        "--cannot-judge",
        callback=_texts,
        multiple=True,
        metavar="VALUE",
        help='Answer that means "cannot judge": it counts as no answer, and its rate is told.',
    ),
)


def rate_options(command: Command) -> Command:
    """Add the options; `take_rates` takes their values."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def take_rates(options: dict[str, Any]) -> RateRequest:
    """Take the values of these options out of all that were given."""
    return RateRequest(*(options.pop(name) for name in RateRequest._fields))


def without_answers(raw: RawTable, request: RateRequest, variables: Sequence[str]) -> RawTable:
    """Empty the cells of some columns that say "cannot judge"."""
    rows = raw.rows
    for name in variables if request.cannot_judge else ():
        if name in rows.column_names:
            cells = rows.column(name)
            place = rows.column_names.index(name)
            says_so = pc.is_in(cells, pa.array(request.cannot_judge, pa.string()))
            emptied = pc.if_else(says_so, pa.scalar(None, pa.string()), cells)
            rows = rows.set_column(place, name, emptied)
    return RawTable(raw.source, rows, raw.first_row)


def rates_of(
    raw: RawTable, request: RateRequest, variables: Sequence[str], *, by: Sequence[str]
) -> Rates:
    """Find the rates of a table's rows; those that are empty throughout are no cases."""
    if not (request.dispositions or request.cannot_judge):
        return Rates({}, {})
    wanted = [name for name in variables if request.cannot_judge and name in raw.rows.column_names]
    named = [*by, *wanted, *([request.dispositions] if request.dispositions else [])]
    missing = [name for name in named if name not in raw.rows.column_names]
    if missing:
        raise click.BadParameter(f"There is no column {missing[0]!r} in {raw.source}.")
    rows = np.flatnonzero(~np.array(raw.empty_rows().to_pylist(), bool)).tolist()
    cells = {name: raw.rows.column(name).to_pylist() for name in dict.fromkeys(named)}
    texts = {name: [column[row] for row in rows] for name, column in cells.items()}
    places = [raw.place(row, request.dispositions or "") for row in rows]
    return find_rates(Cases(texts, places), request, wanted, by=by)
