"""Which passwords are let in: long ones, neither common nor made of what everybody knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.storage import passwords
from par_toolkit.storage.errors import Refused

KNOWN = ("Ama Example", "The well in Southall", "Southall")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "short_password"),
        ("ninechars", "short_password"),
        ("x" * 1_001, "long_password"),
        ("qwertyuiop", "common_password"),  # of the list
        ("Password123", "common_password"),  # whatever its case
        ("basketball", "common_password"),
        ("abababababab", "common_password"),  # one piece again and again
        ("ffffffffffff", "common_password"),
        ("mnbvcxzmnbvcxz", "common_password"),
        ("klmnopqrstuvw", "common_password"),  # a row, forwards
        ("0987654321098", "common_password"),  # and backwards
        ("AmaExample1", "common_password"),  # a name and a number
        ("southall2026", "common_password"),
        ("Éxample-Southall!", "common_password"),
    ],
)
def test_what_is_short_or_easy_to_guess_is_refused(password: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        passwords.check(password, known=KNOWN)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "password",
    [
        "four made up words",
        "correct horse battery",
        "tenletters",
        "          ten spaces and more",
        "Ama walks to the well",  # known words among others
        "密码需要十个字符以上才行吗",
        "كلمة السر الطويلة",
        "x7" * 4 + "qz",
        "a" * 500 + "b",
    ],
)
def test_any_other_of_ten_characters_is_let_in(password: str) -> None:
    passwords.check(password, known=KNOWN)


def test_the_list_holds_the_three_thousand_most_used_that_are_long_enough() -> None:
    """OWASP ASVS 5.0, 6.2.4; the file says where they are from and under which licence."""
    lines = passwords.COMMON.read_text("ascii").splitlines()
    digests = [line for line in lines if not line.startswith("#")]
    assert len(set(digests)) == len(digests) >= 3_000
    assert {len(line) for line in digests} == {passwords.DIGITS}
    assert "CC BY-SA 3.0" in " ".join(lines[:5])


@given(password=st.text(min_size=10, max_size=60), known=st.lists(st.text(max_size=20)))
def test_any_words_get_an_answer(password: str, known: list[str]) -> None:
    try:
        passwords.check(password, known=known)
    except Refused as refused:
        assert refused.reason == "common_password"
