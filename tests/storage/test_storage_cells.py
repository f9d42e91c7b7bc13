"""Words that are encrypted one by one: a cell that was moved or touched does not open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.storage import cells

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


@given(words=st.text(), row=st.text(max_size=20))
def test_what_is_closed_opens_again_and_shows_nothing(words: str, row: str) -> None:
    cell = cells.close(KEY, row, words)
    assert cells.open_cell(KEY, row, cell) == words
    assert cell != cells.close(KEY, row, words), "the same words never look alike"
    assert len(words) < 4 or words.encode() not in cell


@given(data=st.data(), words=st.text())
def test_a_flipped_bit_another_row_or_another_key_opens_nothing(
    data: st.DataObject, words: str
) -> None:
    cell = cells.close(KEY, "contact 1", words)
    place = data.draw(st.integers(0, len(cell) * 8 - 1))
    flipped = bytearray(cell)
    flipped[place // 8] ^= 1 << place % 8
    for key, row, held in (
        (KEY, "contact 1", bytes(flipped)),
        (KEY, "contact 2", cell),
        (OTHER, "contact 1", cell),
        (KEY, "contact 1", cell[: data.draw(st.integers(0, len(cell) - 1))]),
    ):
        with pytest.raises(cells.CellDamaged, match="another one"):
            cells.open_cell(key, row, held)
