"""Schemes: references, criteria and weights, targets, limits, comparison, plain fields."""

import pytest

from touchstone.content.packs import check_pack

SPEED = 'target = { kind = "less_is_better", column = "days_target", completion = "mirrored" }'
OTHERWISE = 'otherwise = { indicator = "days", target = { kind = "less_is_better", value = 20 } }'
OPENING = 'indicator = "is_open"\ntarget = { kind = "yes_no" }'
LEVELS = "levels = { small = 50, large = 100 }"
WHOLE = 'criteria = [{ id = "service_score", scheme = "service" }]'


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('dataset = "offices"', 'dataset = "ofices"', "SCHEME-01"),
        (
            'id = "speed"\nweight = 0.6\nindicator = "days"',
            'id = "speed"\nweight = 0.6\nindicator = "day"',
            "SCHEME-02",
        ),
        ('indicator = "days"\nat_most', 'indicator = "dayz"\nat_most', "SCHEME-02"),
        (
            'id = "quick_bonus"\nindicator = "is_open"',
            'id = "quick_bonus"\nindicator = "open"',
            "SCHEME-02",
        ),
        ('column = "days_target"', 'column = "target"', "SCHEME-03"),
        ('where = { kind = ["large"] }', 'where = { sort = ["large"] }', "SCHEME-03"),
        ('by = ["kind"]', 'by = ["sort"]', "SCHEME-03"),
        ('of = "size"', 'of = "sise"', "SCHEME-03"),
        ('official = "passed"', 'official = "past"', "SCHEME-03"),
        # Columns of a kind that cannot play the part.
        ('column = "days_target"', 'column = "open"', "SCHEME-06"),
        ('where = { kind = ["large"] }', 'where = { size = ["3"] }', "SCHEME-06"),
        ('by = ["kind"]', 'by = ["size"]', "SCHEME-06"),
        ('of = "size"', 'of = "kind"', "SCHEME-06"),
        ('official = "passed"', 'official = "days"', "SCHEME-06"),
        ('indicator = "days"\nat_most', 'indicator = "kind"\nat_most', "SCHEME-06"),
        (
            'id = "quick_bonus"\nindicator = "is_open"',
            'id = "quick_bonus"\nindicator = "kind"',
            "SCHEME-06",
        ),
        (
            f'indicator = "kind"\ntarget = {{ kind = "rubric", {LEVELS} }}',
            'indicator = "kind"',
            "SCHEME-06",
        ),
        # An indicator of another dataset.
        ('indicator = "days"\nat_most', 'indicator = "clear"\nat_most', "SCHEME-07"),
        # Values that the column cannot have.
        ('where = { kind = ["large"] }', 'where = { kind = ["huge"] }', "SCHEME-42"),
        ('id = "no"', 'id = "bad"', "SCHEME-43"),
    ],
)
def test_a_scheme_is_refused_when_it_names_what_is_not_there(codes_after, old, new, code):
    """Every dataset, indicator, column and value that a scheme names exists and fits."""
    assert code in codes_after("schemes/service.toml", old, new)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("weight = 0.6", "weight = 0.5", "SCHEME-10"),
        ("weight = 0.6", "weight = 0.6000001", "SCHEME-10"),
        ('id = "opening"\nweight = 50', 'id = "opening"\nweight = 0.5', "SCHEME-10"),
        ("weight = 0.6", "weight = 1.6", "SCHEME-10"),
        ("weight = 0.4", "weight = -0.4", "SCHEME-11"),
        ("weight = 0.6", "weight = 0", "SCHEME-11"),
        (
            'indicator = "days"\ntarget',
            'scheme = "voices"\nindicator = "days"\ntarget',
            "SCHEME-12",
        ),
        (OPENING, "", "SCHEME-12"),
        (OPENING, 'target = { kind = "yes_no" }', "SCHEME-12"),
        (SPEED, 'target = { kind = "less_is_better", value = 20 }', "SCHEME-12"),
        (OTHERWISE, OTHERWISE.replace("value = 20", 'column = "days_target"'), "SCHEME-12"),
        ('id = "opening"', 'id = "speed"', "SCHEME-13"),
        ('id = "quick_bonus"', 'id = "speed"', "SCHEME-13"),
        ('id = "closed"', 'id = "very_slow"', "SCHEME-13"),
        ('id = "closed"', 'id = "two_weak"', "SCHEME-13"),
        ('id = "opening"', 'id = "Opening"', "PACK-09"),
        ("points = 5", "points = -5", "SCHEME-16"),
        ("points = 5", "points = 5\nmost = 0", "SCHEME-16"),
        ('official = "passed"', "highest_bonus = -1", "SCHEME-16"),
        ('official = "passed"', "highest_deduction = 5", "SCHEME-16"),
    ],
)
def test_a_scheme_is_refused_when_its_criteria_contradict_themselves(codes_after, old, new, code):
    """Weights sum exactly, each criterion measures one thing, each id stands once."""
    assert code in codes_after("schemes/service.toml", old, new)


@pytest.mark.parametrize("weights", [("0.1", "0.2", "0.7"), ("33", "33", "34")])
def test_weights_are_accepted_when_they_sum_to_1_or_100(pack_folder, weights):
    """Sums are exact: in binary floats 0.1 + 0.2 + 0.7 is not 1."""
    criteria = "".join(
        f'{{ id = "c{number}", weight = {weight}, indicator = "days" }}, '
        for number, weight in enumerate(weights)
    )
    scheme = f"""dataset = "offices"
scale = {{ low = 0, high = 100 }}
criteria = [{criteria}]
grades = [{{ id = "no", from = 0 }}]"""
    (pack_folder / "schemes/whole.toml").write_text(scheme, encoding="utf-8")
    codes = {fault.code for fault in check_pack(str(pack_folder))}
    assert codes == {"PACK-30", "PACK-31"}


def test_criteria_are_refused_when_they_stand_too_deep_in_each_other(codes_after):
    """Nobody follows seven levels of weights."""
    inner = '{ id = "c0", indicator = "days" }'
    for depth in range(1, 7):
        inner = f'{{ id = "c{depth}", criteria = [{inner}] }}'
    assert "SCHEME-15" in codes_after("schemes/whole.toml", WHOLE, f"criteria = [{inner}]")


def test_a_scheme_is_refused_when_it_has_no_criterion(codes_after):
    """A scheme judges by something."""
    assert "SCHEME-14" in codes_after("schemes/whole.toml", WHOLE, "criteria = []")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (SPEED, 'target = { kind = "less_is_better" }', "SCHEME-20"),
        (SPEED, 'target = { kind = "band", low = 1 }', "SCHEME-20"),
        (SPEED, 'target = { kind = "rubric" }', "SCHEME-20"),
        (
            SPEED,
            'target = { kind = "less_is_better", value = 5, completion = "linear" }',
            "SCHEME-20",
        ),
        (LEVELS, "levels = { small = 50 }", "SCHEME-20"),
        (LEVELS, "levels = { small = 50, large = 100, huge = 120 }", "SCHEME-20"),
        (SPEED, 'target = { kind = "rubric", levels = { three = 50 } }', "SCHEME-20"),
        (
            SPEED,
            'target = { kind = "less_is_better", value = 5, column = "days_target" }',
            "SCHEME-21",
        ),
        (SPEED, 'target = { kind = "band", low = 9, high = 1 }', "SCHEME-21"),
        (SPEED, 'target = { kind = "band", low = 1, high = 9, value = 5 }', "SCHEME-21"),
        (SPEED, 'target = { kind = "less_is_better", value = 5, low = 1 }', "SCHEME-21"),
        (SPEED, 'target = { kind = "less_is_better", value = 5, tolerance = 1 }', "SCHEME-21"),
        (SPEED, 'target = { kind = "on_target", value = 5, tolerance = -1 }', "SCHEME-21"),
        (SPEED, 'target = { kind = "on_target", value = 5, completion = "capped" }', "SCHEME-21"),
        (
            SPEED,
            'target = { kind = "more_is_better", value = 5, completion = "mirrored" }',
            "SCHEME-21",
        ),
        (
            SPEED,
            'target = { kind = "less_is_better", value = 0, completion = "mirrored" }',
            "SCHEME-21",
        ),
        (SPEED, 'target = { kind = "less_is_better", value = 5, from = 9 }', "SCHEME-21"),
        (
            SPEED,
            'target = { kind = "less_is_better", value = 5, from = 5, completion = "linear" }',
            "SCHEME-21",
        ),
        (
            SPEED,
            'target = { kind = "more_is_better", value = 5, from = 6, completion = "linear" }',
            "SCHEME-21",
        ),
        (
            SPEED,
            'target = { kind = "on_target", value = 5, from = 5, completion = "linear" }',
            "SCHEME-21",
        ),
        (
            SPEED,
            'target = { kind = "band", low = 1, high = 9, from = 5, completion = "linear" }',
            "SCHEME-21",
        ),
        (SPEED, 'target = { kind = "less_is_better", value = 5, highest = 0 }', "SCHEME-21"),
        (LEVELS, "levels = { small = -1, large = 100 }", "SCHEME-21"),
        (LEVELS, f'{LEVELS}, completion = "capped"', "SCHEME-21"),
        # Kinds of target on kinds of column.
        (SPEED, 'target = { kind = "yes_no" }', "SCHEME-06"),
        (
            OPENING,
            'indicator = "is_open"\ntarget = { kind = "more_is_better", value = 1 }',
            "SCHEME-06",
        ),
        (f'kind = "rubric", {LEVELS}', 'kind = "more_is_better", value = 1', "SCHEME-06"),
        # Numbers that no program is exact with.
        (SPEED, 'target = { kind = "less_is_better", value = nan }', "PACK-08"),
        (SPEED, 'target = { kind = "less_is_better", value = inf }', "PACK-08"),
        (SPEED, 'target = { kind = "less_is_better", value = 1e13 }', "PACK-08"),
        (SPEED, 'target = { kind = "less_is_better", value = 1e-13 }', "PACK-08"),
        (SPEED, 'target = { kind = "less_is_better", value = 1e999999999 }', "PACK-08"),
        (SPEED, 'target = { kind = "less_is_better", value = "5" }', "PACK-07"),
        (SPEED, 'target = { kind = "less_is_better", value = true }', "PACK-07"),
        (SPEED, 'target = { kind = "lower_is_better", value = 5 }', "PACK-07"),
    ],
)
def test_a_target_is_refused_when_its_kind_asks_for_something_else(codes_after, old, new, code):
    """Each kind of target has what it needs, and nothing that contradicts it."""
    assert code in codes_after("schemes/service.toml", old, new)


@pytest.mark.parametrize(
    "target",
    [
        'kind = "on_target", value = 5, tolerance = 1, from = 9, completion = "linear"',
        'kind = "band", low = 1, high = 9',
        'kind = "band", low = 1, high = 9, from = 0, completion = "linear"',
        'kind = "less_is_better", value = 5, from = 9, completion = "linear", highest = 120',
        'kind = "more_is_better", column = "days_target", completion = "proportional"',
        'kind = "rubric", levels = { 1 = 0, 2 = 50, "3.5" = 100 }',
    ],
)
def test_a_target_is_accepted_when_it_has_what_its_kind_needs(faults_after, target):
    """The other kinds and completion rules of the scheme language."""
    new = f'criteria = [{{ id = "service_score", indicator = "days", target = {{ {target} }} }}]'
    assert faults_after("schemes/whole.toml", WHOLE, new) == ()


def test_a_share_has_a_target_like_a_number(faults_after):
    """A share is a number in percent, whatever its column holds."""
    target = 'kind = "more_is_better", value = 80, completion = "capped"'
    new = f'criteria = [{{ id = "clearness", indicator = "clear_share", target = {{ {target} }} }}]'
    old = 'criteria = [{ id = "clearness", indicator = "clear" }]'
    faults = faults_after("schemes/voices.toml", old, new)
    assert [fault.code for fault in faults] == ["SCHEME-35"]


def test_a_target_in_a_column_is_refused_when_a_unit_has_several_rows(codes_after):
    """Where every answer has a row there is no one target of a unit."""
    old = 'criteria = [{ id = "clearness", indicator = "clear" }]'
    target = '{ kind = "more_is_better", column = "clear" }'
    new = f'criteria = [{{ id = "clearness", indicator = "clear", target = {target} }}]'
    assert "SCHEME-06" in codes_after("schemes/voices.toml", old, new)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("at_most = 90", "", "SCHEME-40"),
        ("at_most = 90", "at_most = 90\nat_least = 2", "SCHEME-40"),
        (
            'at_most = 90\nwhere = { kind = ["large"] }\nhighest_grade = "middling"',
            "at_most = 90",
            "SCHEME-40",
        ),
        (
            '["large"] }\nhighest_grade = "middling"',
            '["large"] }\nhighest_grade = "midling"',
            "SCHEME-40",
        ),
        (
            '["large"] }\nhighest_grade = "middling"',
            '["large"] }\nhighest_grade = "yes"',
            "SCHEME-40",
        ),
        ("at_least = 1", 'at_least = 1\nhighest_grade = "no"', "SCHEME-40"),
        ('where = { kind = ["large"] }', "where = { kind = [] }", "SCHEME-40"),
        ("at_least = 1", "at_least = 5", "SCHEME-44"),
        ("at_least = 1", "at_most = -1", "SCHEME-44"),
        ("below = 40", "below = 40\nparts = 3", "SCHEME-41"),
        ("below = 40", "below = 40\nparts = 0", "SCHEME-41"),
        ("below = 40", 'below = 40\ncriteria = ["speed", "reech"]', "SCHEME-41"),
        ("below = 40", 'below = 40\ncriteria = ["speed", "speed"]', "SCHEME-41"),
        (
            'below = 40\nhighest_grade = "middling"',
            'below = 40\nhighest_grade = "yes"',
            "SCHEME-41",
        ),
        ("parts = 4", "parts = 1", "SCHEME-53"),
        ("parts = 4", "parts = 101", "SCHEME-53"),
        ('by = ["kind"]', 'by = ["kind", "kind"]', "SCHEME-53"),
        ('by = ["kind"], quantiles = { of = "size", parts = 4 }', "", "SCHEME-53"),
        ('official = "passed"', "version = 0", "SCHEME-51"),
        ('official = "passed"', "places = 7", "SCHEME-51"),
        ('official = "passed"', "places = -1", "SCHEME-51"),
        ('official = "passed"', "confidence = 0", "SCHEME-51"),
        ('official = "passed"', "confidence = 1.0", "SCHEME-51"),
        ('official = "passed"', "confidence = 95", "SCHEME-51"),
        ("scale = { low = 0, high = 100 }", "scale = { low = 0, high = 1 }", "SCHEME-35"),
        (
            "scale = { low = 0, high = 100 }",
            'scale = { low = -1, high = 100 }\naggregation = "geometric"',
            "SCHEME-35",
        ),
    ],
)
def test_a_scheme_is_refused_when_a_limit_or_field_contradicts_it(codes_after, old, new, code):
    """Caps, vetoes, limiters, comparison, confidence, places: each has a meaning and an effect."""
    assert code in codes_after("schemes/service.toml", old, new)


def test_a_circle_of_schemes_is_told_once(faults_after):
    """A scheme cannot wait for its own score; the whole circle is shown."""
    old = 'indicator = "days"\ntarget = { kind = "less_is_better", column = "days_target", '
    old += 'completion = "mirrored" }\n' + OTHERWISE
    faults = faults_after("schemes/service.toml", old, 'scheme = "whole"')
    assert [fault.code for fault in faults] == ["SCHEME-05"]
    assert "service → whole → service" in faults[0].found or "whole → service → whole" in (
        faults[0].found
    )


def test_two_circles_of_schemes_are_both_told(pack_folder):
    """A scheme that names itself is a circle of one."""
    for name, other in (("whole", "whole"), ("round", "trip"), ("trip", "round")):
        scheme = f'''dataset = "offices"
scale = {{ low = 0, high = 100 }}
criteria = [{{ id = "service_score", scheme = "{other}" }}]
grades = [{{ id = "no", from = 0 }}]'''
        (pack_folder / f"schemes/{name}.toml").write_text(scheme, encoding="utf-8")
    codes = [fault.code for fault in check_pack(str(pack_folder))]
    assert codes.count("SCHEME-05") == 2


@pytest.mark.parametrize(("scheme", "code"), [("servise", "SCHEME-04"), ("voices", "SCHEME-07")])
def test_a_scheme_is_refused_when_it_refers_to_one_that_does_not_fit(codes_after, scheme, code):
    """The other scheme exists and judges the same dataset."""
    new = f'criteria = [{{ id = "service_score", scheme = "{scheme}" }}]'
    assert code in codes_after("schemes/whole.toml", WHOLE, new)


def test_a_bar_of_a_share_is_refused_when_it_is_no_percentage(codes_after):
    """A share is in percent: 0.3 would be passed by nearly all, 300 by none."""
    assert codes_after("schemes/voices.toml", "at_least = 30", "at_least = 300") == ["SCHEME-44"]


@pytest.mark.parametrize("beside", ["servise", "whole"])
def test_a_scheme_stands_beside_one_of_the_same_dataset_and_scale_only(codes_after, beside):
    """What cannot be held beside each other is refused."""
    line = f'dataset = "offices"\nbeside = "{beside}"'
    assert ("SCHEME-54" in codes_after("schemes/service.toml", 'dataset = "offices"', line)) == (
        beside != "whole"
    )
