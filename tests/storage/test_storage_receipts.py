"""Receipt codes as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.storage import receipts


@given(st.integers(0, 10**16 - 1).map(lambda n: f"{n:016d}"), st.sampled_from(" -–.\u00a0\u200e"))
def test_a_code_is_understood_however_it_is_spaced(code: str, between: str) -> None:
    typed = between.join(code[at : at + 4] for at in range(0, 16, 4))
    assert receipts.normalise(f" {typed}\n") == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("１２３４５６７８１２３４５６７８", "1234567812345678"),
        ("۱۲۳۴۵۶۷۸۱۲۳۴۵۶۷۸", "1234567812345678"),
        ("१२३४ ५६७८ १२३४ ५६७८", "1234567812345678"),
        ("123456781234567", None),
        ("12345678123456789", None),
        ("1234 5678 1234 567O", None),
        ("", None),
        ("'; drop table receipts; --", None),
        ("1" * 100_000, None),
    ],
)
def test_what_is_a_code_and_what_is_not(typed: str, code: str | None) -> None:
    assert receipts.normalise(typed) == code


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    code = receipts.normalise(text)
    assert code is None or (len(code) == 16 and code.isascii() and code.isdigit())


def test_new_codes_differ() -> None:
    codes = {receipts.new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(code) == 16 for code in codes)


def test_a_code_is_written_in_four_groups() -> None:
    assert receipts.grouped("1234567890123456") == "1234 5678 9012 3456"
