"""Effects of actions as plain records, and as tables and a sentence for the terminal."""

from typing import Any, NamedTuple

import numpy as np

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.cli.aligned_tables import aligned, outcome_text
from touchstone.reports.outcome_tables import number, outcome_record, readable
from touchstone.reports.words import Words
from touchstone.stats.effects.differences import Difference
from touchstone.stats.effects.event_studies import PreTrend, Step
from touchstone.stats.effects.panels import Panel
from touchstone.stats.effects.placebos import PlaceboDate, PlaceboUnits
from touchstone.stats.effects.synthetic_controls import SyntheticControl
from touchstone.stats.effects.verdicts import NOT_SHOWN, SHOWN, Verdict

MOST_NAMED = 5


class Differences(NamedTuple):
    """A difference in differences with its steps and checks."""

    difference: Difference
    steps: tuple[Step, ...]
    trend: PreTrend | Withheld
    dates: tuple[PlaceboDate, ...]
    units: PlaceboUnits | Withheld


Found = Differences | SyntheticControl | Withheld


def effect_record(panel: Panel, found: Found, verdict: Verdict, words: Words) -> dict[str, Any]:
    """Give the effect, its checks and the verdict as plain data."""
    record: dict[str, Any] = {
        "units": len(panel.units),
        "units_with_action": int(panel.treated.sum()),
        "periods": list(panel.periods),
        "effect": outcome_record(_outcome(found)),
    }
    if isinstance(found, Differences):
        record |= {
            "p": _plain(found.difference.p),
            "steps": [{"step": one.step} | outcome_record(one.outcome) for one in found.steps],
            "trend_before": _trend_record(found.trend),
            "placebo_dates": [
                {"early": one.early} | outcome_record(one.outcome) | {"p": _plain(one.p)}
                for one in found.dates
            ],
            "placebo_units": _units_record(found.units),
            "left_out": list(found.difference.left_out),
        }
    elif isinstance(found, SyntheticControl):
        record |= _synthetic_record(panel, found)
    sentence = verdict_sentence(_outcome(found), found, verdict, words)
    record["verdict"] = {**verdict._asdict(), "sentence": sentence}
    return record


def effect_report(
    panel: Panel, found: Found, verdict: Verdict, words: Words, *, confidence: float
) -> list[str]:
    """Give the parts of a report: a table, the checks, and the verdict in a sentence."""
    parts = []
    if isinstance(found, Differences):
        rows: list[tuple[dict[str, str], Outcome]] = [
            ({"effect_of": words.text("effect.of.action")}, found.difference.outcome)
        ]
        rows += [
            ({"effect_of": words.text("effect.of.step", step=one.step)}, one.outcome)
            for one in found.steps
        ]
        rows += [
            ({"effect_of": words.text("effect.of.placebo", early=one.early)}, one.outcome)
            for one in found.dates
        ]
        parts += [outcome_text(rows, words, confidence=confidence), *_checks(found, words)]
        left_out = found.difference.left_out
    elif isinstance(found, SyntheticControl):
        rows = [({"effect_of": found.unit}, found.outcome)]
        parts += [outcome_text(rows, words, confidence=confidence), *_mixture(panel, found, words)]
        left_out = found.left_out
    else:
        left_out = ()
    if left_out:
        names = words.enumerate(left_out[:MOST_NAMED])
        parts.append(words.text("effect.left_out", count=len(left_out), names=names))
    return [*parts, verdict_sentence(_outcome(found), found, verdict, words)]


def verdict_sentence(outcome: Outcome, found: Found, verdict: Verdict, words: Words) -> str:
    """Say in one sentence whether there was an effect."""
    key = f"effect.{verdict.verdict}.{verdict.because}"
    if verdict.verdict in (SHOWN, NOT_SHOWN) and isinstance(outcome, Estimate):
        figures = {name: readable(getattr(outcome, name), words) for name in ("low", "high")}
        size = readable(abs(outcome.value), words)
        return words.text(key, estimate=size, **figures, p=_chance(found, words))
    if verdict.verdict == NOT_SHOWN:
        return words.text(key, p=_chance(found, words))
    if isinstance(outcome, Withheld) and verdict.because == outcome.reason:
        return words.text("effect.cannot_be_told.reason", reason=words.withheld(outcome))
    return words.text(key)


def _outcome(found: Found) -> Outcome:
    if isinstance(found, Differences):
        return found.difference.outcome
    return found.outcome if isinstance(found, SyntheticControl) else found


def _chance(found: Found, words: Words) -> str:
    told = found.units if isinstance(found, Differences) else found
    return words.text("sign.none") if isinstance(told, Withheld) else readable(told.p, words)


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


def _synthetic_record(panel: Panel, found: SyntheticControl) -> dict[str, Any]:
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
    return ["\n".join(said)]


def _mixture(panel: Panel, found: SyntheticControl, words: Words) -> list[str]:
    heads = [words.text(f"effect.head.{name}") for name in ("donor", "weight")]
    weights = sorted(found.weights, key=lambda pair: (-pair[1], pair[0]))
    lines = [[name, readable(weight, words)] for name, weight in weights if weight > 0]
    names = ("period", "value", "mixture", "gap")
    path_heads = [words.text(f"effect.head.{name}") for name in names]
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
    tables = [aligned([heads, *lines], right={1}), aligned([path_heads, *path], right={1, 2, 3})]
    note = [] if found.is_unique else [words.text("effect.not_unique")]
    return [*tables, fit, *note]
