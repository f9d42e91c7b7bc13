"""How a story reads after redaction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.storage.reviewed import Cut, merged, span

TEXT = "Dr Example rang 020 7946 0000 about my mother."
NAME, PHONE = Cut(0, 10, "name"), Cut(16, 29, "phone number")


@pytest.mark.parametrize(
    ("cuts", "start", "end", "expected"),
    [
        ([], 0, None, TEXT),
        ([NAME], 0, None, "[name] rang 020 7946 0000 about my mother."),
        ([PHONE, NAME], 0, None, "[name] rang [phone number] about my mother."),
        ([NAME, PHONE], 11, 15, "rang"),
        ([NAME, PHONE], 5, 20, "[name] rang [phone number]"),
        ([NAME, Cut(3, 15, "person")], 0, 15, "[name]"),
        ([Cut(0, 46, "all")], 10, 12, "[all]"),
        ([NAME], 10, 15, " rang"),
    ],
)
def test_a_span_reads_as_redacted(
    cuts: list[Cut], start: int, end: int | None, expected: str
) -> None:
    assert span(TEXT, cuts, start, end) == expected


def test_cuts_that_touch_stay_apart_and_those_that_overlap_are_joined() -> None:
    assert merged([Cut(5, 9, "b"), Cut(0, 5, "a")]) == [Cut(0, 5, "a"), Cut(5, 9, "b")]
    assert merged([Cut(4, 9, "b"), Cut(0, 5, "a")]) == [Cut(0, 9, "a")]
    assert merged([Cut(0, 9, "a"), Cut(2, 4, "b")]) == [Cut(0, 9, "a")]


@st.composite
def text_and_cuts(draw: st.DrawFn) -> tuple[str, list[Cut]]:
    # secret characters stand only inside cuts, so that any leak shows
    length = draw(st.integers(1, 60))
    cuts = []
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, length - 1))
        cuts.append(Cut(start, draw(st.integers(start + 1, length)), "x"))
    hidden = {at for cut in cuts for at in range(cut.start, cut.end)}
    return "".join("S" if at in hidden else "o" for at in range(length)), cuts


@given(text_and_cuts(), st.integers(0, 60), st.integers(0, 60))
def test_nothing_inside_a_cut_is_let_out(case: tuple[str, list[Cut]], start: int, end: int) -> None:
    text, cuts = case
    shown = span(text, cuts, start, end)
    assert "S" not in shown
    open_letters = text[start:end].count("o")
    assert shown.replace("[x]", "").count("o") == open_letters, "and nothing else is lost"


@given(st.text(), st.integers(0, 50), st.integers(0, 50))
def test_without_cuts_the_words_are_the_tellers_own(text: str, start: int, end: int) -> None:
    assert span(text, [], start, end) == text[start:end]
