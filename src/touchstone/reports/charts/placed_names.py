"""Names beside the marks of a picture, so that none stands upon a mark or another name."""

from collections.abc import Sequence
from typing import NamedTuple

from touchstone.reports.charts.looks import CHINESE_FROM, Values, wrapped

NAME_LINE = 20
# In pixels: the picture, and the room between the axes of the narrowest.
HEIGHT, NARROWEST = 380, 290
# A line of a name and a letter in it, half a mark, how far a name stands beside and above its
# mark, and by how much it is shifted at a time.
LINE_HEIGHT, LETTER, MARK = 13, 5.5, 6
BESIDE, ABOVE, SHIFT = 8, 3, 5


def set_apart(values: Values, wide: list[float], high: list[float]) -> Values:
    """Give each plank the lines of its name, where the first stands, and on which side.

    `wide` and `high` are the ends of both axes. As names are as wide on a phone, they are set
    apart on a picture of that width, from the lowest mark up.
    """
    each_x, each_y = (wide[1] - wide[0]) / NARROWEST, (high[1] - high[0]) / HEIGHT
    places = [
        ((value["performance"] - wide[0]) / each_x, (value["importance"] - high[0]) / each_y)
        for value in values
    ]
    taken = [_Box(x - MARK, x + MARK, y - MARK, y + MARK) for x, y in places]
    found: Values = []
    for value, (x, y) in sorted(zip(values, places, strict=True), key=lambda one: one[1][1]):
        text = wrapped(value["name"], NAME_LINE)
        lines = [text] if isinstance(text, str) else text
        box = _free_box((x, y), lines, taken)
        taken.append(box)
        first = high[0] + (box.high - LINE_HEIGHT) * each_y
        place = {"at": round(first, 9), "lines": lines, "is_right": box.right < x}
        found.append({**value, **place})
    return found


def _free_box(mark: tuple[float, float], lines: Sequence[str], taken: Sequence["_Box"]) -> "_Box":
    """Find where a name covers nothing: as near to its mark as there is room, or upon others."""
    (x, y), tall = mark, LINE_HEIGHT * len(lines)
    long = max(map(_pixels, lines))
    sides = [(x + BESIDE, x + BESIDE + long), (x - BESIDE - long, x - BESIDE)]
    if x > NARROWEST / 2:
        sides.reverse()
    tried = [
        _Box(*side, foot, foot + tall)
        for shift in range(ABOVE, HEIGHT, SHIFT)
        for side in sides
        for foot in (y + shift, y - shift - tall)
    ]
    free = (box for box in tried if box.is_within and not any(map(box.meets, taken)))
    return next(free, tried[0])


class _Box(NamedTuple):
    """What a name or a mark covers, in pixels from the lower left."""

    left: float
    right: float
    low: float
    high: float

    @property
    def is_within(self) -> bool:
        """Whether it lies between the axes of the narrowest picture."""
        return min(self.left, self.low) >= 0 and self.right <= NARROWEST and self.high <= HEIGHT

    def meets(self, other: "_Box") -> bool:
        """Say whether both cover a place."""
        level = self.left < other.right and other.left < self.right
        return level and self.low < other.high and other.low < self.high


def _pixels(line: str) -> float:
    return LETTER * sum(2 if sign > CHINESE_FROM else 1 for sign in line)
