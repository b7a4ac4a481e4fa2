"""What analyses of a pack found, as plain records and as readers see it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.content.analyses.agreement import AgreementSpec
from touchstone.content.analyses.calibration import CalibrationSpec
from touchstone.content.analyses.change import ChangeSpec
from touchstone.content.analyses.contribution import ContributionSpec
from touchstone.content.analyses.drivers import DriversSpec
from touchstone.content.analyses.effect import EffectSpec
from touchstone.content.analyses.estimates import EstimatesSpec
from touchstone.content.analyses.forecast import ForecastSpec
from touchstone.content.analyses.kinds import Analysis
from touchstone.content.analyses.ordinal_ratings import OrdinalRatingsSpec
from touchstone.content.analyses.ratings import RatingsSpec
from touchstone.content.analyses.reliability import ReliabilitySpec
from touchstone.content.analyses.shortfalls import ShortfallsSpec
from touchstone.content.analyses.small_areas import SmallAreasSpec
from touchstone.reports.analyses.agreement import agreement_record, show_agreement
from touchstone.reports.analyses.calibration import calibration_record, show_calibration
from touchstone.reports.analyses.change import change_record, show_change
from touchstone.reports.analyses.contribution import contribution_record, show_contribution
from touchstone.reports.analyses.drivers import drivers_record, show_drivers
from touchstone.reports.analyses.effect import effect_record, show_effect
from touchstone.reports.analyses.estimates import estimates_record, show_estimates
from touchstone.reports.analyses.forecast import forecast_record, show_forecast
from touchstone.reports.analyses.ordinal_ratings import ordinal_ratings_record, show_ordinal_ratings
from touchstone.reports.analyses.ratings import ratings_record, show_ratings
from touchstone.reports.analyses.reliability import reliability_record, show_reliability
from touchstone.reports.analyses.shortfalls import shortfalls_record, show_shortfalls
from touchstone.reports.analyses.small_areas import show_small_areas, small_areas_record
from touchstone.reports.outcome_tables import SHOWN_DIGITS
from touchstone.reports.shown_tables import Shown
from touchstone.reports.words import Words
from touchstone.stats.forecasts.records import KEPT

Record = dict[str, Any]


class Presenter(NamedTuple):
    """How a kind of analysis is written: as a record, and for readers.

    `hashed` are parts of the record with hashes in them, which stay as they are to the last digit.
    """

    record: Callable[[Any, Any], Record]
    show: Callable[[Any, Any, Words], Shown]
    hashed: tuple[str, ...] = ()


PRESENTERS: Mapping[type, Presenter] = {
    AgreementSpec: Presenter(agreement_record, show_agreement),
    CalibrationSpec: Presenter(calibration_record, show_calibration),
    ChangeSpec: Presenter(change_record, show_change),
    ContributionSpec: Presenter(contribution_record, show_contribution),
    DriversSpec: Presenter(drivers_record, show_drivers),
    EffectSpec: Presenter(effect_record, show_effect),
    EstimatesSpec: Presenter(estimates_record, show_estimates),
    ForecastSpec: Presenter(forecast_record, show_forecast, hashed=(KEPT,)),
    OrdinalRatingsSpec: Presenter(ordinal_ratings_record, show_ordinal_ratings),
    RatingsSpec: Presenter(ratings_record, show_ratings),
    ReliabilitySpec: Presenter(reliability_record, show_reliability),
    ShortfallsSpec: Presenter(shortfalls_record, show_shortfalls),
    SmallAreasSpec: Presenter(small_areas_record, show_small_areas),
}


def analysis_record(name: str, spec: Analysis, found: Any) -> Record:
    """Give an analysis as plain data: its name and kind, and what was found, or why nothing was.

    Figures have 6 significant digits, so that they are equal wherever they are computed again.
    """
    head: Record = {"analysis": name, "kind": spec.__struct_config__.tag}
    if isinstance(found, TouchstoneError):
        return head | {"fault": {"code": found.code, "where": found.where, "found": found.found}}
    if isinstance(found, Withheld):
        return head | {"withheld": found.reason, "details": dict(found.details)}
    presenter = PRESENTERS[type(spec)]
    record = presenter.record(spec, found)
    hashed = {name: record[name] for name in presenter.hashed}
    rounded: Record = _rounded(record)
    return head | rounded | hashed


def show_analysis(spec: Analysis, found: Any, words: Words) -> Shown:
    """Give an analysis as readers see it; where nothing was found it is said why."""
    if isinstance(found, TouchstoneError):
        return Shown((words.text("analysis.fault", fault=str(found)),))
    if isinstance(found, Withheld):
        return Shown((words.withheld(found),))
    return PRESENTERS[type(spec)].show(spec, found, words)


def _rounded(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _rounded(one) for name, one in part.items()}
    if isinstance(part, list | tuple):
        return [_rounded(one) for one in part]
    return float(f"{part:.{SHOWN_DIGITS}g}") if isinstance(part, float) else part
