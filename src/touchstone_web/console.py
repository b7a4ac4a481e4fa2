"""The commands that need the web side: demo, serve, manage, journal.

Django's own commands do the work; these say where the work data stands before Django is loaded.
"""

import os
import sys
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import ModuleType

import click
import django
from django.core.management import call_command, execute_from_command_line

from touchstone.base.errors import TouchstoneError
from touchstone_web.env import make_home
from touchstone_web.shared.servers import Supervisor, listening_socket, web_child, worker_child

EVERY_HOST = {"0.0.0.0", "::"}  # noqa: S104
DEMO_HOME = "var/demo"


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a command of Django, such as migrate, invite, grant_remit; help lists them."""
    enter_home()
    execute_from_command_line(["touchstone manage", *arguments])


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on; 0 takes any.")
def serve(host: str, port: int) -> None:
    """Serve the pages, and do background jobs, until stopped."""
    enter_home()
    sys.exit(_serve(host, port, ready="Touchstone listens at {origin} (stop with Ctrl+C)"))


@click.command()
@click.option("--serve/--no-serve", "serves", default=True, help="Serve the pages afterwards.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on; 0 takes any.")
@click.option(
    "--dir",
    "folder",
    default=DEMO_HOME,
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the demo's work data.",
)
@click.option("--new-password", is_flag=True, help="Give the demo's account a new password.")
def demo(serves: bool, host: str, port: int, folder: Path, new_password: bool) -> None:  # noqa: FBT001
    """Load three packs with real data, assess them, and serve the result.

    A second start with the same folder goes on with what is there.
    """
    # Demo data belongs into its own folder, never into the database that the environment names.
    for name in ("TOUCHSTONE_DATABASE_URL", "TOUCHSTONE_DATABASE_URL_FILE"):
        os.environ.pop(name, None)
    os.environ["TOUCHSTONE_HOME"] = str(folder.resolve())
    enter_home()
    taken = listening_socket(host, port) if serves else None
    if taken is not None:
        _set_origin(host, taken.getsockname()[1])
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    load = import_module("touchstone_web.demo").load_demo
    load(folder.resolve())
    said = call_command("demo_account", new_password=new_password, stdout=StringIO())
    if taken is None:
        click.echo(said)
    else:
        sys.exit(_run_servers(taken, ready=f"address:   {{origin}}  (stop with Ctrl+C)\n{said}"))


@click.group()
def journal() -> None:
    """Check and read the journal."""


@journal.command("verify")
def verify() -> None:
    """Compute the whole journal again; exit 1 and the first wrong height when it does not hold."""
    _call("verify_journal")


@journal.command("show")
@click.option("--last", default=20, show_default=True, help="How many of the newest entries.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def show(last: int, as_json: bool) -> None:  # noqa: FBT001
    """Show the newest entries."""
    _call("show_journal", last=last, json=as_json)


def enter_home() -> None:
    """Say where the work data stands, and make it at the first start."""
    home = Path(os.environ.get("TOUCHSTONE_HOME", "").strip() or "./var").resolve()
    os.environ["TOUCHSTONE_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "touchstone_web.settings")
    make_home(home)


def _call(command: str, **options: object) -> None:
    enter_home()
    django.setup()
    call_command(command, **options)


def _serve(host: str, port: int, *, ready: str) -> int:
    taken = listening_socket(host, port)
    _set_origin(host, taken.getsockname()[1])
    django.setup()
    call_command("check", databases=["default"], fail_level="ERROR", stdout=StringIO())
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except SystemExit as pending:
        raise TouchstoneError(
            "SERVE-02",
            where="the database",
            found="its tables are not those of this version",
            remedy="Make a backup, then run: touchstone manage migrate",
        ) from pending
    return _run_servers(taken, ready=ready)


def _run_servers(taken: object, *, ready: str) -> int:
    settings = _settings()
    click.echo(ready.format(origin=settings.TOUCHSTONE_ORIGIN))
    children = [web_child(taken, workers=settings.TOUCHSTONE_WEB_WORKERS), worker_child()]
    return Supervisor(children).run()


def _set_origin(host: str, port: int) -> None:
    """Links lead to where the server listens, unless the environment names another origin."""
    shown = "localhost" if host in EVERY_HOST | {"127.0.0.1", "::1"} else host
    os.environ.setdefault("TOUCHSTONE_ORIGIN", f"http://{shown}:{port}")


def _settings() -> ModuleType:
    return import_module("django.conf").settings
