"""The community can walk away (promise 17): everything goes out, and comes in elsewhere, equal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from par_toolkit import exporting, inquiry, sealing
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import (
    audit,
    everything,
    inbox,
    people,
    receipts,
    stories,
    tombstones,
    voices,
    withdrawals,
)
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.everything import LEFT_OUT
from tests.exporting.comparing import content, without_loading, without_marks
from tests.exporting.conftest import CODE, GONE, GONE_UUID, PASSPHRASE
from tests.voices import files


@pytest.mark.parametrize("format", ["all", "json"])
def test_promise_17_with_keys_every_row_is_equal_and_everything_goes_on(
    full: Inquiry, tmp_path: Path, format: str
) -> None:
    out, new = tmp_path / "out", tmp_path / "new"
    exporting.write_folder(full.folder, out, format=format, passphrase=PASSPHRASE)
    loaded = exporting.load(out, new, passphrase=PASSPHRASE)
    assert without_loading(content(new)) == content(full.folder)
    assert (loaded.keys, loaded.withdrawn) == (True, 0)
    with open_database(new) as db:
        assert audit.verify(db).whole
        receipt = receipts.find(db, CODE)
        assert receipt is not None and receipts.stories_of(db, receipt)
        assert tombstones.refuses(db, uuid=GONE_UUID, receipt=None)
        assert tombstones.refuses(db, uuid=str(GONE_UUID), receipt=GONE)
        assert voices.faulty(db) == 0
        waiting = inbox.get(db, inbox.ids(db)[0])
        assert waiting is not None
        assert sealing.open_sealed(new, waiting.sealed) == b'{"form": "x"}'
    for name in ("inquiry.toml", "forms/story-2.toml", f"media/{files(full)[0].name}"):
        assert (new / name).read_bytes() == (full.folder / name).read_bytes()


def test_promise_17_without_keys_every_row_comes_and_the_trail_goes_on(
    full: Inquiry, tmp_path: Path
) -> None:
    out, new = tmp_path / "out", tmp_path / "new"
    exporting.write_folder(full.folder, out)
    assert not (out / "keys.age").exists()
    loaded = exporting.load(out, new)
    assert without_marks(without_loading(content(new))) == without_marks(content(full.folder))
    assert not loaded.keys
    with open_database(new) as db:
        assert audit.verify(db).whole
        assert voices.faulty(db) == 0
        assert receipts.find(db, CODE) is None
        assert not sealing.locked(new)
    assert (new / "keys/session.key").read_text() != (full.keys / "session.key").read_text()


def test_promise_15_what_came_without_its_key_cannot_be_changed_either(
    full: Inquiry, tmp_path: Path
) -> None:
    out, new = tmp_path / "out", tmp_path / "new"
    exporting.write_folder(full.folder, out)
    exporting.load(out, new)
    for table, change in (
        ("audit", "person = 99"),
        ("audit", "at = '2020-01-01T00:00:00+00:00'"),
        ("audit", "subject = 'trail 5 5 x'"),
        ("audit", "inside = 1"),
        ("audit", "action = 'sign_in'"),
        ("audit_inside", "subject = 'story 99'"),
        ("audit_inside", "digest = 'x'"),
    ):
        with open_database(new) as db:
            assert audit.verify(db).whole
            for seq in [row["seq"] for row in db.rows(f"select seq from {table}")]:
                with db.writing():
                    db.conn.execute("drop trigger if exists audit_no_update")
                    db.conn.execute("drop trigger if exists audit_inside_no_update")
                    kept = db.row(f"select * from {table} where seq = :seq", {"seq": seq})
                    db.change(f"update {table} set {change} where seq = :seq", {"seq": seq})
                    if db.row(f"select * from {table} where seq = :seq", {"seq": seq}) != kept:
                        assert not audit.verify(db).whole, (table, change, seq)
                    sets = ", ".join(f"{name} = :{name}" for name in kept or ())
                    db.change(f"update {table} set {sets} where seq = :seq", kept)


def test_promise_17_an_export_of_what_was_loaded_can_be_loaded_again(
    full: Inquiry, tmp_path: Path
) -> None:
    exporting.write_folder(full.folder, tmp_path / "one")
    exporting.load(tmp_path / "one", tmp_path / "second")
    exporting.write_folder(tmp_path / "second", tmp_path / "two", passphrase=PASSPHRASE)
    exporting.load(tmp_path / "two", tmp_path / "third", passphrase=PASSPHRASE)
    exporting.write_folder(tmp_path / "third", tmp_path / "three")
    exporting.load(tmp_path / "three", tmp_path / "fourth")
    with open_database(tmp_path / "fourth") as db:
        assert audit.verify(db).whole
    before, after = (content(one) for one in (full.folder, tmp_path / "fourth"))
    assert without_marks(after)["stories"] == without_marks(before)["stories"]


def test_promise_17_what_is_left_out_is_named_and_opens_nothing(
    full: Inquiry, tmp_path: Path
) -> None:
    with open_database(full.folder) as db:
        secrets = {
            str(value)
            for table, columns in LEFT_OUT.items()
            for column in columns
            for row in db.rows(f"select {column} as value from {table}")
            if (value := row["value"])
        }
    secrets |= {path.read_text("ascii").strip() for path in full.keys.glob("*.key")}
    assert len(secrets) >= 5
    out = tmp_path / "out"
    exporting.write_folder(full.folder, out, passphrase=PASSPHRASE)
    for path in (path for path in out.rglob("*") if path.is_file() and path.suffix != ".xlsx"):
        data = path.read_bytes()
        assert not [one for one in secrets if one.encode() in data], path
    described = json.loads((out / "datapackage.json").read_text("utf-8"))["par_toolkit"]
    for table, columns in LEFT_OUT.items():
        assert described["left_out"][table] == columns
        for column in columns:
            for name in ("README.md", "LISEZMOI.md"):
                assert f"`{table}.{column}`" in (out / name).read_text("utf-8")
    exporting.load(out, tmp_path / "new", passphrase=PASSPHRASE)
    with open_database(tmp_path / "new") as db:
        assert people.sign_in(db, "Example Steward", "CANARY made up words") is None
        assert not [p for p in people.listing(db) if p.has_password]


def test_promise_06_what_was_withdrawn_since_the_export_does_not_come_back(
    full: Inquiry, db: PrivateDatabase, tmp_path: Path
) -> None:
    out, new = tmp_path / "out", tmp_path / "new"
    exporting.write_folder(full.folder, out, passphrase=PASSPHRASE)
    withdrawals.withdraw(db, CODE)
    ledger = full.backups / tombstones.LEDGER
    loaded = exporting.load(out, new, passphrase=PASSPHRASE, ledgers=(ledger,))
    assert loaded.withdrawn == 1
    holding = [p for p in new.rglob("*") if p.is_file() and b"CANARY" in p.read_bytes()]
    assert holding == []
    assert list((new / "media").iterdir()) == []
    with open_database(new) as opened:
        assert withdrawals.pending(opened) == 0
        assert audit.verify(opened).whole
    with pytest.raises(exporting.ExportError, match="only with the keys"):
        exporting.load(out, tmp_path / "other", ledgers=(ledger,))


def test_promise_06_a_late_tablet_is_refused_in_the_new_place(
    full: Inquiry, tmp_path: Path
) -> None:
    """With the keys it is known as withdrawn; without, nobody there can open what it sealed."""
    out = tmp_path / "out"
    exporting.write_folder(full.folder, out, passphrase=PASSPHRASE)
    sealed = sealing.seal(sealing.recipient(full.folder), b"{}")
    exporting.load(out, tmp_path / "with", passphrase=PASSPHRASE)
    assert sealing.open_sealed(tmp_path / "with", sealed) == b"{}"
    with open_database(tmp_path / "with") as db:
        assert tombstones.refuses(db, uuid=GONE_UUID, receipt=None)
    exporting.load(out, tmp_path / "without")
    with pytest.raises(sealing.NotForUs):
        sealing.open_sealed(tmp_path / "without", sealed)


def test_an_export_of_an_earlier_version_is_brought_up_to_date(
    full: Inquiry, tmp_path: Path
) -> None:
    """As one looked before exports could be asked for at the desk."""
    out, new = tmp_path / "out", tmp_path / "new"
    exporting.write_folder(full.folder, out, format="json")
    path = out / "datapackage.json"
    about = json.loads(path.read_text("utf-8"))
    about["par_toolkit"]["step"] = 18
    (tmp_path / "earlier").mkdir()
    with everything.new_database(tmp_path / "earlier", 18) as db:
        known = {table.name for table in everything.tables(db)}
    for later in set(about["par_toolkit"]["rows"]) - known:
        del about["par_toolkit"]["rows"][later]
    path.write_text(json.dumps(about), "utf-8")
    exporting.load(out, new)
    assert content(new)["export_requests"] == []
    before, after = (without_marks(content(one)) for one in (full.folder, new))
    assert after["stories"] == before["stories"]


def change(out: Path, name: str, old: bytes, new: bytes) -> None:
    """Change one file of an export, and what the description says of it."""
    path = out / name
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))
    described(out, name)


def described(out: Path, name: str) -> None:
    """Have the description say that a file is as it is now."""
    import hashlib

    path = out / "datapackage.json"
    about = json.loads(path.read_text("utf-8"))
    digest = hashlib.sha256((out / name).read_bytes()).hexdigest()
    about["par_toolkit"]["files"].setdefault(name, {})["sha256"] = digest
    path.write_text(json.dumps(about), "utf-8")


def _other_row(out: Path) -> None:
    change(out, "json/stories.json", b'"uuid"', b'"other"')


def _list_in_a_row(out: Path) -> None:
    change(out, "json/consents.json", b'"wording": 1', b'"wording": [1]')


def _no_json(out: Path) -> None:
    change(out, "json/consents.json", b"{", b"")


def _broken_reference(out: Path) -> None:
    change(out, "json/consents.json", b'"story": 1,', b'"story": 999999,')


def _changed_words(out: Path) -> None:
    path = out / "json/stories.json"
    path.write_bytes(path.read_bytes().replace(b"CANARY", b"canary"))


def _missing_file(out: Path) -> None:
    (out / "json/seats.json").unlink()


def _changed_trail(out: Path) -> None:
    change(out, "json/audit.json", b'"action": "add_person"', b'"action": "sign_in"')


def _too_new(out: Path) -> None:
    about = json.loads((out / "datapackage.json").read_text("utf-8"))
    about["par_toolkit"]["step"] = 9999
    (out / "datapackage.json").write_text(json.dumps(about), "utf-8")


def _no_description(out: Path) -> None:
    (out / "datapackage.json").write_text("[1, 2", "utf-8")


def _leads_out(out: Path) -> None:
    change(out, "json/inbox.json", b'"sealed/', b'"../../sealed/')


@pytest.mark.parametrize(
    "damage",
    [
        _other_row,
        _list_in_a_row,
        _no_json,
        _broken_reference,
        _changed_words,
        _missing_file,
        _changed_trail,
        _too_new,
        _no_description,
        _leads_out,
    ],
)
def test_promise_16_a_damaged_export_is_refused_and_leaves_nothing(
    full: Inquiry, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    out, new = tmp_path / "out", tmp_path / "new"
    exporting.write_folder(full.folder, out, format="json")
    exporting.load(out, tmp_path / "whole")
    damage(out)
    with pytest.raises(exporting.ExportError):
        exporting.load(out, new)
    assert not new.exists() or list(new.iterdir()) == []


def test_files_that_lead_elsewhere_are_never_taken(full: Inquiry, tmp_path: Path) -> None:
    out, new = tmp_path / "out", tmp_path / "new"
    exporting.write_folder(full.folder, out, format="json")
    (tmp_path / "outside").write_text("outside")
    for name in ("media/../../outside", "../outside", "keys/receipt.key", "private.db", "run.sh"):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("planted", "utf-8")
        described(out, name)
    key = full.keys / "receipt.key"
    exporting.load(out, new)
    assert "planted" not in (new / "keys/receipt.key").read_text() != key.read_text()
    assert not (new / "run.sh").exists()
    (out / "media/link.webm").symlink_to(tmp_path / "outside")
    described(out, "media/link.webm")
    with pytest.raises(exporting.ExportError, match="not whole"):
        exporting.load(out, tmp_path / "second")


def test_a_wrong_passphrase_and_a_short_one_are_said(full: Inquiry, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(exporting.ExportError, match="at least 12"):
        exporting.write_folder(full.folder, out, passphrase="short")
    assert not out.exists()
    exporting.write_folder(full.folder, out, passphrase=PASSPHRASE)
    with pytest.raises(exporting.ExportError, match="does not open"):
        exporting.load(out, tmp_path / "new", passphrase="another passphrase")
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("full_folder", ["inquiry", "file", "something"])
def test_only_an_empty_folder_is_loaded_into(
    full: Inquiry, tmp_path: Path, full_folder: str
) -> None:
    out, new = tmp_path / "out", tmp_path / "new"
    exporting.write_folder(full.folder, out, format="json")
    if full_folder == "inquiry":
        inquiry.create(new, name="Made up", locality="Nowhere")
    elif full_folder == "something":
        new.mkdir()
        (new / "letter.txt").write_text("mine")
    else:
        shutil.copytree(full.folder, new)
    before = sorted(path.name for path in new.rglob("*"))
    with pytest.raises(exporting.ExportError, match="already"):
        exporting.load(out, new)
    assert sorted(path.name for path in new.rglob("*")) == before


def test_what_a_killed_loading_left_is_in_nobodys_way(full: Inquiry, tmp_path: Path) -> None:
    out, new = tmp_path / "out", tmp_path / "new"
    exporting.write_folder(full.folder, out, format="json")
    (new / ".loading-abc").mkdir(parents=True)
    (new / ".loading-abc/private.db").write_text("half")
    exporting.load(out, new)
    assert not list(new.glob(".loading-*"))


def test_stories_told_after_loading_get_numbers_of_their_own(
    full: Inquiry, tmp_path: Path, tell: Callable[..., Any], db: PrivateDatabase
) -> None:
    exporting.write_folder(full.folder, tmp_path / "out", format="json")
    exporting.load(tmp_path / "out", tmp_path / "new")
    expected = tell("The next one here.").story_id
    with open_database(tmp_path / "new") as opened:
        story = stories.get(db, expected)
        assert story is not None
        kept = stories.keep(
            opened,
            stories.Told(
                uuid=story.uuid,
                form="story",
                form_version=1,
                language="en",
                answers={"telling": "The next one there."},
                words=("telling",),
                consent={"analyse": True},
                wording=1,
                receipt=None,
                source="web",
            ),
        )
    assert kept.story_id == expected
