"""Which sums a scheme needs of a snapshot, and the columns made for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from touchstone.content.datasets import Dataset
from touchstone.content.indicators import Indicator
from touchstone.content.schemes import Comparison, Criterion, Scheme, Target, leaves, limits
from touchstone.tallies.plans import TallyPlan
from touchstone.tallies.tables import Column, Snapshot


@dataclass(frozen=True, slots=True)
class Needs:
    """What a scheme asks of the evidence, with the schemes whose scores it uses.

    `indicators` are identifiers; `columns` are those whose values serve as targets, for comparison
    groups, for conditions and as official results.
    """

    indicators: frozenset[str]
    columns: frozenset[str]


def needs_of(scheme: Scheme, schemes: Mapping[str, Scheme]) -> Needs:
    """List the indicators and columns that a scheme, those within it and that beside it use."""
    indicators: set[str] = set()
    columns: set[str] = set()
    beside = [schemes[scheme.beside]] if scheme.beside else []
    for part in chain.from_iterable(schemes_within(one, schemes) for one in (scheme, *beside)):
        for criterion in leaves(part.criteria):
            indicators.update(_indicators_of(criterion))
            columns.update(_columns_of(criterion))
        for limit in limits(part):
            indicators.add(limit.indicator)
            columns.update(limit.where)
        indicators.update(extra.indicator for extra in part.bonuses + part.deductions)
        columns.update(_compared_by(part.comparison))
    if scheme.official:
        columns.add(scheme.official)
    return Needs(frozenset(indicators), frozenset(columns))


def schemes_within(scheme: Scheme, schemes: Mapping[str, Scheme]) -> Iterator[Scheme]:
    """Give a scheme and every scheme whose score it uses, each once.

    Raises ValueError when a scheme is not known, uses itself, or speaks of another dataset.
    """
    done: set[str] = set()

    def visit(part: Scheme, path: tuple[str, ...]) -> Iterator[Scheme]:
        yield part
        for criterion in leaves(part.criteria):
            name = criterion.scheme
            if name is None:
                continue
            if name not in schemes or name in path:
                raise ValueError(f"schemes must hold {name!r}, and no scheme may use itself")
            if schemes[name].dataset != scheme.dataset:
                raise ValueError(f"scheme {name!r} must be of dataset {scheme.dataset!r}")
            if name not in done:
                done.add(name)
                yield from visit(schemes[name], (*path, name))

    yield from visit(scheme, ())


def _indicators_of(criterion: Criterion) -> Iterator[str]:
    if criterion.indicator:
        yield criterion.indicator
    if criterion.otherwise:
        yield criterion.otherwise.indicator


def _columns_of(criterion: Criterion) -> Iterator[str]:
    targets: list[Target | None] = [criterion.target]
    if criterion.otherwise:
        targets.append(criterion.otherwise.target)
    for target in targets:
        if target and target.column:
            yield target.column


def _compared_by(comparison: Comparison | None) -> tuple[str, ...]:
    if comparison is None:
        return ()
    return comparison.by + ((comparison.quantiles.of,) if comparison.quantiles else ())


def variable_of(indicator: Indicator, dataset: Dataset) -> str:
    """Name the column whose sums an indicator needs: its own, or one made from it.

    >>> variable_of(Indicator(dataset="d", kind="share", column="y", counts_as_yes=(4, 5)),
    ...             Dataset(key=(), unit="u", about="persons", columns=(), levels=()))
    'y is 4, 5'
    """
    if indicator.kind == "share":
        return f"{indicator.column} is {', '.join(map(str, indicator.counts_as_yes))}"
    column = dataset.column(indicator.column)
    if column is not None and column.kind == "text":
        return f"{indicator.column} by place"
    return indicator.column


def plan_sums(
    snapshot: Snapshot, needs: Needs, *, dataset: Dataset, indicators: Mapping[str, Indicator]
) -> tuple[Snapshot, TallyPlan]:
    """Give the columns to sum, those made from others included, and the plan of the sums.

    Facts alone are summed by unit. Answers are summed by unit and rater, so that the raters can
    be told apart; where the key of the evidence says that a rater stands once in a unit, and all
    weigh the same, each row is a rater and sums by unit suffice.
    """
    used = [indicators[name] for name in sorted(needs.indicators)]
    texts = {column.name for column in snapshot.columns if column.kind == "text"}
    values = {name for name in needs.columns if name not in texts}
    made: dict[str, pa.ChunkedArray] = {}
    for indicator in used:
        name = variable_of(indicator, dataset)
        values.add(name)
        if indicator.kind == "share":
            made[name] = _is_yes(snapshot, indicator)
        elif name != indicator.column:
            made[name] = _place_in_list(snapshot, indicator.column, dataset)
    asks_people = any(indicator.kind != "fact" for indicator in used)
    weight = dataset.design.weight if asks_people else None
    plan = TallyPlan(
        by=(dataset.unit,),
        design=_raters(snapshot, dataset, weight=weight) if asks_people else (),
        weight=weight,
        values=tuple(sorted(values)),
    )
    kept = [*plan.keys, *([weight] if weight else []), *sorted(values - set(made))]
    columns = [snapshot.column(name) for name in dict.fromkeys(kept)]
    rows = snapshot.rows.select([column.name for column in columns])
    for name, cells in made.items():
        columns.append(Column(name, "number"))
        rows = rows.append_column(name, cells)
    return Snapshot(tuple(columns), rows, ()), plan


def _raters(snapshot: Snapshot, dataset: Dataset, *, weight: str | None) -> tuple[str, ...]:
    """Name the columns that tell a unit's raters apart; none when each row is one."""
    key = tuple(name for name in snapshot.key if name != dataset.unit)
    named = (dataset.rater,) if dataset.rater else dataset.design.clusters[:1]
    if not named and not key:
        raise ValueError("dataset must name its raters, or the snapshot its key; got neither")
    if not weight and (not named or set(key) <= set(named)):
        return ()
    return tuple(name for name in named or key if name != dataset.unit)


def _is_yes(snapshot: Snapshot, indicator: Indicator) -> pa.ChunkedArray:
    """Give 1 for an answer that counts as yes, 0 for another, null for none."""
    places = snapshot.column(indicator.column).places
    counted = pa.array([answer * 10**places for answer in indicator.counts_as_yes], pa.int64())
    answers = snapshot.rows.column(indicator.column)
    is_yes = pc.is_in(answers, value_set=counted).cast(pa.int64())
    return pc.if_else(pc.is_valid(answers), is_yes, pa.scalar(None, pa.int64()))


def _place_in_list(snapshot: Snapshot, name: str, dataset: Dataset) -> pa.ChunkedArray:
    """Give a text's place in the column's list of choices, from 1; null for no text."""
    spec = dataset.column(name)
    if spec is None or not spec.choices:
        raise ValueError(f"column {name!r} must list its choices to be measured; got none")
    places = pc.index_in(snapshot.rows.column(name), value_set=pa.array(spec.choices, pa.string()))
    return pc.add(places.cast(pa.int64()), 1)
