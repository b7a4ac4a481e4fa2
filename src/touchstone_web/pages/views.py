"""The first page: what this is for whoever is not signed in, what to do next for all others."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from touchstone_web.assessments.queries.assessments import grade_counts
from touchstone_web.assessments.views.lines import assessment_line
from touchstone_web.pages import queries
from touchstone_web.pages.queries import Step
from touchstone_web.people.models import Person
from touchstone_web.shared import clocks


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step with the address where it is taken."""

    key: str
    address: str

    @property
    def title_key(self) -> str:
        """Key of what the step is called."""
        return f"step.{self.key}.title"

    @property
    def note_key(self) -> str:
        """Key of why it is next."""
        return f"step.{self.key}.note"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the loop, as the landing page tells it."""

    key: str
    icon: str

    @property
    def title_key(self) -> str:
        """Key of its name."""
        return f"landing.{self.key}.title"

    @property
    def text_key(self) -> str:
        """Key of what happens there."""
        return f"landing.{self.key}.text"


STAGES = (
    Stage("freeze", "fingerprint"),
    Stage("measure", "chart-dots"),
    Stage("assess", "scale"),
    Stage("verify", "shield-check"),
)


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, Person):
        return _home_of(request, request.user)
    published = [assessment_line(each, {}) for each in queries.newest_published()]
    context = {"stages": STAGES, "published": published}
    return render(request, "pages/landing.html", context)


def _home_of(request: HttpRequest, person: Person) -> HttpResponse:
    today = clocks.today()
    newest = queries.newest_assessments(seen_by=person, on=today)
    counts = grade_counts(newest, seen_by=person, on=today)
    context = {
        "figures": queries.figures(seen_by=person, on=today),
        "steps": [_line(step) for step in queries.next_steps(seen_by=person, on=today)],
        "newest": [assessment_line(each, counts[each.pk]) for each in newest],
    }
    return render(request, "pages/home.html", context)


def _line(step: Step) -> StepLine:
    if step.address_name == "new_assessment" and step.public_id:
        return StepLine(step.key, f"{reverse('new_assessment')}?snapshot={step.public_id}")
    arguments = [step.public_id] if step.public_id else []
    return StepLine(step.key, reverse(step.address_name, args=arguments))
