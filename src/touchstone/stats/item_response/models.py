"""Rasch, partial credit and rating scale models of a table of answers, persons by items."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.stats.item_response.answers import (
    MOST_CATEGORY,
    Collapsed,
    ItemModel,
    Whole,
    checked_table,
    collapse,
)
from touchstone.stats.item_response.fit_statistics import ItemFit, fit_of_items
from touchstone.stats.item_response.marginal import (
    BLOCK,
    MarginalLikelihood,
    cells_of,
    curves,
    posterior,
)
from touchstone.stats.item_response.newton import Maximum, maximise
from touchstone.stats.item_response.scales import Floats, Parameter, thresholds
from touchstone.stats.model_figures import separation_of
from touchstone.stats.threads import spared_threads

# Standard deviations of ability below exp(-5) of a logit count as none.
LOG_FLOOR = -5.0
# So many persons are looked at first when there are many more groups of them.
FIRST_PERSONS = 4_000


class Item(NamedTuple):
    """What the model says of an item; `thresholds` are relative to its difficulty.

    `n`: answers; `mean`: of the categories. `infit`, `outfit`: mean squares, about 1 where answers
    vary as the model says, more where they are erratic, less where they follow too closely.
    """

    n: int
    mean: float | Withheld
    difficulty: Parameter | Withheld
    thresholds: tuple[Parameter | Withheld, ...]
    infit: float | Withheld
    outfit: float | Withheld


class Persons(NamedTuple):
    """One number for each row: answers, sum of categories, measure in logits and its error.

    The measure is the posterior mean, the error the posterior standard deviation, which is finite
    for perfect scores as well; a row without answers has the mean of all, 0, and their deviation.
    """

    n: Whole
    score: Whole
    measure: Floats
    se: Floats


@dataclass(frozen=True, slots=True)
class ItemResponseModel:
    """A fitted model of answers.

    `variance`: of abilities, with its standard error, 0 where no difference between persons is
    seen. `reliability`: the share of the variance of measures that is not error; `separation`: the
    spread over the error (Wright and Masters 1982).
    """

    model: ItemModel
    log_likelihood: float
    variance: float
    variance_se: float | Withheld
    items: tuple[Item, ...]
    persons: Persons
    reliability: float | Withheld
    separation: float | Withheld


@spared_threads()
def fit_item_response(
    answers: npt.NDArray[np.integer], model: ItemModel = "partial_credit"
) -> ItemResponseModel:
    """Measure persons by the categories they chose on items, and the items with them.

    `answers`: [N, I] whole numbers from 0, negative for no answer. The logit of category k over
    k − 1 is ability − difficulty − threshold, with abilities normal with mean 0 and free variance:
    the Rasch model (1960) for two categories, partial credit with thresholds of each item (Masters
    1982), or a rating scale with common thresholds (Andrich 1978). Marginal maximum likelihood
    (Bock and Aitkin 1981) with standard errors from the observed information. Answers of a person
    are taken to be independent given the ability, and gaps not to depend on it.

    Items whose answers are all equal have no finite difficulty; they are left out and withheld.
    Raises TouchstoneError ITEM-01 when fewer than two items or persons are left, ITEM-02 for
    answers that are no categories, ITEM-03 when no maximum is found.

    >>> patterns = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [1, 1, 1], [1, 0, 1]])
    >>> found = fit_item_response(patterns.repeat([9, 12, 9, 5, 8, 4], axis=0), "rasch")
    >>> round(found.log_likelihood, 3), round(found.variance, 3)
    (-83.826, 2.188)
    >>> [round(item.difficulty.estimate, 3) for item in found.items]
    [-1.196, 0.176, 1.481]
    """
    table = checked_table(answers, most=1 if model == "rasch" else MOST_CATEGORY)
    collapsed, left_out = collapse(table, model)
    cells = cells_of(collapsed)
    likelihood = MarginalLikelihood(collapsed, cells, model)
    try:
        found = _maximum(likelihood, _start(collapsed, cells.design.shape[1]))
    except ArithmeticError as failure:
        raise TouchstoneError(
            "ITEM-03",
            where="the table of answers",
            found=f"the model could not be fitted: {failure}",
            remedy="Leave out items or categories with very few answers.",
        ) from None
    spread = 0.0 if found.at_floor else float(np.exp(found.parameters[-1]))
    measure, se, fits = _measured(likelihood, found.parameters)
    persons = Persons(
        (collapsed.table >= 0).sum(axis=1),
        collapsed.scores[collapsed.group_of],
        measure[collapsed.group_of],
        se[collapsed.group_of],
    )
    reliability = _reliability(persons, spread**2)
    return ItemResponseModel(
        model,
        found.value,
        spread**2,
        _variance_error(found),
        _items(table, collapsed, found, fits, left_out),
        persons,
        reliability,
        separation_of(reliability),
    )


def _start(collapsed: Collapsed, size: int) -> Floats:
    """Start where all abilities are equal but for a standard deviation of 1."""
    start = np.zeros(size + 1)
    categories = np.arange(collapsed.counts.shape[1])
    for item, counts in enumerate(collapsed.counts):
        used = categories[counts > 0]
        low, high = used[0], used[-1]
        ratio = (counts[high] + 0.5) / (counts[low] + 0.5)
        start[item] = -np.log(ratio) / max(int(high - low), 1)
    return start


def _maximum(likelihood: MarginalLikelihood, start: Floats) -> Maximum:
    """Climb to the maximum; from that of some persons first, where there are very many groups."""
    collapsed, model = likelihood.collapsed, likelihood.model
    if len(collapsed.sizes) > 2 * FIRST_PERSONS:
        some, left_out = collapse(collapsed.table[:: len(collapsed.table) // FIRST_PERSONS], model)
        if some.scales == collapsed.scales and not left_out:
            first = MarginalLikelihood(some, likelihood.cells, model)
            start = maximise(first, start, floor=LOG_FLOOR).parameters
    return maximise(likelihood, start, floor=LOG_FLOOR)


def _measured(likelihood: MarginalLikelihood, parameters: Floats) -> tuple[Floats, Floats, ItemFit]:
    """Give each group's posterior mean and deviation, and the fit of the items."""
    collapsed, cells = likelihood.collapsed, likelihood.cells
    found = curves(cells, parameters)
    groups = len(collapsed.sizes)
    mean, se = np.empty(groups), np.empty(groups)
    fits = ItemFit.zero(cells)
    for start in range(0, groups, BLOCK):
        block = slice(start, start + BLOCK)
        _, chances = posterior(collapsed, found, block)
        mean[block] = chances @ found.ability
        squares = chances @ found.ability**2
        se[block] = np.sqrt(np.maximum(squares - mean[block] ** 2, 0))
        fits += fit_of_items(collapsed, cells, found, chances, start)
    return mean, se, fits


def _reliability(persons: Persons, variance: float) -> float | Withheld:
    if variance == 0:
        return Withheld("persons_alike")
    return max(float(1 - (persons.se[persons.n > 0] ** 2).mean() / variance), 0.0)


def _variance_error(found: Maximum) -> float | Withheld:
    if found.at_floor:
        return Withheld("persons_alike")
    variance = np.exp(2 * found.parameters[-1])
    return float(2 * variance * np.sqrt(found.covariance[-1, -1]))


def _items(
    table: npt.NDArray[np.int8],
    collapsed: Collapsed,
    found: Maximum,
    fits: ItemFit,
    left_out: dict[int, Withheld],
) -> tuple[Item, ...]:
    items = {column: _left_out(table[:, column], reason) for column, reason in left_out.items()}
    ends = np.cumsum([0, *(len(scale.inner) for scale in collapsed.scales)]) + len(collapsed.kept)
    infit, outfit = fits.mean_squares()
    for place, column in enumerate(collapsed.kept.tolist()):
        counts, which = collapsed.counts[place], int(collapsed.scale_of_item[place])
        steps = slice(int(ends[which]), int(ends[which + 1]))
        items[column] = Item(
            int(counts.sum()),
            float(counts @ np.arange(len(counts)) / counts.sum()),
            Parameter(float(found.parameters[place]), float(found.covariance[place, place] ** 0.5)),
            thresholds(
                collapsed.scales[which], found.parameters[steps], found.covariance[steps, steps]
            ),
            float(infit[place]),
            float(outfit[place]),
        )
    return tuple(items[column] for column in sorted(items))


def _left_out(answers: npt.NDArray[np.int8], reason: Withheld) -> Item:
    given = answers[answers >= 0]
    mean = float(given.mean()) if len(given) else reason
    return Item(len(given), mean, reason, (), reason, reason)
