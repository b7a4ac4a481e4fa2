"""Reading and checking the journal."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from touchstone.trust.frontiers import Frontier
from touchstone.trust.hashing import hash_leaf
from touchstone.trust.journal import inclusion_proof, is_included
from touchstone.trust.leaves import Leaf, commit_to
from touchstone_web.journal.models import EDGE_KEY, ERASED, Edge, Entry, Payload, tree_of
from touchstone_web.shared.names import Named, names_of
from touchstone_web.shared.roles import READS_JOURNAL, Role
from touchstone_web.shared.viewers import Viewer

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that an entry is in the journal of `size` leaves with this root."""

    size: int
    root: bytes
    path: tuple[bytes, ...]
    holds: bool

    @property
    def root_hex(self) -> str:
        """The root in hexadecimal digits."""
        return self.root.hex()

    @property
    def path_hex(self) -> list[str]:
        """The path in hexadecimal digits."""
        return [each.hex() for each in self.path]


@dataclass(frozen=True, slots=True)
class JournalFault:
    """The first height at which the journal is not what it should be, and what is wrong there.

    `what` is the end of a key: `journal.fault.<what>`.
    """

    height: int
    what: str


def entries(*, seen_by: Viewer, on: date) -> QuerySet[Entry]:
    """The entries a person may read, the newest first.

    Administrators and auditors of everything read all; auditors of a tree read what concerns it.
    """
    if not seen_by.holds(*READS_JOURNAL, on=on):
        raise Http404("the journal is read by administrators and auditors")
    found = Entry.objects.select_related("payload").order_by("-height")
    if seen_by.holds(Role.ADMINISTRATOR, on=on):
        return found
    trees = seen_by.public_ids_of_trees(Role.AUDITOR, on=on)
    return found if trees is None else found.filter(payload__tree__in=trees)


def filtered(found: QuerySet[Entry], *, kind: str = "", text: str = "") -> QuerySet[Entry]:
    """Of some entries those of a kind, or which name an identifier as subject or actor."""
    if kind:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(Q(payload__about=text) | Q(payload__by=text))
    return found


def kinds_of(found: QuerySet[Entry]) -> list[str]:
    """The kinds that occur among some entries, in alphabetical order."""
    return sorted(found.order_by().values_list("kind", flat=True).distinct())


def names_in(found: Iterable[Entry], *, seen_by: Viewer, on: date) -> dict[str, Named]:
    """The names behind the identifiers in some entries that the viewer may read."""
    ids: set[str] = set()
    for entry in found:
        ids |= entry.payload.identifiers()
    return names_of(ids, seen_by=seen_by, on=on)


def entry_at(height: int, *, seen_by: Viewer, on: date) -> Entry:
    """One entry; 404 when there is none or it is not this person's to read."""
    entry = entries(seen_by=seen_by, on=on).filter(height=height).first()
    if entry is None:
        raise Http404(f"no entry {height}")
    return entry


def entries_about(public_id: str) -> QuerySet[Entry]:
    """Entries about a person or done by that person: their own to see, whatever their roles."""
    named = Q(payload__about=public_id) | Q(payload__by=public_id)
    return Entry.objects.select_related("payload").filter(named).order_by("-height")


def current_frontier() -> Frontier:
    """The journal's size and the roots of its full subtrees."""
    edge = Edge.objects.filter(pk=EDGE_KEY).first()
    return Frontier() if edge is None else edge.frontier()


def proof_of(entry: Entry) -> Proof:
    """Show that an entry is in the journal as it now stands."""
    frontier = current_frontier()
    stored = Entry.objects.filter(height__lt=frontier.size).order_by("height")
    hashes = [bytes(leaf_hash) for leaf_hash in stored.values_list("leaf_hash", flat=True)]
    root = frontier.root()
    if len(hashes) != frontier.size or entry.height >= frontier.size:
        return Proof(frontier.size, root, (), holds=False)
    path = inclusion_proof(hashes, entry.height)
    holds = is_included(
        hash_leaf(bytes(entry.leaf)), entry.height, frontier.size, proof=path, root=root
    )
    return Proof(frontier.size, root, path, holds)


def first_fault() -> JournalFault | None:
    """Compute the whole journal again; None when all of it holds.

    1. Heights run from 0 without a gap, up to the size that the edge names.
    2. Each leaf is canonical, names its own kind and height, and has the stored hash.
    3. Each payload that still stands is the one committed to; an erased one has its tombstone.
    4. The hashes give the stored edge, and so the root.

    Entries written while this runs lie beyond the size read first, and are not looked at.
    """
    expected = current_frontier()
    grown = Frontier()
    for entry in _stored(expected.size):
        if entry.height != grown.size:
            return JournalFault(grown.size, "missing")
        fault = _fault_of_leaf(entry) or _fault_of_payload(entry)
        if fault:
            return JournalFault(entry.height, fault)
        grown.append(bytes(entry.leaf_hash))
    if grown.size != expected.size:
        return JournalFault(grown.size, "missing")
    if grown.peaks != expected.peaks:
        return JournalFault(grown.size, "edge")
    return None


def _stored(size: int) -> Iterator[Entry]:
    """All entries in order, some at a time, so that a long journal does not fill the memory."""
    for start in range(0, size, CHUNK):
        end = min(start + CHUNK, size)
        found = Entry.objects.filter(height__gte=start, height__lt=end)
        yield from found.select_related("payload").order_by("height")


def _fault_of_leaf(entry: Entry) -> str | None:
    leaf = bytes(entry.leaf)
    if hash_leaf(leaf) != bytes(entry.leaf_hash):
        return "leaf_hash"
    named = _read_leaf(leaf)
    if named is None or named.to_bytes() != leaf:
        return "leaf"
    return None if (named.kind, named.height) == (entry.kind, entry.height) else "leaf"


def _fault_of_payload(entry: Entry) -> str | None:
    payload: Payload | None = getattr(entry, "payload", None)
    if payload is None:
        return "payload_missing"
    if payload.is_erased:
        return None if _has_tombstone(payload) else "tombstone"
    named = _read_leaf(bytes(entry.leaf))
    try:
        words = payload.words()
        commitment = commit_to(words, bytes(payload.salt or b""))
    except ValueError:
        return "payload"
    is_same = named is not None and commitment == named.commitment
    return None if is_same and payload.tree == tree_of(words["details"]) else "payload"


def _has_tombstone(payload: Payload) -> bool:
    return Entry.objects.filter(
        height=payload.erased_by_entry, kind=ERASED, payload__about=f"entry:{payload.entry_id}"
    ).exists()


def _read_leaf(leaf: bytes) -> Leaf | None:
    try:
        read = json.loads(leaf)
        return Leaf(str(read["kind"]), int(read["height"]), str(read["commitment"]))
    except (ValueError, TypeError, KeyError):
        return None


def newest_entries(count: int) -> list[Entry]:
    """The newest entries, the oldest of them first: for whoever runs the server."""
    found = Entry.objects.select_related("payload").order_by("-height")[:count]
    return list(reversed(found))
