"""The analyses of a scheme, as records and in words, for pages of every kind."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from touchstone.reports.analyses.kinds import analysis_record, show_analysis
from touchstone.reports.charts.looks import Chart
from touchstone.reports.index_pages import index_record, show_index
from touchstone.reports.recipes import Computed
from touchstone.reports.shown_tables import Shown
from touchstone.reports.words import Words

INDEX = "index"


class ShownAnalysis(msgspec.Struct, frozen=True):
    """One analysis as readers see it: its title, what it is about, and what was found."""

    name: str
    title: str
    about: str
    shown: Shown


def analyses_records(computed: Computed) -> list[dict[str, Any]]:
    """Give each analysis as plain data, in the order of the scheme; of an index how it was made."""
    specs, index = computed.recipe.analyses, computed.assessment.index
    own = [] if index is None else [{"analysis": INDEX, "kind": INDEX, **index_record(index)}]
    return own + [
        analysis_record(name, specs[name], found) for name, found in computed.analyses.items()
    ]


def analyses_in_words(computed: Computed, words: Words) -> list[ShownAnalysis]:
    """Give each analysis as readers see it, in the order of the scheme; an index's making first.

    `words` may be of another language than the recipe's; its pack's texts must be among them.
    """
    index = computed.assessment.index
    own = [] if index is None else [_making(show_index(index, words), words)]
    return own + [
        ShownAnalysis(
            name,
            words.text(f"analysis.{name}.title"),
            words.text(f"analysis.{name}.about"),
            _named(name, show_analysis(computed.recipe.analyses[name], found, words)),
        )
        for name, found in computed.analyses.items()
    ]


def analysis_charts(shown: Sequence[ShownAnalysis]) -> list[Chart]:
    """Give all pictures of analyses, in their order."""
    return [chart for analysis in shown for chart in analysis.shown.charts]


def _making(shown: Shown, words: Words) -> ShownAnalysis:
    title, about = words.text("index.making"), words.text("index.making_about")
    return ShownAnalysis(INDEX, title, about, _named(INDEX, shown))


def _named(name: str, shown: Shown) -> Shown:
    """Put the analysis before the names of its pictures, which name files and places of pages."""
    named = (replace(one, name=f"{name}-{one.name}") for one in shown.charts)
    return msgspec.structs.replace(shown, charts=tuple(named))
