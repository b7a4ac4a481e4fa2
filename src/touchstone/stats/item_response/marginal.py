"""The likelihood of collapsed answers, with the persons' abilities integrated out."""

from dataclasses import dataclass
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from scipy import sparse

from touchstone.stats.item_response.answers import Collapsed, ItemModel
from touchstone.stats.item_response.newton import Evaluation
from touchstone.stats.item_response.scales import Floats, largest_step

# In deviations of the narrowest posterior; a rule of equal steps of 0.8 deviations errs by
# 2·exp(−2π²/0.8²), or 1e-13. See `scales.largest_step` for the other bound.
STEP = 0.8
REACH = 8.5
BLOCK = 20_000
# Parts of a posterior below this add nothing to sums of ten digits.
SMALLEST_PART = 1e-14


class Cells(NamedTuple):
    """The pairs of item and category that are in use, by item; one entry for each.

    `starts`: the first cell of each item. `design`: [cells, parameters], so that the logit of a
    cell is category·ability + design·parameters.
    """

    item: npt.NDArray[np.int64]
    category: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    design: sparse.csr_array


class Curves(NamedTuple):
    """At each of Q abilities: density times step, probability of each cell, log of its divisor.

    `chance`: [cells, Q]; `divisor`: [I, Q], the log of the sum over an item's categories.
    """

    ability: Floats
    log_density: Floats
    chance: Floats
    divisor: Floats


@dataclass(slots=True)
class _Sums:
    """What is summed over groups of persons, block by block."""

    value: float
    by_item: Floats
    among: Floats
    expected: Floats
    with_scale: Floats
    scale: Floats


def cells_of(collapsed: Collapsed) -> Cells:
    """Lay out the parameters: difficulties of items, then inner steps of each scale."""
    items = len(collapsed.kept)
    offsets = np.cumsum([0, *(len(scale.inner) for scale in collapsed.scales)]) + items
    rows: list[tuple[int, int]] = []
    entries: list[tuple[int, int, float]] = []
    for item in range(items):
        which = int(collapsed.scale_of_item[item])
        scale = collapsed.scales[which]
        for category in scale.used:
            cell = len(rows)
            rows.append((item, category))
            entries.append((cell, item, -float(category)))
            if category in scale.inner:
                step = int(offsets[which]) + scale.inner.index(category)
                entries.append((cell, step, 1.0))
    item_of, category_of = np.array(rows, np.int64).T
    places, columns, weights = zip(*entries, strict=True)
    shape = (len(rows), int(offsets[-1]))
    design = sparse.csr_array((np.array(weights), (places, columns)), shape=shape)
    return Cells(item_of, category_of, np.searchsorted(item_of, np.arange(items)), design)


def curves(cells: Cells, parameters: Floats) -> Curves:
    """Give the model's curves at abilities in equal steps, fine enough for every posterior.

    `parameters`: those of `cells`, then the logarithm of the abilities' standard deviation. No
    posterior is narrower than (1/variance + the test's largest information)^(-1/2).
    """
    spread = float(np.exp(parameters[-1]))
    logits = cells.design @ parameters[:-1]
    coarse = np.linspace(-REACH, REACH, 65) * spread
    chance, _ = _chances(cells, logits, coarse)
    category = cells.category[:, None]
    means = np.add.reduceat(category * chance, cells.starts, axis=0)
    squares = np.add.reduceat(category**2 * chance, cells.starts, axis=0)
    information = float((squares - means**2).sum(axis=0).max())
    finest = largest_step(_weights(cells, chance[:, len(coarse) // 2]))
    step = min(STEP / np.sqrt(1 / spread**2 + information), finest)
    nodes = int(np.ceil(REACH * spread / step))
    ability = np.arange(-nodes, nodes + 1) * step
    log_density = -0.5 * (ability / spread) ** 2 + np.log(step / spread / np.sqrt(2 * np.pi))
    return Curves(ability, log_density, *_chances(cells, logits, ability))


def _weights(cells: Cells, chance: Floats) -> list[Floats]:
    """Give each item's chances from the first used category to the last, 0 for unused ones."""
    rows = []
    for start, end in zip(cells.starts, [*cells.starts[1:], len(cells.item)], strict=True):
        categories = cells.category[start:end] - cells.category[start]
        row = np.zeros(int(categories[-1]) + 1)
        row[categories] = chance[start:end]
        rows.append(row)
    return rows


def _chances(cells: Cells, logits: Floats, ability: Floats) -> tuple[Floats, Floats]:
    tilted = logits[:, None] + cells.category[:, None] * ability
    tops = np.maximum.reduceat(tilted, cells.starts, axis=0)
    chance = np.exp(tilted - tops[cells.item])
    divisor = np.add.reduceat(chance, cells.starts, axis=0)
    chance /= divisor[cells.item]
    return chance, tops + np.log(divisor)


def posterior(collapsed: Collapsed, found: Curves, groups: slice) -> tuple[Floats, Floats]:
    """Give the log likelihood of each group's score, [G], and its posterior, [G, Q]."""
    joint = collapsed.scores[groups, None] * found.ability + found.log_density
    if collapsed.answered is None:
        joint -= found.divisor.sum(axis=0)
    else:
        joint -= collapsed.answered[groups].astype(np.float64) @ found.divisor
    tops = joint.max(axis=1, keepdims=True)
    np.exp(joint - tops, out=joint)
    total = joint.sum(axis=1, keepdims=True)
    joint /= total
    return (tops + np.log(total)).ravel(), joint


@dataclass(frozen=True, slots=True)
class MarginalLikelihood:
    """The log likelihood of collapsed answers (Bock and Aitkin 1981), for `newton.maximise`.

    Abilities are normal with mean 0. As the score is sufficient for the ability, answers to the
    same items with the same score share one integral; it is taken by equal steps, exact to about
    ten digits. Gradient and information are exact derivatives (Louis 1982).
    """

    collapsed: Collapsed
    cells: Cells
    model: ItemModel

    def __call__(self, parameters: Floats) -> Evaluation:
        """Evaluate at difficulties, steps, and the logarithm of the standard deviation."""
        found = curves(self.cells, parameters)
        ratio = (found.ability / np.exp(parameters[-1])) ** 2
        sums = self._sum_groups(found, ratio - 1)
        counts = self.collapsed.counts[self.cells.item, self.cells.category]
        observed = self.cells.design.T @ counts
        item = self.cells.item
        weights = sums.by_item[item]
        gradient = counts - (weights * found.chance).sum(axis=1)
        information = _within_items(self.cells, found.chance, weights)
        information -= self._between(found.chance, sums) - sums.expected
        across = (weights * (ratio - 1) * found.chance).sum(axis=1) - sums.with_scale
        total, square, cross = sums.scale
        corner = 2 * (total + self.collapsed.sizes.sum()) - (square - cross)
        design = self.cells.design
        whole = np.empty((design.shape[1] + 1,) * 2)
        whole[:-1, :-1] = design.T @ (design.T @ information).T
        whole[-1, :-1] = whole[:-1, -1] = design.T @ across
        whole[-1, -1] = corner
        slope = np.append(design.T @ gradient, total)
        return Evaluation(sums.value + float(observed @ parameters[:-1]), slope, whole)

    def _sum_groups(self, found: Curves, scale: Floats) -> _Sums:
        """Sum over the groups, block by block, so that memory stays bounded."""
        items, cells, nodes = len(found.divisor), *found.chance.shape
        gaps = self.collapsed.answered is not None
        among = np.zeros((items, items, nodes) if gaps else (nodes,))
        by_item, expected = np.zeros((items, nodes)), np.zeros((cells, cells))
        sums = _Sums(0.0, by_item, among, expected, np.zeros(cells), np.zeros(3))
        for start in range(0, len(self.collapsed.sizes), BLOCK):
            self._add_block(sums, found, scale, slice(start, start + BLOCK))
        return sums

    def _add_block(self, sums: _Sums, found: Curves, scale: Floats, groups: slice) -> None:
        sizes = self.collapsed.sizes[groups].astype(np.float64)
        values, chances = posterior(self.collapsed, found, groups)
        sums.value += float(sizes @ values)
        expected = chances @ found.chance.T
        weighted = sizes[:, None] * chances
        if self.collapsed.answered is None:
            total = weighted.sum(axis=0)
            sums.by_item += total
            sums.among += total
        else:
            answered = self.collapsed.answered[groups].astype(np.float64)
            expected *= answered[:, self.cells.item]
            sums.by_item += answered.T @ weighted
            _add_pairs(self.collapsed.answered[groups], weighted, sums.among)
        sums.expected += (sizes[:, None] * expected).T @ expected
        mean_scale = chances @ scale
        sums.with_scale += (sizes * mean_scale) @ expected
        sums.scale += [sizes @ mean_scale, (weighted @ scale**2).sum(), sizes @ mean_scale**2]

    def _between(self, chance: Floats, sums: _Sums) -> Floats:
        """Sum the products of two cells' probabilities over abilities and groups."""
        if self.collapsed.answered is None:
            return np.asarray((chance * sums.among) @ chance.T)
        item = self.cells.item
        found = np.zeros((len(item), len(item)))
        ends = [*self.cells.starts[1:].tolist(), len(item)]
        for one, (start, end) in enumerate(zip(self.cells.starts.tolist(), ends, strict=True)):
            later = item[start:]
            pairs = sums.among[one][later]
            found[start:end, start:] = chance[start:end] @ (chance[start:] * pairs).T
            found[start:, start:end] = found[start:end, start:].T
        return found


def _within_items(cells: Cells, chance: Floats, weights: Floats) -> Floats:
    """Sum the variances and covariances of an item's categories over abilities and persons."""
    found = np.diag((weights * chance).sum(axis=1))
    for start, end in zip(cells.starts, [*cells.starts[1:], len(cells.item)], strict=True):
        part = chance[start:end]
        found[start:end, start:end] -= (weights[start:end] * part) @ part.T
    return found


@numba.njit(cache=True, nogil=True, parallel=True)
def _add_pairs(answered, weighted, among):  # type: ignore[no-untyped-def]
    """Add each group's weights at all abilities to the pairs of items it answered."""
    groups, items = answered.shape
    first, last = np.zeros(groups, np.int64), np.zeros(groups, np.int64)
    for group in numba.prange(groups):
        seen = np.flatnonzero(weighted[group] > SMALLEST_PART)
        first[group], last[group] = seen[0], seen[-1] + 1
    for one in numba.prange(items):
        for group in range(groups):
            if answered[group, one]:
                for other in range(one, items):
                    if answered[group, other]:
                        for node in range(first[group], last[group]):
                            among[one, other, node] += weighted[group, node]
