"""All releases about the same people are looked at together before another one goes out."""

import io
import json

import pytest
from django.urls import reverse
from tests.web.assessments.test_computing import assessed

from touchstone.content.packs import read_pack
from touchstone.content.trees import tree_of
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze
from touchstone.stats.disclosure.gates import audit_releases
from touchstone_web.assessments import commands, folders
from touchstone_web.assessments.ledgers import read_stored
from touchstone_web.assessments.models import ReleaseEntry, ReleaseLedger
from touchstone_web.evidence.commands import Origin, freeze_snapshot
from touchstone_web.journal.models import Entry
from touchstone_web.people.models import OPERATOR
from touchstone_web.shared.uploads import Received

LECTURERS = 24
WHAT_TO_DO = {"en": "What you can do:", "zh-hans": "可以这样处理", "zh-hant": "可以這樣處理"}


def ratings(late):
    rows = ["s,d,dept,service,y"]
    rows += [
        f"{student},{lecturer},{lecturer % 2},0,{1 + student * lecturer % 5}"
        for lecturer in range(1, LECTURERS + 1)
        for student in range(1, 14 + (late if lecturer == 1 else 0))
    ]
    return "\n".join(rows) + "\n"


@pytest.fixture
def lecturers(cast):
    """Ratings of 24 lecturers in two departments, with some answers more if asked for."""
    pack = read_pack("lecturers")

    def make(late=0):
        raw = read_table(io.BytesIO(ratings(late).encode()), where="ratings.csv")
        rows = freeze(raw, pack.datasets["ratings"])
        origin = Origin("lecturers", "ratings", f"Late {late}", Received("r.csv", 1, "00" * 32))
        nodes = tree_of(rows, pack.datasets["ratings"])
        frozen = freeze_snapshot(
            snapshot=rows, nodes=nodes, origin=origin, tree=cast.tree, by=OPERATOR
        )
        assessment = assessed(cast, frozen.snapshot, pack, "teaching")
        commands.sign_off(assessment=assessment, by=cast.alice)
        return assessment

    return make


def publish(client, assessment, **fields):
    client.post(reverse("publish", args=[assessment.public_id]), fields)
    assessment.refresh_from_db()


def test_a_release_is_written_into_its_ledger(cast, client_of, lecturers):
    """The journal has the hash of its line, and the audit of the ledger finds nothing."""
    assessment = lecturers()
    publish(client_of(cast.alice), assessment)
    assert assessment.published_at is not None
    entry = ReleaseEntry.objects.get()
    assert entry.assessment == assessment
    told = Entry.objects.get(kind="assessment.published").payload
    assert json.loads(told.details)["release"] == entry.line_hash
    ledger = read_stored(ReleaseLedger.objects.get()).ledger
    assert ledger.population == "lecturers/ratings"
    assert audit_releases(ledger.releases).is_safe


def test_one_late_answer_is_refused_with_what_to_do(cast, client_of, lecturers):
    """Nothing goes out, the page names the places, and the journal knows."""
    client = client_of(cast.alice)
    publish(client, lecturers())
    late = lecturers(late=1)
    publish(client, late)
    assert late.published_at is None
    assert not folders.published_folder(late.public_id).exists()
    assert ReleaseEntry.objects.count() == 1
    assert Entry.objects.filter(kind="assessment.publication_refused").count() == 1
    for language, word in WHAT_TO_DO.items():
        client.post("/language", {"language": language, "next": "/"})
        page = client.get(reverse("how_computed", args=[late.public_id])).content.decode()
        assert word in page.split('id="refusal"')[1]
        assert "grade undecided" not in page


def test_a_refusal_is_shown_to_those_who_may_publish_only(cast, client_of, lecturers):
    """Others learn nothing from it."""
    publish(client_of(cast.alice), lecturers())
    late = lecturers(late=1)
    publish(client_of(cast.alice), late)
    page = client_of(cast.erin).get(reverse("how_computed", args=[late.public_id]))
    assert 'id="refusal"' not in page.content.decode()


def test_another_round_of_answers_may_go_out(cast, client_of, lecturers):
    """Named on the form; the refusal is gone then."""
    client = client_of(cast.alice)
    publish(client, lecturers())
    late = lecturers(late=1)
    publish(client, late)
    publish(client, late, wave="2027")
    assert late.published_at is not None
    assert (late.wave, late.refusal) == ("2027", None)
    assert [one.number for one in ReleaseEntry.objects.all()] == [1, 2]


def test_register_facts_have_no_ledger_entry(cast, client_of, some_schools, schools_pack):
    """No answers of people stand behind them."""
    assessment = assessed(cast, some_schools, schools_pack)
    commands.sign_off(assessment=assessment, by=cast.alice)
    publish(client_of(cast.alice), assessment)
    assert assessment.published_at is not None
    assert not ReleaseEntry.objects.exists()


def test_a_release_that_went_out_meanwhile_is_looked_at_too(cast, lecturers, monkeypatch):
    """The second of two is held against the first, though it began before."""
    first, second = lecturers(), lecturers(late=1)
    module = commands.releases
    held, through = module.publication_of, []

    def slowly(*args, **options):
        made = held(*args, **options)
        through.append(made.passage.is_open)
        if len(through) == 1:
            commands.publish(assessment=first, by=cast.alice)
        return made

    monkeypatch.setattr(module, "publication_of", slowly)
    commands.publish(assessment=second, by=cast.alice)
    second.refresh_from_db()
    assert through == [True, True, False]
    assert second.published_at is None
    assert second.refusal is not None
