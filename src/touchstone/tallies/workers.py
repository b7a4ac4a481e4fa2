"""Work shared among all processors."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

# Fewer rows are not worth the sharing.
FEWEST_ROWS = 50_000


def share_work(work: Callable[[Iterable[int]], None], count: int) -> None:
    """Do some work for the items 0 … count − 1 on all processors.

    Each item writes only to what is its own, so the outcome does not depend on the sharing.
    """
    workers = max(1, min(os.cpu_count() or 1, count))
    with ThreadPoolExecutor(max_workers=workers) as pool:
        list(pool.map(work, [range(first, count, workers) for first in range(workers)]))


def share_rows(work: Callable[[slice], None], rows: int) -> None:
    """Do some work for all rows, in as many even parts as there are processors."""
    parts = max(1, min(os.cpu_count() or 1, rows // FEWEST_ROWS))

    def work_on(places: Iterable[int]) -> None:
        for place in places:
            work(slice(rows * place // parts, rows * (place + 1) // parts))

    share_work(work_on, parts)
