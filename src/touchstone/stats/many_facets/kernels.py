"""Compiled passes over rating forms, one ratee after the other.

Each ratee's ability is integrated by equal steps around the mean of its own posterior, in units of
its deviation. The places of parameters are: severities of raters, difficulties of items, inner
steps of scales, the logarithm of the abilities' deviation.
"""

from typing import NamedTuple

import numba
import numpy as np

from touchstone.stats.item_response.answers import Whole
from touchstone.stats.item_response.scales import Floats

# Where a posterior lies farther from its nodes, in their units, or is so much wider or narrower,
# they are laid anew.
FARTHEST, WIDEST = 0.25, 1.2
MOST_LAYINGS = 30
LARGEST_POWER = 600.0


class Layout(NamedTuple):
    """The ratings, sorted by ratee, and where the parameters of each stand.

    `inner`: [S, K] the place of the step of a scale's category, −1 where it has none.
    """

    starts: Whole
    raters: Whole
    items: Whole
    scales: Whole
    categories: Whole
    inner: Whole
    first_item: int


class Point(NamedTuple):
    """Where the model stands: [J] severities, [I] difficulties, [S, K] weights of categories, 0
    for unused ones, and their logarithms; the abilities' deviation; Q nodes in steps of `step`.
    """

    severities: Floats
    difficulties: Floats
    weights: Floats
    steps: Floats
    spread: float
    nodes: Floats
    step: float


class Scratch(NamedTuple):
    """Room for one ratee: abilities, posterior, [K, Q] probabilities, slopes of its parameters.

    `odds`: e to the power of the abilities.
    """

    ability: Floats
    odds: Floats
    posterior: Floats
    chances: Floats
    means: Floats
    slopes: Floats
    slot_of: Whole
    place_of: Whole


class Sums(NamedTuple):
    """What a pass adds up: log likelihood, its gradient and information (upper half)."""

    value: Floats
    gradient: Floats
    information: Floats


@numba.njit(cache=True, nogil=True)
def scratch(nodes, categories, slots, parameters):  # type: ignore[no-untyped-def]
    """Make room for the ratee with the most slots."""
    return Scratch(
        np.empty(nodes),
        np.empty(nodes),
        np.empty(nodes),
        np.empty((categories, nodes)),
        np.empty(nodes),
        np.empty((slots, nodes)),
        np.full(parameters, -1),
        np.empty(slots, np.int64),
    )


@numba.njit(cache=True, nogil=True, fastmath=True)
def _product(one, other):  # type: ignore[no-untyped-def]
    total = 0.0
    for node in range(len(one)):
        total += one[node] * other[node]
    return total


@numba.njit(cache=True, nogil=True, fastmath=True)
def _weighted_product(weights, one, other):  # type: ignore[no-untyped-def]
    total = 0.0
    for node in range(len(one)):
        total += weights[node] * one[node] * other[node]
    return total


@numba.njit(cache=True, nogil=True)
def _set_chances(layout, point, room, rating):  # type: ignore[no-untyped-def]
    """Set the probability of each category, and the mean, at each ability."""
    place = point.severities[layout.raters[rating]] + point.difficulties[layout.items[rating]]
    weights = point.weights[layout.scales[rating]]
    most = len(weights) - 1
    factor, limit = np.exp(-place), np.exp(LARGEST_POWER / max(most, 1))
    for node in range(len(room.ability)):
        ratio = min(max(room.odds[node] * factor, 1 / limit), limit)
        power, total, mean = 1.0, 0.0, 0.0
        for category in range(most + 1):
            part = weights[category] * power
            room.chances[category, node] = part
            total += part
            mean += category * part
            power *= ratio
        for category in range(most + 1):
            room.chances[category, node] /= total
        room.means[node] = mean / total


@numba.njit(cache=True, nogil=True)
def _lay_posterior(layout, point, room, ratee, centre, width):  # type: ignore[no-untyped-def]
    """Lay the nodes at a centre; give log likelihood, posterior mean and deviation."""
    room.ability[:] = centre + width * point.nodes
    room.odds[:] = np.exp(room.ability)
    density = -0.5 * (room.ability / point.spread) ** 2
    room.posterior[:] = density + np.log(width * point.step / point.spread / np.sqrt(2 * np.pi))
    for rating in range(layout.starts[ratee], layout.starts[ratee + 1]):
        place = point.severities[layout.raters[rating]] + point.difficulties[layout.items[rating]]
        weights = point.weights[layout.scales[rating]]
        chosen = layout.categories[rating]
        most = len(weights) - 1
        farthest = LARGEST_POWER / max(most, 1)
        factor, limit = np.exp(-place), np.exp(farthest)
        step = point.steps[layout.scales[rating], chosen]
        for node in range(len(room.ability)):
            ratio = min(max(room.odds[node] * factor, 1 / limit), limit)
            logit = min(max(room.ability[node] - place, -farthest), farthest)
            total = weights[most]
            for category in range(most - 1, -1, -1):
                total = total * ratio + weights[category]
            room.posterior[node] += chosen * logit + step - np.log(total)
    top = room.posterior.max()
    room.posterior[:] = np.exp(room.posterior - top)
    total = room.posterior.sum()
    room.posterior[:] /= total
    mean = (room.posterior * room.ability).sum()
    deviation = np.sqrt((room.posterior * (room.ability - mean) ** 2).sum())
    return top + np.log(total), mean, deviation


@numba.njit(cache=True, nogil=True)
def find_posterior(layout, point, room, ratee, found):  # type: ignore[no-untyped-def]
    """Lay the nodes until they fit the posterior; leave its mean and deviation in `found`."""
    value = 0.0
    for _ in range(MOST_LAYINGS):
        centre, width = found[0, ratee], found[1, ratee]
        value, mean, deviation = _lay_posterior(layout, point, room, ratee, centre, width)
        found[0, ratee], found[1, ratee] = mean, max(deviation, width * point.step / 2)
        ratio = deviation / width
        if abs(mean - centre) < FARTHEST * width and 1 / WIDEST < ratio < WIDEST:
            break
    return value


@numba.njit(cache=True, nogil=True)
def _slot(room, used, place):  # type: ignore[no-untyped-def]
    """Give the slot of a parameter among those of the ratee, a new one at its first rating."""
    if room.slot_of[place] < 0:
        room.slot_of[place] = used
        room.place_of[used] = place
        room.slopes[used, :] = 0.0
        used += 1
    return room.slot_of[place], used


@numba.njit(cache=True, nogil=True)
def _add_place(layout, room, sums, rating, used):  # type: ignore[no-untyped-def]
    """Add a rating's slope and information of severity and difficulty."""
    rater, item = layout.raters[rating], layout.first_item + layout.items[rating]
    severity, used = _slot(room, used, rater)
    difficulty, used = _slot(room, used, item)
    variance, gap = 0.0, 0.0
    for node in range(len(room.ability)):
        residual = layout.categories[rating] - room.means[node]
        room.slopes[severity, node] -= residual
        room.slopes[difficulty, node] -= residual
        spread = 0.0
        for category in range(len(room.chances)):
            spread += room.chances[category, node] * (category - room.means[node]) ** 2
        variance += room.posterior[node] * spread
        gap += room.posterior[node] * residual
    sums.gradient[rater] -= gap
    sums.gradient[item] -= gap
    sums.information[rater, rater] += variance
    sums.information[item, item] += variance
    sums.information[rater, item] += variance
    return used


@numba.njit(cache=True, nogil=True)
def _add_steps(layout, room, sums, rating, used):  # type: ignore[no-untyped-def]
    """Add a rating's slope and information of the inner steps of its scale."""
    rater, item = layout.raters[rating], layout.first_item + layout.items[rating]
    inner = layout.inner[layout.scales[rating]]
    for category in range(len(inner)):
        place = inner[category]
        if place < 0:
            continue
        slot, used = _slot(room, used, place)
        chosen = 1.0 if layout.categories[rating] == category else 0.0
        across = 0.0
        for node in range(len(room.ability)):
            chance, weight = room.chances[category, node], room.posterior[node]
            room.slopes[slot, node] += chosen - chance
            sums.gradient[place] += weight * (chosen - chance)
            across += weight * chance * (category - room.means[node])
            sums.information[place, place] += weight * chance
        sums.information[rater, place] -= across
        sums.information[item, place] -= across
        for other in range(category, len(inner)):
            if inner[other] >= 0:
                sums.information[place, inner[other]] -= _weighted_product(
                    room.posterior, room.chances[category], room.chances[other]
                )
    return used


@numba.njit(cache=True, nogil=True)
def _add_ratee(layout, point, room, sums, ratee):  # type: ignore[no-untyped-def]
    """Add a ratee's slope and information, once its posterior is known (Louis 1982)."""
    used = 0
    for rating in range(layout.starts[ratee], layout.starts[ratee + 1]):
        _set_chances(layout, point, room, rating)
        used = _add_place(layout, room, sums, rating, used)
        used = _add_steps(layout, room, sums, rating, used)
    last = len(sums.gradient) - 1
    spread, used = _slot(room, used, last)
    room.slopes[spread, :] = (room.ability / point.spread) ** 2 - 1
    total = _product(room.posterior, room.slopes[spread])
    sums.gradient[last] += total
    sums.information[last, last] += 2 * (total + 1)
    for slot in range(used):
        mean = _product(room.posterior, room.slopes[slot])
        room.slopes[slot] = (room.slopes[slot] - mean) * np.sqrt(room.posterior)
    for slot in range(used):
        place = room.place_of[slot]
        for other in range(slot, used):
            low, high = min(place, room.place_of[other]), max(place, room.place_of[other])
            sums.information[low, high] -= _product(room.slopes[slot], room.slopes[other])
        room.slot_of[place] = -1


@numba.njit(cache=True, nogil=True, parallel=True)
def add_ratees(layout, point, found, bounds, slots):  # type: ignore[no-untyped-def]
    """Give the sums over all ratees, one part for each pair of neighbouring `bounds`.

    `found`: [2, D] where the nodes of each ratee lie, and afterwards its posterior mean and
    deviation.
    """
    parts, last = len(bounds) - 1, layout.inner.max()
    parameters = max(last + 1, layout.first_item + len(point.difficulties)) + 1
    values = np.zeros((parts, 1))
    gradients = np.zeros((parts, parameters))
    informations = np.zeros((parts, parameters, parameters))
    for part in numba.prange(parts):
        room = scratch(len(point.nodes), layout.inner.shape[1], slots, parameters)
        sums = Sums(values[part], gradients[part], informations[part])
        for ratee in range(bounds[part], bounds[part + 1]):
            if layout.starts[ratee] < layout.starts[ratee + 1]:
                sums.value[0] += find_posterior(layout, point, room, ratee, found)
                _add_ratee(layout, point, room, sums, ratee)
    return values.sum(), gradients.sum(axis=0), informations.sum(axis=0)


@numba.njit(cache=True, nogil=True)
def residuals(layout, point, found):  # type: ignore[no-untyped-def]
    """Give, for each rating, what is expected over the ratee's posterior.

    [4, n]: squared residual, variance, their ratio, and the category.
    """
    sums = np.zeros((4, len(layout.raters)))
    room = scratch(len(point.nodes), layout.inner.shape[1], 1, 1)
    for ratee in range(len(layout.starts) - 1):
        if layout.starts[ratee] < layout.starts[ratee + 1]:
            find_posterior(layout, point, room, ratee, found)
        for rating in range(layout.starts[ratee], layout.starts[ratee + 1]):
            _set_chances(layout, point, room, rating)
            for node in range(len(room.ability)):
                square = (layout.categories[rating] - room.means[node]) ** 2
                variance = 1e-300
                for category in range(len(room.chances)):
                    variance += room.chances[category, node] * (category - room.means[node]) ** 2
                sums[0, rating] += room.posterior[node] * square
                sums[1, rating] += room.posterior[node] * variance
                sums[2, rating] += room.posterior[node] * square / variance
                sums[3, rating] += room.posterior[node] * room.means[node]
    return sums


@numba.njit(cache=True, nogil=True)
def flat_chances(layout, point, found, forms):  # type: ignore[no-untyped-def]
    """Give, for each form, the probability that all its ratings are equal.

    `forms`: [F + 1] the first rating of each form, which lie within a ratee.
    """
    chances = np.zeros(len(forms) - 1)
    room = scratch(len(point.nodes), layout.inner.shape[1], 1, 1)
    products = np.empty_like(room.chances)
    form = 0
    for ratee in range(len(layout.starts) - 1):
        if layout.starts[ratee] < layout.starts[ratee + 1]:
            find_posterior(layout, point, room, ratee, found)
        while form < len(forms) - 1 and forms[form] < layout.starts[ratee + 1]:
            products[:] = 1.0
            for rating in range(forms[form], forms[form + 1]):
                _set_chances(layout, point, room, rating)
                products *= room.chances
            for node in range(len(room.ability)):
                chances[form] += room.posterior[node] * products[:, node].sum()
            form += 1
    return chances
