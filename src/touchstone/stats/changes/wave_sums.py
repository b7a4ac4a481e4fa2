"""Exact sums of waves, and of the respondents whom two of them share, read from a snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from touchstone.base.errors import TouchstoneError
from touchstone.stats.changes.wave_changes import OverlapSums, WaveSums
from touchstone.tallies.keys import encode_keys
from touchstone.tallies.tables import Snapshot
from touchstone.tallies.whole_numbers import Numbers, exact_product, exact_totals

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WaveColumns:
    """Names of columns: wave and value, and where there are such, respondent, weight, domains."""

    wave: str
    value: str
    respondent: str | None = None
    weight: str | None = None
    by: tuple[str, ...] = ()


class _Rows(NamedTuple):
    """Answers as whole numbers; codes of domain, wave and respondent, each from 0."""

    domains: Codes
    waves: Codes
    respondents: Codes | None
    weights: Numbers
    values: Numbers
    units: tuple[Decimal, Decimal]


class Waves:
    """Answers of all waves in memory, from which exact sums of any two waves follow.

    `names` are the waves as their texts sort, numbers by size; `domains` the texts of the columns
    that make domains.

    Rows without a value are left out. Raises TouchstoneError CHANGE-02 for a weight that is
    missing or not above 0, CHANGE-03 for a row without wave or respondent, CHANGE-04 for a
    respondent with two answers in a wave of a domain.

    >>> import pyarrow as pa
    >>> from touchstone.tallies.tables import Column
    >>> rows = pa.table({"wave": ["1", "1", "2"], "who": ["a", "b", "a"], "y": [1, 3, 4]})
    >>> columns = (Column("wave", "text"), Column("who", "text"), Column("y", "number"))
    >>> waves = Waves(Snapshot(columns, rows, ()), WaveColumns("wave", "y", "who"))
    >>> waves.sums()[0]["1"].mean, waves.overlaps(("1", "2"))[0].n
    (Decimal('2'), 1)
    """

    def __init__(self, snapshot: Snapshot, columns: WaveColumns) -> None:
        kept = pc.is_valid(snapshot.rows.column(columns.value))
        answered = Snapshot(snapshot.columns, snapshot.rows.filter(kept), ())
        waves = encode_keys(answered, (columns.wave,), keep_nulls=False)
        domains = encode_keys(answered, columns.by, keep_nulls=True)
        people = None
        if columns.respondent is not None:
            people = encode_keys(answered, (columns.respondent,), keep_nulls=False).codes
        for name, codes in ((columns.wave, waves.codes), (columns.respondent, people)):
            _refuse_empty(name, codes)
        texts = [str(label[0]) for label in waves.labels]
        order = _order_of(texts)
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        weights, weight_unit = _whole(answered, columns.weight)
        values, value_unit = _whole(answered, columns.value)
        _refuse_weights(columns.weight, weights)
        self.names = tuple(texts[one] for one in order)
        self.domains = domains.labels
        self._rows = _Rows(
            domains.codes, place[waves.codes], people, weights, values, (weight_unit, value_unit)
        )

    def sums(self) -> list[dict[str, WaveSums]]:
        """Add up each wave of each domain; a wave without answers there has zeros."""
        rows, size = self._rows, len(self.names)
        groups = rows.domains * size + rows.waves
        squared = exact_product(rows.weights, rows.weights)
        weighted = exact_product(squared, rows.values)
        columns = (
            (rows.weights, (1, 0)),
            (exact_product(rows.weights, rows.values), (1, 1)),
            (squared, (2, 0)),
            (weighted, (2, 1)),
            (exact_product(weighted, rows.values), (2, 2)),
        )
        counts, totals = self._totals(groups, len(self.domains) * size, columns)
        return [
            {
                name: WaveSums(counts[domain * size + wave], *totals[domain * size + wave])
                for wave, name in enumerate(self.names)
            }
            for domain in range(len(self.domains))
        ]

    def overlaps(self, pair: tuple[str, str]) -> list[OverlapSums]:
        """Add up the respondents whom two waves share, in each domain."""
        rows = self._rows
        if rows.respondents is None:
            return [OverlapSums()] * len(self.domains)
        sides = []
        for name in pair:
            found = np.flatnonzero(rows.waves == self.names.index(name))
            keys = rows.respondents[found] * len(self.domains) + rows.domains[found]
            order = np.argsort(keys, kind="stable")
            _refuse_double(name, keys[order])
            sides.append((keys[order], found[order]))
        shared, ones, others = np.intersect1d(
            sides[0][0], sides[1][0], assume_unique=True, return_indices=True
        )
        first, second = sides[0][1][ones], sides[1][1][others]
        products = exact_product(rows.weights[first], rows.weights[second])
        before = exact_product(products, rows.values[first])
        columns = (
            (products, (2, 0)),
            (before, (2, 1)),
            (exact_product(products, rows.values[second]), (2, 1)),
            (exact_product(before, rows.values[second]), (2, 2)),
        )
        counts, totals = self._totals(shared % len(self.domains), len(self.domains), columns)
        return [OverlapSums(n, *sums) for n, sums in zip(counts, totals, strict=True)]

    def _totals(
        self, groups: Codes, size: int, columns: Sequence[tuple[Numbers, tuple[int, int]]]
    ) -> tuple[list[int], list[tuple[Decimal, ...]]]:
        """Add up whole numbers by group, and give them in the units of weight and value."""
        order = np.argsort(groups, kind="stable")
        counts = np.bincount(groups, minlength=size)
        held = np.flatnonzero(counts)
        starts = (np.cumsum(counts) - counts)[held]
        weight_unit, value_unit = self._rows.units
        found = [[Decimal(0)] * size for _ in columns]
        for place, (numbers, (of_weight, of_value)) in enumerate(columns):
            unit = weight_unit**of_weight * value_unit**of_value
            totals = exact_totals(numbers[order], starts).tolist()
            for group, total in zip(held.tolist(), totals, strict=True):
                found[place][group] = Decimal(total).scaleb(unit.adjusted())
        return counts.tolist(), list(zip(*found, strict=True))


def _whole(snapshot: Snapshot, name: str | None) -> tuple[Numbers, Decimal]:
    """Give a number column as whole numbers and their unit; ones without a name."""
    if name is None:
        return np.ones(snapshot.rows.num_rows, np.int64), Decimal(1)
    # A cell without a number is no valid weight, so that 0 may stand for it.
    filled = pc.fill_null(snapshot.rows.column(name), 0)
    return filled.to_numpy(), Decimal(1).scaleb(-snapshot.column(name).places)


def _order_of(texts: Sequence[str]) -> list[int]:
    try:
        keys: Sequence[float | str] = [float(text) for text in texts]
    except ValueError:
        keys = texts
    return sorted(range(len(texts)), key=lambda place: (keys[place], texts[place]))


def _refuse_empty(name: str | None, codes: Codes | None) -> None:
    if codes is not None and (codes < 0).any():
        raise TouchstoneError(
            "CHANGE-03",
            where=f"column {name!r}",
            found="an empty cell in a row with a value",
            remedy="Name the wave and the respondent of each row, or leave out the respondents.",
        )


def _refuse_weights(name: str | None, weights: Numbers) -> None:
    if (weights <= 0).any():
        raise TouchstoneError(
            "CHANGE-02",
            where=f"column {name!r}",
            found="a weight that is missing or not above 0",
            remedy="Give each row with a value a weight above 0, or take the row out.",
        )


def _refuse_double(wave: str, keys: Codes) -> None:
    if (keys[1:] == keys[:-1]).any():
        raise TouchstoneError(
            "CHANGE-04",
            where=f"wave {wave!r}",
            found="a respondent with more than one answer",
            remedy="Keep one answer of each respondent in each wave.",
        )
