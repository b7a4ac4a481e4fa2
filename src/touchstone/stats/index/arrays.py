"""What all steps of an index share: their arrays, and the faults that name an indicator."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from touchstone.base.errors import InputErrors, TouchstoneError

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]


def mean_known(values: Floats) -> Floats:
    """Give the mean of each column over its known cells; NaN for a column without any.

    >>> mean_known(np.array([[1.0, np.nan], [3.0, np.nan]])).tolist()
    [2.0, nan]
    """
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def median_known(values: Floats) -> Floats:
    """Give the median of each column over its known cells; NaN for a column without any.

    >>> median_known(np.array([[1.0, np.nan], [3.0, np.nan], [9.0, np.nan]])).tolist()
    [3.0, nan]
    """
    ordered = np.sort(values, axis=0)
    count = (~np.isnan(values)).sum(axis=0)
    columns = np.arange(values.shape[1])
    low = ordered[np.maximum(count - 1, 0) // 2, columns]
    high = ordered[np.minimum(count // 2, len(values) - 1), columns]
    return np.asarray((low + high) / 2, np.float64)


def ends_known(values: Floats) -> tuple[Floats, Floats]:
    """Give the least and the greatest known cell of each column; NaN for a column without any.

    >>> [ends.tolist() for ends in ends_known(np.array([[1.0, np.nan], [3.0, 5.0]]))]
    [[1.0, 5.0], [3.0, 5.0]]
    """
    return np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)


def empty_columns(values: Floats) -> Mask:
    """Mark the columns without a known cell.

    >>> empty_columns(np.array([[1.0, np.nan], [np.nan, np.nan]])).tolist()
    [False, True]
    """
    return np.asarray(np.isnan(values).all(axis=0))


def refuse_columns(
    faulty: Mask, names: Sequence[str], *, code: str, found: str, remedy: str
) -> None:
    """Raise one fault for each indicator that is marked, all of them together.

    >>> refuse_columns(np.array([False]), ["roads"], code="INDEX-01", found="…", remedy="…")
    """
    faults = [
        TouchstoneError(code, where=f"indicator '{name}'", found=found, remedy=remedy)
        for name, is_faulty in zip(names, faulty, strict=True)
        if is_faulty
    ]
    if faults:
        raise InputErrors(faults)
