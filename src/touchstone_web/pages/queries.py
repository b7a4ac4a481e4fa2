"""What the first page shows of everything a person sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from touchstone_web.assessments.models import Assessment
from touchstone_web.assessments.queries.assessments import (
    assessments_seen_by,
    published_assessments,
    snapshots_to_assess,
)
from touchstone_web.evidence.queries import SEES_EVIDENCE, snapshots_seen_by
from touchstone_web.people.models import Person, Remit, holds_on
from touchstone_web.people.queries import administrators, roles_of, units_seen_by
from touchstone_web.shared.roles import ALL_ROLES, SEES_FIGURES, Role
from touchstone_web.units.queries import trees_to_import

NEWEST = 4
NEWEST_PUBLISHED = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """One count with the page behind it."""

    key: str
    count: int
    address_name: str

    @property
    def text_key(self) -> str:
        """Key of what is counted."""
        return f"menu.{self.key}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step that a person may take next; `public_id` is what it is about, if anything."""

    key: str
    address_name: str
    public_id: str = ""


def newest_assessments(*, seen_by: Person, on: date) -> list[Assessment]:
    """The newest assessments that have results."""
    found = assessments_seen_by(seen_by, on=on).filter(computed_at__isnull=False)
    return list(found.defer("recipe")[:NEWEST])


def newest_published() -> list[Assessment]:
    """The newest assessments that anybody may see."""
    return list(published_assessments().defer("recipe")[:NEWEST_PUBLISHED])


def figures(*, seen_by: Person, on: date) -> list[Figure]:
    """How much of each thing there is within the remit; nothing for whoever has none."""
    roles = roles_of(seen_by, on=on)
    found = []
    if roles:
        units = units_seen_by(seen_by, on=on, roles=ALL_ROLES).filter(closed_on=None)
        found.append(Figure("units", units.count(), "units"))
    if roles & set(SEES_EVIDENCE):
        count = snapshots_seen_by(seen_by, on=on).count()
        found.append(Figure("evidence", count, "evidence"))
    if roles & set(SEES_FIGURES):
        count = assessments_seen_by(seen_by, on=on).count()
        found.append(Figure("assessments", count, "assessments"))
    return found


def next_steps(*, seen_by: Person, on: date) -> list[Step]:
    """What this person can do next, the first in the order of the loop first.

    1. Units and evidence, while there are none.
    2. An assessment of evidence that has none.
    3. Sign-off of what is computed, publication of what is signed off.
    """
    roles = roles_of(seen_by, on=on)
    steps = []
    if Role.ADMINISTRATOR in roles:
        steps += _steps_of_administrators(seen_by, on=on)
    if Role.ANALYST in roles:
        steps += _steps_of_analysts(seen_by, on=on)
    if Role.HEAD in roles and Role.ANALYST not in roles:
        steps.append(Step("see_results", "assessments"))
    if Role.AUDITOR in roles:
        steps.append(Step("read_journal", "journal"))
    return steps


def _steps_of_administrators(person: Person, *, on: date) -> Iterable[Step]:
    trees = trees_to_import(seen_by=person, on=on)
    if not trees.exists():
        yield Step("import_evidence", "import_evidence")
    analysts = Remit.objects.filter(holds_on(on), role=Role.ANALYST, tree=OuterRef("pk"))
    if trees.exclude(Exists(analysts)).exists():
        yield Step("name_analyst", "people")
    if administrators(on=on).count() < 2:
        yield Step("invite", "invite")


def _steps_of_analysts(person: Person, *, on: date) -> Iterable[Step]:
    snapshots = snapshots_to_assess(seen_by=person, on=on)
    if not snapshots.exists():
        yield Step("import_evidence", "import_evidence")
        return
    waiting = snapshots.filter(assessments=None).first()
    if waiting is not None:
        yield Step("assess", "new_assessment", waiting.public_id)
    own = Assessment.objects.filter(snapshot__in=snapshots, computed_at__isnull=False)
    to_sign = own.filter(signed_off_at=None).order_by("requested_at").first()
    if to_sign is not None:
        yield Step("sign_off", "how_computed", to_sign.public_id)
    to_publish = own.filter(signed_off_at__isnull=False, published_at=None).first()
    if to_publish is not None:
        yield Step("publish", "how_computed", to_publish.public_id)
    yield Step("new_assessment", "new_assessment")
