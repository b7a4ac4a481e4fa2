"""An attacker of published tables, written apart from the product: fractions and `linprog`.

It knows the cells that are told and how cells add up, and nothing else.
"""

from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

SLACK = 1e-6


def solved_exactly(sums, told):
    """Eliminate with fractions; give each cell that the equations alone fix, with its value."""
    unknown = sorted({cell for total, parts in sums for cell in (total, *parts)} - set(told))
    column = {cell: place for place, cell in enumerate(unknown)}
    rows = []
    for total, parts in sums:
        row = [Fraction(0)] * (len(unknown) + 1)
        for cell, sign in [(total, -1), *((part, 1) for part in parts)]:
            if cell in told:
                row[-1] -= sign * told[cell]
            else:
                row[column[cell]] += sign
        rows.append(row)
    rank = 0
    for place in range(len(unknown)):
        pivot = next((at for at in range(rank, len(rows)) if rows[at][place]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        rows[rank] = [each / rows[rank][place] for each in rows[rank]]
        for at, row in enumerate(rows):
            if at != rank and row[place]:
                rows[at] = [a - row[place] * b for a, b in zip(row, rows[rank], strict=True)]
        rank += 1
    found = {}
    for row in rows[:rank]:
        places = [place for place, each in enumerate(row[:-1]) if each]
        if len(places) == 1:
            found[unknown[places[0]]] = row[-1]
    return found


def range_of(cell, sums, told, size):
    """Give the smallest and largest value of a cell that fits what is told, none below 0."""
    matrix, right = [], []
    for total, parts in sums:
        row = np.zeros(size)
        row[list(parts)] = 1
        row[total] -= 1
        matrix.append(row)
        right.append(0.0)
    bounds = [(told.get(at, 0), told.get(at)) for at in range(size)]
    cost = np.zeros(size)
    cost[cell] = 1
    ends = []
    for sign in (1, -1):
        done = linprog(sign * cost, A_eq=np.reshape(matrix, (-1, size)), b_eq=right, bounds=bounds)
        ends.append(sign * done.fun if done.status == 0 else float("inf"))
    return tuple(ends)


def hits(table, hidden, smallest):
    """Name the small cells that the attacker works out exactly, or closer than max(k, 20 %)."""
    told = {at: count for at, count in enumerate(table.counts) if at not in hidden}
    exact = solved_exactly(table.sums, told)
    found = []
    for cell, count in enumerate(table.counts):
        if count >= smallest:
            continue
        if cell in exact or cell in told:
            found.append(cell)
            continue
        low, high = range_of(cell, table.sums, told, len(table.counts))
        if high - low < max(smallest, count / 5) - SLACK:
            found.append(cell)
    return found
