"""Figures of areas with few answers, as a record and as readers see them."""

from collections.abc import Iterator
from typing import Any

from touchstone.base.outcomes import Withheld
from touchstone.content.analyses.small_areas import SmallAreasSpec
from touchstone.loop.analyses.small_areas import FoundAreas
from touchstone.reports.charts import Chart, SpanTitles, outcome_spans
from touchstone.reports.outcome_tables import number, outcome_record, outcome_table, readable
from touchstone.reports.shown_tables import Shown, ShownTable, shown_table
from touchstone.reports.words import Words
from touchstone.stats.small_areas import AreaChecks, AreaFigure, AreaModel, SmallAreas

MOST_DRAWN = 40
PARTS = ("part", "value", "se")

# Columns before the estimate that hold figures.
FIGURES = ("direct", "direct_se", "gamma")


def small_areas_record(spec: SmallAreasSpec, found: FoundAreas | Withheld) -> dict[str, Any]:
    """Give the areas' figures, the model behind them and its checks as plain data."""
    if isinstance(found, Withheld):
        return {"areas": [], "model": None, "checks": None, "reason": found.reason}
    record = _record(spec, found.areas)
    return record | {"left_out": found.left_out} if spec.value else record


def _record(spec: SmallAreasSpec, found: SmallAreas) -> dict[str, Any]:
    record: dict[str, Any] = {
        "areas": [_area_record(figure) for figure in found.figures], "model": None, "checks": None,
    }  # fmt: skip
    if found.model is not None and found.checks is not None:
        record["model"] = _model_record(spec, found.model)
        record["checks"] = {
            "normal_p": None if found.checks.normal is None else number(found.checks.normal),
            "alike_p": number(found.checks.alike),
            "beyond_two": number(found.checks.beyond_two),
        }
    return record


def show_small_areas(spec: SmallAreasSpec, found: FoundAreas | Withheld, words: Words) -> Shown:
    """Give the areas' figures, then the model and its checks; with a picture of not too many."""
    if isinstance(found, Withheld):
        return Shown((words.withheld(found),))
    rows = [
        (
            {
                "area": words.value(spec.area, figure.name),
                "direct": readable(figure.direct, words),
                "direct_se": readable(figure.direct_error, words),
                "gamma": readable(figure.gamma, words),
            },
            figure.outcome,
        )
        for figure in found.areas.figures
    ]
    parts: list[ShownTable | str] = [
        outcome_table(rows, words, confidence=float(spec.confidence), figures=FIGURES)
    ]
    if found.left_out:
        gaps = {"count": found.left_out, "smallest": spec.smallest_group}
        parts.append(words.text("areas.left_out", **gaps))
    model, checks = found.areas.model, found.areas.checks
    if model is None or checks is None:
        return Shown(tuple(parts))
    parts += [_model(spec, model, words), _checks(checks, words)]
    notes = [words.text("areas.note.at_zero")] if model.at_zero else []
    return Shown(tuple(parts), tuple(notes), charts=tuple(_charts(spec, found.areas, words)))


def _model_record(spec: SmallAreasSpec, model: AreaModel) -> dict[str, Any]:
    coefficients = zip(
        ("constant", *spec.covariates),
        model.coefficients.tolist(),
        model.coefficient_errors.tolist(),
        strict=True,
    )
    return {
        "variance": number(model.variance),
        "variance_se": number(model.variance_error),
        "at_zero": model.at_zero,
        "log_likelihood": number(model.log_likelihood),
        "areas": model.areas,
        "coefficients": {
            name: {"estimate": number(value), "se": number(error)}
            for name, value, error in coefficients
        },
    }


def _area_record(figure: AreaFigure) -> dict[str, Any]:
    figures = {
        "direct": figure.direct,
        "direct_se": figure.direct_error,
        "gamma": figure.gamma,
        "residual": figure.residual,
    }
    plain = {name: None if one is None else number(one) for name, one in figures.items()}
    return {"area": figure.name, **outcome_record(figure.outcome), **plain}


def _model(spec: SmallAreasSpec, model: AreaModel, words: Words) -> ShownTable:
    names = (words.text("areas.constant"), *map(words.column, spec.covariates))
    figures = zip(model.coefficients.tolist(), model.coefficient_errors.tolist(), strict=True)
    lines = [
        [name, *(readable(figure, words) for figure in pair)]
        for name, pair in zip(names, figures, strict=True)
    ]
    variance = (readable(model.variance, words), readable(model.variance_error, words))
    lines.append([words.text("areas.variance"), *variance])
    return shown_table([words.text(f"areas.head.{name}") for name in PARTS], lines, numbers=(1, 2))


def _checks(checks: AreaChecks, words: Words) -> str:
    return words.text(
        "areas.checks",
        normal=readable(checks.normal, words),
        alike=readable(checks.alike, words),
        beyond=readable(100 * checks.beyond_two, words),
    )


def _charts(spec: SmallAreasSpec, found: SmallAreas, words: Words) -> Iterator[Chart]:
    if not 1 < len(found.figures) <= MOST_DRAWN:
        return
    measured = words.column(spec.value or str(spec.estimate))
    titles = SpanTitles("areas", words.text("areas.picture", value=measured), measured)
    named = [(words.value(spec.area, one.name), one.outcome) for one in found.figures]
    yield outcome_spans(titles, named, words)
