"""What accounts for an outcome."""

import numpy as np

from touchstone.base.outcomes import Withheld
from touchstone.content.analyses.drivers import DriversSpec
from touchstone.loop.analyses.evidence import Evidence, too_few_rows
from touchstone.stats.drivers.drivers import Drivers, drivers_of
from touchstone.stats.snapshot_columns import numbers_of


def find_drivers(spec: DriversSpec, evidence: Evidence) -> Drivers | Withheld:
    """Split an outcome's explained variance among its predictors; see `stats.drivers`.

    Withheld as `too_few_rows` where fewer rows than the smallest group have all values.
    """
    columns = [numbers_of(evidence.snapshot, name) for name in spec.predictors]
    found = drivers_of(
        numbers_of(evidence.snapshot, spec.outcome),
        np.column_stack(columns),
        spec.predictors,
        splitting=spec.method,
        confidence=float(spec.confidence),
    )
    if isinstance(found, Withheld) or found.n >= spec.smallest_group:
        return found
    return too_few_rows(spec.smallest_group)
