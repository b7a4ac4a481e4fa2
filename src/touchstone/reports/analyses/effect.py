"""What an action did to its indicator, as a record and as readers see it."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.content.analyses.effect import EffectSpec
from touchstone.loop.analyses.effect import Differences, Effect
from touchstone.reports.charts import Chart, SpanTitles, event_study
from touchstone.reports.outcome_tables import number, outcome_record, outcome_table, readable
from touchstone.reports.shown_tables import Shown, ShownTable, shown_table
from touchstone.reports.words import Words
from touchstone.stats.effects.event_studies import PreTrend
from touchstone.stats.effects.panels import Panel
from touchstone.stats.effects.placebos import PlaceboUnits
from touchstone.stats.effects.synthetic_controls import SyntheticControl
from touchstone.stats.effects.verdicts import NOT_SHOWN, SHOWN

MOST_NAMED = 5
PATH = ("period", "value", "mixture", "gap")


def effect_record(_spec: EffectSpec, effect: Effect) -> dict[str, Any]:
    """Give the effect, its checks and the verdict as plain data; names only where they may be."""
    panel, found = effect.panel, effect.found
    record: dict[str, Any] = {
        "units": len(panel.units),
        "units_with_action": int(panel.treated.sum()),
        "periods": list(panel.periods),
        "effect": outcome_record(effect.outcome),
    }
    if isinstance(found, Differences):
        record |= _differences_record(found, is_named=effect.is_named)
    elif isinstance(found, SyntheticControl):
        record |= _mixture_record(panel, found)
    return record | {"verdict": effect.verdict._asdict()}


def show_effect(spec: EffectSpec, effect: Effect, words: Words) -> Shown:
    """Give the effect in a table, the checks, and the verdict in a sentence."""
    found = effect.found
    parts: list[ShownTable | str] = []
    charts: tuple[Chart, ...] = ()
    left_out: tuple[str, ...] = ()
    if isinstance(found, Differences):
        rows = _rows(found, words)
        parts = [outcome_table(rows, words, confidence=float(spec.confidence))]
        parts.append("\n".join(_checks(found, words)))
        charts = (_steps_chart(spec, found, words),) if found.steps else ()
        left_out = found.difference.left_out
    elif isinstance(found, SyntheticControl):
        one = [({"effect_of": found.unit}, found.outcome)]
        parts = [outcome_table(one, words, confidence=float(spec.confidence))]
        parts += _mixture(effect.panel, found, words)
        left_out = found.left_out
    if left_out:
        parts.append(_left_out(left_out, words, is_named=effect.is_named))
    return Shown((*parts, *_verdict(effect, words)), charts=charts)


def _verdict(effect: Effect, words: Words) -> Iterator[str]:
    """Say whether there was an effect, and what a shown one takes for granted."""
    yield verdict_sentence(effect, words)
    found, is_shown = effect.found, effect.verdict.verdict == SHOWN
    if is_shown and isinstance(found, Differences) and isinstance(found.trend, Withheld):
        yield words.text("effect.shown_untested")


def verdict_sentence(effect: Effect, words: Words) -> str:
    """Say in one sentence whether there was an effect."""
    outcome, verdict = effect.outcome, effect.verdict
    key = f"effect.{verdict.verdict}.{verdict.because}"
    if verdict.verdict in (SHOWN, NOT_SHOWN) and isinstance(outcome, Estimate):
        figures = {name: readable(getattr(outcome, name), words) for name in ("low", "high")}
        size = readable(abs(outcome.value), words)
        return words.text(key, estimate=size, **figures, p=_chance(effect, words))
    if verdict.verdict == NOT_SHOWN:
        return words.text(key, p=_chance(effect, words))
    if isinstance(outcome, Withheld) and verdict.because == outcome.reason:
        return words.text("effect.cannot_be_told.reason", reason=words.withheld(outcome))
    return words.text(key)


def _chance(effect: Effect, words: Words) -> str:
    found = effect.found
    told = found.units if isinstance(found, Differences) else found
    return words.text("sign.none") if isinstance(told, Withheld) else readable(told.p, words)


def _differences_record(found: Differences, *, is_named: bool) -> dict[str, Any]:
    left_out = found.difference.left_out
    return {
        "p": _plain(found.difference.p),
        "steps": [{"step": one.step} | outcome_record(one.outcome) for one in found.steps],
        "trend_before": _trend_record(found.trend),
        "placebo_dates": [
            {"early": one.early} | outcome_record(one.outcome) | {"p": _plain(one.p)}
            for one in found.dates
        ],
        "placebo_units": _units_record(found.units),
        **({"left_out": list(left_out)} if is_named else {"units_left_out": len(left_out)}),
    }


def _plain(figure: float | None) -> float | None:
    return None if figure is None else number(figure)


def _trend_record(trend: PreTrend | Withheld) -> dict[str, Any]:
    if isinstance(trend, Withheld):
        return {"p": None, "reason": trend.reason}
    return {
        "test": trend.test,
        "statistic": number(trend.statistic),
        "degrees_of_freedom": list(trend.degrees_of_freedom),
        "p": number(trend.p),
    }


def _units_record(units: PlaceboUnits | Withheld) -> dict[str, Any]:
    if isinstance(units, Withheld):
        return {"p": None, "reason": units.reason}
    return {
        "p": number(units.p),
        "draws": units.draws,
        "ways": units.ways,
        "smallest_p": number(units.smallest),
    }


def _mixture_record(panel: Panel, found: SyntheticControl) -> dict[str, Any]:
    unit = panel.values[panel.units.index(found.unit)]
    return {
        "unit": found.unit,
        "weights": {name: number(weight) for name, weight in found.weights if weight > 0},
        "weights_unique": found.is_unique,
        "error_before": number(found.error_before),
        "error_after": number(found.error_after),
        "placebo_units": {"p": number(found.p), "units": found.placebos},
        "path": [
            {"period": period, "value": number(value), "synthetic": number(value - gap)}
            for period, value, gap in zip(panel.periods, unit, found.gaps, strict=True)
        ],
        "left_out": list(found.left_out),
    }


def _rows(found: Differences, words: Words) -> list[tuple[dict[str, str], Outcome]]:
    named: list[tuple[str, Outcome]] = [
        (words.text("effect.of.action"), found.difference.outcome),
        *((words.text("effect.of.step", step=one.step), one.outcome) for one in found.steps),
        *((words.text("effect.of.placebo", early=one.early), one.outcome) for one in found.dates),
    ]
    return [({"effect_of": name}, outcome) for name, outcome in named]


def _checks(found: Differences, words: Words) -> list[str]:
    trend, units = found.trend, found.units
    said = []
    if isinstance(trend, Withheld):
        said.append(words.text("effect.trend.none", reason=words.withheld(trend)))
    else:
        said.append(words.text(f"effect.trend.{trend.test}", p=readable(trend.p, words)))
    if isinstance(units, Withheld):
        said.append(words.text("effect.placebos.none", reason=words.withheld(units)))
    else:
        p = readable(units.p, words)
        said.append(words.text(f"effect.placebos.{units.ways}", p=p, draws=units.draws))
    return said


def _steps_chart(spec: EffectSpec, found: Differences, words: Words) -> Chart:
    axis = words.column(spec.value) if spec.value else words.text("effect.axis")
    titles = SpanTitles("event-study", words.text("effect.picture"), axis)
    return event_study(titles, [(one.step, one.outcome) for one in found.steps], words)


def _mixture(panel: Panel, found: SyntheticControl, words: Words) -> list[ShownTable | str]:
    heads = [words.text(f"effect.head.{name}") for name in ("donor", "weight")]
    weights = sorted(found.weights, key=lambda pair: (-pair[1], pair[0]))
    lines = [[name, readable(weight, words)] for name, weight in weights if weight > 0]
    unit = panel.values[panel.units.index(found.unit)]
    columns = np.column_stack([unit, unit - found.gaps, found.gaps]).tolist()
    path = [
        [period, *(readable(one, words) for one in row)]
        for period, row in zip(panel.periods, columns, strict=True)
    ]
    fit = words.text(
        "effect.fit",
        before=readable(found.error_before, words),
        after=readable(found.error_after, words),
        p=readable(found.p, words),
        count=found.placebos,
    )
    path_heads = [words.text(f"effect.head.{name}") for name in PATH]
    tables = [
        shown_table(heads, lines, numbers={1}),
        shown_table(path_heads, path, numbers={1, 2, 3}),
    ]
    return [*tables, fit, *([] if found.is_unique else [words.text("effect.not_unique")])]


def _left_out(names: tuple[str, ...], words: Words, *, is_named: bool) -> str:
    if not is_named:
        return words.text("effect.left_out_unnamed", count=len(names))
    listed = words.enumerate(names[:MOST_NAMED])
    return words.text("effect.left_out", count=len(names), names=listed)
