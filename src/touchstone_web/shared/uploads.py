"""Files that people send: size refused before reading, streamed to the disk, names harmless.

Nothing of a sender's file name ever becomes a path: stored files are named by random identifiers.
"""

import functools
import hashlib
import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from touchstone_web.shared import clocks

MEBIBYTE = 1024**2
# What the other fields of a form and the marks between its parts may take.
FORM_OVERHEAD = MEBIBYTE
LONGEST_NAME = 120
UNNAMED = "file"
FILE_MODE = 0o600
FOLDER_MODE = 0o700
CHUNK = MEBIBYTE

FORGOTTEN_AFTER = timedelta(days=3)

View = Callable[..., HttpResponse]
Removal = Callable[[], int]
_removals: list[Removal] = []


@dataclass(frozen=True, slots=True)
class Received:
    """What is known of a file once it stands on the disk."""

    name: str
    size: int
    sha256: str


def most_bytes() -> int:
    """The size of the largest file that is taken."""
    return settings.TOUCHSTONE_LARGEST_UPLOAD * MEBIBYTE


def takes_file(refuse: View) -> Callable[[View], View]:
    """Let a view take a file; `refuse` answers in its place when the request is too large.

    The size is what the request says of itself, looked at before a byte of it is read. The
    forgery check reads the request, so it is moved behind that look.
    """

    def decorate(view: View) -> View:
        protected = csrf_protect(view)
        protected_refusal = csrf_exempt(refuse)

        @functools.wraps(view)
        def look_first(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if _announced_size(request) > most_bytes() + FORM_OVERHEAD:
                return protected_refusal(request, *args, **kwargs)
            request.upload_handlers = [TemporaryFileUploadHandler(request)]
            return protected(request, *args, **kwargs)

        return csrf_exempt(look_first)

    return decorate


def upload_folder() -> Path:
    """The folder of files that wait for a decision; made when it is not there."""
    folder = settings.TOUCHSTONE_HOME / "uploads"
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    return folder


def store_upload(file: UploadedFile, target: Path) -> Received:
    """Write a sent file to its place on the disk, a piece at a time, and hash it on the way."""
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as stored:
        for piece in file.chunks(CHUNK):
            stored.write(piece)
            digest.update(piece)
            size += len(piece)
        stored.flush()
        os.fsync(stored.fileno())
    return Received(harmless_name(file.name or ""), size, digest.hexdigest())


def harmless_name(name: str) -> str:
    """Keep of a sender's file name what can be shown: no folders, no signs that cannot be seen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    seen = unicodedata.normalize("NFC", seen).strip()
    if len(seen) > LONGEST_NAME:
        stem, dot, ending = seen.rpartition(".")
        kept = dot + ending[-10:] if dot else ""
        seen = (stem or seen)[: LONGEST_NAME - len(kept) - 1] + "…" + kept
    return seen or UNNAMED


def remove_files(public_id: str) -> None:
    """Remove all files of one upload: what was sent and what was made from it."""
    for path in upload_folder().glob(f"{public_id}*"):
        path.unlink(missing_ok=True)


def removes_expired(function: Removal) -> Removal:
    """Enter a function that removes what nobody decided on in time; the worker calls it."""
    if function not in _removals:
        _removals.append(function)
    return function


def remove_expired() -> int:
    """Remove what is over in all parts, and give how many things there were."""
    return sum(removal() for removal in _removals)


@removes_expired
def remove_forgotten_files() -> int:
    """Remove files that no row knows: their process ended between writing the two."""
    oldest = (clocks.now() - FORGOTTEN_AFTER).timestamp()
    forgotten = [path for path in upload_folder().iterdir() if path.stat().st_mtime < oldest]
    for path in forgotten:
        path.unlink(missing_ok=True)
    return len(forgotten)


def _announced_size(request: HttpRequest) -> int:
    written = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(written) if written.isascii() and written.isdigit() else 0
