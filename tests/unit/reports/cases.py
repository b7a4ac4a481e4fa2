"""Small assessments for the tests of reports: towns rated by people, and clerks."""

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pyarrow as pa

from touchstone.base.outcomes import Estimate, Withheld
from touchstone.content.datasets import ColumnSpec, Dataset, LevelSpec
from touchstone.content.indicators import Indicator
from touchstone.content.schemes import Band, Criterion, Limit, Scale, Scheme, Target
from touchstone.loop.results import AreaMean, Because, Part, UnitResult
from touchstone.reports.folders import build_folder
from touchstone.reports.recipes import Computed, PackName, Recipe, compute
from touchstone.tallies.tables import Column, Snapshot, build_snapshot

TOWNS = 30
RATERS = 14
FEW = 4

DATASET = Dataset(
    key=("person", "town"),
    unit="town",
    rater="person",
    about="organisations",
    source="Survey of towns",
    columns=(
        ColumnSpec(name="person", kind="text", required=True),
        ColumnSpec(name="town", kind="text", required=True),
        ColumnSpec(name="label", kind="text", required=True),
        ColumnSpec(name="region", kind="text", required=True),
        ColumnSpec(name="rating", kind="number", places=1),
        ColumnSpec(name="inspected", kind="yes_no"),
        ColumnSpec(name="official", kind="yes_no"),
    ),
    levels=(
        LevelSpec(level="region", column="region", name="region", prefix="region-"),
        LevelSpec(level="town", column="town", name="label"),
    ),
)
SCHEME = Scheme(
    dataset="ratings",
    scale=Scale(low=Decimal(0), high=Decimal(100)),
    criteria=(
        Criterion(
            id="service",
            weight=Decimal("0.75"),
            indicator="rating",
            target=Target(kind="more_is_better", value=Decimal(8), completion="capped"),
        ),
        Criterion(
            id="inspection",
            weight=Decimal("0.25"),
            indicator="inspected",
            target=Target(kind="yes_no"),
        ),
    ),
    grades=(
        Band(id="poor", start=Decimal(0), below=Decimal(50)),
        Band(id="fair", start=Decimal(50), below=Decimal(80)),
        Band(id="good", start=Decimal(80)),
    ),
    vetoes=(Limit(id="uninspected", indicator="inspected", at_least=Decimal(1)),),
    official="official",
    places=1,
)
INDICATORS = {
    "rating": Indicator(dataset="ratings", kind="mean", column="rating", smallest_group=10),
    "inspected": Indicator(dataset="ratings", kind="fact", column="inspected"),
}
TEXTS = {
    "pack.title": "Towns <and> their people",
    "pack.about": "Towns are rated.",
    "word.unit": "town",
    "word.units": "towns",
    "dataset.ratings": "Ratings",
    "level.region": "Region",
    "level.town": "Town",
    "scheme.service.title": "Service & inspection",
    "scheme.service.about": "How good the service is.",
    "criterion.service": "Service",
    "criterion.inspection": "Inspection",
    "indicator.rating": "Rating from 0 to 10",
    "indicator.inspected": "Inspected",
    "limit.uninspected": "the town was not inspected",
    "grade.poor": "Poor",
    "grade.fair": "Fair",
    "grade.good": "Good",
}


def recipe(*, language: str = "en", about: str = "organisations") -> Recipe:
    return Recipe(
        pack=PackName(name="towns", version=3, content_hash="0" * 64),
        scheme_name="service",
        language=language,
        dataset=Dataset(**{**_fields(DATASET), "about": about}),
        indicators=INDICATORS,
        schemes={"service": SCHEME},
        texts=TEXTS,
    )


def facts_recipe() -> Recipe:
    """One criterion, a register fact, so that no answers of people stand behind a result."""
    scheme = Scheme(**{**_fields(SCHEME), "criteria": (SCHEME.criteria[1],)})
    whole = recipe()
    indicators = {"inspected": INDICATORS["inspected"]}
    return Recipe(**{**_fields(whole), "schemes": {"service": scheme}, "indicators": indicators})


def snapshot() -> Snapshot:
    """30 towns in 3 regions with 14 raters each; two have 4 raters, one was never inspected."""
    rows: dict[str, list[object]] = {column.name: [] for column in DATASET.columns}
    for town in range(TOWNS):
        for rater in range(FEW if town in (5, 6) else RATERS):
            rating = 20 + (town * 3 + rater * 7) % 70
            values = (
                f"p{rater:02}",
                f"{town:03}",
                f"Town <{town}> & Co",
                "ABC"[town % 3],
                rating,
                0 if town == 7 else 1,
                1 if town == 9 else 0,
            )
            for name, value in zip(rows, values, strict=True):
                rows[name].append(value)
    columns = [
        Column(spec.name, "text" if spec.kind == "text" else "number", places=spec.places)
        for spec in DATASET.columns
    ]
    types = {column.name: column.arrow_type for column in columns}
    table = pa.table({name: pa.array(values, types[name]) for name, values in rows.items()})
    return build_snapshot(columns, table, DATASET.key)


@cache
def computed(*, language: str = "en", about: str = "organisations") -> Computed:
    return compute(recipe(language=language, about=about), snapshot(), engine="kernel")


def unit(name: str, score: str | None, **changes: object) -> UnitResult:
    """A result made by hand; its interval reaches 2 to both sides."""
    value = None if score is None else Decimal(score)
    result = UnitResult(
        unit=name,
        name=f"Town {name}",
        n=None if value is None else 20,
        score=value,
        low=None if value is None else value - 2,
        high=None if value is None else value + 2,
        rank_low=None if value is None else 1,
        rank_high=None if value is None else 3,
        grade=None if value is None else "fair",
        status="withheld" if value is None else "graded",
        because=Because("empty_base"),
        method="t",
        parts=(),
    )
    return replace(result, **changes)


def area(name: str, mean: str, *, n: int = 9, width: str | None = "3") -> AreaMean:
    """An area mean made by hand; without a width its interval is withheld."""
    value = Decimal(mean)
    wide = Withheld("too_few_units", (("smallest", "5"),))
    if width is not None:
        half = Decimal(width)
        wide = Estimate(value, value - half, value + half, n, "superpopulation")
    census = Estimate(value, value, value, n, "census")
    return AreaMean("region", f"region-{name}", name, None, n, census, wide)


def part(name: str, points: str | None, *, score: str | None = "50") -> Part:
    measured = Estimate(Decimal(1), Decimal(1), Decimal(1), 1, "register")
    return Part(
        criterion=name,
        weight=Decimal(50),
        measured=Withheld("empty_base") if points is None else measured,
        score=None if points is None or score is None else Decimal(score),
        points=None if points is None else Decimal(points),
    )


def _fields(struct: object) -> dict[str, object]:
    names = struct.__struct_fields__  # type: ignore[attr-defined]
    return {name: getattr(struct, name) for name in names}


@cache
def folder(*, language: str = "en", about: str = "organisations") -> dict[str, bytes]:
    return build_folder(computed(language=language, about=about))
