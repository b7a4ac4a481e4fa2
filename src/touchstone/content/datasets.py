"""What a pack says of its evidence: columns, key, units, tree, survey design, history."""

from typing import Literal

import msgspec

ColumnType = Literal["text", "number", "yes_no"]


class ColumnSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One column that evidence must have.

    A number has at most `places` decimal places; a yes/no column holds Yes or No in any case;
    `low` and `high` bound a number, both included.
    """

    name: str
    kind: ColumnType
    places: int = 0
    unit: str = ""
    required: bool = False
    pattern: str = ""
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None


class LevelSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One level of the tree of units, top first: where its identifier and its name stand.

    `first` takes only the first so many characters of the identifying column. `prefix` is written
    before the identifier, so that identifiers of different levels cannot collide.
    `allows_spellings` takes the name that most rows give, where the source spells it in several
    ways; without it two names of one unit are a fault.
    """

    level: str
    column: str
    name: str
    first: int | None = None
    prefix: str = ""
    allows_spellings: bool = False


class DesignSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the rows were drawn: weight, strata and clusters in stage order, population sizes."""

    weight: str | None = None
    strata: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    fpc: tuple[str, ...] = ()


class HistorySpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One point of a unit's history: the period's label and the column that holds the value."""

    period: str
    column: str


class Dataset(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One kind of evidence that a pack knows how to read.

    `about` says whether a unit is an organisation or a person; results about persons are never
    put on public lists. `rater` is the column that tells answering people apart.
    """

    key: tuple[str, ...]
    unit: str
    about: Literal["organisations", "persons"]
    columns: tuple[ColumnSpec, ...]
    levels: tuple[LevelSpec, ...]
    design: DesignSpec = DesignSpec()
    rater: str | None = None
    source: str = ""
    origin: str = ""
    history: tuple[HistorySpec, ...] = ()

    def column(self, name: str) -> ColumnSpec | None:
        """Give the specification of a column, or None when the dataset has no such column."""
        return next((column for column in self.columns if column.name == name), None)
