"""Variances of units follow their definitions, for any design that can be drawn."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.stats.samples import snapshot_of, variance_by_definition

from touchstone.base.errors import TouchstoneError
from touchstone.stats.designs import Design
from touchstone.stats.sampling.quantiles import weighted_quantile
from touchstone.stats.sampling.replicates import balanced, bootstrap, jackknife
from touchstone.stats.sampling.samples import read_sample
from touchstone.stats.sampling.unequal_chances import ApproximatePairs, KnownPairs, PairSpread
from touchstone.stats.sampling.unit_spread import UnitSpread
from touchstone.stats.snapshot_columns import numbers_of

DESIGN = Design("w", ("region",), ("school", "pupil"), ("schools", "pupils"))
STAGES = (("region", "school", "schools"), ("place", "pupil", "pupils"))


@st.composite
def rows(draw):
    """Draw pupils of schools of two regions, two or more units everywhere."""
    places = [
        (region, str(school), str(pupil))
        for region in "ns"
        for school in range(draw(st.integers(2, 3)))
        for pupil in range(draw(st.integers(2, 3)))
    ]
    return [
        {
            "region": region,
            "school": school,
            "place": region + school,
            "pupil": pupil,
            "w": draw(st.integers(0, 5)),
            "y": draw(st.integers(-9, 9)),
            "schools": 4,
            "pupils": 5,
            "inside": draw(st.booleans()),
        }
        for region, school, pupil in places
    ]


@settings(deadline=None)
@given(rows())
def test_the_variance_of_a_total_follows_its_definition(drawn):
    """Two stages with population sizes, for a domain that cuts across units."""
    numbers = dict.fromkeys(("w", "y", "schools", "pupils"), 0)
    snapshot = snapshot_of([{k: v for k, v in row.items() if k != "inside"} for row in drawn],
                           **numbers)  # fmt: skip
    sample = read_sample(snapshot, DESIGN)
    inside = np.flatnonzero([row["inside"] for row in drawn])
    found = UnitSpread(sample).variance(inside, numbers_of(snapshot, "y")[inside])
    expected = variance_by_definition(
        drawn, STAGES, lambda row: Fraction(row["w"] * row["y"] * row["inside"])
    )
    assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-9)


@st.composite
def chances(draw):
    """Draw chances of units of two strata, and totals of some of the units."""
    n = draw(st.lists(st.integers(2, 5), min_size=2, max_size=2))
    found = [
        {"s": str(stratum), "p": draw(st.integers(1, 99)), "y": draw(st.integers(-9, 9))}
        for stratum, count in enumerate(n)
        for _ in range(count)
    ]
    return found, draw(st.lists(st.booleans(), min_size=sum(n), max_size=sum(n)))


@settings(deadline=None)
@given(chances(), st.sampled_from(["hartley_rao", "overton"]))
def test_sums_over_units_stand_for_sums_over_pairs(drawn, method):
    """The approximations equal the double sum over their joint chances, in both forms."""
    cases, inside = drawn
    snapshot = snapshot_of(cases, p=2, y=0)
    sample = read_sample(snapshot, Design(strata=("s",), fpc=("p",)), by_chances=True)
    stage = sample.stages[0]
    n = stage.drawn[stage.stratum]
    mean = np.bincount(stage.stratum, stage.chance)[stage.stratum] / n
    both = np.add.outer(stage.chance, stage.chance)
    factor = n - both + mean if method == "hartley_rao" else n - both / 2
    is_same = stage.stratum[:, np.newaxis] == stage.stratum
    joint = np.outer(stage.chance, stage.chance)
    joint = np.where(is_same, joint * (n - 1) / factor, joint)
    np.fill_diagonal(joint, stage.chance)
    rows = np.flatnonzero(inside)
    scores = numbers_of(snapshot, "y")[rows]
    for form in ("horvitz_thompson", "yates_grundy"):
        known = PairSpread(sample, KnownPairs(joint), form).variance(rows, scores)
        found = PairSpread(sample, ApproximatePairs(method), form).variance(rows, scores)
        assert found == pytest.approx(known, rel=1e-9, abs=1e-6)


def sample_of(strata: str):
    """Make a sample of rows, one letter for the stratum of each."""
    return read_sample(snapshot_of([{"s": letter} for letter in strata]), Design(strata=("s",)))


def test_every_unit_is_left_out_once():
    """A replicate of the jackknife gives the weight of one unit to the others of its stratum."""
    factors = jackknife(sample_of("aabbb"), by_stratum=True).factors
    assert factors.shape == (5, 5)
    assert (np.diag(factors) == 0).all()
    assert factors.sum(axis=0) == pytest.approx(np.full(5, 5.0))


def test_balanced_replicates_are_balanced():
    """Each unit is taken in half of the replicates, two strata's in a quarter together."""
    factors = balanced(sample_of("aabbcc")).factors
    taken = factors > 0
    assert taken.mean(axis=1) == pytest.approx(np.full(6, 0.5))
    assert (taken[0] & taken[2]).mean() == pytest.approx(0.25)


def test_the_bootstrap_keeps_the_size_of_each_stratum():
    """Weights handed out in a stratum are as many as its units."""
    factors = bootstrap(sample_of("aabbb"), count=20, seed=3).factors
    assert factors[:2].sum(axis=0) == pytest.approx(np.full(20, 2.0))
    assert factors[2:].sum(axis=0) == pytest.approx(np.full(20, 3.0))


@pytest.mark.parametrize(
    "make",
    [
        lambda sample: jackknife(sample, by_stratum=True),
        lambda sample: bootstrap(sample, count=5, seed=1),
        balanced,
        lambda sample: PairSpread(sample, ApproximatePairs("hartley_rao")),
    ],
)
def test_a_lone_unit_has_no_replicates_and_no_pairs(make):
    """A stratum with one unit is refused, not passed over."""
    with pytest.raises(TouchstoneError, match=r"DESIGN-0[69]"):
        make(sample_of("aab"))


def test_quantiles_reach_their_share():
    """The smallest value at or below which the share lies; school takes the middle of two."""
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 2.0, 1.0])
    assert weighted_quantile(values, weights, 0.5) == 1.0
    assert weighted_quantile(values, weights, 0.5, rule="school") == 1.5
    assert weighted_quantile(values, weights, 0.51) == 2.0
    assert weighted_quantile(values, weights, 1.0, rule="school") == 3.0


def test_a_census_has_no_error():
    """Everything drawn leaves no variance, whatever the rule for lone units."""
    snapshot = snapshot_of([{"s": "a", "f": 1}, {"s": "b", "f": 1}], f=0)
    sample = read_sample(snapshot, Design(strata=("s",), fpc=("f",)))
    rows = np.arange(2)
    assert UnitSpread(sample).is_census(rows)
    assert UnitSpread(sample).variance(rows, np.array([1.0, 5.0])) == 0
    assert not UnitSpread(sample_of("ab")).is_census(rows)
