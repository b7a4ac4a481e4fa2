"""Figures of a sample that are not exact sums: by linearisation, or from replicates."""

from collections.abc import Iterator
from typing import NamedTuple

from touchstone.loop.analyses.error_sources import ErrorRequest, replicates_of, spread_of
from touchstone.stats.calibration.calibrations import calibrate
from touchstone.stats.calibration.choices import Method
from touchstone.stats.calibration.distances import Bounds
from touchstone.stats.calibration.replicates import calibrated_replicates
from touchstone.stats.calibration.residuals import calibrated_spread
from touchstone.stats.calibration.target_tables import MarginTargets, join_targets
from touchstone.stats.designs import Design
from touchstone.stats.sampling.by_replicates import ByReplicates
from touchstone.stats.sampling.choices import LoneUnits, QuantileRule, ShareInterval
from touchstone.stats.sampling.contrasts import (
    Contrast,
    Label,
    changes_between,
    contrast_figures,
    differences_to,
)
from touchstone.stats.sampling.domains import Domains, Figure, Rule, figures_of, find_domains
from touchstone.stats.sampling.measures import number_measures, ratio_measure, share_measures
from touchstone.stats.sampling.quantiles import quantile_outcome
from touchstone.stats.sampling.samples import read_sample
from touchstone.stats.sampling.sources import ByLinearisation, ErrorSource
from touchstone.stats.sampling.statistics import Measure, SumKind
from touchstone.tallies.tables import Snapshot


class Wanted(NamedTuple):
    """The statistic, its columns, and the value that a share counts."""

    statistic: str
    variables: tuple[str, ...]
    value: str | None = None


class SamplingRequest(NamedTuple):
    """What is asked for beyond exact means, shares and totals.

    A `ratio` of two columns, quantiles `at` some shares, another interval of shares, another rule
    for strata with one unit, comparisons between domains, margins to calibrate to, and where
    errors come from.
    """

    ratio: tuple[str, str] | None = None
    quantile: tuple[str, ...] = ()
    at: tuple[float, ...] = (0.5,)
    quantile_rule: QuantileRule = "math"
    share_interval: ShareInterval = "wilson"
    lone_units: LoneUnits = "fail"
    against: Label | None = None
    changes: str | None = None
    contrasts: tuple[Contrast, ...] = ()
    margins: tuple[MarginTargets, ...] = ()
    calibration: Method = "rake"
    bounds: Bounds | None = None
    errors: ErrorRequest = ErrorRequest()

    @property
    def is_plain(self) -> bool:
        """Tell that exact sums give all that was asked for."""
        asked = (getattr(self, name) != getattr(PLAIN, name) for name in BEYOND_SUMS)
        return self.errors.is_plain and not any(asked)


PLAIN = SamplingRequest()
BEYOND_SUMS = (
    "ratio",
    "quantile",
    "share_interval",
    "lone_units",
    "against",
    "changes",
    "contrasts",
    "margins",
)


def sampling_figures(
    snapshot: Snapshot,
    design: Design,
    wanted: Wanted,
    request: SamplingRequest,
    *,
    by: tuple[str, ...],
    confidence: float,
) -> tuple[list[Figure], list[Figure]]:
    """Give the figures of the domains, and those of the comparisons between them."""
    domains = find_domains(snapshot, by)
    source = _source(snapshot, design, request)
    rule = Rule(confidence, request.share_interval)
    measures = _measures(snapshot, wanted, request)
    if wanted.statistic == "quantile":
        return list(_quantiles(measures, domains, source, rule, request)), []
    found = list(figures_of(measures, domains, source, rule))
    contrasts = contrasts_of(domains, request)
    return found, list(contrast_figures(measures, domains, contrasts, source, rule))


def _source(snapshot: Snapshot, design: Design, request: SamplingRequest) -> ErrorSource:
    """Find where errors come from: replicates, or the spread of units, calibrated or not."""
    errors = request.errors
    sample = read_sample(snapshot, design, by_chances=bool(errors.pps))
    margins, totals = join_targets(snapshot, request.margins)
    method, bounds = request.calibration, request.bounds
    if errors.replicates or errors.replicate_weights:
        source = ByReplicates(sample, replicates_of(snapshot, sample, errors))
        if not request.margins:
            return source
        return calibrated_replicates(source, margins, method=method, bounds=bounds, numbers=totals)
    spread = spread_of(snapshot, design, sample, errors, lone_units=request.lone_units)
    if not request.margins:
        return ByLinearisation(spread)
    found = calibrate(margins, sample.weights, method=method, bounds=bounds, numbers=totals)
    return ByLinearisation(calibrated_spread(spread, found))


def columns_of(request: SamplingRequest) -> tuple[list[str], list[str]]:
    """Name the columns of numbers and of texts that the request needs beside its statistic's."""
    numbers = [name for one in request.margins if one.is_number for name in one.columns]
    numbers += request.errors.replicate_weights
    texts = [name for one in request.margins if not one.is_number for name in one.columns]
    return numbers, texts


def _measures(snapshot: Snapshot, wanted: Wanted, request: SamplingRequest) -> tuple[Measure, ...]:
    if request.ratio:
        return (ratio_measure(snapshot, *request.ratio),)
    if wanted.statistic == "share":
        return share_measures(snapshot, wanted.variables[0], value=wanted.value)
    kind: SumKind = "total" if wanted.statistic == "total" else "mean"
    return number_measures(snapshot, kind, wanted.variables)


def _quantiles(
    measures: tuple[Measure, ...],
    domains: Domains,
    source: ErrorSource,
    rule: Rule,
    request: SamplingRequest,
) -> Iterator[Figure]:
    for label, rows in zip(domains.labels, domains.rows, strict=True):
        by = tuple(zip(domains.by, label, strict=True))
        for measure in measures:
            for share in request.at:
                outcome = quantile_outcome(
                    measure, rows, source, rule,
                    share=share, quantile_rule=request.quantile_rule,
                )  # fmt: skip
                yield Figure(by, measure.variable, "quantile", f"{share:g}", outcome)


def contrasts_of(domains: Domains, request: SamplingRequest) -> list[Contrast]:
    """List the comparisons between domains that are asked for."""
    found = list(request.contrasts)
    if request.against:
        found += differences_to(domains, request.against)
    if request.changes:
        found += changes_between(domains, request.changes)
    return found
