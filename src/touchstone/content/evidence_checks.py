"""Checks of the evidence that comes with a pack: readable, and with the columns it must have."""

import csv
import gzip
import io
import zlib
from typing import BinaryIO

from touchstone.base.errors import TouchstoneError
from touchstone.content.datasets import Dataset

LONGEST_HEADING = 1024 * 1024


def check_evidence(stream: BinaryIO, dataset: Dataset, *, where: str) -> list[TouchstoneError]:
    """Find out whether a CSV.gz file begins with a heading that has all columns of its dataset.

    Only the heading is read: the cells are checked when the evidence is frozen.
    """
    try:
        with gzip.GzipFile(fileobj=stream) as unpacked:
            heading = unpacked.readline(LONGEST_HEADING).decode("utf-8-sig")
        names = [name.strip() for name in next(csv.reader(io.StringIO(heading)), [])]
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as fault:
        return [
            TouchstoneError(
                "PACK-41",
                where=where,
                found=f"the heading cannot be read ({fault})",
                remedy="Pack a CSV file in UTF-8 with gzip.",
            )
        ]
    return [
        TouchstoneError(
            "PACK-42",
            where=where,
            found=f"the heading has no column '{column.name}'",
            remedy="Add the column to the file, or take it out of the dataset.",
        )
        for column in dataset.columns
        if column.name not in names
    ]
