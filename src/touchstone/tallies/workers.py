"""Work shared among all processors."""

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache

# Fewer rows are not worth the sharing.
FEWEST_ROWS = 50_000


def count_workers() -> int:
    """Give the processors that share work."""
    return os.cpu_count() or 1


@cache
def _threads() -> ThreadPoolExecutor:
    """Threads beside the one that asks; they stay, as starting them can outlast small work."""
    return ThreadPoolExecutor(max(1, count_workers() - 1), initializer=_begin)


def _begin() -> None:
    _here.is_sharing = True


# A thread that has a share of some work does not share it further: it would wait for itself.
_here = threading.local()
# A process that is forked off has none of the threads.
os.register_at_fork(after_in_child=_threads.cache_clear)


def share_work(work: Callable[[Iterable[int]], None], count: int) -> None:
    """Do some work for the items 0 … count − 1 on all processors.

    Each item writes only to what is its own, so the outcome does not depend on the sharing.
    """
    workers = min(count_workers(), count)
    if workers <= 1 or getattr(_here, "is_sharing", False):
        work(range(count))
        return
    own, *others = [range(first, count, workers) for first in range(workers)]
    shared = [_threads().submit(work, part) for part in others]
    try:
        work(own)
    finally:
        wait(shared)
    for one in shared:
        one.result()


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
