"""The gate of a release: what all releases so far and the new one together would give away."""

from collections.abc import Sequence
from dataclasses import dataclass

from touchstone.base.errors import TouchstoneError
from touchstone.stats.disclosure.audits import exposures_in
from touchstone.stats.disclosure.differences import Difference, differences_in
from touchstone.stats.disclosure.knowledge import Knowledge, Secret
from touchstone.stats.disclosure.populations import population_of
from touchstone.stats.disclosure.ranges import narrowed
from touchstone.stats.disclosure.releases import Release
from touchstone.stats.disclosure.told_figures import Exposed, ToldFigures, gauges_of


@dataclass(frozen=True, slots=True)
class Findings:
    """What the audit of some releases found; `protected` counts the figures that it attacked."""

    differences: tuple[Difference, ...]
    exposed: tuple[Exposed, ...]
    protected: int

    @property
    def is_safe(self) -> bool:
        """Nothing can be worked out, so the release may go out."""
        return not self.differences and not self.exposed


def audit_releases(releases: Sequence[Release]) -> Findings:
    """Attack all releases of a population together, as somebody would who has kept them all.

    1. Differencing: two groups that tell the same kind of figure and differ by fewer than k people
       are refused at once. A group tells a figure also when it follows from others.
    2. Every figure kept back must range over its least width, given every figure told in any
       release and the ways groups add up (`audits.exposures_in`). So must sums over any fewer
       than k people whom the telling groups set apart: over 20 % of what they can be.
       How many people stand in a group is taken as known to the attacker of sums.

    A figure of the same people is taken as the same in all releases. Where that cannot be, as
    models and targets make scores change that nobody's answer changed, each release is attacked by
    itself, and groups are compared over all of them.

    Raises TouchstoneError DISCLOSURE-01 when figures of one release contradict each other.

    >>> audit_releases([]).is_safe
    True
    """
    try:
        return _audit(releases, is_joined=True)
    except TouchstoneError:
        return _audit(releases, is_joined=False)


def _audit(releases: Sequence[Release], *, is_joined: bool) -> Findings:
    population = population_of(releases)
    figures = ToldFigures(releases, population, is_joined)
    gauges = gauges_of(releases)
    secrets: dict[str, Exposed] = {}
    for place, release in enumerate(releases):
        for told in release.told:
            figures.tell(place, told, gauges[told.figure])
        for kept in release.kept:
            name = figures.unknown_of(place, kept.group, gauges[kept.figure])
            least = gauges[kept.figure].steps(kept.least)
            if name not in secrets or secrets[name].least < least:
                secrets[name] = Exposed(kept.figure, (place, kept.group), least)
    smallest = max((release.smallest for release in releases), default=0)
    secrets = {**figures.few_people(smallest), **secrets}
    knowledge = Knowledge(figures.unknowns, list(figures.statements.values()))
    asked = [Secret(name, one.least) for name, one in secrets.items()]
    narrow = narrowed(knowledge)
    exposures = exposures_in(knowledge, asked, narrow=narrow)
    return Findings(
        differences=differences_in(releases, population, figures.worked_out(narrow.ranges)),
        exposed=tuple(secrets[one.name] for one in exposures),
        protected=len(secrets),
    )
