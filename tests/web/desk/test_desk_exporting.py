"""A copy of everything at the desk: two people, once, and nothing of it stays here."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from par_toolkit import exporting
from par_toolkit.exporting import writing
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import audit, export_requests, people
from par_toolkit.storage.database import PrivateDatabase, open_database
from tests.web.desk.conftest import Desk
from tests.web.pages import text_of

PAGE, TAKE = "/desk/export", "/desk/export/take"


def take(who: Desk) -> bytes:
    """Take the copy, and return the zip file."""
    with who.press(PAGE, TAKE) as response:
        assert response.status_code == 200
        assert response.mimetype == "application/zip"
        assert response.headers["Cache-Control"] == "no-store"
        assert re.search(r"attachment; filename=everything-.*\.zip", str(response.headers))
        return response.get_data()


def test_promise_17_two_people_take_a_copy_that_loads_elsewhere(
    desk: Callable[..., Desk],
    told: Callable[..., int],
    inquiry: Inquiry,
    db: PrivateDatabase,
    tmp_path: Path,
) -> None:
    told("Told with CANARY words.")
    asker, other = desk("facilitator"), desk("steward")
    before = {path.name for path in inquiry.folder.iterdir()}
    asker.press(PAGE, PAGE)
    other.press(PAGE, "/desk/export/agree")
    data = take(asker)
    assert {path.name for path in inquiry.folder.iterdir()} == before
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        assert zipped.testzip() is None
        assert "keys.age" not in zipped.namelist()
        zipped.extractall(tmp_path / "out")
    exporting.load(tmp_path / "out", tmp_path / "new")
    with open_database(tmp_path / "new") as opened:
        assert "CANARY" in str(opened.value("select answers from stories"))
    done = [row["action"] for row in audit.listing(db) if "export" in row["action"]]
    assert done == ["hand_over_export", "export_everything", "agree_to_export", "ask_for_export"]
    assert "took a copy of everything" in desk("steward").text("/desk/audit?lang=en")


def test_it_is_handed_over_once(desk: Callable[..., Desk], db: PrivateDatabase) -> None:
    asker, other = desk("facilitator"), desk("steward")
    asker.press(PAGE, PAGE)
    other.press(PAGE, "/desk/export/agree")
    number = export_requests.waiting(db)
    assert number is not None
    take(asker)
    again = asker.post(TAKE, {"request": str(number.id)})
    assert again.status_code == 422
    assert "has ended" in text_of(again)


def test_a_large_inquiry_is_handed_over_without_a_workbook(
    desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be put together in the memory of the server that people tell their stories to."""
    monkeypatch.setattr(writing, "ROWS_AT_THE_DESK", 1)
    asker, other = desk("facilitator"), desk("steward")
    asker.press(PAGE, PAGE)
    other.press(PAGE, "/desk/export/agree")
    with zipfile.ZipFile(io.BytesIO(take(asker))) as zipped:
        assert "everything.xlsx" not in zipped.namelist()
        assert b"everything.xlsx" not in zipped.read("README.md")
        zipped.extractall(tmp_path / "out")
    exporting.load(tmp_path / "out", tmp_path / "new")


def test_nobody_says_yes_to_themselves_or_takes_what_another_asked_for(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    asker, other, third = desk("facilitator"), desk("steward"), desk("steward")
    asker.press(PAGE, PAGE)
    request = export_requests.waiting(db)
    assert request is not None
    fields = {"request": str(request.id)}
    assert asker.post("/desk/export/agree", fields).status_code == 422
    assert asker.post(TAKE, fields).status_code == 422
    assert third.post(PAGE).status_code == 422, "one request at a time"
    other.press(PAGE, "/desk/export/agree")
    for who in (other, third):
        assert who.post(TAKE, fields).status_code == 422
    with pytest.raises(AssertionError, match="offers no form"):
        other.press(PAGE, TAKE)
    third.press(PAGE, "/desk/export/refuse")
    assert asker.post(TAKE, fields).status_code == 422
    assert export_requests.waiting(db) is None


@pytest.mark.parametrize("who", ["asker", "agreer"])
def test_it_ends_when_one_of_the_two_is_shut_out(
    desk: Callable[..., Desk], db: PrivateDatabase, who: str
) -> None:
    asker, other = desk("facilitator"), desk("steward")
    asker.press(PAGE, PAGE)
    other.press(PAGE, "/desk/export/agree")
    people.disable(db, asker.name if who == "asker" else other.name)
    assert export_requests.waiting(db) is None


def test_a_yes_is_for_a_day(desk: Callable[..., Desk], db: PrivateDatabase) -> None:
    desk("facilitator").press(PAGE, PAGE)
    day = timedelta(hours=export_requests.HOURS, seconds=2)
    earlier = (datetime.now(UTC) - day).isoformat(timespec="seconds")
    db.change("update export_requests set asked_at = :at", {"at": earlier})
    assert export_requests.waiting(db) is None


def test_what_is_no_request_is_refused_in_a_sentence(desk: Callable[..., Desk]) -> None:
    who = desk("facilitator")
    for number in ("", "0", "99999999999999999999", "x", "-1"):
        for act in ("agree", "refuse", "take"):
            assert who.post(f"/desk/export/{act}", {"request": number}).status_code in (400, 422)


def test_a_full_disk_hands_nothing_over_and_the_request_stays(
    desk: Callable[..., Desk], db: PrivateDatabase, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    asker, other = desk("facilitator"), desk("steward")
    asker.press(PAGE, PAGE)
    other.press(PAGE, "/desk/export/agree")

    def full(*given: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(exporting, "write_zip", full)
        assert asker.press(PAGE, TAKE).status_code == 507
    assert take(asker)


def test_the_database_refuses_one_person_for_two(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    import sqlite3

    desk("facilitator").press(PAGE, PAGE)
    with pytest.raises(sqlite3.IntegrityError):
        db.change("update export_requests set agreed_by = asked_by, agreed_at = asked_at")
