"""The kinds of analyses that a pack can ask for."""

from touchstone.content.analyses.agreement import AgreementSpec
from touchstone.content.analyses.calibration import CalibrationSpec
from touchstone.content.analyses.change import ChangeSpec
from touchstone.content.analyses.contribution import ContributionSpec
from touchstone.content.analyses.drivers import DriversSpec
from touchstone.content.analyses.effect import EffectSpec
from touchstone.content.analyses.estimates import EstimatesSpec
from touchstone.content.analyses.forecast import ForecastSpec
from touchstone.content.analyses.ordinal_ratings import OrdinalRatingsSpec
from touchstone.content.analyses.ratings import RatingsSpec
from touchstone.content.analyses.reliability import ReliabilitySpec
from touchstone.content.analyses.shortfalls import ShortfallsSpec
from touchstone.content.analyses.small_areas import SmallAreasSpec

Analysis = (
    AgreementSpec
    | CalibrationSpec
    | ChangeSpec
    | ContributionSpec
    | DriversSpec
    | EffectSpec
    | EstimatesSpec
    | ForecastSpec
    | OrdinalRatingsSpec
    | RatingsSpec
    | ReliabilitySpec
    | ShortfallsSpec
    | SmallAreasSpec
)
