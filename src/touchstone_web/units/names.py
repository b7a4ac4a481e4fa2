"""Names of files of units in the journal."""

from collections.abc import Collection
from datetime import date

from touchstone_web.shared.names import Named, naming
from touchstone_web.shared.viewers import Viewer
from touchstone_web.units.models import TreeUpload


@naming
def name_tree_uploads(ids: Collection[str], seen_by: Viewer, on: date) -> dict[str, Named]:
    """Uploads that still stand; their page is the uploader's own."""
    found = TreeUpload.objects.filter(public_id__in=ids).values_list("public_id", "source_name")
    return {public_id: Named(name) for public_id, name in found}
