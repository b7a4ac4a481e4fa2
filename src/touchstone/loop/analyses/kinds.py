"""Making the analyses that a pack asks for."""

from pkgutil import resolve_name
from typing import Any

from touchstone.base.errors import TouchstoneError
from touchstone.content.analyses.kinds import Analysis
from touchstone.content.datasets import Dataset
from touchstone.loop.analyses.evidence import Evidence, too_few_rows
from touchstone.stats.designs import Design
from touchstone.tallies.tables import Snapshot


def analyse(spec: Analysis, snapshot: Snapshot, *, dataset: Dataset) -> Any:
    """Make one analysis of a snapshot; what is found depends on its kind.

    Withheld as `too_few_rows` where rows are of people and fewer than the smallest group. Where
    the evidence does not allow the analysis, the TouchstoneError that says why is what is found,
    so that an assessment does not fail with an analysis beside it.
    """
    if _of_people(dataset) and snapshot.rows.num_rows < spec.smallest_group:
        return too_few_rows(spec.smallest_group)
    drawn = dataset.design
    design = Design(drawn.weight, drawn.strata, drawn.clusters, drawn.fpc)
    try:
        evidence = Evidence(snapshot, spec.dataset, design, _named(dataset), _of_people(dataset))
        return _find(spec, evidence)
    except TouchstoneError as fault:
        return fault


def _find(spec: Analysis, evidence: Evidence) -> Any:
    """Call the function of the file that stands here for the kind of an analysis.

    It is loaded for that, as models and their libraries take long to load.
    """
    kind = spec.__struct_config__.tag
    return resolve_name(f"{__package__}.{kind}:find_{kind}")(spec, evidence)


def _of_people(dataset: Dataset) -> bool:
    tells_answers = dataset.rater is not None or bool(dataset.design.clusters)
    return dataset.about == "persons" or tells_answers


def _named(dataset: Dataset) -> tuple[str, ...]:
    """List the columns that name organisations: the dataset's units, and the levels above them."""
    if dataset.about == "persons":
        return ()
    return (dataset.unit, *(level.column for level in dataset.levels))
