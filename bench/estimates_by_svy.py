"""Means by domain with standard errors by the package svy, in a process of its own.

    PYTHON -m bench.estimates_by_svy ROWS.csv FIGURES.csv VARIABLE …

PYTHON is any interpreter that has svy; nothing of Touchstone is needed. The figures go to
FIGURES.csv, the seconds of each part to standard output.
"""

import importlib
import json
import sys
import time
from typing import Any


def measured(source: str, target: str, names: list[str]) -> dict[str, Any]:
    """Time the means of some variables, all in one call; write what was found."""
    svy = importlib.import_module("svy")
    polars = importlib.import_module("polars")
    rows = polars.read_csv(source)
    design = svy.Design(stratum="stratum", psu="cluster", wgt="w")
    sample = svy.Sample(rows.with_columns(polars.col("domain").cast(polars.Utf8)), design)
    begun, spent = time.perf_counter(), time.process_time()
    found = sample.estimation.mean(names, by="domain")
    seconds, processors = time.perf_counter() - begun, time.process_time() - spent
    figures = [one for variable in found for one in variable.estimates]
    polars.DataFrame(
        {
            "domain": [one.by_level[0] for one in figures],
            "variable": [one.y for one in figures],
            "value": [one.est for one in figures],
            "se": [one.se for one in figures],
        }
    ).write_csv(target)
    return {"version": svy.__version__, "seconds": seconds, "processors": processors}


def main() -> None:
    """Measure, or say that svy is absent."""
    try:
        importlib.import_module("svy")
    except ImportError:
        print(json.dumps({"absent": "svy"}))
        return
    print(json.dumps(measured(sys.argv[1], sys.argv[2], sys.argv[3:])))


if __name__ == "__main__":
    main()
