"""The page of commands says what the commands say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_of_commands_is_current(tmp_path):
    """The generated page equals the one in the repository."""
    program = "import runpy, sys; sys.stdout.write(runpy.run_path(sys.argv[1])['page']())"
    script = ROOT / "scripts" / "command_pages.py"
    written = subprocess.run(
        [sys.executable, "-c", program, str(script)], check=True, capture_output=True, text=True
    )
    assert (ROOT / "docs/reference/commands.md").read_text("utf-8") == written.stdout
