"""How far raters agree, and how many of them are enough."""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from touchstone.base.errors import TouchstoneError
from touchstone.base.outcomes import Outcome, Withheld
from touchstone.content.analyses.agreement import AgreementSpec, Statistic
from touchstone.loop.analyses.evidence import Evidence, too_few_rows
from touchstone.loop.analyses.rated_items import (
    RatedItem,
    RatedItems,
    facets_of,
    find_rated_items,
)
from touchstone.stats.agreement.intraclass import FORMS, intraclass_correlations
from touchstone.stats.agreement.kappas import agreement_weights, cohen_kappa, fleiss_kappa
from touchstone.stats.agreement.krippendorff import krippendorff_alpha
from touchstone.stats.agreement.ratings import CodedRatings, cross_table
from touchstone.stats.reliability.generalizability import (
    Decision,
    Generalizability,
    coefficient,
    study_facets,
)
from touchstone.stats.reliability.raters_needed import (
    Curve,
    RatersNeeded,
    curve_of_single,
    curve_of_study,
    raters_needed,
)

SINGLE_FORMS = ("icc1", "icc2", "icc3")
DECISIONS: tuple[Decision, ...] = ("relative", "absolute")
DOUBLED = "AGREE-01"


class Figure(NamedTuple):
    """One statistic of one item, or of all of them together."""

    statistic: str
    item: str | None
    outcome: Outcome


class Needed(NamedTuple):
    """How many raters one statistic asks for; the curve is None where there is no figure."""

    statistic: str
    item: str | None
    found: RatersNeeded | Withheld
    curve: Curve | None = None


class Agreement(NamedTuple):
    """How far raters agree; `study`: what generalizability coefficients were worked out from.

    `ratings`: how many there are; `left_out`: rows without a name. `items_left_out`: so many values
    of the column of items have too few ratings, or ratees, to be named.
    """

    ratings: int
    left_out: int
    figures: tuple[Figure, ...]
    study: Generalizability | Withheld | None
    needed: tuple[Needed, ...]
    items_left_out: int = 0


def find_agreement(spec: AgreementSpec, evidence: Evidence) -> Agreement:
    """Find how far raters agree on each item; see `stats.agreement` and `stats.reliability`.

    Figures are withheld as `too_few_rows` where they rest on fewer ratings than the smallest
    group, or on fewer ratees where these may be people; values of the column of items are left out
    then, as they may be somebody's. Raises TouchstoneError AGREE-01, AGREE-02.
    """
    try:
        read = find_rated_items(spec, evidence)
    except TouchstoneError as fault:
        raise _unnamed(fault, spec, evidence) from None
    spec = _with_statistics(spec, read)
    counts_ratees = not evidence.may_name(spec.ratee)
    figures: list[Figure] = []
    items_left_out = 0
    for one in read.items:
        ratees = len(one.ratings.ratee_names) if counts_ratees else None
        few = _few(spec, len(one.ratings.values), ratees)
        if few is not None and spec.item is not None:
            items_left_out += 1
            continue
        own = _figures(spec, one, are_words=read.are_words)
        figures += [figure if few is None else figure._replace(outcome=few) for figure in own]
    study = None
    if "generalizability" in spec.statistics:
        study = _study(spec, read, counts_ratees=counts_ratees)
        figures += _coefficients(spec, study)
    needed = () if spec.target is None else tuple(_needed(spec, figures, study))
    count = sum(len(one.ratings.values) for one in read.items)
    return Agreement(count, read.left_out, tuple(figures), study, needed, items_left_out)


def _with_statistics(spec: AgreementSpec, read: RatedItems) -> AgreementSpec:
    """Name the statistics that are given when none is asked for."""
    usual: tuple[Statistic, ...] = ("krippendorff", "icc")
    if read.are_words:
        usual = ("krippendorff", "fleiss")
    elif len(read.items) > 1:
        usual = (*usual, "generalizability")
    return spec if spec.statistics else replace(spec, statistics=usual)


def _few(spec: AgreementSpec, ratings: int, ratees: int | None) -> Withheld | None:
    """Say why there is no figure of so many ratings, and ratees where these may be people."""
    if min(ratings, ratings if ratees is None else ratees) >= spec.smallest_group:
        return None
    return too_few_rows(spec.smallest_group)


def _figures(spec: AgreementSpec, one: RatedItem, *, are_words: bool) -> Iterator[Figure]:
    ratings, confidence = one.ratings, float(spec.confidence)
    for statistic in spec.statistics:
        if statistic == "icc":
            yield from _forms(one, confidence, are_words=are_words)
        elif statistic == "krippendorff":
            outcome = _alpha(spec, ratings, are_words=are_words)
            yield Figure(f"alpha_{spec.level}", one.name, outcome)
        elif statistic == "kappa":
            outcome = _kappa(spec, ratings, are_words=are_words)
            yield Figure(f"kappa_{spec.weights}", one.name, outcome)
        elif statistic == "fleiss":
            yield Figure("fleiss", one.name, fleiss_kappa(ratings, confidence=confidence))


def _alpha(spec: AgreementSpec, ratings: CodedRatings, *, are_words: bool) -> Outcome:
    if are_words and spec.level != "nominal":
        return Withheld("scores_are_words")
    return krippendorff_alpha(
        ratings,
        spec.level,
        confidence=float(spec.confidence),
        draws=spec.draws,
        seed=spec.seed,
    )


def _forms(one: RatedItem, confidence: float, *, are_words: bool) -> list[Figure]:
    if are_words:
        return [Figure(form, one.name, Withheld("scores_are_words")) for form in FORMS]
    found = intraclass_correlations(one.ratings, confidence=confidence).forms
    return [Figure(form, one.name, outcome) for form, outcome in found.items()]


def _kappa(spec: AgreementSpec, ratings: CodedRatings, *, are_words: bool) -> Outcome:
    if are_words and spec.weights != "none":
        return Withheld("scores_are_words")
    if not len(ratings.values):
        return Withheld("nothing_rated_twice")
    if len(ratings.rater_names) != 2:
        return Withheld("not_two_raters", (("count", str(len(ratings.rater_names))),))
    weights = agreement_weights(ratings.scale, spec.weights)
    return cohen_kappa(cross_table(ratings), weights, confidence=float(spec.confidence))


def _study(
    spec: AgreementSpec, read: RatedItems, *, counts_ratees: bool
) -> Generalizability | Withheld:
    if read.are_words:
        return Withheld("scores_are_words")
    facets = facets_of(read)
    ratees = len(set(facets.codes["ratee"].tolist())) if counts_ratees else None
    few = _few(spec, len(facets.scores), ratees)
    return few or study_facets(facets.scores, facets.codes, facets.layout)


def _coefficients(spec: AgreementSpec, study: Generalizability | Withheld) -> Iterator[Figure]:
    for decision in DECISIONS:
        if isinstance(study, Withheld):
            yield Figure(decision, None, study)
        else:
            outcome = coefficient(study, decision, confidence=float(spec.confidence))
            yield Figure(decision, None, outcome)


def _needed(
    spec: AgreementSpec, figures: list[Figure], study: Generalizability | Withheld | None
) -> Iterator[Needed]:
    target = float(spec.target or 0)
    for statistic, item, outcome in figures:
        if statistic in SINGLE_FORMS:
            if isinstance(outcome, Withheld):
                yield Needed(statistic, item, outcome)
            else:
                curve = curve_of_single(outcome)
                yield Needed(statistic, item, raters_needed(curve, target), curve)
    for decision in () if study is None else DECISIONS:
        if isinstance(study, Withheld):
            yield Needed(decision, None, study)
        elif study is not None:
            curve = _curve(study, decision, float(spec.confidence))
            yield Needed(decision, None, raters_needed(curve, target), curve)


def _curve(study: Generalizability, decision: Decision, confidence: float) -> Curve:
    return curve_of_study(
        lambda raters: coefficient(study, decision, {"rater": raters}, confidence=confidence)
    )


def _unnamed(fault: TouchstoneError, spec: AgreementSpec, evidence: Evidence) -> TouchstoneError:
    """Take the names of who rated whom out of a fault, where they must not be told."""
    if fault.code != DOUBLED or evidence.named is None:
        return fault
    return TouchstoneError(
        DOUBLED,
        where=f"{evidence.where}, columns {spec.ratee!r} and {spec.rater!r}",
        found="somebody is rated twice by the same rater",
        remedy=fault.remedy,
    )
