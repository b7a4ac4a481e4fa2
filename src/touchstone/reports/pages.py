"""The report: one page for people, which stands alone, prints, and needs no script."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from touchstone.loop.areas import SMALLEST_AREA
from touchstone.loop.results import Assessment, UnitResult
from touchstone.reports.analysis_pages import analyses_in_words, analysis_charts
from touchstone.reports.charts import Chart, areas, caterpillar, distribution, moves
from touchstone.reports.charts.looks import confidence_percent
from touchstone.reports.discrimination_pages import (
    discrimination_charts,
    discrimination_in_words,
    quota_uses,
)
from touchstone.reports.drawings import Drawn
from touchstone.reports.recipes import Computed, Recipe
from touchstone.reports.schemes import scheme_in_words
from touchstone.reports.words import Words

MOST_AT_AN_END = 10


def report_charts(computed: Computed) -> tuple[Chart, ...]:
    """Give the charts of a report, those of discrimination and of analyses last."""
    recipe, assessment = computed.recipe, computed.assessment
    words, scheme = recipe.words, recipe.scheme
    levels = dict.fromkeys(area.level for area in assessment.areas)
    return (
        distribution(assessment.units, scheme, words),
        caterpillar(assessment.units, scheme, words, named=not recipe.is_about_persons),
        *_moves(computed),
        *(
            areas(
                [area for area in assessment.areas if area.level == level],
                words,
                confidence=scheme.confidence,
            )
            for level in levels
        ),
        *discrimination_charts(assessment.discrimination, words),
        *analysis_charts(analyses_in_words(computed, words)),
    )


def _moves(computed: Computed) -> list[Chart]:
    recipe, beside = computed.recipe, computed.assessment.beside
    if beside is None:
        return []
    names = (recipe.scheme_name, beside.scheme)
    own, other = (recipe.words.text(f"scheme.{name}.title") for name in names)
    units, named = computed.assessment.units, not recipe.is_about_persons
    return [moves(units, beside.units, (own, other), recipe.words, named=named)]


def report_page(computed: Computed, drawn: Sequence[Drawn]) -> bytes:
    """Write the report as one HTML file in the recipe's language.

    `drawn` are the charts of `report_charts`, in their order. Persons are not listed.
    """
    recipe, assessment = computed.recipe, computed.assessment
    words = recipe.words
    distribution_drawn, caterpillar_drawn, *more_drawn = (marked(one) for one in drawn)
    beside_drawn = [more_drawn.pop(0)] if assessment.beside else []
    analyses = analyses_in_words(computed, words)
    end = len(more_drawn) - len(analysis_charts(analyses))
    last = end - len(discrimination_charts(assessment.discrimination, words))
    of_analyses = iter(more_drawn[end:])
    return render(
        "report.html",
        recipe,
        kind=words.text("page.kind"),
        n=len(assessment.units),
        tiles=summary_tiles(assessment.units, words),
        distribution=distribution_drawn,
        caterpillar=caterpillar_drawn,
        beside=beside_drawn,
        areas=more_drawn[:last],
        discrimination=discrimination_in_words(assessment.discrimination, words),
        discrimination_drawn=more_drawn[last:end],
        quotas=quota_uses(computed),
        analyses=[(one, list(islice(of_analyses, len(one.shown.charts)))) for one in analyses],
        smallest_area=SMALLEST_AREA,
        reasons=_reasons(assessment.units, words),
        reason_heads=[words.text("label.because"), words.text("label.count")],
        subject=subject(recipe),
        unexplained=_unexplained(computed),
        ends=[] if recipe.is_about_persons else _ends(assessment, words),
        rules=scheme_in_words(recipe.scheme, recipe.indicators, words),
        method=method_notes(computed),
        hashes=[
            (words.text("page.snapshot_hash"), computed.snapshot.content_hash),
            (words.text("page.scheme_hash"), recipe.scheme.content_hash),
            (words.text("page.results_hash"), computed.results_hash),
        ],
    )


def render(template: str, recipe: Recipe, **context: Any) -> bytes:
    """Fill one of the page templates; every text in it is escaped."""
    words = recipe.words
    page = _environment().get_template(template)
    text = page.render(
        words=words,
        text=words.text,
        title=words.text(f"scheme.{recipe.scheme_name}.title"),
        about=words.text(f"scheme.{recipe.scheme_name}.about"),
        pack_title=words.text("pack.title"),
        pack_about=words.text("pack.about"),
        **context,
    )
    return text.encode()


@cache
def _environment() -> Environment:
    folder = files("touchstone.reports").joinpath("templates")
    return Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def marked(drawn: Drawn) -> dict[str, Any]:
    """Hand a picture over as markup: it was drawn here, and the drawing escaped its texts."""
    wide, narrow = (Markup(svg.decode()) for svg in (drawn.wide, drawn.narrow))  # noqa: S704
    return {"chart": drawn.chart, "wide": wide, "narrow": narrow}


def summary_tiles(units: Sequence[UnitResult], words: Words) -> list[dict[str, str]]:
    """Count all units, and those graded, undecided and withheld."""
    counts = Counter(unit.status for unit in units)
    total = len(units)
    tiles = [{"label": words.text("page.in_all"), "count": words.number(total), "share": ""}]
    for status in ("graded", "undecided", "withheld"):
        share = words.percent(counts[status], total)
        label = words.text(f"page.{status}")
        tiles.append({"label": label, "count": words.number(counts[status]), "share": share})
    return tiles


def subject(recipe: Recipe) -> list[tuple[str, str]]:
    """Say what was assessed: pack, scheme, evidence and its source, with versions."""
    words, scheme, dataset = recipe.words, recipe.scheme, recipe.dataset
    pairs = [
        ("page.pack", _versioned(recipe.pack.name, recipe.pack.version, words)),
        ("page.scheme", _versioned(recipe.scheme_name, scheme.version, words)),
        ("page.evidence", words.text(f"dataset.{scheme.dataset}")),
        ("page.source", dataset.source),
        ("page.origin", dataset.origin),
        ("page.citation", scheme.citation),
    ]
    return [(words.text(key), value) for key, value in pairs if value]


def _versioned(name: str, version: int, words: Words) -> str:
    return words.text("page.versioned", name=name, version=version)


def _reasons(units: Sequence[UnitResult], words: Words) -> list[tuple[str, str]]:
    """Count the reasons for which results are withheld, the most frequent first."""
    counts = Counter(words.because(unit.because) for unit in units if unit.status == "withheld")
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(reason, words.number(count)) for reason, count in ordered]


def _unexplained(computed: Computed) -> dict[str, Any] | None:
    found = computed.assessment.unexplained
    if found is None:
        return None
    names = {unit.unit: unit.name for unit in computed.assessment.units}
    listed = () if computed.recipe.is_about_persons else found.units
    units = [(unit, names[unit]) for unit in listed]
    return {"column": found.column, "n": len(found.units), "units": units}


def _ends(assessment: Assessment, words: Words) -> list[dict[str, Any]]:
    """Give the units with the highest and the lowest scores, unless too many are tied there."""
    scored = [(unit.score, unit) for unit in assessment.units if unit.score is not None]
    heads = [words.text(f"label.{head}") for head in ("unit", "name", "score", "places")]
    ends = []
    for key, sign in (("page.highest", -1), ("page.lowest", 1)):
        ordered = sorted(scored, key=lambda pair: (sign * pair[0], pair[1].unit))
        tied = sum(score == ordered[0][0] for score, _ in ordered) if ordered else 0
        ends.append(
            {
                "title": words.text(key),
                "tied": tied if tied > MOST_AT_AN_END else 0,
                "heads": heads,
                "rows": [_end_row(unit, words) for _, unit in ordered[:MOST_AT_AN_END]],
            }
        )
    return ends


def _end_row(unit: UnitResult, words: Words) -> tuple[str, ...]:
    places = words.places_between(unit.rank_low, unit.rank_high)
    return unit.unit, unit.name, words.number(unit.score), places


def method_notes(computed: Computed) -> list[str]:
    """Say how figures are to be read, and which methods made them."""
    words, units, scheme = computed.recipe.words, computed.assessment.units, computed.recipe.scheme
    confidence = confidence_percent(scheme.interval_confidence)
    of_index = "" if scheme.index is None else "_of_index"
    used = sorted({words.method(unit.method) for unit in units})
    return [
        words.text(f"page.method_interval{of_index}", confidence=confidence),
        words.text(f"page.method_places{of_index}"),
        words.text("page.method_undecided"),
        words.text("page.method_withheld"),
        words.text("page.methods_used", methods=words.enumerate(used)),
    ]
