"""The ledger of releases: one canonical JSON line for each, chained by hashes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from touchstone.base.canonical import canonical_json, sha256_hex
from touchstone.base.errors import TouchstoneError
from touchstone.stats.disclosure.releases import Release

FORMAT = "touchstone-ledger/1"
RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Ledger:
    """All releases so far about one population, in their order.

    `salt` keys the prints of members, so that nobody without the ledger can test guesses of them;
    a ledger is as confidential as the evidence.
    """

    population: str
    salt: bytes
    releases: tuple[Release, ...] = ()


def ledger_bytes(ledger: Ledger) -> bytes:
    """Write a ledger as JSON Lines: its head, then each release with the hash of the line before.

    >>> ledger_bytes(Ledger("schools", b"0" * 16)).decode()[:31]
    '{"format":"touchstone-ledger/1"'
    """
    head = {"format": FORMAT, "population": ledger.population, "salt": ledger.salt.hex()}
    lines = [canonical_json(head)]
    for release in ledger.releases:
        lines.append(release_line(release, sha256_hex(lines[-1])))
    return b"".join(line + b"\n" for line in lines)


def release_line(release: Release, previous: str) -> bytes:
    """Write one release with the hash of the line that comes before it.

    >>> line = release_line(Release(label="first", wave="", smallest=10), "0" * 64)
    >>> line.decode().split(",")[0]
    '{"previous":"0000000000000000000000000000000000000000000000000000000000000000"'
    """
    return canonical_json({"previous": previous, RELEASE: msgspec.to_builtins(release)})


def read_ledger(content: bytes, *, where: str) -> Ledger:
    """Read a ledger, and see that nothing was changed or taken out of its middle.

    Whoever keeps the hash of its last line can see that nothing was cut off at the end either.

    Raises TouchstoneError DISCLOSURE-07 at the first line that is not what it should be.

    >>> ledger = Ledger("schools", b"0" * 16, (Release(label="first", wave="", smallest=10),))
    >>> read_ledger(ledger_bytes(ledger), where="ledger.jsonl") == ledger
    True
    """
    lines = content.splitlines()
    head = _read(lines, 0, where)
    if head.get("format") != FORMAT:
        raise _broken(where, 1, f"no ledger of the form {FORMAT!r}")
    releases = []
    for number in range(1, len(lines)):
        record = _read(lines, number, where)
        if record.get("previous") != sha256_hex(lines[number - 1]):
            raise _broken(where, number + 1, "the hash of the line before is another")
        releases.append(_release(record, where, number + 1))
    try:
        return Ledger(str(head["population"]), bytes.fromhex(head["salt"]), tuple(releases))
    except (KeyError, TypeError, ValueError) as fault:
        raise _broken(where, 1, "no population or no salt") from fault


def same_population(ledger: Ledger, population: str, *, where: str) -> None:
    """Refuse a ledger of another population.

    Raises TouchstoneError DISCLOSURE-08.

    >>> same_population(Ledger("schools", b""), "schools", where="ledger.jsonl")
    """
    if ledger.population != population:
        raise TouchstoneError(
            "DISCLOSURE-08",
            where=where,
            found=f"a ledger of {ledger.population!r}; this release is about {population!r}",
            remedy="Keep one ledger for each population.",
        )


def _read(lines: Sequence[bytes], number: int, where: str) -> dict[str, Any]:
    try:
        record = json.loads(lines[number])
        if isinstance(record, dict) and canonical_json(record) == lines[number]:
            return record
    except (IndexError, ValueError):
        pass
    raise _broken(where, number + 1, "no canonical JSON object")


def _release(record: dict[str, Any], where: str, line: int) -> Release:
    try:
        return msgspec.convert(record.get(RELEASE), Release)
    except msgspec.ValidationError as fault:
        raise _broken(where, line, f"no release ({fault})") from fault


def _broken(where: str, line: int, found: str) -> TouchstoneError:
    return TouchstoneError(
        "DISCLOSURE-07",
        where=f"{where}, line {line}",
        found=found,
        remedy="Go back to the ledger as it was kept.",
    )
