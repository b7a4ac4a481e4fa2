"""The database of a run of web tests: SQLite in a file as in real life, or PostgreSQL.

`TOUCHSTONE_TEST_DATABASE=postgresql` starts a private cluster. A conftest takes part by importing
`django_db_modify_db_settings` from here.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from tests.support.postgresql import USER, running_cluster

from touchstone_web.settings import SQLITE

POSTGRESQL = "postgresql"


def chosen_database() -> str:
    """The database that the environment asks for."""
    chosen = os.environ.get("TOUCHSTONE_TEST_DATABASE", "sqlite")
    if chosen not in {"sqlite", POSTGRESQL}:
        raise ValueError(f"TOUCHSTONE_TEST_DATABASE must be sqlite or postgresql; got {chosen!r}")
    return chosen


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Called by pytest-django before it makes the test database."""
    if chosen_database() == POSTGRESQL:
        with running_cluster() as folder:
            use_database(postgresql_in(folder))
            yield
            connections.close_all()
    else:
        use_database(sqlite_in(tmp_path_factory.mktemp("database")))
        yield


def use_database(wanted: dict[str, object]) -> None:
    """Point the default connection at a database before it is first used."""
    table = connections.settings["default"]
    table.clear()
    table.update(wanted)
    connections.settings = connections.configure_settings({"default": table})
    if hasattr(connections._connections, "default"):
        del connections["default"]


def sqlite_in(folder: Path) -> dict[str, object]:
    """The product's own SQLite settings, with the test database in a file of its own."""
    file = folder / "test.sqlite3"
    return {**SQLITE, "NAME": file, "TEST": {"NAME": str(file)}}


def postgresql_in(folder: Path) -> dict[str, object]:
    """A database of a private cluster, reached by the socket in its folder."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": USER,
        "HOST": str(folder),
        "PORT": "5432",
        "TEST": {"NAME": "touchstone_test"},
    }
