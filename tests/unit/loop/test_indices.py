"""An index from measures: who stays, what is told, and what is refused."""

from decimal import Decimal

import msgspec
import pytest

from touchstone.base.errors import InputErrors, TouchstoneError
from touchstone.base.outcomes import Estimate, Withheld
from touchstone.content.index_specs import IndexSpec, Pair, Scaling, SensitivitySpec
from touchstone.content.indicators import Indicator
from touchstone.content.schemes import Band, Criterion, Scale, Scheme
from touchstone.loop.index_panels import find_panel, needed_scheme
from touchstone.loop.indices import make_index, measure_for_index
from touchstone.loop.measure import Measures

MISSING = Withheld("missing_value")
FIGURES = {
    "paved": [10, 40, 70, 100, 55],
    "accidents": [30, 20, 10, 0, 12],
    "content": [50, 60, 55, 80, None],
    "people": [1, 2, 1, 4, 1],
}


def outcome(figure, se):
    if figure is None:
        return MISSING
    value = Decimal(figure)
    error = Decimal(se) if se else None
    return Estimate(value, value, value, 9, "t" if se else "register", error)


def made_measures(figures=None, *, se=None, texts=None) -> Measures:
    """Make measures of five towns."""
    figures = figures or FIGURES
    count = len(figures["paved"])
    units = tuple("ABCDEFGH"[:count])
    return Measures(
        tallies=None,
        indicators={},
        units=units,
        names=tuple(f"Town {unit}" for unit in units),
        outcomes={
            name: tuple(outcome(one, (se or {}).get(name)) for one in column)
            for name, column in figures.items()
        },
        figures={},
        texts=texts or {},
    )


def scheme(index=None, sensitivity=None, **other) -> Scheme:
    """Make a scheme of two groups, one with a single indicator."""
    settings = {
        "dataset": "towns",
        "scale": Scale(low=Decimal(0), high=Decimal(100)),
        "criteria": (
            Criterion(
                id="roads",
                weight=Decimal(2),
                criteria=(
                    Criterion(id="paved", indicator="paved"),
                    Criterion(
                        id="accidents", indicator="accidents", scaling=Scaling(better="less")
                    ),
                ),
            ),
            Criterion(id="content", indicator="content"),
        ),
        "grades": (
            Band(id="weak", start=Decimal(0), below=Decimal(50)),
            Band(id="strong", start=Decimal(50)),
        ),
        "index": index or IndexSpec(),
        "sensitivity": sensitivity,
    }
    return Scheme(**(settings | other))


def test_an_index_by_hand():
    """Min-max, equal weights in the group, groups two to one; E lacks a figure."""
    found = make_index(made_measures(), scheme(), draws=0)
    scores = {unit.unit: unit.score for unit in found.units}
    # The ends are those of the units that stay: E plays no part.
    assert scores["A"] == 0
    assert scores["D"] == 100
    assert float(scores["B"]) == pytest.approx(100 / 3, abs=1e-4)
    assert [unit.unit for unit in found.units] == ["D", "C", "B", "A", "E"]
    assert [unit.place for unit in found.units] == [1, 2, 3, 4, None]
    assert found.units[-1].withheld == Withheld("missing_value", (("criterion", "content"),))
    assert found.units[0].grade == "strong"
    assert (found.draws, found.units[0].spread) == (0, None)
    assert sum(found.notes.weights[name] for name in ("paved", "accidents", "content")) == 1


def test_a_missing_indicator_may_be_skipped_or_filled():
    """Weights grow, or the median stands in; how many were filled is told."""
    skipped = make_index(made_measures(), scheme(missing="skip"), draws=0)
    filled = make_index(made_measures(), scheme(IndexSpec(impute="median")), draws=0)
    by_unit = {unit.unit: unit for unit in skipped.units}
    assert by_unit["E"].criteria["content"] is None
    assert by_unit["E"].score == by_unit["E"].criteria["roads"]
    assert {unit.unit: unit.imputed for unit in filled.units}["E"] == 1
    assert sum(unit.imputed for unit in skipped.units) == 0


def test_a_unit_with_too_little_data_is_withheld():
    """Two of three is less than 0.7; the reason tells no figure."""
    found = make_index(made_measures(), scheme(IndexSpec(least_known=Decimal("0.7"))), draws=0)
    assert found.units[-1].withheld == Withheld("too_little_known")
    nothing = {name: [None] * 5 for name in FIGURES}
    with pytest.raises(TouchstoneError, match="INDEX-11"):
        make_index(made_measures(nothing), scheme(IndexSpec(impute="mean")), draws=0)


def test_figures_and_errors_are_denominated_alike():
    """Ten per person is ten over one, and its error too."""
    criteria = (
        Criterion(
            id="paved",
            indicator="paved",
            scaling=Scaling(denominator="people", per=Decimal(10), error="accidents"),
        ),
    )
    found = find_panel(made_measures(), scheme(criteria=criteria)).panel
    assert found.values[:, 0].tolist() == [100, 200, 700, 250, 550]
    assert found.errors[:, 0].tolist() == [300, 100, 100, 0, 120]


def test_answers_bring_their_own_errors_into_the_draws():
    """Without an error the place holds; with one, neighbours change places."""
    varying = SensitivitySpec(draws=400, errors=True)
    still = make_index(made_measures(), scheme(sensitivity=varying, missing="skip"))
    moved = make_index(
        made_measures(se={"paved": 30, "content": 20}), scheme(sensitivity=varying, missing="skip")
    )
    assert all(unit.spread.place_low == unit.spread.place_high for unit in still.units)
    assert any(unit.spread.place_low < unit.spread.place_high for unit in moved.units)


def test_shares_sum_to_one_and_hold_the_interval():
    """For places and for grades."""
    varying = SensitivitySpec(
        draws=500,
        normalise=("min_max", "percentile"),
        aggregate=("arithmetic", "geometric"),
        weight_noise=Decimal("0.3"),
    )
    figures = FIGURES | {"accidents": [0, 20, 10, 30, 12]}
    found = make_index(made_measures(figures), scheme(sensitivity=varying))
    assert 0 < found.own_draws < 500
    assert found.varied == {
        "normalise": ("min_max", "percentile"),
        "aggregate": ("arithmetic", "geometric"),
        "weight_noise": (),
    }
    for unit in found.units[:4]:
        spread = unit.spread
        assert sum(spread.place_shares.values()) == pytest.approx(1)
        assert sum(spread.grade_shares.values()) == pytest.approx(1)
        assert spread.best <= unit.place <= spread.worst
        assert spread.place_low <= spread.place_median <= spread.place_high
        assert spread.low <= spread.high
    assert {one.factor for one in found.attributions} == set(found.varied)


def test_an_undecided_unit_has_no_grade():
    """The interval of its score reaches across the bound."""
    varying = SensitivitySpec(draws=300, weight_noise=Decimal("0.9"))
    figures = {"paved": [0, 100, 50], "accidents": [10, 0, 10], "content": [0, 100, 100]}
    found = make_index(made_measures(figures), scheme(sensitivity=varying))
    middle = next(unit for unit in found.units if unit.unit == "C")
    assert middle.grade is None
    assert set(middle.spread.grade_shares.values()) - {0.0, 1.0}


def test_copeland_has_no_scores_of_groups_and_no_bounds():
    """Nor are there weights by which one could be bounded."""
    varying = SensitivitySpec(draws=100, weight_noise=Decimal("0.2"))
    found = make_index(made_measures(), scheme(IndexSpec(aggregate="copeland"), varying))
    assert found.units[0].criteria["roads"] is None
    assert found.units[0].spread.best is None
    assert found.steps["aggregate"] == "copeland"


def test_people_weigh_by_pairs_or_budgets():
    """Their weights take the place of the criteria's."""
    pairs = (
        Pair(more="roads", less="content", times=Decimal(4)),
        Pair(more="accidents", less="paved", times=Decimal(1)),
    )
    found = make_index(made_measures(), scheme(IndexSpec(weights="pairs", pairs=pairs)), draws=0)
    assert found.notes.weights["roads"] == pytest.approx(0.8)
    assert found.notes.consistency == {"index": 0, "roads": 0}
    points = {"roads": 30, "content": 70, "paved": 50, "accidents": 50}
    budget = {name: Decimal(one) for name, one in points.items()}
    shared = IndexSpec(weights="budgets", budgets=(budget,))
    assert make_index(made_measures(), scheme(shared), draws=0).notes.weights["roads"] == 0.3


def test_weights_of_the_data_and_groups_of_units():
    """Entropy weighs by what differs; a group without a figure takes that of all."""
    spec = IndexSpec(weights="entropy", impute="group_median", groups="size")
    texts = {"size": ("s", "s", "l", "l", None)}
    found = make_index(made_measures(texts=texts), scheme(spec), draws=0)
    assert len([unit for unit in found.units if unit.score is not None]) == 5


def test_a_reference_must_be_among_the_units_that_stay():
    """E lacks a figure, Z is nobody."""
    spec = IndexSpec(normalise="distance_to_reference", reference="D")
    assert make_index(made_measures(), scheme(spec), draws=0).units[0].score == 100
    for name in ("E", "Z"):
        wrong = msgspec.structs.replace(spec, reference=name)
        with pytest.raises(TouchstoneError, match="INDEX-14"):
            make_index(made_measures(), scheme(wrong), draws=0)


def test_a_constant_indicator_is_named():
    """There is no spread to normalise by."""
    figures = FIGURES | {"accidents": [5] * 5}
    with pytest.raises(InputErrors, match=r"indicator 'accidents'.*INDEX-01"):
        make_index(made_measures(figures), scheme(), draws=0)


def test_a_single_unit_needs_goalposts():
    """With them it has a score and is first; without, every indicator is named."""
    figures = {"paved": [40], "accidents": [5], "content": [60]}
    with pytest.raises(InputErrors, match="INDEX-01"):
        make_index(made_measures(figures), scheme(), draws=0)
    posts = Scaling(worst=Decimal(0), best=Decimal(100))
    criteria = tuple(Criterion(id=name, indicator=name, scaling=posts) for name in figures)
    varying = SensitivitySpec(draws=50, weight_noise=Decimal("0.2"))
    found = make_index(
        made_measures(figures), scheme(IndexSpec(normalise="goalposts"), varying, criteria=criteria)
    )
    assert (float(found.units[0].score), found.units[0].place) == (35, 1)
    assert found.units[0].spread.place_shares == {1: 1.0}


def test_the_same_seed_gives_the_same_index():
    """Everything, down to the shares; another seed gives other draws."""
    varying = SensitivitySpec(draws=200, weight_noise=Decimal("0.4"), errors=True)
    measures = made_measures(se={"paved": 20})
    one, again = (make_index(measures, scheme(sensitivity=varying)) for _ in range(2))
    assert one == again
    other = msgspec.structs.replace(varying, seed=7)
    assert make_index(measures, scheme(sensitivity=other)) != one


def test_only_what_is_needed_is_measured():
    """Indicators, denominators, errors, and the column of the groups."""
    criteria = (
        Criterion(
            id="paved",
            indicator="paved",
            scaling=Scaling(denominator="people", error="paved_se"),
        ),
    )
    needed = needed_scheme(scheme(IndexSpec(groups="size"), criteria=criteria))
    assert [one.indicator for one in needed.criteria] == ["paved", "people", "paved_se"]
    assert needed.comparison.by == ("size",)


def test_a_scheme_without_an_index_is_refused():
    """It judges units one by one."""
    plain = msgspec.structs.replace(scheme(), index=None)
    with pytest.raises(TouchstoneError, match="INDEX-12"):
        measure_for_index(None, plain, dataset=None, indicators={"paved": Indicator})
    with pytest.raises(ValueError, match="index"):
        find_panel(made_measures(), plain)
