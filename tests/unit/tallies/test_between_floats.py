"""Figures worked out together equal the exact ones, one by one."""

from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest

from touchstone.tallies.between import between_sums
from touchstone.tallies.between_floats import mean_floats, total_floats
from touchstone.tallies.design_sums import DesignPlan
from touchstone.tallies.psu_sums import sum_design
from touchstone.tallies.tables import Column, Snapshot


def table_of(*, largest: int, heaviest: int, alike: bool = False):
    """Sum made-up rows of 5 domains, 4 strata and 3 clusters, values from −largest on."""
    chance = np.random.default_rng(largest)
    n = 400
    values = np.full(n, 7) if alike else chance.integers(-largest, largest + 1, n)
    gaps = chance.random(n) < 0.1
    table = {
        "d": pa.array(chance.integers(0, 5, n)),
        "s": pa.array(chance.integers(0, 4, n)),
        "c": pa.array(chance.integers(0, 3, n)),
        "w": pa.array(chance.integers(1, heaviest + 1, n)),
        "y": pa.array(values),
        "z": pa.array(values, mask=gaps),
    }
    columns = tuple(Column(name, "number") for name in table)
    plan = DesignPlan(("d",), ("s",), ("c",), "w", ("y", "z"))
    sums = sum_design(Snapshot(columns, pa.table(table), ()), plan)
    return between_sums(sums, [Fraction(1, 2)] * 4)


@pytest.mark.parametrize(("largest", "heaviest"), [(1, 1), (1000, 5000), (10**6, 10**6)])
def test_means_and_totals_equal_the_exact_ones(largest, heaviest):
    """Of one limb or two, figures and variances differ in their last places only."""
    table = table_of(largest=largest, heaviest=heaviest)
    mean, total = mean_floats(table), total_floats(table)
    assert mean is not None
    assert total is not None
    for variable, row in enumerate(table.cells):
        for domain, cell in enumerate(row):
            a, b = cell.ratio_variance()
            assert mean[0][variable, domain] == pytest.approx(cell.wy / cell.w, rel=1e-15)
            assert mean[1][variable, domain] == pytest.approx(a / b, rel=1e-14)
            a, b = cell.total_variance()
            assert total[0][variable, domain] == cell.wy
            assert total[1][variable, domain] == pytest.approx(a / b, rel=1e-14)


def test_equal_values_have_no_variance_at_all():
    """Numerators are exact, so that nothing is left where everything cancels."""
    found = mean_floats(table_of(largest=1, heaviest=10**6, alike=True))
    assert found is not None
    assert (found[1] == 0).all()


def test_sums_of_many_limbs_are_left_to_exact_cells():
    """What does not fit is not forced to."""
    assert mean_floats(table_of(largest=10**12, heaviest=10**9)) is None
