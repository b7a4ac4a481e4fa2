"""What a workbook says outside its worksheets: their names and places, texts, date formats."""

import posixpath
import re
import zipfile
from dataclasses import dataclass, field

from openpyxl.styles.numbers import is_date_format, is_timedelta_format

from touchstone.formats.raw_tables import MEBIBYTE
from touchstone.formats.xml_parts import Listener, listen

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
# Number formats that Excel knows by their number: dates and times, the East Asian ones included.
BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
MOST_TEXTS = 10_000_000
LARGEST_PART = 64 * MEBIBYTE
ESCAPED = re.compile(r"_x([0-9A-Ca-cE-Fe-f][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2})_")


@dataclass(frozen=True, slots=True)
class Workbook:
    """The worksheets of a workbook by name, with the archive member each stands in.

    `texts` are the shared texts that cells point to; `dates` are the styles that show a number as
    a date or a time.
    """

    sheets: dict[str, str]
    texts: list[str]
    dates: frozenset[int]


def read_workbook(archive: zipfile.ZipFile) -> Workbook:
    """Read the parts of a workbook that its worksheets need; KeyError when one is missing."""
    relations, names, texts, styles = _Relations(), _SheetNames(), _SharedTexts(), _Styles()
    _read(archive, RELATIONS, relations)
    _read(archive, WORKBOOK, names)
    targets = [(name, *relations.targets[relation]) for name, relation in names.relations.items()]
    sheets = {name: member for name, kind, member in targets if kind == "worksheet"}
    for kind, member in relations.targets.values():
        if kind == "sharedStrings" and member in archive.namelist():
            _read(archive, member, texts)
        elif kind == "styles" and member in archive.namelist():
            _read(archive, member, styles)
    return Workbook(sheets, texts.texts, styles.dates())


def unescape_text(text: str) -> str:
    r"""Undo the way Excel writes signs that XML cannot hold.

    >>> unescape_text("a_x000D_b")
    'a\rb'
    """
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _read(archive: zipfile.ZipFile, member: str, listener: Listener) -> None:
    size = archive.getinfo(member).file_size
    if size > LARGEST_PART and not isinstance(listener, _SharedTexts):
        raise ValueError(f"{member} must have at most {LARGEST_PART} bytes; got {size}")
    with archive.open(member) as stream:
        for _ in listen(stream, listener):
            pass


@dataclass(slots=True)
class _Relations:
    """Which part of the archive each identifier of the workbook stands for, and its kind."""

    targets: dict[str, tuple[str, str]] = field(default_factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a part and its kind."""
        if name == "Relationship":
            kind = attributes["Type"].rpartition("/")[2]
            member = posixpath.normpath(posixpath.join("/xl", attributes["Target"]))
            self.targets[attributes["Id"]] = (kind, member.lstrip("/"))

    def end(self, name: str) -> None:
        """Nothing hangs on the end of an element."""

    def text(self, content: str) -> None:
        """Nothing stands between the elements."""


@dataclass(slots=True)
class _SheetNames:
    """The names of the sheets in their order, with the identifier of each one's part."""

    relations: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a sheet's name and the identifier of its part."""
        if name == "sheet":
            identifiers = [attributes[key] for key in attributes if key.endswith(":id")]
            self.relations[attributes["name"]] = identifiers[0]

    def end(self, name: str) -> None:
        """Nothing hangs on the end of an element."""

    def text(self, content: str) -> None:
        """Nothing stands between the elements."""


@dataclass(slots=True)
class _SharedTexts:
    """The texts that cells point to by number; the reading aid above a text is left out."""

    texts: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    is_inside: bool = False
    is_aid: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        """Begin a text, or an aid to its reading."""
        if name == "si":
            self.pieces = []
        elif name == "rPh":
            self.is_aid = True
        elif name == "t":
            self.is_inside = not self.is_aid

    def end(self, name: str) -> None:
        """Keep a text that is whole."""
        if name == "si":
            self.texts.append(unescape_text("".join(self.pieces)))
            if len(self.texts) > MOST_TEXTS:
                raise ValueError(f"shared texts must be at most {MOST_TEXTS}")
        elif name == "rPh":
            self.is_aid = False
        elif name == "t":
            self.is_inside = False

    def text(self, content: str) -> None:
        """Add a piece to the text."""
        if self.is_inside:
            self.pieces.append(content)


@dataclass(slots=True)
class _Styles:
    """The number formats, and which of them each style of a cell has."""

    formats: dict[int, str] = field(default_factory=dict)
    cells: list[int] = field(default_factory=list)
    is_inside: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note a number format, or the format of a style."""
        if name == "numFmt":
            self.formats[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "cellXfs":
            self.is_inside = True
        elif name == "xf" and self.is_inside:
            self.cells.append(int(attributes.get("numFmtId", 0)))

    def end(self, name: str) -> None:
        """Leave the styles of cells."""
        if name == "cellXfs":
            self.is_inside = False

    def text(self, content: str) -> None:
        """Nothing stands between the elements."""

    def dates(self) -> frozenset[int]:
        """Give the styles that show a number as a date or a time."""
        return frozenset(style for style, number in enumerate(self.cells) if self._is_date(number))

    def _is_date(self, number: int) -> bool:
        code = self.formats.get(number)
        if code is None:
            return number in BUILT_IN_DATES
        return bool(is_date_format(code) or is_timedelta_format(code))
