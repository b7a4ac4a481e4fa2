"""Where other packages are measured: in an environment of their own, or in R.

`make bench` installs the packages of the extra `bench` into .venv-bench. R and its packages come
from the system; docs/reference/benchmarks.md says how.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
INSTALLED = ROOT / ".venv-bench" / "bin" / "python"
ABSENT = "not measured: it is not installed"


def python_of_peers() -> str:
    """Give the interpreter of `make bench`'s other packages, or this one where there is none."""
    return str(INSTALLED) if INSTALLED.exists() else sys.executable


def r_has(package: str) -> bool:
    """Tell whether R is there with this package."""
    if shutil.which("Rscript") is None:
        return False
    question = f"quit(status = !requireNamespace('{package}', quietly = TRUE))"
    asked = subprocess.run(["Rscript", "--vanilla", "-e", question], check=False)
    return asked.returncode == 0
