"""Which choice moves the ranking most: sensitivity indices of the first order and in total."""

from dataclasses import dataclass, replace

import numpy as np

from touchstone.stats.index.arrays import Floats
from touchstone.stats.sensitivity.draws import Chosen, choose, evaluate, places_in
from touchstone.stats.sensitivity.studies import STEPS, Study

RESAMPLES = 500
RESAMPLING = 3


@dataclass(frozen=True, slots=True)
class Attribution:
    """How much of the variance of the mean shift in place one factor accounts for.

    `first` is its share on its own, `total` the share that it has a part in. Each has an interval
    of 95 %, from resampling the draws. The estimates may lie a little below 0 or above 1.
    """

    factor: str
    first: float
    first_interval: tuple[float, float]
    total: float
    total_interval: tuple[float, float]


def attribute(study: Study, base: int, *, seed: int) -> tuple[Attribution, ...]:
    """Attribute the variance of an index's ranking to the choices that vary.

    What is explained is the mean over units of the absolute shift in place from the index. With
    two independent samples A and B of `base` draws each, and A with one factor taken from B
    instead, the first-order index is mean(f(B)·(f(A_B) − f(A)))/V (Saltelli and others 2010) and
    the total index mean((f(A) − f(A_B))²)/(2V) (Jansen 1999). All weights together are one factor,
    and so are the errors of all cells. The work is `base` times the number of factors plus 2.

    Gives nothing when fewer than two factors vary, or the ranking never moves. The same seed
    gives the same figures.

    Source: Sobol' 1993; for composite indices Saisana, Saltelli and Tarantola (2005).
    """
    if base < 2:
        raise ValueError(f"base must be 2 or more; got {base}")
    if len(study.factors) < 2:
        return ()
    first = choose(study, base, seed=seed, stream="a")
    second = choose(study, base, seed=seed, stream="b")
    crossed = [_crossed(first, second, factor) for factor in study.factors]
    figures = np.array([_shift(study, one, seed) for one in (first, second, *crossed)])
    if np.ptp(figures) == 0:
        return ()
    point = indices_of(figures, np.ones((1, base)))[:, 0]
    chance = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(RESAMPLING,)))
    counts = chance.multinomial(base, np.full(base, 1 / base), RESAMPLES).astype(np.float64)
    spread = np.quantile(indices_of(figures, counts), [0.025, 0.975], axis=1)
    return tuple(
        Attribution(
            factor,
            float(point[0, place]),
            (float(spread[0, 0, place]), float(spread[1, 0, place])),
            float(point[1, place]),
            (float(spread[0, 1, place]), float(spread[1, 1, place])),
        )
        for place, factor in enumerate(study.factors)
    )


def indices_of(outputs: Floats, counts: Floats) -> Floats:
    """Give first-order and total indices, [2, resamples, factors], from outputs of a model.

    `outputs` is [2 + factors, draws]: those of sample A, of B, and of A with one factor of B, in
    turn. `counts` is [resamples, draws]: how often each draw counts; all ones for the estimate.

    >>> a, b = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.0, 0.0, 1.0, 1.0])
    >>> indices_of(np.array([a, b, b, a]), np.ones((1, 4))).tolist()
    [[[1.0, 0.0]], [[1.0, 0.0]]]
    """
    a, b, crossed = outputs[0], outputs[1], outputs[2:]
    share = counts / counts.sum(axis=1, keepdims=True)
    middle = share @ (a + b) / 2
    variance = share @ (a**2 + b**2) / 2 - middle**2
    safe = np.where(variance > 0, variance, 1.0)[:, None]
    centred = b - outputs[:2].mean()
    first = share @ (centred * (crossed - a)).T / safe
    total = share @ ((a - crossed) ** 2).T / (2 * safe)
    return np.stack([first, total])


def _crossed(first: Chosen, second: Chosen, factor: str) -> Chosen:
    """Give the first sample with one factor taken from the second."""
    if factor == "weight_noise":
        return replace(first, noise=second.noise)
    if factor == "errors":
        return replace(first, errors=second.errors)
    levels = first.levels.copy()
    place = [str(step) for step in STEPS].index(factor)
    levels[:, place] = second.levels[:, place]
    return replace(first, levels=levels)


def _shift(study: Study, chosen: Chosen, seed: int) -> Floats:
    """Give the mean absolute shift in place from the index, for each draw."""
    places = places_in(evaluate(study, chosen, seed=seed))
    return np.asarray(np.abs(places - study.index.places).mean(axis=1), np.float64)
