"""Compiled passes over thousands of draws of an index; they work on [indicators, units].

Each pass fills the rows of its own draws, so that blocks of draws can run beside each other.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from touchstone.stats.index.arrays import Floats, Integers
from touchstone.stats.index.normalising import NORMALISATIONS, Z_MIDDLE, Z_SPREAD
from touchstone.stats.sensitivity.normals import Bits, normal_from
from touchstone.tallies.limbs import compiled

Places = npt.NDArray[np.int32]
ARITHMETIC, GEOMETRIC, HARMONIC, COPELAND = range(4)
MIN_MAX = NORMALISATIONS.index("min_max")
Z_SCORE = NORMALISATIONS.index("z_score")
RANK = NORMALISATIONS.index("rank")
PERCENTILE = NORMALISATIONS.index("percentile")
BORDA = NORMALISATIONS.index("borda")
GOALPOSTS = NORMALISATIONS.index("goalposts")
TARGET = NORMALISATIONS.index("distance_to_target")
# Sums of equal weights in another order may differ in their last digits.
BALANCED = 1e-12


class Rules(NamedTuple):
    """What differs by draw: weights [draws, nodes], the mean of each group [draws, groups].

    `columns` is the place of each draw's indicators among the prepared ones, `methods` that of its
    normalisation in NORMALISATIONS.
    """

    weights: Floats
    means: Integers
    columns: Integers
    methods: Integers


class Noisy(NamedTuple):
    """Figures before treatment [variants, indicators, units], their standard errors, treatments.

    `treatments` is [variants, 6, indicators]: low, high, power, sign, shift, width. `stated` is
    [4, indicators]: better, worst, best, target. `scale` holds low, high, floor.
    """

    values: Floats
    errors: Floats
    treatments: Floats
    stated: Floats
    scale: Floats
    reference: int


@compiled
def score_prepared(
    prepared: Floats, rules: Rules, parents: Integers, floor: float, scores: Floats
) -> None:
    """Score each draw from prepared indicators [prepared, indicators, units].

    They are normalised already, and have the logarithm or reciprocal that their group's mean asks
    for. `scores` is [draws, units] and is filled.
    """
    indicators, units = prepared.shape[1:]
    groups = len(parents) - indicators
    total, mass = np.empty((groups, units)), np.empty((groups, units))
    for draw in range(len(scores)):
        columns = prepared[rules.columns[draw]]
        if rules.means[draw, 0] == COPELAND:
            outrank(columns, rules.weights[draw], parents, scores[draw])
            continue
        total[:] = 0.0
        mass[:] = 0.0
        for place in range(indicators):
            group = parents[place] - indicators
            add_child(columns[place], rules.weights[draw, place], total[group], mass[group])
        close_groups(rules, draw, parents, (total, mass), floor, scores[draw])


@compiled
def normalise_cells(noisy: Noisy, methods: Integers, cells: Floats) -> None:
    """Normalise each draw's own figures [draws, indicators, units] by its method, in place.

    The figures are signed, higher is better; those of draws by places hold points already.
    """
    for draw in range(len(cells)):
        for place in range(cells.shape[1]):
            normalise_column(noisy, methods[draw], place, cells[draw, place])


@compiled
def add_child(column: Floats, weight: float, total: Floats, mass: Floats) -> None:
    """Add a child's weighted values to its group; cells without a value add nothing."""
    for unit in range(len(column)):
        value = column[unit]
        known = value == value
        total[unit] += weight * value if known else 0.0
        mass[unit] += weight if known else 0.0


@compiled
def change(column: Floats, mean: int, floor: float) -> None:
    """Take the logarithm or the reciprocal that a mean asks for, of at least the floor."""
    if mean == GEOMETRIC:
        for unit in range(len(column)):
            column[unit] = np.log(floor if column[unit] < floor else column[unit])
    elif mean == HARMONIC:
        for unit in range(len(column)):
            column[unit] = 1.0 / (floor if column[unit] < floor else column[unit])


@compiled
def change_back(column: Floats, mean: int) -> None:
    """Undo the logarithm or the reciprocal of a mean."""
    if mean == GEOMETRIC:
        for unit in range(len(column)):
            column[unit] = np.exp(column[unit])
    elif mean == HARMONIC:
        for unit in range(len(column)):
            column[unit] = 1.0 / column[unit]


@compiled
def close_groups(
    rules: Rules,
    draw: int,
    parents: Integers,
    sums: tuple[Floats, Floats],
    floor: float,
    scores: Floats,
) -> None:
    """Divide each group's total by its mass and hand the mean up; the last one is the score."""
    total, mass = sums
    groups = len(total)
    indicators = len(parents) - groups
    for group in range(groups):
        column, mean = total[group], rules.means[draw, group]
        for unit in range(len(column)):
            column[unit] = column[unit] / mass[group, unit] if mass[group, unit] > 0.0 else np.nan
        if group == groups - 1:
            change_back(column, mean)
            scores[:] = column
            break
        above = parents[indicators + group] - indicators
        # A mean of the same kind as the one above stays as it is: it cannot lie below the floor.
        if mean != rules.means[draw, above]:
            change_back(column, mean)
            change(column, rules.means[draw, above], floor)
        add_child(column, rules.weights[draw, indicators + group], total[above], mass[above])


@compiled
def outrank(columns: Floats, weights: Floats, parents: Integers, scores: Floats) -> None:
    """Give each unit the number of units it outranks less those that outrank it."""
    indicators, units = columns.shape
    shares = share_weights(weights, parents, indicators)
    scores[:] = 0.0
    balance = np.empty(units)
    for unit in range(units):
        balance[:] = 0.0
        for place in range(indicators):
            own, share, column = columns[place, unit], shares[place], columns[place]
            for other in range(unit + 1, units):
                ahead = 1.0 if own > column[other] else 0.0
                behind = 1.0 if own < column[other] else 0.0
                balance[other] += share * (ahead - behind)
        for other in range(unit + 1, units):
            if balance[other] > BALANCED:
                scores[unit] += 1.0
                scores[other] -= 1.0
            elif balance[other] < -BALANCED:
                scores[unit] -= 1.0
                scores[other] += 1.0


@compiled
def share_weights(weights: Floats, parents: Integers, indicators: int) -> Floats:
    """Give each indicator's weight in the whole; the weights need not sum to 1 among siblings."""
    nodes = len(parents)
    sums = np.zeros(nodes)
    for node in range(nodes - 1):
        sums[parents[node]] += weights[node]
    shares = np.ones(nodes)
    for node in range(nodes - 2, -1, -1):
        shares[node] = shares[parents[node]] * weights[node] / sums[parents[node]]
    return shares[:indicators]


@compiled
def draw_cells(noisy: Noisy, rules: Rules, bits: Bits, cells: Floats) -> None:
    """Fill cells [draws, indicators, units] with figures drawn by random bits, 64 for each cell.

    Each is the figure with its error added, treated, and signed so that higher is better.
    """
    draws, indicators, units = cells.shape
    for draw in range(draws):
        variant = rules.columns[draw]
        for place in range(indicators):
            column, chance = cells[draw, place], bits[draw, place]
            values, errors = noisy.values[variant, place], noisy.errors[variant, place]
            low, high, power, sign, shift, width = noisy.treatments[variant, :, place]
            better = noisy.stated[0, place]
            for unit in range(units):
                figure = values[unit] + errors[unit] * normal_from(chance[unit])
                figure = low if figure < low else figure
                column[unit] = better * (high if figure > high else figure)
            if power == power:
                for unit in range(units):
                    distance = (sign * better * column[unit] + shift) / width
                    raised = np.log(distance) if power == 0.0 else (distance**power - 1.0) / power
                    column[unit] = better * sign * raised


@compiled
def place_cells(noisy: Noisy, methods: Integers, order: Integers, cells: Floats) -> None:
    """Put places into figures [draws, indicators, units]: rank, percentile or borda.

    `order` has for each row its units from the lowest figure to the highest, NaN at the end.
    """
    draws, indicators, units = cells.shape
    for draw in range(draws):
        for place in range(indicators):
            column, sorted_units = cells[draw, place], order[draw, place]
            count = 0
            for unit in range(units):
                count += column[unit] == column[unit]
            first = 0
            while first < count:
                last, value = first, column[sorted_units[first]]
                while last + 1 < count and column[sorted_units[last + 1]] == value:
                    last += 1
                found = float(first) if methods[draw] == BORDA else 1.0 + (first + last) / 2.0
                if methods[draw] == PERCENTILE:
                    share = (found - 1.0) / max(count - 1, 1)
                    found = noisy.scale[0] + (noisy.scale[1] - noisy.scale[0]) * share
                for position in range(first, last + 1):
                    column[sorted_units[position]] = found
                first = last + 1


@compiled
def normalise_column(noisy: Noisy, method: int, place: int, column: Floats) -> None:
    """Normalise one signed column by a line, as `stats.index.normalising` does.

    Where a draw leaves no spread every unit has the low end of the scale, by z-scores the middle;
    where it leaves no distance to the target, the high end.
    """
    if method == Z_SCORE:
        z_column(column)
    elif method not in (RANK, PERCENTILE, BORDA):
        line_column(noisy, method, place, column)


@compiled
def line_column(noisy: Noisy, method: int, place: int, column: Floats) -> None:
    """Normalise a column by a straight line between two ends."""
    better = noisy.stated[0, place]
    bottom, top = noisy.scale[0], noisy.scale[1]
    low, high = np.inf, -np.inf
    for unit in range(len(column)):
        low = min(low, column[unit]) if column[unit] == column[unit] else low
        high = max(high, column[unit]) if column[unit] == column[unit] else high
    if method == GOALPOSTS:
        low, high = better * noisy.stated[1, place], better * noisy.stated[2, place]
    elif method == TARGET:
        high = better * noisy.stated[3, place]
    elif method != MIN_MAX:
        high = column[noisy.reference]
    is_cut_low, is_cut_high = method == GOALPOSTS, method in (GOALPOSTS, TARGET)
    has_distance = high > low
    slope = (top - bottom) / (high - low) if has_distance else 0.0
    start = bottom - slope * low if has_distance else (top if is_cut_high else bottom)
    for unit in range(len(column)):
        figure = column[unit]
        if is_cut_low and figure < low:
            figure = low
        if is_cut_high and figure > high:
            figure = high
        column[unit] = start + slope * figure


@compiled
def z_column(column: Floats) -> None:
    """Normalise a column by its mean and sample standard deviation."""
    count, total, squares = 0, 0.0, 0.0
    for unit in range(len(column)):
        if column[unit] == column[unit]:
            count += 1
            total += column[unit]
    middle = total / max(count, 1)
    for unit in range(len(column)):
        if column[unit] == column[unit]:
            squares += (column[unit] - middle) ** 2
    slope = Z_SPREAD / np.sqrt(squares / (count - 1)) if count > 1 and squares > 0.0 else 0.0
    for unit in range(len(column)):
        column[unit] = Z_MIDDLE + slope * (column[unit] - middle)


@compiled
def place_draws(scores: Floats, order: Integers, places: Places) -> None:
    """Give the place of every unit in each draw; equal scores share the better place.

    `order` has each draw's units from the highest score to the lowest.
    """
    draws, units = scores.shape
    for draw in range(draws):
        place = 1
        for position in range(units):
            unit = order[draw, position]
            if position and scores[draw, unit] < scores[draw, order[draw, position - 1]]:
                place = position + 1
            places[draw, unit] = place
