"""The gate before publishing: a release, and all earlier ones of the same population, together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from touchstone.reports.disclosures import GRADE_PREFIX, record_of
from touchstone.reports.recipes import Computed, Recipe
from touchstone.reports.releases import Release
from touchstone.reports.words import Words
from touchstone.stats.disclosure import releases as ledger_releases
from touchstone.stats.disclosure.gates import Findings, audit_releases
from touchstone.stats.disclosure.ledgers import Ledger
from touchstone.stats.disclosure.populations import Key

Entry = ledger_releases.Release
SAFE = Findings((), (), 0)


@dataclass(frozen=True, slots=True)
class Passage:
    """What the gate says of a release: its entry for the ledger, and what speaks against it.

    `entry` is None where no figure rests on people; such a release may always go out.
    """

    entry: Entry | None
    findings: Findings

    @property
    def is_open(self) -> bool:
        """The release may go out."""
        return self.findings.is_safe


def population_of(recipe: Recipe) -> str:
    """Name the population whose releases are looked at together.

    All schemes of one dataset tell of the same people.
    """
    return f"{recipe.pack.name}/{recipe.scheme.dataset}"


def gate(computed: Computed, release: Release, ledger: Ledger, *, wave: str) -> Passage:
    """Attack a release together with all releases of a ledger (`stats.disclosure.gates`).

    `wave` tells rounds of answers apart; answers of the same person in two waves are taken as the
    answers of two. Without it, unchanged answers count as the same.
    """
    if release.smallest is None:
        return Passage(None, SAFE)
    entry = record_of(computed, release.protection, release.smallest, salt=ledger.salt, wave=wave)
    return Passage(entry, audit_releases([*ledger.releases, entry]))


def findings_record(
    findings: Findings, entries: Sequence[Entry], *, names: Mapping[str, str]
) -> dict[str, Any]:
    """Write findings as plain data: which groups of which releases they are about.

    `names` gives the names of groups where they have one. No number of people and no figure
    stands in it.
    """

    def named(key: Key) -> dict[str, Any]:
        place, group = key
        entry = entries[place]
        release = {"release": place + 1, "label": entry.label, "wave": entry.wave}
        return {"group": group, "name": names.get(group, group), **release}

    return {
        "safe": findings.is_safe,
        "releases": len(entries),
        "attacked": findings.protected,
        "differences": [
            {
                "figure": one.figure,
                "first": named(one.first),
                "second": named(one.second),
                "smallest": one.smallest,
            }
            for one in findings.differences
        ],
        "exposed": [{"figure": one.figure, **named(one.group)} for one in findings.exposed],
    }


def findings_in_words(record: Mapping[str, Any], words: Words) -> list[str]:
    """Say for each finding of `findings_record` what it is about, one sentence each."""

    def told(group: Mapping[str, Any]) -> str:
        gaps = {"number": group["release"], "title": group["label"], "wave": group["wave"]}
        key = "disclosure.wave" if group["wave"] else "disclosure.release"
        name = _name_in_words(group, words)
        return words.text("disclosure.group", name=name, release=words.text(key, **gaps))

    lines = [
        words.text(
            "disclosure.difference",
            first=told(one["first"]),
            second=told(one["second"]),
            smallest=one["smallest"],
        )
        for one in record["differences"]
    ]
    lines += [words.text("disclosure.exposed", group=told(one)) for one in record["exposed"]]
    return list(dict.fromkeys(lines))


def _name_in_words(group: Mapping[str, Any], words: Words) -> str:
    """Name a group; those of one grade, or of none, by the name of that."""
    name: str = group["name"]
    kind = group["group"].removeprefix(GRADE_PREFIX)
    for key in (f"grade.{kind}", f"status.{kind}"):
        if kind != group["group"] and words.knows(key):
            return words.text(key)
    return name


def names_of(computed: Computed) -> dict[str, str]:
    """Give the names of the areas and, of organisations, of the units that findings may name."""
    found = {area.unit: area.name for area in computed.assessment.areas}
    if not computed.recipe.is_about_persons:
        found |= {unit.unit: unit.name for unit in computed.assessment.units}
    return found
