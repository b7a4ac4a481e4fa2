"""Packs: found by name or folder, read as a whole, and checked before anything uses them.

A pack is a folder of TOML files with its texts and, where it ships any, its evidence.
"""

import fnmatch
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from touchstone.base.canonical import content_hash, sha256_hex
from touchstone.base.errors import InputErrors, TouchstoneError
from touchstone.content.analyses.kinds import Analysis
from touchstone.content.datasets import Dataset
from touchstone.content.evidence_checks import check_evidence
from touchstone.content.indicators import Indicator
from touchstone.content.pack_checks import check_parts
from touchstone.content.pack_parts import PackParts, PackTables, parts_of
from touchstone.content.schemes import Scheme
from touchstone.content.texts import LANGUAGES, flatten_tables
from touchstone.content.toml_files import LARGEST_FILE, parse_toml

EVIDENCE_ENDING = ".csv.gz"
ANALYSES = "analyses.toml"
FILES = (
    "pack.toml",
    "datasets.toml",
    "indicators.toml",
    ANALYSES,
    "schemes/*.toml",
    *(f"texts/{language}.toml" for language in LANGUAGES),
    "evidence/ORIGIN.md",
    "README.md",
)

Texts = Mapping[str, Mapping[str, Any]]


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
    analyses: Mapping[str, Analysis]
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
    folder = find_pack(name_or_folder)
    parts, texts, faults = _read_folder(folder)
    if faults:
        raise InputErrors(faults)
    return _pack_of(folder, parts, texts)


def check_pack(name_or_folder: str) -> tuple[TouchstoneError, ...]:
    """List all faults of a pack; none when it can be used. No such pack is PACK-01."""
    _, _, faults = _read_folder(find_pack(name_or_folder))
    return tuple(faults)


def _shipped_folder() -> Path:
    """The packs in the installed package, else those of the repository it runs from."""
    installed = Path(str(files("touchstone"))) / "shipped_packs"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[3] / "packs"


def _is_pack(folder: Path) -> bool:
    return (folder / "pack.toml").is_file()


def _pack_of(folder: Path, parts: PackParts, texts: Texts) -> Pack:
    """Put together a pack whose parts have no faults."""
    spec = parts.spec
    if spec is None:
        raise ValueError("parts must be read without faults; got parts without pack.toml")
    order = [*spec.schemes, *sorted(set(parts.schemes) - set(spec.schemes))]
    schemes = {name: parts.schemes[name] for name in order}
    evidence = {name: _evidence_file(folder, name) for name in spec.evidence}
    content = {
        "pack": msgspec.to_builtins(spec),
        "datasets": msgspec.to_builtins(parts.datasets),
        "indicators": msgspec.to_builtins(parts.indicators),
        "analyses": msgspec.to_builtins(parts.analyses),
        "schemes": msgspec.to_builtins(schemes),
        "texts": texts,
        "evidence": {name: sha256_hex(file.read_bytes()) for name, file in evidence.items()},
    }
    return Pack(
        name=spec.name,
        version=spec.version,
        folder=folder,
        datasets=parts.datasets,
        indicators=parts.indicators,
        analyses=parts.analyses,
        schemes=schemes,
        texts=texts,
        evidence=evidence,
        content_hash=content_hash(content),
    )


def _read_folder(folder: Path) -> tuple[PackParts, Texts, list[TouchstoneError]]:
    """Read everything that stands in a pack's folder, and find all that is wrong with it.

    1. Read the TOML files; one that cannot be read is a fault and leaves its part out.
    2. Turn their tables into typed parts.
    3. Check the parts against each other and against the texts.
    4. Check the other files: evidence, and files that do not belong to a pack.
    """
    toml = _TomlFiles(folder, [])
    schemes = sorted((folder / "schemes").glob("*.toml"))
    tables = PackTables(
        name=folder.name,
        spec=toml.read("pack.toml"),
        datasets=toml.read("datasets.toml"),
        indicators=toml.read("indicators.toml"),
        analyses=toml.read(ANALYSES) if (folder / ANALYSES).is_file() else {},
        schemes={path.stem: toml.read(f"schemes/{path.name}") for path in schemes},
    )
    languages = {language: toml.read(f"texts/{language}.toml") for language in LANGUAGES}
    texts = {
        language: flatten_tables(table)
        for language, table in languages.items()
        if table is not None
    }
    parts = parts_of(tables)
    faults = [*toml.faults, *parts.faults, *check_parts(parts, texts)]
    if parts.spec is not None:
        faults += _check_evidence_files(folder, parts.spec.evidence, parts)
        faults += _check_other_files(folder, parts.spec.evidence)
    return parts, texts, faults


@dataclass(frozen=True)
class _TomlFiles:
    """Reads the TOML files of one folder and keeps what is wrong with them."""

    folder: Path
    faults: list[TouchstoneError]

    def read(self, file: str) -> dict[str, Any] | None:
        """Read one file; None, and a fault kept, when that cannot be done."""
        where = f"{self.folder.name}/{file}"
        try:
            return parse_toml(_read_bytes(self.folder / file, where=where), where=where)
        except TouchstoneError as fault:
            self.faults.append(fault)
            return None


def _read_bytes(file: Path, *, where: str) -> bytes:
    """Read a file, but not much beyond the largest size that is allowed."""
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)
    except FileNotFoundError as fault:
        raise TouchstoneError(
            "PACK-02", where=where, found="there is no such file", remedy="Add it."
        ) from fault
    except OSError as fault:
        raise TouchstoneError(
            "PACK-03",
            where=where,
            found=f"the file cannot be read ({fault.strerror})",
            remedy="Make it a file that this program may read.",
        ) from fault


def _evidence_file(folder: Path, dataset: str) -> Path:
    return folder / "evidence" / (dataset + EVIDENCE_ENDING)


def _check_evidence_files(
    folder: Path, datasets: tuple[str, ...], parts: PackParts
) -> Iterator[TouchstoneError]:
    for name in datasets:
        dataset = parts.datasets.get(name)
        file = f"evidence/{name}{EVIDENCE_ENDING}"
        where = f"{folder.name}/{file}"
        if not (folder / file).is_file():
            yield TouchstoneError(
                "PACK-40",
                where=where,
                found="there is no such file, though pack.toml names this evidence",
                remedy="Add the file, or take the name out of 'evidence'.",
            )
        elif dataset is not None:
            with (folder / file).open("rb") as stream:
                yield from check_evidence(stream, dataset, where=where)
    if datasets and not (folder / "evidence/ORIGIN.md").is_file():
        yield TouchstoneError(
            "PACK-43",
            where=f"{folder.name}/evidence/ORIGIN.md",
            found="there is no such file",
            remedy="Add it, and say where the evidence comes from and what was changed.",
        )


def _check_other_files(folder: Path, datasets: tuple[str, ...]) -> Iterator[TouchstoneError]:
    """Refuse files that nothing reads: a misspelt name would else go unseen."""
    known = [*FILES, *(f"evidence/{name}{EVIDENCE_ENDING}" for name in datasets)]
    for path in sorted(folder.rglob("*")):
        file = path.relative_to(folder).as_posix()
        is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not is_hidden and not any(fnmatch.fnmatch(file, k) for k in known):
            yield TouchstoneError(
                "PACK-13",
                where=f"{folder.name}/{file}",
                found="a pack has no such file",
                remedy=f"Take it out, or name it as one of: {', '.join(known)}.",
            )
