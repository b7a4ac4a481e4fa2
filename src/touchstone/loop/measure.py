"""Stage 3 of the loop: frozen evidence becomes measures, each with its uncertainty.

measure: snapshot → tallies → for every unit and indicator an estimate, or a reason why not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

import pyarrow.compute as pc

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.content.datasets import Dataset
from touchstone.content.indicators import Indicator
from touchstone.content.schemes import Scheme
from touchstone.loop.corrections import corrected_means
from touchstone.loop.variables import Needs, needs_of, plan_sums, variable_of
from touchstone.stats.figures import EXACT
from touchstone.stats.raters import RatedRule, RatedSums, mean_of_raters, share_of_raters
from touchstone.tallies.engine import EngineName, Tallies, tally
from touchstone.tallies.tables import Snapshot
from touchstone.tallies.unit_sums import UnitSums, sum_units

MISSING = Withheld("missing_value")
SEVERAL = Withheld("several_values")


@dataclass(frozen=True, eq=False, slots=True)
class Measures:
    """What the evidence gives for every unit; all lists follow the order of `units`.

    `units` are sorted. `outcomes` holds for each indicator its estimates or reasons; `figures` the
    plain numbers of columns that serve as targets, for comparison or as official results, and
    `texts` those of text columns: None where a unit has none, or more than one. Every figure
    follows from `tallies`.
    """

    tallies: Tallies
    indicators: Mapping[str, Indicator]
    units: tuple[str, ...]
    names: tuple[str, ...]
    outcomes: Mapping[str, tuple[Outcome, ...]]
    figures: Mapping[str, tuple[Decimal | None, ...]]
    texts: Mapping[str, tuple[str | None, ...]]


def measure(
    snapshot: Snapshot,
    scheme: Scheme,
    *,
    dataset: Dataset,
    indicators: Mapping[str, Indicator],
    schemes: Mapping[str, Scheme] | None = None,
    engine: EngineName = "duckdb",
) -> Measures:
    """Measure every unit of a snapshot by the indicators that a scheme uses.

    1. Reduce the rows to exact sums per unit, and per rater where raters stand several times in a
       unit or have weights; both engines give equal sums.
    2. A fact is the unit's one value, without error. A mean or a share of answers has an interval
       at the scheme's confidence; the unit's raters are its sampling units (`stats.raters`).
       A corrected mean comes from a model of all ratings (`loop.corrections`).

    `schemes` are the other schemes of the pack, for criteria that are another scheme's score.

    Each unit is taken as a stratum of its own and its raters as drawn with replacement: strata
    and population sizes of the dataset's design are not used, which makes intervals rather too
    wide than too narrow. Without a rater column the first-stage clusters are the sampling units,
    and without those the rows.

    Raises TouchstoneError TALLY-01 to TALLY-05 (see `tallies.engine.tally`), RATE-01 to RATE-07
    (see `stats.crossed_effects`), ValueError for a
    scheme that does not fit the dataset and the indicators.
    """
    needs = needs_of(scheme, schemes or {})
    narrowed, plan = plan_sums(snapshot, needs, dataset=dataset, indicators=indicators)
    tallies = tally(narrowed, plan, engine=engine)
    units, sums = sum_units(tallies)
    places = dict(zip(plan.values, tallies.value_places, strict=True))
    outcomes: dict[str, tuple[Outcome, ...]] = {}
    for name in sorted(needs.indicators):
        indicator = indicators[name]
        variable = variable_of(indicator, dataset)
        if indicator.kind == "fact":
            outcomes[name] = _facts(sums[variable], places[variable])
            continue
        rule = RatedRule(places[variable], indicator.smallest_group, scheme.confidence)
        if indicator.kind == "corrected_mean":
            raters = dict(zip(units, sums[variable].raters, strict=True))
            outcomes[name] = corrected_means(snapshot, indicator, dataset, raters, rule)
        else:
            outcomes[name] = ratings_of(sums[variable], indicator, rule)
    return Measures(
        tallies=tallies,
        indicators={name: indicators[name] for name in sorted(needs.indicators)},
        units=units,
        names=_names(snapshot, dataset, units),
        outcomes=outcomes,
        figures={
            name: _figures(sums[name], places[name])
            for name in sorted(needs.columns)
            if name in sums
        },
        texts=_texts(snapshot, dataset, needs, units),
    )


def _facts(sums: UnitSums, places: int) -> tuple[Outcome, ...]:
    """Give each unit's one value; equal values share one estimate."""
    known: dict[int, Estimate] = {}
    found: list[Outcome] = []
    for n, w, wy, wyy in zip(sums.n, sums.w, sums.wy, sums.wyy, strict=True):
        if n == 0 or w == 0:
            found.append(MISSING)
        elif w * wyy != wy * wy:
            found.append(SEVERAL)
        else:
            stored = wy // w
            if stored not in known:
                value = Decimal(stored).scaleb(-places, EXACT)
                known[stored] = Estimate(value, value, value, 1, "register")
            found.append(known[stored])
    return tuple(found)


def _figures(sums: UnitSums, places: int) -> tuple[Decimal | None, ...]:
    outcomes = _facts(sums, places)
    return tuple(None if isinstance(one, Withheld) else one.value for one in outcomes)


def ratings_of(sums: UnitSums, indicator: Indicator, rule: RatedRule) -> tuple[Outcome, ...]:
    """Give each unit's mean or share of answers with its interval, or why there is none."""
    estimate = mean_of_raters if indicator.kind == "mean" else share_of_raters
    columns = (sums.n, sums.raters, sums.w, sums.wy, sums.wyy, sums.aa, sums.ab, sums.bb)
    with localcontext(EXACT):
        return tuple(estimate(RatedSums(*numbers), rule) for numbers in zip(*columns, strict=True))


def _names(snapshot: Snapshot, dataset: Dataset, units: tuple[str, ...]) -> tuple[str, ...]:
    """Give each unit's name, or its identifier when it has none; of several, the first."""
    column = dataset.levels[-1].name if dataset.levels else dataset.unit
    found = _values_by_unit(snapshot, dataset.unit, column)
    return tuple(min(found.get(unit, ()), default=unit) for unit in units)


def _texts(
    snapshot: Snapshot, dataset: Dataset, needs: Needs, units: tuple[str, ...]
) -> dict[str, tuple[str | None, ...]]:
    texts: dict[str, tuple[str | None, ...]] = {}
    for name in sorted(needs.columns):
        if snapshot.column(name).kind == "text":
            found = _values_by_unit(snapshot, dataset.unit, name)
            own = (found.get(unit, []) for unit in units)
            texts[name] = tuple(values[0] if len(values) == 1 else None for values in own)
    return texts


def _values_by_unit(snapshot: Snapshot, unit: str, column: str) -> dict[str, list[str]]:
    """List the different texts of a column that the rows of each unit hold."""
    if column == unit:
        return {text: [text] for text in pc.unique(snapshot.rows.column(unit)).to_pylist() if text}
    pairs = snapshot.rows.select([unit, column]).group_by([unit, column]).aggregate([])
    found: dict[str, list[str]] = {}
    for name, text in zip(*(pairs.column(key).to_pylist() for key in (unit, column)), strict=True):
        if text is not None:
            found.setdefault(name, []).append(text)
    return found
