"""A locked inquiry: stories still come in, and what shows any says who can open it."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from par_toolkit.storage import (
    contacts,
    devices,
    inbox,
    letterbox,
    people,
    stories,
    vault,
    withdrawals,
)
from par_toolkit.storage.database import open_database
from par_toolkit.web import intake, kit
from par_toolkit.web.app import create_app
from tests import locked
from tests.locked import PASSPHRASE
from tests.sealed import SealingTablet
from tests.web.routes import knocks, path_of
from tests.web.test_web_api import CODE, UUID, said, story

OTHER = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an encrypted inquiry, open in this program."""
    return locked.new_inquiry(tmp_path / "inquiry", monkeypatch)


@pytest.fixture
def token(folder: Path) -> str:
    """Pair a tablet and lock the inquiry."""
    with open_database(folder) as db:
        found = devices.add(db, "Made-up tablet")
    vault.lock(folder)
    return found


@pytest.fixture
def app(folder: Path, token: str) -> Flask:
    """Make the app of the locked inquiry."""
    return create_app(folder)


@pytest.fixture
def tablet(client: FlaskClient, token: str, folder: Path) -> SealingTablet:
    """Hand out a tablet that seals."""
    return SealingTablet(client, token, folder)


def opened(folder: Path) -> list[stories.Story]:
    """Open the inquiry as its server does, and list its stories."""
    vault.unlock(folder, PASSPHRASE)
    intake.open_waiting(folder)
    with open_database(folder) as db:
        assert inbox.waits(db).stories == 0
        return stories.listing(db)


def test_promise_01_a_sealed_story_is_taken_and_comes_in_when_it_is_opened(
    tablet: SealingTablet, folder: Path
) -> None:
    answer = tablet.send(tablet.seal(story()), Par_Device_Seq="41", Par_Device_Numbers="1-41")
    assert answer.status_code == 201
    assert said(answer) == {
        "status": "stored",
        "message": "It is kept.",
        "stored": True,
        "uuid": UUID,
        "device_seq": 41,
        "sealed": True,
    }
    assert letterbox.waits(folder) == 1
    (kept,) = opened(folder)
    assert (kept.uuid, kept.answers) == (UUID, story()["answers"])
    assert letterbox.waits(folder) == 0


def test_promise_02_what_is_sent_again_is_kept_once(tablet: SealingTablet, folder: Path) -> None:
    body = tablet.seal(story())
    assert [tablet.send(body).status_code for _ in range(3)] == [201, 200, 200]
    assert tablet.tell().status_code == 202  # sealed anew it cannot be told from another
    assert [tablet.put(story(), uuid=OTHER).status_code for _ in range(2)] == [201, 200]
    assert sorted(one.uuid for one in opened(folder)) == sorted([UUID, OTHER])


def test_promise_02_what_was_there_before_it_was_locked_is_kept_once(
    tablet: SealingTablet, folder: Path
) -> None:
    vault.unlock(folder, PASSPHRASE)
    before = SealingTablet(create_app(folder).test_client(), tablet.token, folder)
    assert before.tell().status_code == 201
    vault.lock(folder)
    assert tablet.tell().status_code == 201
    assert len(opened(folder)) == 1


def test_promise_06_a_withdrawn_story_is_410_while_it_is_locked(
    tablet: SealingTablet, folder: Path
) -> None:
    vault.unlock(folder, PASSPHRASE)
    SealingTablet(create_app(folder).test_client(), tablet.token, folder).tell()
    with open_database(folder) as db:
        withdrawals.withdraw(db, CODE)
    vault.lock(folder)
    answer = tablet.tell()
    assert (answer.status_code, said(answer)["stored"]) == (410, False)
    assert letterbox.waits(folder) == 0


def test_promise_06_a_code_withdrawn_before_its_story_comes_is_kept_to_when_it_opens(
    tablet: SealingTablet, folder: Path
) -> None:
    vault.unlock(folder, PASSPHRASE)
    with open_database(folder) as db:
        withdrawals.withdraw(db, CODE)
    vault.lock(folder)
    assert tablet.tell().status_code == 201  # only the seal holds the code
    assert opened(folder) == []
    assert letterbox.waits(folder) == 0


def test_who_may_send_is_known_while_it_is_locked(
    app: Flask, folder: Path, tablet: SealingTablet
) -> None:
    guess = SealingTablet(app.test_client(), "a guess", folder)
    assert guess.tell().status_code == 401
    vault.unlock(folder, PASSPHRASE)
    with open_database(folder) as db:
        devices.revoke(db, 1)
    vault.lock(folder)
    answer = tablet.tell()
    assert (answer.status_code, said(answer)["status"]) == (401, "pair_again")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"no age file", "application/age", 422),
        (b"{", "application/json", 422),
        (b'{"form": "story"}', "application/json", 422),
        (b"words", "text/plain", 415),
        (b"x" * (8 * 1024 * 1024 + 1), "application/age", 413),
    ],
)
def test_what_is_no_story_is_refused_as_ever(
    tablet: SealingTablet, folder: Path, body: bytes, kind: str, status: int
) -> None:
    assert tablet.put(body, content_type=kind).status_code == status
    assert letterbox.waits(folder) == 0


def test_promise_16_a_full_disk_is_507_and_kept_nowhere_in_part(
    tablet: SealingTablet, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        answer = tablet.tell()
        assert (answer.status_code, said(answer)["status"]) == (507, "later")
    assert letterbox.waits(folder) == 0
    assert tablet.tell().status_code == 201


def test_no_tablet_is_turned_away_where_its_pairing_cannot_be_known(
    tablet: SealingTablet, folder: Path
) -> None:
    """A 401 would stop it until somebody pairs it again."""
    (folder / "letterbox" / "door.json").unlink()
    answer = tablet.tell()
    assert (answer.status_code, said(answer)["status"]) == (503, "later")
    locked.told_on_the_page(tablet.client, "Anybody may tell.")
    assert letterbox.waits(folder) == 1


def test_a_tablet_is_asked_to_come_back_for_what_only_an_open_inquiry_knows(
    client: FlaskClient, token: str
) -> None:
    answer = client.get("/api/device", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert said(answer)["status"] == "later"
    health = client.get("/api/health").get_json()
    assert (health["ok"], health["locked"], health["capture_open"]) == (True, True, True)


def test_tablets_find_the_kit_they_know(client: FlaskClient, app: Flask, folder: Path) -> None:
    with app.test_request_context("/"):
        shut = kit.newest().version
    for address in ("/tell/kit.json", "/tell/worker.js", "/tell/shell", "/tell/device"):
        assert client.get(address).status_code == 200
    vault.unlock(folder, PASSPHRASE)
    with create_app(folder).test_request_context("/"):
        assert kit.newest().version == shut


def test_telling_on_the_page_goes_on(client: FlaskClient, folder: Path) -> None:
    how = {"consent-contact": "yes", "contact-how": "Canary Lane 4"}
    fields = locked.told_on_the_page(client, "Zanzibarquartz has no bus.", **how)
    code = fields["receipt"]
    assert code[:4] in client.get("/tell/done").text
    again = client.post("/tell/story", data=fields)  # Back, and the same page once more
    assert again.status_code == 303
    letters = b"".join(one.read_bytes() for one in (folder / "letterbox").iterdir())
    for word in (b"Zanzibarquartz", b"Canary", code.encode()):
        assert word not in letters
    (kept,) = opened(folder)
    assert kept.answers["telling"] == "Zanzibarquartz has no bus."
    with open_database(folder) as db:
        assert [one.words for one in contacts.of_story(db, kept.id)] == ["Canary Lane 4"]
        assert withdrawals.withdraw(db, code).stories == 1


@pytest.mark.parametrize(
    "address", ["/mine", "/desk/", "/desk/stories", "/circles", "/desk/sign-in"]
)
def test_what_shows_stories_says_that_it_is_locked_and_who_can_open_it(
    client: FlaskClient, address: str
) -> None:
    for language, words in (
        ("en", "This inquiry is locked"),
        ("fr", "Cette enquête est verrouillée"),
    ):
        page = client.get(address, query_string={"lang": language})
        assert page.status_code == 503
        assert words in page.text and "/desk/unlock" in page.text


def test_the_first_page_says_so_too(client: FlaskClient) -> None:
    assert "This inquiry is locked just now." in client.get("/").text


def test_the_passphrase_opens_it_at_the_desk(client: FlaskClient, folder: Path) -> None:
    page = client.get("/desk/unlock").text
    fields = {"csrf_token": locked.field(page, "csrf_token"), "passphrase": PASSPHRASE}
    assert not vault.unlocked(folder)
    answer = client.post("/desk/unlock", data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/sign-in")
    assert vault.unlocked(folder)
    open_pages = create_app(folder).test_client()
    assert open_pages.get("/desk/unlock").headers["Location"] == "/desk/sign-in"
    assert open_pages.get("/desk/sign-in").status_code == 200


def test_a_wrong_passphrase_is_slowed_and_in_no_log(
    client: FlaskClient, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = locked.field(client.get("/desk/unlock").text, "csrf_token")
    fields = {"csrf_token": token, "passphrase": "Canary goose"}
    answers = [client.post("/desk/unlock", data=fields) for _ in range(8)]
    assert [one.status_code for one in answers] == [422] * 6 + [429] * 2
    assert "does not open the inquiry" in answers[0].text
    assert not any("Canary" in one.text for one in answers)
    assert "Canary" not in caplog.text
    assert not vault.unlocked(folder)
    assert client.post("/desk/unlock", data=fields | {"csrf_token": "x"}).status_code == 400


def test_a_lost_key_is_told_apart_from_a_wrong_passphrase(
    client: FlaskClient, folder: Path
) -> None:
    token = locked.field(client.get("/desk/unlock").text, "csrf_token")
    (folder / "keys" / "vault.json").write_text("{}")
    answer = client.post("/desk/unlock", data={"csrf_token": token, "passphrase": PASSPHRASE})
    assert answer.status_code == 422
    assert "missing or damaged" in answer.text


def test_a_session_from_before_it_was_locked_opens_nothing(folder: Path) -> None:
    from par_toolkit.web import sessions

    with open_database(folder) as db:
        link = people.add(db, "Amara", "steward")
        people.set_password(db, link, "a long password")
    before = create_app(folder).test_client()
    page = before.get("/desk/sign-in").text
    before.post(
        "/desk/sign-in",
        data={
            "csrf_token": locked.field(page, "csrf_token"),
            "name": "Amara",
            "password": "a long password",
        },
    )
    assert before.get("/desk/").status_code == 200
    cookie = before.get_cookie("par")
    assert cookie is not None
    sessions.end_all(folder)  # as locking and opening do
    after = create_app(folder).test_client()
    after.set_cookie("par", cookie.value)
    assert after.get("/desk/").status_code == 303


def test_no_address_stumbles_over_the_lock(client: FlaskClient, app: Flask) -> None:
    """Every route, with every method: it works without the database, or says that it is locked."""
    app.config["WTF_CSRF_ENABLED"] = False
    for rule, method in knocks(app):
        path = path_of(app, rule)
        data = {"code": CODE} if method == "POST" else None
        answer = client.open(path, method=method, data=data)
        assert answer.status_code != 500, f"{method} {path}"
        if rule.endpoint.startswith(("mine.", "circles.")) and method == "GET":
            assert answer.status_code == 503, f"{method} {path}"
