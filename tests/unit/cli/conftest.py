"""What the tests of several commands share."""

import pytest


@pytest.fixture
def table(tmp_path):
    """Write a small text file and give its path."""

    def write(text: str, name: str = "table.csv") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write
