"""Figures of a population from a sample of it, as a pack asks for them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.content.analyses.estimates import EstimatesSpec
from touchstone.loop.analyses.answer_rates import By, Cases, RateRequest, Rates, find_rates
from touchstone.loop.analyses.calibration import bounds_of
from touchstone.loop.analyses.error_sources import ErrorRequest
from touchstone.loop.analyses.evidence import Evidence, too_few_rows
from touchstone.loop.analyses.margins import targets_of
from touchstone.loop.analyses.sampling import (
    SamplingRequest,
    Wanted,
    contrasts_of,
    sampling_figures,
)
from touchstone.stats.designs import Design
from touchstone.stats.estimates import estimate
from touchstone.stats.sampling.contrasts import Contrast, Label
from touchstone.stats.sampling.domains import Figure, find_domains
from touchstone.stats.snapshot_columns import texts_of
from touchstone.stats.weights import fit_places, weigh_by_fractions
from touchstone.tallies.tables import Snapshot

SLASH = "/"


class FoundEstimates(NamedTuple):
    """Figures of domains, figures of comparisons between them, and rates of answering.

    `domains_left_out`: so many whose every figure rests on too few rows.
    """

    figures: tuple[Figure, ...]
    comparisons: tuple[Figure, ...]
    rates: Rates
    domains_left_out: int = 0


def find_estimates(spec: EstimatesSpec, evidence: Evidence) -> FoundEstimates:
    """Estimate by domain; plain means, shares and totals are exact sums.

    A figure on fewer rows than the smallest group is withheld as `too_few_rows`, and so is each
    comparison with it. A domain without any other figure is left out, and all that names it, as
    its name may be somebody's. Raises TouchstoneError as `stats.estimates.estimate` and
    `loop.analyses.sampling.sampling_figures`.
    """
    rates = _rates(spec, evidence)
    snapshot = _without_answers(evidence.snapshot, spec)
    comparisons: list[Figure] = []
    request = _request(spec)
    if request.is_plain and spec.statistic in ("mean", "share", "total"):
        figures = _exact(spec, snapshot, evidence.design)
    else:
        drawn = (snapshot, evidence.design)
        snapshot, design = drawn if request.errors.pps else weigh_by_fractions(*drawn)
        figures, comparisons = sampling_figures(
            snapshot, design, _wanted(spec), request, by=spec.by, confidence=float(spec.confidence)
        )
    kept = tuple(_kept(one, spec.smallest_group) for one in figures)
    contrasts = contrasts_of(find_domains(snapshot, spec.by), request)
    told = {_label_of(one) for one in kept if one.outcome != too_few_rows(spec.smallest_group)}
    return FoundEstimates(
        tuple(one for one in kept if _label_of(one) in told),
        tuple(_compared(comparisons, kept, [one for one in contrasts if _is_told(one, told)])),
        rates,
        len({_label_of(one) for one in kept} - told),
    )


def _is_told(contrast: Contrast, told: set[Label]) -> bool:
    return all(label in told for _, label in contrast.parts)


def _label_of(figure: Figure) -> Label:
    return tuple(text for _, text in figure.by)


def _exact(spec: EstimatesSpec, snapshot: Snapshot, design: Design) -> list[Figure]:
    snapshot, design = weigh_by_fractions(snapshot, design)
    summed = () if spec.statistic == "share" else spec.variables
    snapshot, _ = fit_places(snapshot, weight=design.weight, values=summed)
    found = estimate(
        snapshot,
        design,
        statistic=spec.statistic,  # type: ignore[arg-type]
        variables=spec.variables,
        by=spec.by,
        confidence=spec.confidence,
        value=spec.value,
    )
    return [Figure(row.by, row.variable, row.statistic, row.value, row.outcome) for row in found]


def _wanted(spec: EstimatesSpec) -> Wanted:
    names = (*spec.variables, spec.over) if spec.over else spec.variables
    return Wanted(spec.statistic, names, spec.value)


def _request(spec: EstimatesSpec) -> SamplingRequest:
    return SamplingRequest(
        ratio=(spec.variables[0], spec.over) if spec.over else None,
        quantile=spec.variables if spec.statistic == "quantile" else (),
        at=tuple(map(float, spec.at)),
        quantile_rule=spec.quantile_rule,
        share_interval=spec.share_interval,
        lone_units=spec.lone_units,
        against=_label(spec.against) if spec.against else None,
        changes=spec.changes,
        contrasts=tuple(
            Contrast(one.name, tuple((float(t), _label(text)) for text, t in one.times.items()))
            for one in spec.contrasts
        ),
        margins=targets_of(spec.margins),
        calibration=spec.calibration,
        bounds=bounds_of(spec.lowest_factor, spec.highest_factor),
        errors=_errors(spec),
    )


def _label(text: str) -> Label:
    return tuple(text.split(SLASH))


def _errors(spec: EstimatesSpec) -> ErrorRequest:
    made = spec.replicates
    if made is None:
        return ErrorRequest(pps=spec.unequal_chances)
    return ErrorRequest(
        pps=spec.unequal_chances,
        replicates=made.method,
        replicate_weights=made.weights,
        replicate_count=made.count,
        seed=made.seed,
        rho=float(made.rho),
        scale=None if made.scale is None else float(made.scale),
        around_estimate=made.around_estimate,
    )


def _kept(figure: Figure, smallest: int) -> Figure:
    outcome: Outcome = figure.outcome
    if isinstance(outcome, Estimate) and outcome.n < smallest:
        outcome = too_few_rows(smallest)
    return replace(figure, outcome=outcome)


def _compared(
    comparisons: Sequence[Figure], figures: Sequence[Figure], contrasts: Sequence[Contrast]
) -> Iterator[Figure]:
    """Withhold a comparison with a domain whose own figure is withheld, as it would tell it.

    Comparisons other than these contrasts are left out.
    """
    withheld = {
        (_label_of(one), one.variable, one.value): one.outcome
        for one in figures
        if isinstance(one.outcome, Withheld)
    }
    labels = {one.name: [label for _, label in one.parts] for one in contrasts}
    for one in comparisons:
        if one.by[0][1] not in labels:
            continue
        found = (withheld.get((label, one.variable, one.value)) for label in labels[one.by[0][1]])
        yield replace(one, outcome=next(filter(None, found), one.outcome))


def _without_answers(snapshot: Snapshot, spec: EstimatesSpec) -> Snapshot:
    """Empty the cells of the variables that say "cannot judge"."""
    rows = snapshot.rows
    for name in spec.variables if spec.cannot_judge else ():
        unsure = pc.is_in(
            pa.array(texts_of(snapshot, name), pa.string()),
            pa.array(spec.cannot_judge, pa.string()),
        )
        cells = rows.column(name)
        emptied = pc.if_else(unsure, pa.scalar(None, cells.type), cells)
        rows = rows.set_column(rows.column_names.index(name), name, emptied)
    return Snapshot(snapshot.columns, rows, snapshot.key)


def _rates(spec: EstimatesSpec, evidence: Evidence) -> Rates:
    """Find the rates of answering; those of domains below the smallest group are left out."""
    if not (spec.dispositions or spec.cannot_judge):
        return Rates({}, {})
    named = dict.fromkeys((*spec.by, *spec.variables, *filter(None, [spec.dispositions])))
    texts = {name: texts_of(evidence.snapshot, name) for name in named}
    count = evidence.snapshot.rows.num_rows
    eligible = None if spec.eligible is None else Fraction(spec.eligible)
    request = RateRequest(spec.dispositions, eligible, spec.cannot_judge)
    found = find_rates(Cases(texts, [evidence.where] * count), request, spec.variables, by=spec.by)
    labels = zip(*(texts[name] for name in spec.by), strict=True) if spec.by else [()] * count
    sizes = Counter(labels)

    def is_large(by: By) -> bool:
        return sizes[tuple(text for _, text in by)] >= spec.smallest_group

    return Rates(
        {by: one for by, one in found.of_domain.items() if is_large(by)},
        {key: one for key, one in found.of_variable.items() if is_large(key[0])},
    )
