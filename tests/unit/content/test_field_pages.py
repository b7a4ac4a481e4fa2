"""The reference has a heading for every field of a pack, with its kind and its default."""

import re
import types
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
import pytest

from touchstone.content import datasets, index_specs, indicators, schemes
from touchstone.content.analyses import contribution, estimates, margins, periods, shortfalls
from touchstone.content.analyses.kinds import Analysis
from touchstone.content.analyses.specs import COLUMN, AnalysisSpec
from touchstone.content.pack_parts import PackSpec
from touchstone.content.packs import FILES
from touchstone.content.text_checks import FIXED_KEYS

PAGES = Path(__file__).parents[3] / "docs/reference/packs"
COLUMNS = {
    ("number", "yes_no"): "column of numbers",
    ("text", "number", "yes_no"): "column",
}
PLAIN = {str: "text", int: "whole number", Decimal: "number", bool: "true or false"}
SECTIONS = [
    ("pack.md", "pack.toml", PackSpec),
    ("datasets.md", "A dataset", datasets.Dataset),
    ("datasets.md", "columns", datasets.ColumnSpec),
    ("datasets.md", "levels", datasets.LevelSpec),
    ("datasets.md", "design", datasets.DesignSpec),
    ("datasets.md", "history", datasets.HistorySpec),
    ("indicators.md", "An indicator", indicators.Indicator),
    ("analyses.md", "Every analysis", AnalysisSpec),
    *(("analyses.md", kind.__struct_config__.tag, kind) for kind in get_args(Analysis)),
    ("analyses.md", "margins", margins.MarginSpec),
    ("analyses.md", "planks", shortfalls.PlankSpec),
    ("analyses.md", "replicates", estimates.ReplicateSpec),
    ("analyses.md", "contrasts", estimates.ContrastSpec),
    ("analyses.md", "factors", contribution.FactorSpec),
    ("analyses.md", "periods", periods.PeriodColumn),
    ("schemes.md", "A scheme", schemes.Scheme),
    ("schemes.md", "scale", schemes.Scale),
    ("schemes.md", "criteria", schemes.Criterion),
    ("schemes.md", "target", schemes.Target),
    ("schemes.md", "otherwise", schemes.Alternative),
    ("schemes.md", "vetoes and caps", schemes.Limit),
    ("schemes.md", "limiters", schemes.Limiter),
    ("schemes.md", "quotas", schemes.Quota),
    ("schemes.md", "bonuses and deductions", schemes.Adjustment),
    ("schemes.md", "grades", schemes.Band),
    ("schemes.md", "comparison", schemes.Comparison),
    ("schemes.md", "quantiles", schemes.QuantileGroup),
    ("schemes.md", "scaling", index_specs.Scaling),
    ("schemes.md", "index", index_specs.IndexSpec),
    ("schemes.md", "pairs", index_specs.Pair),
    ("schemes.md", "sensitivity", index_specs.SensitivitySpec),
]


def kind_in_words(kind: Any) -> str:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return COLUMNS[kind.__metadata__[0].extra[COLUMN]]
    if origin in {Union, types.UnionType}:
        return kind_in_words(next(part for part in parts if part is not types.NoneType))
    if origin is Literal:
        return "one of " + ", ".join(f"`{choice}`" for choice in parts)
    if origin is tuple and get_origin(parts[0]) is Literal:
        return "list of " + ", ".join(f"`{choice}`" for choice in get_args(parts[0]))
    if origin is tuple:
        one, of, many = kind_in_words(parts[0]).partition(" of ")
        return f"list of {one}s{of}{many}"
    if origin is dict or issubclass(kind, msgspec.Struct):
        return "table"
    return PLAIN[kind]


def field_line(field: msgspec.structs.FieldInfo) -> str:
    """Write the line that stands under a field's heading."""
    if field.required:
        return f"*{kind_in_words(field.type)}; must be there*"
    default = "" if field.default is msgspec.NODEFAULT else field.default
    default = ", ".join(map(str, default)) if isinstance(default, tuple) else default
    told = "" if default in (None, "") or default is False else f", then `{default}`"
    return f"*{kind_in_words(field.type)}; may be left out{told}*"


def own_fields(struct: type) -> list[msgspec.structs.FieldInfo]:
    """Give the fields of a struct; those that all analyses have stand in a section of their own."""
    shared = set()
    if issubclass(struct, AnalysisSpec) and struct is not AnalysisSpec:
        shared = {field.name for field in msgspec.structs.fields(AnalysisSpec)}
    return [field for field in msgspec.structs.fields(struct) if field.name not in shared]


def sections_of(page: str) -> dict[str, str]:
    """Give the text under each heading of the second level."""
    parts = re.split(r"^## (.+?)(?: \{#.+\})?$", (PAGES / page).read_text("utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize(("page", "section", "struct"), SECTIONS)
def test_every_field_has_its_heading_kind_and_default(page, section, struct):
    """What the reference says of a field is what the program reads, no more and no less."""
    text = sections_of(page)[section]
    expected = [(field.encode_name, field_line(field)) for field in own_fields(struct)]
    found = re.findall(r"^### `(.+?)`\n\n(\*.+?\*)\n", text, flags=re.M)
    assert found == expected


def structs_within(kind: Any) -> set[type]:
    found: set[type] = set()
    for part in (kind, *get_args(kind)):
        if isinstance(part, type) and issubclass(part, msgspec.Struct):
            found.add(part)
        elif part is not kind:
            found |= structs_within(part)
    return found


def test_every_table_of_a_pack_has_its_section():
    """A new struct comes with a new section."""
    told = {struct for _, _, struct in SECTIONS}
    used = {
        inner
        for struct in told
        for field in msgspec.structs.fields(struct)
        for inner in structs_within(field.type)
    }
    assert used <= told


def test_every_file_and_every_fixed_text_is_named():
    """The page on files and the page on texts leave nothing out."""
    files, texts = ((PAGES / page).read_text("utf-8") for page in ("index.md", "texts.md"))
    assert [file for file in FILES if f"`{file}`" not in files] == []
    assert [key for key in FIXED_KEYS if f"`{key}`" not in texts] == []
