"""How a pack asks for figures of a population from a sample of it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

import msgspec

from touchstone.content.analyses.margins import MarginSpec, bound_faults, margin_faults
from touchstone.content.analyses.specs import AnalysisSpec, AnyColumn, NumberColumn
from touchstone.stats.calibration.choices import Method
from touchstone.stats.sampling.choices import LoneUnits, QuantileRule, ShareInterval

GIVEN = ("sdr",)


class ContrastSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sum of domains' figures: `times` a figure for each domain, texts joined with slashes."""

    name: str
    times: dict[str, Decimal]


class ReplicateSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Errors from replicate weights, made by a `method` or given in the columns `weights`.

    `rho` is Fay's coefficient, `count` and `seed` are the bootstrap's, `scale` that of given
    weights where the method does not tell it.
    """

    method: Literal["jk1", "jkn", "brr", "fay", "bootstrap", "sdr"] | None = None
    weights: tuple[NumberColumn, ...] = ()
    count: int = 500
    seed: int = 1
    rho: Decimal = Decimal("0.5")
    scale: Decimal | None = None
    around_estimate: bool = False


class EstimatesSpec(
    AnalysisSpec, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="estimates"
):
    """Figures of a population by domain, with errors that follow how the rows were drawn.

    The design is the dataset's. `statistic` is taken of each of the `variables`; a share is of
    `value`, or of each value; a ratio has the column `over` below the line. `by` makes domains,
    which are compared with the domain `against`, from wave to wave by the column `changes`, or in
    `contrasts`. `margins` are met by calibration first. `dispositions` and `cannot_judge` put
    rates of answering beside the figures.
    """

    statistic: Literal["mean", "share", "total", "ratio", "quantile"]
    variables: tuple[AnyColumn, ...]
    by: tuple[AnyColumn, ...] = ()
    value: str | None = None
    over: NumberColumn | None = None
    at: tuple[Decimal, ...] = (Decimal("0.5"),)
    quantile_rule: QuantileRule = "math"
    share_interval: ShareInterval = "wilson"
    lone_units: LoneUnits = "fail"
    unequal_chances: Literal["brewer", "hartley-rao", "overton"] | None = None
    replicates: ReplicateSpec | None = None
    against: str | None = None
    changes: AnyColumn | None = None
    contrasts: tuple[ContrastSpec, ...] = ()
    margins: tuple[MarginSpec, ...] = ()
    calibration: Method = "rake"
    lowest_factor: Decimal | None = None
    highest_factor: Decimal | None = None
    dispositions: AnyColumn | None = None
    eligible: Decimal | None = None
    cannot_judge: tuple[str, ...] = ()

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        yield from self._of_statistic()
        yield from margin_faults(self.margins)
        yield from bound_faults("the factor", self.lowest_factor, self.highest_factor)
        if self.changes is not None and self.changes not in self.by:
            yield f"'{self.changes}' is not among 'by'", "Name the column of waves there, too."
        if (self.against or self.contrasts) and not self.by:
            yield "domains are compared, and there are none", "Name columns in 'by'."
        if self.eligible is not None and not 0 <= self.eligible <= 1:
            yield f"'eligible' is {self.eligible}", "Write a number from 0 to 1."
        made = self.replicates
        if made is not None and not made.weights and made.method in (None, *GIVEN):
            yield "replicates without weights or a method that makes them", "Name one of them."
        if made is not None and made.weights and made.method is None and made.scale is None:
            yield "replicate weights without method or scale", "Say how they were made."

    def _of_statistic(self) -> Iterator[tuple[str, str]]:
        if not self.variables:
            yield "no variable", "Name the columns that are estimated."
        if (self.statistic == "ratio") != (self.over is not None):
            yield "'over' belongs to a ratio, and a ratio needs it", "Write it there, or leave it."
        if self.statistic == "ratio" and len(self.variables) > 1:
            yield f"a ratio of {len(self.variables)} variables", "Name one."
        if self.statistic == "share" and len(self.variables) > 1:
            yield f"a share of {len(self.variables)} variables", "Name one."
        if self.value is not None and self.statistic != "share":
            yield f"'value' stands on a {self.statistic}", "Take it out."
        if not all(0 < one < 1 for one in self.at):
            yield "'at' has numbers that are not between 0 and 1", "Write shares such as 0.5."
