"""What the commands do with an inquiry: people, tablets, import, themes, release, findings."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from par_toolkit import publishing
from par_toolkit.commands import bring_in, release
from par_toolkit.commands.bring_in import no_formula
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import audit, consents, devices, people, redactions, stories, themes
from par_toolkit.storage.database import PrivateDatabase

Par = Callable[..., Any]


def actions(db: PrivateDatabase) -> list[tuple[str, str]]:
    return [(row["action"], row["role"]) for row in reversed(audit.listing(db, limit=1_000))]


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "told.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


IMPORT = ("--form", "story", "--map", "telling=text", "--consent", "analyse,quote")

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


# ------------------------------------------------------------------------------------------ import


def test_import_tells_what_came_in_and_what_did_not(par: Par, tmp_path: Path) -> None:
    path = write(tmp_path, "text,group\none,Night staff\n ,x\ntwo,residents\na,b,c\n")
    said = par("import", path, *IMPORT, "--map", "group=group").stdout
    assert "2 stories came in." in said
    assert "Night staff (1)" in said
    assert "line 3: There are no words in the column 'text'." in said
    assert "line 5: The row has 3 cells, but there are 2 columns." in said


def test_import_as_json_and_again(par_json: Par, tmp_path: Path) -> None:
    path = write(tmp_path, "text\none\none\n\x07\n")
    first = par_json("import", path, *IMPORT)
    assert first == {
        "came_in": 2,
        "already_here": 0,
        "withdrawn": 0,
        "not_taken": [{"line": 4, "reason": "There are no words in the column 'text'."}],
        "unknown_groups": [],
    }
    assert par_json("import", path, *IMPORT) == first | {"came_in": 0, "already_here": 2}


def test_a_report_holds_every_row_that_was_not_taken(par: Par, tmp_path: Path) -> None:
    path = write(tmp_path, "text,x\n" + "word,1\n" + " ,1\n" * 30)
    report = tmp_path / "report.csv"
    said = par("import", path, *IMPORT, "--report", report)
    assert "and 10 more" in said.stdout
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 31
    assert rows[0] == ["line", "reason"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\uff1d1", "  =1", "\tx", "\rx", "\0x"])
def test_no_cell_of_a_report_is_a_formula(cell: str) -> None:
    assert no_formula(cell) == f"'{cell}"
    assert no_formula("plain") == "plain"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "is empty"),
        ("text\n", "no rows"),
        ("words\nx\n", "The columns there are: words."),
        ("text\n \n", "No row of told.csv could be taken."),
        (b"PK\x03\x04" + b"\0" * 50, "Save as"),
    ],
)
def test_a_file_that_brings_nothing_is_refused(
    par: Par, tmp_path: Path, text: str | bytes, part: str
) -> None:
    assert part in par("import", write(tmp_path, text), *IMPORT, code=1).stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ["--map", "telling", "--consent", "quote"],
        ["--map", "telling=text", "--consent", "all"],
        ["--map", "telling=text"],
        ["--map", "telling=text", "--map", "telling=b", "--consent", "none"],
        ["--map", "telling=text", "--consent", "none", "--language", "English!"],
    ],
)
def test_mistakes_of_usage_in_import(par: Par, tmp_path: Path, wrong: list[str]) -> None:
    par("import", write(tmp_path, "text\nx\n"), *wrong, code=2)


def test_import_of_an_unknown_form_names_the_forms_there_are(par: Par, tmp_path: Path) -> None:
    path = write(tmp_path, "text\nx\n")
    said = par("import", path, "--form", "poem", "--map", "a=text", "--consent", "none", code=1)
    assert "feedback, reflection, story" in said.stderr


def test_an_import_that_is_stopped_says_how_to_go_on(
    par: Par, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bring_in, "bring_in", stop)
    said = par("import", write(tmp_path, "text\nx\n"), *IMPORT, code=1)
    assert "Run the same command again" in said.stderr


NHS = Path(os.environ.get("PAR_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.mark.skipif(
    not (NHS / "nhs_feedback.csv").is_file(), reason="the shared data set is not here"
)
def test_10302_real_comments_come_in_once(par_json: Par) -> None:
    path = NHS / "nhs_feedback.csv"
    first = par_json("import", path, *IMPORT)
    assert (first["came_in"], first["not_taken"]) == (10_302, [])
    again = par_json("import", path, *IMPORT)
    assert (again["came_in"], again["already_here"]) == (0, 10_302)


# ------------------------------------------------------------- from proposals to findings and back

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
    """What is left of the trail is whole by itself; the build knows how far it had come."""
    db.conn.execute("drop trigger audit_no_delete")
    db.conn.execute("delete from audit where seq > 3")
    db.conn.commit()
    assert audit.verify(db).whole
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
    assert par_json("erase", "--yes") == {"done": True, "waiting": 0}


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
