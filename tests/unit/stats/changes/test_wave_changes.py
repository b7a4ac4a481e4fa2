"""Changes from wave to wave: what the overlap does, breaks of a series, and bad waves."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.stats.changes.wave_changes import (
    OverlapSums,
    changes_of_series,
    wave_change,
)
from touchstone.stats.changes.wave_sums import WaveColumns, Waves
from touchstone.tallies.tables import Column, Snapshot

COLUMNS = (
    Column("wave", "text"),
    Column("who", "text"),
    Column("y", "number", 1),
    Column("w", "number", 2),
)
PAIR = ("1", "2")


def waves_of(rows, *, respondent="who", weight=None):
    """Make waves of (wave, who, y in tenths, w in hundredths) rows."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * 4
    types = (pa.string(), pa.string(), pa.int64(), pa.int64())
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    table = pa.table(arrays, names=["wave", "who", "y", "w"])
    return Waves(Snapshot(COLUMNS, table, ()), WaveColumns("wave", "y", respondent, weight))


def change_in(waves):
    """Estimate the change from the first wave to the second."""
    sums = waves.sums()[0]
    return wave_change(PAIR, tuple(sums[name] for name in PAIR), waves.overlaps(PAIR)[0])


answers = st.lists(
    st.tuples(
        st.sampled_from(PAIR), st.integers(0, 9), st.integers(-99, 99), st.integers(1, 10**6)
    ),
    min_size=1,
    max_size=25,
    unique_by=lambda row: row[:2],
).filter(lambda rows: {row[0] for row in rows} == set(PAIR))


@given(answers)
@settings(deadline=None, max_examples=at_most(100))
def test_the_variance_is_that_of_each_respondents_own_part(rows):
    """Sums give N/(N − 1) Σ (z₂ − z₁)², worked out respondent by respondent."""
    found = change_in(waves_of([(w, str(i), y, v) for w, i, y, v in rows], weight="w")).outcome
    parts, mean = {}, {}
    for wave in PAIR:
        own = [(i, y / 10, v / 100) for w, i, y, v in rows if w == wave]
        total = sum(v for _, _, v in own)
        mean[wave] = sum(v * y for _, y, v in own) / total
        for i, y, v in own:
            sign = 1 if wave == "2" else -1
            parts[i] = parts.get(i, 0) + sign * v * (y - mean[wave]) / total
    if isinstance(found, Withheld):
        assert len(parts) < 2 or max(map(abs, parts.values())) < 1e-12
        return
    count = len(parts)
    variance = count / (count - 1) * sum(part**2 for part in parts.values())
    assert float(found.value) == pytest.approx(mean["2"] - mean["1"], abs=1e-9)
    assert float(found.se) == pytest.approx(np.sqrt(variance), abs=1e-9)
    assert found.n == count


def test_respondents_who_answer_alike_make_the_error_smaller():
    """The same answers without their names give the error without the overlap."""
    rows = [("1", str(i), 10 * i, 100) for i in range(9)]
    rows += [("2", str(i), 10 * i + i % 3, 100) for i in range(9)]
    named, unnamed = change_in(waves_of(rows)), change_in(waves_of(rows, respondent=None))
    assert (named.overlap, unnamed.overlap) == (9, 0)
    assert named.outcome.se < unnamed.outcome.se / 5
    assert named.outcome.method == "panel_overlap"
    assert unnamed.outcome.method == "waves_apart"
    assert unnamed.covariance == 0
    assert unnamed.se_apart == unnamed.outcome.se


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("1", "a", 5, 1), ("2", "a", 9, 1)], "too_few_answers"),
        ([("1", "a", 5, 1), ("2", "a", 9, 1), ("1", "b", 7, 1), ("2", "b", 11, 1)],
         "answers_changed_alike"),
        ([("1", "a", 5, 1), ("2", "b", 5, 1), ("1", "c", 5, 1)], "answers_changed_alike"),
    ],
)  # fmt: skip
def test_a_change_without_spread_has_a_reason(rows, reason):
    """One respondent, all changed by the same, all equal."""
    assert change_in(waves_of(rows)).outcome.reason == reason


def test_a_wave_without_answers_has_a_reason():
    """Such as one in which a domain was not asked."""
    waves = waves_of([("1", "a", 5, 1), ("2", "b", 6, 1), ("2", "c", None, 1)])
    one = waves.sums()[0]
    empty = type(one["1"])(0, *[Decimal(0)] * 5)
    found = wave_change(PAIR, (one["1"], empty), OverlapSums())
    assert found.outcome == Withheld("empty_base")


def test_there_is_no_change_across_a_break():
    """Neither to the wave at the break nor over it; within each part there is."""
    rows = [(str(wave), who, 7 * wave + ord(who), 100) for wave in (8, 9, 10, 11) for who in "abc"]
    rows = [(wave, who, y + 3 * (place % 2), w) for place, (wave, who, y, w) in enumerate(rows)]
    waves = waves_of(rows)
    assert waves.names == ("8", "9", "10", "11")
    pairs = [("8", "9"), ("9", "10"), ("10", "11"), ("8", "11"), ("11", "8")]
    found = changes_of_series(waves.sums()[0], {}, pairs, breaks=["10"])
    broken = Withheld("series_break", (("wave", "10"),))
    assert [one.outcome == broken for one in found] == [False, True, False, True, True]


def test_a_wave_that_is_not_there_is_refused():
    """As a break or as an end of a change."""
    sums = waves_of([("1", "a", 5, 1), ("2", "b", 6, 1)]).sums()[0]
    for pairs, breaks in ((), ["3"]), ([("1", "3")], ()):
        with pytest.raises(TouchstoneError, match=r"'3'.*CHANGE-01"):
            changes_of_series(sums, {}, pairs, breaks=breaks)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("1", "b", 5, 0), "CHANGE-02"),
        (("1", "b", 5, None), "CHANGE-02"),
        ((None, "b", 5, 1), "CHANGE-03"),
        (("1", None, 5, 1), "CHANGE-03"),
        (("1", "a", 7, 1), "CHANGE-04"),
    ],
)
def test_rows_that_cannot_be_added_are_refused(row, code):
    """With the column or wave at fault."""
    with pytest.raises(TouchstoneError, match=code):
        waves_of([("1", "a", 5, 1), ("2", "a", 6, 1), row], weight="w").overlaps(PAIR)


def test_sums_stay_exact_beyond_64_bits():
    """Huge weights and values lose no digit."""
    big = 10**15 + 1
    rows = [(wave, who, big + place, big) for place, (wave, who) in enumerate(
        [("1", "a"), ("1", "b"), ("2", "a"), ("2", "b")])]  # fmt: skip
    sums = waves_of(rows, weight="w").sums()[0]["1"]
    assert sums.wwyy == Decimal(big**2 * (big**2 + (big + 1) ** 2)).scaleb(-6)
