"""The manifest of a folder: its files, what they follow from, and what wrote them."""

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec

from touchstone import __version__
from touchstone.base.canonical import canonical_json, sha256_hex

MANIFEST = "manifest.json"
SEAL = "manifest.sha256"
RESULTS = "touchstone.results.1"
PUBLICATION = "touchstone.publication.1"
PACKAGES = ("duckdb", "numpy", "pyarrow", "vl-convert-python")


class FileRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The length and SHA-256 of a file's bytes."""

    bytes: int
    sha256: str


class Hashes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """SHA-256 of contents, independent of file format, engine and language.

    `drawing` is that of a small picture, which tells whether another machine draws alike.
    """

    snapshot: str
    scheme: str
    tallies: str
    results: str
    drawing: str


class ResultsManifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands in the manifest of a results folder.

    `recipe` is everything besides the evidence that decides the results, `seed` that of all figures
    that come from draws. The engine is not named: every engine gives the same folder.
    """

    format: str
    files: dict[str, FileRecord]
    hashes: Hashes
    recipe: dict[str, Any]
    seed: int | None
    versions: dict[str, str]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a publication was taken from: hashes of the folder's manifest, snapshot and results."""

    manifest: str
    snapshot: str
    results: str


class PublicationManifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands in the manifest of a published folder.

    `source` is None where hashes of the evidence would help to guess single answers.
    """

    format: str
    files: dict[str, FileRecord]
    pack: dict[str, Any]
    scheme: str
    scheme_hash: str
    language: str
    source: Source | None
    versions: dict[str, str]


Manifest = ResultsManifest | PublicationManifest


@cache
def program_versions() -> Mapping[str, str]:
    """Give the versions of the program, of Python, and of the packages that make the files."""
    packages = {name: version(name) for name in PACKAGES}
    return {"touchstone": __version__, "python": platform.python_version(), **packages}


def file_records(files: Mapping[str, bytes]) -> dict[str, FileRecord]:
    """Give length and hash of each file."""
    return {name: FileRecord(len(content), sha256_hex(content)) for name, content in files.items()}


def manifest_bytes(manifest: Manifest) -> bytes:
    """Write a manifest as canonical JSON."""
    return canonical_json(msgspec.to_builtins(manifest))


def seal_bytes(manifest: bytes) -> bytes:
    """Write the SHA-256 of a manifest's bytes in the form that `sha256sum --check` reads."""
    return f"{sha256_hex(manifest)}  {MANIFEST}\n".encode()


def sealed(files: Mapping[str, bytes], manifest: Manifest) -> dict[str, bytes]:
    """Add the manifest and its seal to the files it names."""
    content = manifest_bytes(manifest)
    return {**files, MANIFEST: content, SEAL: seal_bytes(content)}


def read_manifest(content: bytes) -> Manifest:
    """Read a manifest of either kind; ValueError when it is none, or not in canonical JSON."""
    record = msgspec.json.decode(content)
    if not isinstance(record, dict) or canonical_json(record) != content:
        raise ValueError("manifest must be an object in canonical JSON; got other bytes")
    if record.get("format") == RESULTS:
        return msgspec.convert(record, ResultsManifest)
    if record.get("format") == PUBLICATION:
        return msgspec.convert(record, PublicationManifest)
    raise ValueError(f"format must be {RESULTS} or {PUBLICATION}; got {record.get('format')!r}")
