"""How a pack asks what calibration makes of its weights."""

from collections.abc import Iterator
from decimal import Decimal

from touchstone.content.analyses.margins import MarginSpec, bound_faults, margin_faults
from touchstone.content.analyses.specs import AnalysisSpec
from touchstone.stats.calibration.choices import Method


class CalibrationSpec(
    AnalysisSpec, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="calibration"
):
    """The weights of the dataset's design, calibrated to known totals, and what that does to them.

    `lowest_factor` and `highest_factor` bound new over given weight; `lowest_weight` and
    `highest_weight` trim the new weights, as multiples of their mean.
    """

    margins: tuple[MarginSpec, ...]
    method: Method = "rake"
    lowest_factor: Decimal | None = None
    highest_factor: Decimal | None = None
    lowest_weight: Decimal | None = None
    highest_weight: Decimal | None = None

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Find what cannot be: what was found, and what to do."""
        if not self.margins:
            yield "no margin", "Write the known totals in 'margins'."
        yield from margin_faults(self.margins)
        yield from bound_faults("the factor", self.lowest_factor, self.highest_factor)
        yield from bound_faults("the weight", self.lowest_weight, self.highest_weight)
