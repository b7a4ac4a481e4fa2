"""What every test shares: with which examples properties are tried, and which tests are slow.

`make test` tries the same examples every time, so that a change is judged by what it changed;
`make check` tries the first few of them; `make soak` tries fresh ones, many times over.
"""

from hypothesis import settings
from tests.support.examples import EXAMPLES, FEW

settings.register_profile("same", derandomize=True)
settings.register_profile("few", derandomize=True, max_examples=FEW)
settings.register_profile("fresh", derandomize=False)
settings.load_profile(EXAMPLES)


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "slow: takes more than half a second by its nature; `make check` leaves it out"
    )
