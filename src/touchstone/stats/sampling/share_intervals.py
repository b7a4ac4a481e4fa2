"""Intervals of shares under any design: by effective size, or on the logit scale."""

import numpy as np
from scipy import special

from touchstone.base.outcomes import Withheld
from touchstone.stats.model_figures import Ends, two_sided_t, two_sided_z


def wilson_ends(share: float, n_effective: float, *, confidence: float) -> Ends:
    """Give Wilson's interval (1927) with the effective number of people n/deff.

    >>> low, high = wilson_ends(0.75, 60, confidence=0.95)
    >>> round(low, 4), round(high, 4)
    (0.6277, 0.8422)
    """
    square = two_sided_z(confidence) ** 2
    middle = share + square / (2 * n_effective)
    inside = share * (1 - share) / n_effective + square / (4 * n_effective**2)
    half, whole = (square * inside) ** 0.5, 1 + square / n_effective
    low, high = (middle - half) / whole, (middle + half) / whole
    return 0.0 if share <= 0 else low, 1.0 if share >= 1 else high


def logit_ends_t(share: float, se: float, df: int, *, confidence: float) -> Ends | Withheld:
    """Give the interval that is symmetrical on the logit scale, with Student's t.

    The error of the logit is se/(p(1 − p)) by the delta method; `svyciprop` of the R package
    survey gives the same as `logit`. It has no ends where nobody or everybody is counted:
    Withheld as `share_at_end`.

    >>> low, high = logit_ends_t(0.8, 0.05, 30, confidence=0.95)
    >>> round(low, 4), round(high, 4)
    (0.6788, 0.8833)
    """
    if not 0 < share < 1:
        return Withheld("share_at_end")
    half = two_sided_t(confidence, df) * se / (share * (1 - share))
    middle = float(special.logit(share))
    return float(special.expit(middle - half)), float(special.expit(middle + half))


def beta_ends(share: float, se: float, sizes: tuple[int, int], *, confidence: float) -> Ends:
    """Give Clopper and Pearson's interval (1934) with Korn and Graubard's effective size (1998).

    `sizes` are the rows n and the degrees of freedom. The effective size p(1 − p)/se² is
    shortened by the squared ratio of Student's t with n − 1 and with the design's degrees of
    freedom; it is n where the share is 0 or 1 or has no error. `svyciprop` of the R package
    survey gives the same as `beta`, but that a ratio above 1, which a domain of few rows in a
    design of many units has, does not make it larger here.

    >>> low, high = beta_ends(0.5, 0.05, (101, 100), confidence=0.95)
    >>> round(low, 4), round(high, 4)
    (0.3983, 0.6017)
    """
    n, df = sizes
    size = share * (1 - share) / se**2 if se > 0 and 0 < share < 1 else float(n)
    if n > 1:
        ratio = two_sided_t(confidence, n - 1) / two_sided_t(confidence, df)
        size *= min(ratio, 1.0) ** 2
    tail, hits, misses = (1 - confidence) / 2, size * share, size * (1 - share)
    low = float(special.betaincinv(hits, misses + 1, tail)) if hits > 0 else 0.0
    high = float(special.betaincinv(hits + 1, misses, 1 - tail)) if misses > 0 else 1.0
    return low, high


def effective_share_size(share: float, n: int, deff: float | None) -> float:
    """Give n/deff, or n where the design effect is unknown or 0, as where the share is 0 or 1."""
    is_known = deff is not None and deff > 0 and np.isfinite(deff) and 0 < share < 1
    return n / deff if is_known and deff else float(n)
