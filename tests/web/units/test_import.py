"""A file of units changes a tree, after a look at what it would change."""

import json

import pytest
from tests.support.evidence import UNITS, counts_of_everything, send_units

from touchstone.content.trees import Node
from touchstone_web.journal.models import Entry
from touchstone_web.people.models import Tree, Unit
from touchstone_web.people.queries import units_seen_by
from touchstone_web.shared import clocks
from touchstone_web.units.commands import import_units
from touchstone_web.units.models import TreeUpload

# Riverland with a school moved, one renamed, one gone and one new.
CHANGED = (
    "unit,name,parent,level\n"
    "C1,River County,,county\n"
    "D1,Upper District,C1,district\n"
    "D2,Lower District,C1,district\n"
    "S1,Mill School,D2,school\n"
    "S2,Bridge Academy,D1,school\n"
    "S4,Ferry School,D2,school\n"
)
BAD = {
    "cycle": ("unit,name,parent,level\na,A,b,x\nb,B,a,x\n", "TREE-03"),
    "unknown_parent": ("unit,name,parent,level\na,A,z,x\n", "TREE-02"),
    "doubled_id": ("unit,name,parent,level\na,A,,x\na,B,,x\n", "TREE-01"),
    "empty_name": ("unit,name,parent,level\na,,,x\n", "TREE-05"),
    "missing_column": ("unit,name,level\na,A,x\n", "TREE-08"),
    "doubled_column": ("unit,name,name,parent,level\na,A,A,,x\n", "TABLE-06"),
    "identifier_too_long": (f"unit,name,parent,level\n{'a' * 101},A,,x\n", "UPLOAD-08"),
}


@pytest.fixture
def alice(cast, client_of, read_here):
    """Alice's browser."""
    return client_of(cast.alice)


def node(unit, name, parent=None, level="x"):
    return Node(unit, name, parent, level)


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_its_fault(content, code, alice, cast):
    """The page names the fault, and the tree stays as it was."""
    before = counts_of_everything()
    page = alice.get(send_units(cast, alice, content.encode()).url)
    assert page.templates[0].name == "units/refused.html"
    assert code in {fault.code for fault in page.context["faults"]}
    assert counts_of_everything() == before


def test_a_good_file_is_shown_before_anything_changes(alice, cast):
    """New, renamed, moved and closed units are told apart, each by name."""
    page = alice.get(send_units(cast, alice, CHANGED.encode(), closes_missing="on").url)
    assert page.context["changes"].counts() == {
        "added": 1,
        "renamed": 1,
        "moved": 1,
        "reopened": 0,
        "closed": 1,
    }
    text = page.content.decode()
    assert "Ferry School" in text
    assert "Bridge Academy" in text
    assert not Unit.objects.filter(identifier="S4").exists()


def test_importing_changes_the_tree_and_the_journal(alice, cast):
    """A moved unit is in its new subtree at once, for those whose remit it is."""
    address = send_units(cast, alice, CHANGED.encode(), closes_missing="on").url
    assert alice.post(f"{address}/accept").url == f"/units/trees/{cast.tree.public_id}"
    units = {unit.identifier: unit for unit in cast.tree.units.all()}
    assert units["S1"].path.startswith(units["D2"].path)
    assert units["S2"].name == "Bridge Academy"
    assert units["S3"].closed_on == clocks.today()
    assert units["S4"].parent == units["D2"]
    seen = units_seen_by(cast.bob, on=clocks.today())
    assert set(seen.values_list("identifier", flat=True)) == {"D1", "S2"}
    entry = Entry.objects.get(kind="tree.imported")
    assert json.loads(entry.payload.details)["closed"] == 1


def test_importing_twice_is_importing_once(alice, cast):
    """A second click finds the tree as the first one left it."""
    address = send_units(cast, alice, CHANGED.encode()).url
    first, second = (alice.post(f"{address}/accept").url for _ in range(2))
    assert first == second
    assert Entry.objects.filter(kind="tree.imported").count() == 1


def test_units_the_file_does_not_name_stay_when_it_is_not_the_whole_tree(alice, cast):
    """Closing must be asked for."""
    address = send_units(cast, alice, CHANGED.encode()).url
    alice.post(f"{address}/accept")
    assert cast.tree.units.get(identifier="S3").closed_on is None


def test_an_administrator_opens_a_new_tree(cast, client_of, read_here):
    """The tree comes to be with its units, not before."""
    carol = client_of(cast.carol)
    before = Tree.objects.count()
    fields = {"tree": "new", "new_tree": "California", "pack": "schools"}
    address = send_units(cast, carol, UNITS.encode(), **fields).url
    assert carol.get(address).context["changes"].counts()["added"] == 2
    assert Tree.objects.count() == before
    carol.post(f"{address}/accept")
    tree = Tree.objects.get(name="California")
    assert (tree.pack, tree.units.count()) == ("schools", 2)


def test_a_new_tree_needs_a_name(cast, client_of, read_here):
    """Said in the form, beside the field."""
    page = send_units(cast, client_of(cast.carol), UNITS.encode(), tree="new")
    assert page.status_code == 422
    assert "new_tree" in page.context["form"].errors
    assert not TreeUpload.objects.exists()


def test_an_analyst_changes_no_foreign_tree_and_opens_none(cast, client_of, read_here):
    """The form knows only trees of the remit."""
    frank = client_of(cast.frank)
    for tree in (cast.tree.public_id, "new"):
        page = send_units(cast, frank, UNITS.encode(), tree=tree, new_tree="Mine")
        assert page.status_code == 422
        assert "tree" in page.context["form"].errors


def test_whoever_may_not_import_is_told_nothing(cast, client_of, read_here):
    """Heads, auditors and outsiders get 404, as if there were no such page."""
    for person in (cast.bob, cast.erin, cast.dan):
        assert send_units(cast, client_of(person), UNITS.encode()).status_code == 404
    assert not TreeUpload.objects.exists()


def test_a_subtree_moves_as_a_whole(cast):
    """The paths of all units below follow, those of closed ones too."""
    nodes = [node("C1", "River County", level="county"), node("C2", "New County", level="county")]
    nodes += [node("D1", "Upper District", "C2", "district")]
    cast.tree.units.filter(identifier="S1").update(closed_on=clocks.today())
    import_units(tree=cast.tree, nodes=nodes, by=cast.alice)
    units = {unit.identifier: unit for unit in cast.tree.units.all()}
    for identifier in ("D1", "S1", "S2"):
        assert units[identifier].path.startswith(units["C2"].path)
    assert units["S3"].path.startswith(units["C1"].path)


def test_parent_and_child_can_change_places(cast):
    """No order of the file and no moment in between matters."""
    tree = cast.other_tree
    nodes = [node("X1", "Hill County", "Y1", "county"), node("Y1", "Summit School", None, "school")]
    import_units(tree=tree, nodes=nodes, by=cast.frank)
    units = {unit.identifier: unit for unit in tree.units.all()}
    assert units["X1"].path.startswith(units["Y1"].path)
    assert units["X1"].path != units["Y1"].path


def test_a_closed_unit_that_is_named_again_opens(cast):
    """It is the same unit, with its old results."""
    unit = cast.other_units["Y1"]
    Unit.objects.filter(pk=unit.pk).update(closed_on=clocks.today())
    nodes = [node("X1", "Hill County", None, "county"), node("Y1", "Summit School", "X1", "school")]
    changes = import_units(tree=cast.other_tree, nodes=nodes, by=cast.frank)
    assert changes.counts()["reopened"] == 1
    assert Unit.objects.get(pk=unit.pk).closed_on is None


def test_nothing_to_change_writes_nothing(cast):
    """An import that changes nothing leaves no entry."""
    nodes = [node("X1", "Hill County", None, "county"), node("Y1", "Summit School", "X1", "school")]
    changes = import_units(tree=cast.other_tree, nodes=nodes, by=cast.frank)
    assert (changes.is_empty, changes.unchanged) == (True, 2)
    assert not Entry.objects.exists()
