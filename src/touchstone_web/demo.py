"""The shipped packs with real data, loaded and assessed as anybody would do it in the pages."""

from pathlib import Path

from touchstone.base.canonical import sha256_hex
from touchstone.base.errors import TouchstoneError
from touchstone.content.packs import Pack, read_pack
from touchstone.content.trees import tree_of
from touchstone.formats.readers import read_table
from touchstone.loop.freeze import freeze
from touchstone_web.assessments.commands import request_assessment, try_again
from touchstone_web.assessments.models import Assessment
from touchstone_web.evidence.commands import Origin, freeze_snapshot
from touchstone_web.evidence.models import FrozenSnapshot
from touchstone_web.people.models import OPERATOR, Tree
from touchstone_web.shared.jobs import work_on
from touchstone_web.shared.uploads import Received
from touchstone_web.units.commands import open_tree

SCHEMES = {
    "schools": ("met_target", "both", "awards", "similar_schools"),
    "lecturers": ("teaching", "fair_teaching"),
    "connectivity": ("sustainable_connectivity", "near_targets"),
}
# Names that read alike in every language: of the tree, and of the evidence.
TREES = {"schools": "California", "lecturers": "ETH Zürich", "connectivity": "ASEM"}
TITLES = {"schools": "API 1999–2000", "lecturers": "InstEval", "connectivity": "ASEM 2018"}


def load_demo(home: Path) -> None:
    """Import trees and evidence of the shipped packs and assess them; what is there already stays.

    `home` is the folder of the work data, which the settings name too.

    1. Freeze the evidence that a pack ships, with the units it names.
    2. Ask for an assessment by each scheme, and do the job at once instead of in the background.
    """
    for name, schemes in SCHEMES.items():
        pack = read_pack(name)
        for dataset in dict.fromkeys(pack.schemes[scheme].dataset for scheme in schemes):
            snapshot = _frozen(pack, dataset)
            for scheme in schemes:
                if pack.schemes[scheme].dataset == dataset:
                    _assess(snapshot, pack, scheme)


def _frozen(pack: Pack, dataset: str) -> FrozenSnapshot:
    path = pack.evidence[dataset]
    content = path.read_bytes()
    source = {"pack": pack.name, "dataset": dataset, "source_hash": sha256_hex(content)}
    there = FrozenSnapshot.objects.filter(**source).first()
    if there is not None:
        return there
    with path.open("rb") as stream:
        raw = read_table(stream, where=path.name)
    rows = freeze(raw, pack.datasets[dataset])
    tree = Tree.objects.filter(pack=pack.name).first()
    frozen = freeze_snapshot(
        snapshot=rows,
        nodes=tree_of(rows, pack.datasets[dataset]),
        origin=Origin(
            pack.name,
            dataset,
            TITLES[pack.name],
            Received(path.name, len(content), source["source_hash"]),
        ),
        tree=tree or open_tree(name=TREES[pack.name], pack=pack.name, by=OPERATOR),
        by=OPERATOR,
    )
    return frozen.snapshot


def _assess(snapshot: FrozenSnapshot, pack: Pack, scheme: str) -> None:
    assessment = Assessment.objects.filter(
        snapshot=snapshot, scheme_name=scheme, scheme_hash=pack.schemes[scheme].content_hash
    ).first()
    if assessment is None:
        assessment = request_assessment(
            snapshot=snapshot, pack=pack, scheme_name=scheme, language="en", by=OPERATOR
        )
    if assessment.is_computed:
        return
    try_again(assessment=assessment, by=OPERATOR)
    work_on.call(assessment.job.public_id)
    assessment.refresh_from_db()
    # A run that a killed start left behind is taken up by the worker, once it has fallen silent.
    if assessment.is_failed:
        raise TouchstoneError(
            "DEMO-01",
            where=f"the demo's assessment '{scheme}' of the pack '{pack.name}'",
            found=f"it could not be computed: {assessment.job.fault}",
            remedy="Remove the folder of the demo and start it again.",
        )
