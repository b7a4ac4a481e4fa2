"""Making the analyses that a pack asks for."""

from collections.abc import Callable, Mapping
from typing import Any

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
from touchstone.content.datasets import Dataset
from touchstone.loop.analyses.agreement import find_agreement
from touchstone.loop.analyses.calibration import find_calibration
from touchstone.loop.analyses.change import find_change
from touchstone.loop.analyses.contribution import find_contribution
from touchstone.loop.analyses.drivers import find_drivers
from touchstone.loop.analyses.effect import find_effect
from touchstone.loop.analyses.estimates import find_estimates
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.forecast import find_forecast
from touchstone.loop.analyses.ordinal_ratings import find_ordinal_ratings
from touchstone.loop.analyses.ratings import find_ratings
from touchstone.loop.analyses.reliability import find_reliability
from touchstone.loop.analyses.shortfalls import find_shortfalls
from touchstone.loop.analyses.small_areas import find_small_areas
from touchstone.stats.designs import Design
from touchstone.tallies.tables import Snapshot

FINDERS: Mapping[type, Callable[[Any, Evidence], Any]] = {
    AgreementSpec: find_agreement,
    CalibrationSpec: find_calibration,
    ChangeSpec: find_change,
    ContributionSpec: find_contribution,
    DriversSpec: find_drivers,
    EffectSpec: find_effect,
    EstimatesSpec: find_estimates,
    ForecastSpec: find_forecast,
    OrdinalRatingsSpec: find_ordinal_ratings,
    RatingsSpec: find_ratings,
    ReliabilitySpec: find_reliability,
    ShortfallsSpec: find_shortfalls,
    SmallAreasSpec: find_small_areas,
}


def analyse(spec: Analysis, snapshot: Snapshot, *, dataset: Dataset) -> Any:
    """Make one analysis of a snapshot; what is found depends on its kind.

    Withheld as `too_few_rows` where rows are of people and fewer than the smallest group. Where
    the evidence does not allow the analysis, the TouchstoneError that says why is what is found,
    so that an assessment does not fail with an analysis beside it.
    """
    if _of_people(dataset) and snapshot.rows.num_rows < spec.smallest_group:
        return Withheld("too_few_rows", (("smallest", str(spec.smallest_group)),))
    drawn = dataset.design
    design = Design(drawn.weight, drawn.strata, drawn.clusters, drawn.fpc)
    try:
        evidence = Evidence(snapshot, spec.dataset, design, _named(dataset), _of_people(dataset))
        return FINDERS[type(spec)](spec, evidence)
    except TouchstoneError as fault:
        return fault


def _of_people(dataset: Dataset) -> bool:
    tells_answers = dataset.rater is not None or bool(dataset.design.clusters)
    return dataset.about == "persons" or tells_answers


def _named(dataset: Dataset) -> tuple[str, ...]:
    """List the columns that name organisations: the dataset's units, and the levels above them."""
    if dataset.about == "persons":
        return ()
    return (dataset.unit, *(level.column for level in dataset.levels))
