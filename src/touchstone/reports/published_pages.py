"""The published page: what may be told to everyone, for people to read."""

from collections.abc import Sequence

from touchstone.base.outcomes import Estimate
from touchstone.loop.results import UnitResult
from touchstone.reports.bands import Band
from touchstone.reports.charts import Chart, areas, caterpillar, distribution
from touchstone.reports.charts.looks import confidence_percent
from touchstone.reports.drawings import draw_chart
from touchstone.reports.pages import marked, method_notes, render, subject
from touchstone.reports.recipes import Computed
from touchstone.reports.releases import Release, ReleasedArea
from touchstone.reports.schemes import scheme_in_words
from touchstone.reports.words import Words

MOST_LISTED = 500
AREA_HEADS = ("area", "n", "census", "superpopulation")
UNIT_HEADS = ("unit", "name", "n", "score", "interval", "places", "grade", "because")


def published_page(
    computed: Computed, release: Release, *, manifest_hash: str | None, is_gated: bool = False
) -> bytes:
    """Write what may be told to everyone as one HTML file in the recipe's language.

    `is_gated` says that it was held against all earlier releases.
    """
    recipe = computed.recipe
    words = recipe.words
    charts = [] if recipe.is_about_persons else _charts(computed, release)
    confidence = confidence_percent(recipe.scheme.interval_confidence)
    is_listed = 0 < len(release.units) <= MOST_LISTED
    return render(
        "published.html",
        recipe,
        kind=words.text("publication.kind"),
        rules=_publication_rules(computed, release, is_gated=is_gated),
        figures=[
            {**marked(draw_chart(chart, language=recipe.language)), "title": chart.title}
            for chart in charts
        ],
        counts_title=words.text("distribution.title"),
        count_heads=[words.text("label.grade"), words.text("label.count")],
        counts=[(_kind(key, words), _band(n, words)) for key, n in release.counts],
        area_heads=[words.text(f"label.{head}") for head in AREA_HEADS],
        area_tables=_area_tables(release, words),
        n=len(release.units),
        unit_heads=[words.text(f"label.{head}", confidence=confidence) for head in UNIT_HEADS],
        units=[_unit_row(unit.result, unit.n, words) for unit in release.units]
        if is_listed
        else [],
        subject=subject(recipe),
        scheme_rules=scheme_in_words(recipe.scheme, recipe.indicators, words),
        method=method_notes(computed),
        hashes=[
            (words.text("page.scheme_hash"), recipe.scheme.content_hash),
            *([(words.text("publication.source"), manifest_hash)] if manifest_hash else []),
        ],
        has_source=manifest_hash is not None,
    )


def _charts(computed: Computed, release: Release) -> list[Chart]:
    recipe = computed.recipe
    words, scheme = recipe.words, recipe.scheme
    told: Sequence[UnitResult] = [unit.result for unit in release.units]
    means = [area.mean for area in release.areas if area.mean is not None]
    levels = dict.fromkeys(mean.level for mean in means)
    return [
        distribution(told, scheme, words),
        caterpillar(told, scheme, words, named=True),
        *(
            areas(
                [mean for mean in means if mean.level == level],
                words,
                confidence=scheme.confidence,
            )
            for level in levels
        ),
    ]


def _publication_rules(computed: Computed, release: Release, *, is_gated: bool) -> list[str]:
    words = computed.recipe.words
    if computed.recipe.is_about_persons:
        rule = words.text("publication.persons", smallest=release.smallest)
    elif release.smallest is None:
        return [words.text("publication.facts")]
    else:
        rule = words.text("publication.organisations", smallest=release.smallest)
    return [rule, words.text("publication.gated" if is_gated else "publication.gate")]


def _kind(key: str, words: Words) -> str:
    is_status = key in ("undecided", "withheld")
    return words.text(f"status.{key}") if is_status else words.grade(key)


def _band(band: Band | None, words: Words) -> str:
    if band is None:
        return words.text("sign.none")
    return words.places_between(band.low, band.high)


def _area_tables(release: Release, words: Words) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Give one table of areas for each level, with its title."""
    levels = dict.fromkeys(area.level for area in release.areas)
    return [
        (
            words.text("areas.title", level=words.text(f"level.{level}")),
            [_area_row(area, words) for area in release.areas if area.level == level],
        )
        for level in levels
    ]


def _area_row(area: ReleasedArea, words: Words) -> tuple[str, ...]:
    if area.mean is None:
        return area.name, words.text("sign.none"), words.text("publication.too_few"), ""
    wide = area.mean.superpopulation
    shown = words.outcome(wide) if isinstance(wide, Estimate) else words.withheld(wide)
    return area.name, _band(area.n, words), words.number(area.mean.census.value), shown


def _unit_row(unit: UnitResult, n: Band | None, words: Words) -> tuple[str, ...]:
    return (
        unit.unit,
        unit.name,
        _band(n, words),
        words.number(unit.score),
        words.interval(unit.low, unit.high),
        words.places_between(unit.rank_low, unit.rank_high),
        words.grade(unit.grade),
        words.because(unit.because),
    )
