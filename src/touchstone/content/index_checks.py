"""Checks of a scheme that makes a composite index: its steps, its scales, what may vary."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import get_args

from touchstone.base.errors import TouchstoneError
from touchstone.content.criteria import walk_criteria
from touchstone.content.criterion_checks import check_number_named
from touchstone.content.dataset_checks import check_column_named
from touchstone.content.index_judgements import judged_weights, sibling_groups
from touchstone.content.index_specs import IndexSpec, SensitivitySpec
from touchstone.content.names import doubled, name_like
from touchstone.content.pack_parts import PackParts
from touchstone.content.schemes import Criterion, Scheme, leaves
from touchstone.stats.index.choices import (
    Aggregating,
    Imputation,
    Normalisation,
    TreatmentMethod,
    Weighting,
)

METHODS: dict[str, Sequence[str]] = {
    "impute": get_args(Imputation),
    "treat": get_args(TreatmentMethod),
    "normalise": get_args(Normalisation),
    "weights": get_args(Weighting),
    "aggregate": get_args(Aggregating),
}
JUDGED = ("pairs", "budgets")
BESIDE = (
    "vetoes",
    "caps",
    "limiters",
    "quotas",
    "bonuses",
    "deductions",
    "comparison",
    "official",
    "beside",
)
TRANSFORMING = ("winsorise_then_log", "winsorise_then_box_cox")
MOST_DRAWS = 1_000_000
ZERO, ONE = Decimal(0), Decimal(1)


def check_index(scheme: Scheme, parts: PackParts, *, where: str) -> Iterator[TouchstoneError]:
    """Find what contradicts itself, or the rest of the pack, in a scheme's index."""
    yield from _check_references(scheme, parts, where)
    spec = scheme.index
    if spec is None:
        yield from _check_without_index(scheme, where)
        return
    sensitivity = scheme.sensitivity or SensitivitySpec()
    yield from _check_methods(spec, sensitivity, where)
    yield from _check_own_methods(scheme, spec, sensitivity, where)
    yield from _check_numbers(spec, sensitivity, where)
    yield from _check_plainness(scheme, where)
    yield from _check_scalings(scheme, parts, where)
    yield from _check_stated(scheme, spec, sensitivity, where)
    yield from _check_groups(scheme, spec, sensitivity, parts, where)
    yield from _check_judgements(scheme, spec, where)


def _fault(code: str, where: str, found: str, remedy: str) -> TouchstoneError:
    return TouchstoneError(code, where=where, found=found, remedy=remedy)


def _check_references(scheme: Scheme, parts: PackParts, where: str) -> Iterator[TouchstoneError]:
    """An index compares all units at once, so that no other scheme can take its score."""
    for place, criterion in walk_criteria(scheme.criteria, where=where):
        other = parts.schemes.get(criterion.scheme or "")
        if other is not None and other.index is not None:
            yield _fault(
                "INDEX-32",
                f"{place}, 'scheme'",
                f"the scheme '{criterion.scheme}' makes an index",
                "Name a scheme that judges units one by one.",
            )


def _check_without_index(scheme: Scheme, where: str) -> Iterator[TouchstoneError]:
    """A scale, or a sensitivity, means nothing to a scheme that is no index."""
    scaled = [c.id for _, c in walk_criteria(scheme.criteria) if c.scaling is not None]
    told = [*(["sensitivity"] if scheme.sensitivity is not None else []), *scaled]
    for name in told[:1]:
        found = "'sensitivity' stands" if name == "sensitivity" else f"'{name}' has a 'scaling'"
        yield _fault(
            "INDEX-32",
            where,
            f"{found}, and the scheme makes no index",
            "Add a table [index], or take it out.",
        )


def _check_methods(
    spec: IndexSpec, sensitivity: SensitivitySpec, where: str
) -> Iterator[TouchstoneError]:
    own = [("index", key, (getattr(spec, key),)) for key in ("impute", "treat", "normalise")]
    varied = [("sensitivity", key, getattr(sensitivity, key)) for key in METHODS]
    for table, key, names in (*own, *varied):
        for name in names:
            if name not in METHODS[key]:
                yield _fault(
                    "INDEX-31",
                    f"{where}, '{table}', '{key}'",
                    f"there is no method '{name}'",
                    f"{name_like(name, METHODS[key])}.",
                )
        if doubled(names):
            yield _fault(
                "INDEX-31",
                f"{where}, '{table}', '{key}'",
                f"'{doubled(names)[0]}' stands more than once",
                "Name each method once.",
            )


def _check_own_methods(
    scheme: Scheme, spec: IndexSpec, sensitivity: SensitivitySpec, where: str
) -> Iterator[TouchstoneError]:
    """Draws without the index's own method would be draws around something else."""
    own = {key: {getattr(spec, key)} for key in METHODS}
    own["weights"] = {"given"} if spec.weights in JUDGED else {spec.weights}
    if spec.aggregate == "stated":
        own["aggregate"] |= {scheme.aggregation}
    for key, names in own.items():
        varied = getattr(sensitivity, key)
        if varied and not names & set(varied):
            yield _fault(
                "INDEX-31",
                f"{where}, 'sensitivity', '{key}'",
                f"the index's own method '{min(names)}' is not among them",
                "Add it, so that draws lie around the index.",
            )


def _check_numbers(
    spec: IndexSpec, sensitivity: SensitivitySpec, where: str
) -> Iterator[TouchstoneError]:
    rules = [
        ("index", "least_known", ZERO <= spec.least_known <= ONE, "a share from 0 to 1"),
        ("index", "least_nonzero", ZERO <= spec.least_nonzero <= ONE, "a share from 0 to 1"),
        ("index", "floor", spec.floor > ZERO, "a number above 0"),
        ("index", "highest_ratio", spec.highest_ratio >= ZERO, "a number of 0 or more"),
        (
            "sensitivity",
            "draws",
            1 <= sensitivity.draws <= MOST_DRAWS,
            f"a whole number from 1 to {MOST_DRAWS:,}",
        ),
        ("sensitivity", "seed", sensitivity.seed >= 0, "a whole number of 0 or more"),
        (
            "sensitivity",
            "confidence",
            ZERO < sensitivity.confidence < ONE,
            "a number between 0 and 1, such as 0.9",
        ),
        (
            "sensitivity",
            "weight_noise",
            ZERO <= sensitivity.weight_noise < ONE,
            "a share from 0 to below 1, such as 0.25",
        ),
    ]
    for table, key, is_right, wanted in rules:
        if not is_right:
            value = getattr(spec if table == "index" else sensitivity, key)
            yield _fault(
                "INDEX-33", f"{where}, '{table}', '{key}'", f"found {value}", f"Write {wanted}."
            )


def _check_plainness(scheme: Scheme, where: str) -> Iterator[TouchstoneError]:
    """An index is made of indicators and groups alone: no targets, limits or points beside it."""
    for place, criterion in walk_criteria(scheme.criteria, where=where):
        for key in ("target", "otherwise", "scheme", "standing"):
            if getattr(criterion, key):
                yield _fault(
                    "INDEX-32",
                    place,
                    f"'{key}' stands in a criterion of an index",
                    "Take it out; how an indicator comes onto the scale stands in 'scaling'.",
                )
        if criterion.criteria and criterion.scaling is not None:
            yield _fault(
                "INDEX-32", place, "a group has a 'scaling'", "Write it at the indicators within."
            )
    for key in BESIDE:
        if getattr(scheme, key):
            yield _fault(
                "INDEX-32",
                f"{where}, '{key}'",
                "an index has none",
                "Take it out, or make it part of another scheme.",
            )
    if scheme.missing == "zero":
        yield _fault(
            "INDEX-32",
            f"{where}, 'missing'",
            "an index has no zero to count for a missing figure",
            'Write "withhold" or "skip", or impute.',
        )


def _check_scalings(scheme: Scheme, parts: PackParts, where: str) -> Iterator[TouchstoneError]:
    for place, criterion in walk_criteria(scheme.criteria, where=where):
        scaling = criterion.scaling
        if scaling is None:
            continue
        for key in ("denominator", "error"):
            name = getattr(scaling, key)
            if name is not None:
                yield from check_number_named(
                    name, scheme, parts, where=f"{place}, 'scaling', '{key}'"
                )
        if scaling.per <= 0 or (scaling.per != 1 and scaling.denominator is None):
            yield _fault(
                "INDEX-33",
                f"{place}, 'scaling', 'per'",
                f"found {scaling.per}",
                "Write a number above 0, and the denominator that it goes with.",
            )
        worst, best = scaling.worst, scaling.best
        if worst is not None and best is not None:
            is_right = worst < best if scaling.better == "more" else worst > best
            if not is_right:
                yield _fault(
                    "INDEX-34",
                    f"{place}, 'scaling'",
                    f"the worst is {worst} and the best {best}, and {scaling.better} is better",
                    "Change them, or write better = as is meant.",
                )


def _check_stated(
    scheme: Scheme, spec: IndexSpec, sensitivity: SensitivitySpec, where: str
) -> Iterator[TouchstoneError]:
    """Goalposts, targets and the reference must be stated where a method needs them."""
    used = {spec.normalise, *sensitivity.normalise}
    treats = {spec.treat, *sensitivity.treat}
    for method, keys in (("goalposts", ("worst", "best")), ("distance_to_target", ("target",))):
        if method not in used:
            continue
        lacking = [c.id for c in leaves(scheme.criteria) if _lacks(c, keys)]
        if lacking:
            yield _fault(
                "INDEX-34",
                where,
                f"{method} is used, and '{lacking[0]}' does not state {' and '.join(keys)}",
                "Write it in the criterion's 'scaling', in the indicator's own unit.",
            )
        for treat in sorted(treats & set(TRANSFORMING)):
            yield _fault(
                "INDEX-10",
                where,
                f"{method} and {treat} are both used",
                "Treat outliers by winsorising only, or not at all, or normalise by min_max.",
            )
    if "distance_to_reference" in used and spec.reference is None:
        yield _fault(
            "INDEX-34",
            f"{where}, 'index'",
            "distance_to_reference is used, and no 'reference' is named",
            "Write reference = and the identifier of a unit.",
        )


def _lacks(criterion: Criterion, keys: Sequence[str]) -> bool:
    return any(getattr(criterion.scaling, key, None) is None for key in keys)


def _check_groups(
    scheme: Scheme,
    spec: IndexSpec,
    sensitivity: SensitivitySpec,
    parts: PackParts,
    where: str,
) -> Iterator[TouchstoneError]:
    dataset = parts.datasets.get(scheme.dataset)
    if dataset is not None and spec.groups is not None:
        place = f"{where}, 'index', 'groups'"
        codes = ("SCHEME-03", "SCHEME-06")
        yield from check_column_named(
            dataset, spec.groups, where=place, kinds=("text",), codes=codes
        )
    grouped = [name for name in (spec.impute, *sensitivity.impute) if name.startswith("group")]
    if grouped and spec.groups is None:
        yield _fault(
            "INDEX-34",
            f"{where}, 'index'",
            f"{grouped[0]} is used, and no 'groups' are named",
            "Write groups = and the text column that tells the groups apart.",
        )


def _check_judgements(scheme: Scheme, spec: IndexSpec, where: str) -> Iterator[TouchstoneError]:
    """What people judged must be there, whole, and about criteria of one group each."""
    for key in JUDGED:
        if getattr(spec, key) and spec.weights != key:
            yield _fault(
                "INDEX-32",
                f"{where}, 'index', '{key}'",
                f"they are not used, as weights are '{spec.weights}'",
                f'Write weights = "{key}", or take them out.',
            )
    if spec.weights not in JUDGED:
        return
    siblings = [{c.id for c in group} for _, group in sibling_groups(scheme)]
    known = set().union(*siblings)
    named = {name for budget in spec.budgets for name in budget}
    for pair in spec.pairs:
        named |= {pair.more, pair.less}
        if not any({pair.more, pair.less} <= group for group in siblings):
            yield _fault(
                "INDEX-05",
                f"{where}, 'index', 'pairs'",
                f"'{pair.more}' and '{pair.less}' do not stand in one group",
                "Compare criteria of one group.",
            )
    for name in sorted(named - known):
        yield _fault(
            "INDEX-32",
            f"{where}, 'index', '{spec.weights}'",
            f"there is no criterion '{name}'",
            f"{name_like(name, known)}.",
        )
    for name, group in sibling_groups(scheme):
        try:
            judged_weights([c.id for c in group], spec, where=f"{where}, '{name}'")
        except TouchstoneError as fault:
            yield fault
