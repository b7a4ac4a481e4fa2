"""Grade bands cover the scale once: no gap, no overlap."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.content.grade_checks import check_bands
from touchstone.content.schemes import Band, Scale

SCALE = Scale(low=Decimal(0), high=Decimal(10))
NUMBERS = st.integers(-2, 12).map(Decimal)


def codes(*bands: tuple[str, int, int | None], scale: Scale = SCALE) -> list[str]:
    made = [
        Band(id=name, start=Decimal(start), below=None if below is None else Decimal(below))
        for name, start, below in bands
    ]
    return [fault.code for fault in check_bands(made, scale, where="scheme.toml")]


@pytest.mark.parametrize(
    "bands",
    [
        [("only", 0, None)],
        [("low", 0, None), ("high", 5, None)],
        [("low", 0, 5), ("high", 5, None)],
        [("low", 0, 5), ("high", 5, 11)],
        [("low", 0, 10), ("top", 10, None)],
    ],
)
def test_bands_are_accepted_when_each_score_has_one_grade(bands):
    """`below` may be left out; where it stands it repeats the next `from`."""
    assert codes(*bands) == []


@pytest.mark.parametrize(
    ("bands", "code"),
    [
        ([], "SCHEME-32"),
        ([("low", 0, None), ("high", 0, None)], "SCHEME-30"),
        ([("high", 5, None), ("low", 0, None)], "SCHEME-30"),
        ([("low", 0, 6), ("high", 5, None)], "SCHEME-31"),
        ([("low", 0, 4), ("high", 5, None)], "SCHEME-31"),
        ([("low", 1, None)], "SCHEME-32"),
        ([("low", -1, None)], "SCHEME-32"),
        ([("low", 0, None), ("high", 5, 10)], "SCHEME-32"),
        ([("low", 0, None), ("high", 11, None)], "SCHEME-32"),
        ([("low", 0, None), ("low", 5, None)], "SCHEME-33"),
        ([("Low", 0, None)], "PACK-09"),
    ],
)
def test_bands_are_refused_when_a_score_has_no_grade_or_two(bands, code):
    """Overlaps, gaps, wrong order, and ends that miss the scale."""
    assert code in codes(*bands)


@pytest.mark.parametrize("ends", [(10, 0), (5, 5)])
def test_a_scale_is_refused_when_it_does_not_run_upwards(faults_after, ends):
    """The lowest score stands first."""
    low, high = ends
    faults = faults_after("schemes/voices.toml", "low = 1, high = 5", f"low = {low}, high = {high}")
    assert "SCHEME-34" in [fault.code for fault in faults]


@given(
    st.lists(st.tuples(NUMBERS, st.none() | NUMBERS), min_size=1, max_size=4),
    st.lists(st.decimals(0, 10, places=1), min_size=1, max_size=20),
)
def test_a_score_has_exactly_one_grade_when_bands_are_accepted(drawn, scores):
    """What the check accepts is half-open and complete, for every score on the scale."""
    bands = [
        Band(id=f"g{place}", start=start, below=below) for place, (start, below) in enumerate(drawn)
    ]
    if list(check_bands(bands, SCALE, where="scheme.toml")):
        return
    ends = [band.below for band in bands]
    nexts = [*(band.start for band in bands[1:]), Decimal("Infinity")]
    for score in [*scores, SCALE.low, SCALE.high]:
        holding = [
            band
            for band, below, following in zip(bands, ends, nexts, strict=True)
            if band.start <= score < (following if below is None else below)
        ]
        assert len(holding) == 1
