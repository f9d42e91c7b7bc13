"""What the commands do with an inquiry: people, tablets, paper, and what `par check` finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from par_toolkit import publishing
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import consents, devices, people
from par_toolkit.storage.database import PrivateDatabase

Par = Callable[..., Any]


# ------------------------------------------------------------------------------ people and tablets


def test_people_add_gives_a_link_with_which_the_password_is_set(
    par_json: Par, db: PrivateDatabase
) -> None:
    said = par_json("people", "add", "Example One", "--role", "steward")
    assert (said["name"], said["role"]) == ("Example One", "steward")
    address, _, code = said["link"].partition("#")
    assert address == "http://127.0.0.1:8000/desk/welcome"
    assert people.set_password(db, code, "three made up words").name == "Example One"
    assert par_json("people", "list") == [
        {"name": "Example One", "role": "steward", "state": "may sign in"}
    ]


def test_people_disable_asks_and_shuts_out(par: Par, par_json: Par) -> None:
    par("people", "add", "Example One", "--role", "steward")
    assert (
        "Nothing was changed"
        in par("people", "disable", "Example One", code=1, answer="n\n").stderr
    )
    unanswered = par("people", "disable", "Example One", code=1, answer="").stderr
    assert "nothing was changed" in unanswered and "--yes" in unanswered
    par("people", "disable", "example one", answer="y\n")
    assert par_json("people", "list")[0]["state"] == "disabled"
    par("people", "disable", "Nobody", "--yes", code=1)
    par("people", "add", "Example One", "--role", "king", code=2)


def test_devices_are_paired_listed_and_revoked(
    par: Par, par_json: Par, db: PrivateDatabase
) -> None:
    said = par_json("devices", "add", "Tablet 3", "--until", "tonight")
    assert said["link"].endswith(f"#{said['token']}")
    found = devices.by_token(db, said["token"])
    assert found is not None
    assert (found.id, found.name) == (said["device"], "Tablet 3")
    assert par_json("devices", "list")[0]["state"] == "paired"
    par("devices", "revoke", "tablet 3", "--yes")
    assert devices.by_token(db, said["token"]) is None
    assert "No paired tablet" in par("devices", "revoke", "Tablet 3", "--yes", code=1).stderr


def test_two_tablets_of_one_name_are_told_apart_by_number(par: Par) -> None:
    par("devices", "add", "Tablet")
    par("devices", "add", "Tablet")
    assert "Give a number: 1, 2" in par("devices", "revoke", "Tablet", "--yes", code=1).stderr
    par("devices", "revoke", "2", "--yes")


@pytest.mark.parametrize("until", ["yesterday", "2001-01-01", "9999-99-99"])
def test_a_pairing_cannot_end_in_the_past_or_never_never(par: Par, until: str) -> None:
    par("devices", "add", "Tablet", "--until", until, code=2)


# ---------------------------------------------------------------------------------- paper and check


def test_paper_is_one_page_that_needs_nothing_beside_it(par: Par, tmp_path: Path) -> None:
    out = tmp_path / "story.html"
    par("paper", "story", "--language", "fr", "--out", out)
    page = out.read_text("utf-8")
    assert '<html lang="fr"' in page
    assert "data:text/css;base64," in page
    par("paper", "story", "--out", out, code=1, answer="n\n")
    assert '<html lang="fr"' in out.read_text("utf-8")
    assert "There is no form" in par("paper", "poem", "--out", out, code=1).stderr


def states(said: dict[str, Any]) -> dict[str, str]:
    return {one["check"]: one["state"] for one in said["checks"]}


def test_check_finds_a_new_inquiry_right(par_json: Par) -> None:
    said = par_json("check")
    assert said["ok"]
    assert {"settings", "forms", "disk", "clock", "keys", "HTTPS", "help contacts"} <= set(
        states(said)
    )


@pytest.mark.parametrize(
    ("open_to", "word", "says"),
    [
        ("everybody", "", "Everybody may look at the findings, search engines too."),
        ("word", "blue heron", "Whoever types the shared word looks"),
        ("people", "", "1 people may sign in and look"),
    ],
)
def test_check_says_who_may_look(
    par_json: Par, inquiry: Inquiry, db: PrivateDatabase, open_to: str, word: str, says: str
) -> None:
    people.set_password(db, people.add(db, "Example Gus", "guest"), "a long password")
    people.add(db, "Example Ama", "guest")
    path = inquiry.folder / "inquiry.toml"
    text = path.read_text("utf-8").replace('open_to = "everybody"', f'open_to = "{open_to}"')
    path.write_text(text.replace('word = ""', f'word = "{word}"'), "utf-8")
    found = {one["check"]: one for one in par_json("check")["checks"]}["who may look"]
    assert found["state"] == "ok" and found["sentence"].startswith(says)


@pytest.mark.parametrize(
    ("chosen", "says"),
    [("kind", "went well or was hard"), ("group", "Groups of identity"), ("nothing", "Nothing")],
)
def test_check_says_what_stands_beside_quotes(
    par_json: Par, inquiry: Inquiry, chosen: str, says: str
) -> None:
    path = inquiry.folder / "inquiry.toml"
    text = path.read_text("utf-8").replace('beside_quotes = "kind"', f'beside_quotes = "{chosen}"')
    path.write_text(text, "utf-8")
    found = {one["check"]: one for one in par_json("check")["checks"]}["quotes"]
    assert found["state"] == "ok" and says in found["sentence"]


def test_a_guest_is_added_and_says_yes_to_nothing(par: Par, par_json: Par) -> None:
    assert "/desk/welcome#" in par("people", "add", "Example Gus", "--role", "guest").stdout
    assert par_json("people", "list")[0]["role"] == "guest"
    refused = par("endorse", 1, "--by", "Example Gus", code=1)
    assert "is a guest here" in refused.stderr


def test_publish_and_check_say_what_waits(
    par: Par, par_json: Par, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    path = inquiry.folder / "inquiry.toml"
    path.write_text(path.read_text("utf-8").replace("approvals = 0", "approvals = 1"), "utf-8")
    assert "Nothing waits for a yes." in par("publish", "--waiting").stdout
    said = par_json("check", code=1)
    assert states(said)["approval"] == "mend", "nobody could ever say yes"
    steward = people.set_password(
        db, people.add(db, "Example Steward", "steward"), "a long password"
    )
    assert states(par_json("check"))["approval"] == "ok"
    assert "waits until a steward has read it" in par("publish").stdout
    assert publishing.live_build(inquiry.folder) is None
    assert par_json("publish", "--waiting") == {"build": 1, "yes": [], "needed": 1}
    assert "Build 1 waits: 0 of 1 stewards have said yes." in par("check").stdout
    publishing.approve(inquiry.folder, 1, by=steward)
    assert par_json("publish", "--waiting") is None
    assert publishing.live_build(inquiry.folder) == 1


def test_check_names_what_must_be_mended(
    par_json: Par, inquiry: Inquiry, tell: Callable[..., Any], db: PrivateDatabase
) -> None:
    (inquiry.keys / "receipt.key").chmod(0o644)
    (inquiry.forms_folder / "story-2.toml").write_text("form = 1\n")
    tell()
    text = (inquiry.folder / "inquiry.toml").read_text("utf-8")
    texts = {"intro": {}, "uses": {}}
    consents.remember_wording(db, 1, texts)
    (inquiry.folder / "inquiry.toml").write_text(text.replace("[[help]]", "[[no_help]]"), "utf-8")
    late = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="seconds")
    from par_toolkit.storage import audit as trail

    trail.record(db, "something", role="steward")
    db.conn.execute("drop trigger audit_no_update")
    db.conn.execute("update audit set at = :late", {"late": late})
    db.conn.commit()
    said = par_json("check", code=1)
    assert not said["ok"]
    mend = {name for name, state in states(said).items() if state == "mend"}
    assert {"keys", "forms", "help contacts", "clock", "consent", "audit trail"} <= mend


def test_check_of_settings_that_cannot_be_read(par: Par, inquiry: Inquiry) -> None:
    (inquiry.folder / "inquiry.toml").write_text("[inquiry\n")
    assert "MEND  settings" in par("check", code=1).stdout
