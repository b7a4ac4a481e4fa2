"""Rates of answering beside each figure of `touchstone estimate`."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

import click
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.cli.options import column
from touchstone.formats.raw_tables import RawTable, clean_heading
from touchstone.reports.outcome_tables import number
from touchstone.reports.shown_tables import ShownTable, shown_table
from touchstone.reports.words import Words
from touchstone.stats.figures import quotient
from touchstone.stats.response_rates import count_dispositions, response_rates

Command = TypeVar("Command", bound=Any)
By = tuple[tuple[str, str], ...]
PERCENT_PLACES = 1
ANSWERED = ("cannot_judge", "no_answer")


class RateRequest(NamedTuple):
    """Which column holds what became of each case, the share e, and what "cannot judge" is."""

    dispositions: str | None
    eligible: Fraction | None
    cannot_judge: tuple[str, ...]


class Rates(NamedTuple):
    """The rates of domains, and of variables within them; empty when they were not asked for."""

    of_domain: dict[By, dict[str, Decimal | None]]
    of_variable: dict[tuple[By, str], dict[str, Decimal | None]]

    def record(self, by: By, variable: str) -> dict[str, Any]:
        """Give the rates that belong beside one figure, as plain data."""
        found: dict[str, Any] = {}
        if by in self.of_domain:
            found["response"] = _plain(self.of_domain[by])
        return found | _plain(self.of_variable.get((by, variable), {}))


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
    """Count each domain's cases by what became of them, and each variable's answers.

    Rates are of rows, not of weights. `cannot_judge` is the share of it among all answers,
    `no_answer` the share of empty cells among all rows. Raises TouchstoneError RESPONSE-01 for an
    unknown disposition.
    """
    if not (request.dispositions or request.cannot_judge):
        return Rates({}, {})
    wanted = [name for name in variables if request.cannot_judge and name in raw.rows.column_names]
    named = [*by, *wanted, *([request.dispositions] if request.dispositions else [])]
    missing = [name for name in named if name not in raw.rows.column_names]
    if missing:
        raise click.BadParameter(f"There is no column {missing[0]!r} in {raw.source}.")
    cells = {name: raw.rows.column(name).to_pylist() for name in dict.fromkeys(named)}
    domains = _rows_of_domains(cells, by, raw)
    of_domain: dict[By, dict[str, Decimal | None]] = {}
    of_variable: dict[tuple[By, str], dict[str, Decimal | None]] = {}
    for domain, rows in domains.items():
        if request.dispositions:
            name, codes = request.dispositions, cells[request.dispositions]
            counts = count_dispositions((codes[row], raw.place(row, name)) for row in rows)
            of_domain[domain] = response_rates(counts, eligible=request.eligible)
        for name in wanted:
            texts = [cells[name][row] for row in rows]
            of_variable[domain, name] = _answer_rates(texts, request.cannot_judge)
    return Rates(of_domain, of_variable)


def rate_tables(rates: Rates, words: Words) -> list[ShownTable]:
    """Set rates in tables, in percent: one of domains, one of variables."""
    tables = []
    if rates.of_domain:
        names = list(next(iter(rates.of_domain.values())))
        lines = [[*_texts_of(by), *_percents(found, words)] for by, found in
                 rates.of_domain.items()]  # fmt: skip
        tables.append(_table(_columns(rates.of_domain), names, lines, words))
    if rates.of_variable:
        lines = [[*_texts_of(by), name, *_percents(found, words)] for (by, name), found in
                 rates.of_variable.items()]  # fmt: skip
        heads = [*_columns(dict.fromkeys(by for by, _ in rates.of_variable)),
                 words.text("estimate.head.variable")]  # fmt: skip
        names = [words.text(f"estimate.head.{name}") for name in ANSWERED]
        tables.append(_table(heads, names, lines, words))
    return tables


def _rows_of_domains(
    cells: dict[str, list[str | None]], by: Sequence[str], raw: RawTable
) -> dict[By, list[int]]:
    empty = raw.empty_rows().to_pylist()
    found: dict[By, list[int]] = {}
    for row in range(raw.rows.num_rows):
        texts = [cells[name][row] for name in by]
        if not empty[row] and None not in texts:
            domain = tuple(zip(by, (text or "" for text in texts), strict=True))
            found.setdefault(domain, []).append(row)
    return dict(sorted(found.items()))


def _answer_rates(texts: list[str | None], unsure: Sequence[str]) -> dict[str, Decimal | None]:
    answers = [text for text in texts if text is not None]
    unjudged = sum(text in unsure for text in answers)
    return {
        "cannot_judge": quotient(unjudged, len(answers)) if answers else None,
        "no_answer": quotient(len(texts) - len(answers), len(texts)) if texts else None,
    }


def _plain(rates: dict[str, Decimal | None]) -> dict[str, float | None]:
    return {name: None if rate is None else number(rate) for name, rate in rates.items()}


def _columns(domains: dict[By, Any]) -> list[str]:
    return [name for name, _ in next(iter(domains))]


def _texts_of(by: By) -> list[str]:
    return [text for _, text in by]


def _percents(rates: dict[str, Decimal | None], words: Words) -> list[str]:
    return [
        words.number(None if rate is None else 100 * rate, PERCENT_PLACES)
        for rate in rates.values()
    ]


def _table(heads: list[str], names: list[str], lines: list[list[str]], words: Words) -> ShownTable:
    titles = [words.text("estimate.head.percent", of=name) for name in names]
    right = range(len(heads), len(heads) + len(names))
    return shown_table([*heads, *titles], lines, numbers=right)
