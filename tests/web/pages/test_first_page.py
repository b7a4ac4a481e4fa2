"""The first page: for the public, for each role, in three languages."""

import pytest
from django.urls import reverse
from tests.support.assessments import a_snapshot, riverland


def first_page(client, **headers):
    return client.get(reverse("home"), headers=headers).content.decode()


@pytest.mark.parametrize(
    ("asked", "language", "words"),
    [
        ("en", "en", "held to the touchstone"),
        ("zh-CN", "zh-Hans", "谁都可以把数字重新算一遍"),
        ("zh-TW", "zh-Hant", "人人都可以把數字重新算一遍"),
    ],
)
def test_the_public_reads_what_this_is(client_of, db, asked, language, words):
    """Before sign-in the page says what this is, in the language the browser asks for."""
    body = first_page(client_of(), accept_language=asked)
    assert f'lang="{language}"' in body
    assert words in body
    assert reverse("sign_in") in body


def test_the_public_sees_no_assessment_that_is_not_published(cast, client_of):
    """Neither its title nor its address."""
    assessment = riverland(cast)
    assert assessment.public_id not in first_page(client_of())


def test_an_outsider_is_told_about_remits(cast, client_of):
    """An account without a remit sees no figure, and what to do about it."""
    riverland(cast)
    body = first_page(client_of(cast.dan))
    assert "no remit yet" in body
    assert "Growth target met" not in body


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("alice", ["Sign an assessment off", "Start an assessment"]),
        ("bob", ["See the results of your units"]),
        ("carol", ["Invite a second administrator"]),
        ("erin", ["Look into the journal"]),
        ("frank", ["Import evidence"]),
    ],
)
def test_each_role_is_told_what_comes_next(cast, client_of, name, steps):
    """Analysts decide, heads read, administrators open accounts, auditors check."""
    riverland(cast)
    body = first_page(client_of(cast.persons()[name]))
    assert [step for step in steps if step in body] == steps


def test_a_head_sees_counts_of_the_own_units_only(cast, client_of):
    """The bar of grades tells of the remit: two schools, not three."""
    riverland(cast)
    assert "2 schools" in first_page(client_of(cast.bob))
    assert "3 schools" in first_page(client_of(cast.alice))


def test_evidence_without_an_assessment_is_the_next_step(cast, client_of):
    """A new snapshot leads to the page where it can be assessed."""
    snapshot = a_snapshot(cast.tree)
    body = first_page(client_of(cast.alice))
    assert f"{reverse('new_assessment')}?snapshot={snapshot.public_id}" in body
