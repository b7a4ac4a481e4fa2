"""What holds for every pack that comes with the program."""

import re

import pytest

from touchstone.content.packs import check_pack, read_pack, shipped_packs
from touchstone.content.texts import LANGUAGES

HAN = re.compile(r"[一-鿿]")
SIMPLIFIED_ONLY = set("学评标准资师际还质县测数据区学优计评级达满补贴证则应这项类题组织")
TRADITIONAL_ONLY = set("學評標準資師際還質縣測數據區優計級達滿補貼證則應這項類題組織")
PACKS = shipped_packs()


@pytest.mark.parametrize("name", PACKS)
def test_a_shipped_pack_has_no_faults(name):
    """What ships can be used."""
    assert [str(fault) for fault in check_pack(name)] == []


@pytest.mark.parametrize("name", PACKS)
def test_a_shipped_pack_speaks_three_languages(name):
    """Chinese texts are Chinese, and each in its own script."""
    texts = read_pack(name).texts
    english, simplified, traditional = (texts[language] for language in LANGUAGES)
    assert list(english) == list(simplified) == list(traditional)
    assert not any(HAN.search(text) for text in english.values())
    assert all(HAN.search(text) for text in (*simplified.values(), *traditional.values()))
    assert not set("".join(simplified.values())) & (TRADITIONAL_ONLY - SIMPLIFIED_ONLY)
    assert not set("".join(traditional.values())) & (SIMPLIFIED_ONLY - TRADITIONAL_ONLY)


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_introduces_itself_in_two_sentences(name, language):
    """Enough to choose by, short enough to read."""
    about = read_pack(name).texts[language]["pack.about"]
    assert len(re.findall(r"[.。](?=\s|$|[一-鿿])", about)) == 2
    assert about.endswith((".", "。"))


@pytest.mark.parametrize("name", PACKS)
def test_evidence_tells_where_it_comes_from(name):
    """Source and origin stand in the dataset and beside the file."""
    pack = read_pack(name)
    for dataset in pack.evidence:
        assert pack.datasets[dataset].source
        assert pack.datasets[dataset].origin
    assert "Source:" in (pack.folder / "evidence/ORIGIN.md").read_text("utf-8")


@pytest.mark.parametrize("name", PACKS)
def test_every_column_of_a_shipped_pack_is_told_in_words(name):
    """Whoever brings evidence reads what each column holds."""
    pack = read_pack(name)
    for dataset in pack.datasets.values():
        for column in dataset.columns:
            assert f"column.{column.name}" in pack.texts["en"]
            for choice in column.choices:
                assert f"value.{column.name}.{choice}" in pack.texts["en"]
