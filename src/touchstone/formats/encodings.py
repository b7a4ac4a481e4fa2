"""Bytes that should be UTF-8: whether they are, and where they stop being it."""

import codecs
import csv
import io
import re

from touchstone.base.errors import TouchstoneError
from touchstone.formats.raw_tables import LONGEST_LINE

CHUNK_BYTES = 1024 * 1024
UTF_16_AND_32 = (
    codecs.BOM_UTF32_LE,
    codecs.BOM_UTF32_BE,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
)
REMEDY = "Save the file as UTF-8; spreadsheets call it 'CSV UTF-8'."
# How far around the first wrong byte a guess looks.
GUESS_BYTES = 200
LEAST_CHINESE_SIGNS = 2
ONE_DELIMITER = bytes.maketrans(b";\t", b",,")


def check_encoding(content: bytes, *, where: str) -> None:
    """Refuse bytes that are not UTF-8 text, with the row and the byte.

    Raises TouchstoneError TABLE-03 for another encoding, TABLE-04 for a zero byte.
    """
    if content.startswith(UTF_16_AND_32) or _looks_like_utf_16(content):
        raise TouchstoneError(
            "TABLE-03", where=f"{where}, row 1", found="text in UTF-16 or UTF-32", remedy=REMEDY
        )
    wrong = first_wrong_byte(content)
    if wrong is not None:
        raise TouchstoneError(
            "TABLE-03",
            where=f"{where}, row {_row_of(content, wrong)}, byte {wrong + 1:,} of the file",
            found=f"the byte 0x{content[wrong]:02X}, which is not UTF-8{_guess(content, wrong)}",
            remedy=REMEDY,
        )
    zero = content.find(b"\x00")
    if zero >= 0:
        raise TouchstoneError(
            "TABLE-04",
            where=f"{where}, row {_row_of(content, zero)}, byte {zero + 1:,} of the file",
            found="a zero byte, which no text holds",
            remedy="Export the file again; it is damaged, or not a table of text.",
        )


def first_wrong_byte(content: bytes) -> int | None:
    """Give the position of the first byte that is not UTF-8, None when all are.

    >>> first_wrong_byte("né".encode()), first_wrong_byte("né".encode("latin-1"))
    (None, 1)
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, max(len(content), 1), CHUNK_BYTES):
        chunk = content[start : start + CHUNK_BYTES]
        end = start + len(chunk)
        try:
            decoder.decode(chunk, final=end == len(content))
        except UnicodeDecodeError as fault:
            return end - len(fault.object) + fault.start
    return None


def _looks_like_utf_16(content: bytes) -> bool:
    """Say whether every second of the first bytes is zero, as in UTF-16 without a mark."""
    start = content[:GUESS_BYTES]
    return any(
        len(half) > 1 and half.count(0) * 2 > len(half) for half in (start[::2], start[1::2])
    )


def _row_of(content: bytes, position: int) -> int:
    """Count the rows up to a position; line ends within quotation marks do not count."""
    before = content[:position].translate(ONE_DELIMITER) + b"x"
    if b'"' not in before:
        return (before.count(b"\n") or before.count(b"\r")) + 1
    text = io.TextIOWrapper(io.BytesIO(before), "utf-8", "ignore", newline="")
    try:
        return sum(1 for _ in csv.reader(map(_short_line, text)))
    except csv.Error:
        return before.count(b"\n") + 1


def _short_line(line: str) -> str:
    if len(line) > LONGEST_LINE:
        raise csv.Error(f"a line must have at most {LONGEST_LINE} characters")
    return line


def _guess(content: bytes, position: int) -> str:
    """Name the encoding that the bytes around a wrong one look like, if any does."""
    end = content.find(b"\n", position, position + GUESS_BYTES)
    line = content[position : end if end >= 0 else position + GUESS_BYTES]
    high = re.findall(rb"[\x81-\xfe][\x40-\xfe]", line)
    try:
        text = b"".join(high).decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    common = sum("\u4e00" <= sign <= "\u9fff" for sign in text)
    if common >= LEAST_CHINESE_SIGNS and common * 2 > len(text):
        return " (perhaps GB18030)"
    return " (perhaps Latin-1 or Windows-1252)"
