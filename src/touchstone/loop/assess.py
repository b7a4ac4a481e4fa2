"""Stage 4 of the loop: measures become scores, intervals, places and grades by a scheme.

assess: measures + scheme → one result for every unit, with its parts and its because.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from typing import NamedTuple

from touchstone.base.outcomes import Withheld
from touchstone.content.datasets import Dataset
from touchstone.content.schemes import Scheme
from touchstone.content.trees import Node, tree_of
from touchstone.loop.areas import area_means
from touchstone.loop.besides import results_beside
from touchstone.loop.comparisons import ranges_of
from touchstone.loop.discrimination import Judgement, discrimination_of
from touchstone.loop.index_assessments import assess_index
from touchstone.loop.judgements import Bench, Scored, basis_of, in_common, score_scheme
from touchstone.loop.measure import Measures
from touchstone.loop.parts import brought_of, parts_of, round_half_even
from touchstone.loop.probabilities import probabilities_of
from touchstone.loop.quotas import apply_quotas
from touchstone.loop.results import (
    Assessment,
    Beside,
    GradeProbabilities,
    Part,
    QuotaUse,
    Status,
    Unexplained,
    UnitResult,
)
from touchstone.loop.verdicts import Verdict, verdicts_of
from touchstone.stats.figures import EXACT
from touchstone.stats.scores import Span
from touchstone.tallies.tables import Snapshot

YES, NO = "yes", "no"
TOO_FEW = "too_few_raters"


class _Found(NamedTuple):
    """What was found for one unit: n and method, places, grade with reason, parts."""

    basis: tuple[int | None, str]
    ranks: tuple[int, int] | None
    verdict: Verdict
    parts: tuple[Part, ...]
    probabilities: GradeProbabilities | None


def assess(
    measures: Measures,
    scheme: Scheme,
    *,
    pack: str,
    scheme_name: str,
    dataset: Dataset,
    snapshot: Snapshot,
    schemes: Mapping[str, Scheme] | None = None,
) -> Assessment:
    """Assess every unit by a scheme; the same input gives the same assessment everywhere.

    1. Score: each measure is held against its target, criteria are combined, bonuses and
       deductions follow, and the interval is carried through all of it.
    2. Place: the measures' intervals are widened so that they hold together for all compared
       units (in the comparison group, where the scheme has one), and scored again; a unit's
       places are those that no other unit's interval bars.
    3. Grade: given only when the whole interval lies in one band, after caps and vetoes, and then
       within the quotas of the scheme, where it has any; beside it how probable each grade is.
    4. Areas: means of the scores in the higher nodes of the dataset's tree.
    5. Beside: the results of the scheme that should stand beside, with the units that move.
    6. Discrimination: how far the scheme tells its units apart (`loop.discrimination`).
    7. Figures are rounded, half-even, to the scheme's places.

    A composite index is made as `loop.index_assessments` tells, and has steps 4 and 7 alone.

    `schemes` are the other schemes of the pack, for criteria that are another scheme's score;
    `measures` must have been taken with them. Errors of different criteria, and of different
    units, are taken to be independent of each other.
    """
    known = schemes or {}
    if scheme.index is not None:
        return _of_index(measures, scheme, (pack, scheme_name), tree_of(snapshot, dataset))
    with localcontext(EXACT):
        judged = _judged(Bench(measures, dataset, scheme, known))
        named = zip(measures.units, judged.judgement.scored.spans, strict=True)
        scores = {unit: span.value for unit, span in named if isinstance(span, Span)}
        areas = area_means(tree_of(snapshot, dataset), scores, scheme)
        beside = None
        if scheme.beside is not None:
            other = _judged(Bench(measures, dataset, known[scheme.beside], known))
            beside = Beside(scheme.beside, results_beside(judged.units, other.units))
        discrimination = discrimination_of(judged.judgement)
    unexplained = _unexplained(scheme, measures, judged.judgement.verdicts)
    return Assessment(
        pack,
        scheme_name,
        judged.units,
        areas,
        unexplained,
        beside,
        quotas=judged.quotas,
        discrimination=discrimination,
    )


def _of_index(
    measures: Measures, scheme: Scheme, names: tuple[str, str], nodes: Sequence[Node]
) -> Assessment:
    """Give the results of an index, which compares all units at once."""
    with localcontext(EXACT):
        made = assess_index(measures, scheme)
        areas = area_means(nodes, made.scores, scheme)
    return Assessment(*names, made.units, areas, index=made.summary)


class _Judged(NamedTuple):
    """All that one scheme says of the units, in their order."""

    units: tuple[UnitResult, ...]
    judgement: Judgement
    quotas: tuple[QuotaUse, ...]


def _judged(bench: Bench) -> _Judged:
    scored = score_scheme(bench)
    wide = in_common(bench, scored.spans, lambda other: score_scheme(other).spans)
    ranges = ranges_of(bench.groups, scored.spans, wide)
    verdicts, quotas = apply_quotas(verdicts_of(scored, bench), scored, bench, wide)
    probabilities = probabilities_of(scored, bench, verdicts)
    brought = brought_of(scored)
    parts = parts_of(scored, brought)
    found = map(_Found, basis_of(scored), ranges, verdicts, parts, probabilities)
    units = tuple(_result(scored, bench, place, one) for place, one in enumerate(found))
    judgement = Judgement(scored, bench, wide, ranges, verdicts, brought)
    return _Judged(units, judgement, quotas)


def _result(scored: Scored, bench: Bench, place: int, found: _Found) -> UnitResult:
    n, method = found.basis
    grade, because = found.verdict.grade, found.verdict.because
    span, places = scored.spans[place], scored.scheme.places
    figures: list[Decimal | None] = [None] * 3
    status: Status = "withheld"
    if isinstance(span, Span):
        figures = [round_half_even(figure, places) for figure in span]
        status = "undecided" if grade is None else "graded"
    elif _has_too_few(scored, place):
        n = None
    rank_low, rank_high = found.ranks or (None, None)
    return UnitResult(
        unit=bench.measures.units[place],
        name=bench.measures.names[place],
        n=n,
        score=figures[0],
        low=figures[1],
        high=figures[2],
        rank_low=rank_low,
        rank_high=rank_high,
        grade=grade,
        status=status,
        because=because,
        method=method,
        group=bench.groups[place] or (),
        parts=found.parts,
        probabilities=found.probabilities,
    )


def _has_too_few(scored: Scored, place: int) -> bool:
    """Tell whether a measure of the unit rests on too few people, so that no count may be told."""
    outcomes = (leaf.measured[place] for leaf in scored.leaves)
    return any(isinstance(one, Withheld) and one.reason == TOO_FEW for one in outcomes)


def _unexplained(
    scheme: Scheme, measures: Measures, verdicts: Sequence[Verdict]
) -> Unexplained | None:
    """List the units whose grade differs from the official result; those without either do not."""
    column = scheme.official
    if column is None:
        return None
    official = _official_grades(column, measures)
    differing = [
        unit
        for unit, stated, own in zip(measures.units, official, verdicts, strict=True)
        if stated is not None and own.grade is not None and own.grade != stated
    ]
    return Unexplained(column, tuple(sorted(differing)))


def _official_grades(column: str, measures: Measures) -> Sequence[str | None]:
    """Give each unit's official grade: the text, or yes and no for 1 and 0."""
    if column in measures.texts:
        return measures.texts[column]
    figures = measures.figures[column]
    return [None if figure is None else YES if figure else NO for figure in figures]
