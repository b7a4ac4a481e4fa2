"""Work shared among all processors."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

# Fewer rows are not worth the sharing.
FEWEST_ROWS = 50_000


def count_workers() -> int:
    """Give the processors that share work."""
    return os.cpu_count() or 1


def share_work(work: Callable[[Iterable[int]], None], count: int) -> None:
    """Do some work for the items 0 … count − 1 on all processors.

    Each item writes only to what is its own, so the outcome does not depend on the sharing.
    """
    workers = min(count_workers(), count)
    if workers <= 1:
        work(range(count))
        return
    with ThreadPoolExecutor(max_workers=workers) as pool:
        list(pool.map(work, [range(first, count, workers) for first in range(workers)]))


def row_parts(rows: int) -> list[slice]:
    """Cut rows into as many even parts as there are processors; few rows stay in one part."""
    parts = max(1, min(count_workers(), rows // FEWEST_ROWS))
    return [slice(rows * part // parts, rows * (part + 1) // parts) for part in range(parts)]


def share_rows(work: Callable[[slice], None], rows: int) -> None:
    """Do some work for all rows, in as many even parts as there are processors."""
    parts = row_parts(rows)

    def work_on(places: Iterable[int]) -> None:
        for place in places:
            work(parts[place])

    share_work(work_on, len(parts))
