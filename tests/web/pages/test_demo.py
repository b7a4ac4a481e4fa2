"""The demo's data come to be by the commands that the pages use, and only once."""

import pytest

from touchstone.base.errors import TouchstoneError
from touchstone_web import demo
from touchstone_web.assessments.models import Assessment, UnitResult
from touchstone_web.evidence.files import evidence_file
from touchstone_web.evidence.models import FrozenSnapshot
from touchstone_web.journal.models import Entry
from touchstone_web.people.models import Tree
from touchstone_web.shared.models import JobRun, JobState


@pytest.fixture
def one_scheme(db, settings, monkeypatch):
    """One scheme is enough here; jobs wait in the queue as they do in real life."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr(demo, "SCHEMES", {"lecturers": ("teaching",)})


def test_the_demo_is_loaded_once(one_scheme, touchstone_home):
    """A second start finds everything there and adds nothing."""
    demo.load_demo(touchstone_home)
    assessment = Assessment.objects.get()
    assert assessment.is_computed
    assert (assessment.units, UnitResult.objects.count()) == (1128, 1128)
    before = Entry.objects.count()
    demo.load_demo(touchstone_home)
    assert Entry.objects.count() == before
    counts = (Tree.objects.count(), FrozenSnapshot.objects.count(), Assessment.objects.count())
    assert counts == (1, 1, 1)


def test_the_demo_says_what_is_wrong(one_scheme, touchstone_home):
    """A demo that was begun and then damaged is not shown as if it were whole."""
    demo.load_demo(touchstone_home)
    evidence_file(FrozenSnapshot.objects.get().content_hash).unlink()
    Assessment.objects.update(computed_at=None)
    JobRun.objects.update(state=JobState.FAILED)
    with pytest.raises(TouchstoneError) as caught:
        demo.load_demo(touchstone_home)
    assert caught.value.code == "DEMO-01"
    assert "STORED-01" in str(caught.value)


def test_a_run_that_was_left_behind_is_the_workers(one_scheme, touchstone_home):
    """A start that was killed leaves a run that no second start may take from its worker."""
    demo.load_demo(touchstone_home)
    Assessment.objects.update(computed_at=None)
    JobRun.objects.update(state=JobState.RUNNING)
    demo.load_demo(touchstone_home)
    assert not Assessment.objects.get().is_computed
