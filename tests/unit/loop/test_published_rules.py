"""Published grading rules as schemes: what their own texts say comes out."""

import pytest
from tests.unit.loop.cases import Evidence, grades, scheme_of

# England's health and care ratings to 2023: five equal key questions, each rated 1 to 4.
CARE_BANDS = """
[[grades]]
id = "inadequate"
from = 1
[[grades]]
id = "requires_improvement"
from = 1.5
[[grades]]
id = "good"
from = 2.5
[[grades]]
id = "outstanding"
from = 3.4
"""
QUESTIONS = ("safe", "effective", "caring", "responsive", "well_led")
CARE = "scale = { low = 1, high = 4 }\n" + "".join(
    f'[[criteria]]\nid = "{name}"\nweight = 20\nindicator = "{name}"\n' for name in QUESTIONS
)
CARE += """
[[limiters]]
id = "two_inadequate"
below = 2
parts = 2
highest_grade = "inadequate"
[[limiters]]
id = "one_inadequate"
below = 2
parts = 1
highest_grade = "requires_improvement"
[[limiters]]
id = "two_require_improvement"
below = 3
parts = 2
highest_grade = "requires_improvement"
[[limiters]]
id = "one_requires_improvement"
below = 3
parts = 1
highest_grade = "good"
[[caps]]
id = "breach"
indicator = "breaches"
at_most = 0
highest_grade = "requires_improvement"
"""


@pytest.mark.parametrize(
    ("ratings", "breaches", "expected"),
    [
        ((4, 4, 3, 3, 3), 0, "outstanding"),
        ((4, 3, 3, 3, 3), 0, "good"),
        ((4, 4, 4, 4, 2), 0, "good"),
        ((3, 3, 3, 3, 2), 0, "good"),
        ((4, 4, 4, 2, 2), 0, "requires_improvement"),
        ((3, 3, 3, 3, 1), 0, "requires_improvement"),
        ((4, 4, 4, 1, 1), 0, "inadequate"),
        ((1, 1, 1, 1, 1), 0, "inadequate"),
        ((4, 4, 4, 4, 4), 1, "requires_improvement"),
        ((4, 4, 4, 1, 1), 1, "inadequate"),
    ],
)
def test_the_ratings_of_care_follow_their_published_limiters(ratings, breaches, expected):
    """Two outstanding and three good; two that require improvement; two inadequate; a breach."""
    names = " | ".join(QUESTIONS)
    values = " | ".join(map(str, ratings))
    evidence = Evidence(f"| u | {names} | breaches |\n| a | {values} | {breaches} |")
    assert grades(evidence.assessed(scheme_of(CARE, CARE_BANDS))) == {"a": expected}


# The grading of grassroots organisations of 2012: from 90, from 80, from 60; satisfaction below 90
# bars the two upper grades.
ORGANISATION = """
[[criteria]]
id = "score"
indicator = "score"
[[caps]]
id = "satisfaction"
indicator = "satisfaction"
at_least = 90
highest_grade = "fair"
"""


@pytest.mark.parametrize(
    ("score", "satisfaction", "expected"),
    [
        (90, 90, "excellent"),
        (89.99, 95, "good"),
        (95, 89.99, "fair"),
        (80, 60, "fair"),
        (79, 99, "fair"),
        (59, 99, "poor"),
        (59, 10, "poor"),
    ],
)
def test_satisfaction_under_ninety_bars_the_two_upper_grades(score, satisfaction, expected):
    """Whatever the score; and it lifts or lowers nobody else."""
    evidence = Evidence(f"| u | score | satisfaction |\n| a | {score} | {satisfaction} |")
    assert grades(evidence.assessed(scheme_of(ORGANISATION))) == {"a": expected}
