"""A scheme in words: every rule of it as a sentence, in the order in which it is applied."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from touchstone.content.indicators import Indicator
from touchstone.content.schemes import Alternative, Comparison, Criterion, Scheme, Target
from touchstone.reports.charts.looks import confidence_percent
from touchstone.reports.index_words import index_in_words
from touchstone.reports.words import Words

Indicators = Mapping[str, Indicator]


def scheme_in_words(scheme: Scheme, indicators: Indicators, words: Words) -> list[str]:
    """Say in sentences how a scheme makes scores, grades and ranks of the measures.

    1. The scale and what the score is made of.
    2. Each criterion: what is measured, and the points it gives.
    3. Bonuses and deductions, and what happens without a measure.
    4. Vetoes, caps, limiters and quotas.
    5. Who is compared with whom, the grades, and the rounding.

    A scheme that makes an index is told step by step instead.
    """
    if scheme.index is not None:
        return [*index_in_words(scheme, words), *_grades(scheme, words)]
    return [
        words.text("rule.scale", low=scheme.scale.low, high=scheme.scale.high),
        _made_of(scheme.criteria, scheme.aggregation, words),
        *_criteria(scheme.criteria, indicators, words),
        *_adjustments(scheme, words),
        words.text(f"rule.missing_{scheme.missing}"),
        *_limits(scheme, words),
        *_quotas(scheme, words),
        _comparison(scheme.comparison, words),
        *_grades(scheme, words),
    ]


def _made_of(criteria: tuple[Criterion, ...], aggregation: str, words: Words) -> str:
    if len(criteria) == 1:
        return words.text("rule.one_criterion", criterion=criteria[0].id)
    items = words.enumerate(
        words.text("rule.weighted", criterion=criterion.id, weight=criterion.weight)
        for criterion in criteria
    )
    return words.text(f"rule.{aggregation}", items=items)


def _criteria(
    criteria: tuple[Criterion, ...], indicators: Indicators, words: Words
) -> Iterator[str]:
    for criterion in criteria:
        head = words.text("rule.criterion", criterion=criterion.id)
        if criterion.criteria:
            made_of = _made_of(criterion.criteria, criterion.aggregation, words)
            yield words.sentences([head, made_of, *_standing(criterion, words)])
            yield from _criteria(criterion.criteria, indicators, words)
            continue
        sentences = [head, _source(criterion, indicators, words)]
        if criterion.target is not None or not criterion.standing:
            sentences.append(_points(criterion.target, words))
        if criterion.otherwise is not None:
            sentences.append(_otherwise(criterion.otherwise, words))
        yield words.sentences([*sentences, *_standing(criterion, words)])


def _standing(criterion: Criterion, words: Words) -> list[str]:
    return [words.text("rule.standing")] if criterion.standing else []


def _source(criterion: Criterion, indicators: Indicators, words: Words) -> str:
    if criterion.scheme is not None:
        title = words.text(f"scheme.{criterion.scheme}.title")
        return words.text("rule.other_scheme", title=title)
    name = criterion.indicator or ""
    indicator = indicators[name]
    answers = words.enumerate(words.number(answer) for answer in indicator.counts_as_yes)
    gaps = {"indicator": name, "smallest": indicator.smallest_group, "answers": answers}
    return words.text(f"rule.{indicator.kind}", **gaps)


def _otherwise(other: Alternative, words: Words) -> str:
    points = _points(other.target, words)
    return words.text("rule.otherwise", indicator=other.indicator, points=points)


def _points(target: Target | None, words: Words) -> str:
    """Say how many points a measure gives."""
    if target is None:
        return words.text("rule.as_measured")
    if target.kind == "rubric":
        items = words.enumerate(
            words.text("sign.name_and_value", name=level, value=words.number(points))
            for level, points in target.levels.items()
        )
        return words.text("rule.rubric", items=items)
    gaps: dict[str, object] = {"goal": _goal(target, words)}
    if target.start is not None:
        gaps["start"] = words.number(target.start)
    points = words.text(f"rule.{target.completion}", **gaps)
    if target.highest is None:
        return points
    return words.sentences([points, words.text("rule.highest", highest=target.highest)])


def _goal(target: Target, words: Words) -> str:
    """Say what a measure is held against."""
    if target.kind == "band":
        return _band(target.low, target.high, words)
    if target.kind == "yes_no":
        return words.text("goal.no" if target.value == 0 else "goal.yes")
    kind: str = target.kind
    if target.kind == "on_target":
        kind = "within" if target.tolerance else "exactly"
    if target.column is not None:
        kind = f"own_{kind}"
    number = words.number(target.value)
    gaps = {"target": number, "column": target.column, "tolerance": target.tolerance}
    return words.text(f"goal.{kind}", **gaps)


def _band(low: Decimal | None, high: Decimal | None, words: Words) -> str:
    if low is None or high is None:
        kind = "more_is_better" if high is None else "less_is_better"
        return words.text(f"goal.{kind}", target=words.number(low if high is None else high))
    return words.text("sign.range", low=words.number(low), high=words.number(high))


def _adjustments(scheme: Scheme, words: Words) -> Iterator[str]:
    for kind, adjustments, most in (
        ("bonus", scheme.bonuses, scheme.highest_bonus),
        ("deduction", scheme.deductions, scheme.highest_deduction),
    ):
        for adjustment in adjustments:
            gaps = {"indicator": adjustment.indicator, "points": adjustment.points}
            sentence = words.text(f"rule.{kind}", criterion=adjustment.id, **gaps)
            bound = [words.text("rule.at_most", most=adjustment.most)] if adjustment.most else []
            yield words.sentences([sentence, *bound])
        if most is not None:
            yield words.text(f"rule.highest_{kind}", most=most)


def _limits(scheme: Scheme, words: Words) -> Iterator[str]:
    lowest = scheme.grades[0].id
    for veto in scheme.vetoes:
        yield words.text("rule.veto", limit=veto.id, grade=veto.highest_grade or lowest)
    for cap in scheme.caps:
        yield words.text("rule.cap", limit=cap.id, grade=cap.highest_grade or lowest)
    for limiter in scheme.limiters:
        criteria = limiter.criteria or tuple(criterion.id for criterion in scheme.criteria)
        yield words.text(
            "rule.limiter",
            limit=limiter.id,
            parts=limiter.parts,
            below=limiter.below,
            grade=limiter.highest_grade,
            items=words.enumerate(words.text(f"criterion.{name}") for name in criteria),
        )


def _quotas(scheme: Scheme, words: Words) -> Iterator[str]:
    for quota in scheme.quotas:
        grades = words.enumerate(words.grade(grade) for grade in reversed(quota.grades))
        percent = words.text("sign.percent", share=words.number((quota.share * 100).normalize()))
        yield words.sentences(
            [
                words.text(f"rule.quota_{quota.of}", grades=grades, share=percent),
                words.text(f"rule.rounded_{quota.rounding}"),
                words.text(f"rule.ties_{quota.ties}"),
                words.text("rule.quota_citation", citation=quota.citation),
            ]
        )


def _comparison(comparison: Comparison | None, words: Words) -> str:
    if comparison is None:
        return words.text("rule.compared_all")
    columns = words.enumerate(words.text(f"column.{name}") for name in comparison.by)
    if comparison.quantiles is None:
        return words.text("rule.compared_by", columns=columns)
    gaps = {"of": comparison.quantiles.of, "parts": comparison.quantiles.parts}
    if not comparison.by:
        return words.text("rule.compared_parts", **gaps)
    return words.text("rule.compared_by_and_parts", columns=columns, **gaps)


def _grades(scheme: Scheme, words: Words) -> Iterator[str]:
    items = words.enumerate(
        words.text("sign.at_least", grade=words.grade(band.id), bar=words.number(band.start))
        for band in reversed(scheme.grades)
    )
    yield words.text("rule.grades", items=items)
    confidence = confidence_percent(scheme.interval_confidence)
    yield words.text("rule.rounding", places=scheme.places, confidence=confidence)
    if scheme.official is not None:
        yield words.text("rule.official", column=scheme.official)
