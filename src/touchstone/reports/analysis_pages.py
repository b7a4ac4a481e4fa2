"""The analyses of a scheme, as records and in words, for pages of every kind."""

from typing import Any

import msgspec

from touchstone.reports.analyses.kinds import analysis_record, show_analysis
from touchstone.reports.recipes import Computed
from touchstone.reports.shown_tables import Shown
from touchstone.reports.words import Words


class ShownAnalysis(msgspec.Struct, frozen=True):
    """One analysis as readers see it: its title, what it is about, and what was found."""

    name: str
    title: str
    about: str
    shown: Shown


def analyses_records(computed: Computed) -> list[dict[str, Any]]:
    """Give each analysis as plain data, in the order of the scheme."""
    specs = computed.recipe.analyses
    return [analysis_record(name, specs[name], found) for name, found in computed.analyses.items()]


def analyses_in_words(computed: Computed, words: Words) -> list[ShownAnalysis]:
    """Give each analysis as readers see it, in the order of the scheme."""
    return [
        ShownAnalysis(
            name,
            words.text(f"analysis.{name}.title"),
            words.text(f"analysis.{name}.about"),
            show_analysis(computed.recipe.analyses[name], found, words),
        )
        for name, found in computed.analyses.items()
    ]
