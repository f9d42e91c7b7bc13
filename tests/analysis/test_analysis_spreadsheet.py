"""CSV that a spreadsheet opens as words and numbers."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.spreadsheet import guarded, to_csv

words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=20)


@pytest.mark.parametrize("cell", ["=1+1", " =1", "＝1", "@x", "+1", "-1", "\tx", "\nx", "\0"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


def test_numbers_stay_numbers() -> None:
    assert to_csv(["theme", "change"], [["bus", -0.25], [None, 3]]) == (
        "\ufefftheme,change\r\nbus,-0.25\r\n,3\r\n"
    )


@given(st.lists(st.lists(words, min_size=2, max_size=2), max_size=5))
def test_read_back_every_cell_is_itself_and_none_begins_a_formula(table: list[list[str]]) -> None:
    text = to_csv(["a", "b"], table).removeprefix("\ufeff")
    (_, *rows) = csv.reader(io.StringIO(text, newline=""))
    assert rows == [[guarded(cell) for cell in row] for row in table]
    for cell in (cell for row in rows for cell in row if cell):
        assert unicodedata.normalize("NFKC", cell).lstrip()[:1] not in tuple("=+-@")
