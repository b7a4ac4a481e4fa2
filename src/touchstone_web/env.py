"""Settings read from the environment: each is declared once with its name, default and help.

A value that cannot be read is not an exception here: it is kept as a `Fault`, the default is
used, and the system checks say what is wrong and how to mend it (see `shared/checks.py`).
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

YES = {"yes", "true", "on", "1"}
NO = {"no", "false", "off", "0", ""}
SECRET_FILE_MODE = 0o600
FOLDER_MODE = 0o700


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: the name of the environment variable, its default as text, what it is for."""

    name: str
    default: str
    help: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A value that cannot be used, with what would be right."""

    setting: str
    found: str
    remedy: str


class Environment:
    """Reads settings, and remembers which there are and which were wrong."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values
        self.declared: list[Setting] = []
        self.faults: list[Fault] = []

    def text(self, name: str, *, default: str, help: str) -> str:  # noqa: A002
        """A text as it stands."""
        self.declared.append(Setting(name, default, help))
        return self._values.get(name, "").strip() or default

    def number(self, name: str, *, default: int, least: int = 0, help: str) -> int:  # noqa: A002
        """A whole number of at least `least`."""
        written = self.text(name, default=str(default), help=help)
        if written.isascii() and written.isdigit() and int(written) >= least:
            return int(written)
        self._refuse(name, written, f"Write a whole number of {least} or more.")
        return default

    def flag(self, name: str, *, default: bool, help: str) -> bool:  # noqa: A002
        """Yes or no."""
        written = self.text(name, default="yes" if default else "no", help=help).casefold()
        if written in YES | NO:
            return written in YES
        self._refuse(name, written, "Write yes or no.")
        return default

    def names(self, name: str, *, default: str, help: str) -> list[str]:  # noqa: A002
        """Several names with commas between them."""
        written = self.text(name, default=default, help=help)
        return [part.strip() for part in written.split(",") if part.strip()]

    def choice(self, name: str, *, default: str, choices: tuple[str, ...], help: str) -> str:  # noqa: A002
        """One of some words."""
        written = self.text(name, default=default, help=help)
        if written in choices:
            return written
        self._refuse(name, written, f"Write one of: {', '.join(choices)}.")
        return default

    def origin(self, name: str, *, default: str, help: str) -> str:  # noqa: A002
        """Scheme, host and port of a web address, without a path."""
        written = self.text(name, default=default, help=help).rstrip("/")
        parts = urlsplit(written)
        if parts.scheme in {"http", "https"} and parts.hostname and not parts.path:
            return written
        self._refuse(name, written, "Write scheme and host, such as https://touchstone.example.")
        return default

    def time_zone(self, name: str, *, default: str, help: str) -> str:  # noqa: A002
        """The name of a time zone."""
        written = self.text(name, default=default, help=help)
        if written in available_timezones():
            return written
        self._refuse(name, written, "Write a name such as Asia/Shanghai.")
        return default

    def secret(self, name: str, *, help: str) -> str:  # noqa: A002
        """A secret, from NAME or from the file that NAME_FILE names; empty when neither is set."""
        written = self.text(name, default="", help=help)
        file = self._values.get(f"{name}_FILE", "").strip()
        if not file:
            return written
        try:
            return Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as fault:
            # The value itself is a secret, and is not repeated; a path is none.
            self._refuse(f"{name}_FILE", file, f"Name a readable text file ({fault}).")
            return ""

    def database(self, name: str, *, help: str) -> dict[str, object] | None:  # noqa: A002
        """A PostgreSQL address as Django's table of settings; None when it is not set."""
        address = self.secret(name, help=help)
        if not address:
            return None
        try:
            return postgresql_settings(address)
        except ValueError as fault:
            self._refuse(name, "an address that cannot be read", f"{fault}")
            return None

    def refuse(self, name: str, found: str, remedy: str) -> None:
        """Say that a value which could be read cannot be used."""
        self.faults.append(Fault(name, found, remedy))

    def _refuse(self, name: str, written: str, remedy: str) -> None:
        self.refuse(name, repr(written), remedy)


def postgresql_settings(address: str) -> dict[str, object]:
    """Turn postgresql://user:password@host:port/name?key=value into Django's settings."""
    parts = urlsplit(address)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgresql", "postgres"} or not name:
        raise ValueError("Write postgresql://user:password@host:port/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def make_home(home: Path) -> None:
    """Make the folder of work data and, at the first start, the file with its secret key."""
    home.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    try:
        descriptor = os.open(key_file(home), os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET_FILE_MODE)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(64))


def key_file(home: Path) -> Path:
    """Where the secret key of a home stands."""
    return home / "secret-key"
