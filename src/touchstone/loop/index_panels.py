"""From measures to the panel of an index: figures, errors, tree, scale, and who stays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Withheld
from touchstone.content.criteria import walk_criteria
from touchstone.content.index_judgements import judged_weights, sibling_groups
from touchstone.content.index_specs import IndexSpec, Scaling
from touchstone.content.schemes import Comparison, Criterion, Scheme, leaves
from touchstone.loop.measure import Measures
from touchstone.stats.index.aggregating import Mean
from touchstone.stats.index.arrays import Floats, Mask
from touchstone.stats.index.composing import Panel
from touchstone.stats.index.denominating import denominate
from touchstone.stats.index.hierarchies import Hierarchy, build_hierarchy
from touchstone.stats.index.normalising import Scaling as Scales
from touchstone.stats.index.screening import screen_units

WHOLE = "index"
TOO_LITTLE = "too_little_known"
PLAIN = Scaling()


@dataclass(frozen=True, eq=False, slots=True)
class FoundPanel:
    """The panel of an index with the units that stay, and why the others do not.

    `withheld` has a reason for each unit that does not stay, by its place among the measures;
    `kept` are the places of those that do. `missing` counts each kept unit's cells without a
    value. `consistency` holds the consistency ratio of each group that was judged by pairs.
    """

    panel: Panel
    kept: tuple[int, ...]
    withheld: dict[int, Withheld]
    missing: tuple[int, ...]
    consistency: dict[str, float]


def needed_scheme(scheme: Scheme) -> Scheme:
    """Give a scheme by which everything is measured that an index needs.

    That is each indicator, its denominator and its error, and the groups for imputation.
    """
    names: dict[str, None] = {}
    for leaf in leaves(scheme.criteria):
        scaling = leaf.scaling or PLAIN
        named = (leaf.indicator, scaling.denominator, scaling.error)
        names.update(dict.fromkeys(name for name in named if name is not None))
    groups = scheme.index.groups if scheme.index else None
    return Scheme(
        dataset=scheme.dataset,
        scale=scheme.scale,
        criteria=tuple(Criterion(id=name, indicator=name) for name in names),
        grades=scheme.grades,
        comparison=Comparison(by=(groups,)) if groups else None,
        confidence=scheme.confidence,
    )


def find_panel(measures: Measures, scheme: Scheme) -> FoundPanel:
    """Put the measures of an index together: denominate, screen, and set up tree and scale.

    A figure that is withheld is a cell without a value. A unit with too few of them is withheld as
    `too_little_known`; with any missing, as `missing_value`, where nothing imputes and the scheme
    withholds. Raises INDEX-11 when no unit stays, INDEX-14 when the reference is not among them.
    """
    spec = scheme.index
    if spec is None:
        raise ValueError("scheme must make an index; got one without [index]")
    indicators = leaves(scheme.criteria)
    columns = [_column(measures, leaf) for leaf in indicators]
    values = np.column_stack([values for values, _ in columns])
    errors = np.column_stack([errors for _, errors in columns])
    kept, withheld = _screened(values, scheme, spec, [leaf.id for leaf in indicators])
    if not kept.any():
        raise TouchstoneError(
            "INDEX-11",
            where="index",
            found="no unit has figures enough",
            remedy="Lower 'least_known', impute, or bring evidence for more indicators.",
        )
    hierarchy, consistency = _hierarchy(scheme, spec)
    places = np.flatnonzero(kept).tolist()
    panel = Panel(
        units=tuple(measures.units[place] for place in places),
        values=values[kept],
        errors=np.where(np.isnan(errors[kept]), 0.0, errors[kept]),
        scaling=_scales(scheme, [measures.units[place] for place in places]),
        hierarchy=hierarchy,
        means=_means(scheme, hierarchy),
        groups=_groups(measures, spec, places),
        floor=float(spec.floor),
    )
    missing = np.isnan(panel.values).sum(axis=1)
    return FoundPanel(panel, tuple(places), withheld, tuple(missing.tolist()), consistency)


def _column(measures: Measures, leaf: Criterion) -> tuple[Floats, Floats]:
    """Give an indicator's figures and standard errors by unit, divided by its denominator."""
    scaling = leaf.scaling or PLAIN
    values, errors = _figures(measures, leaf.indicator or "")
    if scaling.error is not None:
        errors, _ = _figures(measures, scaling.error)
    if scaling.denominator is not None:
        sizes, _ = _figures(measures, scaling.denominator)
        per = float(scaling.per)
        values = denominate(values, sizes, per=per)
        errors = denominate(errors, sizes, per=per)
    return values, np.abs(errors)


def _figures(measures: Measures, name: str) -> tuple[Floats, Floats]:
    """Give an indicator's figures, NaN where withheld, and their standard errors, 0 if exact."""
    outcomes = measures.outcomes[name]
    values = [float(one.value) if isinstance(one, Estimate) else np.nan for one in outcomes]
    errors = [
        float(one.se) if isinstance(one, Estimate) and one.se is not None else 0.0
        for one in outcomes
    ]
    return np.array(values), np.array(errors)


def _screened(
    values: Floats, scheme: Scheme, spec: IndexSpec, names: Sequence[str]
) -> tuple[Mask, dict[int, Withheld]]:
    """Mark the units that stay, and say why the others do not."""
    known = screen_units(
        values, least_known=float(spec.least_known), least_nonzero=float(spec.least_nonzero)
    )
    withheld = {place: Withheld(TOO_LITTLE) for place in np.flatnonzero(~known).tolist()}
    if spec.impute == "none" and scheme.missing == "withhold":
        gaps = np.isnan(values)
        for place in np.flatnonzero(known & gaps.any(axis=1)).tolist():
            first = names[int(np.argmax(gaps[place]))]
            withheld[place] = Withheld("missing_value", (("criterion", first),))
        known &= ~gaps.any(axis=1)
    return known, withheld


def _hierarchy(scheme: Scheme, spec: IndexSpec) -> tuple[Hierarchy, dict[str, float]]:
    """Make the tree of the criteria, with their own weights or those that people judged."""
    parents: dict[str, str] = {}
    for name, group in sibling_groups(scheme):
        above = name if name in parents else WHOLE
        parents.update({criterion.id: above for criterion in group})
    weights = {c.id: float(c.weight) for _, c in walk_criteria(scheme.criteria)}
    consistency: dict[str, float] = {}
    if spec.weights in ("pairs", "budgets"):
        for name, group in sibling_groups(scheme):
            judged, ratio = judged_weights([c.id for c in group], spec, where=f"'{name}'")
            weights.update(judged)
            if ratio is not None:
                consistency[name if name in parents else WHOLE] = ratio
    return build_hierarchy([c.id for c in leaves(scheme.criteria)], parents, weights), consistency


def _means(scheme: Scheme, hierarchy: Hierarchy) -> tuple[Mean, ...]:
    stated = {c.id: c.aggregation for _, c in walk_criteria(scheme.criteria)}
    return tuple(stated.get(group, scheme.aggregation) for group in hierarchy.groups)


def _scales(scheme: Scheme, units: Sequence[str]) -> Scales:
    """Give what normalisation needs to know of the indicators."""
    scalings = [leaf.scaling or PLAIN for leaf in leaves(scheme.criteria)]

    def stated(key: str) -> Floats:
        found = [getattr(scaling, key) for scaling in scalings]
        return np.array([np.nan if one is None else float(one) for one in found])

    return Scales(
        names=tuple(leaf.id for leaf in leaves(scheme.criteria)),
        better=np.array([1.0 if scaling.better == "more" else -1.0 for scaling in scalings]),
        worst=stated("worst"),
        best=stated("best"),
        target=stated("target"),
        reference=_reference(scheme, units),
        low=float(scheme.scale.low),
        high=float(scheme.scale.high),
    )


def _reference(scheme: Scheme, units: Sequence[str]) -> int | None:
    name = scheme.index.reference if scheme.index else None
    if name is None:
        return None
    if name not in units:
        raise TouchstoneError(
            "INDEX-14",
            where="index, 'reference'",
            found=f"the unit '{name}' is not among those with figures enough",
            remedy="Name a unit that stays.",
        )
    return list(units).index(name)


def _groups(
    measures: Measures, spec: IndexSpec, places: Sequence[int]
) -> tuple[str | None, ...] | None:
    if spec.groups is None:
        return None
    texts = measures.texts[spec.groups]
    return tuple(texts[place] for place in places)
