"""Grades of frozen evidence that is larger than memory: snapshot file → tallies → one table."""

from collections.abc import Mapping

import pyarrow as pa

from touchstone.content.datasets import Dataset
from touchstone.content.indicators import Indicator
from touchstone.content.schemes import Scheme
from touchstone.loop.assess import assess
from touchstone.loop.grade_columns import grade_columns
from touchstone.loop.measure import measure
from touchstone.loop.results import Assessment
from touchstone.loop.score_columns import are_columns_enough
from touchstone.loop.variables import needs_of, plan_sums, variable_of
from touchstone.tallies.engine import EngineName, tally_stored
from touchstone.tallies.stored_snapshots import Made, StoredSnapshot

MOST_DIGITS = 38


def grade_stored(
    stored: StoredSnapshot,
    scheme: Scheme,
    *,
    dataset: Dataset,
    indicators: Mapping[str, Indicator],
    schemes: Mapping[str, Scheme] | None = None,
    engine: EngineName = "duckdb",
) -> pa.Table:
    """Grade every unit of a stored snapshot; figures and grades are those that `assess` gives.

    1. Where the scheme weighs means and shares of answers (`score_columns.are_columns_enough`),
       the engine tallies the file without loading it, and all units are scored as columns.
    2. For any other scheme the rows are loaded, measured and assessed unit by unit.

    Columns: `unit`, `n`, `score`, `low`, `high` (decimals of the scheme's places), `rank_low`,
    `rank_high`, `grade`, `status`, `reason`; a row for every unit, sorted by its identifier.
    Raises as `measure.measure`; ENGINE-01 to ENGINE-04 when Spark is not there or fails.
    """
    known = schemes or {}
    if are_columns_enough(scheme, indicators):
        needs = needs_of(scheme, known)
        _, plan = plan_sums(stored.empty(), needs, dataset=dataset, indicators=indicators)
        used = [indicators[name] for name in sorted(needs.indicators)]
        made = {
            variable_of(one, dataset): _made(stored, one)
            for one in used
            if variable_of(one, dataset) in plan.values and one.kind == "share"
        }
        tallies = tally_stored(stored.with_made(made), plan, engine=engine)
        return grade_columns(tallies, scheme, dataset=dataset, indicators=indicators)
    snapshot = stored.load()
    measures = measure(
        snapshot, scheme, dataset=dataset, indicators=indicators, schemes=known, engine=engine
    )
    found = assess(
        measures,
        scheme,
        pack="",
        scheme_name="",
        dataset=dataset,
        snapshot=snapshot,
        schemes=known,
    )
    return grades_of(found, scheme)


def grades_of(assessment: Assessment, scheme: Scheme) -> pa.Table:
    """Give the units of an assessment as such a table."""
    kind = pa.decimal128(MOST_DIGITS, scheme.places)
    plain = {"unit": pa.string(), "n": pa.int64()}
    figures = dict.fromkeys(("score", "low", "high"), kind)
    places = {"rank_low": pa.int64(), "rank_high": pa.int64()}
    texts = {"grade": pa.string(), "status": pa.string()}
    columns = {
        name: pa.array([getattr(unit, name) for unit in assessment.units], own)
        for name, own in {**plain, **figures, **places, **texts}.items()
    }
    reasons = pa.array([unit.because.key for unit in assessment.units], pa.string())
    return pa.table({**columns, "reason": reasons})


def _made(stored: StoredSnapshot, indicator: Indicator) -> Made:
    """Say how a share's ones and zeros are made from its column."""
    unit = 10 ** stored.column(indicator.column).places
    listed = tuple(answer * unit for answer in indicator.counts_as_yes)
    return Made(indicator.column, listed)
