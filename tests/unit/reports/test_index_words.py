"""An index told in words, in three languages."""

import pytest

from touchstone.content.packs import read_pack
from touchstone.content.texts import LANGUAGES
from touchstone.reports.schemes import scheme_in_words
from touchstone.reports.words import Words

PACK = read_pack("connectivity")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_of_an_index_are_its_steps(language):
    """Scale, screening, steps, what varies, grades; nothing of targets."""
    words = Words(language, PACK.texts[language])
    scheme = PACK.schemes["sustainable_connectivity"]
    told = scheme_in_words(scheme, PACK.indicators, words)
    assert "49" in told[0]
    assert words.text("index.treat.winsorise") in told[2]
    assert words.text("index.step.weight_noise") in told[3]
    assert words.grade("strong") in "".join(told)
