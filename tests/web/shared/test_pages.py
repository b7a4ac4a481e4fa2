"""What holds on every page: language, headers, pages of faults, who the links lead to."""

import pytest
from django.conf import settings as real_settings
from django.template import engines
from django.test import Client

from touchstone_web.shared.languages import words_for
from touchstone_web.shared.middleware import client_address

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def page(client, db):
    return lambda **headers: client.get("/sign-in", headers=headers)


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-Hans-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW,zh;q=0.9", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("fr,de;q=0.5", "en"),
        ("'; DROP TABLE x; --", "en"),
    ],
)
def test_a_page_speaks_what_the_browser_asks_for(page, asked, language):
    """Three languages; whoever asks for none of them gets the installation's own."""
    assert f'<html lang="{language}"' in page(accept_language=asked).content.decode()


def test_a_chosen_language_stays_in_the_cookie(client, db):
    """The choice holds for this browser, whatever it asks for."""
    response = client.post("/language", {"language": "zh-hant", "next": "/sign-in"})
    assert (response.status_code, response.url) == (302, "/sign-in")
    cookie = response.cookies[real_settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("zh-hant", True, "Lax")
    assert 'lang="zh-Hant"' in client.get("/sign-in").content.decode()


def test_a_chosen_language_follows_the_person(cast, client_of):
    """The choice is kept with the account, so it holds in every browser."""
    client_of(cast.alice).post("/language", {"language": "zh-hans", "next": "/account"})
    elsewhere = client_of(cast.alice).get("/account", headers={"accept-language": "en"})
    assert 'lang="zh-Hans"' in elsewhere.content.decode()
    cast.alice.refresh_from_db()
    assert cast.alice.language == "zh-hans"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_a_language_form_leads_to_no_other_site(client, db, target):
    """`next` is taken for addresses of this server only."""
    response = client.post("/language", {"language": "en", "next": target})
    assert response.url == "/"


def test_a_language_is_ignored_when_it_is_none_of_the_three(client, db):
    """What is written into the field ends nowhere."""
    response = client.post("/language", {"language": SCRIPT, "next": "/sign-in"})
    assert real_settings.LANGUAGE_COOKIE_NAME not in response.cookies


def test_every_answer_carries_the_headers(page):
    """Strict policy, no sniffing, no framing, no referrer to others, no storing."""
    response = page()
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("place", ["/nothing", "/account", "/people"])
def test_an_answer_is_never_stored(cast, client_of, place):
    """A right that ended must not live on in a cache, nor the page about a fault."""
    assert "no-store" in client_of(cast.dan).get(place)["Cache-Control"]


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "There is nothing here"), ("zh-CN", "这里没有内容"), ("zh-TW", "這裡沒有內容")],
)
def test_a_missing_page_is_told_in_the_readers_language(cast, client_of, language, title):
    """404 in three languages, with a way back."""
    response = client_of(cast.dan).get("/nothing", headers={"accept-language": language})
    assert response.status_code == 404
    assert title in response.content.decode()


def test_a_fault_is_told_without_its_cause(client, db, monkeypatch, caplog):
    """500 shows no trace, and the trace is in the log."""
    monkeypatch.setattr("touchstone_web.shared.queries.touch_database", lambda: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/alive", headers={"accept-language": "zh-TW"})
    assert response.status_code == 500
    assert "發生錯誤" in response.content.decode()
    assert "ZeroDivisionError" not in response.content.decode()
    assert "ZeroDivisionError" in caplog.text


def test_a_form_from_elsewhere_is_refused(db):
    """Without the page's own token nothing is done, and the page says why."""
    response = Client(enforce_csrf_checks=True).post("/language", {"language": "en"})
    assert response.status_code == 403
    assert words_for("en").text("fault.forgery.title") in response.content.decode()


def test_a_foreign_host_is_refused(client, db):
    """A spoofed Host gets 400 and no link made from it."""
    response = client.get("/sign-in", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"evil.example" not in response.content


@pytest.mark.parametrize(
    "place", ["/%2e%2e/etc/passwd", "/..;/people", "/people/%2569", "/static/../env.py", "/people/"]
)
def test_an_odd_address_leads_nowhere(cast, client_of, place):
    """Only the fixed addresses are answered, whatever is encoded how often."""
    assert client_of(cast.carol).get(place).status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_an_odd_method_is_refused(cast, client_of, method):
    """Pages know GET, HEAD and POST."""
    assert getattr(client_of(cast.carol), method)("/people").status_code == 405


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "9.9.9.9", "10.0.0.1"),
        (1, "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        (2, "9.9.9.9, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (1, "", "10.0.0.1"),
    ],
)
def test_an_address_is_believed_from_own_proxies_only(rf, settings, proxies, forwarded, expected):
    """What a client writes into X-Forwarded-For stands left of what the own proxies add."""
    settings.TOUCHSTONE_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == expected


def test_a_word_is_escaped_whatever_fills_its_gaps():
    """A name with a script in it is shown as text."""
    template = engines["django"].from_string('{% load words %}{% word "page.account_of" name=x %}')
    shown = template.render({"x": SCRIPT})
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
