"""The audit of what was published: can a protected number be worked out, exactly or too closely?"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from scipy import sparse

from touchstone.stats.disclosure.attacks import TOLERANCE, Cluster, attack
from touchstone.stats.disclosure.knowledge import (
    Exposure,
    Knowledge,
    Number,
    Secret,
    Statement,
    Unknown,
)
from touchstone.stats.disclosure.ranges import Narrowed, narrowed

DIGITS = 6


def exposures_in(
    knowledge: Knowledge, secrets: Sequence[Secret], *, narrow: Narrowed | None = None
) -> tuple[Exposure, ...]:
    """List the secrets whose range is narrower than it must be, in the order given.

    The attacker knows every statement, and no more. For each secret the smallest and the largest
    value that fits all statements is sought: exactly, with whole numbers and fractions, where
    statements form no cycle; else by linear programming within 1e-6 of the least width. A whole
    number must leave two whole values besides. Where everybody knows beforehand that a number
    lies in a narrower range than its least width, that range must be left whole. `narrow` saves
    narrowing the same knowledge twice.

    Interval protection as in Fischetti and Salazar-González (2000), with one sliding width.

    Raises TouchstoneError DISCLOSURE-01 when statements contradict each other; ValueError for a
    secret that is no unknown.

    >>> from touchstone.stats.disclosure.knowledge import adds_up, equals
    >>> told = [adds_up("all", ["a", "b"]), equals([("all", 1)], 12), equals([("b", 1)], 9)]
    >>> unknowns = {name: Unknown() for name in ("all", "a", "b")}
    >>> exposures_in(Knowledge(unknowns, told), [Secret("a", 10)])
    (Exposure(name='a', low=3, high=3, least=10),)
    >>> exposures_in(Knowledge(unknowns, told[:2]), [Secret("a", 10)])
    ()
    """
    for secret in secrets:
        if secret.name not in knowledge.unknowns:
            raise ValueError(f"secrets must be unknowns; got {secret.name!r}")
    asked = [_as_known_before(secret, knowledge.unknowns) for secret in secrets]
    ranges, is_settled = narrow or narrowed(knowledge)
    exposed: dict[str, Exposure] = {}
    doubtful: list[Secret] = []
    for secret in asked:
        unknown = ranges[secret.name]
        if _is_narrow(unknown, secret):
            exposed[secret.name] = _exposure(unknown, secret)
        else:
            doubtful.append(secret)
    for cluster, its_secrets in _clusters(knowledge.statements, ranges, doubtful, is_settled):
        found = attack(cluster, its_secrets)
        for secret in its_secrets:
            name, (low, high) = secret.name, found[secret.name]
            if high - low < float(secret.least) * (1 - TOLERANCE) - TOLERANCE:
                exposed[name] = Exposure(name, _tidy(low), _tidy(high), secret.least)
    return tuple(exposed[secret.name] for secret in asked if secret.name in exposed)


def _as_known_before(secret: Secret, unknowns: Mapping[str, Unknown]) -> Secret:
    """Ask no more of a range than what everybody knew before anything was published."""
    unknown = unknowns[secret.name]
    if unknown.low is None or unknown.high is None:
        return secret
    return secret._replace(least=min(secret.least, unknown.high - unknown.low))


def _is_narrow(unknown: Unknown, secret: Secret) -> bool:
    if unknown.low is None or unknown.high is None:
        return False
    return unknown.high - unknown.low < secret.least


def _exposure(unknown: Unknown, secret: Secret) -> Exposure:
    low = 0 if unknown.low is None else unknown.low
    high = 0 if unknown.high is None else unknown.high
    return Exposure(secret.name, low, high, secret.least)


def _tidy(end: float) -> Number:
    near = Fraction(str(round(end, DIGITS)))
    return int(near) if near.denominator == 1 else near


def _clusters(
    statements: Sequence[Statement],
    ranges: Mapping[str, Unknown],
    secrets: Sequence[Secret],
    is_settled: bool,  # noqa: FBT001
) -> list[tuple[Cluster, list[Secret]]]:
    """Give the clusters with a cycle, or with whole numbers in uneven sums, and their secrets."""
    labels, open_terms = _parts(statements, ranges)
    of_part: dict[int, list[Secret]] = {}
    for secret in secrets:
        if secret.name in labels:
            of_part.setdefault(labels[secret.name], []).append(secret)
    members: dict[int, list[Statement]] = {part: [] for part in of_part}
    for statement, terms in zip(statements, open_terms, strict=True):
        part = labels[terms[0][0]] if terms else -1
        if part in members:
            members[part].append(statement)
    sizes: dict[int, int] = {}
    for part in labels.values():
        sizes[part] = sizes.get(part, 0) + 1
    return [
        (Cluster.of(found, ranges), of_part[part])
        for part, found in members.items()
        if not (is_settled and _is_exact(found, ranges, sizes[part]))
    ]


def _is_exact(statements: Sequence[Statement], ranges: Mapping[str, Unknown], size: int) -> bool:
    """Say whether narrowing found the exact ranges: no cycle, and only even sums of wholes."""
    ties = 0
    for statement in statements:
        terms = [term for term in statement.terms if _is_open(ranges[term[0]])]
        ties += len(terms)
        mixed = any(ranges[name].whole for name, _ in terms)
        if mixed and any(abs(factor) != 1 for _, factor in terms):
            return False
    return ties == size + len(statements) - 1


def _parts(
    statements: Sequence[Statement], ranges: Mapping[str, Unknown]
) -> tuple[dict[str, int], list[list[tuple[str, Number]]]]:
    """Number the parts that hang together by unknowns that are still open."""
    open_terms = [
        [term for term in statement.terms if _is_open(ranges[term[0]])] for statement in statements
    ]
    place = {name: number for number, name in enumerate(ranges) if _is_open(ranges[name])}
    place = {name: number for number, name in enumerate(place)}
    pairs = [(place[terms[0][0]], place[name]) for terms in open_terms for name, _ in terms[1:]]
    rows, columns = np.array(pairs, np.int64).reshape(-1, 2).T
    links = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(place),) * 2)
    _, labels = sparse.csgraph.connected_components(links, directed=False)
    return {name: int(labels[number]) for name, number in place.items()}, open_terms


def _is_open(unknown: Unknown) -> bool:
    return unknown.low is None or unknown.high is None or unknown.low != unknown.high
