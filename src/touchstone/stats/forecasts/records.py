"""Forecasts kept for later: one line each, with a hash, so that none can be bettered unseen."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from touchstone.base.canonical import canonical_json, content_hash
from touchstone.base.errors import TouchstoneError
from touchstone.stats.forecasts.choices import KEPT
from touchstone.stats.forecasts.predictions import Prediction, prediction_from

KIND = "touchstone.forecast/1"


@dataclass(frozen=True, slots=True)
class KeptForecast:
    """One forecast as it was issued.

    `issued`: the period it was made after; `target`: the one it is about, `horizon` steps later.
    `naive`: mean absolute change of the series known then, for scaled errors. `bound` and
    `probability`: that the value will be at least so much, when an event was asked for. `evidence`
    is the hash of the series it was made from.
    """

    series: str
    method: str
    issued: str
    target: str
    horizon: int
    prediction: Prediction
    naive: float
    evidence: str
    bound: float | None = None
    probability: float | None = None

    def as_record(self) -> dict[str, Any]:
        """Give the forecast as plain data with the hash of all the rest."""
        record: dict[str, Any] = {
            "kind": KIND,
            "series": self.series,
            "method": self.method,
            "issued": self.issued,
            "target": self.target,
            "horizon": self.horizon,
            "prediction": self.prediction.as_record(),
            "naive": self.naive,
            "evidence": self.evidence,
        }
        if self.bound is not None:
            record["event"] = {"at_least": self.bound, "probability": self.probability}
        return record | {"hash": content_hash(record)}


def write_forecasts(forecasts: Iterable[KeptForecast]) -> bytes:
    """Write forecasts as lines of canonical JSON.

    >>> kept = KeptForecast("y", "ses", "2003", "2004", 1, Prediction("normal", 5.0, 1.0), 1.0, "")
    >>> read_forecasts(write_forecasts([kept]), where="kept.jsonl") == [kept]
    True
    """
    return b"".join(canonical_json(one.as_record()) + b"\n" for one in forecasts)


def read_forecasts(content: bytes, *, where: str) -> list[KeptForecast]:
    """Read forecasts, from lines or from published analyses, and check the hash of each.

    Lines are those of `write_forecasts`. Published are the `analyses.json` of a results folder,
    and what `touchstone analyse --json` and `touchstone forecast --json` write.

    Raises TouchstoneError FORECAST-03 for what is no forecast, FORECAST-04 for one that was
    changed after it was written, FORECAST-07 for analyses without any.
    """
    published = _published(content)
    if published is None:
        lines = enumerate(content.splitlines(), start=1)
        return [_read(line, f"{where}, line {place}") for place, line in lines if line.strip()]
    records = [
        (record, f"{where}, {name}, forecast {place}")
        for name, kept in published
        for place, record in enumerate(kept, start=1)
    ]
    if not records:
        raise TouchstoneError(
            "FORECAST-07",
            where=where,
            found="no forecast",
            remedy="Give the analyses of a scheme or pack that asks for a forecast.",
        )
    return [_checked(record, where) for record, where in records]


def _published(content: bytes) -> list[tuple[str, list[Any]]] | None:
    """Find the kept forecasts of each analysis; None when the content is no such document."""
    try:
        document = _parsed(content)
    except ValueError:
        return None
    if not isinstance(document, dict) or not {"analyses", KEPT} & document.keys():
        return None
    analyses = document.get("analyses", [document])
    parts = analyses if isinstance(analyses, list) else []
    return [
        (str(part.get("analysis", "forecast")), part[KEPT])
        for part in parts
        if isinstance(part, dict) and isinstance(part.get(KEPT), list)
    ]


def _parsed(text: bytes) -> Any:
    """Read JSON; whole numbers may be larger than canonical JSON takes as whole numbers."""
    return json.loads(text, parse_int=float)


def _read(line: bytes, where: str) -> KeptForecast:
    try:
        record = _parsed(line)
    except ValueError as fault:
        raise _no_forecast(fault, where) from fault
    return _checked(record, where)


def _checked(record: Any, where: str) -> KeptForecast:
    """Make a forecast of its record when its hash fits."""
    try:
        rest = dict(record)
        stated = rest.pop("hash")
        if rest["kind"] != KIND:
            raise ValueError(f"kind must be {KIND!r}; got {rest['kind']!r}")
        kept = _kept(rest)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise _no_forecast(fault, where) from fault
    if content_hash(rest) != stated:
        raise TouchstoneError(
            "FORECAST-04",
            where=where,
            found="a forecast that was changed after it was written",
            remedy="Take the file from where it was kept.",
        )
    return kept


def _no_forecast(fault: Exception, where: str) -> TouchstoneError:
    return TouchstoneError(
        "FORECAST-03",
        where=where,
        found=f"no forecast this program wrote ({fault!r})",
        remedy="Give what `touchstone forecast --store` or a forecast among analyses wrote.",
    )


def _kept(record: Mapping[str, Any]) -> KeptForecast:
    event = record.get("event", {})
    texts = [str(record[name]) for name in ("series", "method", "issued", "target")]
    bound, probability = event.get("at_least"), event.get("probability")
    return KeptForecast(
        texts[0],
        texts[1],
        texts[2],
        texts[3],
        int(record["horizon"]),
        prediction_from(record["prediction"]),
        float(record["naive"]),
        str(record["evidence"]),
        None if bound is None else float(bound),
        None if probability is None else float(probability),
    )
