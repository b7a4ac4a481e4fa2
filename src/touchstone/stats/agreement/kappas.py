"""Kappa: how much more raters agree on categories than chance would make them."""

import numpy as np

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.agreement.choices import Weighting
from touchstone.stats.agreement.ratings import (
    CodedRatings,
    Floats,
    full_agreement_ends,
    value_counts,
)
from touchstone.stats.model_figures import model_estimate, two_sided_t, two_sided_z


def agreement_weights(scale: Floats, weighting: Weighting) -> Floats:
    """Give how far each pair of values agrees: 1 for the same, 0 for the ends of the scale.

    Linear: 1 − distance / range; quadratic: 1 − (distance / range)².

    >>> agreement_weights(np.array([1.0, 2.0, 3.0]), "quadratic")[0].tolist()
    [1.0, 0.75, 0.0]
    """
    if weighting == "none":
        return np.eye(len(scale))
    reach = np.ptp(scale)
    distances = np.abs(scale[:, None] - scale) / (reach if reach > 0 else 1.0)
    return 1 - distances ** (1 if weighting == "linear" else 2)


def cohen_kappa(table: Floats, weights: Floats, *, confidence: float = 0.95) -> Outcome:
    """Give Cohen's kappa of two raters, weighted by how far each pair of values agrees.

    `table[i, j]` counts the ratees that got value i from one and j from the other rater;
    `weights` is of the same shape, from 0 to 1, with 1 on its diagonal (`agreement_weights`, or
    one's own). kappa = (observed − expected) / (1 − expected agreement) (Cohen 1960, 1968); its
    standard error for large n is that of Fleiss, Cohen and Everitt (1969). Assumes that ratees
    are independent of each other; when both agree on every one, see `full_agreement_ends`. Cost
    does not depend on the number of ratees.

    Withheld as `nothing_rated_twice` when the table is empty, `all_answers_equal` when both
    raters use the same single value. ValueError for weights that are none.

    >>> found = cohen_kappa(np.array([[20.0, 5.0], [10.0, 15.0]]), np.eye(2))
    >>> round(found.value, 4), round(found.se, 4), found.n
    (Decimal('0.4000'), Decimal('0.1270'), 50)
    """
    _refuse_other_weights(table, weights)
    n = table.sum()
    if n == 0:
        return Withheld("nothing_rated_twice")
    shares = table / n
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    expected = float(rows @ weights @ columns)
    if 1 - expected <= 1e-15:
        return Withheld("all_answers_equal")
    kappa = float((shares * weights).sum() - expected) / (1 - expected)
    if kappa >= 1:
        ends = full_agreement_ends(int(n), confidence=confidence)
        return model_estimate(1.0, ends, n=int(n), method="full_agreement")
    by_row, by_column = weights @ columns, rows @ weights
    inside = weights - (by_row[:, None] + by_column) * (1 - kappa)
    variance = (shares * inside**2).sum() - (kappa - expected * (1 - kappa)) ** 2
    se = float(np.sqrt(max(variance, 0.0) / n)) / (1 - expected)
    half = two_sided_z(confidence) * se
    ends = (max(-1.0, kappa - half), min(1.0, kappa + half))
    return model_estimate(kappa, ends, n=int(n), method="delta", se=se)


def fleiss_kappa(ratings: CodedRatings, *, confidence: float = 0.95) -> Outcome:
    """Give Fleiss' kappa: agreement of several raters, not the same ones for each ratee.

    Each ratee counts alike; those with one rating tell only how common each value is. With as
    many ratings for each ratee it is the kappa of Fleiss (1971). The standard error is that of
    Gwet (2008, 2014), by linearisation, which also holds where raters do not agree by chance;
    the interval is Student's t over ratees. n counts the ratees rated twice or more.

    Withheld as `nothing_rated_twice`, `all_answers_equal`, or `one_ratee`.

    >>> from touchstone.stats.agreement.ratings import code_ratings
    >>> coded = code_ratings(list("aabbccdd"), list("xyxyxyxy"), [1, 1, 2, 2, 3, 3, 1, 2])
    >>> round(fleiss_kappa(coded).value, 4)
    Decimal('0.6190')
    """
    counts = value_counts(ratings)
    sizes = np.asarray(counts.sum(axis=1))
    twice = sizes >= 2
    pairable = int(twice.sum())
    if not pairable:
        return Withheld("nothing_rated_twice")
    if pairable < 2:
        return Withheld("one_ratee")
    squares = np.asarray(counts.power(2).sum(axis=1))
    agreed = np.where(twice, (squares - sizes) / np.where(twice, sizes * (sizes - 1), 1.0), 0.0)
    common = counts.T @ (1 / sizes) / len(sizes)
    expected = float(common @ common)
    if 1 - expected <= 1e-15:
        return Withheld("all_answers_equal")
    kappa = (float(agreed.sum()) / pairable - expected) / (1 - expected)
    if agreed[twice].min() >= 1:
        ends = full_agreement_ends(pairable, confidence=confidence)
        return model_estimate(1.0, ends, n=pairable, method="full_agreement")
    by_ratee = np.where(twice, len(sizes) / pairable * (agreed - expected) / (1 - expected), 0.0)
    by_chance = counts @ common / sizes
    by_ratee -= 2 * (1 - kappa) * (by_chance - expected) / (1 - expected)
    se = float(np.sqrt(((by_ratee - kappa) ** 2).sum() / (len(sizes) * (len(sizes) - 1))))
    half = two_sided_t(confidence, len(sizes) - 1) * se
    ends = (max(-1.0, kappa - half), min(1.0, kappa + half))
    return model_estimate(kappa, ends, n=pairable, method="linearised", se=se)


def _refuse_other_weights(table: Floats, weights: Floats) -> None:
    square = table.ndim == 2 and table.shape[0] == table.shape[1] == len(weights)
    if not (square and table.shape == weights.shape and (table >= 0).all()):
        raise ValueError(
            f"table and weights must be square tables of one size, without counts below 0; "
            f"got {table.shape} and {weights.shape}"
        )
    bounded = ((weights >= 0) & (weights <= 1)).all() and (np.diagonal(weights) == 1).all()
    if not bounded:
        raise ValueError("weights must lie from 0 to 1, with 1 on the diagonal")
