"""Checks that run at every start: settings, and what the database really does."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004
from django.db import connections

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.engine import check_engine
from touchstone_web.settings import SQLITE_PRAGMAS, env

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
OLDEST_POSTGRESQL = 15_00_00


@register()
def settings_can_be_read(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    """Each setting that could not be read, with what would be right."""
    return [
        Error(f"{fault.setting} is {fault.found}.", hint=fault.remedy, id="shared.E001")
        for fault in env.faults
    ]


@register()
def engine_can_run(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    """The engine that tallies is installed, with what it runs on."""
    try:
        check_engine(settings.TOUCHSTONE_ENGINE)
    except TouchstoneError as fault:
        return [
            Error(
                f"TOUCHSTONE_ENGINE is {settings.TOUCHSTONE_ENGINE}, but: {fault.found}.",
                hint=f"{fault.remedy} For the pages: TOUCHSTONE_ENGINE=duckdb.",
                id="shared.E006",
            )
        ]
    return []


@register(Tags.security)
def origin_is_protected(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    """Passwords go over the network in clear text unless the origin is https or this machine."""
    parts = urlsplit(settings.TOUCHSTONE_ORIGIN)
    if parts.scheme == "https" or parts.hostname in LOCAL_HOSTS:
        return []
    return [
        Warning(
            f"TOUCHSTONE_ORIGIN is {settings.TOUCHSTONE_ORIGIN}; passwords travel unprotected.",
            hint="Put a reverse proxy with https in front, and set the origin to its address.",
            id="shared.W001",
        )
    ]


@register(Tags.security)
def faults_stay_inside(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    """While TOUCHSTONE_DEBUG is on, fault pages show source and settings to everybody."""
    host = urlsplit(settings.TOUCHSTONE_ORIGIN).hostname
    if not settings.DEBUG or host in LOCAL_HOSTS:
        return []
    return [
        Error(
            "TOUCHSTONE_DEBUG is on and the origin is not this machine.",
            hint="Set TOUCHSTONE_DEBUG to no.",
            id="shared.E002",
        )
    ]


@register(Tags.database)
def database_is_durable(
    app_configs: object, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Read back from the database what the settings ask of it."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor == "sqlite":
            found += _sqlite_faults(connection)
        elif connection.vendor == "postgresql":
            found += _postgresql_faults(connection)
    return found


def _sqlite_faults(connection: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    with connection.cursor() as cursor:
        for name, wanted in SQLITE_PRAGMAS.items():
            cursor.execute(f"PRAGMA {name}")
            row = cursor.fetchone()
            if row is None or row[0] != wanted:
                found.append(
                    Error(
                        f"SQLite has {name} = {row and row[0]!r}; it must be {wanted!r}.",
                        hint="Put TOUCHSTONE_HOME on a local disk; network disks cannot do it.",
                        id="shared.E003",
                    )
                )
    return found


def _postgresql_faults(connection: Any) -> list[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_commit'), current_setting('fsync')")
        commit, fsync = cursor.fetchone()
    found: list[CheckMessage] = []
    if connection.pg_version < OLDEST_POSTGRESQL:
        found.append(
            Error(
                f"PostgreSQL is of version {connection.pg_version}.",
                hint="Use PostgreSQL 15 or newer.",
                id="shared.E004",
            )
        )
    if commit == "off" or fsync == "off":
        found.append(
            Error(
                f"PostgreSQL has synchronous_commit = {commit} and fsync = {fsync}; "
                "acknowledged answers could be lost.",
                hint="Leave both on.",
                id="shared.E005",
            )
        )
    return found
