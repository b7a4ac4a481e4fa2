"""Columns that lean on each other, taken together: a department with all its ratees.

Where departments have effects, a ratee's effect is known far less well alone than its department's
and all its colleagues' are together. So the variance of each is taken given the columns outside
its block only, which leaves little to be estimated from draws (Sidén, Lindgren, Bolin and Villani
2018, "block RBMC").
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from touchstone.stats.crossed_effects.cross_products import CrossProducts, Floats

LARGEST_BLOCK = 1_500
Columns = npt.NDArray[np.int64]


def blocks_of(products: CrossProducts) -> list[Columns]:
    """Divide the random columns by the group of fewest levels, each by most of its rows.

    Empty when a block would be too large to be worth it.
    """
    coarse = products.others[-1]
    homes = np.empty(products.random_columns, np.int64)
    for group in products.others:
        homes[products.part(group)] = np.asarray(
            products.pairs(group, coarse).argmax(axis=1)
        ).ravel()
    order = np.argsort(homes, kind="stable")
    ends = np.flatnonzero(np.diff(homes[order])) + 1
    blocks = np.split(order, ends)
    return blocks if max(map(len, blocks)) <= LARGEST_BLOCK else []


def block_moments(
    between: Any, among: Any, weights: Floats, blocks: Sequence[Columns], right: Floats
) -> tuple[Floats, Floats]:
    """Give each column's variance given those outside its block, and S⁻¹·right within the blocks.

    S = A + I − B'·diag(w)·B with scaled `among` (A) and `between` (B); `right` is [Q, k].
    """
    weighted = sparse.csc_array(sparse.diags_array(np.sqrt(weights)) @ between)
    columns = sparse.csc_array(among)
    variances, within = np.empty(len(right)), np.empty_like(right)
    for block in blocks:
        part = weighted[:, block]
        square = columns[:, block].tocsr()[block].toarray() - (part.T @ part).toarray()
        square[np.arange(len(block)), np.arange(len(block))] += 1
        inverse = np.linalg.inv(square)
        variances[block] = np.diagonal(inverse)
        within[block] = inverse @ right[block]
    return variances, within
