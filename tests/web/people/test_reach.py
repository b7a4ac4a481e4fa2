"""Who sees which units: a role over a subtree, a tree or everything."""

from datetime import timedelta

from tests.support.casts import FIRST_DAY, grant

from touchstone_web.people.queries import has_role, trees_seen_by, units_seen_by
from touchstone_web.shared.roles import ALL_ROLES, Role

TODAY = FIRST_DAY + timedelta(days=30)


def seen(person, **kwargs):
    return sorted(units_seen_by(person, on=TODAY, **kwargs).values_list("identifier", flat=True))


def test_an_analyst_sees_the_whole_tree_and_no_other(cast):
    """A remit over a tree reaches all its units."""
    assert seen(cast.alice) == ["C1", "D1", "D2", "S1", "S2", "S3"]


def test_a_head_sees_the_subtree(cast):
    """A remit over a unit reaches it and all below it."""
    assert seen(cast.bob) == ["D1", "S1", "S2"]


def test_an_administrator_sees_no_figures_but_knows_the_units(cast):
    """Administrators grant remits over units; figures are not theirs to see."""
    assert seen(cast.carol) == []
    assert len(seen(cast.carol, roles=ALL_ROLES)) == 8


def test_an_outsider_sees_nothing(cast):
    """Without a remit there is nothing."""
    assert seen(cast.dan, roles=ALL_ROLES) == []
    assert not trees_seen_by(cast.dan, on=TODAY, roles=ALL_ROLES).exists()


def test_a_remit_reaches_from_its_first_to_its_last_day(cast):
    """Both days are included; before and after it gives nothing."""
    remit = grant(cast.dan, Role.ANALYST, tree=cast.tree)
    remit.begins_on, remit.ends_on = TODAY, TODAY
    remit.save()
    assert len(units_seen_by(cast.dan, on=TODAY)) == 6
    assert not units_seen_by(cast.dan, on=TODAY - timedelta(days=1))
    assert not units_seen_by(cast.dan, on=TODAY + timedelta(days=1))


def test_a_role_over_a_unit_is_held_below_and_not_above(cast):
    """Bob is head of D1: of S1 too, not of C1, not of the tree."""
    over = {
        name: has_role(cast.bob, Role.HEAD, on=TODAY, unit=unit)
        for name, unit in cast.units.items()
    }
    assert over == {"C1": False, "D1": True, "D2": False, "S1": True, "S2": True, "S3": False}
    assert not has_role(cast.bob, Role.HEAD, on=TODAY, tree=cast.tree)
    assert has_role(cast.alice, Role.ANALYST, on=TODAY, tree=cast.tree)
    assert not has_role(cast.alice, Role.ANALYST, on=TODAY, tree=cast.other_tree)
