"""Forecasts and contributions of a pack: what a pack cannot ask for is told."""

import pytest

FORECAST = """
[next_days]
kind = "forecast"
dataset = "offices"
time = "kind"
value = "days"
driver = "size"
methods = ["elasticity", "holt"]
"""
CONTRIBUTION = """
[what_size_gives]
kind = "contribution"
dataset = "offices"
time = "kind"
output = "days"
factors = [{ name = "size", column = "size", elasticity = [0.2, 0.4] }]
"""
TEXTS = """
[analysis.{name}]
title = "Title"
about = "About."
"""


@pytest.fixture
def with_analyses(pack_folder):
    """The sound pack with both analyses and their texts."""
    (pack_folder / "analyses.toml").write_text(FORECAST + CONTRIBUTION, "utf-8")
    texts = TEXTS.format(name="next_days") + TEXTS.format(name="what_size_gives")
    for path in (pack_folder / "texts").iterdir():
        path.write_text(path.read_text("utf-8") + texts, "utf-8")
    return pack_folder


def test_a_pack_with_a_forecast_and_a_contribution_has_no_fault(with_analyses, faults_after):
    """Periods may be texts or numbers; the rest are numbers."""
    assert faults_after("pack.toml", "version = 2", "version = 3") == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('value = "days"', 'value = "city"', "PACK-21"),
        ('value = "days"', 'value = "size"', "PACK-60"),
        ('value = "days"', 'value = "days"\nhorizon = 0', "PACK-60"),
        ('value = "days"', 'value = "days"\nhorizon = 201', "PACK-60"),
        ('value = "days"', 'value = "days"\nby = "median"', "PACK-07"),
        ('driver = "size"\n', "", "PACK-60"),
        ('"elasticity", "holt"', '"holt", "holt"', "PACK-60"),
        ('"elasticity", "holt"', '"arima"', "PACK-07"),
        ('column = "size"', 'column = "sizes"', "PACK-20"),
        ('column = "size"', 'column = "days"', "PACK-60"),
        ('output = "days"', 'output = "title"', "PACK-21"),
        ("[0.2, 0.4]", "[0.4, 0.2]", "PACK-60"),
        ("[0.2, 0.4]", "[]", "PACK-60"),
        ("[0.2, 0.4]", "[0.1, 0.2, 0.3, 0.4]", "PACK-60"),
        ('name = "size"', 'name = "residual"', "PACK-60"),
        ('[{ name = "size", column = "size", elasticity = [0.2, 0.4] }]', "[]", "PACK-60"),
        (
            "[0.2, 0.4] }]",
            '[0.2] }, { name = "size", column = "open", elasticity = [1] }]',
            "PACK-60",
        ),
    ],
)
def test_what_cannot_be_asked_for_is_told(with_analyses, codes_after, old, new, code):
    """Each fault of the two tables has its code."""
    assert code in codes_after("analyses.toml", old, new)
