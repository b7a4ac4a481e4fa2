"""Names of snapshots and uploads in the journal."""

from collections.abc import Collection
from datetime import date

from django.urls import reverse

from touchstone_web.evidence.models import FrozenSnapshot, Upload
from touchstone_web.evidence.queries import SEES_EVIDENCE
from touchstone_web.shared.names import Named, naming
from touchstone_web.shared.viewers import Viewer


@naming
def name_snapshots(ids: Collection[str], seen_by: Viewer, on: date) -> dict[str, Named]:
    """Frozen snapshots, with their page for those who see evidence of the tree."""
    trees = seen_by.public_ids_of_trees(*SEES_EVIDENCE, on=on)
    found = FrozenSnapshot.objects.filter(public_id__in=ids)
    rows = found.values_list("public_id", "title", "tree__public_id")
    return {
        public_id: Named(
            title, reverse("snapshot", args=[public_id]) if trees is None or tree in trees else ""
        )
        for public_id, title, tree in rows
    }


@naming
def name_uploads(ids: Collection[str], seen_by: Viewer, on: date) -> dict[str, Named]:
    """Uploads that still stand; their page is the uploader's own."""
    found = Upload.objects.filter(public_id__in=ids).values_list("public_id", "source_name")
    return {public_id: Named(name) for public_id, name in found}
