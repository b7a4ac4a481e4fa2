"""Analyses of an assessment, kept as readers of each language see them."""

from typing import Any

import msgspec

from touchstone.reports.analysis_pages import ShownAnalysis, analyses_in_words
from touchstone.reports.recipes import Computed
from touchstone.reports.words import Words
from touchstone_web.assessments.models import Assessment
from touchstone_web.assessments.records import plain
from touchstone_web.shared.installed_packs import installed_pack


def analyses_record(computed: Computed) -> dict[str, Any]:
    """The analyses in words, by language: the recipe's own, and those of the pack it came from."""
    recipe = computed.recipe
    if not computed.analyses and computed.assessment.index is None:
        return {}
    texts = {recipe.language: recipe.texts}
    pack = installed_pack(recipe.pack.name)
    if pack is not None and pack.content_hash == recipe.pack.content_hash:
        texts |= pack.texts
    return {
        language: plain(analyses_in_words(computed, Words(language, own)))
        for language, own in texts.items()
    }


def analyses_kept(assessment: Assessment, language: str) -> list[ShownAnalysis]:
    """What is kept in a language, else in the one that the assessment was made in."""
    kept = assessment.analyses
    found = kept.get(language) or kept.get(assessment.recipe["language"], [])
    return msgspec.convert(found, list[ShownAnalysis])
