"""Several scores as one, with its interval, and what each of them brought to it."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from touchstone.stats.scores import Span

Aggregation = Literal["arithmetic", "geometric", "harmonic"]
SETTLED = Decimal(1).scaleb(-20)


def aggregate(
    scores: Sequence[Decimal], weights: Sequence[Decimal], aggregation: Aggregation
) -> Decimal:
    """Give the weighted arithmetic, geometric or harmonic mean of some scores.

    A geometric or harmonic mean with a score of 0 (and a weight) is 0, its limit; there scores
    must not be negative. ValueError for that, and for weights that do not sum to more than 0.

    >>> aggregate([Decimal(80), Decimal(20)], [Decimal(3), Decimal(1)], "arithmetic")
    Decimal('65')
    >>> aggregate([Decimal(80), Decimal(20)], [Decimal(1), Decimal(1)], "harmonic")
    Decimal('32')
    """
    total = sum(weights)
    if total <= 0:
        raise ValueError(f"weights must sum to more than 0; got {list(weights)!r}")
    if aggregation == "arithmetic":
        return sum(map(Decimal.__mul__, weights, scores), Decimal(0)) / total
    weighted = [(score, weight) for score, weight in zip(scores, weights, strict=True) if weight]
    least = min(score for score, _ in weighted)
    if least <= 0:
        if least < 0:
            raise ValueError(f"scores must be 0 or more for {aggregation} means; got {least}")
        return Decimal(0)
    if aggregation == "harmonic":
        return total / sum((weight / score for score, weight in weighted), Decimal(0))
    return (sum((weight * score.ln() for score, weight in weighted), Decimal(0)) / total).exp()


def combine(spans: Sequence[Span], weights: Sequence[Decimal], aggregation: Aggregation) -> Span:
    """Combine the scores of several criteria, and their intervals.

    Each score is moved alone to the end of its interval; the changes of the mean are squared,
    added up, and the root is taken, for each side apart. For the arithmetic mean that is the root
    of the sum of squared half-widths times weights.

    Assumes that the errors of the criteria are independent of each other, and for the other means
    that they are small enough to add up (propagation of error, Gauss 1823).

    >>> third, fourth = Decimal(3), Decimal(4)
    >>> spans = [Span(Decimal(50), 50 - third, 50 + third), Span(Decimal(50), 50 - fourth, 54)]
    >>> [float(end) for end in combine(spans, [Decimal(1), Decimal(1)], "arithmetic")]
    [50.0, 47.5, 52.5]
    """
    value = aggregate([span.value for span in spans], weights, aggregation)
    if all(span.low == span.high for span in spans):
        settled = settle(value)
        return Span(settled, settled, settled)
    below, above = Decimal(0), Decimal(0)
    for place, span in enumerate(spans):
        if span.low != span.high:
            for end in (span.low, span.high):
                moved = [other.value for other in spans]
                moved[place] = end
                change = aggregate(moved, weights, aggregation) - value
                below += change**2 if change < 0 else 0
                above += change**2 if change > 0 else 0
    return Span(settle(value), settle(value - below.sqrt()), settle(value + above.sqrt()))


def add(spans: Sequence[Span]) -> Span:
    """Add figures up, and the squares of their half-widths, for each side apart.

    Assumes independent errors. Nothing sums to 0.

    >>> add([Span(Decimal(5), Decimal(2), Decimal(8)), Span(Decimal(1), Decimal(-3), Decimal(5))])
    Span(value=Decimal('6'), low=Decimal('1'), high=Decimal('11'))
    """
    value = sum((span.value for span in spans), Decimal(0))
    below = sum(((span.value - span.low) ** 2 for span in spans), Decimal(0))
    above = sum(((span.high - span.value) ** 2 for span in spans), Decimal(0))
    return Span(value, value - below.sqrt(), value + above.sqrt())


def bounded(span: Span, lowest: Decimal, highest: Decimal | None) -> Span:
    """Cut a figure and its interval at the ends of a scale; None for no upper end.

    >>> bounded(Span(Decimal(97), Decimal(93), Decimal(101)), Decimal(0), Decimal(100)).high
    Decimal('100')
    """
    if highest is not None and span.high > highest:
        span = Span(*(min(end, highest) for end in span))
    return Span(*(max(end, lowest) for end in span)) if span.low < lowest else span


def settle(figure: Decimal) -> Decimal:
    """Round a figure to 20 decimal places, half-even.

    Divisions and roots of 50 digits leave a trace in the last ones, which must not decide on
    which side of a bound a figure lies. A figure that equals the bound equals it after this.

    >>> settle(Decimal(2) / 3 * 3) == 2
    True
    """
    if figure == figure.to_integral_value():
        return figure
    return figure.quantize(SETTLED, rounding=ROUND_HALF_EVEN)


def share_out(
    total: Decimal, amounts: Sequence[Decimal], weights: Sequence[Decimal]
) -> list[Decimal]:
    """Share a total out in proportion to some amounts; by the weights where these sum to 0.

    So a mean that is not a sum, or a sum cut at the end of a scale, still tells what each part
    brought to it.

    >>> share_out(Decimal(100), [Decimal(90), Decimal(30)], [Decimal(1), Decimal(1)])
    [Decimal('75'), Decimal('25')]
    """
    keys = amounts if sum(amounts) else weights
    whole = sum(keys)
    return [total * key / whole for key in keys]
