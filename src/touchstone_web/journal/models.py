"""The journal as it is stored: leaves that stay, payloads that can be erased, the tree's edge."""

import json
from datetime import UTC, datetime
from typing import Any

from django.db import models

from touchstone.base.canonical import canonical_json
from touchstone.trust.frontiers import Frontier
from touchstone_web.shared.identifiers import PUBLIC_ID_LENGTH

HASH_SIZE = 32
EDGE_KEY = 1
ERASED = "payload.erased"


class Entry(models.Model):
    """One leaf of the journal; never changed, never deleted."""

    height = models.PositiveBigIntegerField(primary_key=True)
    kind = models.CharField(max_length=64, db_index=True)
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=HASH_SIZE)

    def __str__(self) -> str:
        return f"{self.height} {self.kind}"

    @property
    def kind_key(self) -> str:
        """Key of the text for its kind."""
        return f"event.{self.kind}"

    @property
    def leaf_text(self) -> str:
        """The bytes that are hashed; they are canonical JSON."""
        return bytes(self.leaf).decode(errors="replace")

    @property
    def leaf_hash_hex(self) -> str:
        """The hash in hexadecimal digits."""
        return bytes(self.leaf_hash).hex()


class Payload(models.Model):
    """What an entry says, and the salt of the commitment to it.

    Holds identifiers as text and no foreign keys, so that nothing else is bound to stay.
    After erasure all is empty, and `erased_by_entry` is the height of the tombstone.
    """

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="payload"
    )
    salt = models.BinaryField(null=True)
    about = models.CharField(max_length=128, db_index=True, blank=True)
    by = models.CharField(max_length=64, db_index=True, blank=True)
    at = models.CharField(max_length=32, db_index=True, blank=True)
    details = models.TextField(blank=True)
    tree = models.CharField(max_length=32, db_index=True, blank=True)
    erased_by_entry = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return f"payload of {self.entry_id}"

    def set_words(
        self, *, about: str, by: str, at: datetime, details: dict[str, str | int | None]
    ) -> None:
        """Put the words in; moments in UTC are written so that they sort as text."""
        if at.tzinfo is None:
            raise ValueError(f"at must know its time zone; got {at!r}")
        self.about, self.by = about, by
        self.at = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.details = canonical_json(details).decode()
        self.tree = tree_of(details)

    def words(self) -> dict[str, Any]:
        """The words as they are committed to; ValueError when they are not JSON any more."""
        return {
            "about": self.about,
            "by": self.by,
            "at": self.at,
            "details": json.loads(self.details),
        }

    @property
    def moment(self) -> datetime:
        """When it happened."""
        return datetime.fromisoformat(self.at)

    @property
    def details_in_order(self) -> list[tuple[str, Any]]:
        """What else is said, by key."""
        return sorted(json.loads(self.details).items())

    def identifiers(self) -> set[str]:
        """All that may be a public identifier in it."""
        if self.is_erased:
            return set()
        said = {self.about, self.by, *(str(value) for _, value in self.details_in_order)}
        return {each for each in said if len(each) == PUBLIC_ID_LENGTH}

    @property
    def is_erased(self) -> bool:
        """Its words are gone; its leaf still stands."""
        return self.salt is None


class Edge(models.Model):
    """The right edge of the tree: how many leaves, and the roots of its full subtrees.

    There is one row. It is written under the same lock under which heights are given.
    """

    size = models.PositiveBigIntegerField(default=0)
    peaks = models.BinaryField(default=bytes)

    def __str__(self) -> str:
        return f"{self.size} leaves"

    def frontier(self) -> Frontier:
        """The edge as the library has it."""
        peaks = bytes(self.peaks)
        starts = range(0, len(peaks), HASH_SIZE)
        return Frontier(self.size, [peaks[start : start + HASH_SIZE] for start in starts])


def tree_of(details: object) -> str:
    """The tree that an entry's details name; empty when they name none."""
    return str(details.get("tree") or "") if isinstance(details, dict) else ""
