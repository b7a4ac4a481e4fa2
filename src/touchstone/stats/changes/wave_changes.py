"""The change of a mean between two waves that share some respondents, from exact sums."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import NamedTuple

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Outcome, Withheld
from touchstone.stats.figures import EXACT
from touchstone.stats.intervals import t_interval

USUAL_CONFIDENCE = Decimal("0.95")
FEWEST_RESPONDENTS = 2


@dataclass(frozen=True, slots=True)
class WaveSums:
    """Sums over the answers of one wave: count, Σw, Σwy, Σw², Σw²y, Σw²y²."""

    n: int
    w: Decimal
    wy: Decimal
    ww: Decimal
    wwy: Decimal
    wwyy: Decimal

    @property
    def mean(self) -> Decimal:
        """The weighted mean."""
        return EXACT.divide(self.wy, self.w)


@dataclass(frozen=True, slots=True)
class OverlapSums:
    """Sums over respondents of both waves, 1 before and 2 after.

    Count, Σw₁w₂, Σw₁w₂y₁, Σw₁w₂y₂ and Σw₁w₂y₁y₂.
    """

    n: int = 0
    ww: Decimal = Decimal(0)
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)
    both: Decimal = Decimal(0)


class Change(NamedTuple):
    """A change between two waves: both means, the figure, and what the overlap does to its error.

    `overlap`: respondents of both waves. `covariance`: of the two means, above 0 when the same
    people answer alike. `se_apart`: the error that the change would have without the overlap.
    The last four are None where there is no figure; the overlap is where it must not be told.
    """

    before: str
    after: str
    outcome: Outcome
    overlap: int | None
    mean_before: Decimal | None = None
    mean_after: Decimal | None = None
    covariance: Decimal | None = None
    se_apart: Decimal | None = None


def wave_mean(sums: WaveSums, *, confidence: Decimal = USUAL_CONFIDENCE) -> Outcome:
    """Estimate the weighted mean of one wave.

    By linearisation (Woodruff 1971), with Student's t and n − 1 degrees of freedom, on the same
    assumptions as `wave_change`. Exact.

    Withheld as `empty_base`, `too_few_answers` or `all_answers_equal`.

    >>> found = wave_mean(WaveSums(3, *map(Decimal, (3, 6, 3, 6, 14))))     # 1, 2, 3
    >>> found.value, round(found.se, 4), round(found.high, 4)
    (Decimal('2'), Decimal('0.5774'), Decimal('4.4841'))
    """
    if not sums.w:
        return Withheld("empty_base")
    if sums.n < FEWEST_RESPONDENTS:
        return Withheld("too_few_answers", (("smallest", str(FEWEST_RESPONDENTS)),))
    with localcontext(EXACT):
        variance = Decimal(sums.n) / (sums.n - 1) * _squares(sums)
        if variance <= sums.mean**2 * Decimal("1e-40"):
            return Withheld("all_answers_equal")
        se = variance.sqrt()
    low, high = t_interval(sums.mean, se, sums.n - 1, confidence=confidence)
    return Estimate(sums.mean, low, high, sums.n, "linearised", se, sums.n - 1)


def wave_change(
    waves: tuple[str, str],
    sums: tuple[WaveSums, WaveSums],
    overlap: OverlapSums,
    *,
    confidence: Decimal = USUAL_CONFIDENCE,
) -> Change:
    """Estimate the change of a weighted mean from one wave to another.

    Var(change) = Var(before) + Var(after) − 2·Cov, each by linearisation (Woodruff 1971): with
    zᵢ = wᵢ(yᵢ − mean)/Σw in a wave and 0 in one without i, the variance is N/(N − 1) times the
    sum of (z₂ᵢ − z₁ᵢ)² over the N respondents of either wave, so that Cov comes from those of
    both alone (Kish 1965, section 12.4). The interval is Student's t with N − 1 degrees of
    freedom; n is N. Exact: all steps are sums of decimals, with roots of 50 digits.

    Assumes that respondents were drawn independently of each other with chances that the weights
    tell, and answered each wave once; for strata and clusters use `sampling.contrasts`. Respondents
    who stay may differ from those who leave, which no formula mends.

    Withheld as `empty_base`, `too_few_answers` or `answers_changed_alike`.

    >>> before = WaveSums(3, *map(Decimal, (3, 6, 3, 6, 14)))     # 1, 2, 3
    >>> after = WaveSums(3, *map(Decimal, (3, 10, 3, 10, 38)))    # 2, 3, 5
    >>> same = OverlapSums(3, *map(Decimal, (3, 6, 10, 23)))
    >>> found = wave_change(("2023", "2024"), (before, after), same)
    >>> round(found.outcome.value, 4), round(found.outcome.se, 4), round(found.se_apart, 4)
    (Decimal('1.3333'), Decimal('0.3333'), Decimal('1.0541'))
    """
    first, second = sums
    if not first.w or not second.w:
        return Change(*waves, Withheld("empty_base"), overlap.n)
    count = first.n + second.n - overlap.n
    if count < FEWEST_RESPONDENTS:
        few = Withheld("too_few_answers", (("smallest", str(FEWEST_RESPONDENTS)),))
        return Change(*waves, few, overlap.n)
    with localcontext(EXACT):
        factor = Decimal(count) / (count - 1)
        apart = factor * (_squares(first) + _squares(second))
        covariance = factor * _products(first, second, overlap)
        variance = apart - 2 * covariance
        value = second.mean - first.mean
        if variance <= apart * Decimal("1e-40"):
            return Change(*waves, Withheld("answers_changed_alike"), overlap.n)
        se, se_apart = variance.sqrt(), apart.sqrt()
    low, high = t_interval(value, se, count - 1, confidence=confidence)
    method = "panel_overlap" if overlap.n else "waves_apart"
    outcome = Estimate(value, low, high, count, method, se, count - 1)
    return Change(*waves, outcome, overlap.n, first.mean, second.mean, covariance, se_apart)


def changes_of_series(
    waves: Mapping[str, WaveSums],
    overlaps: Mapping[tuple[str, str], OverlapSums],
    pairs: Sequence[tuple[str, str]],
    *,
    breaks: Collection[str] = (),
    confidence: Decimal = USUAL_CONFIDENCE,
) -> tuple[Change, ...]:
    """Estimate the changes between pairs of waves, none of them across a break of the series.

    `waves` are in order of time; `breaks` names waves from which on something else was measured,
    such as after a changed question: a change from before one to it or later is Withheld as
    `series_break`. A pair without overlap sums has no respondent in common. Raises
    TouchstoneError CHANGE-01 for a wave that is not there.

    >>> one = WaveSums(3, *map(Decimal, (3, 6, 3, 6, 14)))
    >>> found = changes_of_series({"1": one, "2": one}, {}, [("1", "2")], breaks=["2"])
    >>> found[0].outcome
    Withheld(reason='series_break', details=(('wave', '2'),))
    """
    place = {name: one for one, name in enumerate(waves)}
    for name in (*breaks, *(name for pair in pairs for name in pair)):
        if name not in place:
            raise TouchstoneError(
                "CHANGE-01",
                where=f"wave {name!r}",
                found=f"no such wave; there are {', '.join(place)}",
                remedy="Write the wave as it stands in the table.",
            )
    found = []
    for pair in pairs:
        overlap = overlaps.get(pair, OverlapSums())
        ends = sorted(place[name] for name in pair)
        crossed = [name for name in breaks if ends[0] < place[name] <= ends[1]]
        if crossed:
            first = min(crossed, key=place.__getitem__)
            broken = Withheld("series_break", (("wave", first),))
            found.append(Change(*pair, broken, overlap.n))
        else:
            both = (waves[pair[0]], waves[pair[1]])
            found.append(wave_change(pair, both, overlap, confidence=confidence))
    return tuple(found)


def _squares(sums: WaveSums) -> Decimal:
    mean = sums.mean
    return (sums.wwyy - 2 * mean * sums.wwy + mean**2 * sums.ww) / sums.w**2


def _products(first: WaveSums, second: WaveSums, overlap: OverlapSums) -> Decimal:
    one, other = first.mean, second.mean
    total = overlap.both - one * overlap.after - other * overlap.before + one * other * overlap.ww
    return total / (first.w * second.w)
