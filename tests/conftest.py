"""What every test shares: with which examples properties are tried, and which tests are slow.

`make test` tries the same examples every time, so that a change is judged by what it changed;
`make check` tries the first few of them; `make soak` tries fresh ones, many times over.
"""

from hypothesis import settings
from tests.support.examples import EXAMPLES, FEW

# No test judges by time, which depends on what else a machine does.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("few", derandomize=True, deadline=None, max_examples=FEW)
settings.register_profile("fresh", derandomize=False, deadline=None)
settings.load_profile(EXAMPLES)


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "slow: takes more than half a second by its nature; `make check` leaves it out"
    )
