"""What no pack may ask about, as far as a list of words can tell."""

import pytest

from touchstone.content.packs import check_pack
from touchstone.content.private_matters import private_matter


@pytest.mark.parametrize(
    "text",
    [
        "religion", "Religious observance", "faith_based", "political views", "ethnic.group",
        "RACE", "sexual orientation", "belief in the cause", "political_affiliation",
        "宗教信仰", "民族", "种族", "種族", "政治观点", "政治觀點", "私生活", "理想信念",
    ],
)  # fmt: skip
def test_a_private_matter_is_found_in_every_pack(text):
    """Belief, political opinion, faith, ethnicity and private life are never asked about."""
    assert private_matter(text, about_persons=False) is not None


@pytest.mark.parametrize(
    "text",
    ["marital status", "health_state", "Illness days", "家庭情况", "婚姻", "健康狀況", "殘疾"],
)
def test_family_and_health_are_found_only_where_persons_are_assessed(text):
    """A clinic may be measured by its health services, a person may not by her health."""
    assert private_matter(text, about_persons=True) is not None
    assert private_matter(text, about_persons=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "Share of pupils tested", "acted in good faith", "Traced the request", "embrace",
        "民族团结进步", "宗教事務局的服務", "participation", "racecourse",
    ],
)  # fmt: skip
def test_a_harmless_text_is_left_alone(text):
    """Words match as a whole, and names of public matters are no private ones."""
    assert private_matter(text, about_persons=True) is None


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        (
            "texts/en.toml",
            'clear = "Clear"',
            'clear = "Religious zeal"',
            "indicators.toml, 'clear'",
        ),
        ("texts/zh-hans.toml", 'opening = "Opening"', 'opening = "宗教"', "schemes/service.toml"),
        ("texts/zh-hant.toml", 'closed = "closed"', 'closed = "族群"', "schemes/service.toml"),
        ("texts/en.toml", 'size = "Size"', 'size = "Ethnic mix"', "'comparison'"),
        ("texts/en.toml", 'kind = "Kind"\nsize', 'kind = "Race"\nsize', "schemes/service.toml"),
        ("texts/en.toml", '"Bonus for open offices"', '"Church fair"', "'quick_bonus'"),
    ],
)
def test_a_pack_is_refused_when_it_asks_about_a_private_matter(faults_after, file, old, new, where):
    """Indicators, criteria, bonuses, limits and comparisons are looked at, in all languages."""
    faults = faults_after(file, old, new)
    assert {fault.code for fault in faults} == {"PACK-50"}
    assert any(where in fault.where for fault in faults)


def test_a_pack_is_refused_when_a_column_it_measures_tells_of_a_private_matter(pack_folder):
    """Names of columns count as much as texts."""
    for file in ("datasets.toml", "indicators.toml"):
        path = pack_folder / file
        path.write_text(path.read_text("utf-8").replace('"clear"', '"religion"'), "utf-8")
    codes = [fault.code for fault in check_pack(str(pack_folder))]
    assert codes == ["PACK-50", "PACK-50"]


def test_a_pack_about_persons_is_refused_when_it_asks_about_health(pack_folder):
    """The same item is allowed of offices."""
    path = pack_folder / "texts/en.toml"
    path.write_text(
        path.read_text("utf-8").replace('days = "Days"', 'days = "Days of illness"'), "utf-8"
    )
    assert check_pack(str(pack_folder)) == ()
    path = pack_folder / "datasets.toml"
    path.write_text(path.read_text("utf-8").replace('"organisations"', '"persons"'), "utf-8")
    assert [fault.code for fault in check_pack(str(pack_folder))] == ["PACK-50"]
