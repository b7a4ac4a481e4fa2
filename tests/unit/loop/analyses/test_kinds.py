"""Each kind of analysis has a file on each floor."""

from pkgutil import resolve_name
from typing import get_args

import pytest

from touchstone.content.analyses.kinds import Analysis

KINDS = sorted(spec.__struct_config__.tag for spec in get_args(Analysis))
NAMES = (
    "loop.analyses.{0}:find_{0}",
    "reports.analyses.{0}:{0}_record",
    "reports.analyses.{0}:show_{0}",
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_found_and_told(kind):
    """The functions stand where those who make and tell analyses look for them."""
    assert all(callable(resolve_name(f"touchstone.{name.format(kind)}")) for name in NAMES)
