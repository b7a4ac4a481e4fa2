"""How reliable the sum of a scale's items is."""

import numpy as np

from touchstone.base.outcomes import Withheld
from touchstone.content.analyses.reliability import ReliabilitySpec
from touchstone.loop.analyses.evidence import Evidence, too_few_rows
from touchstone.stats.reliability.item_tables import sum_items, turn_items
from touchstone.stats.reliability.scales import ScaleReliability, scale_reliability
from touchstone.stats.snapshot_columns import numbers_of


def find_reliability(spec: ReliabilitySpec, evidence: Evidence) -> ScaleReliability:
    """Find a scale's reliability; every figure is withheld where the items say nothing.

    One row is one respondent; see `stats.reliability.scales`. Withheld as `too_few_rows` where
    fewer respondents than the smallest group answered an item.
    """
    answers = np.column_stack([numbers_of(evidence.snapshot, name) for name in spec.items])
    sums = sum_items(answers, spec.items, missing=spec.missing)
    if isinstance(sums, Withheld):
        return ScaleReliability(sums, sums, sums, (), ())
    found = scale_reliability(turn_items(sums, spec.turned), confidence=float(spec.confidence))
    if all(item.n >= spec.smallest_group for item in found.items):
        return found
    few = too_few_rows(spec.smallest_group)
    return ScaleReliability(few, few, few, (), ())
