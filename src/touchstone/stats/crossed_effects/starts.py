"""Where the search for variance components begins."""

import numpy as np

from touchstone.stats.crossed_effects.cross_products import CrossProducts, Floats

SMALLEST_START = 1e-3


def first_ratios(products: CrossProducts) -> Floats:
    """Give variance ratios by sums of squares between levels (Henderson 1953, method 1).

    The expected sums of squares between the levels of each group are linear in the variances;
    solved for them, without regard to fixed columns. Where that gives less than nothing a small
    ratio stands.
    """
    groups = len(products.others) + 1
    counts = [products.rows_of(group) for group in range(groups)]
    n, total = products.rows, float(products.absorbed_scores.sum())
    shares = np.array([rows @ rows / n for rows in counts])
    expected = np.zeros((groups + 1, groups + 1))
    observed = np.zeros(groups + 1)
    for g in range(groups):
        observed[g] = (products.scores_of(g) ** 2 / counts[g]).sum() - total**2 / n
        for h in range(groups):
            expected[g, h] = _shared(products, g, h, counts[g]) - shares[h]
        expected[g, groups] = len(counts[g]) - 1
    observed[groups] = products.squares - total**2 / n
    expected[groups] = np.append(n - shares, n - 1)
    found = np.linalg.lstsq(expected, observed, rcond=None)[0]
    residual = max(found[-1], observed[groups] / n * SMALLEST_START)
    ratios: Floats = np.maximum(found[:-1] / residual, SMALLEST_START)
    return ratios


def _shared(products: CrossProducts, g: int, h: int, counts: Floats) -> float:
    """Give Σ n(ij)²/n(i) over the levels i of one group and j of another."""
    pairs = products.pairs(g, h)
    squares = np.asarray(pairs.multiply(pairs).sum(axis=1)).ravel()
    return float((squares / counts).sum())
