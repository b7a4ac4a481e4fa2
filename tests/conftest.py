"""What every test shares: whether properties are tried with the same examples or with fresh ones.

`make test` tries the same examples every time, so that a change is judged by what it changed;
`make soak` tries fresh ones, many times over.
"""

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("fresh", derandomize=False)
settings.load_profile(os.environ.get("TOUCHSTONE_EXAMPLES", "same"))
