"""What measuring a thing can give: an estimate with its uncertainty, or a reason why not."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its standard error, interval, sample size and method.

    `se` is None for a figure that no sampling stands behind, such as a register fact.
    """

    value: Decimal
    low: Decimal
    high: Decimal
    n: int
    method: str
    se: Decimal | None = None
    degrees_of_freedom: int | None = None
    deff: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """No figure, for a reason that does not give the figure away.

    `reason` is a key of the text catalogue, such as `too_few_raters`; `details` fills its gaps.
    """

    reason: str
    details: tuple[tuple[str, str], ...] = ()


Outcome = Estimate | Withheld
