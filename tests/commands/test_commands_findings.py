"""From proposals to findings and back: theme, endorse, release, publish, verify, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from par_toolkit import publishing
from par_toolkit.commands import release
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import audit, redactions, stories, themes
from par_toolkit.storage.database import PrivateDatabase

Par = Callable[..., Any]


def actions(db: PrivateDatabase) -> list[tuple[str, str]]:
    return [(row["action"], row["role"]) for row in reversed(audit.listing(db, limit=1_000))]


TOLD = {
    "bus": "The bus to the clinic stopped running in {} and nobody told us.",
    "nurse": "The nurse listened to me in {} and rang back as she had said.",
}


@pytest.fixture
def told(tell: Callable[..., Any]) -> list[int]:
    """Tell sixteen stories about two things."""
    months = "January February March April May June July August".split()
    return [
        tell(text.format(month), receipt=f"{number:08d}{place:08d}").story_id
        for number, text in enumerate(TOLD.values())
        for place, month in enumerate(months)
    ]


@pytest.fixture
def endorsed(par: Par, told: list[int], two_people: tuple[str, str]) -> list[int]:
    """Theme and endorse what was told."""
    par("theme", "--themes", "2")
    par("endorse", "--all", "--by", two_people[1])
    return told


def test_theme_tells_what_it_proposed_and_its_limits_in_plain_words(
    par: Par, told: list[int]
) -> None:
    said = par("theme", "--themes", "2", "--seed", "5").stdout
    assert "16 stories read" in said
    assert "words_only" not in said
    assert "Note: " in said


def test_theme_without_stories_says_so(par: Par) -> None:
    assert "There are no stories to theme" in par("theme").stdout


@pytest.mark.parametrize(
    "wrong", [["--themes", "0"], ["--themes", "many"], ["--seed", "-1"], ["--engine", "cloud"]]
)
def test_mistakes_of_usage_in_theme(par: Par, wrong: list[str]) -> None:
    par("theme", *wrong, code=2)


def test_promise_10_the_trail_says_that_a_yes_came_by_command_line(
    par: Par, endorsed: list[int], db: PrivateDatabase
) -> None:
    assert all(theme.state == "endorsed" for theme in themes.listing(db))
    assert ("endorse_theme_by_command_line", "steward") in actions(db)


def test_endorse_needs_a_person_who_is_there_and_a_theme_that_is_there(
    par: Par, two_people: tuple[str, str]
) -> None:
    assert "nobody called Ghost" in par("endorse", "--all", "--by", "Ghost", code=1).stderr
    assert "no theme 99" in par("endorse", "99", "--by", two_people[0], code=1).stderr
    par("endorse", "--by", two_people[0], code=2)
    par("people", "disable", two_people[0], "--yes")
    assert "may not read here" in par("endorse", "--all", "--by", two_people[0], code=1).stderr


def test_release_takes_two_different_people(par: Par, two_people: tuple[str, str]) -> None:
    one, two = two_people
    par("release", "--all", "--by", one, code=2)
    same = par("release", "--all", "--by", one, "--by", one.upper(), code=1)
    assert "two different people" in same.stderr
    par("release", "--by", one, "--by", two, code=2)
    assert "is not here" in par("release", "99", "--by", one, "--by", two, code=1).stderr


def test_release_accepts_redactions_and_passes_over_who_does_not_share(
    par_json: Par, two_people: tuple[str, str], tell: Callable[..., Any], db: PrivateDatabase
) -> None:
    one, two = two_people
    phone = tell("Ring me on 020 7946 0123 about it.", receipt="1111222233334444").story_id
    shy = tell("Not for others.", consent={"quote": False}, receipt="5555666677778888").story_id
    said = par_json("release", "--all", "--by", one, "--by", one.upper(), "--by", two)
    assert said == {"released": 1, "before": 0, "no_consent": 1, "spoken": 0, "gone": 0}
    reviewed = redactions.reviewed_texts(db, phone)["telling"]
    assert reviewed == "Ring me on [phone number] about it."
    assert [stories.get(db, story).state for story in (phone, shy)] == ["released", "unread"]
    roles = [role for action, role in actions(db) if action == release.ACTION]
    assert sorted(roles) == ["facilitator", "steward"]
    assert par_json("release", "--all", "--by", one, "--by", two)["before"] == 1


@pytest.fixture
def published(par: Par, endorsed: list[int], two_people: tuple[str, str]) -> list[int]:
    """Release and publish what was told."""
    par("release", "--all", "--by", two_people[0], "--by", two_people[1])
    assert "Build 1 is live." in par("publish").stdout
    return endorsed


def test_a_preview_says_what_would_be_published_and_makes_nothing(
    par: Par, par_json: Par, endorsed: list[int], two_people: tuple[str, str], inquiry: Inquiry
) -> None:
    foretold = par_json("publish", "--preview")
    assert publishing.live_build(inquiry.folder) is None
    tables = {(one["table"], one["title"]): one for one in foretold["tables"]}
    took_part = tables["participation", ""]
    assert took_part["state"] == "new" and took_part["hidden"] > 0
    assert foretold["hidden_figures"] == sum(one["hidden"] for one in foretold["tables"])
    said = par("publish", "--preview").stdout
    assert f"Who took part, by group and cycle: {took_part['shown']} shown, " in said
    assert "What is hidden is about fewer than 5 people" in said
    assert "Stories that stay:" in said and "as two people have not said yes yet" in said


def test_verify_looks_at_findings_trail_and_stories(
    par: Par, par_json: Par, published: list[int], inquiry: Inquiry
) -> None:
    said = par_json("verify")
    assert (said["sound"], [part["part"] for part in said["parts"]]) == (
        True,
        ["findings", "fingerprint", "same_trail", "audit", "stories"],
    )
    build = inquiry.findings / "build-000001.db"
    alone = par_json("verify", build)
    assert (alone["sound"], alone["parts"]) == (True, said["parts"][:2])
    told = par("verify", build).stdout
    assert said["parts"][1]["fingerprint"] in told and said["parts"][1]["last_seal"] in told
    build.write_bytes(build.read_bytes()[:5_000])
    damaged = par("verify", build, code=1)
    assert damaged.stdout.startswith("NOT") and build.name in damaged.stderr
    assert build.name in par("verify", code=1).stderr


def test_promise_15_verify_fails_when_the_trail_was_changed(
    par: Par, published: list[int], db: PrivateDatabase
) -> None:
    db.conn.execute("drop trigger audit_no_update")
    db.conn.execute("update audit set action = 'nothing' where seq = 2")
    db.conn.commit()
    told = par("verify", code=1)
    assert "row 2 was changed" in told.stdout and "row 2 was changed" in told.stderr


def test_promise_15_rows_cut_off_the_end_show_beside_the_live_build(
    par: Par, published: list[int], db: PrivateDatabase
) -> None:
    """Also where what says how far it had come was put back too: the build knows it as well."""
    db.conn.execute("drop trigger audit_no_delete")
    db.conn.execute("delete from audit where seq > 3")
    db.conn.commit()
    assert "were cut off" in audit.verify(db).sentence
    db.conn.execute("delete from audit_end")
    db.conn.commit()
    assert "not the beginning of ours" in par("verify", code=1).stdout


def test_rollback_goes_back_and_refuses_what_is_not_there(
    par: Par, par_json: Par, published: list[int], inquiry: Inquiry
) -> None:
    assert "no earlier build" in par("rollback", "--yes", code=1).stderr
    par("publish")
    par("rollback", code=1, answer="n\n")
    assert publishing.live_build(inquiry.folder) == 2
    assert par_json("rollback", "--yes") == {"build": 1}
    assert publishing.live_build(inquiry.folder) == 1
    assert "no build 9" in par("rollback", "9", "--yes", code=1).stderr


def test_promise_06_a_withdrawal_leaves_no_word_in_any_file(
    par: Par, par_json: Par, published: list[int], inquiry: Inquiry, db: PrivateDatabase
) -> None:
    db.close()
    par("withdraw", "0000 0000 0000 0003", code=1, answer="n\n")
    assert holding(inquiry.folder, b"running in April")
    said = par_json("withdraw", "0000-0000-0000-0003", "--yes")
    assert said == {"stories": 1, "known": True, "erased": True}
    assert not holding(inquiry.folder, b"running in April")
    assert holding(inquiry.folder, b"running in March")
    par("verify")


def holding(folder: Path, words: bytes) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and words in p.read_bytes()]


def test_a_withdrawal_may_come_before_the_story(par_json: Par, tell: Callable[..., Any]) -> None:
    said = par_json("withdraw", "9999888877776666", "--yes")
    assert (said["stories"], said["known"]) == (0, False)
    assert tell("Late.", receipt="9999888877776666").status == "withdrawn"


def test_a_code_that_is_none_is_refused(par: Par) -> None:
    assert "16 digits" in par("withdraw", "1234", "--yes", code=1).stderr


def test_erase_says_when_nothing_waits(par_json: Par) -> None:
    assert par_json("erase", "--yes") == {"done": True, "waiting": 0, "earlier_backups": []}
