"""The attack by linear programming: how far a number can be worked out where sums form a cycle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from touchstone.base.errors import TouchstoneError
from touchstone.stats.disclosure.knowledge import Number, Secret, Statement, Unknown

Floats = npt.NDArray[np.float64]
# How far HiGHS may be off; ranges that miss their least width by no more are wide enough.
TOLERANCE = 1e-6
# Both ends of a range are looked for this many least widths from a first solution.
REACH = 2
SIGNS = (1, -1)
# Pushing all secrets together goes on while it shows this many more least widths.
LEAST_GAIN = 0.5
SEED = 1


@dataclass(frozen=True, eq=False, slots=True)
class Cluster:
    """Unknowns that hang together by statements, as the matrix of a linear programme."""

    names: tuple[str, ...]
    matrix: sparse.csr_array
    statement_low: Floats
    statement_high: Floats
    low: Floats
    high: Floats
    whole: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, statements: Sequence[Statement], ranges: Mapping[str, Unknown]) -> "Cluster":
        """Set up the unknowns that some statements leave open; what is fixed is filled in."""
        open_names: dict[str, int] = {}
        rows: list[int] = []
        columns: list[int] = []
        factors: list[float] = []
        ends: list[tuple[float, float]] = []
        for row, statement in enumerate(statements):
            fixed: Number = 0
            for name, factor in statement.terms:
                unknown = ranges[name]
                if unknown.low is not None and unknown.low == unknown.high:
                    fixed += factor * unknown.low
                    continue
                rows.append(row)
                columns.append(open_names.setdefault(name, len(open_names)))
                factors.append(float(factor))
            ends.append((_end(statement.low, fixed, -np.inf), _end(statement.high, fixed, np.inf)))
        shape = (len(statements), len(open_names))
        bounds = [ranges[name] for name in open_names]
        return cls(
            names=tuple(open_names),
            matrix=sparse.csr_array((factors, (rows, columns)), shape=shape),
            statement_low=np.array([low for low, _ in ends]),
            statement_high=np.array([high for _, high in ends]),
            low=np.array([_end(one.low, 0, -np.inf) for one in bounds]),
            high=np.array([_end(one.high, 0, np.inf) for one in bounds]),
            whole=np.array([one.whole for one in bounds], bool),
        )


def attack(cluster: Cluster, secrets: Sequence[Secret]) -> dict[str, tuple[float, float]]:
    """Give the range of each secret of a cluster, as far as it matters whether it is wide enough.

    Linear programmes (HiGHS through SciPy) move as many secrets as can be at once; every solution
    shows values of all. A range that is not seen to be wide enough in these is sought by itself,
    its smallest and its largest value. Where a secret is whole, two whole solutions must exist as
    well, or its range is given as one point.
    """
    hunt = _Hunt(cluster, secrets)
    hunt.widen_together()
    hunt.widen_singly()
    return {secret.name: hunt.range_of(number) for number, secret in enumerate(secrets)}


class _Hunt:
    """The search for the ranges of some secrets, and the solutions seen so far."""

    def __init__(self, cluster: Cluster, secrets: Sequence[Secret]) -> None:
        place = {name: column for column, name in enumerate(cluster.names)}
        self.cluster = cluster
        self.at = np.array([place[secret.name] for secret in secrets])
        self.least = np.array([float(secret.least) for secret in secrets])
        everywhere = np.zeros(len(cluster.names))
        self.first = _solve(cluster, everywhere)[self.at]
        self.low = np.full(len(secrets), np.inf)
        self.high = np.full(len(secrets), -np.inf)
        self.whole_low, self.whole_high = self.low.copy(), self.high.copy()

    @property
    def narrow(self) -> npt.NDArray[np.intp]:
        """The secrets whose range is not seen to be wide enough yet."""
        return np.flatnonzero(~_is_wide(self.high - self.low, self.least))

    def widen_together(self) -> None:
        """Push secrets up and down at random, all at once, while that shows more of them."""
        random = np.random.default_rng(SEED)
        gain = 1.0
        while len(self.narrow) > 1 and gain > LEAST_GAIN:
            before = self._seen_width()
            signs = random.choice((-1.0, 1.0), len(self.narrow))
            for costs in (signs, -signs):
                self._see(self._pushed(costs))
            gain = self._seen_width() - before

    def widen_singly(self) -> None:
        """Seek both ends of each range that is not seen to be wide enough."""
        for number in range(len(self.at)):
            if number in self.narrow:
                for sign in SIGNS:
                    self._see(self._extreme(number, sign))

    def range_of(self, number: int) -> tuple[float, float]:
        """Give the ends that were seen; one point when no two whole solutions differ there."""
        low, high = float(self.low[number]), float(self.high[number])
        is_whole = self.cluster.whole[self.at[number]]
        if number in self.narrow or not is_whole or self._has_two(number):
            return low, high
        return float(self.first[number]), float(self.first[number])

    def _see(self, point: Floats) -> None:
        """Note what a solution shows of every secret; of a whole one also apart."""
        values = point[self.at]
        self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)
        is_whole = np.abs(point - np.round(point))[self.cluster.whole].max(initial=0.0) < TOLERANCE
        if is_whole:
            values = np.round(values)
            self.whole_low = np.minimum(self.whole_low, values)
            self.whole_high = np.maximum(self.whole_high, values)

    def _seen_width(self) -> float:
        """Give how much of their least widths the secrets were seen to range over, in all."""
        return float(np.minimum((self.high - self.low) / self.least, 1.0).sum())

    def _pushed(self, signs: Floats) -> Floats:
        """Find the solution in which narrow secrets are small or large, none far from the first."""
        narrow, costs = self.narrow, np.zeros(len(self.cluster.names))
        costs[self.at[narrow]] = np.resize(signs, len(narrow)) / self.least[narrow]
        values, least = self.first[narrow], self.least[narrow]
        return _solve(self.cluster, costs, near=(self.at[narrow], values - least, values + least))

    def _extreme(self, number: int, sign: int, *, whole: bool = False) -> Floats:
        """Find the solution in which a secret is largest (sign 1) or smallest (sign −1)."""
        reach = REACH * self.least[number]
        at, value = self.at[[number]], self.first[[number]]
        costs = np.zeros(len(self.cluster.names))
        costs[at] = -sign
        return _solve(self.cluster, costs, near=(at, value - reach, value + reach), whole=whole)

    def _has_two(self, number: int) -> bool:
        """Say whether two whole solutions differ in a secret: among those seen, or by search."""
        for sign in (0, *SIGNS):
            if sign:
                self._see(self._extreme(number, sign, whole=True))
            if self.whole_low[number] < self.whole_high[number]:
                return True
        return False


def _is_wide(width: Floats, least: Floats) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = width >= least - TOLERANCE * np.maximum(1.0, least)
    return found


def _solve(
    cluster: Cluster,
    costs: Floats,
    *,
    near: tuple[npt.NDArray[np.intp], Floats, Floats] | None = None,
    whole: bool = False,
) -> Floats:
    """Find the cheapest solution of a cluster, some unknowns held between given values."""
    low, high = cluster.low.copy(), cluster.high.copy()
    if near is not None:
        at, least, most = near
        low[at], high[at] = np.maximum(low[at], least), np.minimum(high[at], most)
    done = optimize.milp(
        costs,
        integrality=cluster.whole.astype(int) if whole else None,
        bounds=optimize.Bounds(low, high),
        constraints=optimize.LinearConstraint(
            cluster.matrix, cluster.statement_low, cluster.statement_high
        ),
    )
    if done.x is None:
        raise TouchstoneError(
            "DISCLOSURE-01",
            where=cluster.names[0],
            found="no number fits all that was published of it",
            remedy="Correct the figure that contradicts the others.",
        )
    point: Floats = done.x
    return point


def _end(end: Number | None, fixed: Number, otherwise: float) -> float:
    value = otherwise if end is None else float(Fraction(end) - fixed)
    return value if isfinite(value) else otherwise
