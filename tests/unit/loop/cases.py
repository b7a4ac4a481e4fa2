"""Schemes and evidence written as text in the tests, measured and assessed."""

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

import msgspec
import pyarrow as pa

from touchstone.content.datasets import ColumnSpec, Dataset, DesignSpec, LevelSpec
from touchstone.content.indicators import Indicator
from touchstone.content.schemes import Scheme
from touchstone.loop.assess import assess
from touchstone.loop.measure import Measures, measure
from touchstone.loop.results import Assessment, UnitResult
from touchstone.tallies.tables import Column, Snapshot, build_snapshot

YES_NO_GRADES = """
[[grades]]
id = "no"
from = 0
[[grades]]
id = "yes"
from = 100
"""
FOUR_GRADES = """
[[grades]]
id = "poor"
from = 0
[[grades]]
id = "fair"
from = 60
[[grades]]
id = "good"
from = 80
[[grades]]
id = "excellent"
from = 90
"""


def scheme_of(text: str, grades: str = FOUR_GRADES) -> Scheme:
    """Read a scheme whose dataset is `d` and whose scale runs from 0 to 100 unless it says so."""
    table = tomllib.loads(text + grades, parse_float=Decimal)
    table = {"dataset": "d", "scale": {"low": 0, "high": 100}, **table}
    return msgspec.convert(table, Scheme)


class Evidence:
    """A drawn table frozen: the first column is the unit, numbers and texts are told apart.

    Every number column is a fact of its own name, unless `indicators` says otherwise.
    """

    def __init__(
        self,
        drawn: str | Sequence[Mapping[str, object]],
        *,
        key: Sequence[str] = (),
        rater: str | None = None,
        weight: str | None = None,
        indicators: Mapping[str, Indicator] | None = None,
        choices: Mapping[str, tuple[str, ...]] | None = None,
        about: str = "organisations",
    ) -> None:
        rows = read_drawn(drawn) if isinstance(drawn, str) else [dict(row) for row in drawn]
        names = list(rows[0])
        arrays, columns = [], []
        texts = {names[0], *([rater] if rater else [])}
        for name in names:
            values = [row[name] for row in rows]
            column, array = freeze_column(name, values, is_text=name in texts)
            columns.append(column)
            arrays.append(array)
        unit = names[0]
        key = tuple(key) or ((unit, rater) if rater else (unit,))
        self.snapshot: Snapshot = build_snapshot(columns, pa.table(arrays, names=names), key)
        self.dataset = Dataset(
            key=key,
            unit=unit,
            about=about,
            rater=rater,
            design=DesignSpec(weight=weight),
            columns=tuple(
                ColumnSpec(
                    name=c.name,
                    kind=c.kind,
                    places=c.places,
                    choices=(choices or {}).get(c.name, ()),
                )
                for c in columns
            ),
            levels=(
                *(
                    [LevelSpec(level="area", column="area", name="area", prefix="area-")]
                    if "area" in names
                    else []
                ),
                LevelSpec(level=unit, column=unit, name=unit),
            ),
        )
        facts = {
            c.name: Indicator(dataset="d", kind="fact", column=c.name)
            for c in columns
            if c.name not in texts
        }
        self.indicators = {**facts, **(indicators or {})}

    def measured(self, scheme: Scheme, **options: object) -> Measures:
        """Measure all units by a scheme."""
        return measure(
            self.snapshot, scheme, dataset=self.dataset, indicators=self.indicators, **options
        )

    def assessed(
        self,
        scheme: Scheme,
        *,
        schemes: Mapping[str, Scheme] | None = None,
        engine: str = "kernel",
    ) -> Assessment:
        """Measure and assess all units by a scheme."""
        return assess(
            self.measured(scheme, schemes=schemes, engine=engine),
            scheme,
            pack="cases",
            scheme_name="case",
            dataset=self.dataset,
            snapshot=self.snapshot,
            schemes=schemes,
        )


def results(assessment: Assessment) -> dict[str, UnitResult]:
    """Give the results by unit."""
    return {unit.unit: unit for unit in assessment.units}


def grades(assessment: Assessment) -> dict[str, str | None]:
    """Give the grades by unit."""
    return {unit.unit: unit.grade for unit in assessment.units}


def scores(assessment: Assessment) -> dict[str, Decimal | None]:
    """Give the scores by unit."""
    return {unit.unit: unit.score for unit in assessment.units}


def read_drawn(drawn: str) -> list[dict[str, object]]:
    """Read a table drawn with bars; an empty cell is None."""
    lines = [line.strip().strip("|").split("|") for line in drawn.strip().splitlines()]
    cells = [[cell.strip() or None for cell in line] for line in lines]
    return [dict(zip(cells[0], line, strict=True)) for line in cells[1:]]


def freeze_column(name: str, values: Sequence[object], *, is_text: bool) -> tuple[Column, pa.Array]:
    """Make a column of texts, or of numbers when all values are."""
    numbers = None if is_text else as_numbers(values)
    if numbers is None:
        return Column(name, "text"), pa.array(values, pa.string())
    places = max((max(0, -n.as_tuple().exponent) for n in numbers if n is not None), default=0)
    stored = [None if number is None else int(number.scaleb(places)) for number in numbers]
    return Column(name, "number", places=places), pa.array(stored, pa.int64())


def as_numbers(values: Sequence[object]) -> list[Decimal | None] | None:
    """Read all values as numbers; None when one is not."""
    try:
        return [None if value is None else Decimal(str(value)) for value in values]
    except InvalidOperation:
        return None
