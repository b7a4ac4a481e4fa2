"""Caps, vetoes and limiters: for every unit whether each holds, applies, or cannot be told."""

from collections.abc import Iterator, Sequence
from typing import Literal

from touchstone.base.outcomes import Estimate, Outcome
from touchstone.content.schemes import Limit, Limiter
from touchstone.loop.judgements import Bench, Judged, Scored
from touchstone.loop.measure import MISSING
from touchstone.stats.scores import Span

State = Literal["passed", "applies", "unknown"]


def limit_states(limit: Limit, bench: Bench) -> list[State]:
    """Say for every unit whether it passes a cap or veto, falls under it, or neither is sure.

    A unit that `where` does not name passes. A measure with an interval passes when the whole
    interval is good enough, and falls under the limit when none of it is. An empty measure means
    what `if_missing` says; one that is withheld for another reason tells nothing.
    """
    outcomes = bench.measures.outcomes[limit.indicator]
    states: list[State] = [_state(limit, outcome) for outcome in outcomes]
    for column, wanted in limit.where.items():
        texts = bench.measures.texts[column]
        states = [
            state if text in wanted else "passed" for state, text in zip(states, texts, strict=True)
        ]
    return states


def limiter_states(limiter: Limiter, scored: Scored) -> list[State]:
    """Say for every unit whether so many parts are too low: surely, surely not, or perhaps.

    A part is surely too low when its whole interval is; one without a score does not count.
    """
    parts = parts_counted(limiter, scored)
    states: list[State] = []
    for row in zip(*(one.spans for one in parts), strict=True):
        spans = [span for span in row if isinstance(span, Span)]
        surely = sum(span.high < limiter.below for span in spans)
        perhaps = sum(span.low < limiter.below for span in spans)
        certain: State = "applies" if surely >= limiter.parts else "passed"
        doubtful = surely < limiter.parts <= perhaps
        states.append("unknown" if doubtful else certain)
    return states


def parts_counted(limiter: Limiter, scored: Scored) -> list[Judged]:
    """List the parts that a limiter counts: those it names, else those of the first level."""
    if not limiter.criteria:
        return list(scored.criteria)
    return [one for one in _walk(scored.criteria) if one.criterion.id in limiter.criteria]


def _state(limit: Limit, outcome: Outcome) -> State:
    if not isinstance(outcome, Estimate):
        if outcome.reason != MISSING.reason:
            return "unknown"
        return "applies" if limit.if_missing == "applies" else "passed"
    passes = [True, True]
    if limit.at_least is not None:
        passes = [outcome.low >= limit.at_least, outcome.high >= limit.at_least]
    if limit.at_most is not None:
        passes = [
            passes[0] and outcome.high <= limit.at_most,
            passes[1] and outcome.low <= limit.at_most,
        ]
    surely, perhaps = passes
    return "passed" if surely else "unknown" if perhaps else "applies"


def _walk(judged: Sequence[Judged]) -> Iterator[Judged]:
    for one in judged:
        yield one
        yield from _walk(one.beneath)
