"""Agreement of raters: what holds for all tables, and what bad tables give."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import at_most

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Estimate, Withheld
from touchstone.stats.agreement.choices import LEVELS
from touchstone.stats.agreement.intraclass import FORMS, intraclass_correlations
from touchstone.stats.agreement.kappas import agreement_weights, cohen_kappa, fleiss_kappa
from touchstone.stats.agreement.krippendorff import krippendorff_alpha
from touchstone.stats.agreement.ratings import code_ratings, cross_table

tables = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=3, max_size=3),
    min_size=1,
    max_size=9,
)


def ratings_of(table):
    """Code a table [ratees, raters] of scores and gaps."""
    scores = np.array([[np.nan if cell is None else cell for cell in row] for row in table])
    ratees, raters = np.indices(scores.shape)
    return code_ratings(ratees.ravel(), raters.ravel(), scores.ravel())


def alpha_by_pairs(table, level):
    """Work alpha out from all pairs of ratings, as its definition reads."""
    rows = [[cell for cell in row if cell is not None] for row in table]
    rows = [row for row in rows if len(row) >= 2]
    every = [cell for row in rows for cell in row]
    n = len(every)
    count = {value: every.count(value) for value in sorted(set(every))}

    def apart(c, k):
        low, high = sorted((c, k))
        if level == "nominal":
            return float(c != k)
        if level == "ordinal":
            between = sum(times for value, times in count.items() if low <= value <= high)
            return (between - (count[c] + count[k]) / 2) ** 2
        if level == "interval":
            return (c - k) ** 2
        return ((c - k) / (c + k)) ** 2 if c + k else 0.0

    observed = sum(
        apart(row[i], row[j]) / (len(row) - 1)
        for row in rows
        for i in range(len(row))
        for j in range(len(row))
        if i != j
    )
    expected = sum(apart(c, k) * count[c] * count[k] for c in count for k in count if c != k) / (
        n - 1
    )
    return 1 - observed / expected


@given(tables, st.sampled_from(LEVELS))
@settings(deadline=None, max_examples=at_most(60))
def test_alpha_is_that_of_all_pairs(table, level):
    """Moments, ranks and patterns give what the definition gives, or a reason."""
    found = krippendorff_alpha(ratings_of(table), level, draws=100)
    if isinstance(found, Withheld):
        assert found.reason in {"nothing_rated_twice", "all_answers_equal", "answers_too_alike"}
    else:
        assert float(found.value) == pytest.approx(alpha_by_pairs(table, level), abs=1e-12)


@given(tables)
@settings(deadline=None, max_examples=at_most(60))
def test_no_table_of_ratings_gives_an_error_or_no_number(table):
    """Every statistic of every table is an estimate with finite ends, or a reason."""
    ratings = ratings_of(table)
    found = [fleiss_kappa(ratings), *intraclass_correlations(ratings).forms.values()]
    for outcome in found:
        assert isinstance(outcome, Withheld) or (
            outcome.low.is_finite() and outcome.high.is_finite() and outcome.value.is_finite()
        )


def test_the_same_seed_gives_the_same_interval():
    """A bootstrap is repeated by its seed."""
    ratings = ratings_of([[1, 2, 1], [2, 2, 3], [4, 4, 4], [1, 1, 3]])
    first = krippendorff_alpha(ratings, "ordinal", seed=7)
    assert krippendorff_alpha(ratings, "ordinal", seed=7) == first
    assert krippendorff_alpha(ratings, "ordinal", seed=8) != first


def test_ratees_that_all_got_the_same_tell_nothing_of_the_spread():
    """Each draw would give the same figure, which is no certainty."""
    found = krippendorff_alpha(ratings_of([[1, 2], [1, 2], [2, 1]]), "nominal")
    assert found == Withheld("answers_too_alike")


def test_a_negative_score_has_no_ratio_scale():
    """A ratio to a sum of 0 or less means nothing."""
    found = krippendorff_alpha(ratings_of([[-1, 2, 1], [2, 2, 3]]), "ratio")
    assert found == Withheld("negative_ratio_scale")


def test_a_rater_who_rates_a_ratee_twice_is_named():
    """Which of the ratings counts is for the giver to say."""
    with pytest.raises(TouchstoneError, match=r"'a'.*'x'.*AGREE-01"):
        code_ratings(["a", "a", "b"], ["x", "x", "x"], [1, 2, 3])


def test_full_agreement_is_one_and_the_fewer_ratees_the_less_sure():
    """Whatever the weights and the statistic."""
    for found in (fleiss_kappa(ratings_of([[1, 1], [2, 2]])),
                  krippendorff_alpha(ratings_of([[1, 1], [2, 2]]), "nominal")):  # fmt: skip
        assert (found.value, found.high, found.n, found.method) == (1, 1, 2, "full_agreement")
        assert float(found.low) == pytest.approx(0.025**0.5)
    table = np.diag([5.0, 7, 3])
    for weighting in ("none", "linear", "quadratic"):
        found = cohen_kappa(table, agreement_weights(np.array([1.0, 2, 4]), weighting))
        assert (found.value, found.high, found.n, found.method) == (1, 1, 15, "full_agreement")
        assert float(found.low) == pytest.approx(0.025 ** (1 / 15))


def test_kappa_takes_weights_of_ones_own_and_refuses_others():
    """Weights are agreement: 1 on the diagonal, from 0 to 1 elsewhere."""
    table = np.array([[8.0, 2], [1, 9]])
    own = np.array([[1.0, 0.5], [0.5, 1]])
    assert cohen_kappa(table, own).value == pytest.approx(cohen_kappa(table, np.eye(2)).value)
    for wrong in (np.zeros((2, 2)), np.array([[1.0, 2], [2, 1]]), np.eye(3)):
        with pytest.raises(ValueError, match="weights"):
            cohen_kappa(table, wrong)


def test_kappa_without_a_second_value_is_withheld():
    """Nothing can be expected of chance when there is one value."""
    assert cohen_kappa(np.array([[9.0]]), np.eye(1)) == Withheld("all_answers_equal")
    assert cohen_kappa(np.zeros((2, 2)), np.eye(2)) == Withheld("nothing_rated_twice")


def test_pairs_are_counted_where_both_raters_rated():
    """A ratee of one rater alone is left out; a third rater must be taken out first."""
    ratings = ratings_of([[1, 2, None], [2, None, 2], [2, 2, 2]])
    with pytest.raises(ValueError, match="two raters"):
        cross_table(ratings)
    two = ratings_of([[1, 2], [2, None], [2, 2]])
    assert cross_table(two).tolist() == [[0, 1], [0, 1]]


def test_bad_tables_have_their_reasons():
    """One ratee, one rater, equal answers, single ratings, no error."""
    reasons = {
        "one_ratee": [[1, 2, 3]],
        "all_answers_equal": [[1, 1, 1], [1, 1, 1]],
        "nothing_rated_twice": [[1, None, None], [None, 2, None]],
        "no_error_left": [[1, 1, 1], [2, 2, 2]],
        "ratees_not_told_apart": [[1, 2, 3], [3, 1, 2], [2, 3, 1]],
    }
    for reason, table in reasons.items():
        forms = intraclass_correlations(ratings_of(table)).forms
        assert set(forms.values()) == {Withheld(reason)}, reason
    alone = intraclass_correlations(code_ratings(["a", "b"], ["x", "x"], [1, 2])).forms
    assert set(alone.values()) == {Withheld("nothing_rated_twice")}


def test_a_mean_of_raters_is_more_reliable_than_one():
    """The forms of k step up those of one by Spearman and Brown."""
    found = intraclass_correlations(ratings_of([[1, 2, 1], [2, 2, 3], [4, 4, 4], [1, 1, 3]]))
    assert found.averaged == 3
    for form in FORMS[:3]:
        single, mean = (float(found.forms[name].value) for name in (form, f"{form}k"))
        assert mean == pytest.approx(3 * single / (1 + 2 * single))
        assert isinstance(found.forms[form], Estimate)
