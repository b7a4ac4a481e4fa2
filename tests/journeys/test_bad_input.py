"""Degenerate evidence through every command: a reason or an error with a code, never NaN."""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from touchstone.base.errors import TouchstoneError
from touchstone.cli.main import touchstone

Row = Callable[[int], str]


def rows(row: Row, count: int) -> str:
    return "".join(row(place) + "\n" for place in range(count))


def panel(value: Callable[[int, int], object], units: int, periods: int) -> str:
    """One row a unit and period; the first two units have the action in the second half."""

    def row(place: int) -> str:
        unit, period = divmod(place, periods)
        acts = unit < 2 and period >= periods // 2
        return f"u{unit},{2000 + period},{value(unit, period)},{int(acts)}"

    return rows(row, units * periods)


RATINGS = "r,d,y,g\n"
SAMPLE = "y,x,w,s,c,f,g\n"
ITEMS = "a,b,c\n"
AREAS = "a,e,s,x\n"
PLANKS = "p,y,s,t,i\n"
WAVES = "w,y,r,wt\n"
PANEL = "u,t,y,d\n"
SERIES = "t,y,x\n"
FILES: dict[str, dict[str, str]] = {
    "ratings": {
        "empty": RATINGS,
        "one unit": RATINGS + rows(lambda i: f"r{i},d1,{1 + i % 5},g", 20),
        "one rater": RATINGS + rows(lambda i: f"r1,d{i},{1 + i % 5},g", 20),
        "all equal": RATINGS + rows(lambda i: f"r{i % 5},d{i % 7},3,g", 40),
        "unconnected": RATINGS + rows(lambda i: f"r{i % 2 * 9},d{i % 3 + i % 2 * 9},{i % 5},g", 60),
        "only oneself": RATINGS + rows(lambda i: f"d{i % 4},d{i % 4},{1 + i % 5},g", 30),
        "no score": RATINGS + rows(lambda i: f"r{i % 3},d{i % 4},,g", 20),
        "one row": RATINGS + "r1,d1,3,g\n",
        "huge": RATINGS + rows(lambda i: f"r{i % 5},d{i % 7},{(-1) ** i * 10**11},g", 40),
    },
    "sample": {
        "empty": SAMPLE,
        "one row": SAMPLE + "1,2,1,a,c1,10,g\n",
        "all equal": SAMPLE + rows(lambda i: f"5,5,1,a,c{i},100,g", 12),
        "all missing": SAMPLE + rows(lambda i: f",,1,a,c{i},100,g", 12),
        "lone units": SAMPLE + rows(lambda i: f"{i},{i + 1},1,s{i},c{i},100,g", 6),
        "zero weights": SAMPLE + rows(lambda i: f"{i},{i},0,a,c{i},100,g", 6),
        "negative weights": SAMPLE + rows(lambda i: f"{i},{i},-1,a,c{i},100,g", 6),
        "huge weights": SAMPLE + rows(lambda i: f"{i},{i},{10**12 if i else 1},a,c{i},100,g", 12),
        "zero below the line": SAMPLE + rows(lambda i: f"{i},0,1,a,c{i},100,g", 12),
        "more than there are": SAMPLE + rows(lambda i: f"{i},1,1,a,c{i},2,g", 12),
    },
    "items": {
        "empty": ITEMS,
        "one row": ITEMS + "1,2,3\n",
        "all equal": ITEMS + rows(lambda _: "3,3,3", 20),
        "all missing": ITEMS + rows(lambda _: ",,", 20),
        "an item missing": ITEMS + rows(lambda i: f"{i % 5},{i * 2 % 5},", 20),
        "collinear": ITEMS + rows(lambda i: f"{i % 5},{2 * (i % 5)},{i % 3}", 30),
        "perfect": ITEMS + rows(lambda i: f"{i % 5},{i % 5},{i % 5}", 30),
        "a constant": ITEMS + rows(lambda i: f"{i % 5},1,{i % 3}", 30),
    },
    "areas": {
        "empty": AREAS,
        "one": AREAS + "A,1,0.5,1\n",
        "no error": AREAS + rows(lambda i: f"a{i},{i},0,{i}", 8),
        "all missing": AREAS + rows(lambda i: f"a{i},,,{i}", 8),
        "all equal": AREAS + rows(lambda i: f"a{i},3,1,{i}", 8),
        "a constant covariate": AREAS + rows(lambda i: f"a{i},{i % 4},1,2", 10),
        "negative errors": AREAS + rows(lambda i: f"a{i},{i},-1,{i}", 8),
        "twice": AREAS + "A,1,1,1\nA,2,1,2\nB,1,1,1\n",
    },
    "planks": {
        "empty": PLANKS,
        "one": PLANKS + "A,1,0.5,2,1\n",
        "no error": PLANKS + rows(lambda i: f"p{i},{i},0,5,1", 5),
        "all equal": PLANKS + rows(lambda i: f"p{i},3,1,3,1", 5),
        "all missing": PLANKS + rows(lambda i: f"p{i},,,,", 5),
        "no importance": PLANKS + rows(lambda i: f"p{i},{i},1,5,0", 5),
        "negative importance": PLANKS + rows(lambda i: f"p{i},{i},1,5,-1", 5),
    },
    "waves": {
        "empty": WAVES,
        "one wave": WAVES + rows(lambda i: f"2020,{i},r{i},1", 6),
        "all equal": WAVES + rows(lambda i: f"{2020 + i % 2},3,r{i // 2},1", 12),
        "all missing": WAVES + rows(lambda i: f"{2020 + i % 2},,r{i // 2},1", 12),
        "one answer a wave": WAVES + "2020,1,a,1\n2021,2,a,1\n",
        "zero weights": WAVES + rows(lambda i: f"{2020 + i % 2},{i},r{i // 2},0", 12),
    },
    "panel": {
        "empty": PANEL,
        "one row": PANEL + "u,2000,1,0\n",
        "all equal": PANEL + panel(lambda _u, _t: 3, 6, 6),
        "all missing": PANEL + panel(lambda _u, _t: "", 6, 6),
        "one period": PANEL + panel(lambda u, _t: u, 5, 1),
        "exact": PANEL + panel(lambda u, t: u + t, 8, 8),
        "huge": PANEL + panel(lambda u, t: 10**11 * (u * t % 2), 6, 6),
        "all with the action": PANEL + rows(lambda i: f"u{i // 4},{2000 + i % 4},{i},1", 16),
        "none with the action": PANEL + rows(lambda i: f"u{i // 4},{2000 + i % 4},{i},0", 16),
    },
    "series": {
        "empty": SERIES,
        "one period": SERIES + "2000,1,1\n",
        "all equal": SERIES + rows(lambda i: f"{2000 + i},5,{i + 1}", 10),
        "zero": SERIES + rows(lambda i: f"{2000 + i},0,{i}", 10),
        "negative": SERIES + rows(lambda i: f"{2000 + i},{-i},{i}", 10),
        "gaps": SERIES + "2000,1,1\n2002,2,2\n2005,3,3\n",
        "all missing": SERIES + rows(lambda i: f"{2000 + i},,", 6),
        "twice": SERIES + "2000,1,1\n2000,2,2\n",
        "exact": SERIES + rows(lambda i: f"{2000 + i},{2 * i + 1},{i + 1}", 12),
        "huge": SERIES + rows(lambda i: f"{2000 + i},{10**11 * (1 + i % 2)},{i + 1}", 12),
    },
}
RATED = "--rater r --ratee d --score y"
DRAWN = "--weight w --strata s --cluster c"
ACTED = "--unit u --time t --value y --treated d --draws 99"
COMMANDS = {
    "ratings": [
        *(f"rate {RATED} {more}" for more in ("", "--ml", "--group g", "--model ordinal")),
        f"rate {RATED} --group g --within-groups",
        f"agree {RATED} --draws 100 --target 0.8 --statistic krippendorff --statistic icc",
        f"agree {RATED} --statistic kappa --statistic fleiss --statistic generalizability",
    ],
    "sample": [
        *(
            f"estimate {DRAWN} {more}"
            for more in (
                "--mean y", "--total y", "--share y", "--ratio y/x", "--quantile y",
                "--mean y --by s --against a", "--mean y --fpc f", "--mean y --margins g:g=100",
                "--mean y --pps hartley-rao --fpc f",
                "--mean y --replicates bootstrap --replicate-count 20",
                *(f"--mean y --replicates {method}" for method in ("jk1", "jkn", "brr")),
                *(f"--mean y --lone-units {rule}" for rule in ("remove", "adjust", "average")),
                *(f"--share y --share-interval {kind}" for kind in ("logit", "beta", "t")),
            )
        ),
        *(
            f"calibrate --weight w --margins g:g=100 --method {method} {more}"
            for method in ("rake", "linear", "logit", "poststratify")
            for more in ("", "--margins s:a=10,b=5", "--bounds 0.9,1.1")
        ),
    ],
    "items": [
        "reliability --items a,b,c",
        "reliability --items a,b,c --missing complete",
        "drivers --outcome a --predictors b,c",
        "drivers --outcome a --predictors b,c --method shapley",
    ],
    "areas": [f"areas --area a --estimate e --se s{more}" for more in ("", " --covariates x")],
    "planks": ["shortfalls --plank p --performance y --se s --target t --importance i"],
    "waves": ["change --wave w --value y --respondent r", "change --wave w --value y --weight wt"],
    "panel": [f"effect {ACTED} --method {method}" for method in ("did", "event", "synthetic")],
    "series": [
        *(
            f"forecast --time t --value y --horizon 2 --method {method}"
            for method in ("naive", "ses", "holt", "damped", "gm11", "best")
        ),
        "forecast --time t --value y --driver x --method elasticity",
    ],
}  # fmt: skip


def figures_in(record: Any) -> Iterator[float]:
    """Give every number of a record."""
    if isinstance(record, dict):
        record = list(record.values())
    if isinstance(record, list):
        for part in record:
            yield from figures_in(part)
    elif isinstance(record, float):
        yield record


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, files in FILES.items() for name in files], ids=str
)
def test_a_command_gives_figures_reasons_or_an_error_with_a_code(kind, name, tmp_path):
    """No traceback, no warning, no NaN: finite figures, or an error that says what is wrong."""
    path = tmp_path / "table.csv"
    path.write_text(FILES[kind][name], "utf-8")
    for line in COMMANDS[kind]:
        command, *options = line.split()
        try:
            found = CliRunner().invoke(
                touchstone, [command, str(path), *options, "--json"], catch_exceptions=False
            )
        except TouchstoneError:
            continue
        assert found.exit_code == 0, (line, found.output)
        assert all(math.isfinite(one) for one in figures_in(json.loads(found.stdout))), line
