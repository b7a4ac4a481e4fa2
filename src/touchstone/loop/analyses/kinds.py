"""Making the analyses that a pack asks for."""

from collections.abc import Callable, Mapping
from typing import Any

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.content.analyses.drivers import DriversSpec
from touchstone.content.analyses.kinds import Analysis
from touchstone.content.analyses.reliability import ReliabilitySpec
from touchstone.content.datasets import Dataset
from touchstone.loop.analyses.drivers import find_drivers
from touchstone.loop.analyses.evidence import Evidence
from touchstone.loop.analyses.reliability import find_reliability
from touchstone.stats.designs import Design
from touchstone.tallies.tables import Snapshot

FINDERS: Mapping[type, Callable[[Any, Evidence], Any]] = {
    DriversSpec: find_drivers,
    ReliabilitySpec: find_reliability,
}


def analyse(spec: Analysis, snapshot: Snapshot, *, dataset: Dataset) -> Any:
    """Make one analysis of a snapshot; what is found depends on its kind.

    Withheld as `too_few_rows` below the smallest group. Where the evidence does not allow the
    analysis, the TouchstoneError that says why is what is found, so that an assessment does not
    fail with an analysis beside it.
    """
    if snapshot.rows.num_rows < spec.smallest_group:
        return Withheld("too_few_rows", (("smallest", str(spec.smallest_group)),))
    drawn = dataset.design
    design = Design(drawn.weight, drawn.strata, drawn.clusters, drawn.fpc)
    try:
        return FINDERS[type(spec)](spec, Evidence(snapshot, spec.dataset, design))
    except TouchstoneError as fault:
        return fault
