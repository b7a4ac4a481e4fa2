"""Server time of the pages of results and of one unit: 10,000 units, 1,000,000 answers.

    .venv/bin/python -m bench.pages

Everything is made in a temporary home with the product's own commands. The pages are asked for in
process with all middleware, as the analyst of a tree and as the head of one department.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import django
import numpy as np
import pyarrow as pa
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from touchstone.content.packs import read_pack
from touchstone.content.trees import tree_of
from touchstone.formats.raw_tables import RawTable
from touchstone.loop.freeze import freeze

UNITS = 10_000
ANSWERS = 1_000_000
DEPARTMENTS = 100
STUDENTS = 20_000
REQUESTS = 100
BAR_MS = 100
SEED = 20_261_124


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one kind of page took, in milliseconds, and how often it asked the database."""

    page: str
    p50: float
    p95: float
    longest: float
    queries: tuple[int, int]

    @property
    def holds(self) -> bool:
        """The bar is held."""
        return self.p95 <= BAR_MS


def run(*, units: int = UNITS, answers: int = ANSWERS, requests: int = REQUESTS) -> list[Timing]:
    """Make the data, assess it, and time the pages."""
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as home:
        _enter(Path(home))
        raw = made_up_ratings(units=units, answers=answers)
        return _time_pages(_assessed(raw), requests=requests)


def made_up_ratings(*, units: int, answers: int) -> RawTable:
    """Ratings of lecturers as a file would hold them: each lecturer has equally many raters."""
    chance = np.random.default_rng(SEED)
    each = answers // units
    lecturers = np.repeat(np.arange(units), each)
    starts = chance.integers(0, STUDENTS, units)
    students = (np.repeat(starts, each) + np.tile(np.arange(each), units)) % STUDENTS
    ability = np.repeat(chance.normal(3.3, 0.5, units), each)
    ratings = np.clip(np.rint(chance.normal(ability, 1.1)), 1, 5).astype(int)
    columns = {
        "s": students.astype(str),
        "d": lecturers.astype(str),
        "dept": (lecturers % DEPARTMENTS).astype(str),
        "service": (lecturers % 2).astype(str),
        "y": ratings.astype(str),
    }
    rows = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return RawTable("ratings.csv", rows, 2)


def _enter(home: Path) -> None:
    """Give Django an empty home of its own, with tables."""
    os.environ["TOUCHSTONE_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "touchstone_web.settings"
    django.setup()
    import_module("django.conf").settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)


def _assessed(raw: RawTable) -> object:
    """Freeze the ratings and assess them, as the pages would do it; say how long each took."""
    evidence = import_module("touchstone_web.evidence.commands")
    uploads = import_module("touchstone_web.shared.uploads")
    people = import_module("touchstone_web.people.models")
    jobs = import_module("touchstone_web.shared.jobs")
    pack = read_pack("lecturers")
    with _said("freeze"):
        rows = freeze(raw, pack.datasets["ratings"])
    with _said("import the tree and store the snapshot"):
        tree = import_module("touchstone_web.units.commands").open_tree(
            name="Bench", pack=pack.name, by=people.OPERATOR
        )
        file = uploads.Received(raw.source, 0, "0" * 64)
        snapshot = evidence.freeze_snapshot(
            snapshot=rows,
            nodes=tree_of(rows, pack.datasets["ratings"]),
            origin=evidence.Origin(pack.name, "ratings", "Bench", file),
            tree=tree,
            by=people.OPERATOR,
        ).snapshot
    assessment = import_module("touchstone_web.assessments.commands").request_assessment(
        snapshot=snapshot, pack=pack, scheme_name="teaching", language="en", by=people.OPERATOR
    )
    with _said("assess, draw and store"):
        jobs.work_on.call(assessment.job.public_id)
    assessment.refresh_from_db()
    return assessment


@contextmanager
def _said(what: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    print(f"{what:40} {time.perf_counter() - started:7.1f} s", file=sys.stderr)


def _time_pages(assessment: object, *, requests: int) -> list[Timing]:
    chance = random.Random(SEED)
    rows = list(assessment.results.select_related("unit__parent"))
    department = rows[0].unit.parent
    own = [row for row in rows if row.unit.parent_id == department.pk]
    one = f"/assessments/{assessment.public_id}"

    def results() -> str:
        sort = chance.choice(["position", "-name", "n", "-score", "places", "grade"])
        return f"{one}?sort={sort}&page={chance.randint(1, len(rows) // 50)}"

    def filtered() -> str:
        return f"{one}?text={chance.randint(1, 99)}&status=undecided&sort=-n"

    def unit_of(found: list[object]) -> Callable[[], str]:
        return lambda: f"{one}/units/{chance.choice(found).unit.public_id}"

    def peers_of(found: list[object]) -> Callable[[], str]:
        return lambda: f"{one}/units/{chance.choice(found).unit.public_id}/peers"

    analyst = _client("analyst", tree=assessment.tree)
    head = _client("head", tree=assessment.tree, unit=department)
    kinds = [
        ("results, analyst", analyst, results),
        ("results, filtered, analyst", analyst, filtered),
        ("results, head", head, lambda: one),
        ("unit, analyst", analyst, unit_of(rows)),
        ("unit, head", head, unit_of(own)),
        ("place among peers", analyst, peers_of(rows)),
        ("areas", analyst, lambda: f"{one}/areas"),
        ("caterpillar, whole", analyst, lambda: f"{one}/pictures/caterpillar"),
        ("caterpillar, filtered", analyst, lambda: f"{one}/pictures/caterpillar?text=7"),
        ("list of assessments", analyst, lambda: "/assessments"),
        ("home", head, lambda: "/"),
    ]
    return [_timing(name, client, address, requests) for name, client, address in kinds]


def _client(role: str, **over: object) -> Client:
    """A browser in which somebody with one remit is signed in."""
    commands = import_module("touchstone_web.people.commands")
    people = import_module("touchstone_web.people.models")
    person = people.Person.objects.create(email=f"{role}@touchstone.example", name=role)
    today = import_module("touchstone_web.shared.clocks").today()
    commands.grant_remit(person=person, role=role, begins_on=today, by=people.OPERATOR, **over)
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def _timing(name: str, client: Client, address: Callable[[], str], requests: int) -> Timing:
    """Ask for many pages of one kind; the first, which fills caches, counts too."""
    took: list[float] = []
    for _ in range(requests):
        asked = address()
        started = time.perf_counter()
        answer = client.get(asked)
        took.append(1000 * (time.perf_counter() - started))
        if answer.status_code != 200:
            raise ValueError(f"{asked} must answer 200; got {answer.status_code}")
    asked_twice = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get(address())
        asked_twice.append(len(queries))
    p95 = statistics.quantiles(took, n=20)[-1]
    return Timing(
        name, statistics.median(took), p95, max(took), (min(asked_twice), max(asked_twice))
    )


def main() -> None:
    """Print a table; exit 1 when a page of results or of a unit is slower than the bar."""
    timings = run()
    print(f"{'page':30} {'p50':>7} {'p95':>7} {'longest':>8}  queries   (bar: p95 {BAR_MS} ms)")
    for one in timings:
        least, most = one.queries
        asked = f"{least}" if least == most else f"{least} to {most}"
        print(f"{one.page:30} {one.p50:7.1f} {one.p95:7.1f} {one.longest:8.1f}  {asked}")
    sys.exit(not all(one.holds for one in timings if one.page.startswith(("results", "unit"))))


if __name__ == "__main__":
    main()
