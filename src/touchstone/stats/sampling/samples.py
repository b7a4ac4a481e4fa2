"""Rows of a sample as arrays: their weights, and the units of each stage that they came from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from touchstone.base.errors import TouchstoneError
from touchstone.stats.designs import Design, Stage, name_stratum, read_drawing, units_drawn
from touchstone.stats.snapshot_columns import numbers_of
from touchstone.tallies.keys import encode_keys, number_pairs
from touchstone.tallies.limbs import Integers
from touchstone.tallies.plans import largest_weight
from touchstone.tallies.tables import Snapshot

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class DrawnStage:
    """What one stage drew, for R rows, U units and H strata.

    - `unit`: [R] the unit of each row. `stratum`: [U] the stratum of each unit.
    - `parent`: [H] the unit of the stage above in which a stratum lies; 0 at the first stage.
    - `drawn`: [H] units drawn there, over all rows. `chance`: [U] the chance with which a unit
      was drawn, 0 for one of very many. `left`: [H] the sum of 1 − chance over a stratum's units.
    - `reached`: [H] the chance that the drawing came to a stratum.
    - `name`: tells a stratum's name, for an error's place.
    """

    unit: Integers
    stratum: Integers
    parent: Integers
    drawn: Integers
    chance: Floats
    left: Floats
    reached: Floats
    name: Callable[[int], str]


@dataclass(frozen=True, eq=False, slots=True)
class Sample:
    """All rows of a sample: `weights` [R], and the stages that add to the sampling error."""

    weights: Floats
    stages: tuple[DrawnStage, ...]


def read_sample(snapshot: Snapshot, design: Design, *, by_chances: bool = False) -> Sample:
    """Read weights and stages of all rows of a snapshot.

    `by_chances`: the units of a first-stage stratum were drawn with unequal chances (PPS), and
    the first fpc column holds the chance of each. Without weight a row then weighs what follows
    from chances and later fractions; otherwise each row weighs 1.

    Raises TouchstoneError DESIGN-01 to DESIGN-05, DESIGN-07 for a chance that is missing, not
    above 0 and at most 1, or not the same in all rows of a unit, and TALLY-02, TALLY-03, TALLY-05.

    >>> import pyarrow as pa
    >>> from touchstone.tallies.tables import Column
    >>> rows = pa.table({"school": ["A", "A", "B"], "w": [2, 2, 3]})
    >>> answers = Snapshot((Column("school", "text"), Column("w", "number")), rows, ())
    >>> sample = read_sample(answers, Design("w", clusters=("school",)))
    >>> sample.weights.tolist(), sample.stages[0].unit.tolist(), sample.stages[0].drawn.tolist()
    ([2.0, 2.0, 3.0], [0, 0, 1], [2])
    """
    largest_weight(snapshot, design.weight)
    stages: list[DrawnStage] = []
    for stage in design.stages:
        unequal = by_chances and not stages
        above = stages[-1] if stages else None
        stages.append(_read_stage(snapshot, stage, above, with_chances=unequal))
        if stage.fpc is None:
            break
    if design.weight is not None:
        weights = numbers_of(snapshot, design.weight)
    elif by_chances:
        last = stages[-1]
        chance = last.chance * last.reached[last.stratum]
        weights = 1 / chance[last.unit]
    else:
        weights = np.ones(snapshot.rows.num_rows)
    return Sample(weights, tuple(stages))


def group_sums(codes: Integers, values: Floats, groups: int) -> Floats:
    """Add values up by the code of their group.

    >>> group_sums(np.array([0, 1, 0]), np.array([1.0, 2.0, 3.0]), 2).tolist()
    [4.0, 2.0]
    """
    return np.bincount(codes, values, groups).astype(np.float64, copy=False)


def _read_stage(
    snapshot: Snapshot, stage: Stage, above: DrawnStage | None, *, with_chances: bool
) -> DrawnStage:
    """Number the units and strata of one stage, and find with which chance units were drawn."""
    drawn = units_drawn(snapshot, stage)
    strata = encode_keys(snapshot, stage.strata, keep_nulls=False)
    unit, stratum = np.arange(len(strata.codes)), strata.codes
    if stage.cluster:
        clusters = encode_keys(snapshot, stage.cluster, keep_nulls=False)
        unit, stratum, _ = number_pairs(strata, clusters)
    if with_chances:
        chance = _chances_of_units(snapshot, stage.fpc, unit, len(stratum))
    else:
        drawing = read_drawing(snapshot, stage, drawn)
        chance = np.array([float(one) for one in drawing.fractions], np.float64)[stratum]
    parent, reached = np.zeros(len(drawn), np.int64), np.ones(len(drawn))
    if above is not None:
        parent[strata.codes] = above.unit
        reached = above.reached[above.stratum[parent]] * above.chance[parent]
    return DrawnStage(
        unit=unit,
        stratum=stratum,
        parent=parent,
        drawn=drawn,
        chance=chance,
        left=group_sums(stratum, 1 - chance, len(drawn)),
        reached=reached,
        name=lambda place: name_stratum(stage, strata.labels[place]),
    )


def _chances_of_units(snapshot: Snapshot, name: str | None, unit: Integers, units: int) -> Floats:
    """Give the chance of each unit, as its rows tell it."""
    if name is None:
        raise TouchstoneError(
            "DESIGN-07",
            where="the design",
            found="unequal chances without the column that holds them",
            remedy="Name the column with the chance of each unit as the first fpc.",
        )
    chances = numbers_of(snapshot, name)
    of_unit = np.full(units, np.nan)
    of_unit[unit] = chances
    is_bad = ~((chances > 0) & (chances <= 1)) | (of_unit[unit] != chances)
    if is_bad.any():
        row = int(np.flatnonzero(is_bad)[0])
        raise TouchstoneError(
            "DESIGN-07",
            where=f"column {name!r}",
            found="a unit without a chance, with one not above 0 and at most 1, or with several, "
            f"such as {chances[row]:g} and {of_unit[unit[row]]:g}",
            remedy="Give all rows of a unit the chance with which the unit was drawn.",
        )
    return of_unit
