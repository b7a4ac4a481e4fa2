"""Other packages that rake, each in a process of its own, where it is installed.

    PYTHON -m bench.raking_peers PEER ROWS.npz WEIGHTS.npy

PYTHON is any interpreter that has the peer; nothing of Touchstone is needed. The rows and targets
come in ROWS.npz, the weights go to WEIGHTS.npy, the seconds of each run to standard output.
"""

import importlib
import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

ROUNDS = 3
CLOSE = 1e-10
Margins = dict[str, tuple[Any, Any]]


def by_weightipy(margins: Margins) -> Callable[[], Any]:
    """Rake with weightipy, from weights of 1, to shares in percent."""
    weightipy = importlib.import_module("weightipy")
    pandas = importlib.import_module("pandas")
    rows = pandas.DataFrame({name: codes for name, (codes, _) in margins.items()})
    shares = {
        name: dict(enumerate((100 * targets / targets.sum()).tolist()))
        for name, (_, targets) in margins.items()
    }
    total = sum(targets.sum() for _, targets in margins.values()) / len(margins)

    def run() -> Any:
        scheme = weightipy.scheme_from_dict(shares, rim_params={"convcrit": CLOSE})
        return weightipy.weight_dataframe(rows, scheme)["weights"].to_numpy()

    return lambda: run() * total / len(rows)


def by_ipfn(margins: Margins) -> Callable[[], Any]:
    """Rake with ipfn, which works on a table of rows."""
    ipfn = importlib.import_module("ipfn.ipfn")
    pandas = importlib.import_module("pandas")
    names = list(margins)
    rows = pandas.DataFrame({name: codes for name, (codes, _) in margins.items()})
    aims = [
        pandas.Series(targets, index=pandas.Index(range(len(targets)), name=name))
        for name, (_, targets) in margins.items()
    ]

    def run() -> Any:
        table = rows.assign(total=1.0)
        fitted = ipfn.ipfn(table, aims, [[name] for name in names], convergence_rate=CLOSE)
        return fitted.iteration()["total"].to_numpy()

    return run


def by_samplics(margins: Margins) -> Callable[[], Any]:
    """Rake with samplics."""
    weighting = importlib.import_module("samplics.weighting")
    given = np.ones(len(next(iter(margins.values()))[0]))
    codes = {name: codes for name, (codes, _) in margins.items()}
    aims = {name: dict(enumerate(targets.tolist())) for name, (_, targets) in margins.items()}
    return lambda: weighting.SampleWeight().rake(
        given, margins=codes, control=aims, tol=CLOSE, ctrl_tol=CLOSE, max_iter=1000
    )


def by_svy(margins: Margins) -> Callable[[], Any]:
    """Rake with svy."""
    svy = importlib.import_module("svy")
    polars = importlib.import_module("polars")
    rows = polars.DataFrame({name: codes for name, (codes, _) in margins.items()})
    rows = rows.with_columns(w=polars.lit(1.0))
    aims = {name: dict(enumerate(targets.tolist())) for name, (_, targets) in margins.items()}
    sample = svy.Sample(rows, svy.Design(wgt="w"))

    def run() -> Any:
        raked = sample.weighting.rake(controls=aims, tol=CLOSE, max_iter=1000)
        return raked.data["rk_wgt"].to_numpy()

    return run


PEERS = {"weightipy": by_weightipy, "svy": by_svy, "ipfn": by_ipfn, "samplics": by_samplics}


def main() -> None:
    """Time one peer; print the seconds of each run, or that it is absent."""
    peer, source, target = sys.argv[1:]
    warnings.simplefilter("ignore")
    try:
        importlib.import_module(peer)
    except ImportError:
        print(json.dumps({"absent": peer}))
        return
    stored = np.load(source)
    names = sorted(name.removeprefix("codes_") for name in stored if name.startswith("codes_"))
    run = PEERS[peer]({name: (stored[f"codes_{name}"], stored[f"aims_{name}"]) for name in names})
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        weights = run()
        seconds.append(time.perf_counter() - begun)
    np.save(target, np.asarray(weights, np.float64))
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()
