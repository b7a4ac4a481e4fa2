"""Planks short of their target, as a pack asks for them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.content.analyses.drivers import DriversSpec
from touchstone.content.analyses.estimates import EstimatesSpec
from touchstone.content.analyses.shortfalls import PlankSpec, ShortfallsSpec
from touchstone.loop.analyses.drivers import find_drivers
from touchstone.loop.analyses.estimates import find_estimates
from touchstone.loop.analyses.evidence import Evidence, too_few_rows
from touchstone.stats.shortfalls.planks import Planks, Shortfall, shortfalls_of
from touchstone.stats.shortfalls.quadrants import UNDECIDED, Cuts, Place, quadrants_of
from touchstone.stats.snapshot_columns import Floats, numbers_of, texts_of


class FoundShortfalls(NamedTuple):
    """Shortfalls and fields of the planks, with what they were made of.

    `means`: of planks that are columns, what they are on average; empty otherwise.
    """

    planks: Planks
    shortfalls: tuple[Shortfall, ...]
    places: tuple[Place, ...]
    means: tuple[Outcome, ...] = ()


def find_shortfalls(spec: ShortfallsSpec, evidence: Evidence) -> FoundShortfalls | Withheld:
    """Test all planks together, and put them into fields; see `stats.shortfalls`.

    Planks that are columns have the mean of their rows by the dataset's design, and are measured
    from their own target, so that they may be in different units; the fields part at the target.
    Where an outcome tells importance, a plank's is its part in the outcome's explained variance,
    with its error, of rows that count alike. A plank on fewer rows than the smallest group, or
    whose rows have no spread, is withheld.

    Withheld as `too_few_rows` where fewer rows tell the importance, as `stats.drivers`, or as
    `may_be_people` where rows are planks that may be people. Raises TouchstoneError
    SHORTFALL-01 to SHORTFALL-03, DRIVER-01 to DRIVER-03, and as `stats.estimates.estimate`.
    """
    if not spec.planks:
        is_named = evidence.may_name(str(spec.plank))
        return shortfalls_of_rows(spec, evidence) if is_named else Withheld("may_be_people")
    importance = _importance(spec, evidence)
    if isinstance(importance, Withheld):
        return importance
    means = tuple(_kept(one, spec.smallest_group) for one in _means(spec, evidence))
    planks = _planks_of_columns(spec, means, importance)
    found = _found(spec, planks, performance_cut=0.0)
    return _with_reasons(found, means)


def shortfalls_of_rows(spec: ShortfallsSpec, evidence: Evidence) -> FoundShortfalls:
    """Take each row as a plank with its performance, target and importance.

    Raises TouchstoneError SHORTFALL-01 to SHORTFALL-03.
    """
    sign = -1 if spec.better == "less" else 1
    cut = None if spec.performance_cut is None else sign * float(spec.performance_cut)
    return _found(spec, _planks_of_rows(spec, evidence, sign), performance_cut=cut)


def _found(
    spec: ShortfallsSpec, planks: Planks, *, performance_cut: float | None
) -> FoundShortfalls:
    confidence = float(spec.confidence)
    shortfalls = shortfalls_of(
        planks, false_rate=float(spec.false_rate), control=spec.control, confidence=confidence
    )
    importance_cut = None if spec.importance_cut is None else float(spec.importance_cut)
    cuts = Cuts(importance_cut, performance_cut)
    return FoundShortfalls(planks, shortfalls, quadrants_of(planks, cuts, confidence=confidence))


def _planks_of_rows(spec: ShortfallsSpec, evidence: Evidence, sign: int) -> Planks:
    """Take each row as a plank, in the order of names."""
    snapshot, column = evidence.snapshot, str(spec.plank)
    names = texts_of(snapshot, column)
    if None in names:
        raise TouchstoneError(
            "SHORTFALL-01",
            where=f"{evidence.where}, column {column!r}",
            found="a row without the name of a plank",
            remedy="Name the plank, or take the row out.",
        )
    order = sorted(range(len(names)), key=lambda place: names[place] or "")

    def read(name: str | None, otherwise: float = 0.0) -> Floats:
        if name is None:
            return np.full(len(names), otherwise)
        return numbers_of(snapshot, name)[order]

    return Planks(
        tuple(str(names[place]) for place in order),
        sign * read(spec.performance),
        read(spec.se),
        sign * read(spec.target, float(spec.one_target or 0)),
        read(spec.importance),
        read(spec.importance_se),
    )


def _planks_of_columns(
    spec: ShortfallsSpec, means: Sequence[Outcome], importance: Mapping[str, tuple[float, float]]
) -> Planks:
    """Measure each plank from its target, above 0 where it is reached."""
    pairs = list(zip(spec.planks, means, strict=True))
    parts = [importance[plank.column] for plank in spec.planks]
    return Planks(
        tuple(plank.column for plank in spec.planks),
        np.array([_surplus(plank, mean) for plank, mean in pairs]),
        np.array([float(one.se or 0) if isinstance(one, Estimate) else np.nan for one in means]),
        np.zeros(len(pairs)),
        np.array([value for value, _ in parts]),
        np.array([error for _, error in parts]),
    )


def _surplus(plank: PlankSpec, mean: Outcome) -> float:
    if isinstance(mean, Withheld):
        return float("nan")
    above = float(mean.value - plank.target)
    return above if plank.better == "more" else -above


def _means(spec: ShortfallsSpec, evidence: Evidence) -> list[Outcome]:
    asked = EstimatesSpec(
        statistic="mean",
        variables=tuple(plank.column for plank in spec.planks),
        confidence=spec.confidence,
        smallest_group=0,
    )
    return [figure.outcome for figure in find_estimates(asked, evidence).figures]


def _kept(mean: Outcome, smallest: int) -> Outcome:
    """Withhold a mean of few rows, or whose error is not known, as 0 would say all were counted."""
    if isinstance(mean, Estimate) and mean.n < smallest:
        return too_few_rows(smallest)
    if isinstance(mean, Estimate) and mean.se == 0 and mean.method != "census":
        return Withheld("no_spread_within")
    return mean


def _importance(
    spec: ShortfallsSpec, evidence: Evidence
) -> dict[str, tuple[float, float]] | Withheld:
    """Give each plank's importance and its error: stated, or what it accounts for."""
    if spec.outcome is None:
        return {one.column: (float(one.importance or 0), 0.0) for one in spec.planks}
    asked = DriversSpec(
        outcome=spec.outcome,
        predictors=tuple(plank.column for plank in spec.planks),
        method=spec.method,
        confidence=spec.confidence,
    )
    used = (spec.outcome, *asked.predictors)
    table = np.column_stack([numbers_of(evidence.snapshot, name) for name in used])
    if np.isfinite(table).all(axis=1).sum() < spec.smallest_group:
        return too_few_rows(spec.smallest_group)
    found = find_drivers(asked, evidence)
    if isinstance(found, Withheld):
        return found
    if isinstance(found.explained, Withheld):
        return found.explained
    return {one.name: _part(one.contribution) for one in found.drivers}


def _part(contribution: Outcome) -> tuple[float, float]:
    """Give a contribution and its error; next to nothing is 0."""
    if isinstance(contribution, Withheld):
        return 0.0, 0.0
    return float(contribution.value), float(contribution.se or 0)


def _with_reasons(found: FoundShortfalls, means: tuple[Outcome, ...]) -> FoundShortfalls:
    """Say of each plank without a mean why it has none."""
    shortfalls, places = list(found.shortfalls), list(found.places)
    for place, mean in enumerate(means):
        if isinstance(mean, Withheld):
            name = shortfalls[place].name
            shortfalls[place] = Shortfall(name, mean, mean, None, None, rank=None)
            places[place] = Place(name, places[place].importance, mean, UNDECIDED)
    return FoundShortfalls(found.planks, tuple(shortfalls), tuple(places), means)
