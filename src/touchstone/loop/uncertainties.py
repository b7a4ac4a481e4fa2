"""What is uncertain about each unit's score, and whether a rule bends it.

Everything here is a list with one entry per unit.
"""

from collections.abc import Iterator, Sequence

from touchstone.base.outcomes import Estimate, Outcome
from touchstone.loop.judgements import Bench, Judged, Scored
from touchstone.stats.scores import Span

CERTAIN, SMOOTH, KINKED = 0, 1, 2
FULL = 100


def kinds_of(scored: Scored, bench: Bench) -> list[int]:
    """Say of every unit whether nothing about its grade is uncertain, and else of which kind.

    `SMOOTH`: the score is a weighted sum of measures, some with an error. `KINKED`: within reach
    of these errors a rule bends, ends or jumps, or an uncertain measure bears on the grade in
    another way than through a criterion; a quota makes every unit so, as others decide then.
    """
    scheme = scored.scheme
    if scheme.quotas:
        return [KINKED] * len(scored.spans)
    columns = [_kinds_of_leaf(one) for one in all_leaves(scored)]
    columns += [
        [KINKED if _has_error(outcome) else CERTAIN for outcome in outcomes]
        for outcomes in _beside_the_score(scored, bench)
    ]
    bends = bool(scheme.limiters) or not _is_sum(scored)
    ends = (scheme.scale.low, scheme.scale.high)
    found = []
    for span, kind in zip(scored.spans, map(max, zip(*columns, strict=True)), strict=True):
        touches = isinstance(span, Span) and (span.low <= ends[0] or span.high >= ends[1])
        found.append(KINKED if kind and (bends or touches) else kind)
    return found


def all_leaves(scored: Scored) -> Iterator[Judged]:
    """List all that is judged without being a group, also within other schemes' scores."""
    for leaf in scored.leaves:
        yield leaf
        if leaf.inner is not None:
            yield from all_leaves(leaf.inner)


def _beside_the_score(scored: Scored, bench: Bench) -> Iterator[Sequence[Outcome]]:
    """List the measures that bear on the grade in another way than through a criterion."""
    for one in scored.bonuses + scored.deductions:
        yield one.measured
    for limit in scored.scheme.vetoes + scored.scheme.caps:
        yield bench.measures.outcomes[limit.indicator]


def _is_sum(scored: Scored) -> bool:
    """Say whether a score is a plain weighted sum, all the way down."""
    groups = [scored.scheme.aggregation]
    waiting = list(scored.criteria)
    while waiting:
        one = waiting.pop()
        if one.beneath:
            groups.append(one.criterion.aggregation)
            waiting += one.beneath
        elif one.inner is not None and not _is_sum(one.inner):
            return False
    has_more = scored.bonuses or scored.deductions
    return all(each == "arithmetic" for each in groups) and not has_more


def _kinds_of_leaf(leaf: Judged) -> list[int]:
    """Say for every unit whether a criterion has an error, and whether its rule bends it."""
    bends = leaf.criterion.standing or leaf.criterion.target is not None
    is_rubric = leaf.criterion.target is not None and leaf.criterion.target.kind == "rubric"
    kinds = []
    for measured, span in zip(leaf.measured, leaf.spans, strict=True):
        if not isinstance(span, Span) or not _has_error(measured):
            kinds.append(CERTAIN)
        elif bends and (leaf.criterion.standing or is_rubric or _is_cut(span)):
            kinds.append(KINKED)
        else:
            kinds.append(SMOOTH)
    return kinds


def _is_cut(span: Span) -> bool:
    """Say whether points may have come to an end within the interval, at 0, 100 or elsewhere."""
    return span.low <= 0 or span.high >= FULL or span.is_exact


def _has_error(outcome: Outcome) -> bool:
    return isinstance(outcome, Estimate) and outcome.low < outcome.high
