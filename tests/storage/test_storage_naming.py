"""Names: something to see, on one line, in whatever script."""

from __future__ import annotations

import pytest

from par_toolkit.storage.naming import is_name, looks_like


@pytest.mark.parametrize(
    "name",
    ["Ama", "علی\u200cرضا", "क्\u200dष", "Zoë, 2", "😀", "👩\u200d👧", "=1+1", "<b>", "x" * 10],
)
def test_names_of_every_script_are_names(name: str) -> None:
    assert is_name(name, most=10)


@pytest.mark.parametrize(
    "text", ["", " ", "a\nb", "a\x00", "x" * 11, "\u200c", "a\u202eb", "\ufeff", "\ud800"]
)
def test_what_nobody_sees_or_that_turns_a_line_round_is_none(text: str) -> None:
    assert not is_name(text, most=10)


def test_names_that_nobody_tells_apart_count_as_the_same() -> None:
    assert looks_like("Bu\u200cses") == looks_like("BUSES") != looks_like("Bus")
