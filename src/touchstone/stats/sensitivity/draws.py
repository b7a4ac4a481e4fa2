"""Monte Carlo over method choices and sampling error: scores and places, draw by draw."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from touchstone.stats.index.arrays import Floats, Integers, Mask
from touchstone.stats.sensitivity.kernels import (
    BORDA,
    GEOMETRIC,
    HARMONIC,
    PERCENTILE,
    RANK,
    Places,
    Rules,
    draw_cells,
    normalise_cells,
    place_cells,
    place_draws,
    score_prepared,
)
from touchstone.stats.sensitivity.studies import STEPS, Study, method_codes
from touchstone.tallies.workers import share_work

BLOCK = 64
CELLS_AT_ONCE = 2**16
PLACE_CODES = (RANK, PERCENTILE, BORDA)
CHOOSING, WEIGHING, ERRING = range(3)
Stream = Literal["a", "b"]
STREAMS: dict[Stream, int] = {"a": 0, "b": 1}


@dataclass(frozen=True, eq=False, slots=True)
class Chosen:
    """What each draw takes: the place of a method for each step, and how each weight moves.

    `levels` is [draws, steps], `noise` [draws, nodes] between −1 and 1. `errors` names the stream
    of random numbers that the errors of the cells come from.
    """

    levels: Integers
    noise: Floats
    errors: Stream = "a"


@dataclass(frozen=True, eq=False, slots=True)
class Draws:
    """Scores and places of the units, [draws, units], and what each draw took.

    `is_own` marks the draws that normalise and aggregate as the index does, so that their scores
    are on its scale.
    """

    scores: Floats
    places: Places
    levels: Integers
    is_own: Mask
    seed: int


def draw_index(study: Study, draws: int, *, seed: int) -> Draws:
    """Draw an index many times, every choice of the study taken at random and independently.

    Each method of a step is as likely as the other ones. Weights move evenly and independently
    within their noise. With errors, every cell is drawn from a normal distribution around its
    figure with its standard error, independent of the other cells, and normalised anew with the
    other units' drawn cells; imputation and the bounds of the treatment of outliers stay those of
    the figures. No draw is left out, and nothing is approximated.

    The same seed gives the same draws whatever the number of processors; more draws begin with
    the same ones. Random bits are those of NumPy's SFC64, a stream for every 64
    draws; `stats.sensitivity.normals` makes normal numbers of them.

    Source: uncertainty analysis of OECD and JRC handbook (Nardo and others 2008), step 7; Saisana,
    Saltelli and Tarantola (2005).

    >>> from touchstone.stats.index.composing import Panel, Steps
    >>> from touchstone.stats.index.hierarchies import flat_hierarchy
    >>> from touchstone.stats.index.normalising import plain_scaling
    >>> from touchstone.stats.sensitivity.studies import Choices, prepare_study
    >>> cells = np.array([[1.0, 30.0], [2.0, 10.0], [5.0, 20.0]])
    >>> panel = Panel(("A", "B", "C"), cells, np.zeros_like(cells), plain_scaling(["a", "b"]),
    ...               flat_hierarchy(["a", "b"]), ("arithmetic",))
    >>> study = prepare_study(panel, Steps(), Choices(weight_noise=0.5))
    >>> found = draw_index(study, 200, seed=1)
    >>> found.scores.shape, found.places.max(axis=0).tolist()
    ((200, 3), [2, 3, 2])
    """
    if draws < 1:
        raise ValueError(f"draws must be 1 or more; got {draws}")
    chosen = choose(study, draws, seed=seed)
    scores = evaluate(study, chosen, seed=seed)
    return Draws(scores, places_in(scores), chosen.levels, _is_own(study, chosen.levels), seed)


def choose(study: Study, draws: int, *, seed: int, stream: Stream = "a") -> Chosen:
    """Choose methods and weights for some draws at random.

    A step with one method has level 0 throughout.
    """
    sizes = np.array([len(getattr(study.choices, step)) for step in STEPS])
    nodes = len(study.panel.hierarchy.names)
    levels, noise = np.empty((draws, len(STEPS)), np.int64), np.empty((draws, nodes))
    for block in range(0, draws, BLOCK):
        # Whole blocks are drawn, so that more draws begin with the same ones.
        choosing = generator(seed, CHOOSING, stream, block).random((BLOCK, len(STEPS)))
        weighing = generator(seed, WEIGHING, stream, block).random((BLOCK, nodes))
        part = slice(block, min(block + BLOCK, draws))
        levels[part] = (choosing * sizes).astype(np.int64)[: part.stop - block]
        noise[part] = (2 * weighing - 1)[: part.stop - block]
    return Chosen(levels, noise, stream)


def evaluate(study: Study, chosen: Chosen, *, seed: int) -> Floats:
    """Give the scores [draws, units] of an index as each draw has chosen it, on all processors."""
    rules = _rules(study, chosen)
    draws, units = len(chosen.levels), len(study.panel.units)
    scores = np.empty((draws, units))
    parents = np.ascontiguousarray(study.panel.hierarchy.parents, np.int64)

    def score_some(blocks: Iterable[int]) -> None:
        for block in blocks:
            part = slice(block * BLOCK, min((block + 1) * BLOCK, draws))
            own = part_of(rules, part)
            if study.choices.errors:
                errors = generator(seed, ERRING, chosen.errors, block * BLOCK)
                _score_with_errors(study, own, parents, errors, scores[part])
            else:
                score_prepared(study.columns, own, parents, study.panel.floor, scores[part])

    share_work(score_some, -(-draws // BLOCK))
    return scores


def places_in(scores: Floats) -> Places:
    """Give the place of each unit in each draw, [draws, units]; equal scores share the better one.

    >>> places_in(np.array([[7.0, 9.0, 7.0]])).tolist()
    [[2, 1, 2]]
    """
    places = np.empty(scores.shape, np.int32)

    def place_some(blocks: Iterable[int]) -> None:
        for block in blocks:
            part = slice(block * BLOCK, (block + 1) * BLOCK)
            place_draws(scores[part], np.argsort(-scores[part], axis=1), places[part])

    share_work(place_some, -(-len(scores) // BLOCK))
    return places


def generator(seed: int, purpose: int, stream: Stream, block: int) -> np.random.Generator:
    """Give the random numbers of one purpose for the block of draws that begins at a draw.

    >>> generator(1, CHOOSING, "a", 0).random() == generator(1, CHOOSING, "a", 64).random()
    False
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(purpose, STREAMS[stream], block))
    return np.random.Generator(np.random.SFC64(sequence))


def part_of(rules: Rules, part: slice) -> Rules:
    """Give the rules of some of the draws."""
    return Rules(rules.weights[part], rules.means[part], rules.columns[part], rules.methods[part])


def _rules(study: Study, chosen: Chosen) -> Rules:
    """Turn choices into what the passes need."""
    impute, treat, normalise, weigh, aggregate = chosen.levels.T
    choices = study.choices
    variant = (impute * len(choices.treat) + treat) * len(choices.normalise) + normalise
    moved = 1 + choices.weight_noise * chosen.noise
    columns = variant if choices.errors else variant * len(study.means) + aggregate
    return Rules(
        weights=study.weights[variant, weigh] * moved,
        means=study.means[aggregate],
        columns=columns,
        methods=method_codes(study)[normalise],
    )


def _score_with_errors(
    study: Study,
    rules: Rules,
    parents: Integers,
    errors: np.random.Generator,
    scores: Floats,
) -> None:
    """Score one block of draws, some draws at a time, so that their errors fit into the cache."""
    shape = study.noisy.values.shape[1:]
    step = max(1, CELLS_AT_ONCE // (shape[0] * shape[1]))
    for first in range(0, len(scores), step):
        part = slice(first, min(first + step, len(scores)))
        own = part_of(rules, part)
        count = part.stop - first
        bits = errors.integers(0, 2**64, (count, *shape), dtype=np.uint64)
        cells = np.empty((count, *shape))
        draw_cells(study.noisy, own, bits, cells)
        for draw in np.flatnonzero(np.isin(own.methods, PLACE_CODES)):
            alone = slice(draw, draw + 1)
            order = np.argsort(cells[alone], axis=2)
            place_cells(study.noisy, own.methods[alone], order, cells[alone])
        normalise_cells(study.noisy, own.methods, cells)
        _change(cells, own.means[:, parents[: shape[0]] - shape[0]], study.panel.floor)
        own = own._replace(columns=np.arange(count))
        score_prepared(cells, own, parents, study.panel.floor, scores[part])


def _change(cells: Floats, means: Integers, floor: float) -> None:
    """Take the logarithms and reciprocals that the groups' means ask for, in place.

    `means` has the mean of the group of each indicator, [draws, indicators].
    """
    for code, change in ((GEOMETRIC, np.log), (HARMONIC, np.reciprocal)):
        for draw in np.flatnonzero((means == code).any(axis=1)):
            rows = np.flatnonzero(means[draw] == code)
            some = slice(None) if len(rows) == means.shape[1] else rows
            cells[draw, some] = change(np.maximum(cells[draw, some], floor))


def _is_own(study: Study, levels: Integers) -> Mask:
    """Mark the draws that normalise and aggregate as the index itself does."""
    is_own = np.ones(len(levels), bool)
    for place, step in enumerate(STEPS):
        own = getattr(study.steps, step)
        if step in ("normalise", "aggregate"):
            names = getattr(study.choices, step)
            is_own &= np.array([name == own for name in names])[levels[:, place]]
    return is_own
