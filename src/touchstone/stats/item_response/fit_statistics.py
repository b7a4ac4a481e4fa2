"""Mean squares that say how well answers fit the model: infit and outfit."""

from typing import NamedTuple

import numpy as np

from touchstone.stats.item_response.answers import Collapsed, category_sums
from touchstone.stats.item_response.marginal import Cells, Curves
from touchstone.stats.item_response.scales import Floats


class ItemFit(NamedTuple):
    """Sums over the answers to each item, expected over the abilities' posterior.

    `squares`: squared residuals; `variances`: their variances; `ratios`: squares over variances;
    `n`: answers. Expected over posteriors, and not taken at a point estimate, the mean squares
    are 1 on average when the model holds (Adams and Wu 2007, after Wright and Masters 1982).
    """

    squares: Floats
    variances: Floats
    ratios: Floats
    n: Floats

    @classmethod
    def zero(cls, cells: Cells) -> "ItemFit":
        """Give the sums over no answers."""
        return cls(*np.zeros((4, len(cells.starts))))

    def __add__(self, other: "ItemFit") -> "ItemFit":  # type: ignore[override]
        """Add the sums over other answers to the same items."""
        return ItemFit(*(one + more for one, more in zip(self, other, strict=True)))

    def mean_squares(self) -> tuple[Floats, Floats]:
        """Give infit, weighted by the variances, and outfit, unweighted."""
        return self.squares / self.variances, self.ratios / self.n


def fit_of_items(
    collapsed: Collapsed, cells: Cells, found: Curves, posterior: Floats, start: int
) -> ItemFit:
    """Sum the residuals of the groups from `start` on, whose posteriors are given."""
    chosen = category_sums(collapsed, posterior, start)[cells.item, cells.category]
    category = cells.category[:, None]
    means = np.add.reduceat(category * found.chance, cells.starts, axis=0)
    residuals = (category - means[cells.item]) ** 2
    variances = np.add.reduceat(residuals * found.chance, cells.starts, axis=0)
    squares = np.add.reduceat(chosen * residuals, cells.starts, axis=0)
    weights = np.add.reduceat(chosen, cells.starts, axis=0)
    return ItemFit(
        squares.sum(axis=1),
        (weights * variances).sum(axis=1),
        (squares / np.maximum(variances, np.finfo(float).tiny)).sum(axis=1),
        weights.sum(axis=1),
    )
