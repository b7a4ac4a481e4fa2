"""Paths of units: a subtree is found by an index on both databases."""

import pytest
from django.db import connection
from django.db.models import F

from touchstone_web.people.models import Unit
from touchstone_web.people.paths import step


def identifiers(path):
    return sorted(Unit.objects.filter(path__startswith=path).values_list("identifier", flat=True))


def test_a_subtree_is_all_that_starts_with_its_path(cast):
    """The unit itself, its children, and their children."""
    assert identifiers(cast.units["D1"].path) == ["D1", "S1", "S2"]
    assert identifiers(cast.tree.path) == ["C1", "D1", "D2", "S1", "S2", "S3"]


def test_a_neighbour_whose_number_starts_alike_is_not_in_the_subtree(cast):
    """1/ and 1f/ share a digit and nothing else."""
    for number in (0x1, 0x1F, 0x10):
        path = cast.other_tree.path + step(0xAB0 + number)
        unit = Unit(tree=cast.other_tree, number=0xAB0 + number, identifier=f"N{number}", path=path)
        unit.name, unit.level = "N", "school"
        unit.save()
    assert identifiers(cast.other_tree.path + step(0xAB1)) == ["N1"]


@pytest.mark.django_db
def test_a_subtree_is_found_by_the_index(cast):
    """No scan of the whole table, however the database would write the question."""
    question = Unit.objects.filter(path__startswith=cast.units["D1"].path)
    if connection.vendor == "sqlite":
        assert "USING INDEX" in question.explain()
        assert "SCAN" not in question.explain()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "Index" in question.explain()


def test_a_path_that_is_no_literal_is_compared_as_usual(cast):
    """Two columns of the database against each other."""
    below = Unit.objects.filter(path__startswith=F("parent__path"))
    assert below.count() == Unit.objects.filter(parent__isnull=False).count() == 6
