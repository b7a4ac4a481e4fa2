"""Schemes that make an index: methods, numbers, scales, judgements, and what has no place there."""

import pytest

from touchstone.content.packs import check_pack

SCHEME = """dataset = "offices"
scale = { low = 0, high = 100 }

[index]
normalise = "min_max"
impute = "median"

[sensitivity]
normalise = ["min_max", "rank"]
weight_noise = 0.2

[[criteria]]
id = "speed"
weight = 3
indicator = "days"
scaling = { better = "less", worst = 90, best = 0, target = 5 }

[[criteria]]
id = "opening"
indicator = "is_open"
scaling = { worst = 0, best = 1, target = 1 }

[[grades]]
id = "no"
from = 0
below = 60

[[grades]]
id = "yes"
from = 60
"""
SPEED = 'scaling = { better = "less", worst = 90, best = 0, target = 5 }'


@pytest.fixture
def checked(pack_folder):
    """Add an index to the sound pack, with something else in place of a part of it."""
    for language in ("en", "zh-hans", "zh-hant"):
        path = pack_folder / "texts" / f"{language}.toml"
        title = "Index" if language == "en" else "指数" if language == "zh-hans" else "指數"
        added = f'\n[scheme.ranked]\ntitle = "{title}"\nabout = "{title}"\n'
        path.write_text(path.read_text("utf-8") + added, "utf-8")

    def check(old="", new=""):
        assert not old or SCHEME.count(old) == 1
        text = SCHEME.replace(old, new) if old else SCHEME
        (pack_folder / "schemes" / "ranked.toml").write_text(text, "utf-8")
        return check_pack(str(pack_folder))

    return check


def test_a_sound_index_has_no_faults(checked):
    """Its weights need not sum to 1: only their proportions matter."""
    assert [str(fault) for fault in checked()] == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('normalise = "min_max"', 'normalise = "minmax"', "INDEX-31"),
        ('impute = "median"', 'treat = "cut"', "INDEX-31"),
        ('["min_max", "rank"]', '["min_max", "ranks"]', "INDEX-31"),
        ('["min_max", "rank"]', '["min_max", "min_max"]', "INDEX-31"),
        ('["min_max", "rank"]', '["z_score", "rank"]', "INDEX-31"),
        ("weight_noise = 0.2", "weight_noise = 1", "INDEX-33"),
        ("weight_noise = 0.2", "draws = 0", "INDEX-33"),
        ("weight_noise = 0.2", "confidence = 1", "INDEX-33"),
        ("weight_noise = 0.2", "seed = -1", "INDEX-33"),
        ('impute = "median"', "least_known = 2", "INDEX-33"),
        ('impute = "median"', "floor = 0", "INDEX-33"),
        (SPEED, "scaling = { per = 10 }", "INDEX-33"),
        (SPEED, 'scaling = { better = "less", worst = 0, best = 90 }', "INDEX-34"),
        (SPEED, "scaling = { worst = 90, best = 0 }", "INDEX-34"),
        ('normalise = ["min_max", "rank"]', 'impute = ["median", "group_mean"]', "INDEX-34"),
        ('"rank"]', '"distance_to_reference"]', "INDEX-34"),
        ('impute = "median"', 'groups = "sort"', "SCHEME-03"),
        ('impute = "median"', 'groups = "size"', "SCHEME-06"),
        (SPEED, 'scaling = { denominator = "peple" }', "SCHEME-02"),
        (SPEED, 'target = { kind = "less_is_better", value = 5 }', "INDEX-32"),
        (SPEED, "standing = true", "INDEX-32"),
        ('impute = "median"', 'weights = "pairs"', "INDEX-05"),
        ('impute = "median"', 'weights = "budgets"', "INDEX-07"),
        ('impute = "median"', "budgets = [{ speed = 60, opening = 40 }]", "INDEX-32"),
        (
            'impute = "median"',
            'weights = "budgets"\nbudgets = [{ speed = 60, opening = 40, x = 1 }]',
            "INDEX-32",
        ),
        (
            'impute = "median"',
            'weights = "pairs"\npairs = [{ more = "speed", less = "x", times = 2 }]',
            "INDEX-05",
        ),
        ("\n[index]", '\nmissing = "zero"\n[index]', "INDEX-32"),
        ("\n[index]", '\nofficial = "passed"\n[index]', "INDEX-32"),
        ('[index]\nnormalise = "min_max"\nimpute = "median"\n', "", "INDEX-32"),
    ],
)
def test_an_index_is_refused_when_it_contradicts_itself(checked, old, new, code):
    """Each with the code that its page explains."""
    assert code in [fault.code for fault in checked(old, new)]


def test_goalposts_are_stated_for_all_and_without_logarithms(checked):
    """A target that one indicator lacks is told with its name."""
    lacking = checked(SPEED, 'scaling = { better = "less" }')
    assert [fault.code for fault in lacking] == []
    posts = 'normalise = "min_max"\ntreat = "winsorise_then_log"'
    faults = checked(
        'normalise = "min_max"\nimpute = "median"', posts.replace("min_max", "goalposts")
    )
    assert "INDEX-10" in [fault.code for fault in faults]


def test_contradicting_pairs_are_refused(checked):
    """The consistency ratio is that of the command."""
    pairs = 'weights = "pairs"\npairs = [{ more = "speed", less = "opening", times = 3 }]'
    assert [fault.code for fault in checked('impute = "median"', pairs)] == []


def test_no_scheme_takes_the_score_of_an_index(checked, pack_folder):
    """An index compares all units at once; no criterion can be one."""
    assert not checked()
    path = pack_folder / "schemes" / "whole.toml"
    text = path.read_text("utf-8").replace('scheme = "service"', 'scheme = "ranked"', 1)
    path.write_text(text, "utf-8")
    faults = [fault for fault in check_pack(str(pack_folder)) if fault.code == "INDEX-32"]
    assert [fault.where for fault in faults if "whole" in fault.where]
