"""The gate: no combination of releases gives the answers of few people away."""

from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.errors import TouchstoneError
from touchstone.stats.disclosure.gates import audit_releases
from touchstone.stats.disclosure.ledgers import Ledger, ledger_bytes, read_ledger
from touchstone.stats.disclosure.releases import Group, Kept, Release, Scale, Told, pack_prints

CASES = at_most(60, fresh=250)
SUMS = Scale(name="sums", of="people", low="1", high="5")
K = 10


def people(start, stop):
    return set(range(start, stop))


def release(groups, *, told=None, kept=(), parts=None, wave=""):
    """Tell the sums over some groups of people exactly; answers follow from who they are."""
    lowest = [
        Group(id=name, prints=pack_prints(np.array(sorted(members), np.uint64)))
        for name, members in groups.items()
    ]
    upper = [Group(id=name, parts=tuple(below)) for name, below in (parts or {}).items()]
    shown = told if told is not None else [*groups, *(parts or {})]
    return Release(
        label="survey",
        wave=wave,
        smallest=K,
        scales=(SUMS,),
        groups=(*lowest, *upper),
        told=tuple(
            Told(figure="sums", group=name, low=str(total), high=str(total))
            for name in shown
            for total in [sum(map(answer, members_of(name, groups, parts)))]
        ),
        kept=tuple(
            Kept(figure="sums", group=name, least=str(Fraction(4, 5) * len(groups[name])))
            for name in kept
        ),
    )


def members_of(name, groups, parts):
    if name in groups:
        return groups[name]
    return set().union(*(members_of(part, groups, parts) for part in parts[name]))


def answer(person):
    return 1 + person * 7 % 5


def names(findings):
    return {(one.first[1], one.second[1]) for one in findings.differences}


def test_one_late_answer_is_refused():
    """The same unit with 14 and then with 15 answers tells the fifteenth."""
    findings = audit_releases([release({"a": people(0, 14)}), release({"a": people(0, 15)})])
    assert not findings.is_safe
    assert names(findings) == {("a", "a")}


def test_as_many_late_answers_as_the_smallest_group_may_pass():
    """Nobody's answer follows from the difference then."""
    first, second = release({"a": people(0, 14)}), release({"a": people(0, 24)})
    assert audit_releases([first, second]).is_safe


def test_a_corrected_answer_is_refused():
    """One answer goes and another comes: the difference tells by how much it was corrected."""
    corrected = people(0, 13) | {99}
    findings = audit_releases([release({"a": people(0, 14)}), release({"a": corrected})])
    assert names(findings) == {("a", "a")}


def test_a_person_moved_between_units_is_refused():
    """Both units tell of that one person."""
    before = release({"a": people(0, 20), "b": people(20, 40)})
    after = release({"a": people(0, 19), "b": people(19, 40)})
    assert names(audit_releases([before, after])) == {("a", "a"), ("b", "b")}


def test_units_merged_are_refused_when_one_was_small():
    """The merged unit minus the large one is the small one, which was kept back."""
    before = release({"a": people(0, 20), "b": people(20, 24)}, told=["a"], kept=["b"])
    assert audit_releases([before]).is_safe
    after = release({"ab": people(0, 24)})
    findings = audit_releases([before, after])
    assert names(findings) == {("a", "ab")}
    assert {one.group[1] for one in findings.exposed} >= {"b"}


def test_two_large_units_may_be_merged():
    """Nothing new is told of anybody."""
    before = release({"a": people(0, 20), "b": people(20, 40)})
    assert audit_releases([before, release({"ab": people(0, 40)})]).is_safe


def test_a_filter_and_its_complement_are_refused():
    """All minus women is men, of whom there are few."""
    both = {"women": people(0, 30), "men": people(30, 35)}
    told = release(both, parts={"all": ["women", "men"]}, told=["women", "all"], kept=["men"])
    findings = audit_releases([told])
    assert names(findings) == {("women", "all")}
    assert {one.group[1] for one in findings.exposed} >= {"men"}


def test_a_filter_over_two_releases_is_refused():
    """It makes no difference when the second figure comes a year later."""
    first = release({"women": people(0, 30)})
    second = release({"all": people(0, 35)})
    assert not audit_releases([first, second]).is_safe


def test_two_waves_of_other_answers_may_pass():
    """Nobody's answer stands in both."""
    first = release({"a": people(0, 14)}, wave="2026")
    second = release({"a": people(100, 115)}, wave="2027")
    assert audit_releases([first, second]).is_safe


def test_two_waves_pooled_are_refused_when_the_second_is_small():
    """Wave t, and t with t + 1 together, tell t + 1."""
    first = release({"a": people(0, 30)}, wave="2026")
    pooled = release({"a both": people(0, 30) | people(100, 104)}, wave="2026 and 2027")
    assert not audit_releases([first, pooled]).is_safe


def test_a_late_answer_is_found_though_its_unit_is_not_told_again():
    """The area with the late answer, minus the units told before, is that one answer."""
    before = release({"a": people(0, 20), "b": people(20, 40)})
    after = release(
        {"a": people(0, 20), "b": people(20, 41)}, parts={"area": ["a", "b"]}, told=["area"]
    )
    findings = audit_releases([before, after])
    assert not findings.is_safe
    assert findings.exposed


def test_scores_of_units_that_follow_from_an_area_count_as_told():
    """A unit's later score follows from its area's, and tells its late answer."""

    def scores(members, told):
        groups = {"a": people(0, 20), "b": members}
        return Release(
            label="scores",
            wave="",
            smallest=K,
            scales=(Scale(name="scores", of="groups", low="0", high="100"),),
            groups=(
                *(
                    Group(id=name, prints=pack_prints(np.array(sorted(each), np.uint64)))
                    for name, each in groups.items()
                ),
                Group(id="area", parts=("a", "b")),
            ),
            told=tuple(
                Told(figure="scores", group=name, low=low, high=high) for name, low, high in told
            ),
        )

    before = scores(people(20, 40), [("a", "50", "51"), ("b", "60", "61")])
    after = scores(people(20, 41), [("area", "111", "112")])
    assert audit_releases([before]).is_safe
    assert names(audit_releases([before, after])) == {("b", "b")}


def test_publishing_the_same_again_is_allowed():
    """Nothing new is told."""
    told = release({"a": people(0, 14)})
    assert audit_releases([told, told]).is_safe


def test_figures_of_one_release_that_contradict_each_other_are_refused():
    """The ledger is wrong then, and nothing that follows from it is worth anything."""
    wrong = changed(release({"a": people(0, 14)}), [("20", "20"), ("30", "30")])
    with pytest.raises(TouchstoneError) as fault:
        audit_releases([wrong])
    assert fault.value.code == "DISCLOSURE-01"


def test_figures_that_change_though_no_answer_did_are_looked_at_one_by_one():
    """A model's scores change a little with everybody's answers; a late answer is still found."""
    first = changed(release({"a": people(0, 14)}), [("40", "41")])
    again = changed(release({"a": people(0, 14)}), [("42", "43")])
    late = release({"a": people(0, 15)})
    assert audit_releases([first, again]).is_safe
    assert names(audit_releases([first, again, late])) == {("a", "a")}


def changed(one, ends):
    told = tuple(Told(figure="sums", group="a", low=low, high=high) for low, high in ends)
    return msgspec.structs.replace(one, told=told)


@st.composite
def histories(draw):
    """Up to three releases of up to three units; between them people come, go and move."""
    units = ["a", "b", "c"][: draw(st.integers(1, 3))]
    members = {}
    fresh = 0
    for unit in units:
        size = draw(st.integers(1, 25))
        members[unit] = people(fresh, fresh + size)
        fresh += size
    found = []
    for _ in range(draw(st.integers(1, 3))):
        large = [unit for unit in units if len(members[unit]) >= K]
        total = sum(map(len, members.values()))
        told = [unit for unit in large if draw(st.booleans())]
        if len(units) > 1 and total >= K and draw(st.booleans()):
            told.append("all")
        parts = {"all": units} if len(units) > 1 else None
        kept = [unit for unit in units if len(members[unit]) < K]
        found.append((dict(members), parts, told, kept))
        members = {unit: set(each) for unit, each in members.items()}
        for _ in range(draw(st.integers(0, 2))):
            unit, other = draw(st.sampled_from(units)), draw(st.sampled_from(units))
            change = draw(st.sampled_from(["come", "many come", "go", "move"]))
            if change.endswith("come"):
                count = 1 if change == "come" else 12
                members[unit] |= people(fresh, fresh + count)
                fresh += count
            elif len(members[unit]) > 1:
                person = max(members[unit])
                members[unit] = members[unit] - {person}
                if change == "move":
                    members[other] = members[other] | {person}
    return found


@settings(max_examples=CASES, deadline=None)
@given(histories())
def test_no_sum_over_few_people_follows_from_releases_that_passed(history):
    """An attacker eliminates with fractions over all that passed the gate, and finds nothing."""
    assert sums_over_few(passed(history)) == []


@settings(max_examples=CASES, deadline=None)
@given(histories())
def test_what_the_attacker_finds_the_gate_refuses(history):
    """Without the gate, each history that gives somebody away is one that it refuses."""
    everything = [(groups, parts, told) for groups, parts, told, _ in history]
    if sums_over_few(everything):
        releases = [release(g, parts=p, told=t, kept=k) for g, p, t, k in history]
        assert not audit_releases(releases).is_safe


def test_without_the_gate_the_attacker_has_hits():
    """The attacker can tell right from wrong."""
    history = [({"a": people(0, 14)}, None, ["a"]), ({"a": people(0, 15)}, None, ["a"])]
    assert sums_over_few(history) == [{14}]


def passed(history):
    """Let releases through the gate one by one, as an office would."""
    out, ledger = [], []
    for groups, parts, told, kept in history:
        one = release(groups, parts=parts, told=told, kept=kept)
        if audit_releases([*ledger, one]).is_safe:
            ledger.append(one)
            out.append((groups, parts, told))
    return out


def sums_over_few(releases):
    """Find sums over fewer than K people that follow from the told sums, by elimination."""
    told = [members_of(name, groups, parts) for groups, parts, names in releases for name in names]
    everybody = sorted(set().union(*told)) if told else []
    rows = [[Fraction(person in members) for person in everybody] for members in told]
    rank = 0
    for place in range(len(everybody)):
        pivot = next((at for at in range(rank, len(rows)) if rows[at][place]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        rows[rank] = [each / rows[rank][place] for each in rows[rank]]
        for at, row in enumerate(rows):
            if at != rank and row[place]:
                rows[at] = [a - row[place] * b for a, b in zip(row, rows[rank], strict=True)]
        rank += 1
    supports = [
        {person for person, each in zip(everybody, row, strict=True) if each} for row in rows[:rank]
    ]
    return [support for support in supports if len(support) < K]


def test_a_ledger_shows_what_was_changed_in_it():
    """A line that was changed, taken out or put in breaks the chain."""
    releases = tuple(release({"a": people(0, stop)}) for stop in (14, 30, 50))
    content = ledger_bytes(Ledger("towns", bytes(16), releases))
    assert read_ledger(content, where="l").releases == releases
    lines = content.splitlines(keepends=True)
    for broken in (
        b"".join([*lines[:1], *lines[2:]]),
        content.replace(b'"smallest":10', b'"smallest":11', 1),
        b"".join([lines[0], lines[2], lines[1], lines[3]]),
        b"",
        b"not json\n",
        lines[1],
    ):
        with pytest.raises(TouchstoneError) as fault:
            read_ledger(broken, where="l")
        assert fault.value.code == "DISCLOSURE-07"
