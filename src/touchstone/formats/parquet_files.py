"""Parquet."""

from touchstone.formats.raw_tables import LIMITS, Limits, RawTable


def read_parquet(content: bytes, *, where: str, limits: Limits = LIMITS) -> RawTable:
    """Read Parquet bytes."""
    raise NotImplementedError
