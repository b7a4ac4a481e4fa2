"""A study of an index: the choices that could have been made otherwise, made ready for draws."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal, get_args

import numpy as np

from touchstone.stats.index.arrays import Floats, Integers
from touchstone.stats.index.choices import (
    Aggregating,
    Imputation,
    Normalisation,
    TreatmentMethod,
    Weighting,
)
from touchstone.stats.index.composing import (
    Index,
    Panel,
    Prepared,
    Steps,
    build_index,
    means_of,
    normalise_prepared,
    prepare,
)
from touchstone.stats.index.normalising import NORMALISATIONS
from touchstone.stats.index.weighting import weigh
from touchstone.stats.sensitivity.kernels import COPELAND, Noisy

Step = Literal["impute", "treat", "normalise", "weigh", "aggregate"]
STEPS: tuple[Step, ...] = get_args(Step)
CODES = {"arithmetic": 0, "geometric": 1, "harmonic": 2}


@dataclass(frozen=True, slots=True)
class Choices:
    """What varies from draw to draw; a step without methods keeps the one of the index.

    `weight_noise` p moves each node's weight to between (1 − p) and (1 + p) times its own, evenly,
    before siblings are scaled to sum to 1. `errors` tells whether every cell is drawn anew from a
    normal distribution around its figure, with its standard error.
    """

    impute: tuple[Imputation, ...] = ()
    treat: tuple[TreatmentMethod, ...] = ()
    normalise: tuple[Normalisation, ...] = ()
    weigh: tuple[Weighting, ...] = ()
    aggregate: tuple[Aggregating, ...] = ()
    weight_noise: float = 0.0
    errors: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Study:
    """An index with everything that draws of it need, computed once.

    `choices` has at least one method for every step. A variant is one imputation, treatment and
    normalisation. `columns` are [variant × aggregation, indicators,
    units], `weights` [variant, weighting, nodes], `means` [aggregation, groups].
    """

    panel: Panel
    index: Index
    steps: Steps
    choices: Choices
    columns: Floats
    weights: Floats
    means: Integers
    noisy: Noisy

    @property
    def factors(self) -> tuple[str, ...]:
        """Name what varies: the steps with several methods, weight_noise, errors."""
        varied = [step for step in STEPS if len(getattr(self.choices, step)) > 1]
        noise = ["weight_noise"] if self.choices.weight_noise else []
        return (*varied, *noise, *(["errors"] if self.choices.errors else []))


def prepare_study(panel: Panel, steps: Steps, choices: Choices) -> Study:
    """Make a study of an index; every method in it is tried once, so that faults come first.

    Each variant takes one 8-byte number for each unit and indicator. Raises as `build_index` does
    for any of the methods; ValueError for a weight noise outside 0 to below 1.

    >>> from touchstone.stats.index.hierarchies import flat_hierarchy
    >>> from touchstone.stats.index.normalising import plain_scaling
    >>> cells = np.array([[1.0, 30.0], [2.0, 10.0], [5.0, 20.0]])
    >>> panel = Panel(("A", "B", "C"), cells, np.zeros_like(cells), plain_scaling(["a", "b"]),
    ...               flat_hierarchy(["a", "b"]), ("arithmetic",))
    >>> choices = Choices(aggregate=("arithmetic", "geometric"), weight_noise=0.2)
    >>> prepare_study(panel, Steps(), choices).factors
    ('aggregate', 'weight_noise')
    """
    if not 0 <= choices.weight_noise < 1:
        raise ValueError(f"weight_noise must be 0 or more, below 1; got {choices.weight_noise}")
    full = _filled(choices, steps)
    index = build_index(panel, steps)
    variants = list(_variants(panel, full))
    points = [normalised for _, normalised in variants]
    weights = [
        [weigh(normalised, panel.hierarchy, method).weights for method in full.weigh]
        for normalised in points
    ]
    means = np.array([_mean_codes(panel, method) for method in full.aggregate])
    columns = [_changed(panel, normalised, codes) for normalised in points for codes in means]
    return Study(
        panel,
        index,
        steps,
        full,
        np.ascontiguousarray(columns),
        np.array(weights),
        means,
        _noisy(panel, [prepared for prepared, _ in variants]),
    )


def _filled(choices: Choices, steps: Steps) -> Choices:
    """Give the choices with the index's own method for each step that does not vary."""
    return replace(
        choices,
        impute=choices.impute or (steps.impute,),
        treat=choices.treat or (steps.treat,),
        normalise=choices.normalise or (steps.normalise,),
        weigh=choices.weigh or (steps.weigh,),
        aggregate=choices.aggregate or (steps.aggregate,),
    )


def _variants(panel: Panel, choices: Choices) -> Iterator[tuple[Prepared, Floats]]:
    """Give each combination of imputation, treatment and normalisation, the last fastest."""
    for impute, treat in product(choices.impute, choices.treat):
        prepared = prepare(panel, Steps(impute=impute, treat=treat))
        for method in choices.normalise:
            yield prepared, normalise_prepared(panel, prepared, method)


def _mean_codes(panel: Panel, method: Aggregating) -> list[int]:
    if method == "copeland":
        return [COPELAND] * len(panel.means)
    return [CODES[mean] for mean in means_of(panel, method)]


def _changed(panel: Panel, normalised: Floats, codes: Integers) -> Floats:
    """Give normalised columns [indicators, units] as the means of their groups add them up."""
    count = panel.hierarchy.indicator_count
    columns = np.ascontiguousarray(normalised.T)
    raised = np.fmax(columns, panel.floor) + 0.0 * columns
    own = codes[panel.hierarchy.parents[:count] - count][:, None]
    changed = np.where(own == CODES["geometric"], np.log(raised), columns)
    return np.where(own == CODES["harmonic"], 1 / raised, changed)


def _noisy(panel: Panel, prepared: list[Prepared]) -> Noisy:
    """Put together what draws with errors need; imputed and exact cells have no error."""
    scaling = panel.scaling
    errors = np.nan_to_num(panel.errors.T)
    found = [one.treatments for one in prepared]
    return Noisy(
        values=np.array([one.imputed.T for one in prepared]),
        errors=np.array([errors] * len(prepared)),
        treatments=np.array([[t.low, t.high, t.power, t.sign, t.shift, t.width] for t in found]),
        stated=np.array([scaling.better, scaling.worst, scaling.best, scaling.target]),
        scale=np.array([scaling.low, scaling.high, panel.floor]),
        reference=-1 if scaling.reference is None else scaling.reference,
    )


def method_codes(study: Study) -> Integers:
    """Give the place of each of the study's normalisations in NORMALISATIONS."""
    return np.array([NORMALISATIONS.index(name) for name in study.choices.normalise])
