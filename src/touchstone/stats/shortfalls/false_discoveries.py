"""Many tests at once: p values adjusted so that few of the findings are false."""

from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Control = Literal["benjamini_hochberg", "benjamini_yekutieli"]
CONTROLS: tuple[Control, ...] = ("benjamini_hochberg", "benjamini_yekutieli")


def adjusted_p_values(p: Floats, control: Control = "benjamini_hochberg") -> Floats:
    """Adjust p values so that among those up to q a share of at most q is false on average.

    Benjamini and Hochberg (1995) for tests that are independent or depend positively on each
    other; Benjamini and Yekutieli (2001) for any tests, at a price of about ln(tests) + 0.6.

    >>> adjusted_p_values(np.array([0.01, 0.04, 0.03])).round(9).tolist()
    [0.03, 0.04, 0.04]
    """
    count = len(p)
    order = np.argsort(p, kind="stable")
    factor = 1.0
    if control == "benjamini_yekutieli":
        factor = float((1 / np.arange(1, count + 1)).sum())
    steps = p[order] * (factor * count / np.arange(1, count + 1))
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1)
    return adjusted
