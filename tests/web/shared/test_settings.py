"""Settings: declared once, read from the environment or files, wrong values named."""

import re
from pathlib import Path

import pytest
from django.core.checks import run_checks

from touchstone_web.env import Environment, key_file, make_home, postgresql_settings
from touchstone_web.settings import env
from touchstone_web.shared import checks

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "settings.md"


def sections():
    """Each heading of the page with the text below it."""
    parts = re.split(r"^## `?([A-Z_]+)`?$", PAGE.read_text("utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_setting_has_its_heading_and_default():
    """The reference page lists each setting once, with its default and what it is for."""
    written = sections()
    assert list(written) == sorted({setting.name for setting in env.declared})
    for setting in env.declared:
        default = f"`{setting.default}`" if setting.default else "none"
        assert f"Default: {default}" in written[setting.name], setting.name
        assert setting.help in written[setting.name], setting.name


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (lambda env: env.number("X", default=5, help=""), "five"),
        (lambda env: env.number("X", default=5, help=""), "-1"),
        (lambda env: env.number("X", default=5, help=""), "５"),
        (lambda env: env.number("X", default=5, least=2, help=""), "1"),
        (lambda env: env.flag("X", default=True, help=""), "perhaps"),
        (lambda env: env.choice("X", default="a", choices=("a", "b"), help=""), "c"),
        (lambda env: env.origin("X", default="http://a", help=""), "example.org"),
        (lambda env: env.origin("X", default="http://a", help=""), "https://a/path"),
        (lambda env: env.time_zone("X", default="UTC", help=""), "Mars/Olympus"),
        (lambda env: env.database("X", help=""), "mysql://a/b"),
    ],
)
def test_a_setting_is_a_fault_with_a_remedy_when_it_cannot_be_read(read, written):
    """A wrong value keeps the default and is told; it neither stops nor goes unseen."""
    environment = Environment({"X": written})
    kept = read(environment)
    assert kept == read(Environment({}))
    assert [fault.setting for fault in environment.faults] == ["X"]
    assert environment.faults[0].remedy.endswith(".")


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (lambda env: env.number("X", default=5, help=""), "7", 7),
        (lambda env: env.flag("X", default=False, help=""), "Yes", True),
        (lambda env: env.flag("X", default=True, help=""), "off", False),
        (lambda env: env.names("X", default="", help=""), "a, b,", ["a", "b"]),
        (
            lambda env: env.origin("X", default="", help=""),
            "https://a.example/",
            "https://a.example",
        ),
        (lambda env: env.text("X", default="d", help=""), "  ", "d"),
    ],
)
def test_a_setting_is_read_when_it_is_right(read, written, value):
    """Spaces and a slash at the end do no harm."""
    environment = Environment({"X": written})
    assert read(environment) == value
    assert environment.faults == []


def test_a_secret_is_read_from_its_file(tmp_path):
    """NAME_FILE names a file, as orchestrators mount secrets."""
    file = tmp_path / "secret"
    file.write_text("s3cret\n")
    assert Environment({"KEY_FILE": str(file)}).secret("KEY", help="") == "s3cret"


def test_a_secret_is_a_fault_when_its_file_is_missing(tmp_path):
    """A secret that was meant to be there must not silently be another one."""
    environment = Environment({"KEY_FILE": str(tmp_path / "gone")})
    assert environment.secret("KEY", help="") == ""
    assert [fault.setting for fault in environment.faults] == ["KEY_FILE"]


def test_a_database_address_is_taken_apart():
    """Signs that an address cannot hold are written with %; the socket of a host too."""
    read = postgresql_settings("postgresql://a%40b:p%3Aw@db.example:5433/touch?sslmode=require")
    assert (read["USER"], read["PASSWORD"], read["PORT"]) == ("a@b", "p:w", "5433")
    assert (read["NAME"], read["OPTIONS"]) == ("touch", {"sslmode": "require"})


def test_a_home_keeps_its_key_and_shows_it_to_nobody(tmp_path):
    """The key is made at the first start, for its owner alone, and stays."""
    home = tmp_path / "home"
    make_home(home)
    first = key_file(home).read_text()
    make_home(home)
    assert key_file(home).read_text() == first
    assert len(first) > 60
    assert key_file(home).stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_wrong_setting_is_told_by_the_checks(monkeypatch):
    """Each fault is an error of the system checks, with its remedy as hint."""
    wrong = Environment({"TOUCHSTONE_X": "five"})
    wrong.number("TOUCHSTONE_X", default=5, help="")
    monkeypatch.setattr(checks, "env", wrong)
    found = [each for each in run_checks() if each.id == "shared.E001"]
    assert [(each.msg, each.hint) for each in found] == [
        ("TOUCHSTONE_X is 'five'.", "Write a whole number of 0 or more.")
    ]


def test_an_open_origin_is_warned_of(settings):
    """http is fine on one's own machine and nowhere else."""
    settings.TOUCHSTONE_ORIGIN = "http://touchstone.example"
    assert "shared.W001" in {each.id for each in run_checks()}
    settings.TOUCHSTONE_ORIGIN = "https://touchstone.example"
    assert "shared.W001" not in {each.id for each in run_checks()}


def test_debug_is_refused_on_a_real_host(settings):
    """Fault pages with source and settings are for one's own machine."""
    settings.DEBUG, settings.TOUCHSTONE_ORIGIN = True, "https://touchstone.example"
    assert "shared.E002" in {each.id for each in run_checks()}


def test_a_deployment_passes_all_checks(settings):
    """With https nothing is left to warn of (`check --deploy`)."""
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = True
    settings.CSRF_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS = True, 31536000
    settings.SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    settings.SECRET_KEY = "".join(chr(33 + place % 90) for place in range(80))
    found = run_checks(include_deployment_checks=True)
    assert [each.id for each in found if not each.is_silenced()] == []


@pytest.mark.django_db
def test_the_database_does_what_the_settings_ask():
    """Durability is read back from the database itself."""
    assert run_checks(databases=["default"]) == []


@pytest.mark.django_db
def test_a_database_is_refused_when_it_could_lose_an_answer(monkeypatch):
    """A pragma that did not take hold is an error."""
    if checks.connections["default"].vendor == "sqlite":
        monkeypatch.setattr(checks, "SQLITE_PRAGMAS", {"synchronous": 3})
        assert [each.id for each in run_checks(databases=["default"])] == ["shared.E003"]
    else:
        with checks.connections["default"].cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
            assert [each.id for each in run_checks(databases=["default"])] == ["shared.E005"]


def test_an_engine_that_cannot_run_is_told_before_anything_is_to_be_summed(
    settings, tmp_path, monkeypatch
):
    """Spark without Java stops the start, with what to install."""
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    settings.TOUCHSTONE_ENGINE = "spark"
    (found,) = [each for each in run_checks() if each.id == "shared.E006"]
    assert "no Java" in found.msg
    assert "default-jre-headless" in found.hint
    settings.TOUCHSTONE_ENGINE = "duckdb"
    assert "shared.E006" not in {each.id for each in run_checks()}
