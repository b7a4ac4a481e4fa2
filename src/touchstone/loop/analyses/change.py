"""How a mean changed from wave to wave."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.content.analyses.change import ChangeSpec
from touchstone.loop.analyses.evidence import Evidence, too_few_rows
from touchstone.loop.analyses.periods import rows_by_period
from touchstone.stats.changes.wave_changes import (
    Change,
    OverlapSums,
    WaveSums,
    changes_of_series,
    wave_mean,
)
from touchstone.stats.changes.wave_sums import WaveColumns, Waves
from touchstone.tallies.tables import Snapshot

# Means are for a picture, which has room for so many lines.
MOST_SERIES = 6
Domain = tuple[str | None, ...]
Pair = tuple[str, str]


class DomainChange(NamedTuple):
    """One change within one domain, which is named by the values of its columns."""

    domain: Domain
    change: Change


class Series(NamedTuple):
    """The mean of each wave within one domain, in order of time."""

    domain: Domain
    means: tuple[tuple[str, Outcome], ...]


class Changes(NamedTuple):
    """All waves in order of time, changes within each domain, and each domain's means.

    `series` is empty where there are more domains than a picture has room for. `outside`:
    columns of the design that play no part in the errors. `domains_left_out`: so many with fewer
    respondents than the smallest group in every wave.
    """

    waves: tuple[str, ...]
    changes: tuple[DomainChange, ...]
    series: tuple[Series, ...]
    outside: tuple[str, ...]
    domains_left_out: int = 0


class _Domain(NamedTuple):
    """The sums of each wave within one domain, and of respondents whom pairs of waves share."""

    domain: Domain
    sums: Mapping[str, WaveSums]
    overlaps: Mapping[Pair, OverlapSums]


def find_change(spec: ChangeSpec, evidence: Evidence) -> Changes:
    """Hold each wave against the one before it, or against `since`; see `stats.changes`.

    The design's weight is taken where the analysis names none; strata and clusters play no part.
    Figures of waves with fewer respondents than the smallest group are withheld as
    `too_few_rows`, and changes that fewer shared ones have a part in as `few_shared`. A domain
    without a larger wave is left out, as its name may be somebody's.
    """
    snapshot, columns = _waves(spec, evidence)
    waves = Waves(snapshot, columns)
    pairs = list(pairwise(waves.names))
    if spec.since is not None:
        place = waves.names.index(spec.since) if spec.since in waves.names else -1
        pairs = [(spec.since, later) for later in waves.names[place + 1 :]]
    domains = _domains(waves, pairs)
    large = [one for one in domains if _largest(one) >= spec.smallest_group]
    return Changes(
        waves.names,
        tuple(one for domain in large for one in _changes(spec, domain, pairs)),
        tuple(_series(spec, domain) for domain in large) if len(large) <= MOST_SERIES else (),
        (*evidence.design.strata, *evidence.design.clusters),
        len(domains) - len(large),
    )


def _waves(spec: ChangeSpec, evidence: Evidence) -> tuple[Snapshot, WaveColumns]:
    """Give rows of one wave each, and what their columns are called."""
    weight = spec.weight or evidence.design.weight
    if spec.periods:
        kept = [*spec.by, *([weight] if weight else [])]
        long = rows_by_period(evidence.snapshot, spec.periods, kept=kept)
        columns = WaveColumns(long.period, long.value, long.row, weight, spec.by)
        return long.snapshot, columns
    wave, value = str(spec.wave), str(spec.value)
    return evidence.snapshot, WaveColumns(wave, value, spec.respondent, weight, spec.by)


def _domains(waves: Waves, pairs: list[Pair]) -> list[_Domain]:
    overlaps = {pair: waves.overlaps(pair) for pair in pairs if pair[0] in waves.names}
    return [
        _Domain(domain, sums, {pair: found[place] for pair, found in overlaps.items()})
        for place, (domain, sums) in enumerate(zip(waves.domains, waves.sums(), strict=True))
    ]


def _largest(domain: _Domain) -> int:
    return max((sums.n for sums in domain.sums.values()), default=0)


def _changes(spec: ChangeSpec, domain: _Domain, pairs: list[Pair]) -> Iterator[DomainChange]:
    for one in changes_of_series(
        domain.sums, domain.overlaps, pairs, breaks=spec.breaks, confidence=spec.confidence
    ):
        yield DomainChange(domain.domain, _guarded(one, domain, smallest=spec.smallest_group))


def _guarded(change: Change, domain: _Domain, *, smallest: int) -> Change:
    """Withhold a change of which fewer people than the smallest group tell.

    With both means and their errors known, the error of the change tells its covariance, which
    comes from shared respondents alone.
    """
    pair = change.before, change.after
    told = too_few_rows(smallest)
    if all(domain.sums[name].n >= smallest for name in pair):
        if not 0 < domain.overlaps[pair].n < smallest:
            return change
        told = Withheld("few_shared", (("smallest", str(smallest)),))
    if isinstance(change.outcome, Withheld) and change.outcome.reason == "series_break":
        told = change.outcome
    return Change(*pair, told, None)


def _series(spec: ChangeSpec, domain: _Domain) -> Series:
    few = too_few_rows(spec.smallest_group)
    means = tuple(
        (name, few if one.n < spec.smallest_group else wave_mean(one, confidence=spec.confidence))
        for name, one in domain.sums.items()
    )
    return Series(domain.domain, means)
