"""`touchstone serve`: both processes start, come back when they die, and stop together."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from touchstone.base.errors import TouchstoneError
from touchstone_web.shared.servers import Child, Supervisor, listening_socket

TOUCHSTONE = [sys.executable, "-c", "from touchstone.cli.main import main; main()"]
PATIENCE = 40


def eventually(question):
    """Ask until the answer is yes; give the answer."""
    latest = time.monotonic() + PATIENCE
    while not (answer := question()):
        assert time.monotonic() < latest, "waited in vain"
        time.sleep(0.1)
    return answer


def children_of(pid: int) -> set[int]:
    found = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if f"\nPPid:\t{pid}\n" in text:
            found.add(int(status.parent.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return "State:\tZ" not in state


def environment_of(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "TOUCHSTONE" not in name}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "TOUCHSTONE_HOME": str(home), "TOUCHSTONE_WEB_WORKERS": "1"}


@pytest.fixture(scope="module")
def fresh_home(tmp_path_factory):
    """A home whose tables are there; each test works on a copy."""
    home = tmp_path_factory.mktemp("fresh") / "home"
    migrate = [*TOUCHSTONE, "manage", "migrate", "-v0"]
    subprocess.run(migrate, env=environment_of(home), check=True, timeout=120)
    return home


@pytest.fixture
def environment(tmp_path):
    return environment_of(tmp_path / "home")


@pytest.fixture
def installed(fresh_home, environment):
    shutil.copytree(fresh_home, environment["TOUCHSTONE_HOME"])


@pytest.fixture
def touchstone(environment):
    def run(*arguments):
        return subprocess.run(
            [*TOUCHSTONE, *arguments],
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


@pytest.fixture
def server(environment, installed):
    """A server on a free port, with its address."""
    process = subprocess.Popen(
        [*TOUCHSTONE, "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    said = process.stdout.readline()
    try:
        yield process, said.split()[3]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/alive", timeout=5) as response:
            return response.read() == b"alive\n"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_answers_and_stops_as_a_whole(server, number):
    """SIGTERM and Ctrl+C end web and worker, with exit code 0."""
    process, address = server
    eventually(lambda: answers(address))
    children = children_of(process.pid)
    assert len(children) == 2
    process.send_signal(number)
    assert process.wait(PATIENCE) == 0
    assert not any(is_alive(child) for child in children)


def test_a_server_starts_a_dead_process_again(server):
    """Killing web and worker at once leaves no hole: the port stays open all the time."""
    process, address = server
    eventually(lambda: answers(address))
    before = children_of(process.pid)
    for child in before:
        os.kill(child, signal.SIGKILL)
    eventually(lambda: len(children_of(process.pid) - before) == 2)
    eventually(lambda: answers(address))


def test_a_killed_server_leaves_nothing_behind(server):
    """SIGKILL cannot be heard; the children end all the same."""
    process, address = server
    eventually(lambda: answers(address))
    children = children_of(process.pid)
    process.kill()
    process.wait()
    eventually(lambda: not any(is_alive(child) for child in children))


def test_a_server_is_refused_when_the_tables_are_not_there(touchstone):
    """An old database is not served half: exit 2, and what to do."""
    done = touchstone("serve", "--port", "0")
    assert done.returncode == 2
    assert "SERVE-02" in done.stderr


def test_a_port_is_refused_when_it_is_taken(touchstone):
    """Exit 2 at once, before anything is loaded."""
    taken = listening_socket("127.0.0.1", 0)
    with taken, pytest.raises(TouchstoneError) as fault:
        listening_socket("127.0.0.1", taken.getsockname()[1])
    assert fault.value.code == "SERVE-01"


def test_a_process_that_keeps_dying_ends_the_server(monkeypatch, caplog):
    """Whoever watches the server must notice."""
    monkeypatch.setattr("touchstone_web.shared.servers.SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr("touchstone_web.shared.servers.MOST_EARLY_DEATHS", 2)
    handlers = [(each, signal.getsignal(each)) for each in (signal.SIGTERM, signal.SIGINT)]
    try:
        supervisor = Supervisor([Child("broken", [sys.executable, "-c", "raise SystemExit(3)"])])
        assert supervisor.run() == 1
    finally:
        for number, handler in handlers:
            signal.signal(number, handler)
    assert caplog.text.count("broken ended with code 3") == 2


def test_a_wrong_setting_ends_a_command_with_its_remedy(environment):
    """Django's commands look at the settings first."""
    done = subprocess.run(
        [*TOUCHSTONE, "manage", "migrate"],
        env={**environment, "TOUCHSTONE_PROXIES": "many"},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode != 0
    assert "TOUCHSTONE_PROXIES is 'many'" in done.stderr
    assert "Write a whole number" in done.stderr


def test_the_journal_is_verified_on_the_command_line(touchstone, environment, installed):
    """`touchstone journal verify` and `show` on a fresh installation with one invitation."""
    assert touchstone("manage", "invite", "a@b.example", "--name", "A").returncode == 0
    verified = touchstone("journal", "verify")
    assert (verified.returncode, verified.stdout[:29]) == (0, "The journal holds: 1 entry, r")
    assert "person.invited" in touchstone("journal", "show").stdout
    key = Path(environment["TOUCHSTONE_HOME"]) / "secret-key"
    assert key.read_text() not in verified.stdout + verified.stderr


def test_an_unknown_person_ends_a_command_with_exit_code_2(touchstone, installed):
    """Bad input, as everywhere on the command line."""
    done = touchstone("manage", "list_remits", "nobody@b.example")
    assert (done.returncode, "PEOPLE-03" in done.stderr) == (2, True)
