"""`par lock`, `par unlock`, and `par import` of what a tablet saved to a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import click.testing
import pytest

from par_toolkit import sealing
from par_toolkit.commands import handed_over
from par_toolkit.inquiry import Inquiry, create
from par_toolkit.storage import accounting, devices, inbox, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web import intake
from tests.sealed import export, sealed
from tests.web.test_web_api import CODE, UUID, story

Par = Callable[..., click.testing.Result]
ParJson = Callable[..., Any]
NOTHING = {"stored": 0, "same": 0, "sibling": 0, "withdrawn": 0, "refused": 0, "waiting": 0}


@pytest.fixture
def stick(par: Par, tmp_path: Path) -> Path:
    """Lock the inquiry, and return the file that holds its key."""
    sealing.make_keys(tmp_path / "inquiry")
    path = tmp_path / "stick.key"
    par("lock", "--to", path, "--yes")
    return path


@pytest.fixture
def waiting(tmp_path: Path, inquiry: Inquiry) -> Callable[..., Path]:
    """Hand out `waiting([(uuid, story), …])`, which writes a tablet's file."""
    sealing.make_keys(inquiry.folder)

    def write(told: list[tuple[str, Any]], **changes: Any) -> Path:
        path = tmp_path / "par-waiting.json"
        path.write_text(json.dumps(export(inquiry.folder, told, **changes)), "utf-8")
        return path

    return write


def put(db: PrivateDatabase, inquiry: Inquiry, told: dict[str, Any], uuid: str = UUID) -> None:
    """Put a sealed story into the inbox."""
    inbox.put(db, uuid, sealed(inquiry.folder, told))


def test_a_new_inquiry_can_seal_at_once(tmp_path: Path, par: Par) -> None:
    other = tmp_path / "new"
    words = ["--inquiry", str(other), "init", "--name", "Made up", "--locality", "Nowhere"]
    from par_toolkit.cli import main

    assert click.testing.CliRunner().invoke(main, words).exit_code == 0
    assert sealing.recipient(other).startswith("age1")


def test_locking_moves_the_key_and_unlocking_brings_it_back(
    par: Par, par_json: ParJson, inquiry: Inquiry, stick: Path, db: PrivateDatabase
) -> None:
    assert sealing.locked(inquiry.folder)
    put(db, inquiry, story())
    told = par("check").output
    assert "1 sealed stories wait, and the inquiry is locked" in told
    assert "par unlock --key FILE" in par("unlock", code=1).stderr
    answer = par_json("unlock", "--key", stick)
    assert answer == NOTHING | {"stored": 1, "refusals": [], "left": 0, "locked": True}
    assert sealing.locked(inquiry.folder), "the key was only lent"
    assert par_json("unlock", "--key", stick, "--keep")["locked"] is False
    assert stick.exists()
    assert "No sealed story waits" in par("check").output
    acts = [row["action"] for row in db.rows("select action from audit order by seq")]
    assert acts == ["lock", "unlock"]


def test_the_key_must_leave_the_folder_and_overwrites_nothing(
    par: Par, inquiry: Inquiry, tmp_path: Path
) -> None:
    sealing.make_keys(inquiry.folder)
    for inside in (inquiry.folder / "k", inquiry.keys, inquiry.folder / "forms" / ".." / "k"):
        assert "must leave this folder" in par("lock", "--to", inside, "--yes", code=1).stderr
    there = tmp_path / "there"
    there.write_text("something")
    assert "is there already" in par("lock", "--to", there, "--yes", code=1).stderr
    missing = tmp_path / "no such folder" / "k"
    assert "Traceback" not in par("lock", "--to", missing, "--yes", code=1).stderr
    assert "Nobody said yes" in par("lock", "--to", tmp_path / "k", code=1).stderr
    assert not sealing.locked(inquiry.folder)
    folder = tmp_path / "a stick"
    folder.mkdir()
    par("lock", "--to", folder, "--yes")
    assert (folder / "sealing.key").exists()
    assert "locked already" in par("lock", "--to", tmp_path / "k", "--yes", code=1).stderr


def test_backups_that_hold_the_key_are_named(par: Par, inquiry: Inquiry, tmp_path: Path) -> None:
    """A backup carries both keys, so that a lost laptop loses no sealed story."""
    from zipfile import ZipFile

    sealing.make_keys(inquiry.folder)
    par("backup")
    (backup,) = inquiry.backups.glob("*.par")
    assert {"keys/sealing.key", "keys/sealing.pub"} <= set(ZipFile(backup).namelist())
    assert "hold the key too" in par("lock", "--to", tmp_path / "k", "--yes").output


def test_another_key_opens_nothing(
    par: Par, stick: Path, tmp_path: Path, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    put(db, inquiry, story())
    other = create(tmp_path / "other", name="Made up", locality="Elsewhere").folder
    sealing.make_keys(other)
    key = other / "keys" / "sealing.key"
    assert "belongs to another inquiry" in par("unlock", "--key", key, code=1).stderr
    public = inquiry.keys / "sealing.pub"
    assert "holds no opening key" in par("unlock", "--key", public, code=1).stderr
    assert "cannot be read" in par("unlock", "--key", tmp_path / "none", code=1).stderr
    par("unlock", "--keep", code=2)
    assert inbox.waits(db).stories == 1


def test_promise_16_what_is_refused_on_opening_is_told_and_stays(
    par: Par, par_json: ParJson, stick: Path, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    put(db, inquiry, story(form="nothing"))
    put(db, inquiry, story(), uuid=str(uuid4()))
    put(db, inquiry, story(), uuid=str(uuid4()))
    told = par("unlock", "--key", stick).output
    assert "2 stories came in." in told
    assert "1 story was not taken:" in told and f"{UUID}: There is no form 'nothing'" in told
    assert "1 story is still in the inbox" in told
    again = par_json("unlock", "--key", stick)
    assert (again["refused"], again["stored"], again["left"]) == (1, 0, 1)
    assert again["refusals"][0]["uuid"] == UUID
    par("unlock", "--key", stick, "--keep")
    assert "could not be kept. See why: par unlock" in par("check", code=1).output


def test_stopping_says_what_is_kept(
    par: Par, stick: Path, inquiry: Inquiry, db: PrivateDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(db, inquiry, story())

    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(intake, "keep", stopped)
        assert "the rest waits in the inbox" in par("unlock", "--key", stick, code=1).stderr
    assert inbox.waits(db).stories == 1
    assert "1 story came in." in par("unlock", "--key", stick).output


def test_promise_16_a_tablets_file_comes_in_once(
    par: Par, par_json: ParJson, waiting: Callable[..., Path], db: PrivateDatabase
) -> None:
    other = str(uuid4())
    file = waiting(
        [
            (UUID, story()),
            (other, story(receipt="9999888877776666")),
            (UUID, story(answers={"telling": "Other words."})),
            (str(uuid4()), story(form="nothing")),
            ("not a uuid \ud800", story()),
        ]
    )
    answer = par_json("import", file)
    assert {name: answer[name] for name in NOTHING} == NOTHING | {
        "stored": 2,
        "sibling": 1,
        "refused": 2,
    }
    assert "There is no form 'nothing'" in answer["refusals"][0]["reason"]
    withdrawals.withdraw(db, "9999888877776666")
    again = par_json("import", file)
    assert {name: again[name] for name in NOTHING} == NOTHING | {
        "same": 1,
        "sibling": 1,
        "withdrawn": 1,
        "refused": 2,
    }
    assert [one.uuid for one in stories.listing(db)] == [UUID]
    assert accounting.account(db).balanced


def test_a_tablets_file_is_known_by_what_is_in_it(
    par: Par, waiting: Callable[..., Path], tmp_path: Path, db: PrivateDatabase
) -> None:
    named = tmp_path / "answers.csv"
    named.write_bytes(b"\xef\xbb\xbf \n" + waiting([(UUID, story())]).read_bytes())
    assert "1 story came in." in par("import", named).output
    csv = tmp_path / "rows.json"
    csv.write_text("telling\nThe made-up bus was late.\n")
    par("import", csv, code=2)  # a CSV file needs --consent
    par("import", csv, "--map", "telling=telling", "--consent", "analyse")
    assert stories.count(db) == 2


def test_its_numbers_count_as_arrived_where_the_file_says_whose_they_are(
    par: Par, par_json: ParJson, waiting: Callable[..., Path], db: PrivateDatabase
) -> None:
    made = par_json("devices", "add", "Made-up tablet")
    par("import", waiting([(UUID, story(device_seq=2))], device=made["device"]))
    (listed,) = par_json("devices", "list")
    assert (listed["arrived"], listed["of"], listed["missing"]) == (1, 2, [1])
    par("import", waiting([(UUID, story(device_seq=2))], device=99))


def test_a_file_with_stories_of_two_inquiries_goes_to_both(
    par_json: ParJson, waiting: Callable[..., Path], inquiry: Inquiry, db: PrivateDatabase
) -> None:
    """A tablet that came to another inquiry still holds what was told for the one before."""
    made = par_json("devices", "add", "Made-up tablet")
    ours, theirs = sealing.recipient(inquiry.folder), "age1another"
    for head, of_first in ((theirs, ours), (ours, theirs)):
        file = waiting([(UUID, story()), (str(uuid4()), story())], device=made["device"])
        told = json.loads(file.read_text("utf-8"))
        told["recipient"] = head
        told["stories"][0]["recipient"] = of_first
        told["stories"][1]["uuid"] = str(uuid4())
        file.write_text(json.dumps(told), "utf-8")
        answer = par_json("import", file)
        assert (answer["stored"], answer["refused"]) == (1, 1)
        assert "another inquiry" in answer["refusals"][0]["reason"]
    (listed,) = par_json("devices", "list")
    assert listed["arrived"] == 1, "numbers are those of the inquiry that the tablet is in now"


def test_a_locked_inquiry_puts_a_tablets_file_into_the_inbox(
    par_json: ParJson,
    waiting: Callable[..., Path],
    stick: Path,
    db: PrivateDatabase,
) -> None:
    file = waiting([(UUID, story()), (str(uuid4()), story())])
    assert par_json("import", file)["waiting"] == 2
    again = par_json("import", file)
    assert (again["waiting"], again["same"]) == (0, 2)
    assert par_json("unlock", "--key", stick)["stored"] == 2
    assert stories.count(db) == 2


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda text: text[:-40], "damaged or not whole"),
        (lambda text: text.replace('"stories"', '"tales"'), "damaged or not whole"),
        (lambda text: text.replace('"par_waiting": 1', '"par_waiting": 2'), "newer version"),
        (lambda text: text.replace('"stories": [', '"stories": ["x", '), "damaged or not whole"),
        (lambda text: text.replace('"sealed": "', '"sealed": "!'), "No story of"),
        (lambda text: text.replace('"sealed": "YWdl', '"sealed": "AAAA'), "No story of"),
        (lambda text: text.replace('"recipient": "age1', '"recipient": "age2'), "for the inquiry"),
        (lambda text: text.replace('"recipient"', '"for"'), "for the inquiry"),
    ],
)
def test_promise_16_a_file_that_will_not_do_is_refused_in_a_sentence(
    par: Par,
    waiting: Callable[..., Path],
    db: PrivateDatabase,
    spoil: Callable[[str], str],
    says: str,
) -> None:
    file = waiting([(UUID, story())])
    spoiled = spoil(file.read_text("utf-8"))
    assert spoiled != file.read_text("utf-8")
    file.write_text(spoiled, "utf-8")
    assert says in par("import", file, code=1).stderr
    assert stories.count(db) == 0


def test_stopping_an_import_says_how_to_go_on(
    par: Par, waiting: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(handed_over, "_take", stopped)
    told = par("import", waiting([(UUID, story())]), code=1).stderr
    assert "nothing comes in twice" in " ".join(told.split())


def test_pairing_prints_a_square_and_a_code_to_type(
    par: Par, par_json: ParJson, db: PrivateDatabase, inquiry: Inquiry
) -> None:
    told = par("devices", "add", "Made-up tablet", "--address", "https://hub.example/").output
    link = next(line.strip() for line in told.splitlines() if "/tell/device#" in line)
    token = link.partition("#")[2]
    assert link == f"https://hub.example/tell/device#{token}"
    assert devices.grouped(token) in told
    assert sum(line.startswith("█") for line in told.splitlines()) > 15
    made = par_json("devices", "add", "Made-up tablet")
    assert made["device"] == 2, "the same name makes a new pairing"
    assert made["recipient"] == sealing.recipient(inquiry.folder)
    assert devices.by_token(db, token) is not None
    assert CODE not in told
