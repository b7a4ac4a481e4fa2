"""Assessments for the web tests: stored ones of the cast's schools, and really computed ones."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

import msgspec
from tests.support.casts import LONG_AGO, Cast

from touchstone.base.outcomes import Estimate, Withheld
from touchstone.content.packs import read_pack
from touchstone.content.schemes import Scheme
from touchstone.content.texts import LANGUAGES
from touchstone.loop.besides import places_gained
from touchstone.loop.results import AreaMean, Because, BesideResult, Part, UnitResult
from touchstone.reports.analysis_pages import ShownAnalysis
from touchstone.reports.charts.looks import Chart, layer, picture
from touchstone.reports.recipes import recipe_of
from touchstone.reports.shown_tables import Shown, shown_table
from touchstone_web.assessments import models
from touchstone_web.assessments.records import (
    area_row,
    beside_record,
    by_falling_score,
    plain,
    result_row,
)
from touchstone_web.evidence.models import FrozenSnapshot
from touchstone_web.people.models import Tree, Unit

HASH = "0f" * 32
HUNDRED, NOTHING = Decimal(100), Decimal(0)


def a_snapshot(tree: Tree, *, pack: str = "schools", dataset: str = "schools") -> FrozenSnapshot:
    """A snapshot's row; its file is not there."""
    return FrozenSnapshot.objects.create(
        pack=pack,
        dataset=dataset,
        tree=tree,
        title="Schools 2000",
        content_hash=HASH,
        rows=3,
        columns=[],
        source_name="schools.csv",
        source_size=1,
        source_hash=HASH,
        frozen_at=LONG_AGO,
    )


def an_assessment(
    tree: Tree,
    units: Iterable[Unit],
    *,
    areas: Iterable[Unit] = (),
    scheme: str = "met_target",
    pack: str = "schools",
    snapshot: FrozenSnapshot | None = None,
) -> models.Assessment:
    """A computed assessment: every third unit has the lowest grade, the others have the best."""
    read = read_pack(pack)
    rules = read.schemes[scheme]
    results = [_result(unit, place, rules) for place, unit in enumerate(units)]
    assessment = models.Assessment.objects.create(
        snapshot=snapshot or a_snapshot(tree, pack=pack, dataset=rules.dataset),
        tree=tree,
        pack=pack,
        pack_version=read.version,
        pack_hash=read.content_hash,
        about=read.datasets[rules.dataset].about,
        scheme_name=scheme,
        scheme=msgspec.to_builtins(rules),
        recipe=recipe_of(read, scheme).as_record(),
        scheme_hash=rules.content_hash,
        engine="duckdb",
        requested_at=LONG_AGO,
        computed_at=LONG_AGO,
        tallies_hash=HASH,
        results_hash=HASH,
        manifest_hash=HASH,
        units=len(results),
        graded=len(results),
        grades=Counter(one.grade for one in results),
    )
    named = {unit.identifier: unit for unit in tree.units.all()}
    rows = []
    for position, result in enumerate(sorted(results, key=by_falling_score), start=1):
        row = result_row(result, history=(("1999", Decimal(600)), ("2000", Decimal(620))))
        row.assessment, row.unit, row.position = assessment, named[result.unit], position
        row.grade_order = int(result.grade == rules.grades[-1].id)
        rows.append(row)
    models.UnitResult.objects.bulk_create(rows)
    for unit in areas:
        row = area_row(_area(unit))
        row.assessment, row.unit = assessment, unit
        row.save()
    return assessment


def riverland(cast: Cast, **options: object) -> models.Assessment:
    """The three schools of tree A, with the means of both districts and the county."""
    units = [cast.units[name] for name in ("S1", "S2", "S3")]
    areas = [cast.units[name] for name in ("C1", "D1", "D2")]
    return an_assessment(cast.tree, units, areas=areas, **options)


def riverland_analysed(cast: Cast) -> models.Assessment:
    """The three schools with one analysis: a note, a table, a picture and a sentence."""
    assessment = riverland(cast)
    bars = picture([layer([{"x": 1}], "bar", {}, x={"field": "x"})], height=40)
    chart = Chart("size-bars", "Size", bars, "One bar.", ("Size",), (("1",),))
    table = shown_table(("Size", "n"), [("small", "3")], numbers=(1,))
    shown = Shown((table, "No effect is shown."), ("Three rows.",), (chart,))
    kept = {
        language: plain([ShownAnalysis("size", f"Size ({language})", "How large.", shown)])
        for language in LANGUAGES
    }
    models.Assessment.objects.filter(pk=assessment.pk).update(analyses=kept)
    assessment.refresh_from_db()
    return assessment


def riverland_beside(cast: Cast) -> models.Assessment:
    """The three schools with another scheme beside, by which the last of them was the first."""
    assessment = riverland(cast)
    assessment.scheme["beside"] = "both"
    assessment.save()
    rows = list(assessment.results.order_by("position"))
    for place, row in enumerate(rows, start=1):
        order = len(rows) + 1 - place
        moves = "up" if place < order else "down" if place > order else None
        other = BesideResult(
            row.identifier, HUNDRED, HUNDRED, HUNDRED, 1, 3, "yes", order, place, moves
        )
        row.beside, row.gained = beside_record(other), places_gained(other)
        row.save()
    return assessment


def _result(unit: Unit, place: int, rules: Scheme) -> UnitResult:
    met = place % 3 != 2
    score = HUNDRED if met else NOTHING
    growth = Decimal(30 - place)
    measured = Estimate(growth, growth, growth, 1, "register")
    return UnitResult(
        unit=unit.identifier,
        name=unit.name,
        n=1,
        score=score,
        low=score,
        high=score,
        rank_low=1 if met else 2,
        rank_high=2,
        grade=rules.grades[-1 if met else 0].id,
        status="graded",
        because=Because("empty_base"),
        method="register",
        parts=(Part(rules.criteria[0].id, Decimal(1), measured, score, score),),
    )


def _area(unit: Unit) -> AreaMean:
    mean = Decimal(50)
    return AreaMean(
        level=unit.level,
        unit=unit.identifier,
        name=unit.name,
        parent=None,
        n=2,
        census=Estimate(mean, mean, mean, 2, "census"),
        superpopulation=Withheld("too_few_units", (("smallest", "5"),)),
    )
