"""Made-up rating forms."""

import numpy as np

from touchstone.stats.crossed_effects.tables import grouping
from touchstone.stats.many_facets.forms import FormTable

TAUS = np.array([-1.2, 0.0, 1.2])


def table_of(rows) -> FormTable:
    """Make a table of (rater, ratee, item, category) rows."""
    raters, ratees, items, categories = zip(*rows, strict=True)
    names = (("rater", raters), ("ratee", ratees), ("item", items))
    return FormTable(np.array(categories), *(grouping(*one) for one in names))


def drawn_forms(seed=1, *, ratees=60, raters=8, each=4, items=4, spread=1.3, severity=0.7):
    """Draw forms by the model: rows, abilities and severities.

    The categories are 1 to 4; raters are evenly spread from lenient to severe.
    """
    generator = np.random.default_rng(seed)
    abilities = spread * generator.normal(size=ratees)
    severities = severity * np.linspace(-1, 1, raters)
    difficulties = np.linspace(-0.5, 0.5, items)
    rows = []
    for ratee in range(ratees):
        for rater in generator.choice(raters, each, replace=False):
            for item in range(items):
                place = abilities[ratee] - severities[rater] - difficulties[item]
                sums = np.append(0, np.cumsum(place - TAUS))
                chance = np.exp(sums - sums.max())
                category = generator.choice(4, p=chance / chance.sum())
                rows.append((f"r{rater:02}", f"u{ratee:02}", f"i{item}", 1 + int(category)))
    return rows, abilities, severities
