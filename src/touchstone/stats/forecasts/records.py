"""Forecasts kept for later: one line each, with a hash, so that none can be bettered unseen."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from touchstone.base.canonical import canonical_json, content_hash
from touchstone.base.errors import TouchstoneError
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
    """Read lines of forecasts and check the hash of each.

    Raises TouchstoneError FORECAST-03 for a line that is no forecast, FORECAST-04 for one that
    was changed after it was written.
    """
    found = []
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            found.append(_read(line, f"{where}, line {number}"))
    return found


def _read(line: bytes, where: str) -> KeptForecast:
    try:
        record = json.loads(line)
        stated = record.pop("hash")
        if record["kind"] != KIND:
            raise ValueError(f"kind must be {KIND!r}; got {record['kind']!r}")
        kept = _kept(record)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise TouchstoneError(
            "FORECAST-03",
            where=where,
            found=f"no forecast this program wrote ({fault!r})",
            remedy="Give the file that `touchstone forecast --store` wrote.",
        ) from fault
    if content_hash(record) != stated:
        raise TouchstoneError(
            "FORECAST-04",
            where=where,
            found="a forecast that was changed after it was written",
            remedy="Take the file from where it was kept.",
        )
    return kept


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
