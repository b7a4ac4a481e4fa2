"""Texts: every key in every language, the same gaps, no other key."""

import pytest

from touchstone.content.packs import check_pack
from touchstone.content.texts import LANGUAGES, program_texts

KEYS = [
    ("title", 'title = "Offices"'),
    ("about", 'about = "How offices serve."'),
    ("units", 'units = "offices"'),
    ("offices", 'offices = "Offices"'),
    ("city", 'city = "City"'),
    ("clear_share", 'clear_share = "Share who found it clear"'),
    ("about", 'about = "What people say."'),
    ("opening", 'opening = "Opening"'),
    ("quick_bonus", 'quick_bonus = "Bonus for open offices"'),
    ("closed", 'closed = "closed"'),
    ("two_weak", 'two_weak = "two weak criteria"'),
    ("middling", 'middling = "Middling"'),
    ("size", 'size = "Size"'),
    ("large", 'large = "Large"'),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "line"), KEYS)
def test_a_text_is_missed_when_one_language_lacks_it(faults_after, language, name, line):
    """Packs, words, datasets, levels, indicators, schemes, criteria, limits, grades, values."""
    (fault,) = faults_after(f"texts/{language}.toml", line, "")
    assert fault.code == "PACK-30"
    assert fault.where == f"offices/texts/{language}.toml"
    assert name in fault.remedy


def test_a_text_is_refused_when_nothing_uses_its_key(faults_after):
    """A misspelt key is told beside the one it stands for."""
    faults = faults_after("texts/en.toml", 'middling = "Middling"', 'midling = "Middling"')
    assert sorted(fault.code for fault in faults) == ["PACK-30", "PACK-31"]
    assert any("Write 'grade.middling'" in fault.remedy for fault in faults)


@pytest.mark.parametrize("line", ['tiny = "Tiny"', "small.x = 'Small'"])
def test_a_text_is_refused_when_its_value_cannot_be(codes_after, line):
    """The column lists the values it may hold."""
    assert "PACK-31" in codes_after(
        "texts/en.toml", 'small = "Small"', f'small = "Small"\n{line}' if "." not in line else line
    )


def test_any_value_may_have_a_text_when_its_column_lists_none(pack_folder):
    """A comparison by a column without choices: the pack cannot know its values."""
    schemes = pack_folder / "schemes/service.toml"
    schemes.write_text(
        schemes.read_text("utf-8").replace('by = ["kind"]', 'by = ["kind", "city"]'), "utf-8"
    )
    for language in LANGUAGES:
        path = pack_folder / f"texts/{language}.toml"
        text = path.read_text("utf-8").replace(
            "[column]", '[value.city]\nA = "Aton"\n[column]\ncity = "City"'
        )
        path.write_text(text, "utf-8")
    assert check_pack(str(pack_folder)) == ()


def test_a_pack_may_give_its_own_text_for_a_key_of_the_program(faults_after):
    """A pack says in its own words why there is no figure."""
    key = 'vetoed = "Barred: {limit:limit}."\n[pack]'
    assert "vetoed" in program_texts()
    assert faults_after("texts/en.toml", "[pack]", key) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Speed and reach of {units}.", "Speed and reach of {things}."),
        ("How offices serve.", "How {n:count} offices serve."),
        ("[pack]", 'vetoed = "Barred."\n[pack]'),
        ("[pack]", 'vetoed = "Barred: {limit:limit} {n}."\n[pack]'),
    ],
)
def test_a_text_is_refused_when_its_gaps_differ(faults_after, old, new):
    """What fills a sentence in one language fills it in all."""
    (fault,) = faults_after("texts/zh-hant.toml", old, new)
    assert fault.code == "PACK-32"


@pytest.mark.parametrize("sentence", ["Speed and reach of {unit}s.", "Speed and reach."])
def test_a_text_may_use_words_of_the_pack_as_its_grammar_asks(faults_after, sentence):
    """Chinese needs no plural: {unit} and {units} may stand or not."""
    assert faults_after("texts/zh-hans.toml", "Speed and reach of {units}.", sentence) == ()


@pytest.mark.parametrize(
    "new",
    ['""', '"  "', "5", '["x"]', '"100 {"', '"}"', '"{}"', '"{0}"', '"{x.y}"', '"{a!}"'],
)
def test_a_text_is_refused_when_it_is_no_sentence(codes_after, new):
    """Empty texts, other values, stray braces, gaps without a name."""
    codes = codes_after("texts/en.toml", '"All in all."', new)
    assert codes == ["PACK-33"]


def test_texts_of_a_broken_part_are_left_alone(codes_after):
    """Only the indicator is at fault, not the text that belongs to it."""
    assert codes_after("indicators.toml", 'column = "days"', "") == ["PACK-05"]
