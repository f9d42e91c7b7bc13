"""CSV is opened in spreadsheets: no cell of it runs, and all else stays as it was."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_plugins.spreadsheets import Records, is_formula, neutral
from tests.datasette_plugins.builds import make_build

FORMULAS = (
    '=HYPERLINK("http://evil.example";"look")',
    "=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "+44 20 7946 0000",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "＝1+1",
    "﹢1",
    "\tfirst",
    "\r\n=1",
)
WORDS = ("", "They said = to me", "-5", "+3.25e-7", "12", "it's -- fine", "“=quoted”", "no, =1")


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_a_spreadsheet_would_run_is_a_formula(cell: str) -> None:
    assert is_formula(cell)


@pytest.mark.parametrize("cell", WORDS)
def test_words_and_numbers_are_no_formula(cell: str) -> None:
    assert not is_formula(cell)


def written(rows: Sequence[Sequence[str]]) -> str:
    """Write rows as Datasette does."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()


cells = st.text() | st.sampled_from(FORMULAS + WORDS)


@given(rows=st.lists(st.lists(cells, min_size=1, max_size=4)), size=st.integers(1, 40))
def test_every_cell_is_neutral_in_whatever_pieces_it_comes(
    rows: list[list[str]], size: int
) -> None:
    """Read back, each cell is what it was, with an apostrophe before it where it was a formula."""
    clean = [[c.replace("\0", "").encode("utf-8", "replace").decode() for c in r] for r in rows]
    sent = written(clean).encode()
    records = Records()
    pieces = [records.add(sent[at : at + size], last=False) for at in range(0, len(sent), size)]
    received = b"".join([*pieces, records.add(b"", last=True)]).decode()
    expected = [[f"'{cell}" if is_formula(cell) else cell for cell in row] for row in clean]
    assert list(csv.reader(io.StringIO(received, newline=""))) == expected


def test_what_holds_no_formula_keeps_every_byte() -> None:
    file = written([["id", "text"], ["1", 'He said "no", twice.\nThen = left.'], ["2", ""]])
    assert neutral(file) == file


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        "/library/quotes.csv",
        "/library/quotes.csv?_stream=1&_dl=1",
        "/library.csv?sql=select+text+from+quotes",
    ],
)
async def test_promise_08_words_like_a_formula_are_words_in_every_form(
    tmp_path: Path, serve_build: Any, path: str
) -> None:
    """The page and JSON show the teller's own words; CSV shows them with an apostrophe before."""
    formula = '=HYPERLINK("http://evil.example","look")'
    get = (await serve_build(make_build(tmp_path, word=formula))).client.get
    table = list(csv.DictReader(io.StringIO((await get(path)).text)))
    assert f"'{formula}" in [row["text"] for row in table]
    assert not [row for row in table if is_formula(row["text"])]
    rows = (await get("/library/quotes.json?_shape=array&_size=max")).json()
    assert formula in [row["text"] for row in rows]


@pytest.mark.asyncio
async def test_names_of_columns_are_cells_too(tmp_path: Path, serve_build: Any) -> None:
    get = (await serve_build(make_build(tmp_path))).client.get
    answer = await get("/library.csv", params={"sql": 'select 1 as "=1+1"'})
    assert answer.text == "'=1+1\r\n1\r\n"
