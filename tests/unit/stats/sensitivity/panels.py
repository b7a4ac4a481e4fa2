"""Made-up panels for the tests of sensitivity."""

import numpy as np

from touchstone.stats.index.composing import Panel
from touchstone.stats.index.hierarchies import build_hierarchy, flat_hierarchy
from touchstone.stats.index.normalising import Scaling

NAMES = ("a", "b", "c", "d")
PARENTS = {"a": "g", "b": "g", "c": "h", "d": "h", "g": "top", "h": "top"}


def made_panel(units=12, *, gaps=False, seed=3, **other):
    """Make a panel of four indicators in two groups; the first has outliers, d is better low."""
    chance = np.random.default_rng(seed)
    values = chance.normal(50, 10, (units, 4)) + chance.normal(0, 8, (units, 1))
    values[:, 0] = np.exp(values[:, 0] / 5)
    if gaps:
        values[0, 1] = values[1, 2] = np.nan
    settings = {
        "units": tuple(f"u{place}" for place in range(units)),
        "errors": np.full(values.shape, 2.0) * [5, 1, 1, 0],
        "scaling": Scaling(
            NAMES,
            np.array([1.0, 1, 1, -1]),
            worst=np.array([0.0, 20, 20, 90]),
            best=np.array([60000.0, 90, 90, 20]),
            target=np.array([1e6, 120, 120, -20]),
            reference=int(np.nanargmax(values.sum(axis=1))),
        ),
        "hierarchy": build_hierarchy(NAMES, PARENTS, {"a": 3, "h": 2}),
        "means": ("arithmetic", "geometric", "arithmetic"),
        "groups": tuple("xy"[place % 2] for place in range(units)),
    }
    return Panel(values=values, **(settings | other))


def flat_panel(values, **other):
    """Make a panel of the given figures, equal weights, higher is better, no errors."""
    cells = np.array(values, float)
    names = NAMES[: cells.shape[1]]
    unknown = np.full(len(names), np.nan)
    settings = {
        "units": tuple(map(str, range(len(cells)))),
        "errors": np.zeros_like(cells),
        "scaling": Scaling(names, np.ones(len(names)), unknown, unknown, unknown),
        "hierarchy": flat_hierarchy(names),
        "means": ("arithmetic",),
    }
    return Panel(values=cells, **(settings | other))
