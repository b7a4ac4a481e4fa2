"""Small files of evidence and of units, and the ways in which tests send them."""

import gzip
import io
import zipfile
from dataclasses import dataclass
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.support.casts import Cast

from touchstone.content.trees import tree_of
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze
from touchstone_web.evidence.commands import Frozen, Origin, freeze_snapshot
from touchstone_web.evidence.models import FrozenSnapshot
from touchstone_web.people.models import OPERATOR, Actor, Tree, Unit
from touchstone_web.shared.installed_packs import installed_packs
from touchstone_web.shared.uploads import Received

HEADS = (
    "cds,sname,dname,cname,stype,api99,api00,target,growth,pcttest,meals,enroll,"
    "sch.wide,comp.imp,both,awards,ell,mobility,full"
)
CITY = "Alameda City Unified,Alameda"
ROWS = (
    f"01611190130229,Alameda High,{CITY},H,693,731,5,38,96,14,1278,Yes,Yes,Yes,Yes,16,9,85",
    f"01611190132878,Encinal High,{CITY},H,589,622,11,33,99,20,1113,Yes,No,No,No,22,11,88",
    f"01611196000004,Chipman Middle,{CITY},M,572,622,11,50,99,55,546,Yes,Yes,Yes,Yes,34,12,79",
)
UNITS = "unit,name,parent,level\n01,Alameda,,county\n0161119,Alameda City,01,district\n"


def schools_csv(*rows: str, heads: str = HEADS) -> bytes:
    """A file of the schools pack; without rows the three good ones."""
    return ("\n".join([heads, *(rows or ROWS)]) + "\n").encode()


def row_with(**cells: str) -> str:
    """The first good row with some cells changed; `sch_wide` stands for `sch.wide`."""
    values = dict(zip(HEADS.split(","), ROWS[0].split(","), strict=True))
    values |= {name.replace("_", "."): cell for name, cell in cells.items()}
    return ",".join(values.values())


def workbook(*rows: list[Any]) -> bytes:
    """An Excel workbook with one sheet."""
    book, sink = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(sink)
    return sink.getvalue()


def zip_bomb() -> bytes:
    """A workbook whose sheet is a few hundred kilobytes packed, and hundreds of megabytes not."""
    sink = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["unit"], ["a"]))) as good,
        zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in good.namelist():
            content = good.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"<sheetData>", b"<sheetData>" + b" " * 400_000_000)
            packed.writestr(name, content)
    return sink.getvalue()


def gzip_bomb() -> bytes:
    """A packed CSV that is larger than any table may be when unpacked."""
    sink = io.BytesIO()
    with gzip.GzipFile(fileobj=sink, mode="wb", compresslevel=1) as packed:
        packed.write(b"unit,n\n")
        for _ in range(600):
            packed.write(b"a" * 1024 * 1024)
    return sink.getvalue()


@dataclass(frozen=True)
class Sender:
    """Sends files of evidence as one person would."""

    client: Client
    tree: Tree | None = None

    def send(self, content: bytes, *, name: str = "schools.csv", **fields: str) -> HttpResponse:
        """Fill in the form and send it; the answer is that of the form."""
        filled = {
            "dataset": "schools/schools",
            "tree": self.tree.public_id if self.tree else "new",
            "new_tree": "" if self.tree else "California",
            "units_from": "file",
            "file": SimpleUploadedFile(name, content),
        }
        return self.client.post("/evidence/import", {**filled, **fields})

    def outcome(self, content: bytes, **fields: str) -> HttpResponse:
        """Send a file and open the page of what became of it."""
        response = self.send(content, **fields)
        assert response.status_code == 302, response.content.decode()
        return self.client.get(response.url)


def freeze_schools(tree: Tree, *, by: Actor = OPERATOR, content: bytes | None = None) -> Frozen:
    """Freeze a file of the schools pack for a tree, without the pages."""
    dataset = installed_packs()["schools"].datasets["schools"]
    raw = read_table(io.BytesIO(content or schools_csv()), where="schools.csv")
    snapshot = freeze(raw, dataset)
    return freeze_snapshot(
        snapshot=snapshot,
        nodes=tree_of(snapshot, dataset),
        origin=Origin("schools", "schools", "Schools 2000", Received("schools.csv", 1, "0" * 64)),
        tree=tree,
        by=by,
    )


def counts_of_everything() -> dict[str, int]:
    """How many rows the tables have that an import may fill."""
    return {
        "snapshots": FrozenSnapshot.objects.count(),
        "trees": Tree.objects.count(),
        "units": Unit.objects.count(),
    }


def send_units(cast: Cast, client: Client, content: bytes, **fields: str) -> HttpResponse:
    """Send a file of units for the cast's tree."""
    filled = {"tree": cast.tree.public_id, "file": SimpleUploadedFile("units.csv", content)}
    return client.post("/units/import", {**filled, **fields})
