"""How many threads dense linear algebra takes while compiled loops run in parallel beside it.

The threads of BLAS and those of compiled loops wait by spinning, each for work of its own kind.
On a machine with other work they take the processors from each other, and a fit of many small
dense steps takes many times as long; one thread does those steps as fast. Only large dense
factors are worth more.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np  # noqa: F401  (used by the example, and loads a BLAS)
import scipy.linalg  # noqa: F401  (loads a BLAS of its own)
from threadpoolctl import ThreadpoolController

# Threads of compiled loops sleep while they wait, unless told otherwise; this must be said before
# the first of them starts.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# Dense matrices of fewer columns are worked on by one thread.
FEWEST_COLUMNS_FOR_MORE = 2_000


# The first fit that comes sets the limit and lifts it; fits in other threads leave it as it is.
_HOLD = threading.RLock()
_LIBRARIES: Any = ThreadpoolController().select(user_api="blas")


@contextmanager
def spared_threads(columns: int = 0) -> Iterator[None]:
    """Work with one thread of linear algebra, unless dense matrices of very many columns come.

    `columns`: of the largest dense matrix that is factorised. The limit is that of the whole
    process: until it is lifted, work in other threads has one thread of linear algebra too. It
    changes results by rounding only.

    >>> with spared_threads(columns=300):
    ...     float(np.linalg.det(np.eye(300)))
    1.0
    """
    if columns >= FEWEST_COLUMNS_FOR_MORE or not _HOLD.acquire(blocking=False):
        yield
        return
    try:
        with _LIBRARIES.limit(limits=1):
            yield
    finally:
        _HOLD.release()
