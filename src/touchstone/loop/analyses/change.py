"""How a mean changed from wave to wave."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from touchstone.base.outcomes import Outcome, Withheld
from touchstone.content.analyses.change import ChangeSpec
from touchstone.loop.analyses.evidence import Evidence
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
    columns of the design that play no part in the errors.
    """

    waves: tuple[str, ...]
    changes: tuple[DomainChange, ...]
    series: tuple[Series, ...]
    outside: tuple[str, ...]


def find_change(spec: ChangeSpec, evidence: Evidence) -> Changes:
    """Hold each wave against the one before it, or against `since`; see `stats.changes`.

    The design's weight is taken where the analysis names none; strata and clusters play no part.
    Figures of waves with fewer respondents than the smallest group are withheld, and what fewer
    shared ones tell is left out.
    """
    snapshot, columns = _waves(spec, evidence)
    waves = Waves(snapshot, columns)
    pairs = list(pairwise(waves.names))
    if spec.since is not None:
        place = waves.names.index(spec.since) if spec.since in waves.names else -1
        pairs = [(spec.since, later) for later in waves.names[place + 1 :]]
    sums = waves.sums()
    return Changes(
        waves.names,
        tuple(_changes(spec, waves, sums, pairs)),
        tuple(_series(spec, waves, sums)) if len(sums) <= MOST_SERIES else (),
        (*evidence.design.strata, *evidence.design.clusters),
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


def _changes(
    spec: ChangeSpec, waves: Waves, sums: list[dict[str, WaveSums]], pairs: list[Pair]
) -> Iterator[DomainChange]:
    overlaps = {pair: waves.overlaps(pair) for pair in pairs if pair[0] in waves.names}
    for place, of_waves in enumerate(sums):
        shared = {pair: found[place] for pair, found in overlaps.items()}
        for one in changes_of_series(
            of_waves, shared, pairs, breaks=spec.breaks, confidence=spec.confidence
        ):
            guarded = _guarded(one, of_waves, shared, smallest=spec.smallest_group)
            yield DomainChange(waves.domains[place], guarded)


def _guarded(
    change: Change,
    sums: Mapping[str, WaveSums],
    overlaps: Mapping[Pair, OverlapSums],
    *,
    smallest: int,
) -> Change:
    """Take out of a change what fewer people than the smallest group tell.

    The errors with and without the overlap together tell its covariance, so that the one without
    it goes as well.
    """
    pair = change.before, change.after
    if any(sums[name].n < smallest for name in pair):
        return Change(*pair, _few(smallest), None)
    if 0 < overlaps[pair].n < smallest:
        return change._replace(overlap=None, covariance=None, se_apart=None)
    return change


def _series(spec: ChangeSpec, waves: Waves, sums: list[dict[str, WaveSums]]) -> Iterator[Series]:
    for domain, of_waves in zip(waves.domains, sums, strict=True):
        means = tuple(
            (name, _few(spec.smallest_group))
            if one.n < spec.smallest_group
            else (name, wave_mean(one, confidence=spec.confidence))
            for name, one in of_waves.items()
        )
        yield Series(domain, means)


def _few(smallest: int) -> Withheld:
    return Withheld("too_few_rows", (("smallest", str(smallest)),))
