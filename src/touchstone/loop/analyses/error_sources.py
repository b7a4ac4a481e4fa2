"""Where errors of a sample's figures come from: the spread of its units, or replicate weights."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.stats.designs import Design
from touchstone.stats.sampling.choices import LoneUnits
from touchstone.stats.sampling.replicates import (
    Replicates,
    balanced,
    bootstrap,
    given_replicates,
    jackknife,
    usual_scale,
)
from touchstone.stats.sampling.samples import Floats, Sample
from touchstone.stats.sampling.unequal_chances import (
    ApproximatePairs,
    KnownPairs,
    PairForm,
    PairSpread,
    known_pairs,
)
from touchstone.stats.sampling.unit_spread import UnitSpread
from touchstone.stats.snapshot_columns import numbers_of
from touchstone.tallies.tables import Snapshot

Pairs = Mapping[tuple[str, str], float]


class ErrorRequest(NamedTuple):
    """How errors are to be found, beyond the spread of units of a plain design.

    `pps` says by which approximation units were drawn with unequal chances, `joint` how likely
    two units, by their texts in the first cluster column, were drawn together. `replicates` is
    the method of replicate weights, made or given in columns.
    """

    pps: str | None = None
    joint: Pairs | None = None
    pair_form: PairForm = "yates_grundy"
    replicates: str | None = None
    replicate_weights: tuple[str, ...] = ()
    replicate_count: int = 500
    seed: int = 1
    rho: float = 0.5
    scale: float | None = None
    scales: tuple[float, ...] = ()
    around_estimate: bool = False

    @property
    def is_plain(self) -> bool:
        """Tell that errors follow from strata, clusters and population sizes alone."""
        return not (self.pps or self.replicates or self.replicate_weights)


def spread_of(
    snapshot: Snapshot,
    design: Design,
    sample: Sample,
    request: ErrorRequest,
    *,
    lone_units: LoneUnits,
) -> UnitSpread | PairSpread:
    """Give the spread that linearisation takes errors from."""
    if request.pps in (None, "brewer"):
        return UnitSpread(sample, lone_units)
    if request.pps == "joint":
        pairs = _known_pairs(snapshot, design, sample, request.joint)
        return PairSpread(sample, pairs, request.pair_form)
    method = ApproximatePairs("hartley_rao" if request.pps == "hartley-rao" else "overton")
    return PairSpread(sample, method, request.pair_form)


def replicates_of(snapshot: Snapshot, sample: Sample, request: ErrorRequest) -> Replicates:
    """Make replicate weights, or take those that are given.

    Raises TouchstoneError DESIGN-09 where given ones are asked for without their columns, or
    without the method or scale that they were made by.
    """
    if request.replicate_weights:
        return _given(snapshot, sample, request)
    made: dict[str | None, Callable[[], Replicates]] = {
        "jk1": lambda: jackknife(sample, by_stratum=False),
        "jkn": lambda: jackknife(sample, by_stratum=True),
        "brr": lambda: balanced(sample),
        "fay": lambda: balanced(sample, rho=request.rho),
        "bootstrap": lambda: bootstrap(sample, count=request.replicate_count, seed=request.seed),
    }
    if request.replicates not in made:
        raise _unusable(f"the method {request.replicates!r}", "Name the columns of its weights.")
    return replace(made[request.replicates](), around_estimate=request.around_estimate)


def _given(snapshot: Snapshot, sample: Sample, request: ErrorRequest) -> Replicates:
    names = request.replicate_weights
    weights = np.column_stack([numbers_of(snapshot, name) for name in names])
    scale = request.scale
    if scale is None:
        if request.replicates is None:
            raise _unusable("neither method nor scale", "Say by which method they were made.")
        scale = usual_scale(request.replicates, len(names), rho=request.rho)
    scales: Floats | None = np.array(request.scales) if request.scales else None
    return given_replicates(
        sample.weights,
        weights,
        scale=scale,
        scales=scales,
        around_estimate=request.around_estimate,
    )


def _unusable(found: str, remedy: str) -> TouchstoneError:
    return TouchstoneError("DESIGN-09", where="replicate weights", found=found, remedy=remedy)


def _known_pairs(
    snapshot: Snapshot, design: Design, sample: Sample, joint: Pairs | None
) -> KnownPairs:
    """Give the chances of pairs to the units, whose texts stand in the first cluster column."""
    if joint is None or not design.clusters:
        raise TouchstoneError(
            "DESIGN-08",
            where="joint chances",
            found="no pairs, or no column of clusters that names their units",
            remedy="Give the chances of pairs and the first cluster column.",
        )
    texts = snapshot.rows.column(design.clusters[0]).to_pylist()
    unit_of = dict(zip(texts, sample.stages[0].unit.tolist(), strict=True))
    chances = {}
    for (one, other), chance in joint.items():
        if one not in unit_of or other not in unit_of:
            raise TouchstoneError(
                "DESIGN-08",
                where=f"units {one!r} and {other!r}",
                found="a unit that no row names",
                remedy="Name units as in the first cluster column.",
            )
        chances[unit_of[one], unit_of[other]] = chance
    return known_pairs(sample, chances)
