"""The ledger of what was released so far about one population of a tree, as it is stored."""

from dataclasses import dataclass

from touchstone.base.canonical import sha256_hex
from touchstone.stats.disclosure.ledgers import Ledger, ledger_bytes, read_ledger, release_line
from touchstone.stats.disclosure.releases import Release
from touchstone_web.assessments.models import ReleaseLedger


@dataclass(frozen=True, slots=True)
class StoredLedger:
    """A ledger with the number of its releases and the hash of its last line."""

    ledger: Ledger
    number: int
    last_hash: str

    def next_line(self, entry: Release) -> bytes:
        """The line of one more release."""
        return release_line(entry, self.last_hash)


def read_stored(row: ReleaseLedger) -> StoredLedger:
    """Read a ledger, and see that its chain of hashes holds."""
    head = ledger_bytes(Ledger(row.population, bytes(row.salt)))
    lines = [line.encode() for line in row.entries.values_list("line", flat=True)]
    content = head + b"".join(line + b"\n" for line in lines)
    last = lines[-1] if lines else head.rstrip(b"\n")
    ledger = read_ledger(content, where=f"the releases of {row.population}")
    return StoredLedger(ledger, len(lines), sha256_hex(last))
