"""What an analysis is made of."""

from typing import NamedTuple

from touchstone.stats.designs import Design
from touchstone.tallies.tables import Snapshot


class Evidence(NamedTuple):
    """Frozen rows, how they were drawn, and what messages call them."""

    snapshot: Snapshot
    where: str = "evidence"
    design: Design = Design()
