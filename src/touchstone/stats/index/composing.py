"""All steps of an index in their order: from the figures of the units to scores and places."""

from dataclasses import dataclass
from typing import get_args

import numpy as np

from touchstone.stats.index.aggregating import FLOOR, Mean, aggregate_tree, copeland, places_of
from touchstone.stats.index.arrays import Floats, Integers, refuse_columns
from touchstone.stats.index.choices import (
    Aggregating,
    Imputation,
    Normalisation,
    TreatmentMethod,
    Weighting,
)
from touchstone.stats.index.hierarchies import Hierarchy
from touchstone.stats.index.imputing import impute
from touchstone.stats.index.normalising import Scaling, normalise
from touchstone.stats.index.treating import Treatments, apply_treatments, find_treatments
from touchstone.stats.index.weighting import weigh

AGGREGATINGS: tuple[Aggregating, ...] = get_args(Aggregating)
STATED_IN_UNITS = ("goalposts", "distance_to_target")


@dataclass(frozen=True, slots=True)
class Steps:
    """Which method each step of an index takes; `stated`: each group takes its own mean."""

    impute: Imputation = "none"
    treat: TreatmentMethod = "none"
    normalise: Normalisation = "min_max"
    weigh: Weighting = "given"
    aggregate: Aggregating = "stated"


@dataclass(frozen=True, eq=False, slots=True)
class Panel:
    """The figures an index is made of, screened and denominated.

    `values` and their standard errors `errors` (0 for exact facts) are [units, indicators], with
    NaN for a cell without a value. `means` has the mean of each group of the hierarchy, `groups`
    the group of each unit for imputation. `floor` is explained at `aggregate_tree`.
    """

    units: tuple[str, ...]
    values: Floats
    errors: Floats
    scaling: Scaling
    hierarchy: Hierarchy
    means: tuple[Mean, ...]
    groups: tuple[str | None, ...] | None = None
    floor: float = FLOOR


@dataclass(frozen=True, eq=False, slots=True)
class Prepared:
    """Imputed figures [units, indicators], and how outliers among them are treated."""

    imputed: Floats
    treatments: Treatments

    @property
    def treated(self) -> Floats:
        """Give the treated figures."""
        return apply_treatments(self.imputed, self.treatments)


@dataclass(frozen=True, eq=False, slots=True)
class Index:
    """An index: the score of every node [units, nodes], and the units' places by the whole.

    `hierarchy` has the weights that were used. Scores of the groups are NaN for Copeland, which
    makes one score of all indicators.
    """

    normalised: Floats
    scores: Floats
    places: Integers
    hierarchy: Hierarchy
    prepared: Prepared


def build_index(panel: Panel, steps: Steps) -> Index:
    """Make an index of a panel: impute, treat, normalise, weigh, aggregate.

    Raises INDEX-01 to INDEX-09 and INDEX-17 as the steps do (see the modules beside this one),
    INDEX-10 where goalposts or a target meet a transformed indicator.

    >>> from touchstone.stats.index.hierarchies import flat_hierarchy
    >>> from touchstone.stats.index.normalising import plain_scaling
    >>> cells = np.array([[1.0, 30.0], [2.0, 10.0], [5.0, 20.0]])
    >>> names = ["roads", "accidents"]
    >>> panel = Panel(("A", "B", "C"), cells, np.zeros_like(cells), plain_scaling(names, [1, -1]),
    ...               flat_hierarchy(names), ("arithmetic",))
    >>> found = build_index(panel, Steps())
    >>> found.scores[:, -1].tolist(), found.places.tolist()
    ([0.0, 62.5, 75.0], [3, 2, 1])
    """
    prepared = prepare(panel, steps)
    normalised = normalise_prepared(panel, prepared, steps.normalise)
    hierarchy = weigh(normalised, panel.hierarchy, steps.weigh)
    scores = score_nodes(panel, normalised, hierarchy, steps.aggregate)
    return Index(normalised, scores, places_of(scores[:, -1]), hierarchy, prepared)


def prepare(panel: Panel, steps: Steps) -> Prepared:
    """Impute a panel's figures and decide how outliers are treated; errors as `build_index`."""
    imputed = impute(panel.values, steps.impute, names=panel.scaling.names, groups=panel.groups)
    return Prepared(imputed, find_treatments(imputed, steps.treat))


def normalise_prepared(panel: Panel, prepared: Prepared, method: Normalisation) -> Floats:
    """Normalise treated figures; errors as `build_index`."""
    if method in STATED_IN_UNITS:
        refuse_columns(
            ~np.isnan(prepared.treatments.power),
            panel.scaling.names,
            code="INDEX-10",
            found=f"its outliers made a transformation necessary, and {method} needs its own unit",
            remedy="Treat outliers by winsorising only, or not at all, or normalise by min_max.",
        )
    return normalise(prepared.treated, panel.scaling, method)


def score_nodes(
    panel: Panel, normalised: Floats, hierarchy: Hierarchy, method: Aggregating
) -> Floats:
    """Give the score of every node, [units, nodes], by one way of aggregating.

    >>> AGGREGATINGS
    ('stated', 'arithmetic', 'geometric', 'harmonic', 'copeland')
    """
    if method == "copeland":
        scores = np.full((len(normalised), len(hierarchy.names)), np.nan)
        scores[:, : normalised.shape[1]] = normalised
        scores[:, -1] = copeland(normalised, hierarchy)
        return scores
    means = means_of(panel, method)
    return aggregate_tree(normalised, hierarchy, means, floor=panel.floor)


def means_of(panel: Panel, method: Aggregating) -> tuple[Mean, ...]:
    """Give the mean of each group by one way of aggregating that is a mean.

    ValueError for copeland, which has none.

    >>> "copeland" in get_args(Mean)
    False
    """
    if method == "copeland":
        raise ValueError("method must be a mean; got 'copeland'")
    return panel.means if method == "stated" else (method,) * len(panel.means)
