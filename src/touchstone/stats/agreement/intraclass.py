"""Correlations within ratees: what share of the variance of ratings the ratees make."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy import special

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.agreement.ratings import CodedRatings
from touchstone.stats.crossed_effects.cross_products import Ratings
from touchstone.stats.crossed_effects.fits import fit
from touchstone.stats.model_figures import Ends, model_estimate

Form = Literal["icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k"]
FORMS: tuple[Form, ...] = ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")


class MeanSquares(NamedTuple):
    """Mean squares of ratings with their degrees of freedom: between ratees, raters, the rest.

    `per_ratee` and `per_rater`: how many ratings stand behind each, on average when some are
    missing; `averaged`: the harmonic mean of the former. `method` says where they are from:
    `anova`, or `reml` variance components.
    """

    ratees: float
    raters: float
    rest: float
    freedom: tuple[float, float, float]
    per_ratee: float
    per_rater: float
    averaged: float
    method: str


@dataclass(frozen=True, slots=True)
class IntraclassCorrelations:
    """The six forms of Shrout and Fleiss, with what they were worked out from.

    `averaged`: the number of raters that the forms of k stand for. `variances`: of ratees, of
    raters and of the rest, by name; empty when they cannot be told.
    """

    forms: dict[Form, Outcome]
    averaged: float
    ratees: int
    raters: int
    variances: dict[str, float]


def intraclass_correlations(
    ratings: CodedRatings, *, confidence: float = 0.95
) -> IntraclassCorrelations:
    """Give the intraclass correlations of Shrout and Fleiss (1979), with F intervals.

    Form 1: each ratee has raters of its own; form 2: all have the same raters, drawn from more
    (absolute agreement); form 3: the same raters, and no others matter (consistency). With `k`
    the reliability of the mean of as many raters as each ratee has, else of one rater.

    Scores are on an interval scale; ratees, raters and errors are independent and normal. Where
    ratings are missing, forms 2 and 3 use the variance components of a crossed model by REML,
    form 1 the analysis of variance of unequal groups (Searle 1971); k is then the harmonic mean
    of the ratings per ratee, and the intervals are approximate, with mean squares as a complete
    table of that size would have. Equal to the R package psych (`ICC`, complete tables).

    Withheld as `one_ratee`, `one_rater`, `nothing_rated_twice`, `all_answers_equal`,
    `no_error_left` when raters always differ by the same, `ratees_not_told_apart` when all ratees
    have one mean, or `no_minimum` when REML finds none.

    >>> from touchstone.stats.agreement.ratings import code_ratings
    >>> coded = code_ratings(list("aabbccdd"), list("xyxyxyxy"), [1, 2, 3, 3, 5, 6, 7, 6])
    >>> found = intraclass_correlations(coded)
    >>> round(found.forms["icc2"].value, 4), round(found.forms["icc3k"].value, 4)
    (Decimal('0.9302'), Decimal('0.9562'))
    """
    ratees, raters = len(ratings.ratee_names), len(ratings.rater_names)
    alone = _one_way(ratings)
    together = _two_way(ratings)
    forms: dict[Form, Outcome] = dict.fromkeys(FORMS, Withheld("one_rater"))
    if isinstance(alone, Withheld):
        forms |= {"icc1": alone, "icc1k": alone}
    else:
        forms |= {
            form: model_estimate(value, ends, n=ratees, method=alone.method)
            for form, value, ends in _form_1(alone, confidence)
        }
    if isinstance(together, Withheld):
        forms |= dict.fromkeys(("icc2", "icc3", "icc2k", "icc3k"), together)
        averaged, variances = _harmonic_size(ratings), {}
    else:
        found = (*_form_2(together, confidence), *_form_3(together, confidence))
        forms |= {
            form: model_estimate(value, ends, n=ratees, method=together.method)
            for form, value, ends in found
        }
        averaged, variances = together.per_ratee, _variances(together)
    return IntraclassCorrelations(forms, averaged, ratees, raters, variances)


def _one_way(ratings: CodedRatings) -> MeanSquares | Withheld:
    """Analyse the variance between ratees and within them; `raters` is unused."""
    sizes = np.bincount(ratings.ratees).astype(float)
    n, ratees = len(ratings.ratees), len(sizes)
    withheld = _too_little(ratings)
    if withheld is not None:
        return withheld
    scores = ratings.scores - ratings.scores.mean()
    sums = np.bincount(ratings.ratees, scores)
    between = float((sums**2 / sizes).sum() - sums.sum() ** 2 / n)
    within = float(scores @ scores - (sums**2 / sizes).sum())
    nothing = 1e-12 * float(scores @ scores)
    if min(within, between) <= nothing:
        return Withheld("ratees_not_told_apart" if between <= nothing else "no_error_left")
    freedom = (ratees - 1.0, 0.0, float(n - ratees))
    per_ratee = (n - float(sizes @ sizes) / n) / (ratees - 1)
    averaged = _harmonic_size(ratings)
    means = (between / freedom[0], within / freedom[2])
    return MeanSquares(means[0], 0.0, means[1], freedom, per_ratee, 0.0, averaged, "anova")


def _two_way(ratings: CodedRatings) -> MeanSquares | Withheld:
    withheld = _too_little(ratings)
    if withheld is not None:
        return withheld
    ratees, raters = len(ratings.ratee_names), len(ratings.rater_names)
    if raters < 2:
        return Withheld("one_rater")
    if len(ratings.values) < ratees * raters:
        return _two_way_with_gaps(ratings)
    scores = ratings.scores - ratings.scores.mean()
    of_ratees = np.bincount(ratings.ratees, scores) / raters
    of_raters = np.bincount(ratings.raters, scores) / ratees
    left = scores - of_ratees[ratings.ratees] - of_raters[ratings.raters]
    rest, between = float(left @ left), raters * float(of_ratees @ of_ratees)
    nothing = 1e-12 * float(scores @ scores)
    if min(rest, between) <= nothing:
        return Withheld("ratees_not_told_apart" if between <= nothing else "no_error_left")
    freedom = (ratees - 1.0, raters - 1.0, (ratees - 1.0) * (raters - 1.0))
    squares = (between, ratees * float(of_raters @ of_raters), rest)
    of = [square / free for square, free in zip(squares, freedom, strict=True)]
    return MeanSquares(
        of[0], of[1], of[2], freedom, float(raters), float(ratees), float(raters), "anova"
    )


def _two_way_with_gaps(ratings: CodedRatings) -> MeanSquares | Withheld:
    """Give the mean squares that a complete table with these variance components would have."""
    ratees, raters = len(ratings.ratee_names), len(ratings.rater_names)
    n = len(ratings.values)
    if n < ratees + raters:
        return Withheld("nothing_rated_twice")
    codes = (ratings.ratees.astype(np.int32), ratings.raters.astype(np.int32))
    table = Ratings(ratings.scores, codes, (ratees, raters), np.ones((n, 1)))
    try:
        fitted = fit(table, "reml")
    except ArithmeticError:
        return Withheld("no_minimum")
    of_ratees, of_raters = (float(variance) for variance in fitted.variances)
    rest = fitted.residual_variance
    if rest <= 1e-12 * (of_ratees + of_raters + rest):
        return Withheld("no_error_left")
    per_ratee, per_rater = _harmonic_size(ratings), n / raters
    freedom = (ratees - 1.0, raters - 1.0, float(n - ratees - raters + 1))
    between = per_ratee * of_ratees + rest
    return MeanSquares(
        between,
        per_rater * of_raters + rest,
        rest,
        freedom,
        per_ratee,
        per_rater,
        per_ratee,
        "reml",
    )


def _too_little(ratings: CodedRatings) -> Withheld | None:
    if not len(ratings.values):
        return Withheld("nothing_rated_twice")
    if len(ratings.ratee_names) < 2:
        return Withheld("one_ratee")
    if len(ratings.scale) < 2:
        return Withheld("all_answers_equal")
    if len(ratings.values) == len(ratings.ratee_names):
        return Withheld("nothing_rated_twice")
    return None


def _harmonic_size(ratings: CodedRatings) -> float:
    sizes = np.bincount(ratings.ratees)
    return float(len(sizes) / (1 / sizes).sum()) if len(sizes) else 0.0


def _form_1(squares: MeanSquares, confidence: float) -> list[tuple[Form, float, Ends]]:
    return _consistency(squares, confidence, ("icc1", "icc1k"))


def _form_3(squares: MeanSquares, confidence: float) -> list[tuple[Form, float, Ends]]:
    return _consistency(squares, confidence, ("icc3", "icc3k"))


def _consistency(
    squares: MeanSquares, confidence: float, forms: tuple[Form, Form]
) -> list[tuple[Form, float, Ends]]:
    """Forms that hang on one ratio of mean squares, F: (F − 1)/(F + k − 1) and 1 − 1/F."""
    ratio = squares.ratees / squares.rest
    between, rest = squares.freedom[0], squares.freedom[2]
    lowest = ratio / _upper_f(between, rest, confidence)
    highest = ratio * _upper_f(rest, between, confidence)
    k = squares.per_ratee

    def single(one: float) -> float:
        return (one - 1) / (one + k - 1)

    def mean_of(one: float) -> float:
        return _mean_of(one, squares.averaged)

    return [
        (forms[0], single(ratio), (single(lowest), single(highest))),
        (forms[1], mean_of(single(ratio)), (mean_of(single(lowest)), mean_of(single(highest)))),
    ]


def _form_2(squares: MeanSquares, confidence: float) -> list[tuple[Form, float, Ends]]:
    k, n = squares.per_ratee, squares.per_rater
    error = squares.rest + (squares.raters - squares.rest) / n
    single = (squares.ratees - squares.rest) / (squares.ratees - squares.rest + k * error)
    ends = _ends_of_form_2(squares, single, confidence)
    low, high = (_mean_of(end, k) for end in ends)
    return [("icc2", single, ends), ("icc2k", _mean_of(single, k), (low, high))]


def _ends_of_form_2(squares: MeanSquares, single: float, confidence: float) -> Ends:
    """Use Satterthwaite's degrees of freedom for the error, as Shrout and Fleiss (1979) do."""
    k, n = squares.per_ratee, squares.per_rater
    between, raters, rest = squares.freedom
    ratio = squares.raters / squares.rest
    part = k * single * ratio
    other = n * (1 + (k - 1) * single) - k * single
    error = (part + other) ** 2 / (part**2 / raters + other**2 / rest)
    upper, lower = _upper_f(between, error, confidence), _upper_f(error, between, confidence)
    # Below 0 only for gappy tables with hardly more than one rating each.
    spread = k * squares.raters + max(k * n - k - n, 0.0) * squares.rest
    low = n * (squares.ratees - upper * squares.rest) / (upper * spread + n * squares.ratees)
    high = n * (lower * squares.ratees - squares.rest) / (spread + n * lower * squares.ratees)
    return low, high


def _upper_f(above: float, below: float, confidence: float) -> float:
    return float(special.fdtri(above, below, (1 + confidence) / 2))


def _mean_of(single: float, k: float) -> float:
    return k * single / (1 + (k - 1) * single)


def _variances(squares: MeanSquares) -> dict[str, float]:
    return {
        "ratees": (squares.ratees - squares.rest) / squares.per_ratee,
        "raters": (squares.raters - squares.rest) / squares.per_rater,
        "rest": squares.rest,
    }
