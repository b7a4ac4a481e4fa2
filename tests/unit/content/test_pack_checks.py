"""A pack's own names and lists, its datasets and indicators."""

import pytest

from touchstone.content import dataset_checks
from touchstone.content.packs import check_pack
from touchstone.tallies import plans

COLUMNS_END = '{ name = "passed", kind = "yes_no" },'


def test_the_sound_pack_has_no_faults(pack_folder):
    """What the other tests break is whole before."""
    assert check_pack(str(pack_folder)) == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('name = "offices"', 'name = "bureaus"', "PACK-10"),
        ('name = "offices"', 'name = "Offices"', "PACK-09"),
        ("version = 2", "version = 0", "PACK-14"),
        ('schemes = ["service"]', 'schemes = ["service", "service"]', "PACK-11"),
        ('schemes = ["service"]', 'schemes = ["servise"]', "PACK-11"),
        ('evidence = ["offices"]', 'evidence = ["offices", "answer"]', "PACK-11"),
        ('name = "offices"', "", "PACK-05"),
        ("version = 2", 'version = "2"', "PACK-07"),
        ("version = 2", "versoin = 2", "PACK-06"),
    ],
)
def test_pack_toml_is_refused_when_a_field_is_wrong(codes_after, old, new, code):
    """Names, version and lists must fit the folder and what stands in it."""
    assert code in codes_after("pack.toml", old, new)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        # Names of columns that are not there.
        ('unit = "office"\nabout = "organisations"\nlevels = [\n', "", "PACK-04"),
        ('key = ["office"]', 'key = ["ofice"]', "PACK-20"),
        ('rater = "answer"', 'rater = "person"', "PACK-20"),
        ('column = "city", name = "city"', 'column = "town", name = "city"', "PACK-20"),
        ('column = "office", name = "title"', 'column = "office", name = "titel"', "PACK-20"),
        ('weight = "weight"', 'weight = "wieght"', "PACK-20"),
        ('strata = ["street"]', 'strata = ["road"]', "PACK-20"),
        ('period = "2024", column = "days"', 'period = "2024", column = "day"', "PACK-20"),
        # Columns of a kind that cannot play the part.
        ('period = "2024", column = "days"', 'period = "2024", column = "open"', "PACK-21"),
        ('weight = "weight"', 'weight = "street"', "PACK-21"),
        ('column = "city", name = "city"', 'column = "size", name = "city"', "PACK-21"),
        # What stands twice.
        (COLUMNS_END, f"{COLUMNS_END}{COLUMNS_END}", "PACK-22"),
        ('level = "city"', 'level = "office"', "PACK-22"),
        ('key = ["office"]', 'key = ["office", "office"]', "PACK-22"),
        ('strata = ["street"]', 'strata = ["street", "street"]', "PACK-22"),
        # Columns that contradict themselves.
        ("low = 0, high = 900", "low = 900, high = 0", "PACK-23"),
        ('name = "open", kind = "yes_no"', 'name = "open", kind = "yes_no", places = 1', "PACK-23"),
        ('name = "open", kind = "yes_no"', 'name = "open", kind = "yes_no", low = 1', "PACK-23"),
        ("low = 0, high = 900", 'pattern = "x"', "PACK-23"),
        ("low = 0, high = 900", "places = 10", "PACK-23"),
        ("low = 0, high = 900", "places = -1", "PACK-23"),
        ('pattern = "[0-9]{4}"', 'pattern = "[0-9"', "PACK-23"),
        ('choices = ["small", "large"]', 'choices = ["small", "small"]', "PACK-23"),
        ('name = "passed"', 'name = " "', "PACK-23"),
        # Levels.
        ('name = "title" }', 'name = "title", prefix = "o" }', "PACK-24"),
        ('prefix = "city-"', "first = 0", "PACK-24"),
        (
            'levels = [{ level = "office", column = "office", name = "office" }]',
            "levels = []",
            "PACK-24",
        ),
        # What is missing, too much, or misspelt.
        ('key = ["answer"]', "key = []", "PACK-05"),
        ('strata = ["street"]', 'strata = ["street", "office", "answer", "weight"]', "PACK-29"),
        ('level = "city"', 'level = "City"', "PACK-09"),
        ("[answers]", '["The answers"]', "PACK-09"),
        (
            'kind = "number", places = 1 },\n  { name = "days_target"',
            'kind = "decimal", places = 1 },\n  { name = "days_target"',
            "PACK-07",
        ),
    ],
)
def test_a_dataset_is_refused_when_it_contradicts_itself(codes_after, old, new, code):
    """Every column that plays a part exists, is of a fitting kind, and contradicts no other."""
    assert code in codes_after("datasets.toml", old, new)


@pytest.mark.parametrize("name", plans.RESERVED)
def test_a_column_is_refused_as_unit_when_it_has_the_name_of_a_sum(pack_folder, name):
    """The tallies have columns of these names."""
    assert name in dataset_checks.NAMES_OF_SUMS
    path = pack_folder / "datasets.toml"
    path.write_text(path.read_text("utf-8").replace('"street"', f'"{name}"'), encoding="utf-8")
    assert check_pack(str(pack_folder)) == ()
    path.write_text(path.read_text("utf-8").replace('"answer"', f'"{name}"'), encoding="utf-8")
    assert "PACK-23" in [fault.code for fault in check_pack(str(pack_folder))]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('[kind]\ndataset = "offices"', '[kind]\ndataset = "ofices"', "PACK-26"),
        ('column = "days"', 'column = "dais"', "PACK-20"),
        ('kind = "mean"\ncolumn = "clear"', 'kind = "mean"\ncolumn = "street"', "PACK-21"),
        ("counts_as_yes = [4, 5]", "", "PACK-28"),
        ('column = "days"', 'column = "days"\ncounts_as_yes = [1]', "PACK-28"),
        ("smallest_group = 10", "smallest_group = 4", "PACK-28"),
        (
            '[clear]\ndataset = "answers"\nkind = "mean"',
            '[clear]\ndataset = "answers"\nkind = "fact"',
            "PACK-28",
        ),
        (
            '[days]\ndataset = "offices"\nkind = "fact"',
            '[days]\ndataset = "offices"\nkind = "mean"',
            "PACK-28",
        ),
        ("counts_as_yes = [4, 5]", 'counts_as_yes = ["4"]', "PACK-07"),
        ("counts_as_yes = [4, 5]", "counts_as_yes = [4.0]", "PACK-07"),
        ("[is_open]", "[is-open]", "PACK-09"),
    ],
)
def test_an_indicator_is_refused_when_it_contradicts_its_dataset(codes_after, old, new, code):
    """A fact needs one row a unit, a mean or share somebody who answered."""
    assert code in codes_after("indicators.toml", old, new)


def test_a_pack_is_refused_when_it_has_no_scheme(pack_folder):
    """A pack without a scheme judges nothing."""
    for path in (pack_folder / "schemes").iterdir():
        path.unlink()
    assert "PACK-12" in [fault.code for fault in check_pack(str(pack_folder))]


def test_a_fault_tells_place_finding_and_remedy(faults_after):
    """Whoever reads it knows which file and entry to open and what to write."""
    (fault,) = faults_after("datasets.toml", 'weight = "weight"', 'weight = "wieght"')
    assert fault.where == "offices/datasets.toml, 'answers', 'design'"
    assert fault.found == "the dataset has no column 'wieght'"
    assert fault.remedy == "Write 'weight', or add the column."
