"""Does a scheme tell its units apart? What brings the differences, what saturates, what is error.

Published schemes give most units 95 to 99 of 100 points; then the order among them is decided by
the one component that has room left, or by chance. This report says so.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from touchstone.loop.comparisons import Spans, members
from touchstone.loop.component_verdicts import component_verdict, scheme_verdicts, total_verdict
from touchstone.loop.draws import freedom_of, spread_of
from touchstone.loop.judgements import Bench, Judged, Scored
from touchstone.loop.parts import Brought
from touchstone.loop.results import Because, Component, Discrimination
from touchstone.loop.uncertainties import all_leaves
from touchstone.loop.verdicts import Verdict
from touchstone.stats.discrimination import (
    Groups,
    levels_apart,
    pairs_apart,
    rank_stability,
    variance_shares,
    variance_within,
)
from touchstone.stats.figures import significant
from touchstone.stats.grade_probabilities import Array
from touchstone.stats.lattices import SEED
from touchstone.stats.scores import ALL, NOTHING, Span

DIGITS = 6
TOTAL = "total"
NEAR, TOP = 0.01, 0.05
USES = ("full", "near_full", "top", "lowest", "bottom")
TENTHS = {"tenth": 10, "median": 50, "ninetieth": 90}
# Beyond the tenth digit stands what floating-point numbers leave of exact ones.
EQUAL = 1e-9
Ends = tuple[Decimal, Decimal]


@dataclass(frozen=True, eq=False, slots=True)
class Judgement:
    """All that an assessment found out before it can say whether it tells units apart."""

    scored: Scored
    bench: Bench
    wide: Spans
    ranges: Sequence[tuple[int, int] | None]
    verdicts: Sequence[Verdict]
    brought: Sequence[Brought]


def discrimination_of(found: Judgement) -> Discrimination:
    """Say how far the scores tell units apart within their comparison groups.

    Units without a score or without a comparison group do not count. A component is a criterion
    that measures something, a bonus or a deduction. The methods are those of
    `stats.discrimination`; standard errors follow from the intervals, as for the probabilities of
    grades. Figures are rounded to 6 significant digits.
    """
    groups = [places for _, places in members(found.bench.groups, found.scored.spans)]
    places = [place for group in groups for place in group]
    named = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    values, errors = _scores(found, places)
    variance = variance_within(values, errors, named)
    stability = rank_stability(values, errors, named)
    components = _components(found, places, named)
    total = _component(
        TOTAL, values, (found.scored.scheme.scale.low, found.scored.scheme.scale.high)
    )
    error = variance.error_share
    error_share = None if error is None else _figure(error)
    pairs = pairs_apart([[_known(found.ranges[place]) for place in group] for group in groups])
    levels = max((levels_apart(_ends(found.wide, group)) for group in groups), default=0)
    grades = Counter(found.verdicts[place].grade for place in places)
    return Discrimination(
        n=len(places),
        groups=len(groups),
        spread=None if error is None else _figure(variance.between**0.5),
        error_share=error_share,
        reliability=None if error is None else _figure(1 - error),
        levels=levels,
        pairs_apart=None if pairs is None else _figure(pairs),
        order_holds=_maybe(stability.order_holds),
        rank_correlation=_maybe(stability.rank_correlation),
        components=components,
        total=replace(total, verdict=total_verdict(total)),
        verdicts=scheme_verdicts(
            error_share=error_share,
            pairs=None if pairs is None else _figure(pairs),
            levels=levels,
            grades=grades,
        ),
        absent=_absent(len(places), len(groups), error),
        seed=SEED,
        draws=stability.draws,
    )


def _absent(count: int, groups: int, error: float | None) -> Because | None:
    """Say why there are no differences to speak of; None where there are."""
    if count - groups < 1:
        return Because("no_two_units")
    return Because("all_units_equal") if error is None else None


def _scores(found: Judgement, places: Sequence[int]) -> tuple[Array, Array]:
    """Give scores and their standard errors, the mean of those to both sides."""
    spans = [span for place in places if isinstance(span := found.scored.spans[place], Span)]
    leaves = list(all_leaves(found.scored))
    freedom = [min(freedom_of(leaf.measured[place]) for leaf in leaves) for place in places]
    if not spans:
        return np.zeros(0), np.zeros(0)
    spread = spread_of(spans, freedom, found.bench.scheme.confidence)
    return spread.values, (spread.below + spread.above) / 2


def _components(found: Judgement, places: Sequence[int], groups: Groups) -> tuple[Component, ...]:
    """Give every component with its share of the variance of the scores."""
    brought = found.brought
    points = np.array([[float(one.points[place]) for place in places] for one in brought])
    shares = variance_shares(points, groups) if places else None
    ends = _all_ends(found)
    components = []
    for number, one in enumerate(brought):
        spans = [one.spans[place] for place in places]
        scores = np.array([float(span.value) for span in spans if isinstance(span, Span)])
        weights = [one.weights[place] for place in places]
        made = _component(
            one.name,
            scores,
            ends[one.name],
            weight=sum(weights, NOTHING) / (len(weights) or 1),
            variance_share=None if shares is None else _figure(float(shares[number])),
        )
        verdict = component_verdict(made, among=len(brought))
        components.append(replace(made, verdict=verdict))
    return tuple(components)


def _component(
    name: str,
    scores: Array,
    ends: Ends | None,
    *,
    weight: Decimal = ALL,
    variance_share: Decimal | None = None,
) -> Component:
    """Say how much of its marks a component uses."""
    use: list[Decimal | None] = [None] * len(USES)
    if ends is not None and len(scores):
        low, high = map(float, ends)
        width = high - low
        use = [
            _figure(float(np.mean(mask)))
            for mask in (
                scores >= high - EQUAL * width,
                scores >= high - (NEAR + EQUAL) * width,
                scores >= high - (TOP + EQUAL) * width,
                scores <= low + EQUAL * width,
                scores <= low + (TOP + EQUAL) * width,
            )
        ]
    tenths: list[Decimal | None] = [None] * len(TENTHS)
    if len(scores):
        found = np.percentile(scores, list(TENTHS.values()), method="lower")
        tenths = [_figure(float(one)) for one in found]
    return Component(
        criterion=name,
        n=len(scores),
        weight=_figure(float(weight)),
        low=None if ends is None else ends[0],
        high=None if ends is None else ends[1],
        variance_share=variance_share,
        verdict=Because(""),
        **dict(zip(USES, use, strict=True)),
        **dict(zip(TENTHS, tenths, strict=True)),
    )


def _all_ends(found: Judgement) -> dict[str, Ends | None]:
    """Give the lowest and highest mark of each component; None where there is no highest."""
    scored = found.scored
    ends: dict[str, Ends | None] = {
        leaf.criterion.id: _ends_of(leaf, scored) for leaf in scored.leaves
    }
    for one in scored.bonuses + scored.deductions:
        most = one.adjustment.most
        ends[one.adjustment.id] = None if most is None else (NOTHING, most)
    return ends


def _ends_of(leaf: Judged, scored: Scored) -> Ends:
    target, scheme = leaf.criterion.target, scored.scheme
    if leaf.criterion.standing:
        return NOTHING, ALL
    if target is not None:
        return NOTHING, ALL if target.highest is None else target.highest
    if leaf.inner is not None:
        scheme = leaf.inner.scheme
    return scheme.scale.low, scheme.scale.high


def _ends(wide: Spans, group: Sequence[int]) -> list[Ends]:
    """Give intervals that hold together; where a rule cannot map one, it covers everything."""
    every = (Decimal("-Infinity"), Decimal("Infinity"))
    spans = [wide[place] for place in group]
    return [(span.low, span.high) if isinstance(span, Span) else every for span in spans]


def _known(places: tuple[int, int] | None) -> tuple[int, int]:
    if places is None:
        raise ValueError("a unit with a score and a group must have places; got none")
    return places


def _maybe(figure: float | None) -> Decimal | None:
    return None if figure is None else _figure(figure)


def _figure(figure: float) -> Decimal:
    return significant(Decimal(float(figure)), DIGITS).normalize() + 0
