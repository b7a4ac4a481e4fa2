"""Results folders: built so that anyone can compute them again, verified, and published."""

from touchstone.reports.folders.publications import Publication, publication_of, published_folder
from touchstone.reports.folders.results import build_folder
from touchstone.reports.folders.verifications import Verification, verify_folder

__all__ = [
    "Publication",
    "Verification",
    "build_folder",
    "publication_of",
    "published_folder",
    "verify_folder",
]
