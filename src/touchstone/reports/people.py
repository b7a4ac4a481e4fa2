"""Whose answers stand behind each unit: prints by which the people of releases are compared."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from touchstone.reports.recipes import Computed
from touchstone.stats.disclosure.homogeneity import are_alike
from touchstone.stats.disclosure.releases import Prints

SEPARATOR, NOTHING = "\x1f", "\x00"
PRINT_SIZE = 8
FACT = "fact"


def prints_by_unit(computed: Computed, *, salt: bytes, wave: str) -> dict[str, Prints]:
    """Give for each unit one print for each of its people: a keyed hash of who said what.

    Of organisations the people are the raters, or the rows where no column tells raters apart; of
    persons each is its own one. A print covers wave, unit, key, rater and the answers that the
    recipe uses, so that a corrected answer counts as another one. Keyed BLAKE2b, 8 bytes.
    """
    dataset, rows = computed.recipe.dataset, computed.snapshot.rows
    answers = _answers_of(computed)
    used = dict.fromkeys((dataset.unit, *dataset.key, *_given(dataset.rater), *answers))
    is_answered = _has_any(rows, answers)
    rows = rows.filter(is_answered)
    texts = [_texts(rows.column(name)) for name in used if name in rows.column_names]
    joined = pc.binary_join_element_wise(*texts, SEPARATOR) if texts else pa.array([], pa.string())
    prints = _prints(joined.to_pylist(), salt, wave)
    units, unit_codes = _codes(rows, dataset.unit)
    if dataset.about == "persons":
        people = unit_codes
    elif dataset.rater is None:
        people = np.arange(rows.num_rows)
    else:
        raters, rater_codes = _codes(rows, dataset.rater)
        people = unit_codes * len(raters) + rater_codes
    first, inverse = np.unique(people, return_index=True, return_inverse=True)[1:]
    sums = np.zeros(len(first), np.uint64)
    np.add.at(sums, inverse, prints)
    order = np.argsort(unit_codes[first], kind="stable")
    bounds = np.searchsorted(unit_codes[first][order], np.arange(len(units) + 1))
    return {unit: sums[order[bounds[code] : bounds[code + 1]]] for code, unit in enumerate(units)}


def prints_of(texts: Sequence[str], *, salt: bytes, wave: str) -> Prints:
    """Give one print for each text, for things behind which no people stand.

    >>> prints_of(["a"], salt=b"0" * 16, wave="").dtype.name
    'uint64'
    """
    return _prints(texts, salt, wave)


def alike_units(computed: Computed) -> frozenset[str]:
    """Name the units where all, or all but one, gave the same answer to something asked."""
    dataset, rows = computed.recipe.dataset, computed.snapshot.rows
    found: set[str] = set()
    for column in _answers_of(computed):
        if column not in rows.column_names:
            continue
        pairs = rows.select([dataset.unit, column]).drop_null()
        counted = pairs.group_by([dataset.unit, column]).aggregate([([], "count_all")])
        by_unit: dict[str, list[int]] = {}
        units, counts = counted.column(dataset.unit), counted.column("count_all")
        for unit, count in zip(units.to_pylist(), counts.to_pylist(), strict=True):
            by_unit.setdefault(unit, []).append(count)
        found |= {unit for unit, these in by_unit.items() if are_alike(these)}
    return frozenset(found)


def _answers_of(computed: Computed) -> list[str]:
    """Name the columns that hold answers; of persons facts are about people as well."""
    recipe = computed.recipe
    return sorted(
        {
            one.column
            for one in recipe.indicators.values()
            if one.kind != FACT or recipe.is_about_persons
        }
    )


def _given(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


def _has_any(rows: pa.Table, columns: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Tell which rows have an answer at all."""
    found = np.zeros(rows.num_rows, bool)
    for name in columns:
        if name in rows.column_names:
            found |= pc.is_valid(rows.column(name)).to_numpy(zero_copy_only=False)
    return found


def _texts(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(pc.cast(cells, pa.string()), NOTHING)


def _prints(texts: Sequence[str], salt: bytes, wave: str) -> Prints:
    keyed = hashlib.blake2b(key=salt, digest_size=PRINT_SIZE)
    keyed.update(f"{wave}{SEPARATOR}".encode())
    found = bytearray()
    for text in texts:
        one = keyed.copy()
        one.update(text.encode())
        found += one.digest()
    return np.frombuffer(bytes(found), np.uint64)


def _codes(rows: pa.Table, name: str) -> tuple[Mapping[str, int], npt.NDArray[np.int64]]:
    """Number the different values of a column."""
    encoded = _texts(rows.column(name)).combine_chunks().dictionary_encode()
    values = {text: code for code, text in enumerate(encoded.dictionary.to_pylist())}
    return values, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
