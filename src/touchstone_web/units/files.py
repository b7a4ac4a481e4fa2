"""The checked units of a file, as they wait beside it for the decision."""

import json
from pathlib import Path

from touchstone.base.canonical import sha256_hex
from touchstone.base.errors import TouchstoneError
from touchstone.content.trees import Node
from touchstone_web.shared.uploads import upload_folder


def units_file(public_id: str) -> Path:
    """Where the checked units of an upload stand."""
    return upload_folder() / f"{public_id}.units"


def read_nodes(public_id: str, *, sha256: str, where: str) -> list[Node]:
    """Read checked units back; UPLOAD-07 when the file is gone or is not what was checked."""
    path = units_file(public_id)
    content = path.read_bytes() if path.exists() else b""
    if sha256_hex(content) != sha256:
        raise TouchstoneError(
            "UPLOAD-07",
            where=where,
            found="what was made of the file by the check is gone",
            remedy="Send the file again.",
        )
    return [Node(*fields) for fields in json.loads(content)]
