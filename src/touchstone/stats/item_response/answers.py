"""A table of answers, persons by items, collapsed to what the likelihood needs of it."""

from typing import Literal, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.stats.item_response.scales import Floats, Scale, scale_of

ItemModel = Literal["rasch", "partial_credit", "rating_scale"]
Whole = npt.NDArray[np.int64]
Table = npt.NDArray[np.int8]
MOST_CATEGORY = 30
FEWEST = 2


class Collapsed(NamedTuple):
    """N persons' answers to I kept items as groups of persons who answered the same items alike.

    `table`: [N, I] categories, −1 for a gap; `kept`: columns of the items; `scale_of_item`: the
    number of each item's scale in `scales`. `counts`: [I, K] answers in each category. `scores`,
    `sizes`: sum of categories and persons of each of G groups; `answered`: [G, I] which items it
    answered, None when there is no gap. `group_of`: the group of each person.
    """

    table: Table
    kept: Whole
    scales: tuple[Scale, ...]
    scale_of_item: Whole
    counts: Whole
    scores: Whole
    sizes: Whole
    answered: npt.NDArray[np.bool_] | None
    group_of: Whole


def checked_table(answers: npt.NDArray[np.integer], *, most: int = MOST_CATEGORY) -> Table:
    """Give answers as small whole numbers, −1 for a gap.

    Raises TouchstoneError ITEM-02 for an answer that is no category from 0 to `most`.

    >>> checked_table(np.array([[0, 1], [-9, 1]])).tolist()
    [[0, 1], [-1, 1]]
    """
    if answers.size and int(answers.max()) > most:
        person, item = (int(one) for one in np.argwhere(answers > most)[0])
        raise TouchstoneError(
            "ITEM-02",
            where=f"row {person + 1}, item {item + 1}",
            found=f"{int(answers[person, item])} is not a category from 0 to {most}",
            remedy="Number the categories from 0; the model takes few, ordered ones.",
        )
    if answers.size and int(answers.min()) < -1:
        answers = np.where(answers < 0, -1, answers)
    return np.ascontiguousarray(answers, np.int8)


def collapse(table: Table, model: ItemModel) -> tuple[Collapsed, dict[int, Withheld]]:
    """Collapse a table of answers; items that tell nothing are left out, each with its reason.

    With partial credit those are items whose answers are all equal; with a common rating scale
    those whose answers all stand at one end of it. Raises TouchstoneError ITEM-01 when fewer than
    two items or persons are left.

    >>> table = np.array([[0, 1, 1], [1, 1, 0], [1, 1, -1]], np.int8)
    >>> found, left_out = collapse(table, "rasch")
    >>> found.kept.tolist(), found.scores.tolist(), found.sizes.tolist(), list(left_out)
    ([0, 2], [1, 1], [1, 2], [1])
    """
    counts, scores, gaps = _counted(table, int(table.max(initial=0)) + 1)
    kept, left_out = _telling_items(counts, common=model == "rating_scale")
    persons = int((table[:, kept] >= 0).any(axis=1).sum()) if gaps or left_out else len(table)
    if len(kept) < FEWEST or persons < FEWEST:
        raise TouchstoneError(
            "ITEM-01",
            where="the table of answers",
            found=f"{len(kept)} items that tell persons apart, answered by {persons} persons",
            remedy="Two of each are needed at least; items all answer alike do not count.",
        )
    if left_out:
        table = np.ascontiguousarray(table[:, kept])
        counts, scores, gaps = _counted(table, counts.shape[1])
    own = [counts.sum(axis=0)] if model == "rating_scale" else counts
    scales = tuple(scale_of(one) for one in own)
    scale_of_item = np.arange(len(kept)) % len(scales)
    groups = _groups(table, scores) if gaps else _score_groups(scores)
    return Collapsed(table, kept, scales, scale_of_item, counts, *groups), left_out


def _telling_items(counts: Whole, *, common: bool) -> tuple[Whole, dict[int, Withheld]]:
    """Tell the items with a finite difficulty; without one of them others may lose theirs."""
    left_out = {item: Withheld("no_answers") for item in np.flatnonzero(~counts.any(axis=1))}
    while True:
        kept = np.array([item for item in range(len(counts)) if item not in left_out], np.int64)
        ends = np.flatnonzero(counts[kept].any(axis=0))[[0, -1]] if len(kept) else np.zeros(2)
        mute = [
            item
            for item in kept.tolist()
            if np.count_nonzero(counts[item]) == 1
            and (not common or np.flatnonzero(counts[item])[0] in ends)
        ]
        if not mute:
            return kept, {int(item): reason for item, reason in sorted(left_out.items())}
        left_out |= {item: Withheld("all_answers_equal") for item in mute}


def _score_groups(scores: Whole) -> tuple[Whole, Whole, None, Whole]:
    sizes = np.bincount(scores)
    found = np.flatnonzero(sizes)
    place = np.cumsum(sizes > 0) - 1
    return found, sizes[found], None, place[scores]


def _groups(table: Table, scores: Whole) -> tuple[Whole, Whole, npt.NDArray[np.bool_], Whole]:
    answered = table >= 0
    bits = np.packbits(answered, axis=1)
    keys = np.hstack([bits, scores.astype(">u4").view(np.uint8).reshape(-1, 4)])
    rows = np.ascontiguousarray(keys).view(f"V{keys.shape[1]}").ravel()
    _, first, group_of, sizes = np.unique(
        rows, return_index=True, return_inverse=True, return_counts=True
    )
    return scores[first], sizes.astype(np.int64), answered[first], group_of.astype(np.int64)


def category_sums(collapsed: Collapsed, posterior: Floats, start: int) -> Floats:
    """Sum over persons, for each item and category they chose, what their group has: [I, K, Q].

    `posterior`: [g, Q], a row for each group from `start` on; persons of other groups are passed
    over.
    """
    categories, groups = collapsed.counts.shape[1], len(posterior)
    if collapsed.answered is not None:
        sums: Floats = _category_sums(
            collapsed.table, collapsed.group_of - start, posterior, categories
        )
        return sums
    counts = _category_counts(collapsed.table, collapsed.group_of, categories, groups)
    return np.asarray(np.tensordot(counts.astype(np.float64), posterior, axes=1))


@numba.njit(cache=True, nogil=True)
def _counted(table, categories):  # type: ignore[no-untyped-def]
    persons, items = table.shape
    counts = np.zeros((items, categories), np.int64)
    scores = np.zeros(persons, np.int64)
    gaps = False
    for person in range(persons):
        for item in range(items):
            category = table[person, item]
            if category < 0:
                gaps = True
            else:
                counts[item, category] += 1
                scores[person] += category
    return counts, scores, gaps


@numba.njit(cache=True, nogil=True)
def _category_counts(table, group_of, categories, groups):  # type: ignore[no-untyped-def]
    persons, items = table.shape
    counts = np.zeros((items, categories, groups), np.int64)
    for person in range(persons):
        for item in range(items):
            if table[person, item] >= 0:
                counts[item, table[person, item], group_of[person]] += 1
    return counts


@numba.njit(cache=True, nogil=True)
def _category_sums(table, group_of, posterior, categories):  # type: ignore[no-untyped-def]
    persons, items = table.shape
    sums = np.zeros((items, categories, posterior.shape[1]))
    for person in range(persons):
        if not 0 <= group_of[person] < len(posterior):
            continue
        row = posterior[group_of[person]]
        for item in range(items):
            if table[person, item] >= 0:
                sums[item, table[person, item]] += row
    return sums
