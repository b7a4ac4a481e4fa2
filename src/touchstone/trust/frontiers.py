"""The right edge of a Merkle tree: enough to append and to know the root, in log(n) hashes."""

from collections.abc import Iterable

from touchstone.trust.hashing import EMPTY_ROOT, hash_node


class Frontier:
    """The roots of the full subtrees of a journal, the largest first, with the number of leaves.

    A journal of n leaves has one full subtree for each bit set in n, so appending needs no more
    than these few hashes however long the journal is (the compact range of RFC 9162's tree).

    >>> frontier = Frontier()
    >>> frontier.append(b"a" * 32)
    >>> frontier.size, frontier.root() == b"a" * 32
    (1, True)
    """

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError(
                f"Frontier needs one peak per bit set in size; got {size=}, {len(self.peaks)} peaks"
            )

    def append(self, leaf_hash: bytes) -> None:
        """Add one leaf at the end, joining full subtrees of equal size."""
        self.peaks.append(leaf_hash)
        carried = self.size
        while carried & 1:
            right = self.peaks.pop()
            self.peaks[-1] = hash_node(self.peaks[-1], right)
            carried >>= 1
        self.size += 1

    def root(self) -> bytes:
        """Give the root of the whole journal; of an empty one, the hash of nothing."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = hash_node(peak, root)
        return root
