"""XLSX."""

from touchstone.formats.raw_tables import LIMITS, Limits, RawTable


def read_xlsx(content: bytes, *, where: str, limits: Limits = LIMITS) -> RawTable:
    """Read XLSX bytes."""
    raise NotImplementedError
