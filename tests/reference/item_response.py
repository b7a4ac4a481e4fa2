"""Item response models by a plain pass over all rows, as reference numbers for Touchstone.

Run in this folder: python item_response.py   (writes item_response.json; needs NumPy and SciPy)

Nothing is collapsed: each person's likelihood is the product over the rows, integrated by the
trapezoid rule at 241 abilities; thresholds are free parameters of each item, or common ones beside
the items' difficulties; the maximum is found by BFGS, and second derivatives by differences.
"""

import csv
import json
from pathlib import Path

import numpy as np
from scipy import optimize

HERE = Path(__file__).parent
NODES = np.linspace(-9, 9, 241)


class Plain:
    """A model of rows (person, item, rater, category); logit of k over k − 1 at ability a:
    a − difficulty(item) − severity(rater) − threshold, with one threshold set to what sums to 0.
    """

    def __init__(self, person, item, rater, category, common):
        self.person, self.item, self.rater, self.category = person, item, rater, category
        self.people, self.items, self.raters = person.max() + 1, item.max() + 1, rater.max() + 1
        self.most, self.common = int(category.max()), common
        self.scales = 1 if common else self.items
        self.sizes = [self.items, self.raters - 1, self.scales * (self.most - 1), 1]

    def parts(self, x):
        difficulty, severity, free, spread = np.split(x, np.cumsum(self.sizes)[:-1])
        free = free.reshape(self.scales, self.most - 1)
        tau = np.hstack([free, -free.sum(axis=1, keepdims=True)])
        return difficulty, np.append(severity, -severity.sum()), tau, np.exp(spread[0])

    def value(self, x):
        difficulty, severity, tau, spread = self.parts(x)
        taus = tau[self.item * (not self.common)]
        ability = NODES * spread
        logit = ability - (difficulty[self.item] + severity[self.rater])[:, None]
        steps = logit[:, :, None] - taus[:, None, :]
        sums = np.concatenate([np.zeros((*logit.shape, 1)), np.cumsum(steps, axis=2)], axis=2)
        top = sums.max(axis=2, keepdims=True)
        chance = np.exp(sums - top)
        chance /= chance.sum(axis=2, keepdims=True)
        chosen = np.take_along_axis(chance, self.category[:, None, None], axis=2)[:, :, 0]
        total = np.zeros((self.people, len(NODES)))
        np.add.at(total, self.person, np.log(chosen))
        total += -(NODES**2) / 2 + np.log((NODES[1] - NODES[0]) / np.sqrt(2 * np.pi))
        top = total.max(axis=1, keepdims=True)
        post = np.exp(total - top)
        whole = post.sum(axis=1, keepdims=True)
        post /= whole
        return float((top + np.log(whole)).sum()), post, chance, ability

    def slope(self, x):
        value, post, chance, ability = self.value(x)
        weight = post[self.person]
        reached = np.cumsum(chance[:, :, ::-1], axis=2)[:, :, ::-1][:, :, 1:]
        at_least = np.arange(1, self.most + 1) <= self.category[:, None]
        gap = at_least[:, None, :] - reached
        of_tau = -(weight[:, :, None] * gap).sum(axis=1)
        of_place = of_tau.sum(axis=1)
        of_item = np.bincount(self.item, of_place, self.items)
        of_rater = np.bincount(self.rater, of_place, self.raters)
        sums = np.zeros((self.scales, self.most))
        np.add.at(sums, self.item * (not self.common), of_tau)
        of_spread = (weight * (gap.sum(axis=2) * ability)).sum()
        return value, np.concatenate(
            [of_item, of_rater[:-1] - of_rater[-1], (sums[:, :-1] - sums[:, -1:]).ravel(),
             [of_spread]])  # fmt: skip

    def fit(self):
        found = optimize.minimize(
            lambda x: tuple(-one for one in self.slope(x)), np.zeros(sum(self.sizes)), jac=True,
            method="BFGS", options={"gtol": 1e-6, "maxiter": 500})  # fmt: skip
        x, move = found.x, 1e-4
        second = np.array([
            (self.slope(x + move * one)[1] - self.slope(x - move * one)[1]) / (2 * move)
            for one in np.eye(len(x))])  # fmt: skip
        covariance = np.linalg.inv(-(second + second.T) / 2)
        difficulty, severity, tau, spread = self.parts(x)
        value, post, _, ability = self.value(x)
        mean = post @ ability
        error = np.sqrt(post @ ability**2 - mean**2)
        n = self.sizes[0]
        return {
            "log_likelihood": value, "variance": spread**2,
            "difficulty": difficulty.tolist(), "severity": severity.tolist(),
            "thresholds": tau.tolist(),
            "difficulty_se": np.sqrt(np.diag(covariance))[:n].tolist(),
            "severity_se": np.sqrt(np.diag(covariance))[n : n + self.sizes[1]].tolist(),
            "variance_se": float(2 * spread**2 * np.sqrt(covariance[-1, -1])),
            "measures": mean[:30].tolist(), "measure_ses": error[:30].tolist(),
        }  # fmt: skip


def rows_of(name):
    """Read a file as lists of dictionaries."""
    with (HERE / "files" / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def numbered(values):
    """Number values in alphabetical order."""
    return np.unique(np.array(values), return_inverse=True)[1]


def answers(name, *, lowest, rows):
    """Make rows of a table of answers; a gap makes no row."""
    found = [
        (person, item, 0, int(cell) - lowest)
        for person, row in enumerate(rows_of(name)[:rows])
        for item, cell in enumerate(row.values())
        if cell not in ("", "NA")
    ]
    return [np.array(one) for one in zip(*found, strict=True)]


def ratings(name, *, ratee, items):
    """Make rows of a table of ratings, one for each rater, ratee and item."""
    table = rows_of(name)
    raters, ratees = numbered([row["rater"] for row in table]), numbered([r[ratee] for r in table])
    found = [
        (ratees[place], items.index(item), raters[place], int(row[item]))
        for place, row in enumerate(table)
        for item in items
    ]
    return [np.array(one) for one in zip(*found, strict=True)]


FIVE, FOUR = [f"k{n}" for n in range(1, 6)], [f"I{n}" for n in range(1, 5)]
CASES = {
    "lsat": (answers("lsat.csv", lowest=0, rows=None), False),
    "agreeableness-partial-credit": (
        answers("bfi_agreeableness.csv", lowest=1, rows=600), False),
    "agreeableness-rating-scale": (answers("bfi_agreeableness.csv", lowest=1, rows=600), True),
    "students-common": (ratings("sirt_ratings1.csv", ratee="idstud", items=FIVE), True),
    "students-item": (ratings("sirt_ratings1.csv", ratee="idstud", items=FIVE), False),
    "more-students-common": (ratings("sirt_ratings2.csv", ratee="idstud", items=FIVE), True),
    "essays-item": (ratings("immer07.csv", ratee="pid", items=FOUR), False),
}  # fmt: skip

if __name__ == "__main__":
    found = {name: Plain(*rows, common).fit() for name, (rows, common) in CASES.items()}
    text = json.dumps(found, indent=1)
    (HERE / "item_response.json").write_text(text + "\n", encoding="utf-8")
