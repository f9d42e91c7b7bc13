"""I need help now: from somebody who takes part to the safeguarding contact, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from par_toolkit import checking_help, exporting, publishing
from par_toolkit.inquiry import Inquiry
from par_toolkit.permissions import DESK
from par_toolkit.storage import audit, help_requests, people, retention, vault
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.help_requests import Asked
from par_toolkit.web.app import create_app
from tests import locked
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, text_of
from tests.web.test_web_kit import parts

PAGE = "/desk/help"
WORDS = {"name": "Canaryname", "reach": "Canaryreach 07700 900123", "when": "Canarywhen"}
OFFER = "safeguarding contact get in touch"


def ask(client: FlaskClient, **fields: str) -> TestResponse:
    """Open the page and send its form."""
    form = forms_of(client.get("/help?lang=en"))["/help"].fields
    return client.post("/help", data=form | fields)


def test_whoever_asks_is_seen_by_the_safeguarding_contact_alone(
    client: FlaskClient, desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    contact = desk("safeguarding")
    answer = ask(client, **WORDS)
    assert answer.headers["Location"] == "/help/done"
    done = client.get("/help/done?lang=en")
    assert "The safeguarding contact will see it" in text_of(done)
    assert "112" in text_of(done), "the numbers are there, in case it cannot wait"
    assert "1 new request for help" in text_of(contact.get("/desk/?lang=en"))
    page = contact.text(PAGE)
    assert all(word in page for word in WORDS.values())
    for role in sorted(DESK - {"safeguarding"}):
        reader = desk(role)
        assert reader.get(PAGE).status_code == 403
        assert reader.post(PAGE, {"request": "1", "state": "done"}).status_code == 403
        for path in ("/desk/", "/desk/audit", "/desk/people"):
            page = reader.text(path)
            assert "Canary" not in page and "help asked for" not in page.lower()


def test_what_was_asked_is_in_no_byte_of_the_folder_and_of_no_story(
    client: FlaskClient, desk: Callable[..., Desk], db: PrivateDatabase, inquiry: Inquiry
) -> None:
    desk("safeguarding")
    ask(client, **WORDS)
    held = b"".join(path.read_bytes() for path in inquiry.folder.rglob("*") if path.is_file())
    assert b"Canary" not in held and b"07700" not in held
    assert b"Made-up safeguarding" in held, "the search finds what is not encrypted"
    row = db.row("select * from help_requests") or {}
    assert set(row) == {"id", "words", "state", "asked_at", "done_at"}, "nothing leads to a story"
    assert row["asked_at"][14:19] == "00:00", "the hour, so that it matches no story's moment"
    assert not [r for r in audit.listing(db) if r["role"] == "participant"], "nor does the trail"


def test_it_is_in_no_export_and_in_no_build(
    client: FlaskClient,
    desk: Callable[..., Desk],
    db: PrivateDatabase,
    inquiry: Inquiry,
    tmp_path,
) -> None:
    desk("safeguarding")
    ask(client, **WORDS)
    exporting.write_folder(inquiry.folder, tmp_path / "out")
    publishing.publish(inquiry.folder)
    builds = list((inquiry.folder / "findings").glob("build-*.db"))
    assert builds
    for path in [*(tmp_path / "out").rglob("*"), *builds]:
        if path.is_file():
            held = path.read_bytes()
            assert b"Canary" not in held
            assert path.suffix in (".md", ".json") or b"help_requests" not in held
    assert not list((tmp_path / "out").rglob("*help_requests*"))


def test_every_part_may_be_left_out(
    client: FlaskClient, desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    contact = desk("safeguarding")
    assert ask(client).status_code == 303
    assert help_requests.listing(db)[0].asked == Asked()
    assert "not said" in contact.text(f"{PAGE}?lang=en")


def test_what_is_refused_comes_back_with_every_word(
    client: FlaskClient, desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    desk("safeguarding")
    long = "Call me. " * 200
    answer = ask(client, when=long, name="Mara")
    assert answer.status_code == 422 and "at most 500" in text_of(answer)
    assert forms_of(answer)["/help"].fields["name"] == "Mara"
    assert long.strip() in text_of(answer)
    without_token = client.post("/help", data={"name": "Mara"})
    assert without_token.status_code == 400
    assert forms_of(without_token)["/help"].fields["name"] == "Mara"
    assert help_requests.listing(db) == []


def test_where_nobody_would_read_it_nobody_is_asked_to_write(
    client: FlaskClient, desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    """A request that nobody reads is worse than none: the numbers stand there either way."""
    page = client.get("/help?lang=en")
    assert "/help" not in forms_of(page) and "112" in text_of(page)
    assert OFFER not in text_of(client.get("/tell/story?lang=en"))
    people.add(db, "Made-up Sam", "safeguarding")
    assert not help_requests.offered(db), "whoever has not used the link cannot sign in"
    contact = desk("safeguarding")
    for path in ("/", "/tell", "/tell/story", "/mine"):
        assert OFFER in text_of(client.get(f"{path}?lang=en")), path
    fields = forms_of(client.get("/help"))["/help"].fields
    people.disable(db, contact.name)
    answer = client.post("/help?lang=en", data=fields | WORDS)
    assert answer.status_code == 422 and "call one of the numbers" in text_of(answer)


def test_promise_03_nothing_asked_is_shown_to_the_next_person(
    client: FlaskClient, desk: Callable[..., Desk]
) -> None:
    desk("safeguarding")
    form = forms_of(client.get("/help"))["/help"].fields
    client.post("/help", data=form | WORDS)
    client.get("/help/done")
    for path in ("/help", "/help/done", "/tell", "/"):
        answer = client.get(path)
        assert "Canary" not in answer.get_data(as_text=True)
        assert answer.headers["Cache-Control"] == "no-store"
    again = client.post("/help", data=form | WORDS)  # as Back and Reload would
    assert again.headers["Location"] == "/help/done", "the next person sees nobody else's words"
    other = client.post("/help", data=form | {"uuid": "", "name": "Canaryname"})
    assert other.status_code == 400, "nor sends them"


def test_what_is_sent_twice_is_kept_once_and_other_words_beside_it(
    client: FlaskClient, desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    desk("safeguarding")
    form = forms_of(client.get("/help"))["/help"].fields
    for words in (WORDS, WORDS, WORDS | {"reach": "another number"}):
        assert client.post("/help", data=form | words).status_code == 303
    kept = [one.asked.reach for one in help_requests.listing(db) if one.asked]
    assert sorted(kept) == sorted([WORDS["reach"], "another number"])


def test_a_machine_that_fills_the_list_is_slowed(
    client: FlaskClient, desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    desk("safeguarding")
    form = forms_of(client.get("/help"))["/help"].fields
    answers = [client.post("/help", data=form).status_code for _ in range(21)]
    assert answers == [303] * 20 + [429]


def test_the_contact_says_how_far_it_has_come(
    client: FlaskClient, desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    contact = desk("safeguarding")
    ask(client, name="First")
    ask(client, name="Second")
    first = next(r for r in help_requests.listing(db) if r.asked and r.asked.name == "First")
    for state in ("seen", "done", "new", "done"):
        contact.post(PAGE, {"request": first.id, "state": state})
        now = {r.id: r for r in help_requests.listing(db)}[first.id]
        assert now.state == state and (now.done_at is not None) == (state == "done")
    assert [r.state for r in help_requests.listing(db)] == ["new", "done"]
    for fields in ({"request": "x", "state": "done"}, {"request": first.id, "state": "gone"}):
        assert contact.post(PAGE, fields).status_code == 422
    rows = [row["action"] for row in audit.listing(db) if row["action"].startswith("help_")]
    assert rows == ["help_done", "help_new", "help_done", "help_seen"]
    assert "help" not in str(audit.public_rows(db))
    assert "saw to a request for help" in desk("steward").text("/desk/audit?lang=en")


def test_what_was_seen_to_is_erased_in_time_and_what_waits_is_not(
    desk: Callable[..., Desk], db: PrivateDatabase, inquiry: Inquiry
) -> None:
    contact = desk("safeguarding")
    sam = people.by_name(db, contact.name)
    assert sam is not None
    for name in ("old", "fresh", "waits"):
        help_requests.ask(db, Asked(name))
    ids = {r.asked.name: r.id for r in help_requests.listing(db) if r.asked}
    for name in ("old", "fresh"):
        help_requests.mark(db, ids[name], "done", by=sam)
    now = datetime.now(UTC)
    assert inquiry.retention.help is not None
    ended = inquiry.retention.help.before(now) - timedelta(hours=1)
    long_ago = {"at": ended.isoformat(timespec="seconds"), "old": ids["old"]}
    db.change("update help_requests set asked_at = :at", {"at": long_ago["at"]})
    db.change("update help_requests set done_at = :at where id = :old", long_ago)
    said = "Calls for help"
    assert said in contact.text("/desk/times?lang=en") and said in contact.text("/desk/?lang=en")
    for path in ("/desk/times?lang=en", "/desk/?lang=en"):
        assert said not in desk("steward").text(path), "nobody else hears that there was one"
    assert retention.erase(db, inquiry.retention, now)["help"] == 1
    assert retention.erase(db, inquiry.retention, now)["help"] == 0
    assert {r.id for r in help_requests.listing(db)} == {ids["fresh"], ids["waits"]}
    assert help_requests.waiting_since(db) == long_ago["at"]
    assert "help" not in str(audit.public_rows(db))


def test_a_request_that_was_moved_or_touched_says_so_and_hides_no_other(
    client: FlaskClient, desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    contact = desk("safeguarding")
    ask(client, name="First")
    ask(client, name="Second")
    one, other = (r.id for r in help_requests.listing(db))
    db.change(
        """
        update help_requests set words = (select words from help_requests where id = :other)
        where id = :one
        """,
        {"one": one, "other": other},
    )
    page = text_of(contact.get(f"{PAGE}?lang=en"))
    assert "cannot be read any more" in page
    assert ("First" in page) != ("Second" in page)


def test_a_full_list_leads_to_the_numbers(
    client: FlaskClient, desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk("safeguarding")
    monkeypatch.setattr(help_requests, "MOST", 1)
    assert ask(client).status_code == 303
    assert "call one of the numbers" in text_of(ask(client))


def test_check_says_whether_anybody_is_there_and_who_waits_for_long(
    desk: Callable[..., Desk], db: PrivateDatabase, inquiry: Inquiry
) -> None:
    def said() -> tuple[str, str]:
        (found,) = checking_help.safeguarding(db, inquiry)
        return found.state, found.sentence

    assert said()[0] == "note" and "--role safeguarding" in said()[1]
    desk("safeguarding")
    help_requests.ask(db, Asked("Canaryname"))
    assert said()[0] == "ok"
    before = datetime.now(UTC) - checking_help.LONG - timedelta(hours=2)
    db.change("update help_requests set asked_at = :at", {"at": before.isoformat()})
    assert said()[0] == "mend" and "Canary" not in said()[1]


def test_a_tablet_keeps_the_numbers_and_no_form(
    client: FlaskClient, desk: Callable[..., Desk]
) -> None:
    """Without a network a request would go nowhere: there the numbers stand alone."""
    desk("safeguarding")
    assert OFFER in text_of(client.get("/tell?lang=en")), "while the page of the server has both"
    kept = {at: page for at, page in parts(client).items() if "/tell" in at and "?lang=" in at}
    assert len(kept) > 4
    for address, page in kept.items():
        assert "tel:112" in page, address
        assert OFFER not in page and 'action="/help"' not in page, address


def test_where_the_inquiry_is_locked_the_numbers_are_there_and_no_word_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = locked.new_inquiry(tmp_path / "inquiry", monkeypatch)
    with open_database(folder) as opened:
        link = people.add(opened, "Made-up Sam", "safeguarding")
        people.set_password(opened, link, "four made up words")
    client = create_app(folder).test_client()
    fields = forms_of(client.get("/help"))["/help"].fields
    vault.lock(folder)
    shut = create_app(folder).test_client()
    page = shut.get("/help?lang=en")
    assert page.status_code == 200 and "112" in text_of(page) and "/help" not in forms_of(page)
    token = forms_of(shut.get("/tell/story"))["/tell/story"].fields["csrf_token"]
    answer = shut.post("/help?lang=en", data=fields | WORDS | {"csrf_token": token})
    assert answer.status_code == 503 and "112" in text_of(answer)
    assert forms_of(answer)["/help"].fields["reach"] == WORDS["reach"]
