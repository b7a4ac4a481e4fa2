"""Names of assessments in the journal."""

from collections.abc import Collection
from datetime import date

from django.urls import reverse

from touchstone_web.assessments.models import Assessment
from touchstone_web.assessments.views.looks import scheme_title
from touchstone_web.shared.installed_packs import words_of_pack
from touchstone_web.shared.names import Named, naming
from touchstone_web.shared.roles import SEES_FIGURES
from touchstone_web.shared.viewers import Viewer


@naming
def name_assessments(ids: Collection[str], seen_by: Viewer, on: date) -> dict[str, Named]:
    """Assessments by the title of their scheme, with their page for those who see the tree."""
    trees = seen_by.public_ids_of_trees(*SEES_FIGURES, on=on)
    found = Assessment.objects.filter(public_id__in=ids).select_related("tree").defer("recipe")
    names = {}
    for assessment in found:
        is_seen = trees is None or assessment.tree.public_id in trees
        address = reverse("assessment", args=[assessment.public_id]) if is_seen else ""
        title = scheme_title(assessment, words_of_pack(assessment.pack))
        names[assessment.public_id] = Named(title, address)
    return names
