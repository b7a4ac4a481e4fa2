"""The wheel is whole: unpacked in an empty folder it assesses real schools, packs and all."""

import os
import subprocess
import sys

import pytest
from tests.support.commands import ROOT, SECONDS

PROGRAM = "import touchstone.cli.main as m; print(m.__file__, file=m.sys.stderr); m.main()"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build the wheel and lay it into a folder of its own, without the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=SECONDS)
    (wheel,) = folder.glob("*.whl")
    target = folder / "installed"
    laid = [sys.executable, "-m", "zipfile", "-e", str(wheel), str(target)]
    subprocess.run(laid, check=True, capture_output=True, timeout=SECONDS)
    return target


def run(installed, cwd, *arguments):
    """Run the command of the unpacked wheel in some folder."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(installed)},
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


def test_an_installed_wheel_assesses_a_shipped_pack_in_an_empty_folder(installed, tmp_path):
    """Packs, texts, templates and the built pages are in the wheel; nothing needs the checkout."""
    evidence = (
        installed / "touchstone" / "shipped_packs" / "schools" / "evidence" / "schools.csv.gz"
    )
    arguments = ("assess", str(evidence), "--pack", "schools", "--scheme", "awards")
    done = run(installed, tmp_path, *arguments, "--out", "results")
    assert done.returncode == 0, done.stderr
    assert str(installed) in done.stderr
    assert run(installed, tmp_path, "verify", "results").returncode == 0
    assert run(installed, tmp_path, "pack", "check", "lecturers").returncode == 0
    assert (installed / "touchstone_web/static/touchstone/app.js").exists()
