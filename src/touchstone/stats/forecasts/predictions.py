"""What a forecast says: a whole distribution, so that it can be scored when the value is there."""

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

import numpy as np
from scipy import special

from touchstone.stats.figures import rounded, significant
from touchstone.stats.model_figures import Ends

Family = Literal["normal", "t", "log_t", "quantiles"]
FAMILIES: tuple[Family, ...] = ("normal", "t", "log_t", "quantiles")
# Enough levels for the mean of their losses to be the integral to some parts in a thousand.
LEVELS = tuple(level / 200 for level in range(1, 200))
# As many digits as stay the same when a forecast is made again on another machine.
KEPT_DIGITS = 6
PLACES_OF_SCALE = 3
LARGEST_TOLD = 1e24
LARGEST_LOGARITHM = math.log(sys.float_info.max)


@dataclass(frozen=True, slots=True)
class Prediction:
    """A distribution of a future value.

    `normal`: mean `centre`, standard deviation `scale`. `t`: Student's t with `freedom` degrees,
    moved and stretched. `log_t`: the logarithm is such a t. `quantiles`: values at levels between
    0 and 1, straight lines between them; `centre` and `scale` are unused.
    """

    family: Family
    centre: float = 0.0
    scale: float = 0.0
    freedom: float = 0.0
    quantiles: tuple[tuple[float, float], ...] = ()

    @property
    def median(self) -> float:
        """The value that is as likely to be passed as not."""
        return self.quantile(0.5)

    def quantile(self, level: float) -> float:
        """Give the value that is not passed with a probability of `level`.

        Infinite where it is larger than floating-point numbers are.

        >>> round(Prediction("normal", 10.0, 2.0).quantile(0.975), 3)
        13.92
        """
        if self.family == "quantiles":
            levels, values = zip(*self.quantiles, strict=True)
            return float(np.interp(level, levels, values))
        if self.family == "normal":
            return self.centre + self.scale * float(special.ndtri(level))
        found = self.centre + self.scale * float(special.stdtrit(self.freedom, level))
        if self.family == "t":
            return found
        return math.exp(found) if found < LARGEST_LOGARITHM else math.inf

    def interval(self, confidence: float) -> Ends:
        """Give the ends of the middle that holds the value with the given confidence."""
        tail = (1 - confidence) / 2
        return self.quantile(tail), self.quantile(1 - tail)

    def is_bounded(self, confidence: float) -> bool:
        """Say whether the interval has a width, and ends that have no more than 24 digits."""
        ends = np.abs(self.interval(confidence))
        return bool((ends < LARGEST_TOLD).all()) and 0 < self.scale < math.inf

    def probability_at_least(self, bound: float) -> float:
        """Give the probability that the value reaches a bound.

        >>> Prediction("normal", 10.0, 2.0).probability_at_least(10)
        0.5
        """
        if self.family == "quantiles":
            levels, values = zip(*self.quantiles, strict=True)
            return 1 - float(np.interp(bound, values, levels, left=0.0, right=1.0))
        if self.family == "log_t" and bound <= 0:
            return 1.0
        place = math.log(bound) if self.family == "log_t" else bound
        standard = (place - self.centre) / self.scale
        if self.family == "normal":
            return float(special.ndtr(-standard))
        return float(special.stdtr(self.freedom, -standard))

    def as_kept(self) -> "Prediction":
        """Give the prediction with figures as short as they are kept.

        Six significant digits; the centre has more where a thousandth of the scale needs them.
        Quantiles stay as they were stated.

        >>> kept = Prediction("normal", 1412360123.4567, 2.0123456789).as_kept()
        >>> kept.centre, kept.scale
        (1412360123.457, 2.01235)
        """
        if self.family == "quantiles":
            return self
        centre, scale = Decimal(self.centre), kept_figure(self.scale)
        digits = KEPT_DIGITS - 1 - centre.adjusted() if self.centre else 0
        finest = PLACES_OF_SCALE - Decimal(scale).adjusted()
        return replace(self, centre=float(rounded(centre, max(digits, finest))), scale=scale)

    def as_record(self) -> dict[str, Any]:
        """Give the prediction as plain data."""
        if self.family == "quantiles":
            return {"family": self.family, "quantiles": [list(pair) for pair in self.quantiles]}
        record: dict[str, Any] = {
            "family": self.family, "centre": self.centre, "scale": self.scale,
        }  # fmt: skip
        return record if self.family == "normal" else record | {"freedom": self.freedom}


def kept_figure(figure: float) -> float:
    """Round a figure to as many significant digits as forecasts are kept with.

    >>> kept_figure(0.123456789)
    0.123457
    """
    return float(significant(Decimal(figure), KEPT_DIGITS))


def prediction_from(record: Mapping[str, Any]) -> Prediction:
    """Read a prediction from its plain data; ValueError when it is none.

    >>> prediction_from({"family": "normal", "centre": 1.0, "scale": 2.0}).scale
    2.0
    """
    family = record.get("family")
    try:
        if family == "quantiles":
            pairs = tuple((float(level), float(value)) for level, value in record["quantiles"])
            found = Prediction("quantiles", quantiles=pairs)
        elif family in FAMILIES:
            centre, scale = (float(record[name]) for name in ("centre", "scale"))
            found = Prediction(family, centre, scale, float(record.get("freedom", 0.0)))
        else:
            raise ValueError(f"family must be one of {FAMILIES}; got {family!r}")
    except (KeyError, TypeError) as fault:
        raise ValueError(f"no prediction of the family {family}: {fault!r}") from fault
    _refuse_impossible(found)
    return found


def continuous_ranked_score(prediction: Prediction, value: float) -> float:
    """Give the CRPS of a prediction when the value is there: 0 is best, in the value's unit.

    The integral of the squared distance between the stated distribution and the one that is sure
    of the value (Matheson and Winkler 1976; Gneiting and Raftery 2007); for a forecast without
    spread it is the absolute error. Closed forms for normal and t (Jordan, Krüger and Lerch
    2019); for the others twice the mean quantile loss over 199 levels, as a t on the logarithmic
    scale has no mean.

    >>> round(continuous_ranked_score(Prediction("normal", 0.0, 1.0), 0.0), 4)
    0.2337
    """
    if prediction.family == "normal":
        z = (value - prediction.centre) / prediction.scale
        inner = z * (2 * special.ndtr(z) - 1) + 2 * _normal_density(z) - 1 / math.sqrt(math.pi)
        return float(prediction.scale * inner)
    if prediction.family == "t":
        return prediction.scale * _score_of_t(
            (value - prediction.centre) / prediction.scale, prediction.freedom
        )
    losses = [
        (value - quantile) * (level - (value < quantile))
        for level, quantile in ((level, prediction.quantile(level)) for level in LEVELS)
    ]
    return 2 * float(np.mean(losses))


def brier_score(probability: float, *, happened: bool) -> float:
    """Give the squared distance of a probability from what happened (Brier 1950): 0 is best.

    >>> round(brier_score(0.7, happened=True), 2)
    0.09
    """
    return (probability - float(happened)) ** 2


def _score_of_t(z: float, freedom: float) -> float:
    density, below = _student_density(z, freedom), float(special.stdtr(freedom, z))
    spread = 2 * density * (freedom + z**2) / (freedom - 1)
    logarithm = special.betaln(0.5, freedom - 0.5) - 2 * special.betaln(0.5, freedom / 2)
    own = 2 * math.sqrt(freedom) / (freedom - 1) * math.exp(logarithm)
    return z * (2 * below - 1) + spread - own


def _refuse_impossible(prediction: Prediction) -> None:
    if prediction.family == "quantiles":
        levels = [level for level, _ in prediction.quantiles]
        values = [value for _, value in prediction.quantiles]
        rising = sorted(set(levels)) == levels and sorted(values) == values
        if len(levels) < 2 or not rising or levels[0] < 0 or levels[-1] > 1:
            raise ValueError("quantiles must be two or more, rising, with levels from 0 to 1")
        return
    if not (math.isfinite(prediction.centre) and 0 < prediction.scale < math.inf):
        raise ValueError(f"centre must be finite and scale above 0; got {prediction}")
    if prediction.family != "normal" and not prediction.freedom > 1:
        raise ValueError(f"freedom must be above 1; got {prediction.freedom}")


def _normal_density(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _student_density(z: float, freedom: float) -> float:
    scale = math.exp(-float(special.betaln(0.5, freedom / 2))) / math.sqrt(freedom)
    return float(scale * (1 + z * z / freedom) ** (-(freedom + 1) / 2))
