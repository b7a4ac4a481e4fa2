"""Figures of areas with few answers, as a pack asks for them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.content.analyses.estimates import EstimatesSpec
from touchstone.content.analyses.small_areas import SmallAreasSpec
from touchstone.loop.analyses.estimates import find_estimates
from touchstone.loop.analyses.evidence import Evidence, too_few_rows
from touchstone.stats.agreement.ratings import Levels
from touchstone.stats.small_areas import AreaFigure, Areas, SmallAreas, estimate_small_areas
from touchstone.stats.snapshot_columns import Floats, levels_of, numbers_of

FEW = "synthetic_few"


class _Told(NamedTuple):
    """What rows tell of one area: its direct mean with error, and the covariates' means.

    NaN where something is not known or not told. `is_small`: too few rows for a direct mean.
    `withheld`: why no figure may be given at all.
    """

    figures: tuple[float, ...]
    is_small: bool
    withheld: Withheld | None


class FoundAreas(NamedTuple):
    """The areas' figures with their model, and how many small areas are left out."""

    areas: SmallAreas
    left_out: int = 0


def find_small_areas(spec: SmallAreasSpec, evidence: Evidence) -> FoundAreas | Withheld:
    """Draw areas' direct estimates towards what covariates tell; see `stats.small_areas`.

    Where rows are answers, an area's direct mean follows the dataset's design. On fewer rows than
    the smallest group it is not used and not told: the area gets a synthetic figure, with the
    method `synthetic_few`. A covariate's mean on so few rows is used only where the column is
    equal within every area, as then it tells of areas and not of who answered; such an area is
    else withheld as `too_few_rows`. An area whose rows have no spread is withheld as
    `no_spread_within`, as 0 would say that its mean is known.

    Where areas may be people, those with fewer rows than the smallest group are left out, and
    rows that are areas are withheld as `may_be_people`. Raises TouchstoneError AREA-01 to
    AREA-04, and as `stats.estimates.estimate`.
    """
    areas = levels_of(evidence.snapshot, spec.area)
    if (areas.codes < 0).any():
        raise TouchstoneError(
            "AREA-04",
            where=f"{evidence.where}, column {spec.area!r}",
            found="a row without the name of an area",
            remedy="Name the area, or take the row out.",
        )
    if spec.value is not None:
        found = _of_rows(spec, evidence, areas)
        return FoundAreas(found) if evidence.may_name(spec.area) else _large(spec, areas, found)
    if not evidence.may_name(spec.area):
        return Withheld("may_be_people")
    return FoundAreas(_of_areas(spec, evidence, areas))


def _large(spec: SmallAreasSpec, areas: Levels, found: SmallAreas) -> FoundAreas:
    """Leave out areas of few rows, as they may be people."""
    counts = np.bincount(areas.codes, minlength=len(areas.names)).tolist()
    figures = tuple(
        figure
        for figure, count in zip(found.figures, counts, strict=True)
        if count >= spec.smallest_group
    )
    return FoundAreas(replace(found, figures=figures), len(counts) - len(figures))


def _of_areas(spec: SmallAreasSpec, evidence: Evidence, areas: Levels) -> SmallAreas:
    """Take each row as an area; two rows of one area are AREA-01."""
    order = np.argsort(areas.codes, kind="stable")
    given = [str(spec.estimate), str(spec.se), *spec.covariates]
    columns = [numbers_of(evidence.snapshot, name)[order] for name in given]
    names = tuple(areas.names[code] for code in areas.codes[order].tolist())
    return _estimated(spec, names, columns)


def _estimated(spec: SmallAreasSpec, names: tuple[str, ...], columns: list[Floats]) -> SmallAreas:
    estimates, errors, *given = columns
    table = np.column_stack(given) if given else np.zeros((len(names), 0))
    areas = Areas(names, estimates, errors, table, spec.covariates)
    return estimate_small_areas(areas, confidence=float(spec.confidence))


def _of_rows(spec: SmallAreasSpec, evidence: Evidence, areas: Levels) -> SmallAreas:
    """Make direct means of rows, and say of each area without one why it has none."""
    means = _means(spec, evidence)
    plain = [_is_of_areas(numbers_of(evidence.snapshot, one), areas) for one in spec.covariates]
    told = [_told(means[name], plain, smallest=spec.smallest_group) for name in areas.names]
    columns = list(np.array([one.figures for one in told], np.float64).T)
    found = _estimated(spec, areas.names, columns)
    named = (_named(figure, one) for figure, one in zip(found.figures, told, strict=True))
    return replace(found, figures=tuple(named))


def _told(means: Sequence[Outcome], plain: Sequence[bool], *, smallest: int) -> _Told:
    """Take what may be used of an area's means: that of the value, then those of covariates."""
    direct, *others = means
    withheld: Withheld | None = None
    figures = [np.nan, np.nan]
    is_small = isinstance(direct, Estimate) and direct.n < smallest
    if isinstance(direct, Estimate) and not is_small:
        if direct.se == 0 and direct.method != "census":
            withheld = Withheld("no_spread_within")
        else:
            figures = [float(direct.value), float(direct.se or 0)]
    for one, is_plain in zip(others, plain, strict=True):
        is_usable = isinstance(one, Estimate) and (is_plain or one.n >= smallest)
        if isinstance(one, Estimate) and not is_usable:
            withheld = too_few_rows(smallest)
        figures.append(float(one.value) if isinstance(one, Estimate) and is_usable else np.nan)
    return _Told(tuple(figures), is_small, withheld)


def _means(spec: SmallAreasSpec, evidence: Evidence) -> dict[str, list[Outcome]]:
    """Give each area its means by the design, whatever they rest on."""
    asked = EstimatesSpec(
        statistic="mean",
        variables=(str(spec.value), *spec.covariates),
        by=(spec.area,),
        confidence=spec.confidence,
        smallest_group=0,
    )
    found: dict[str, list[Outcome]] = {}
    for figure in find_estimates(asked, evidence).figures:
        found.setdefault(figure.by[0][1], []).append(figure.outcome)
    return found


def _is_of_areas(values: Floats, areas: Levels) -> bool:
    """Say whether a column is equal within every area."""
    known = np.isfinite(values)
    lowest = np.full(len(areas.names), np.inf)
    highest = -lowest
    np.minimum.at(lowest, areas.codes[known], values[known])
    np.maximum.at(highest, areas.codes[known], values[known])
    return bool((highest <= lowest).all())


def _named(figure: AreaFigure, told: _Told) -> AreaFigure:
    """Say of an area without a direct mean why, and how its figure was made."""
    if told.withheld is not None:
        return AreaFigure(figure.name, told.withheld, None, None, 0.0, None)
    if told.is_small and isinstance(figure.outcome, Estimate):
        return figure._replace(outcome=replace(figure.outcome, method=FEW))
    return figure
