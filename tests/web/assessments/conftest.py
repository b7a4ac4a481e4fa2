"""Evidence of a few real schools, frozen as anybody would freeze it."""

import gzip
import io

import pytest

from touchstone.content.packs import read_pack
from touchstone.content.trees import tree_of
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze
from touchstone_web.evidence.commands import Origin, freeze_snapshot
from touchstone_web.people.models import OPERATOR
from touchstone_web.shared.uploads import Received

SCHOOLS = 40


@pytest.fixture
def some_schools(cast):
    """The first schools of the shipped evidence, as evidence of tree A with its units."""
    pack = read_pack("schools")
    lines = gzip.decompress(pack.evidence["schools"].read_bytes()).splitlines(keepends=True)
    raw = read_table(io.BytesIO(b"".join(lines[: SCHOOLS + 1])), where="schools.csv")
    rows = freeze(raw, pack.datasets["schools"])
    origin = Origin("schools", "schools", "Some schools", Received("schools.csv", 1, "00" * 32))
    nodes = tree_of(rows, pack.datasets["schools"])
    return freeze_snapshot(
        snapshot=rows, nodes=nodes, origin=origin, tree=cast.tree, by=OPERATOR
    ).snapshot


@pytest.fixture
def schools_pack():
    return read_pack("schools")
