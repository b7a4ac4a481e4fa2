"""Analyses of a pack: their columns are there, and schemes name those that can be made."""

import pytest

SCALE = """
[service_scale]
kind = "reliability"
dataset = "offices"
items = ["size", "days"]
"""
TEXTS = """
[analysis.service_scale]
title = "Scale"
about = "How reliable it is."
"""


@pytest.fixture
def with_scale(pack_folder):
    """The sound pack with an analysis, its texts, and a scheme that names it."""
    (pack_folder / "analyses.toml").write_text(SCALE, "utf-8")
    for path in (pack_folder / "texts").iterdir():
        path.write_text(path.read_text("utf-8") + TEXTS, "utf-8")
    scheme = pack_folder / "schemes/service.toml"
    scheme.write_text('analyses = ["service_scale"]\n' + scheme.read_text("utf-8"), "utf-8")
    return pack_folder


def test_a_pack_with_an_analysis_has_no_fault(with_scale, faults_after):
    """The scale of two number columns is what a pack may ask for."""
    assert faults_after("pack.toml", "version = 2", "version = 3") == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"reliability"', '"reliabilty"', "PACK-07"),
        ('kind = "reliability"\n', "", "PACK-05"),
        ('dataset = "offices"', 'dataset = "offces"', "PACK-26"),
        ('"size", "days"', '"size", "dayz"', "PACK-20"),
        ('"size", "days"', '"size", "city"', "PACK-21"),
        ('"size", "days"', '"size"', "PACK-60"),
        ('"size", "days"', '"size", "size"', "PACK-60"),
        ('["size", "days"]', '["size", "days"]\nturned = ["open"]', "PACK-60"),
        ('["size", "days"]', '["size", "days"]\nconfidence = 95', "PACK-60"),
        ('["size", "days"]', '["size", "days"]\nsmallest_group = 2', "PACK-60"),
        ("[service_scale]", "[faith_scale]", "PACK-50"),
        ("[service_scale]", "[other_scale]", "PACK-61"),
    ],
)
def test_a_fault_of_an_analysis_is_told(with_scale, codes_after, old, new, code):
    """Each fault of the table, or of what refers to it, has its code."""
    assert code in codes_after("analyses.toml", old, new)


def test_an_analysis_of_other_evidence_is_told(with_scale, faults_after):
    """A scheme's analyses are made of the scheme's own rows."""
    answers = 'dataset = "answers"\nitems = ["clear", "weight"]'
    faults = faults_after("analyses.toml", 'dataset = "offices"\nitems = ["size", "days"]', answers)
    (fault,) = (fault for fault in faults if fault.code == "PACK-61")
    assert "dataset 'answers'" in fault.found


def test_an_analysis_needs_its_texts(with_scale, faults_after):
    """Title and about stand in every language."""
    faults = faults_after(
        "texts/en.toml", '[analysis.service_scale]\ntitle = "Scale"\n', "[analysis.service_scale]\n"
    )
    assert [fault.code for fault in faults] == ["PACK-30"]


def test_an_analysis_tells_no_person_apart(with_scale, faults_after):
    """A rater is no group: their figures would be theirs."""
    answers = 'statistic = "mean"\nvariables = ["clear"]\nby = ["answer"]\ndataset = "answers"'
    faults = faults_after(
        "analyses.toml",
        'kind = "reliability"\ndataset = "offices"\nitems = ["size", "days"]',
        f'kind = "estimates"\n{answers}',
    )
    (fault,) = (fault for fault in faults if fault.code == "PACK-60")
    assert "tells persons apart" in fault.found
