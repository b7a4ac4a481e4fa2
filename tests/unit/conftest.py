"""What tests of the library share."""

import json

import pytest
import vl_convert
from tests.support.examples import EXAMPLES


def remembered(draw):
    """Make a function that draws equal pictures once."""
    drawn = {}

    def draw_once(spec, **options):
        key = json.dumps([spec, options], sort_keys=True)
        if key not in drawn:
            drawn[key] = draw(spec, **options)
        return drawn[key]

    return draw_once


@pytest.fixture(autouse=True, scope="session")
def pictures():
    """In `make check` equal pictures are drawn once; `make test` draws whatever is asked for."""
    with pytest.MonkeyPatch.context() as patch:
        if EXAMPLES == "few":
            patch.setattr(vl_convert, "vegalite_to_svg", remembered(vl_convert.vegalite_to_svg))
        yield
