"""How rows were drawn: weights, strata, clusters and population sizes, in up to three stages."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import numpy as np

from touchstone.base.errors import TouchstoneError
from touchstone.tallies.design_sums import refuse_absent
from touchstone.tallies.keys import Keys, encode_keys, number_pairs, stored_integers
from touchstone.tallies.limbs import Integers
from touchstone.tallies.tables import Snapshot

MOST_STAGES = 3
ALL = Fraction(1)
NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of drawing: in which strata, which units, and out of how many.

    `strata` are the columns that make a stratum of this stage: the strata and units of all
    stages above, and the stage's own stratum. `cluster` tells the units of one stratum apart
    (none: each row is a unit). `fpc` is the column with the population size or fraction.
    """

    strata: tuple[str, ...]
    cluster: tuple[str, ...]
    fpc: str | None


@dataclass(frozen=True, slots=True)
class Design:
    """How rows were drawn, one column a stage and in stage order.

    `weight` says how many of the population a row stands for. `strata` are the strata of each
    stage, `clusters` its units, which are nested: equal names in two strata, or under two units,
    are two units. Where clusters end, one more stage may follow, whose units are the rows.

    `fpc` is the finite population correction of each stage: in a column that holds a number
    above 1, the units there are in the stratum; otherwise the fraction of them that was drawn.
    A stage without fpc is taken as drawn from very many units; then the stages below it add
    nothing to the variance, as their spread is already in that of the stage's totals.

    >>> Design(clusters=("district", "school"), fpc=("districts", "schools")).stages[1]
    Stage(strata=('district',), cluster=('school',), fpc='schools')
    """

    weight: str | None = None
    strata: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    fpc: tuple[str, ...] = ()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Give the stages, first to last; DESIGN-01 when they are too many or hang in the air."""
        count = max(1, len(self.clusters), len(self.strata), len(self.fpc))
        if count > min(MOST_STAGES, len(self.clusters) + 1):
            raise TouchstoneError(
                "DESIGN-01",
                where="the design",
                found=f"{count} stages with {len(self.clusters)} columns of clusters",
                remedy=f"Name the clusters of each stage but the last, at most {MOST_STAGES} "
                "stages, in stage order.",
            )
        found: list[Stage] = []
        above: tuple[str, ...] = ()
        for place in range(count):
            strata = above + self.strata[place : place + 1]
            cluster = self.clusters[place : place + 1]
            fpc = self.fpc[place] if place < len(self.fpc) else None
            found.append(Stage(strata, cluster, fpc))
            above = strata + cluster
        return tuple(found)


@dataclass(frozen=True, eq=False, slots=True)
class Drawing:
    """What one stage drew. All lists follow the sorted strata of the stage.

    `drawn`: units drawn in each stratum. `fractions`: their share of the units there are.
    `reached`: the chance that the drawing came to the stratum, the product of the fractions of
    the stages above. `strata`: the stratum of each row.
    """

    drawn: Integers
    fractions: list[Fraction]
    reached: list[Fraction]
    strata: Keys

    def variance_factors(self) -> list[Fraction]:
        """Give each stratum's factor g of Σ_h g_h (n_h Σz² − (Σz)²): reached·(1 − f)/(n − 1).

        It is 0 for a stratum with one unit, which tells nothing of the spread between units;
        see `is_lone`.
        """
        keys = list(zip(self.drawn.tolist(), self.fractions, self.reached, strict=True))
        known = {
            (n, fraction, reached): reached * (1 - fraction) / (n - 1) if n > 1 else NONE
            for n, fraction, reached in set(keys)
        }
        return [known[key] for key in keys]

    def is_lone(self, stratum: int) -> bool:
        """Tell whether a stratum's variance is not 0 but cannot be known: one unit of several."""
        not_all = self.fractions[stratum] < ALL and self.reached[stratum] > 0
        return int(self.drawn[stratum]) == 1 and not_all


def read_drawing(
    snapshot: Snapshot, stage: Stage, drawn: Integers, *, above: Drawing | None = None
) -> Drawing:
    """Find out of how many the units of one stage were drawn; `above` is the stage before it.

    `drawn` has the units drawn in each stratum, in the order of the strata's texts.

    Raises TouchstoneError DESIGN-02 for a row without population size or fraction, DESIGN-03
    when these differ within a stratum, DESIGN-04 for a population smaller than what was drawn
    from it, DESIGN-05 for a column that mixes sizes and fractions.
    """
    if stage.fpc is None and above is None:
        nowhere = Keys(np.zeros(0, np.int64), ())
        return Drawing(drawn, [NONE] * len(drawn), [ALL] * len(drawn), nowhere)
    strata = encode_keys(snapshot, stage.strata, keep_nulls=False)
    reached = [ALL] * len(drawn)
    if above is not None:
        places = above.strata.codes[first_rows(strata)].tolist()
        reached = [above.reached[place] * above.fractions[place] for place in places]
    fractions = [NONE] * len(drawn)
    if stage.fpc is not None and snapshot.rows.num_rows:
        fractions = _read_fractions(snapshot, stage, strata, drawn)
    return Drawing(drawn, fractions, reached, strata)


def units_drawn(snapshot: Snapshot, stage: Stage) -> Integers:
    """Count the units of each stratum of a stage; TALLY-05 for a row without stratum or unit."""
    for name in stage.strata + stage.cluster:
        refuse_absent(snapshot.rows.column(name), name)
    strata = encode_keys(snapshot, stage.strata, keep_nulls=False)
    if not stage.cluster:
        return np.bincount(strata.codes, minlength=len(strata.labels))
    clusters = encode_keys(snapshot, stage.cluster, keep_nulls=False)
    return np.bincount(number_pairs(strata, clusters)[1], minlength=len(strata.labels))


def name_stratum(stage: Stage, label: Sequence[str | None]) -> str:
    """Name a stratum by its columns and texts, for an error's place."""
    named = [f"{name} {text!r}" for name, text in zip(stage.strata, label, strict=True)]
    return "stratum " + ", ".join(named) if named else "the whole sample"


def first_rows(keys: Keys) -> Integers:
    """Give the first row of each code, for keys that every row has."""
    rows = np.zeros(len(keys.labels), np.int64)
    rows[keys.codes[::-1]] = np.arange(len(keys.codes))[::-1]
    return rows


def _read_fractions(
    snapshot: Snapshot, stage: Stage, strata: Keys, drawn: Integers
) -> list[Fraction]:
    name = cast(str, stage.fpc)
    unit = 10 ** snapshot.column(name).places
    sizes = _sizes_of_strata(snapshot, stage, strata)
    if (sizes <= unit).all():
        return [Fraction(size, unit) for size in sizes.tolist()]
    _refuse_mixture(snapshot, name, sizes)
    small = np.flatnonzero(sizes // unit < drawn)
    if len(small):
        place = int(small[0])
        raise TouchstoneError(
            "DESIGN-04",
            where=f"column {name!r}, {name_stratum(stage, strata.labels[place])}",
            found=f"{drawn[place]} units, drawn from {snapshot.decimal(name, int(sizes[place]))}",
            remedy="Give the number of units there are, not fewer than were drawn.",
        )
    pairs = zip(drawn.tolist(), sizes.tolist(), strict=True)
    return [Fraction(n * unit, size) for n, size in pairs]


def _sizes_of_strata(snapshot: Snapshot, stage: Stage, strata: Keys) -> Integers:
    """Give the stored population size or fraction of each stratum of a stage."""
    name = cast(str, stage.fpc)
    values = snapshot.rows.column(name)
    stored = stored_integers(values)[0]
    if values.null_count or int(stored.min()) <= 0:
        raise TouchstoneError(
            "DESIGN-02",
            where=f"column {name!r}",
            found="a row without a population size or fraction, or with one of 0 or less",
            remedy="Give each row the population size, or the fraction that was drawn.",
        )
    sizes = stored[first_rows(strata)]
    differing = np.flatnonzero(sizes[strata.codes] != stored)
    if len(differing):
        row = int(differing[0])
        code = int(strata.codes[row])
        first, other = (snapshot.decimal(name, int(size)) for size in (sizes[code], stored[row]))
        raise TouchstoneError(
            "DESIGN-03",
            where=f"column {name!r}, {name_stratum(stage, strata.labels[code])}",
            found=f"both {first} and {other}",
            remedy="Give all rows of a stratum the same population size or fraction.",
        )
    return sizes


def _refuse_mixture(snapshot: Snapshot, name: str, sizes: Integers) -> None:
    least, most = (snapshot.decimal(name, int(end)) for end in (sizes.min(), sizes.max()))
    if least < 1:
        raise TouchstoneError(
            "DESIGN-05",
            where=f"column {name!r}",
            found=f"both {most}, which is a population size, and {least}, which is a fraction",
            remedy="Give population sizes above 1 throughout, or fractions of at most 1.",
        )
