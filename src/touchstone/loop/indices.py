"""Stage 4 of the loop for composite indices: measures become scores and places, with their spread.

make_index: measures + scheme → the index, how far it depends on its choices, and on its evidence.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.content.datasets import Dataset
from touchstone.content.index_specs import IndexSpec, SensitivitySpec
from touchstone.content.indicators import Indicator
from touchstone.content.schemes import Scheme
from touchstone.loop.index_panels import FoundPanel, find_panel, needed_scheme
from touchstone.loop.index_results import (
    DIGITS,
    IndexNotes,
    IndexResult,
    IndexSpread,
    IndexUnit,
)
from touchstone.loop.measure import Measures, measure
from touchstone.stats.figures import significant
from touchstone.stats.grades import grade_of
from touchstone.stats.index.aggregating import places_of
from touchstone.stats.index.arrays import Floats
from touchstone.stats.index.composing import Index, Panel, Steps
from touchstone.stats.index.hierarchies import Hierarchy
from touchstone.stats.index.screening import screen_indicators
from touchstone.stats.index.treating import name_treatments
from touchstone.stats.sensitivity.admissible import additive_points, bound_places
from touchstone.stats.sensitivity.attributions import Attribution, attribute
from touchstone.stats.sensitivity.distributions import (
    share_grades,
    share_places,
    spread_places,
    spread_scores,
)
from touchstone.stats.sensitivity.draws import Draws, draw_index
from touchstone.stats.sensitivity.studies import STEPS, Choices, Study, prepare_study
from touchstone.tallies.engine import EngineName
from touchstone.tallies.tables import Snapshot

FEWEST_FOR_ATTRIBUTION = 64


def measure_for_index(
    snapshot: Snapshot,
    scheme: Scheme,
    *,
    dataset: Dataset,
    indicators: Mapping[str, Indicator],
    engine: EngineName = "duckdb",
) -> Measures:
    """Measure everything that an index needs: indicators, denominators, errors, groups.

    Raises INDEX-12 for a scheme that makes no index, and whatever `loop.measure.measure` does.
    """
    if scheme.index is None:
        raise TouchstoneError(
            "INDEX-12",
            where="scheme",
            found="it makes no index",
            remedy="Name a scheme with a table [index], or use `touchstone assess`.",
        )
    needed = needed_scheme(scheme)
    return measure(snapshot, needed, dataset=dataset, indicators=indicators, engine=engine)


def make_index(measures: Measures, scheme: Scheme, *, draws: int | None = None) -> IndexResult:
    """Make an index of all units by a scheme, and draw it anew to see what it depends on.

    1. Denominate, screen, impute, treat, normalise, weigh and aggregate as the scheme says.
    2. Round each score to 6 significant digits; places follow from rounded scores.
    3. Draw the index with other choices, and within the errors of its figures.
    4. Bound each place over all weights within their noise, where the index is a weighted mean.
    5. A grade is given where the whole interval of the score lies in one band, else none.
    6. Attribute the shift in places to what varies, with as many draws again.

    `draws` overrides the scheme's; 0 leaves steps 3, 4 and 6 out. These are figures of a model:
    the same seed gives the same draws on one kind of machine.

    Raises INDEX-01 to INDEX-11, INDEX-14 and INDEX-17 (see `stats.index`).
    """
    found = find_panel(measures, scheme)
    spec, varying = scheme.index or IndexSpec(), scheme.sensitivity or SensitivitySpec()
    steps = _steps(spec, found.panel)
    study = prepare_study(found.panel, steps, _choices(varying, found.panel))
    count = varying.draws if draws is None else draws
    scores = [significant(Decimal(one), DIGITS) for one in study.index.scores[:, -1].tolist()]
    drawn = draw_index(study, count, seed=varying.seed) if count else None
    spreads: list[IndexSpread | None] = [None] * len(scores)
    if drawn:
        spreads = _spreads(study, drawn, scheme, varying)
    units = _units(measures, found, study.index, scores, spreads)
    return IndexResult(
        units=tuple(_graded(unit, scheme) for unit in units),
        steps=_told_steps(spec, steps),
        notes=_notes(found, study.index),
        draws=count,
        own_draws=int(drawn.is_own.sum()) if drawn else 0,
        seed=varying.seed,
        confidence=varying.confidence,
        varied=_varied(study),
        attributions=_attributions(study, count, varying.seed),
    )


def _steps(spec: IndexSpec, panel: Panel) -> Steps:
    """Give the methods of the steps; judged weights stand in the tree already."""
    weights = "given" if spec.weights in ("pairs", "budgets") else spec.weights
    named: dict[str, Any] = {
        "impute": spec.impute,
        "treat": spec.treat,
        "normalise": spec.normalise,
        "weigh": weights,
        "aggregate": _aggregating(spec.aggregate, panel),
    }
    return Steps(**named)


def _choices(varying: SensitivitySpec, panel: Panel) -> Choices:
    named: dict[str, Any] = {
        "impute": varying.impute,
        "treat": varying.treat,
        "normalise": varying.normalise,
        "weigh": varying.weights,
        "aggregate": tuple(dict.fromkeys(_aggregating(name, panel) for name in varying.aggregate)),
    }
    return Choices(**named, weight_noise=float(varying.weight_noise), errors=varying.errors)


def _aggregating(name: str, panel: Panel) -> str:
    """Call what the groups state by its own name where all state the same."""
    return panel.means[0] if name == "stated" and len(set(panel.means)) == 1 else name


def _spreads(
    study: Study, drawn: Draws, scheme: Scheme, varying: SensitivitySpec
) -> list[IndexSpread | None]:
    """Give each unit's spread; without draws on the own scale, a score is its own interval."""
    confidence = float(varying.confidence)
    places = spread_places(drawn.places, confidence)
    own = drawn.scores[drawn.is_own] if drawn.is_own.any() else study.index.scores[:, -1][None]
    low, high = spread_scores(own, confidence)
    bands = sorted(scheme.grades, key=lambda band: band.start)
    grades = share_grades(own, [float(band.start) for band in bands]).tolist()
    names = [band.id for band in bands]
    bounds = _bounds(study)
    return [
        IndexSpread(
            low=significant(Decimal(float(low[unit])), DIGITS),
            high=significant(Decimal(float(high[unit])), DIGITS),
            place_low=int(places.low[unit]),
            place_median=int(places.median[unit]),
            place_high=int(places.high[unit]),
            place_shares=shares,
            grade_shares=dict(zip(names, grades[unit], strict=True)),
            best=bounds[0][unit] if bounds else None,
            worst=bounds[1][unit] if bounds else None,
        )
        for unit, shares in enumerate(share_places(drawn.places))
    ]


def _bounds(study: Study) -> tuple[list[int], list[int]] | None:
    """Bound the places over all weights within their noise, where the index is a weighted mean."""
    if not study.choices.weight_noise:
        return None
    points = additive_points(study.panel, study.index.normalised, study.steps)
    if points is None:
        return None
    found = bound_places(points, study.index.hierarchy, study.choices.weight_noise)
    return found.best.tolist(), found.worst.tolist()


def _units(
    measures: Measures,
    found: FoundPanel,
    index: Index,
    scores: list[Decimal],
    spreads: list[IndexSpread | None],
) -> list[IndexUnit]:
    """List the units by place, units of one place by identifier, the withheld ones at the end."""
    places = places_of(np.array([float(score) for score in scores]))
    names = (*index.hierarchy.names[:-1],)
    ranked = []
    for row, place in enumerate(found.kept):
        nodes = index.scores[row, :-1].tolist()
        ranked.append(
            IndexUnit(
                unit=measures.units[place],
                name=measures.names[place],
                score=scores[row],
                place=int(places[row]),
                spread=spreads[row],
                criteria=dict(zip(names, map(_told, nodes), strict=True)),
                imputed=found.missing[row] - int(np.isnan(index.prepared.imputed[row]).sum()),
            )
        )
    ranked.sort(key=lambda unit: (unit.place or 0, unit.unit))
    return ranked + [
        IndexUnit(measures.units[place], measures.names[place], withheld=reason)
        for place, reason in found.withheld.items()
    ]


def _told(score: float) -> Decimal | None:
    return None if np.isnan(score) else significant(Decimal(score), DIGITS)


def _graded(unit: IndexUnit, scheme: Scheme) -> IndexUnit:
    """Give a unit the grade whose band holds its whole interval, and its score."""
    if unit.score is None:
        return unit
    ends = [unit.score] if unit.spread is None else [unit.score, unit.spread.low, unit.spread.high]
    grade = grade_of(min(ends), max(ends), scheme.grades)
    return replace(unit, grade=grade)


def _notes(found: FoundPanel, index: Index) -> IndexNotes:
    names, treatments = found.panel.scaling.names, index.prepared.treatments
    return IndexNotes(
        weights=_weights(index.hierarchy),
        treated=name_treatments(treatments, names),
        unsettled=tuple(
            name
            for name, is_settled in zip(names, treatments.is_settled, strict=True)
            if not is_settled
        ),
        collinear=screen_indicators(found.panel.values, names).collinear,
        consistency=found.consistency,
    )


def _weights(hierarchy: Hierarchy) -> dict[str, float]:
    """Give the weight of each criterion in the whole, groups included."""
    share: Floats = hierarchy.weights.copy()
    for place in range(len(share) - 2, -1, -1):
        share[place] *= share[hierarchy.parents[place]]
    return dict(zip(hierarchy.names[:-1], share[:-1].tolist(), strict=True))


def _told_steps(spec: IndexSpec, steps: Steps) -> dict[str, str]:
    return {
        "impute": spec.impute,
        "treat": spec.treat,
        "normalise": spec.normalise,
        "weights": spec.weights,
        "aggregate": steps.aggregate,
    }


def _varied(study: Study) -> dict[str, tuple[str, ...]]:
    """Name what varies, with the methods that each step took."""
    return {
        _factor_name(factor): tuple(getattr(study.choices, factor)) if factor in STEPS else ()
        for factor in study.factors
    }


def _attributions(study: Study, draws: int, seed: int) -> tuple[Attribution, ...]:
    """Attribute with about as many draws as there were; with too few, nothing is told."""
    base = draws // (len(study.factors) + 2)
    if base < FEWEST_FOR_ATTRIBUTION:
        return ()
    return tuple(
        replace(one, factor=_factor_name(one.factor)) for one in attribute(study, base, seed=seed)
    )


def _factor_name(factor: str) -> str:
    """Call a factor as the scheme's tables do."""
    return "weights" if factor == "weigh" else factor
