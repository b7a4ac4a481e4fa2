"""Faults of a table, gathered so that all can be mended in one go."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from touchstone.base.errors import MOST_FAULTS_KEPT, InputErrors, TouchstoneError
from touchstone.formats.raw_tables import RawTable, shorten

WHOLE_TABLE = -1

Mask = npt.NDArray[np.bool_]


@dataclass(eq=False, slots=True)
class Faults:
    """The faults found in one table: the first hundred by row are kept, all are counted."""

    raw: RawTable
    total: int = 0
    kept: list[tuple[int, TouchstoneError]] = field(default_factory=list)

    def add(self, fault: TouchstoneError, *, index: int = WHOLE_TABLE) -> None:
        """Add one fault; `index` is its row, counted from 0."""
        self.total += 1
        self.kept.append((index, fault))

    def add_cells(self, faulty: Mask, column: str, *, code: str, found: str, remedy: str) -> None:
        """Add a fault for each row of a column where `faulty` is true; `{cell}` is its text."""
        rows = np.flatnonzero(faulty)
        for index in rows[:MOST_FAULTS_KEPT].tolist():
            text = self.raw.rows.column(column)[index].as_py() or ""
            fault = TouchstoneError(
                code,
                where=self.raw.place(index, column),
                found=found.replace("{cell}", shorten(text)),
                remedy=remedy,
            )
            self.kept.append((index, fault))
        self.total += len(rows)

    def raise_any(self) -> None:
        """Raise InputErrors when there is a fault, those of the first rows first."""
        if self.total:
            ordered = sorted(self.kept, key=lambda entry: entry[0])
            raise InputErrors([fault for _, fault in ordered], total=self.total)


def mask(values: pa.ChunkedArray) -> Mask:
    """Turn booleans into a mask; an unknown one counts as false."""
    bools: Mask = values.fill_null(False).to_numpy()  # noqa: FBT003
    return bools
