"""Draws of a composite index: other choices, and the sampling error of every cell.

    .venv/bin/python -m bench.composites [--quick]

Each measurement runs in a process of its own. The peers are a plain NumPy pass (one matrix product
a block of draws for the arithmetic mean, logarithms for the geometric one, places by sorting) in
the same run, and the R package COINr, whose get_sensitivity took 0.11 s a draw on the 51 × 49
figures of the pack `connectivity` on the same machine; it cannot be had here, so its figure is
given.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from touchstone.content.packs import read_pack
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze
from touchstone.loop.index_panels import find_panel
from touchstone.loop.indices import measure_for_index
from touchstone.stats.index.composing import Panel, Steps
from touchstone.stats.index.hierarchies import build_hierarchy
from touchstone.stats.index.normalising import plain_scaling
from touchstone.stats.sensitivity.admissible import bound_places
from touchstone.stats.sensitivity.attributions import attribute
from touchstone.stats.sensitivity.distributions import spread_places
from touchstone.stats.sensitivity.draws import draw_index
from touchstone.stats.sensitivity.studies import Choices, prepare_study

SEED = 20_261_125
ROUNDS = 5
BAR_CHOICES, BAR_ERRORS = 3.0, 12.0
COINR_SECONDS_A_DRAW = 0.11
BAR_TIMES_COINR = 1000
CONFIDENCE = 0.9
VARIED: dict[str, Any] = {
    "normalise": ("min_max", "z_score", "percentile"),
    "aggregate": ("arithmetic", "geometric", "harmonic"),
    "weight_noise": 0.25,
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is drawn."""

    units: int = 1_000
    indicators: int = 50
    draws: int = 10_000


QUICK = Size(units=60, indicators=10, draws=500)


def made_up_panel(size: Size) -> Panel:
    """Make positive figures with errors, in ten groups of one tree."""
    chance = np.random.default_rng(SEED)
    values = chance.gamma(4, 10, (size.units, size.indicators))
    names = [f"i{place}" for place in range(size.indicators)]
    groups = {f"g{place}": "whole" for place in range(10)}
    parents = {name: f"g{place % 10}" for place, name in enumerate(names)} | groups
    return Panel(
        units=tuple(map(str, range(size.units))),
        values=values,
        errors=np.full_like(values, 3.0),
        scaling=plain_scaling(names),
        hierarchy=build_hierarchy(names, parents, {}),
        means=("arithmetic",) * (len(groups) + 1),
    )


def countries() -> Panel:
    """Read the panel of the pack `connectivity`."""
    pack = read_pack("connectivity")
    scheme, dataset = pack.schemes["sustainable_connectivity"], pack.datasets["countries"]
    with pack.evidence["countries"].open("rb") as stream:
        snapshot = freeze(read_table(stream, where="countries"), dataset)
    measures = measure_for_index(snapshot, scheme, dataset=dataset, indicators=pack.indicators)
    return find_panel(measures, scheme).panel


def timed(work: Callable[[], Any], rounds: int = ROUNDS) -> dict[str, float]:
    """Time some work: the first call, which compiles, then the median and the best."""
    first = _seconds(work)
    seconds = [_seconds(work) for _ in range(rounds)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "first": first,
        "median": statistics.median(seconds),
        "best": min(seconds),
        "peak": peak,
    }


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _draws(panel: Panel, size: Size, steps: Steps, choices: Choices) -> dict[str, float]:
    def run() -> Any:
        study = prepare_study(panel, steps, choices)
        found = draw_index(study, size.draws, seed=SEED)
        return spread_places(found.places, CONFIDENCE)

    return timed(run)


def time_choices(size: Size) -> dict[str, float]:
    """Weights, normalisation and aggregation varied, with place intervals."""
    return _draws(made_up_panel(size), size, Steps(), Choices(**VARIED))


def time_errors(size: Size) -> dict[str, float]:
    """The same with the error of every cell."""
    return _draws(made_up_panel(size), size, Steps(), Choices(**VARIED, errors=True))


def time_countries(size: Size) -> dict[str, float]:
    """The pack's own index: imputation, treatment, normalisation, aggregation, weights."""
    steps = Steps(impute="group_median", treat="winsorise", weigh="equal")
    choices = Choices(impute=("group_median", "median"), treat=("winsorise", "none"), **VARIED)
    return _draws(countries(), size, steps, choices)


def time_attribution(size: Size) -> dict[str, float]:
    """Sobol' indices of four factors, 1,000 draws to a sample."""
    study = prepare_study(made_up_panel(size), Steps(), Choices(**VARIED, errors=True))
    base = min(1_000, size.draws)
    return timed(lambda: attribute(study, base, seed=SEED), rounds=2)


def time_bounds(size: Size) -> dict[str, float]:
    """Places of all units over all admissible weights."""
    panel = made_up_panel(size)
    study = prepare_study(panel, Steps(), Choices())
    points = study.index.normalised
    return timed(lambda: bound_places(points, panel.hierarchy, 0.25), rounds=3)


def time_plain(size: Size) -> dict[str, float]:
    """A plain NumPy pass over prepared figures: weights and two means, no errors, flat tree."""
    panel = made_up_panel(size)
    points = prepare_study(panel, Steps(), Choices()).index.normalised
    logs = np.log(np.maximum(points, 1))

    def run() -> Any:
        chance = np.random.default_rng(SEED)
        places = np.empty((size.draws, size.units), np.int32)
        for first in range(0, size.draws, 500):
            count = min(500, size.draws - first)
            weights = chance.uniform(0.75, 1.25, (count, size.indicators))
            weights /= weights.sum(axis=1, keepdims=True)
            scores = np.where(
                chance.random((count, 1)) < 0.5, weights @ points.T, np.exp(weights @ logs.T)
            )
            places[first : first + count] = (-scores).argsort(axis=1).argsort(axis=1) + 1
        return np.quantile(places, [0.05, 0.5, 0.95], axis=0)

    return timed(run, rounds=3)


MEASURES: dict[str, Callable[[Size], dict[str, float]]] = {
    "choices": time_choices,
    "errors": time_errors,
    "countries": time_countries,
    "attribution": time_attribution,
    "bounds": time_bounds,
    "plain": time_plain,
}


def measured_apart(what: str, size: Size) -> dict[str, Any]:
    """Measure in a process of its own, which compiles everything anew at its first call."""
    order = json.dumps({"what": what, "size": asdict(size)})
    command = [sys.executable, "-m", "bench.composites", "--child", order]
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as cache:
        surroundings = {**os.environ, "NUMBA_CACHE_DIR": cache}
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=surroundings)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def report(size: Size, *, is_held: bool) -> bool:
    """Print all measurements; tell whether the bars hold."""
    print(f"{size.units:,} units × {size.indicators} indicators, {size.draws:,} draws, seconds:")
    found = {}
    for what in MEASURES:
        found[what] = measured_apart(what, size)
        line = "".join(f"  {name} {found[what][name]:.3f}" for name in ("first", "median", "best"))
        print(f"{what:12}{line}  peak {found[what]['peak']:.0f} MiB", flush=True)
    a_draw = found["countries"]["median"] / size.draws
    times = COINR_SECONDS_A_DRAW / a_draw
    print(f"countries: {a_draw * 1e6:.1f} µs a draw, {times:,.0f} × COINr (0.11 s a draw, given)")
    holds = (
        found["choices"]["median"] <= BAR_CHOICES
        and found["errors"]["median"] <= BAR_ERRORS
        and times >= BAR_TIMES_COINR
    )
    word = "held" if holds else "missed"
    print(
        f"bars: choices ≤ {BAR_CHOICES} s, errors ≤ {BAR_ERRORS} s, "
        f"countries ≥ {BAR_TIMES_COINR:,} × COINr: {word}"
    )
    return holds or not is_held


def main() -> None:
    """Measure, and end with 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small size, bars not held")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        order = json.loads(arguments.child)
        print(json.dumps(MEASURES[order["what"]](Size(**order["size"]))))
        return
    size = QUICK if arguments.quick else Size()
    sys.exit(0 if report(size, is_held=not arguments.quick) else 1)


if __name__ == "__main__":
    main()
