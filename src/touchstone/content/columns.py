"""One column of a raw table, read and checked as a dataset says."""

import re
from collections.abc import Collection
from difflib import get_close_matches

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.base.errors import TouchstoneError
from touchstone.content.datasets import ColumnSpec
from touchstone.formats.faults import Faults, Mask, mask
from touchstone.formats.numbers import Numbers, parse_numbers
from touchstone.tallies.tables import Column

YES = pa.array(["yes", "true"])
NO = pa.array(["no", "false"])
INT64_LOW, INT64_HIGH = -(2**63), 2**63 - 1


def frozen_column(spec: ColumnSpec) -> Column:
    """Describe how a column stands in a snapshot; yes/no is a number, 1 or 0."""
    if spec.kind == "text":
        return Column(spec.name, "text")
    places = spec.places if spec.kind == "number" else 0
    return Column(spec.name, "number", places=places, unit=spec.unit)


def read_column(spec: ColumnSpec, faults: Faults) -> pa.ChunkedArray:
    """Read a column's cells as its specification says; what is wrong goes to `faults`.

    Text comes back in Unicode NFC, numbers as int64 of the column's places, yes/no as 1 and 0;
    an empty or a faulty cell is null.
    """
    cells = faults.raw.rows.column(spec.name)
    if spec.kind == "text":
        return _read_texts(spec, cells, faults)
    if spec.kind == "yes_no":
        return _read_yes_no(spec, cells, faults)
    numbers = parse_numbers(cells, places=spec.places)
    add_number_faults(numbers, spec.name, faults)
    _check_bounds(spec, numbers, faults)
    return numbers.values


def add_number_faults(numbers: Numbers, column: str, faults: Faults) -> None:
    """Add the cells of a column that held no number to the faults."""
    for fault in numbers.faults:
        error = TouchstoneError(
            fault.code,
            where=faults.raw.place(fault.index, column),
            found=fault.found,
            remedy=fault.remedy,
        )
        faults.kept.append((fault.index, error))
    faults.total += numbers.total_faults


def normalise_texts(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Put texts in Unicode NFC, so that one word is one text however it was typed."""
    return pc.utf8_normalize(cells, form="NFC")


def near_names(name: str, names: Collection[str]) -> str:
    """Say which names look like one that was not found.

    >>> near_names("wieght", ["weight", "age"])
    "Did you mean 'weight'?"
    """
    near = get_close_matches(name.casefold(), [known.casefold() for known in names], n=3)
    matches = [repr(known) for known in names if known.casefold() in near]
    return f"Did you mean {' or '.join(matches)}?" if matches else ""


def _read_texts(spec: ColumnSpec, cells: pa.ChunkedArray, faults: Faults) -> pa.ChunkedArray:
    texts = normalise_texts(cells)
    if spec.choices:
        choices = normalise_texts(pa.array(spec.choices, pa.string()))
        among = mask(pc.is_in(texts, value_set=choices)) | mask(pc.is_null(texts))
        faults.add_cells(
            ~among,
            spec.name,
            code="EVIDENCE-05",
            found="{cell}, which is not among the values the column may have",
            remedy=f"Write one of {', '.join(spec.choices)}.",
        )
    if spec.pattern:
        faults.add_cells(
            _mismatches(spec.pattern, texts),
            spec.name,
            code="EVIDENCE-04",
            found=f"{{cell}}, which does not follow the pattern {spec.pattern}",
            remedy="Write it in full, with leading zeros; keep the column as text in spreadsheets.",
        )
    return texts


def _mismatches(pattern: str, texts: pa.ChunkedArray) -> Mask:
    distinct = pc.unique(texts.drop_null())
    compiled = re.compile(pattern)
    wrong = [text for text in distinct.to_pylist() if not compiled.fullmatch(text)]
    return mask(pc.is_in(texts, value_set=pa.array(wrong, pa.string())))


def _read_yes_no(spec: ColumnSpec, cells: pa.ChunkedArray, faults: Faults) -> pa.ChunkedArray:
    words = pc.utf8_lower(cells)
    yes = mask(pc.is_in(words, value_set=YES))
    no = mask(pc.is_in(words, value_set=NO))
    faults.add_cells(
        mask(pc.is_valid(cells)) & ~yes & ~no,
        spec.name,
        code="EVIDENCE-06",
        found="{cell}, which is neither yes nor no",
        remedy="Write Yes or No, or leave the cell empty.",
    )
    return pa.chunked_array([pa.array(yes.astype(np.int64), mask=~(yes | no))])


def _check_bounds(spec: ColumnSpec, numbers: Numbers, faults: Faults) -> None:
    unit = 10**numbers.places
    outside = np.zeros(len(numbers.values), np.bool_)
    if spec.low is not None:
        outside |= mask(pc.less(numbers.values, max(spec.low * unit, INT64_LOW)))
    if spec.high is not None:
        outside |= mask(pc.greater(numbers.values, min(spec.high * unit, INT64_HIGH)))
    low = "any" if spec.low is None else spec.low
    high = "any" if spec.high is None else spec.high
    faults.add_cells(
        outside,
        spec.name,
        code="EVIDENCE-07",
        found=f"{{cell}}, outside the bounds {low} to {high}",
        remedy="Correct the number, or leave the cell empty when nothing is known.",
    )
