"""Weights that a scheme's judges gave its criteria, group by group."""

from collections.abc import Iterator, Mapping, Sequence

from touchstone.content.index_specs import IndexSpec
from touchstone.content.schemes import Criterion, Scheme
from touchstone.stats.index.judging import matrix_of_pairs, weights_by_budget, weights_by_pairs

WHOLE = "the whole"


def sibling_groups(scheme: Scheme) -> Iterator[tuple[str, tuple[Criterion, ...]]]:
    """List the groups of criteria that are weighed against each other, the whole first."""
    yield WHOLE, scheme.criteria
    stack = list(scheme.criteria)
    while stack:
        criterion = stack.pop(0)
        if criterion.criteria:
            yield criterion.id, criterion.criteria
            stack += criterion.criteria


def judged_weights(
    names: Sequence[str], spec: IndexSpec, *, where: str
) -> tuple[Mapping[str, float], float | None]:
    """Give the weights of some siblings as judged, and their consistency ratio by pairs.

    Raises INDEX-05 and INDEX-06 for pairs, INDEX-07 for budgets, as `stats.index.judging` does.
    A budget's points for criteria of other groups are those of other groups.

    >>> from decimal import Decimal
    >>> from touchstone.content.index_specs import Pair
    >>> spec = IndexSpec(weights="pairs", pairs=(Pair(more="a", less="b", times=Decimal(3)),))
    >>> judged_weights(["a", "b"], spec, where="here")
    ({'a': 0.75, 'b': 0.25}, 0.0)
    """
    if len(names) == 1:
        return {names[0]: 1.0}, None
    if spec.weights == "pairs":
        pairs = {
            (pair.more, pair.less): float(pair.times)
            for pair in spec.pairs
            if pair.more in names and pair.less in names
        }
        matrix = matrix_of_pairs(names, pairs, where=where)
        found = weights_by_pairs(matrix, where=where, highest_ratio=float(spec.highest_ratio))
        return dict(zip(names, found.weights.round(12).tolist(), strict=True)), (
            found.consistency_ratio
        )
    budgets = [
        {name: float(points) for name, points in budget.items() if name in names}
        for budget in spec.budgets
    ]
    weights = weights_by_budget(budgets, names, where=where)
    return dict(zip(names, weights.tolist(), strict=True)), None
