"""From TOML to typed content: every fault named with its place, all of them in one go."""

import types
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from touchstone.base.errors import TouchstoneError
from touchstone.content.names import name_like

LARGEST_NUMBER = 10**12
MOST_PLACES = 12
LONGEST_SHOWN = 60
UNIONS = (Union, types.UnionType)
UNREAD: Any = object()
"""What reading gives in place of a value that has a fault."""

WANTED: dict[Any, str] = {
    str: 'a text in quotes, such as "yes"',
    int: "a whole number, such as 5",
    Decimal: "a number without quotes, such as 0.5",
    bool: "true or false",
    tuple: "a list in brackets, such as [ … ]",
    dict: "a table, such as { … }",
}


class StructReader:
    """Turns tables of TOML into structs and keeps the faults it meets.

    >>> class Bar(msgspec.Struct):
    ...     height: int
    >>> reader = StructReader()
    >>> reader.read({"height": 3}, Bar, where="bars.toml")
    Bar(height=3)
    >>> reader.read({"hight": 3}, Bar, where="bars.toml") is UNREAD
    True
    >>> for fault in reader.faults:
    ...     print(fault)
    bars.toml: the key 'hight' is not known. Write 'height', or take it out. (PACK-06)
    bars.toml: the key 'height' is missing. Add it: a whole number, such as 5. (PACK-05)
    """

    def __init__(self) -> None:
        self.faults: list[TouchstoneError] = []

    def read(self, value: Any, kind: Any, *, where: str) -> Any:
        """Give the value as its type `kind`, or UNREAD when it or a part of it has a fault."""
        kind = _bare(kind)
        origin = get_origin(kind)
        if origin in UNIONS:
            return self._read_tagged(value, kind, where)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self._read_struct(value, kind, where)
        if origin is tuple:
            return self._read_list(value, get_args(kind)[0], where)
        if origin is dict:
            return self._read_table(value, get_args(kind)[1], where)
        return self._read_plain(value, kind, where)

    def _read_struct(self, value: Any, kind: type[msgspec.Struct], where: str) -> Any:
        if not isinstance(value, Mapping):
            return self._refuse(value, dict, where)
        fields = _fields(kind)
        self.faults += _unknown_keys(value, fields, where)
        read: dict[str, Any] = {}
        for key, field in fields.items():
            if key in value:
                read[field.name] = self.read(value[key], field.type, where=f"{where}, '{key}'")
            elif field.required:
                read[field.name] = self._refuse_absence(key, field.type, where)
        if any(part is UNREAD for part in read.values()) or set(value) - set(fields):
            return UNREAD
        return kind(**read)

    def _read_tagged(self, value: Any, kind: Any, where: str) -> Any:
        """Read a table as the struct that it names as its kind."""
        if not isinstance(value, Mapping):
            return self._refuse(value, dict, where)
        structs = {one.__struct_config__.tag: one for one in get_args(kind)}
        field = get_args(kind)[0].__struct_config__.tag_field
        wanted: Any = Literal[tuple(sorted(structs))]
        if field not in value:
            return self._refuse_absence(field, wanted, where)
        tag = value[field]
        if not isinstance(tag, str) or tag not in structs:
            return self._refuse(tag, wanted, f"{where}, '{field}'")
        rest = {key: part for key, part in value.items() if key != field}
        return self._read_struct(rest, structs[tag], where)

    def _read_list(self, value: Any, kind: Any, where: str) -> Any:
        if not isinstance(value, list):
            return self._refuse(value, tuple, where)
        read = [
            self.read(part, kind, where=f"{where} no. {number}{_label(part)}")
            for number, part in enumerate(value, start=1)
        ]
        return UNREAD if any(part is UNREAD for part in read) else tuple(read)

    def _read_table(self, value: Any, kind: Any, where: str) -> Any:
        if not isinstance(value, Mapping):
            return self._refuse(value, dict, where)
        read = {
            key: self.read(part, kind, where=f"{where}, '{key}'") for key, part in value.items()
        }
        return UNREAD if any(part is UNREAD for part in read.values()) else read

    def _read_plain(self, value: Any, kind: Any, where: str) -> Any:
        if kind is Decimal and isinstance(value, str):
            return self._refuse(value, kind, where)
        try:
            read = msgspec.convert(value, kind)
        except msgspec.ValidationError:
            return self._refuse(value, kind, where)
        if isinstance(read, int | Decimal) and not _is_moderate(read):
            self.faults.append(
                TouchstoneError(
                    "PACK-08",
                    where=where,
                    found=f"{_shown(value)} is not a number this program can be exact with",
                    remedy=f"Write a number below {LARGEST_NUMBER:,} with at most "
                    f"{MOST_PLACES} decimal places.",
                )
            )
            return UNREAD
        return read

    def _refuse(self, value: Any, kind: Any, where: str) -> Any:
        found, remedy = f"found {_shown(value)}", f"Write {_wanted(kind)}."
        self.faults.append(TouchstoneError("PACK-07", where=where, found=found, remedy=remedy))
        return UNREAD

    def _refuse_absence(self, key: str, kind: Any, where: str) -> Any:
        found, remedy = f"the key '{key}' is missing", f"Add it: {_wanted(kind)}."
        self.faults.append(TouchstoneError("PACK-05", where=where, found=found, remedy=remedy))
        return UNREAD


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


def _bare(kind: Any) -> Any:
    """Take a type out of its marks, and None out of a choice; what is left may be a choice."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in UNIONS:
        parts = [part for part in get_args(kind) if part is not types.NoneType]
        return _bare(parts[0]) if len(parts) == 1 else kind
    return kind


def _unknown_keys(
    value: Mapping[str, Any], fields: Mapping[str, Any], where: str
) -> list[TouchstoneError]:
    free = [key for key in fields if key not in value]
    return [
        TouchstoneError(
            "PACK-06",
            where=where,
            found=f"the key '{key}' is not known",
            remedy=f"{name_like(key, free)}, or take it out.",
        )
        for key in value
        if key not in fields
    ]


def _wanted(kind: Any) -> str:
    kind = _bare(kind)
    if get_origin(kind) is Literal:
        return "one of: " + ", ".join(f'"{choice}"' for choice in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return WANTED[dict]
    return WANTED[get_origin(kind) or kind]


def _label(part: Any) -> str:
    """Tell an entry of a list by what names it."""
    if isinstance(part, Mapping):
        for key in ("id", "name", "level", "period"):
            if isinstance(part.get(key), str):
                return f" ('{part[key]}')"
    return ""


def _is_moderate(number: int | Decimal) -> bool:
    if isinstance(number, Decimal) and not number.is_finite():
        return False
    places = 0 if isinstance(number, int) else -int(number.as_tuple().exponent)
    return -LARGEST_NUMBER < number < LARGEST_NUMBER and places <= MOST_PLACES


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'the text "{_shortened(value)}"'
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, list) else f"the value {_shortened(str(value))}"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
