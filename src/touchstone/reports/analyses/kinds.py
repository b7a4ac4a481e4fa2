"""What analyses of a pack found, as plain records and as readers see it."""

from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Withheld
from touchstone.content.analyses.kinds import Analysis
from touchstone.reports.outcome_tables import SHOWN_DIGITS
from touchstone.reports.shown_tables import Shown
from touchstone.reports.words import Words
from touchstone.stats.forecasts.choices import KEPT

Record = dict[str, Any]
# Parts of records with hashes in them, which stay as they are to the last digit.
HASHED = (KEPT,)


def analysis_record(name: str, spec: Analysis, found: Any) -> Record:
    """Give an analysis as plain data: its name and kind, and what was found, or why nothing was.

    Figures have 6 significant digits, so that they are equal wherever they are computed again.
    """
    head: Record = {"analysis": name, "kind": spec.__struct_config__.tag}
    if isinstance(found, TouchstoneError):
        return head | {"fault": {"code": found.code, "where": found.where, "found": found.found}}
    if isinstance(found, Withheld):
        return head | {"withheld": found.reason, "details": dict(found.details)}
    record = _function(spec, "{kind}_record")(spec, found)
    rounded: Record = _rounded(record)
    return head | rounded | {name: record[name] for name in HASHED if name in record}


def show_analysis(spec: Analysis, found: Any, words: Words) -> Shown:
    """Give an analysis as readers see it; where nothing was found it is said why."""
    if isinstance(found, TouchstoneError):
        return Shown((words.text("analysis.fault", fault=str(found)),))
    if isinstance(found, Withheld):
        return Shown((words.withheld(found),))
    shown: Shown = _function(spec, "show_{kind}")(spec, found, words)
    return shown


def _function(spec: Analysis, name: str) -> Callable[..., Any]:
    """Load a function of the file that stands here for the kind of an analysis."""
    kind = spec.__struct_config__.tag
    found: Callable[..., Any] = resolve_name(f"{__package__}.{kind}:{name.format(kind=kind)}")
    return found


def _rounded(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _rounded(one) for name, one in part.items()}
    if isinstance(part, list | tuple):
        return [_rounded(one) for one in part]
    return float(f"{part:.{SHOWN_DIGITS}g}") if isinstance(part, float) else part
