"""Item response models: 100,000 persons × 30 items, and a million ratings on forms.

    .venv/bin/python -m bench.item_response [--quick]

The peer is a plain NumPy pass: count categories and scores, then maximise the likelihood of these
sufficient statistics at 101 fixed abilities by BFGS. TAM takes 2.2 s for the Rasch and 3.1 s for
the partial credit model of such a table, on another day on such a machine.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize

from touchstone.stats.crossed_effects.tables import Grouping
from touchstone.stats.item_response.models import fit_item_response
from touchstone.stats.many_facets.forms import FormTable
from touchstone.stats.many_facets.models import fit_many_facets

SEED = 20_261_125
BARS = {"rasch": 0.2, "partial_credit": 0.4}
CLOSEST = 1e-6
ROUNDS = 7
ABILITIES = np.linspace(-6, 6, 101)
Table = npt.NDArray[np.int64]


class Size(NamedTuple):
    """How much is fitted."""

    persons: int = 100_000
    items: int = 30
    ratees: int = 20_000
    raters: int = 1_000


QUICK = Size(persons=5_000, items=10, ratees=200, raters=40)


def made_up_answers(size: Size, most: int) -> Table:
    """Draw answers in categories 0 to `most` by the model with common thresholds."""
    chance = np.random.default_rng(SEED)
    ability = 1.2 * chance.normal(size=size.persons)
    taus = np.linspace(-1, 1, most) if most > 1 else np.zeros(1)
    table = np.empty((size.persons, size.items), np.int64)
    for item, difficulty in enumerate(np.linspace(-1.5, 1.5, size.items)):
        table[:, item] = drawn_categories(ability - difficulty, taus, chance)
    return table


def drawn_categories(place: Any, taus: Any, chance: np.random.Generator) -> Table:
    """Draw one category for each place on the scale."""
    sums = np.cumsum(place[:, None] - taus, axis=1)
    weights = np.exp(np.hstack([np.zeros((len(place), 1)), sums]))
    below = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)[:, :-1]
    found: Table = (chance.random((len(place), 1)) > below).sum(axis=1)
    return found


def made_up_forms(size: Size) -> FormTable:
    """Draw forms of 5 items with 5 categories, by 10 raters of each ratee."""
    chance = np.random.default_rng(SEED)
    each, items = 10, 5
    ratee = np.repeat(np.arange(size.ratees), each * items)
    firsts = chance.integers(0, size.raters, (size.ratees, 1))
    strides = chance.integers(1, size.raters // each, (size.ratees, 1))
    rater = np.repeat(((firsts + strides * np.arange(each)) % size.raters).ravel(), items)
    item = np.tile(np.arange(items), size.ratees * each)
    ability, severity = 1.2 * chance.normal(size=size.ratees), 0.6 * chance.normal(size=size.raters)
    place = ability[ratee] - severity[rater] - np.linspace(-1, 1, items)[item]
    categories = drawn_categories(place, np.linspace(-1.5, 1.5, 4), chance)
    levels = ((rater, size.raters, "rater"), (ratee, size.ratees, "ratee"), (item, items, "item"))
    return FormTable(
        categories,
        *(
            Grouping(name, codes.astype(np.int32), [str(level) for level in range(count)])
            for codes, count, name in levels
        ),
    )


def plain_log_likelihood(table: Table, most: int) -> float:
    """Fit by a plain NumPy pass over sufficient statistics; give the log likelihood."""
    items = table.shape[1]
    counts = np.array([np.bincount(column, minlength=most + 1) for column in table.T])[:, 1:]
    sizes = np.bincount(table.sum(axis=1), minlength=items * most + 1)
    scores = np.arange(len(sizes))
    categories = np.arange(1, most + 1)

    def slope(x: Any) -> Any:
        steps, spread = x[:-1].reshape(items, most), np.exp(x[-1])
        ability = spread * ABILITIES
        weights = np.exp(steps[:, :, None] + categories[:, None] * ability)
        divisors = 1 + weights.sum(axis=1)
        logits = scores[:, None] * ability - np.log(divisors).sum(axis=0) - ABILITIES**2 / 2
        tops = logits.max(axis=1, keepdims=True)
        posterior = np.exp(logits - tops)
        totals = posterior.sum(axis=1, keepdims=True)
        posterior /= totals
        values = tops[:, 0] + np.log(totals[:, 0] * (ABILITIES[1] - ABILITIES[0]))
        value = (counts * steps).sum() + sizes @ (values - np.log(2 * np.pi) / 2)
        persons = sizes @ posterior
        chances = weights / divisors[:, None]
        means = (categories[:, None] * chances).sum(axis=(0, 1))
        of_spread = ((sizes[:, None] * posterior) * (scores[:, None] - means) * ability).sum()
        return -value, -np.append((counts - chances @ persons).ravel(), of_spread)

    begin = np.append(np.log((counts + 1) / (len(table) - counts.sum(axis=1) + 1)[:, None]), 0.0)
    found = optimize.minimize(slope, begin, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return -float(found.fun)


def report(size: Size, *, is_held: bool) -> bool:
    """Print all measurements; tell whether the bars hold."""
    holds = True
    print(f"{size.persons:,} persons × {size.items} items; seconds:")
    for model, most in (("rasch", 1), ("partial_credit", 4)):
        table = made_up_answers(size, most)
        first, median = timed(lambda: fit_item_response(table, model), ROUNDS)  # noqa: B023
        plain_first, plain = timed(lambda: plain_log_likelihood(table, most), 3)  # noqa: B023
        found = fit_item_response(table, model).log_likelihood
        apart = abs(found / plain_log_likelihood(table, most) - 1)
        holds &= median <= BARS[model] and apart <= CLOSEST
        print(f"{model:15} Touchstone  first {first:.3f}  median {median:.3f}", flush=True)
        print(f"{'':15} plain pass  first {plain_first:.3f}  median {plain:.3f}")
        print(f"{'':15} log likelihood {found:.4f}, {apart:.1e} apart; bar {BARS[model]} s")
    forms = made_up_forms(size)
    first, again = timed(lambda: fit_many_facets(forms), 1)
    print(f"many facets: {len(forms.categories):,} ratings, {size.raters:,} raters, ", end="")
    print(f"{size.ratees:,} ratees, 5 items: first {first:.1f}, again {again:.1f}")
    print(f"bars: {'held' if holds else 'missed'}")
    return holds or not is_held


def timed(work: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """Give the seconds of the first call, and the median of those after it."""
    seconds = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return seconds[0], statistics.median(seconds[1:])


def main() -> None:
    """Measure, and end with 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small size, bars not held")
    arguments = parser.parse_args()
    size = QUICK if arguments.quick else Size()
    sys.exit(0 if report(size, is_held=not arguments.quick) else 1)


if __name__ == "__main__":
    main()
