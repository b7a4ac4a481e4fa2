"""Answers to the items of a scale, summed once into covariances; answers may be missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from touchstone.base.outcomes import Withheld

Floats = npt.NDArray[np.float64]
Missing = Literal["pairwise", "complete"]
BLOCK_ROWS = 65_536
SMALLEST_VARIANCE = 1e-12


@dataclass(frozen=True, eq=False, slots=True)
class ItemSums:
    """What is known of k items: means, covariances [k, k], and how many answers stand behind.

    `pairs[i, j]`: respondents who answered both; `n`: the fewest of them, which intervals rest
    on. `answered[i]`: answers to the item.
    """

    names: tuple[str, ...]
    means: Floats
    covariances: Floats
    pairs: Floats
    n: int

    @property
    def correlations(self) -> Floats:
        """Correlations of the items."""
        spread = np.sqrt(np.diagonal(self.covariances))
        found: Floats = self.covariances / np.outer(spread, spread)
        return found


def sum_items(
    answers: Floats, names: Sequence[str], *, missing: Missing = "pairwise"
) -> ItemSums | Withheld:
    """Sum answers [respondents, items], NaN where none was given, into covariances.

    `pairwise` takes each covariance from those who answered both items, about their means of
    those (as `cov(use = "pairwise")` in R); `complete` takes those who answered all. Cost: one
    pass over the answers with a product of small tables.

    Withheld as `too_few_items` (two are needed), `item_unanswered` or `item_constant` with the
    item's name, `too_few_respondents` when fewer than three answered any pair.

    >>> found = sum_items(np.array([[1.0, 2], [2, 2], [3, 5], [np.nan, 4]]), ["a", "b"])
    >>> found.covariances.round(3).tolist(), found.n
    ([[1.0, 1.5], [1.5, 2.25]], 3)
    """
    if answers.ndim != 2 or answers.shape[1] != len(names):
        raise ValueError(f"answers must be [respondents, {len(names)}]; got {answers.shape}")
    if len(names) < 2:
        return Withheld("too_few_items", (("smallest", "2"),))
    if missing == "complete":
        answers = answers[np.isfinite(answers).all(axis=1)]
    given = np.isfinite(answers).any(axis=0)
    if not given.all():
        return Withheld("item_unanswered", (("item", names[int(np.argmin(given))]),))
    origin = np.nanmean(answers, axis=0)
    pairs, sums, products = _passed(answers, origin)
    if pairs.min() < 3:
        return Withheld("too_few_respondents", (("smallest", "3"),))
    covariances = (products - sums * sums.T / pairs) / (pairs - 1)
    covariances = (covariances + covariances.T) / 2
    variances = np.diagonal(covariances)
    same = variances <= SMALLEST_VARIANCE * np.maximum(1.0, origin**2)
    if same.any():
        return Withheld("item_constant", (("item", names[int(np.argmax(same))]),))
    return ItemSums(tuple(names), origin, covariances, pairs, int(pairs.min()))


def turn_items(sums: ItemSums, turned: Sequence[str]) -> ItemSums:
    """Turn items that are worded the other way round; their means are those of −y."""
    unknown = [name for name in turned if name not in sums.names]
    if unknown:
        raise ValueError(f"turned items must be among {sums.names}; got {unknown}")
    signs = np.where(np.isin(np.array(sums.names), list(turned)), -1.0, 1.0)
    return ItemSums(
        sums.names,
        sums.means * signs,
        sums.covariances * np.outer(signs, signs),
        sums.pairs,
        sums.n,
    )


def _passed(answers: Floats, origin: Floats) -> tuple[Floats, Floats, Floats]:
    """Sum 1, y and y·y' over the respondents of each pair: [k, k] each; sums[i, j] is that of i."""
    size = answers.shape[1]
    pairs, sums, products = (np.zeros((size, size)) for _ in range(3))
    for start in range(0, len(answers), BLOCK_ROWS):
        block = answers[start : start + BLOCK_ROWS] - origin
        there = np.isfinite(block)
        known = there.astype(np.float64)
        block = np.where(there, block, 0.0)
        pairs += known.T @ known
        sums += block.T @ known
        products += block.T @ block
    return pairs, sums, products
