"""The gate before publishing: a release, and all earlier ones of the same population, together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from touchstone.reports.disclosures import record_of
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


def findings_in_words(
    findings: Findings, entries: Sequence[Entry], words: Words, *, names: Mapping[str, str]
) -> list[str]:
    """Say for each finding which groups of which releases it is about, one sentence each.

    `names` gives the names of groups where they have one. No sentence tells a number of people
    or a figure.
    """

    def told(key: Key) -> str:
        place, group = key
        title = entries[place].label
        shown = {"number": str(place + 1), "title": title, "wave": entries[place].wave}
        release = words.text("disclosure.wave" if shown["wave"] else "disclosure.release", **shown)
        return words.text("disclosure.group", name=names.get(group, group), release=release)

    lines = [
        words.text(
            "disclosure.difference",
            first=told(one.first),
            second=told(one.second),
            smallest=one.smallest,
        )
        for one in findings.differences
    ]
    lines += [words.text("disclosure.exposed", group=told(one.group)) for one in findings.exposed]
    return lines


def names_of(computed: Computed) -> dict[str, str]:
    """Give the names of the areas and, of organisations, of the units that findings may name."""
    found = {area.unit: area.name for area in computed.assessment.areas}
    if not computed.recipe.is_about_persons:
        found |= {unit.unit: unit.name for unit in computed.assessment.units}
    return found
