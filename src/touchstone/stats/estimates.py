"""Estimates by domain with design-based standard errors, in one pass over the rows a stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import overload

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.stats.designs import Design
from touchstone.stats.figure_columns import FigureColumns, Statistic, effective_size, work_out
from touchstone.stats.figures import quotient, square_root
from touchstone.stats.intervals import t_interval, wilson_interval
from touchstone.stats.shares import indicator_batches, values_of
from touchstone.stats.stages import StagedSums, join_variables, sum_stages
from touchstone.stats.variances import (
    exact_mean,
    exact_total,
    mean_design_effect,
    total_design_effect,
)
from touchstone.stats.weights import weigh_by_fractions
from touchstone.tallies.engine import EngineName
from touchstone.tallies.tables import Snapshot

STATISTICS = ("mean", "share", "total")
USUAL_CONFIDENCE = Decimal("0.95")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: of which domain, which variable, and what was found.

    `by` pairs each grouping column with its text. `value` is the value that a share counts.
    """

    by: tuple[tuple[str, str], ...]
    variable: str
    statistic: Statistic
    value: str | None
    outcome: Outcome


@dataclass(frozen=True, eq=False)
class Estimates(Sequence[Row]):
    """Rows of estimates: domains in the order of their texts, and within each the variables.

    They rest on exact sums: a row's figures, of 50 digits, are worked out when it is read.
    `columns` gives the figures of all rows together, as floating-point numbers.
    """

    statistic: Statistic
    by: tuple[str, ...]
    measured: tuple[tuple[str, str | None], ...]
    confidence: Decimal
    sums: StagedSums

    @cached_property
    def columns(self) -> FigureColumns:
        """All figures as arrays [variable, domain], in the order of `measured` and `sums`."""
        return work_out(self.sums, statistic=self.statistic, confidence=self.confidence)

    def __len__(self) -> int:
        return len(self.sums.domains) * len(self.measured)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        domain, variable = divmod(range(len(self))[place], len(self.measured))
        by = tuple(zip(self.by, self.sums.domains[domain], strict=True))
        name, value = self.measured[variable]
        return Row(by, name, self.statistic, value, self._outcome(variable, domain))

    def _outcome(self, variable: int, domain: int) -> Outcome:
        sums = self.sums.between[variable][domain]
        if sums.n == 0:
            return Withheld("empty_base")
        weight_unit, value_unit = self.sums.weight_unit, self.sums.value_units[variable]
        is_total = self.statistic == "total"
        make = exact_total if is_total else exact_mean
        exact = make(sums, weight_unit, value_unit)
        compare = total_design_effect if is_total else mean_design_effect
        ratio = compare(sums, weight_unit)
        value, deff = quotient(*exact.value), quotient(*ratio) if ratio else None
        if self.sums.is_census[variable, domain]:
            return Estimate(value, value, value, sums.n, "census", Decimal(0), deff=deff)
        se = square_root(*exact.variance)
        df = int(self.sums.degrees_of_freedom[variable, domain])
        if self.statistic == "share":
            effective = quotient(*effective_size(sums.n, ratio))
            low, high = wilson_interval(value, effective, confidence=self.confidence)
            return Estimate(value, low, high, sums.n, "wilson", se, df, deff)
        low, high = t_interval(value, se, df, confidence=self.confidence)
        return Estimate(value, low, high, sums.n, "taylor", se, df, deff)


def estimate(  # noqa: PLR0913
    snapshot: Snapshot,
    design: Design,
    *,
    statistic: Statistic,
    variables: Sequence[str],
    by: Sequence[str] = (),
    confidence: Decimal = USUAL_CONFIDENCE,
    value: str | None = None,
    engine: EngineName = "kernel",
) -> Estimates:
    """Estimate means, shares or totals of a population, by domain, from a sample of it.

    Each row has its standard error by linearisation (Woodruff 1971), which follows strata,
    clusters, stages and population sizes of the design; see `stages.sum_stages`. The interval of
    a mean or total is Student's t, with the units less the strata of the design as degrees of
    freedom, over the strata that hold the domain; that of a share is Wilson's with
    n_eff = n/deff. `deff` compares with simple random sampling without replacement.

    A share is a fraction from 0 to 1: of `value`, or of each value that occurs. A domain without
    any value is Withheld as `empty_base`; one of which everything was drawn has the method
    `census` and no width. A design without weight that has the fpc of every stage gives rows
    the weight that follows from it (`weights.weigh_by_fractions`).

    Every engine gives equal figures; the kernel is the fastest, as the rows are in memory.

    Raises TouchstoneError DESIGN-01 to DESIGN-06, SHARE-01 and SHARE-02, TALLY-01 to TALLY-05,
    ENGINE-01 to ENGINE-04; ValueError for an unknown statistic or column.

    >>> import pyarrow as pa
    >>> from touchstone.tallies.tables import Column
    >>> rows = pa.table({"town": ["A", "A", "B", "B"], "age": [30, 40, 50, 70]})
    >>> people = Snapshot((Column("town", "text"), Column("age", "number")), rows, ())
    >>> found = estimate(people, Design(), statistic="mean", variables=["age"], by=["town"])
    >>> [(row.by, row.outcome.value, row.outcome.n) for row in found]
    [((('town', 'A'),), Decimal('35'), 2), ((('town', 'B'),), Decimal('60'), 2)]
    """
    if statistic not in STATISTICS or not variables:
        raise ValueError(
            f"statistic must be one of {STATISTICS} and variables not empty; "
            f"got {statistic!r}, {variables!r}"
        )
    snapshot, design = weigh_by_fractions(snapshot, design)
    if statistic != "share":
        sums = sum_stages(snapshot, design, by=by, values=variables, engine=engine)
        names = tuple((name, None) for name in variables)
        return Estimates(statistic, tuple(by), names, confidence, sums)
    measured: list[tuple[str, str | None]] = []
    parts: list[StagedSums] = []
    for name in variables:
        values = values_of(snapshot, name, value=value)
        measured += [(name, text) for text in values]
        for batch, columns in indicator_batches(snapshot, name, values):
            sums = sum_stages(batch, design, by=by, values=columns, engine=engine)
            parts.append(sums)
    return Estimates(statistic, tuple(by), tuple(measured), confidence, join_variables(parts))
