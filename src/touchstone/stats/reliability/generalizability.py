"""Generalizability: how far mean ratings would stay the same with other raters and items."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.stats.model_figures import gradient_of, logit_ends, model_estimate
from touchstone.stats.reliability.components import (
    Codes,
    Components,
    Effect,
    Floats,
    ordered_effects,
    variance_components,
)

Decision = Literal["relative", "absolute"]
Layout = Literal[
    "ratee x rater",
    "ratee x item",
    "ratee x rater x item",
    "rater in ratee",
    "(rater in ratee) x item",
]
PERSON = "ratee"
EFFECTS: dict[Layout, tuple[Effect, ...]] = {
    "ratee x rater": ordered_effects(("ratee",), ("rater",), ("ratee", "rater")),
    "ratee x item": ordered_effects(("ratee",), ("item",), ("ratee", "item")),
    "ratee x rater x item": ordered_effects(
        ("ratee",),
        ("rater",),
        ("item",),
        ("ratee", "rater"),
        ("ratee", "item"),
        ("rater", "item"),
        ("ratee", "rater", "item"),
    ),
    "rater in ratee": ordered_effects(("ratee",), ("ratee", "rater")),
    "(rater in ratee) x item": ordered_effects(
        ("ratee",), ("item",), ("ratee", "rater"), ("ratee", "item"), ("ratee", "rater", "item")
    ),
}


@dataclass(frozen=True, slots=True)
class Generalizability:
    """What a study of the facets tells: components, and how many raters and items it had.

    `sizes`: raters per ratee and items, on average where some are missing.
    """

    layout: Layout
    components: Components
    sizes: dict[str, float]

    def variance(self, effect: Effect) -> float:
        """Give the variance of an effect, 0 where the estimate is negative."""
        place = self.components.effects.index(effect)
        return max(0.0, float(self.components.variances[place]))

    @property
    def ratees(self) -> int:
        """The number of ratees."""
        return self.components.levels[self.components.effects.index((PERSON,))]

    @property
    def negative(self) -> tuple[Effect, ...]:
        """The effects whose variance came out negative and counts as 0."""
        pairs = zip(self.components.effects, self.components.variances, strict=True)
        return tuple(effect for effect, variance in pairs if variance < 0)


def study_facets(
    scores: Floats, facets: Mapping[str, Codes], layout: Layout
) -> Generalizability | Withheld:
    """Estimate how much ratees, raters, items and their interactions add to the variance.

    `layout` says how they are crossed: `rater in ratee` when each ratee has raters of its own.
    Scores are on an interval scale, all effects random and independent (Cronbach and others
    1972; Brennan 2001). See `variance_components` for gaps and cost.

    Withheld as `variance_components`, or `nothing_rated_twice`.

    >>> scores = np.array([1.0, 2, 3, 3, 5, 6, 7, 6])
    >>> facets = {"ratee": np.array([0, 0, 1, 1, 2, 2, 3, 3]), "rater": np.array([0, 1] * 4)}
    >>> study = study_facets(scores, facets, "ratee x rater")
    >>> round(study.variance(("ratee",)), 4), study.negative
    (5.0, (('rater',),))
    """
    used = {name: facets[name] for name in dict.fromkeys(n for e in EFFECTS[layout] for n in e)}
    found = variance_components(scores, used, EFFECTS[layout])
    if isinstance(found, Withheld):
        return found
    return Generalizability(layout, found, _sizes(used))


def coefficient(
    study: Generalizability,
    decision: Decision,
    sizes: Mapping[str, float] | None = None,
    *,
    confidence: float = 0.95,
) -> Outcome:
    """Give the generalizability coefficient of a mean over so many raters and items.

    Relative (Eρ²) when ratees are only compared with each other, absolute (Φ) when their level
    counts: variance of ratees / (it + variance of the error), each other effect divided by the
    number of its raters and items (Brennan 2001, chapters 2 to 4). `sizes` are those of the study
    when not given. The interval is by the delta method on the logit scale.

    Withheld as `ratees_not_told_apart` when the variance of ratees is 0, `no_error_left` when
    that of the error is.

    >>> scores = np.array([1.0, 2, 3, 3, 5, 6, 7, 6])
    >>> facets = {"ratee": np.array([0, 0, 1, 1, 2, 2, 3, 3]), "rater": np.array([0, 1] * 4)}
    >>> study = study_facets(scores, facets, "ratee x rater")
    >>> round(coefficient(study, "relative").value, 4)
    Decimal('0.9562')
    """
    factors = _factors(study, decision, {**study.sizes, **(sizes or {})})
    kept = np.maximum(study.components.variances, 0.0)
    place = study.components.effects.index((PERSON,))
    if kept[place] <= 0:
        return Withheld("ratees_not_told_apart")
    if factors @ kept <= 0:
        return Withheld("no_error_left")

    def share(variances: list[float]) -> float:
        return variances[place] / (variances[place] + float(factors @ np.array(variances)))

    value = share(kept.tolist())
    slopes = np.array(gradient_of(share, kept.tolist()))
    se = float(np.sqrt(slopes @ study.components.covariance @ slopes))
    method = "components" if study.components.complete else "components_with_gaps"
    ends = logit_ends(value, se, confidence=confidence)
    return model_estimate(value, ends, n=study.ratees, method=method, se=se)


def _factors(study: Generalizability, decision: Decision, sizes: Mapping[str, float]) -> Floats:
    """Give the part of each variance that enters the error of a mean over `sizes`."""
    factors = []
    for effect in study.components.effects:
        others = [name for name in effect if name != PERSON]
        counts = others and (decision == "absolute" or PERSON in effect)
        factors.append(1 / float(np.prod([sizes[name] for name in others])) if counts else 0.0)
    return np.array(factors)


def _sizes(facets: Mapping[str, Codes]) -> dict[str, float]:
    """Give how many levels of each other facet a ratee meets, as harmonic means."""
    ratees = facets[PERSON]
    found = {}
    for name, codes in facets.items():
        if name == PERSON:
            continue
        met = np.unique(ratees * (int(codes.max()) + 1) + codes) // (int(codes.max()) + 1)
        counts = np.bincount(met)
        counts = counts[counts > 0]
        found[name] = float(len(counts) / (1 / counts).sum())
    return found
