"""Standard normal numbers from random bits, one from each 64 bits, inside compiled passes."""

import numpy as np
import numpy.typing as npt

from touchstone.stats.index.arrays import Floats
from touchstone.tallies.limbs import compiled

Bits = npt.NDArray[np.uint64]

LAYERS = 256
# Where the tail begins with 256 layers, and the area of each layer (Doornik 2005).
TAIL = 3.6541528853610088
AREA = 4.92867323399e-3
MANTISSA = 2.0**52
LAYER_BITS, SIGN_BIT = np.uint64(0xFF), np.uint64(0x100)
SHIFT, MANTISSA_BITS = np.uint64(9), np.uint64(2**52 - 1)
# Steps of splitmix64 (Steele, Lea and Flood 2014).
STEP, FIRST, SECOND = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)
BY_30, BY_27, BY_31, BY_11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
UNIT = 2.0**-53


def _layers() -> tuple[Bits, Floats, Floats]:
    """Give the layers' bounds for sure acceptance, their widths, and their heights."""
    sure, widths, heights = (np.zeros(LAYERS) for _ in range(3))
    edge = last = TAIL
    base = AREA / np.exp(-0.5 * TAIL**2)
    sure[0], widths[0], heights[0] = TAIL / base * MANTISSA, base / MANTISSA, 1.0
    widths[-1], heights[-1] = TAIL / MANTISSA, np.exp(-0.5 * TAIL**2)
    for layer in range(LAYERS - 2, 0, -1):
        edge = np.sqrt(-2 * np.log(AREA / edge + np.exp(-0.5 * edge**2)))
        sure[layer + 1] = edge / last * MANTISSA
        last = edge
        heights[layer], widths[layer] = np.exp(-0.5 * edge**2), edge / MANTISSA
    return sure.astype(np.uint64), widths, heights


SURE, WIDTHS, HEIGHTS = _layers()


@compiled
def normal_from(bits: np.uint64) -> np.float64:
    """Give the standard normal number that 64 random bits stand for.

    The ziggurat of Marsaglia and Tsang (2000) with 256 layers and 52 bits of mantissa; layer, sign
    and mantissa are separate bits (Doornik 2005). The one number in a hundred that needs more bits
    takes them from splitmix64, begun at its own.
    """
    layer = np.int64(bits & LAYER_BITS)
    mantissa = (bits >> SHIFT) & MANTISSA_BITS
    number = np.float64(mantissa) * WIDTHS[layer]
    if mantissa >= SURE[layer]:
        number = _settle(bits, layer, number)
    return np.float64(-number if bits & SIGN_BIT else number)


@compiled
def _settle(bits: np.uint64, layer: np.int64, number: np.float64) -> np.float64:
    """Give the number beyond a layer's sure part: taken, or another one in its place."""
    state = bits
    while True:
        state = state + STEP
        one = _uniform(state)
        if layer == 0:
            state = state + STEP
            beyond = -np.log1p(-one) / TAIL
            if -2 * np.log1p(-_uniform(state)) > beyond * beyond:
                return np.float64(TAIL + beyond)
            continue
        height = HEIGHTS[layer] + one * (HEIGHTS[layer - 1] - HEIGHTS[layer])
        if height < np.exp(-0.5 * number * number):
            return number
        state = state + STEP
        fresh = _mixed(state)
        layer = np.int64(fresh & LAYER_BITS)
        mantissa = (fresh >> SHIFT) & MANTISSA_BITS
        number = np.float64(mantissa) * WIDTHS[layer]
        if mantissa < SURE[layer]:
            return number


@compiled
def _mixed(state: np.uint64) -> np.uint64:
    mixed = (state ^ (state >> BY_30)) * FIRST
    mixed = (mixed ^ (mixed >> BY_27)) * SECOND
    return mixed ^ (mixed >> BY_31)


@compiled
def _uniform(state: np.uint64) -> np.float64:
    return np.float64(_mixed(state) >> BY_11) * UNIT


@compiled
def fill_normals(bits: Bits, normals: Floats) -> None:
    """Fill an array of numbers from an array of bits of the same length.

    >>> found = np.empty(2)
    >>> fill_normals(np.array([0, 2**63 + 256], np.uint64), found)
    >>> bool(found[0] == 0), bool(found[1] <= 0)
    (True, True)
    """
    for place in range(len(bits)):
        normals[place] = normal_from(bits[place])
