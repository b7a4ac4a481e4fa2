"""Packs: found by name or folder, read as a whole, and checked before anything uses them.

A pack is a folder of TOML files with its texts and, where it ships any, its evidence.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from touchstone.base.canonical import content_hash, sha256_hex
from touchstone.base.errors import InputErrors, TouchstoneError
from touchstone.content.datasets import Dataset
from touchstone.content.indicators import Indicator
from touchstone.content.pack_parts import PackParts, PackTables, parts_of
from touchstone.content.schemes import Scheme
from touchstone.content.texts import LANGUAGES, flatten

LARGEST_TOML = 4 * 1024 * 1024
DEEPEST_TABLE = 20
EVIDENCE_ENDING = ".csv.gz"


@dataclass(frozen=True)
class Pack:
    """A pack without faults: what it measures, how it judges, and in which words.

    `texts` holds for each language its sentences by key; `evidence` the shipped file by dataset.
    `content_hash` is equal for packs of equal content, wherever they stand.
    """

    name: str
    version: int
    folder: Path
    datasets: Mapping[str, Dataset]
    indicators: Mapping[str, Indicator]
    schemes: Mapping[str, Scheme]
    texts: Mapping[str, Mapping[str, str]]
    evidence: Mapping[str, Path]
    content_hash: str


def shipped_packs() -> tuple[str, ...]:
    """Name the packs that come with the program, in alphabetical order.

    >>> "schools" in shipped_packs()
    True
    """
    folder = _shipped_folder()
    return tuple(sorted(entry.name for entry in folder.iterdir() if _is_pack(entry)))


def find_pack(name_or_folder: str) -> Path:
    """Give the folder of a shipped pack's name, or of a folder's path; else PACK-01.

    A shipped name comes first; write `./schools` for a folder of that name beside you.
    """
    if name_or_folder in shipped_packs():
        return _shipped_folder() / name_or_folder
    folder = Path(name_or_folder)
    if name_or_folder and folder.is_dir():
        return folder.resolve()
    raise TouchstoneError(
        "PACK-01",
        where=f"pack '{name_or_folder}'",
        found="there is neither a folder nor a shipped pack of this name",
        remedy=f"Give the path of a folder, or one of: {', '.join(shipped_packs())}.",
    )


def read_pack(name_or_folder: str) -> Pack:
    """Read a pack of a shipped name or a folder; all its faults together as InputErrors.

    >>> read_pack("schools").schemes["awards"].official
    'awards'
    """
    reading = _read_folder(find_pack(name_or_folder))
    if reading.faults:
        raise InputErrors(reading.faults)
    return reading.pack()


def check_pack(name_or_folder: str) -> tuple[TouchstoneError, ...]:
    """List all faults of a pack; none when it can be used. No such pack is PACK-01."""
    return tuple(_read_folder(find_pack(name_or_folder)).faults)


@dataclass(frozen=True)
class _Reading:
    """What was read of one folder, and everything wrong with it."""

    folder: Path
    parts: PackParts
    texts: Mapping[str, Mapping[str, str]]
    faults: list[TouchstoneError]

    def pack(self) -> Pack:
        spec = self.parts.spec
        if spec is None:
            raise ValueError("pack must be read without faults; got one without pack.toml")
        order = [*spec.schemes, *sorted(set(self.parts.schemes) - set(spec.schemes))]
        schemes = {name: self.parts.schemes[name] for name in order}
        folder = self.folder / "evidence"
        evidence = {name: folder / (name + EVIDENCE_ENDING) for name in spec.evidence}
        content = {
            "name": spec.name,
            "version": spec.version,
            "datasets": msgspec.to_builtins(self.parts.datasets),
            "indicators": msgspec.to_builtins(self.parts.indicators),
            "schemes": msgspec.to_builtins(schemes),
            "texts": self.texts,
            "evidence": {name: sha256_hex(path.read_bytes()) for name, path in evidence.items()},
        }
        return Pack(
            name=spec.name,
            version=spec.version,
            folder=self.folder,
            datasets=self.parts.datasets,
            indicators=self.parts.indicators,
            schemes=schemes,
            texts=self.texts,
            evidence=evidence,
            content_hash=content_hash(content),
        )


def _shipped_folder() -> Path:
    """The packs in the installed package, else those of the repository it runs from."""
    installed = Path(str(files("touchstone"))) / "shipped_packs"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[3] / "packs"


def _is_pack(folder: Path) -> bool:
    return (folder / "pack.toml").is_file()


def _read_folder(folder: Path) -> _Reading:
    """Read everything that stands in a pack's folder.

    1. Read the TOML files; what cannot be read is a fault and leaves its part out.
    2. Turn their tables into typed parts.
    3. Check the parts against each other, the texts and the evidence.
    """
    faults: list[TouchstoneError] = []
    files_read = _TomlFiles(folder, faults)
    parts = parts_of(
        PackTables(
            name=folder.name,
            spec=files_read.read("pack.toml"),
            datasets=files_read.read("datasets.toml"),
            indicators=files_read.read("indicators.toml"),
            schemes={
                path.stem: files_read.read(f"schemes/{path.name}")
                for path in sorted((folder / "schemes").glob("*.toml"))
            },
        )
    )
    texts = {
        language: flatten(files_read.read(f"texts/{language}.toml") or {}) for language in LANGUAGES
    }
    faults += parts.faults
    return _Reading(folder, parts, texts, faults)


@dataclass(frozen=True)
class _TomlFiles:
    """Reads the TOML files of one folder and keeps what is wrong with them."""

    folder: Path
    faults: list[TouchstoneError]

    def read(self, file: str) -> dict[str, Any] | None:
        try:
            return _read_toml(self.folder / file, where=f"{self.folder.name}/{file}")
        except TouchstoneError as fault:
            self.faults.append(fault)
            return None


def _read_toml(path: Path, *, where: str) -> dict[str, Any]:
    """Read one file of TOML with exact numbers; PACK-02, -03 or -04 when that cannot be done."""
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST_TOML else None
    except FileNotFoundError as fault:
        raise TouchstoneError(
            "PACK-02", where=where, found="there is no such file", remedy="Add it."
        ) from fault
    except OSError as fault:
        found = f"the file cannot be read ({fault.strerror})"
        raise TouchstoneError(
            "PACK-03", where=where, found=found, remedy="Let the program read it."
        ) from fault
    if content is None:
        found = f"the file has more than {LARGEST_TOML:,} bytes"
        raise TouchstoneError("PACK-03", where=where, found=found, remedy="Make it smaller.")
    try:
        table = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as fault:
        found = f"byte {fault.start + 1} is not UTF-8"
        raise TouchstoneError(
            "PACK-03", where=where, found=found, remedy="Save the file as UTF-8."
        ) from fault
    except (ValueError, ArithmeticError, RecursionError) as fault:
        found = f"this is not TOML: {fault}"
        raise TouchstoneError(
            "PACK-04", where=where, found=found, remedy="Mend the file at that place."
        ) from fault
    if _depth(table) > DEEPEST_TABLE:
        found = f"tables stand more than {DEEPEST_TABLE} deep in each other"
        raise TouchstoneError("PACK-04", where=where, found=found, remedy="Take levels out.")
    return table


def _depth(table: Any) -> int:
    """Count how deep tables and lists stand in each other; no deeper than needed to refuse."""
    level, depth = [table], 0
    while level and depth <= DEEPEST_TABLE:
        level = [part for whole in level for part in _parts_within(whole)]
        depth += 1
    return depth


def _parts_within(whole: Any) -> Iterator[Any]:
    parts = whole.values() if isinstance(whole, dict) else whole
    return (part for part in parts if isinstance(part, dict | list))
