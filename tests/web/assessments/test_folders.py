"""Files of an assessment: written as a whole, packed the same way each time."""

import pytest

from touchstone_web.assessments import folders


def test_a_folder_is_written_as_a_whole(tmp_path):
    """A folder of that name gives way to the new one; no file of the old one stays."""
    place = tmp_path / "results" / "one"
    folders.write_folder(place, {"a.txt": b"1", "charts/b.svg": b"2"})
    folders.write_folder(place, {"c.txt": b"3"})
    assert folders.read_folder(place) == {"c.txt": b"3"}
    assert [path.name for path in place.parent.iterdir()] == ["one"]


def test_a_folder_that_cannot_be_written_leaves_the_old_one(tmp_path):
    """Half a folder never takes the place of a whole one."""
    place = tmp_path / "one"
    folders.write_folder(place, {"a.txt": b"1"})
    with pytest.raises(TypeError):
        folders.write_folder(place, {"b.txt": b"2", "c.txt": "not bytes"})
    assert folders.read_folder(place) == {"a.txt": b"1"}
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_equal_files_give_an_equal_zip():
    """The order of the files and the time of packing play no part."""
    files = {"b": b"2", "a": b"1"}
    packed = folders.zip_files(files, name="x")
    assert packed == folders.zip_files(dict(reversed(files.items())), name="x")
