"""Identifiers that nobody can guess, for addresses and for the journal."""

import secrets

from django.urls import register_converter

PUBLIC_ID_BYTES = 16
PUBLIC_ID_LENGTH = 2 * PUBLIC_ID_BYTES


def new_public_id() -> str:
    """Give 128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(PUBLIC_ID_BYTES)


class PublicIdConverter:
    """`<public_id:…>` in an address: 32 hexadecimal digits and nothing else."""

    regex = f"[0-9a-f]{{{PUBLIC_ID_LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PublicIdConverter, "public_id")
