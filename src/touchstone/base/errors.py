"""Errors that say where, what was found, and what to do, with a stable code."""

from collections.abc import Iterable

MOST_FAULTS_KEPT = 100


class TouchstoneError(Exception):
    """A fault in what was given to the program, which its giver can mend.

    >>> print(TouchstoneError("NUMBER-01", where="answers.csv, row 7, column 'y'",
    ...                       found="the text 'four'", remedy="Write a number such as 4."))
    answers.csv, row 7, column 'y': the text 'four'. Write a number such as 4. (NUMBER-01)
    """

    def __init__(self, code: str, *, where: str, found: str, remedy: str) -> None:
        super().__init__(code, where, found, remedy)
        self.code = code
        self.where = where
        self.found = found
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.where}: {self.found}. {self.remedy} ({self.code})"


class InputErrors(TouchstoneError):  # noqa: N818
    """Several faults found together, so that all can be mended in one go.

    The first hundred are kept; `total` counts them all.
    """

    def __init__(self, faults: Iterable[TouchstoneError], *, total: int | None = None) -> None:
        kept = tuple(faults)
        if not kept:
            raise ValueError("InputErrors needs at least one fault; got none")
        first = kept[0]
        super().__init__(first.code, where=first.where, found=first.found, remedy=first.remedy)
        self.faults = kept[:MOST_FAULTS_KEPT]
        self.total = len(kept) if total is None else total

    def __str__(self) -> str:
        lines = [str(fault) for fault in self.faults]
        if self.total > len(self.faults):
            lines.append(f"… and {self.total - len(self.faults)} more faults of these kinds.")
        return "\n".join(lines)
