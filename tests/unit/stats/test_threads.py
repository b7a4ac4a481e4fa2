"""Fits hold linear algebra to one thread while they last, and give it back."""

import threading

import numpy as np
import pytest
import scipy.linalg  # noqa: F401  (loads the BLAS of its own)
from threadpoolctl import ThreadpoolController

from touchstone.stats.threads import FEWEST_COLUMNS_FOR_MORE, spared_threads


@pytest.fixture
def libraries():
    """Give the libraries of linear algebra, set to two threads for the test."""
    found = ThreadpoolController().select(user_api="blas")
    with found.limit(limits=2):
        yield found


def threads_of(libraries) -> set[int]:
    """Give the numbers of threads the libraries take now."""
    return {one["num_threads"] for one in libraries.info()}


def test_a_fit_of_few_columns_takes_one_thread_when_it_works(libraries):
    """Threads are given back afterwards, also by a fit within a fit."""
    with spared_threads(columns=FEWEST_COLUMNS_FOR_MORE - 1):
        with spared_threads():
            assert threads_of(libraries) == {1}
        assert threads_of(libraries) == {1}
    assert threads_of(libraries) == {2}


def test_a_fit_of_very_many_columns_keeps_its_threads_when_it_works(libraries):
    """A large dense factor is worth more than one thread."""
    with spared_threads(columns=FEWEST_COLUMNS_FOR_MORE):
        assert threads_of(libraries) == {2}


def test_a_fit_gives_threads_back_when_it_fails(libraries):
    """An error in a fit must not slow down what comes after it."""
    with pytest.raises(ArithmeticError), spared_threads():
        raise ArithmeticError("no minimum")
    assert threads_of(libraries) == {2}


def test_a_fit_gives_threads_back_when_it_overlaps_with_another(libraries):
    """The first to begin lifts the limit; one that began within it leaves all as it is."""
    first_ended, second_began = threading.Event(), threading.Event()

    def second() -> None:
        with spared_threads():
            second_began.set()
            first_ended.wait(timeout=10)

    other = threading.Thread(target=second)
    with spared_threads():
        other.start()
        assert second_began.wait(timeout=10)
        assert threads_of(libraries) == {1}
    assert threads_of(libraries) == {2}
    first_ended.set()
    other.join()
    assert threads_of(libraries) == {2}


def test_a_result_stays_the_same_when_one_thread_works(libraries):
    """The number of threads changes rounding only."""
    chance = np.random.default_rng(7)
    table = chance.normal(size=(400, 300))
    many = np.linalg.inv(table.T @ table)
    with spared_threads():
        one = np.linalg.inv(table.T @ table)
    assert np.allclose(many, one, rtol=1e-9, atol=0)
