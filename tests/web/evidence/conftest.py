"""Files are read in this process, which is quicker; test_apart.py reads them as in real life."""

from importlib import import_module

import pytest
from tests.support.evidence import Sender

WORKS = {
    "touchstone_web.evidence.readings": "check_evidence",
    "touchstone_web.units.readings": "check_tree_file",
}


@pytest.fixture
def read_here(monkeypatch):
    """Reading without a process of its own."""

    def run_here(module, request, *, where, on_step):
        return getattr(import_module(module), WORKS[module])(dict(request), on_step)

    monkeypatch.setattr("touchstone_web.evidence.jobs.run_apart", run_here)
    monkeypatch.setattr("touchstone_web.units.jobs.run_apart", run_here)


@pytest.fixture
def sender(cast, client_of, read_here):
    """Alice, analyst of the tree Riverland, with a file in her hand."""
    return Sender(client_of(cast.alice), cast.tree)
