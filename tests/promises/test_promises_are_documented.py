"""The page of promises says what the tests keep, and no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "promises.md"
ROW = re.compile(r"^\| (\d+) \| \*\*(.+?)\*\*.* \|([^|]*)\|([^|]*)\|$", re.M)
TEST = re.compile(r"def test_promise_(\d\d)_")


def rows() -> dict[int, tuple[str, str]]:
    """Return number -> (kept by, today) as the page says."""
    found = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {int(number): (kept_by.strip(), today.strip()) for number, _, kept_by, today in found}


def with_tests() -> set[int]:
    """Return the numbers of the promises that tests are named for."""
    names = [TEST.findall(path.read_text("utf-8")) for path in (ROOT / "tests").rglob("test_*.py")]
    return {int(number) for found in names for number in found}


def test_all_seventeen_stand_on_the_page() -> None:
    assert sorted(rows()) == list(range(1, 18))


@pytest.mark.parametrize("number", range(1, 18))
def test_what_is_said_to_be_kept_has_tests(number: int) -> None:
    kept_by, today = rows()[number]
    if today.startswith("kept"):
        assert kept_by
        assert number in with_tests()
    else:
        assert today.startswith(("not yet", "in part")), "say plainly what is missing"
        assert number not in with_tests(), "there are tests for it: say what they keep"
