"""The admissible weights of an index as linear constraints, for linear and integer programmes."""

from collections.abc import Sequence

import numpy as np
from scipy import optimize, sparse

from touchstone.stats.index.arrays import Floats, Integers
from touchstone.stats.index.hierarchies import Hierarchy

MARGIN = 1e-9
Order = tuple[str, str]


class WeightProgramme:
    """The admissible weights as linear constraints on the nodes' weights in the whole.

    With E the weight of a node in the whole and s ≥ 0 one number for each group: low·s ≤ E ≤
    high·s for its children, whose E sum to that of the group; E of the whole is 1.
    """

    def __init__(self, hierarchy: Hierarchy, noise: float, orders: Sequence[Order]) -> None:
        nodes, first = len(hierarchy.names), hierarchy.indicator_count
        self.indicators, self.size = first, nodes + nodes - first
        child, above = np.arange(nodes - 1), hierarchy.parents[:-1]
        scale = nodes + above - first
        low, high = (hierarchy.weights[:-1] * factor for factor in (1 - noise, 1 + noise))
        place = {name: number for number, name in enumerate(hierarchy.names)}
        ordered = np.array([(place[more], place[less]) for more, less in orders], int)
        ordered = ordered.reshape(-1, 2)
        self.upper = sparse.vstack(
            [
                self._rows(child, scale, 1.0, -high),
                self._rows(child, scale, -1.0, low),
                self._rows(ordered[:, 1], ordered[:, 0], 1.0, -np.ones(len(ordered))),
            ]
        ).tocsc()
        self.equal = self._sums(hierarchy)
        self.right = np.r_[np.zeros(nodes - first), 1.0]

    def greatest(self, gains: Floats) -> float:
        """Give the greatest weighted sum of some gains by indicator."""
        goal = np.zeros(self.size)
        goal[: self.indicators] = -gains
        nothing = np.zeros(self.upper.shape[0])
        found = optimize.linprog(goal, self.upper, nothing, self.equal, self.right)
        if found.status != 0:
            raise ValueError(f"weights must be admissible for some order; got: {found.message}")
        return -float(found.fun)

    def fewest_above(self, gains: Floats, seconds: float) -> tuple[int, bool]:
        """Give the fewest rows of gains whose weighted sum is above 0, and whether it is proven."""
        count = len(gains)
        if count == 0:
            return 0, True
        reach = np.abs(gains).max(axis=1) + MARGIN
        goal = np.r_[np.zeros(self.size), np.ones(count)]
        block = np.zeros((count, self.size))
        block[:, : self.indicators] = gains
        counted = sparse.hstack([sparse.csc_array(block), -sparse.diags_array(reach)])
        limits = [
            optimize.LinearConstraint(_widened(self.upper, count), -np.inf, 0.0),
            optimize.LinearConstraint(_widened(self.equal, count), self.right, self.right),
            optimize.LinearConstraint(counted, -np.inf, 0.0),
        ]
        found = optimize.milp(
            goal,
            constraints=limits,
            integrality=np.r_[np.zeros(self.size), np.ones(count)],
            bounds=optimize.Bounds(0.0, np.r_[np.full(self.size, np.inf), np.ones(count)]),
            options={"time_limit": seconds},
        )
        bound = found.mip_dual_bound if found.mip_dual_bound is not None else 0.0
        return int(np.ceil(bound - 1e-6)), found.status == 0

    def _rows(
        self, one: Integers, other: Integers, own: float, factors: Floats
    ) -> sparse.csr_array:
        """Make rows with `own` in one column and a factor in another one."""
        rows = np.arange(len(one))
        values = np.r_[np.full(len(one), own), factors]
        place = (np.r_[rows, rows], np.r_[one, other])
        return sparse.csr_array((values, place), shape=(len(one), self.size))

    def _sums(self, hierarchy: Hierarchy) -> sparse.csc_array:
        """Make the rows by which children sum to their group, and the whole is 1."""
        nodes, first = len(hierarchy.names), self.indicators
        rows = sparse.lil_array((nodes - first + 1, self.size))
        for group in range(first, nodes):
            rows[group - first, hierarchy.children(group)] = 1.0
            rows[group - first, group] = -1.0
        rows[nodes - first, nodes - 1] = 1.0
        return rows.tocsc()


def _widened(rows: sparse.csc_array, count: int) -> sparse.csc_array:
    """Add so many columns of zeros."""
    return sparse.hstack([rows, sparse.csc_array((rows.shape[0], count))])
