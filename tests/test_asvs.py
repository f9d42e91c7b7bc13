"""docs/asvs.csv: each requirement of the first level is answered, and by tests that exist."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from par_toolkit.serving import bodies
from par_toolkit.storage import sittings
from par_toolkit.web import app, attempts, helping, limits, spoken

ROOT = Path(__file__).parents[1]
LIST = ROOT / "docs" / "asvs.csv"
#: OWASP ASVS 5.0.0, level 1: chapter and section -> the numbers in it.
FIRST_LEVEL = {
    "1.2": (1, 2, 3, 4, 5),
    "1.3": (1, 2),
    "1.5": (1,),
    "2.1": (1,),
    "2.2": (1, 2),
    "2.3": (1,),
    "3.2": (1, 2),
    "3.3": (1,),
    "3.4": (1, 2),
    "3.5": (1, 2, 3),
    "4.1": (1,),
    "4.4": (1,),
    "5.2": (1, 2),
    "5.3": (1, 2),
    "6.1": (1,),
    "6.2": (1, 2, 3, 4, 5, 6, 7, 8),
    "6.3": (1, 2),
    "6.4": (1, 2),
    "7.2": (1, 2, 3, 4),
    "7.4": (1, 2),
    "8.1": (1,),
    "8.2": (1, 2),
    "8.3": (1,),
    "9.1": (1, 2, 3),
    "9.2": (1,),
    "10.4": (1, 2, 3, 4, 5),
    "11.3": (1, 2),
    "11.4": (1,),
    "12.1": (1,),
    "12.2": (1, 2),
    "13.4": (1,),
    "14.2": (1,),
    "14.3": (1,),
    "15.1": (1,),
    "15.2": (1,),
    "15.3": (1,),
}
#: What is asked for beyond it, with its level.
MORE = {"1.2.10": 3, "5.2.3": 2, "8.2.3": 2, "8.2.4": 3, "14.3.2": 2, "14.3.3": 2}


def rows() -> list[dict[str, str]]:
    """Read the list."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_requirement_of_the_first_level_is_answered_once() -> None:
    first = {f"{part}.{number}": 1 for part, numbers in FIRST_LEVEL.items() for number in numbers}
    assert len(first) == 70, "as many as version 5.0.0 has"
    assert [(row["id"], int(row["level"])) for row in rows()] == sorted(
        (first | MORE).items(), key=lambda one: [int(part) for part in one[0].split(".")]
    )


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_each_says_whether_it_applies_why_and_which_test_proves_it(row: dict[str, str]) -> None:
    assert row["applies"] in ("yes", "in part", "no")
    assert len(row["requirement"]) > 10 and len(row["how_or_why_not"]) > 1
    named = [one.strip() for one in row["proved_by"].split(";") if one.strip()]
    assert named or row["applies"] == "no"
    for one in named:
        assert exists(one), f"{row['id']}: there is no test {one}"


def exists(test: str) -> bool:
    """Say whether `file::name` is a test that pytest would find."""
    file, _, name = test.partition("::")
    path = ROOT / file
    return path.is_file() and bool(
        re.search(rf"^(async )?def {re.escape(name)}\(", path.read_text("utf-8"), re.M)
    )


def test_a_test_that_is_not_there_is_seen() -> None:
    assert exists("tests/test_asvs.py::test_a_test_that_is_not_there_is_seen")
    assert not exists("tests/test_asvs.py::test_that_somebody_took_away")
    assert not exists("tests/nowhere.py::test_a_test_that_is_not_there_is_seen")


def test_the_page_on_the_web_says_each_limit_as_it_is() -> None:
    page = (ROOT / "docs" / "web.md").read_text("utf-8")
    for limit in (
        *re.split("[;]", attempts.CODES),
        *re.split("[;]", attempts.PASSWORDS),
        *re.split("[;]", attempts.PASSPHRASES),
        *re.split("[;]", attempts.FLOOD),
        *re.split("[;]", helping.REQUESTS),
        f"{limits.FREE_TRIES}, then 1 second",
        f"up to {limits.LONGEST_WAIT:.0f}",
        f"{app.MOST_BYTES // 2**20} MB",
        f"{app.MOST_FIELDS:,} fields",
        f"{spoken.MOST_BYTES // 10**6} MB",
        f"{limits.STORIES_AN_HOUR:,} stories an hour",
        f"{limits.GUESSES} different tokens",
        f"{bodies.LONGEST_SILENCE:.0f} seconds",
        f"{bodies.MOST_HELD // 10**6} MB",
        f"{sittings.HOURS} hours",
        "60 days",
        "docs/permissions.md",
    ):
        assert limit.replace("/", " a ") in page or limit in page, limit
