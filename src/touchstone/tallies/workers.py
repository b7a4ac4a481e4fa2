"""Work shared among all processors."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def share_work(work: Callable[[Iterable[int]], None], count: int) -> None:
    """Do some work for the items 0 … count − 1 on all processors.

    Each item writes only to what is its own, so the outcome does not depend on the sharing.
    """
    workers = max(1, min(os.cpu_count() or 1, count))
    with ThreadPoolExecutor(max_workers=workers) as pool:
        list(pool.map(work, [range(first, count, workers) for first in range(workers)]))
