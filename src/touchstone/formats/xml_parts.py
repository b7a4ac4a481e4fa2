"""XML read as a stream of elements: no tree in memory, no document type, no entities."""

from collections.abc import Iterator
from typing import IO, Protocol
from xml.parsers import expat

CHUNK_BYTES = 256 * 1024


class Listener(Protocol):
    """What hears of the elements of an XML stream, by names without their prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Hear that an element begins."""

    def end(self, name: str) -> None:
        """Hear that an element ends."""

    def text(self, content: str) -> None:
        """Hear a piece of text."""


def listen(stream: IO[bytes], listener: Listener) -> Iterator[None]:
    """Tell a listener of each element, and pause after each chunk of the stream.

    A document type declaration is a ValueError, so that no entity can grow or reach out.
    Malformed XML is an `expat.ExpatError`.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = lambda name, attributes: listener.start(_local(name), attributes)
    parser.EndElementHandler = lambda name: listener.end(_local(name))
    parser.CharacterDataHandler = listener.text
    while chunk := stream.read(CHUNK_BYTES):
        parser.Parse(chunk, False)  # noqa: FBT003
        yield
    parser.Parse(b"", True)  # noqa: FBT003
    yield


def _local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


def _refuse_document_type(*_: object) -> None:
    raise ValueError("a worksheet must not declare a document type")
