"""Work shared among processors: all of it is done, once, whoever asks."""

import os
from collections.abc import Iterable

import numpy as np
import pytest

from touchstone.tallies import workers


@pytest.fixture(autouse=True)
def several(monkeypatch):
    """As on a machine with three processors."""
    monkeypatch.setattr(workers, "count_workers", lambda: 3)
    workers._threads.cache_clear()
    yield
    workers._threads().shutdown()
    workers._threads.cache_clear()


def shared(count: int) -> list[int]:
    """Count how often each item is worked on."""
    times = np.zeros(count, np.int64)

    def work(places: Iterable[int]) -> None:
        for place in places:
            times[place] += 1

    workers.share_work(work, count)
    return times.tolist()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10])
def test_each_item_is_worked_on_once(count):
    """Whether there are more items than processors, or fewer."""
    assert shared(count) == [1] * count


def test_a_share_of_work_shares_no_further():
    """Work within work is done at once, so that no thread waits for itself."""
    found = [[], [], []]

    def work(places: Iterable[int]) -> None:
        for place in places:
            found[place] = shared(4)

    workers.share_work(work, 3)
    assert found == [[1] * 4] * 3


@pytest.mark.parametrize("broken", [0, 2])
def test_a_fault_is_told_after_all_shares_have_ended(broken):
    """Nobody writes any more when the fault arrives, in whichever share it was."""
    done = np.zeros(3, np.int64)

    def work(places: Iterable[int]) -> None:
        for place in places:
            if place == broken:
                raise ArithmeticError("broken share")
            done[place] = 1

    with pytest.raises(ArithmeticError, match="broken share"):
        workers.share_work(work, 3)
    assert done.sum() == 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_has_threads_of_its_own():
    """Those of its parent are not there; a server forks its processes."""
    assert shared(6) == [1] * 6
    child = os.fork()
    if not child:
        os._exit(0 if shared(6) == [1] * 6 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
