"""Quotas in drawn scores: who has a place in each draw."""

import numpy as np
from numpy.typing import NDArray

from touchstone.stats.grade_probabilities import Array
from touchstone.stats.lattices import Lattice, Whole
from touchstone.stats.quotas import Ties

Flags = NDArray[np.bool_]
# A coordinate of the lattice that no measure uses.
LOTS = 61


def drawn_quota(scores: Array, may_have: Flags, places: int, ties: Ties, *, units: Whole) -> Flags:
    """Say for each draw which units of a group have one of the quota's places.

    `scores` and `may_have` are of shape units × draws; only units that may have the grade in a
    draw take a place in it. Equal scores at the cut are all let in with `include`, all left out
    with `exclude`; with `undecided` lots are drawn, by the order that `units` give.

    >>> scores = np.repeat([[9.0], [8.0], [8.0]], 101, axis=1)
    >>> has = drawn_quota(scores, scores > 0, 2, "undecided", units=np.arange(3))
    >>> has.mean(axis=1).round(1).tolist(), has.sum(axis=0).max()
    ([1.0, 0.5, 0.5], np.int64(2))
    """
    count, draws = scores.shape
    if places >= count:
        return may_have.copy()
    if places == 0:
        return np.zeros_like(may_have)
    keys = np.where(may_have, scores, -np.inf)
    cut = np.partition(keys, count - places, axis=0)[count - places]
    above = may_have & (keys > cut)
    tied = may_have & (keys == cut)
    if ties == "include":
        all_in: Flags = above | tied
        return all_in
    left = places - above.sum(axis=0)
    if ties == "exclude":
        fitting: Flags = above | (tied & (tied.sum(axis=0) <= left))
        return fitting
    lots = Lattice(draws).places(LOTS, units)
    order = np.where(tied, lots * np.int64(count) + np.arange(count)[:, None], -1)
    ranked = -np.sort(-order, axis=0)
    least = np.take_along_axis(ranked, np.maximum(left - 1, 0)[None, :], axis=0)
    found: Flags = above | (tied & (order >= least) & (left > 0))
    return found
