"""Reading in a process of its own, as in real life."""

import os
import sys

import pytest
from tests.support.evidence import Sender, schools_csv

from touchstone.base.errors import TouchstoneError
from touchstone_web.shared import subprocesses
from touchstone_web.shared.subprocesses import run_apart

EATER = """
from touchstone_web.shared.subprocesses import answer_request
def work(request, tell_step):
    tell_step("eat")
    if request["what"] == "memory":
        eaten = [bytearray(2**28) for _ in range(64)]
    if request["what"] == "time":
        while True:
            pass
    if request["what"] == "environment":
        import os
        return dict(os.environ)
    raise RuntimeError("fallen")
answer_request(work)
"""


@pytest.fixture
def eater(tmp_path, monkeypatch):
    """A module that misbehaves as it is told."""
    (tmp_path / "eater.py").write_text(EATER)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    return "eater"


def failure_of(module, what):
    with pytest.raises(TouchstoneError) as caught:
        run_apart(module, {"what": what}, where="a.csv", on_step=lambda step: None)
    return caught.value.code


def test_a_file_is_read_and_frozen_by_the_real_process(cast, client_of):
    """The whole way without a short cut."""
    sender = Sender(client_of(cast.alice), cast.tree)
    page = sender.outcome(schools_csv())
    assert page.templates[0].name == "evidence/preview.html"
    assert page.context["found"]["rows"] == 3


def test_a_process_that_eats_memory_ends_without_harm(eater):
    """It is bounded, and what remains is a sentence."""
    assert failure_of(eater, "memory") == "UPLOAD-03"


def test_a_process_that_takes_too_long_is_stopped(eater, monkeypatch):
    """Time is bounded too."""
    monkeypatch.setattr(subprocesses, "MOST_SECONDS", 2)
    assert failure_of(eater, "time") == "UPLOAD-04"


def test_a_process_that_falls_is_told_as_such(eater):
    """Not the file's fault, and said so."""
    assert failure_of(eater, "nothing") == "UPLOAD-05"


def test_the_process_knows_no_secret_of_the_web(eater, monkeypatch):
    """A file that could take the process over would find neither key nor database."""
    monkeypatch.setenv("TOUCHSTONE_SECRET_KEY", "secret")
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", "postgresql://a:b@c/d")
    found = run_apart(eater, {"what": "environment"}, where="a", on_step=lambda step: None)
    assert [name for name in found if name.startswith(("TOUCHSTONE", "DJANGO"))] == []
