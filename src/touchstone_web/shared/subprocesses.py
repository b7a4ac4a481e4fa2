"""Work on files from outside, in a process of its own that can fall without harm.

The process gets a bounded amount of memory and time, and nothing of the web's environment: no
database address, no secret key. It speaks by lines of JSON on its standard output: steps as it
goes, and its answer at the end.

In the module that runs apart, which never imports Django:

    if __name__ == "__main__":
        answer_request(work)        # work(request, tell_step) -> answer

and in a job: `run_apart("touchstone_web.evidence.readings", request, on_step=...)`.
"""

import contextlib
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from touchstone.base.errors import TouchstoneError

GIBIBYTE = 1024**3
MOST_MEMORY = 4 * GIBIBYTE
MOST_SECONDS = 900
OUT_OF_MEMORY = 3
KEPT_VARIABLES = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TMPDIR")
# One thread each: a pool for every core would take address space and gain nothing here.
FIXED_VARIABLES = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}

logger = logging.getLogger(__name__)
Answer = dict[str, Any]
TellStep = Callable[[str], None]
Work = Callable[[Answer, TellStep], Answer]


def run_apart(module: str, request: Mapping[str, Any], *, where: str, on_step: TellStep) -> Answer:
    """Let a module answer a request in a process of its own.

    `where` names the file in messages. Raises TouchstoneError UPLOAD-03 when the process needed
    too much memory, UPLOAD-04 when it needed too much time, UPLOAD-05 when it fell otherwise.
    """
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=_environment(),
        )
        late = threading.Timer(MOST_SECONDS, process.kill)
        late.start()
        try:
            answer = _converse(process, request, on_step)
        finally:
            late.cancel()
            process.kill()
            process.wait()
        if answer is None:
            raise _failure(process.returncode, module, where=where, complaints=complaints)
    return answer


def answer_request(work: Work) -> None:
    """Read a request, do the work within bounds, and write the answer; the apart side."""
    _bound_resources()
    request = json.load(sys.stdin)
    try:
        _say({"answer": work(request, lambda step: _say({"step": step}))})
    except MemoryError:
        # Nothing is left to clean up with; the kernel takes everything back.
        os._exit(OUT_OF_MEMORY)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {**kept, **FIXED_VARIABLES}


def _converse(
    process: subprocess.Popen[bytes], request: Mapping[str, Any], on_step: TellStep
) -> Answer | None:
    """Hand over the request and listen to the end; None when no answer came."""
    answer = None
    with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
        stdin.write(json.dumps(request).encode())
    with process.stdout as stdout:
        for said in _lines(stdout):
            if "step" in said:
                on_step(str(said["step"]))
            answer = said.get("answer", answer)
    return answer if process.wait() == 0 else None


def _lines(stdout: IO[bytes]) -> Iterator[Answer]:
    for line in stdout:
        yield json.loads(line)


def _failure(code: int, module: str, *, where: str, complaints: IO[bytes]) -> TouchstoneError:
    complaints.seek(0)
    logger.error("%s ended with %s: %s", module, code, complaints.read().decode()[-2000:])
    if code == OUT_OF_MEMORY:
        return TouchstoneError(
            "UPLOAD-03",
            where=where,
            found=f"reading it takes more than {MOST_MEMORY // GIBIBYTE} GiB of memory",
            remedy="Divide it, or leave out columns that are not needed.",
        )
    if code < 0:
        return TouchstoneError(
            "UPLOAD-04",
            where=where,
            found="reading it took too much memory or time and was stopped",
            remedy="Divide it, or leave out columns that are not needed.",
        )
    return TouchstoneError(
        "UPLOAD-05",
        where=where,
        found="the program that reads files stopped without an answer",
        remedy="Try again; if it stays so, ask those who run this installation to look at the log.",
    )


def _say(line: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _bound_resources() -> None:
    # Not every system can bound each of them; the limits of the formats hold in any case.
    for kind, bound in ((resource.RLIMIT_DATA, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (bound, bound))
