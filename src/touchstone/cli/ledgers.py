"""Ledgers of releases as files: read, begun, and replaced in one step."""

import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile

from touchstone.base.errors import TouchstoneError
from touchstone.stats.disclosure.ledgers import Ledger, ledger_bytes, read_ledger, same_population

SALT_SIZE = 16
OWNER_ONLY = 0o600


def open_ledger(path: Path, population: str) -> Ledger:
    """Read the ledger of a population, or begin one where there is no file yet.

    Raises TouchstoneError DISCLOSURE-07 for a broken ledger, DISCLOSURE-08 for one of another
    population, DISCLOSURE-09 when the file cannot be read.
    """
    if not path.exists():
        return Ledger(population, secrets.token_bytes(SALT_SIZE))
    ledger = read_ledger_file(path)
    same_population(ledger, population, where=path.name)
    return ledger


def read_ledger_file(path: Path) -> Ledger:
    """Read a ledger; raises TouchstoneError DISCLOSURE-07 or DISCLOSURE-09."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise _not_there(path, "read", fault) from fault
    return read_ledger(content, where=path.name)


def write_ledger(ledger: Ledger, path: Path) -> None:
    """Put a ledger in the place of its file in one step, for the owner's eyes only.

    Raises TouchstoneError DISCLOSURE-09 when it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as fresh:
            os.fchmod(fresh.fileno(), OWNER_ONLY)
            fresh.write(ledger_bytes(ledger))
            fresh.flush()
            os.fsync(fresh.fileno())
        Path(fresh.name).replace(path)
    except OSError as fault:
        raise _not_there(path, "written", fault) from fault


def _not_there(path: Path, what: str, fault: OSError) -> TouchstoneError:
    return TouchstoneError(
        "DISCLOSURE-09",
        where=str(path),
        found=f"the ledger cannot be {what} ({fault.strerror})",
        remedy="Give a path where the program may read and write.",
    )
