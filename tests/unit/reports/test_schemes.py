"""A scheme in words: every rule of the scheme language has a sentence in every language."""

from decimal import Decimal

import pytest
from tests.unit.reports.cases import INDICATORS, SCHEME, TEXTS

from touchstone.content.indicators import Indicator
from touchstone.content.schemes import (
    Adjustment,
    Alternative,
    Band,
    Comparison,
    Criterion,
    Limit,
    Limiter,
    QuantileGroup,
    Scale,
    Scheme,
    Target,
)
from touchstone.content.texts import LANGUAGES
from touchstone.reports.schemes import scheme_in_words
from touchstone.reports.words import Words

TARGETS = {
    "more": Target(kind="more_is_better", value=Decimal(5), completion="capped"),
    "less": Target(kind="less_is_better", value=Decimal(5), completion="mirrored"),
    "linear": Target(
        kind="more_is_better", value=Decimal(5), completion="linear", start=Decimal(1)
    ),
    "free": Target(
        kind="more_is_better",
        value=Decimal(5),
        completion="proportional",
        highest=Decimal(120),
    ),
    "on": Target(kind="on_target", value=Decimal(5), tolerance=Decimal("0.5")),
    "exactly": Target(kind="on_target", value=Decimal(5)),
    "own": Target(kind="on_target", column="aim", tolerance=Decimal(1)),
    "band": Target(kind="band", low=Decimal(1), high=Decimal(2)),
    "floor": Target(kind="band", low=Decimal(1)),
    "yes": Target(kind="yes_no"),
    "no": Target(kind="yes_no", value=Decimal(0)),
    "rubric": Target(kind="rubric", levels={"1": Decimal(0), "2": Decimal(100)}),
}
EVERYTHING = Scheme(
    dataset="ratings",
    scale=Scale(low=Decimal(0), high=Decimal(100)),
    aggregation="geometric",
    missing="skip",
    criteria=(
        *(
            Criterion(id=name, indicator="rating", target=target)
            for name, target in TARGETS.items()
        ),
        Criterion(
            id="nested",
            aggregation="harmonic",
            standing=True,
            criteria=(
                Criterion(id="share", indicator="share"),
                Criterion(id="other", scheme="service"),
            ),
        ),
        Criterion(
            id="instead",
            indicator="inspected",
            target=Target(kind="more_is_better", column="aim"),
            otherwise=Alternative(indicator="rating", target=TARGETS["more"]),
        ),
    ),
    bonuses=(Adjustment(id="prize", indicator="rating", most=Decimal(3)),),
    deductions=(Adjustment(id="fine", indicator="rating"),),
    highest_bonus=Decimal(5),
    highest_deduction=Decimal(6),
    vetoes=(Limit(id="stop", indicator="rating", at_least=Decimal(1)),),
    caps=(Limit(id="ceiling", indicator="rating", at_most=Decimal(1), highest_grade="poor"),),
    limiters=(Limiter(id="two_weak", below=Decimal(40), highest_grade="poor"),),
    comparison=Comparison(by=("kind",), quantiles=QuantileGroup(of="size", parts=5)),
    grades=(Band(id="poor", start=Decimal(0), below=Decimal(50)), Band(id="good", start=50)),
    official="award",
)
NAMED = {
    **{f"criterion.{name}": f"Criterion {name}" for name in (*TARGETS, "nested", "share")},
    **{f"criterion.{name}": f"Criterion {name}" for name in ("other", "instead", "prize", "fine")},
    **{f"limit.{name}": f"limit {name}" for name in ("stop", "ceiling", "two_weak")},
    "indicator.share": "Answers",
    "column.kind": "Kind",
    "column.size": "Size",
}
SHARE = Indicator(dataset="ratings", kind="share", column="rating", counts_as_yes=(4, 5))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scheme_with_every_rule_can_be_said(language):
    """No rule of the scheme language is without words, in any language."""
    words = Words(language, {**TEXTS, **NAMED})
    sentences = scheme_in_words(EVERYTHING, {**INDICATORS, "share": SHARE}, words)
    said = "\n".join(sentences)
    for name in NAMED.values():
        assert name in said
    assert "{" not in said
    assert len(sentences) > len(TARGETS)


@pytest.mark.parametrize("missing", ["withhold", "skip", "zero"])
@pytest.mark.parametrize(
    "comparison",
    [None, Comparison(by=("kind",)), Comparison(quantiles=QuantileGroup(of="size", parts=3))],
)
def test_a_missing_rule_and_a_comparison_can_be_said(missing, comparison):
    """Each choice has its own sentence."""
    words = Words("en", {**TEXTS, **NAMED})
    fields = {name: getattr(SCHEME, name) for name in SCHEME.__struct_fields__}
    scheme = Scheme(**{**fields, "missing": missing, "comparison": comparison})
    sentences = scheme_in_words(scheme, INDICATORS, words)
    assert words.text(f"rule.missing_{missing}") in sentences
    assert sum("compared with each other" in sentence for sentence in sentences) == 1


def test_a_scheme_says_its_rules_in_their_order():
    """Scale, criteria, what is missing, limits, comparison, grades, rounding, official result."""
    sentences = scheme_in_words(SCHEME, INDICATORS, Words("en", TEXTS))
    assert sentences == [
        "The score runs from 0 to 100.",
        "It is the weighted mean of Service (weight 0.75), Inspection (weight 0.25).",
        (
            "Service: the mean of the answers to 'Rating from 0 to 10'; with fewer than 10 people "
            "there is no figure. Points in proportion, 100 for at least 8 and never more."
        ),
        "Inspection: a register fact, 'Inspected'. 100 points for yes, otherwise 0.",
        "Where a criterion has no measure, the result is withheld.",
        "Veto: the grade is 'Poor' when the town was not inspected.",
        "All towns are compared with each other.",
        (
            "Grades: Good: from 80, Fair: from 50, Poor: from 0. "
            "A grade is given only when the whole interval lies within it."
        ),
        "Intervals hold at 95 %. Figures are rounded at the very end, to 1 decimal place.",
        "The result is compared with the official one in the column 'official'.",
    ]
