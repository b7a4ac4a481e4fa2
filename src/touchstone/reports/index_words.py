"""A composite index in words: its steps and what varies, as sentences."""

from collections.abc import Iterable, Mapping

from touchstone.content.index_specs import IndexSpec, SensitivitySpec
from touchstone.content.schemes import Scheme, leaves
from touchstone.reports.words import Words

STEPS = ("impute", "treat", "normalise", "weights", "aggregate")


def index_in_words(scheme: Scheme, words: Words) -> list[str]:
    """Say in sentences how a scheme makes its index, step by step; nothing if it makes none."""
    spec = scheme.index
    if spec is None:
        return []
    count = len(leaves(scheme.criteria))
    told = [
        words.text("index.rule.whole", low=scheme.scale.low, high=scheme.scale.high, count=count)
    ]
    if spec.least_known:
        least = words.percent(round(spec.least_known * 1000), 1000)
        told.append(words.text("index.rule.screen", least=least))
    told.append(steps_in_words(step_methods(scheme, spec), words))
    varying = scheme.sensitivity
    if varying is not None:
        varied = words.enumerate(_varied(varying, words))
        told.append(words.text("index.rule.draws", draws=varying.draws, varied=varied))
    return told


def step_methods(scheme: Scheme, spec: IndexSpec) -> dict[str, str]:
    """Give the method of each step of a scheme's index; its mean where all groups state one."""
    stated = {scheme.aggregation, *(_aggregations(scheme))}
    is_one = spec.aggregate == "stated" and len(stated) == 1
    aggregate = scheme.aggregation if is_one else spec.aggregate
    own = {step: getattr(spec, step) for step in STEPS}
    return own | {"aggregate": aggregate}


def steps_in_words(methods: Mapping[str, str], words: Words) -> str:
    """Say in one line which method each step takes."""
    told = {step: words.text(f"index.{step}.{name}") for step, name in methods.items()}
    return words.text("index.note.steps", **told)


def varied_in_words(factors: Iterable[str], words: Words) -> str:
    """Name what varies."""
    return words.enumerate(words.text(f"index.step.{factor}") for factor in factors)


def _aggregations(scheme: Scheme) -> Iterable[str]:
    stack = list(scheme.criteria)
    while stack:
        criterion = stack.pop()
        if criterion.criteria:
            yield criterion.aggregation
            stack += criterion.criteria


def _varied(varying: SensitivitySpec, words: Words) -> list[str]:
    factors = [step for step in STEPS if len(getattr(varying, step)) > 1]
    factors += ["weight_noise"] if varying.weight_noise else []
    factors += ["errors"] if varying.errors else []
    return [words.text(f"index.step.{factor}") for factor in factors]
