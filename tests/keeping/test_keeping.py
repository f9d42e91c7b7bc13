"""Backups are one whole file; restoring one brings back nothing that was taken back since."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from par_toolkit import publishing, sealing
from par_toolkit.inquiry import Inquiry, Retention, create
from par_toolkit.keeping import BackupError, back_up, naming, periods, restore
from par_toolkit.storage import (
    accounting,
    audit,
    clock_seen,
    consents,
    devices,
    help_requests,
    people,
    published,
    receipts,
    releases,
    retention,
    shaping,
    sittings,
    staging,
    stories,
    themes,
    tombstones,
    vectors,
    withdrawals,
)
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.theming import propose

CODE = "1111222233334444"
OTHER = "5555666677778888"


@pytest.fixture
def told(tell: Callable[..., Any], inquiry: Inquiry) -> tuple[int, int]:
    """Tell two stories under two receipt codes, and put something into each folder."""
    (inquiry.media / "picture.png").write_bytes(b"a picture")
    return (
        tell("The lift was broken for CANARY weeks.", receipt=CODE).story_id,
        tell("The nurse rang back as promised.", receipt=OTHER).story_id,
    )


def tellings(folder: Path) -> list[str]:
    with open_database(folder) as db:
        return sorted(story.answers["telling"] for story in stories.listing(db))


def holding(folder: Path, words: bytes) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and words in p.read_bytes()]


def until(happened: Callable[[], bool]) -> None:
    """Wait for something that another thread does; it is a fault if it never does."""
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# ------------------------------------------------------------------------------------------ backup


def test_a_backup_is_one_file_that_only_its_owner_can_read(
    told: Any, inquiry: Inquiry, tmp_path: Path
) -> None:
    made = back_up(inquiry.folder, to=tmp_path / "usb")
    assert list((tmp_path / "usb").iterdir()) == [made.path]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert made.path.name.startswith("inquiry-")
    with zipfile.ZipFile(made.path) as archive:
        assert set(archive.namelist()) == {
            "manifest.json",
            "inquiry.toml",
            "private.db",
            "keys/receipt.key",
            "keys/session.key",
            "media/picture.png",
        }


def test_the_ledger_stands_beside_the_backups_and_sorts_before_them(
    told: Any, inquiry: Inquiry, db: PrivateDatabase, tmp_path: Path
) -> None:
    withdrawals.withdraw(db, CODE)
    for to in (tmp_path / "usb", inquiry.backups):
        made = [back_up(inquiry.folder, to=to), back_up(inquiry.folder, to=to)]
        names = sorted(path.name for path in to.iterdir())
        assert names == [tombstones.LEDGER, *(one.path.name for one in made)]
        assert not holding(to, CODE.encode())


def test_a_name_that_begins_with_a_digit_does_not_come_before_the_ledger(tmp_path: Path) -> None:
    made = create(tmp_path / "00 Städte", name="A", locality="B")
    open_database(made.folder, create=True).close()
    assert back_up(made.folder).path.name.startswith("inquiry-00-st-dte-")


def test_a_backup_goes_on_while_somebody_writes(
    told: Any, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    with ThreadPoolExecutor(1) as beside:
        with db.writing():
            db.change("update stories set read_at = told_at")
            made = beside.submit(back_up, inquiry.folder)
            until(lambda: bool(list(inquiry.backups.glob(".unfinished-*"))))
        assert made.result().size > 0


def test_a_backup_of_a_damaged_database_is_refused(told: Any, inquiry: Inquiry, db: Any) -> None:
    db.close()
    path = inquiry.database
    path.write_bytes(path.read_bytes()[:8192] + b"\xff" * 40_000)
    with pytest.raises(Exception, match=r"[Rr]estore the last"):
        back_up(inquiry.folder)
    assert not list(inquiry.backups.glob("*.par"))


def test_a_place_that_cannot_be_written_is_named(
    told: Any, inquiry: Inquiry, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BackupError, match="cannot be written"):
        back_up(inquiry.folder, to=tmp_path / "file" / "usb")


def test_backups_go_when_their_time_is_over_but_never_the_newest_nor_another_s(
    told: Any, inquiry: Inquiry, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    own = naming.free_name(tmp_path, inquiry.folder, sealed=False).stem[-7:]
    names = {
        days: f"inquiry-{now - timedelta(days=days):%Y%m%d-%H%M%S}{own}.par{end}"
        for days, end in ((34, ".age"), (36, ".age"), (37, ""), (400, ""))
    }
    others = (
        "inquiry-20200101-000000.par",  # of whom? names once told no inquiries apart
        "inquiry-20200101-000000-000000.par",
        "other-20200101-000000.par",
        "inquiry-20200101.par",
        "inquiry-20209999-000000.par",
        "0-withdrawal-ledger.jsonl",
    )
    for name in (*names.values(), *others):
        (tmp_path / name).write_bytes(b"")
    made = back_up(inquiry.folder, to=tmp_path)
    assert {path.name for path in made.pruned} == {names[36], names[37], names[400]}
    left = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert left == {made.path.name, names[34], *others}
    unmarked = inquiry.backups / others[0]
    unmarked.write_bytes(b"")
    assert back_up(inquiry.folder).pruned == (unmarked,)  # in its own folder it is its own
    # the newest stays however old it is
    assert naming.prune(tmp_path, inquiry.folder, before=now + timedelta(days=1)) == [
        tmp_path / names[34]
    ]


def test_a_clock_that_leaps_deletes_no_backup(
    told: Any, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    (inquiry.backups / "inquiry-20200101-000000.par").write_bytes(b"")
    clock_seen.note(db, datetime.now(UTC) - timedelta(days=800))
    assert back_up(inquiry.folder).pruned == ()


# ----------------------------------------------------------------------------------------- restore


def test_a_restore_into_an_empty_folder_brings_everything_back(
    told: Any, inquiry: Inquiry, db: PrivateDatabase, tmp_path: Path
) -> None:
    made = back_up(inquiry.folder)
    fresh = tmp_path / "laptop"
    done = restore(made.path, fresh)
    assert (done.withdrawn, done.build, done.erased) == (0, None, True)
    assert tellings(fresh) == tellings(inquiry.folder)
    assert (fresh / "media" / "picture.png").read_bytes() == b"a picture"
    assert stat.S_IMODE((fresh / "private.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((fresh / "keys").stat().st_mode) == 0o700
    with open_database(fresh) as restored:
        assert audit.verify(restored).whole
        assert accounting.account(restored).balanced
        assert receipts.find(restored, CODE) is not None
    assert not [path for path in fresh.iterdir() if path.name.startswith(staging.BEGINNING)]


def test_what_was_replaced_leaves_nothing_behind(
    told: Any, tell: Callable[..., Any], inquiry: Inquiry, db: PrivateDatabase
) -> None:
    made = back_up(inquiry.folder)
    tell("Told AFTERWARDS.", receipt="9999000099990000")
    (inquiry.media / "later.png").write_bytes(b"later")
    db.close()
    assert restore(made.path, inquiry.folder).erased
    assert not holding(inquiry.folder, b"AFTERWARDS")
    assert not (inquiry.media / "later.png").exists()
    assert len(tellings(inquiry.folder)) == 2


def test_what_theming_kept_of_replaced_stories_goes_too(
    told: Any, tell: Callable[..., Any], inquiry: Inquiry, db: PrivateDatabase
) -> None:
    """Words and vectors lie beside the database; no backup has them, and no restore leaves them."""
    propose(db, inquiry)
    made = back_up(inquiry.folder)
    with zipfile.ZipFile(made.path) as archive:
        assert not {*archive.namelist()} & {*vectors.KEPT}
    tell("Marmalade came since.")
    propose(db, inquiry)
    db.close()
    assert b"marmalade" in vectors.path(inquiry.folder, vectors.READINGS).read_bytes().lower()
    restore(made.path, inquiry.folder)
    assert not [name for name in vectors.KEPT if vectors.path(inquiry.folder, name).exists()]
    assert not holding(inquiry.folder, b"marmalade") and not holding(inquiry.folder, b"Marmalade")


def test_promise_06_a_restore_applies_the_withdrawals_since(
    told: Any, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    made = back_up(inquiry.folder)
    withdrawals.withdraw(db, CODE)
    db.close()
    assert restore(made.path, inquiry.folder).withdrawn == 1
    assert not holding(inquiry.folder, b"CANARY")
    with open_database(inquiry.folder) as restored:
        assert accounting.account(restored).balanced
        assert tombstones.refuses(restored, uuid="x", receipt=CODE)


def test_promise_06_elsewhere_the_ledger_is_given(
    told: Any, inquiry: Inquiry, db: PrivateDatabase, tmp_path: Path
) -> None:
    made = back_up(inquiry.folder)
    withdrawals.withdraw(db, CODE)
    ledger = inquiry.backups / tombstones.LEDGER
    fresh = tmp_path / "laptop"
    assert restore(made.path, fresh, ledgers=[ledger]).withdrawn == 1
    assert not holding(fresh, b"CANARY")
    assert (fresh / "backups" / tombstones.LEDGER).is_file()
    # a second restore there, with no ledger given, still knows it
    assert restore(made.path, fresh).withdrawn == 1
    with pytest.raises(BackupError, match="There is no ledger"):
        restore(made.path, fresh, ledgers=[tmp_path / "none"])


def test_the_database_remembers_withdrawals_where_the_ledger_was_lost(
    told: Any, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    made = back_up(inquiry.folder)
    withdrawals.withdraw(db, CODE)
    (inquiry.backups / tombstones.LEDGER).unlink()
    db.close()
    assert restore(made.path, inquiry.folder).withdrawn == 1
    assert len(tombstones.read_ledger(inquiry.backups / tombstones.LEDGER)) == 2


def test_promise_05_what_else_was_taken_back_stays_so(
    told: tuple[int, int], inquiry: Inquiry, db: PrivateDatabase
) -> None:
    people.add(db, "Example Leaver", "steward")
    token = devices.add(db, "Lost tablet")
    made = back_up(inquiry.folder)
    consents.change(db, told[0], {"quote": False}, wording=1, source="mine")
    people.disable(db, "Example Leaver")
    found = devices.by_token(db, token)
    assert found is not None
    devices.revoke(db, found.id)
    db.close()
    restore(made.path, inquiry.folder)
    with open_database(inquiry.folder) as restored:
        assert consents.today(restored, told[0])["quote"] is False
        assert consents.today(restored, told[1])["quote"] is True
        assert people.listing(restored)[0].disabled
        assert devices.by_token(restored, token) is None


def test_nobody_who_asked_for_help_since_is_lost_by_a_restore(
    told: Any, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    link = people.add(db, "Example Sam", "safeguarding")
    sam = people.set_password(db, link, "seven made-up lamps")
    help_requests.ask(db, help_requests.Asked("Made-up Before"))
    help_requests.ask(db, help_requests.Asked("Made-up Waiting"))
    made = back_up(inquiry.folder)
    before = next(
        one for one in help_requests.listing(db) if one.asked and "Before" in one.asked.name
    )
    help_requests.mark(db, before.id, "done", by=sam)
    help_requests.ask(db, help_requests.Asked("Made-up After", "by the gate", "at noon"))
    now = help_requests.listing(db)
    db.close()
    restore(made.path, inquiry.folder)
    with open_database(inquiry.folder) as restored:
        assert help_requests.listing(restored) == now
    restore(made.path, inquiry.folder)  # and once more
    with open_database(inquiry.folder) as restored:
        assert help_requests.listing(restored) == now


def test_a_restore_erases_no_story_for_its_age_without_a_new_month_of_notice(
    told: Any, inquiry: Inquiry, db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    """It brings back the times that were written down then; people may have made them longer."""
    now = datetime.now(UTC)
    tell("A made-up story.", told_at=(now - timedelta(days=6 * 366)).isoformat(timespec="seconds"))
    for ago in (31, 20, 10):
        retention.say_ahead(db, Retention(), now - timedelta(days=ago))
    made = back_up(inquiry.folder)
    # here they write stories = "always" into inquiry.toml
    db.close()
    restore(made.path, inquiry.folder)
    assert periods.keep(inquiry.folder, at=now).erased["stories"] == 0
    for days in (10, 20):
        periods.keep(inquiry.folder, at=now + timedelta(days=days))
    assert periods.keep(inquiry.folder, at=now + timedelta(days=30)).erased["stories"] == 1


def test_no_cookie_of_before_opens_the_desk_after_a_restore(
    told: Any, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    """Whoever signed out since would be signed in again, and numbers of sittings be given twice."""
    sam = people.set_password(db, people.add(db, "Sam", "steward"), "seven made-up lamps")
    sitting = sittings.begin(db, sam)
    made = back_up(inquiry.folder)
    sittings.end(db, sitting)
    db.close()
    restore(made.path, inquiry.folder)
    with open_database(inquiry.folder) as restored:
        found = people.known(restored, "Sam", "seven made-up lamps")
        assert found is not None and found.session != sam.session
        assert not sittings.holds(restored, sitting, found)


def without(made: Path, *names: str) -> Path:
    """Write a backup again without some of its files, as one from before there were any."""
    less = made.with_name(f"less-{made.name}")
    with zipfile.ZipFile(made) as whole, zipfile.ZipFile(less, "w") as zipped:
        for name in set(whole.namelist()) - {f"keys/{one}" for one in names}:
            zipped.writestr(name, whole.read(name))
    return less


@pytest.mark.parametrize("away", [("sealing.key",), ("sealing.key", "sealing.pub")])
def test_promise_01_what_tablets_have_sealed_opens_after_a_restore(
    told: Any, inquiry: Inquiry, db: PrivateDatabase, away: tuple[str, ...]
) -> None:
    """A backup made while the inquiry was locked, or before tablets sealed, takes no key away."""
    sealing.make_keys(inquiry.folder)
    waiting = sealing.seal(sealing.recipient(inquiry.folder), b"CANARY")
    made = without(back_up(inquiry.folder).path, *away)
    db.close()
    restore(made, inquiry.folder)
    assert sealing.open_sealed(inquiry.folder, waiting) == b"CANARY"
    assert stat.S_IMODE((inquiry.keys / "sealing.key").stat().st_mode) == 0o600


def test_a_restore_goes_on_with_the_key_that_tablets_seal_to(
    told: Any, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    sealing.make_keys(inquiry.folder)
    made = back_up(inquiry.folder)
    for name in ("sealing.key", "sealing.pub"):
        (inquiry.keys / name).unlink()
    sealing.make_keys(inquiry.folder)
    public = sealing.recipient(inquiry.folder)
    (inquiry.keys / "sealing.key").rename(inquiry.folder.parent / "stick")
    db.close()
    restore(made.path, inquiry.folder)
    assert sealing.recipient(inquiry.folder) == public
    assert sealing.locked(inquiry.folder)


def test_a_restore_mends_sealing_keys_that_are_damaged_or_away(
    told: Any, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    sealing.make_keys(inquiry.folder)
    waiting = sealing.seal(sealing.recipient(inquiry.folder), b"CANARY")
    made = back_up(inquiry.folder)
    (inquiry.keys / "sealing.key").unlink()
    (inquiry.keys / "sealing.pub").write_text("age1damaged")
    db.close()
    restore(made.path, inquiry.folder)
    assert sealing.open_sealed(inquiry.folder, waiting) == b"CANARY"


def test_a_server_that_holds_the_database_open_sees_the_restored_one(
    told: Any, tell: Callable[..., Any], inquiry: Inquiry, db: PrivateDatabase
) -> None:
    made = back_up(inquiry.folder)
    tell("Told AFTERWARDS.", receipt="9999000099990000")
    restore(made.path, inquiry.folder)
    assert stories.count(db) == 2
    tell("Told after the restore.", receipt="9999000099990001")
    assert "Told after the restore." in tellings(inquiry.folder)


def test_a_damaged_inquiry_is_replaced(told: Any, inquiry: Inquiry, db: PrivateDatabase) -> None:
    made = back_up(inquiry.folder)
    withdrawals.withdraw(db, CODE)
    db.close()
    inquiry.database.write_bytes(b"not a database " * 1000)
    assert restore(made.path, inquiry.folder).withdrawn == 1  # known from the ledger
    assert tellings(inquiry.folder) == ["The nurse rang back as promised."]


def test_another_inquiry_is_not_overwritten(told: Any, inquiry: Inquiry, tmp_path: Path) -> None:
    made = back_up(inquiry.folder)
    other = create(tmp_path / "other", name="Other", locality="Elsewhere")
    open_database(other.folder, create=True).close()
    with pytest.raises(BackupError, match="holds another inquiry"):
        restore(made.path, other.folder)
    assert tellings(other.folder) == []


# ---------------------------------------------------------------------------------------- findings


@pytest.fixture
def live(tell: Callable[..., Any], inquiry: Inquiry, db: PrivateDatabase) -> Iterator[list[int]]:
    """Tell eight stories, release them under an endorsed theme, and publish."""
    ways = ("bus never came", "taxi came late", "lift was broken", "door was locked")
    made = [
        tell(f"On day CANARY{n} the {ways[n % 4]} at the clinic.", receipt=f"{n:016d}").story_id
        for n in range(8)
    ]
    for name in ("Example One", "Example Two"):
        people.add(db, name, "steward")
    propose(db, inquiry, count=1)
    two = people.listing(db)
    for theme in themes.listing(db):
        shaping.endorse(db, theme.id, by=two[0])
    for story in made:
        for person in two:
            releases.approve(db, story, by=person)
    publishing.publish(inquiry.folder)
    yield made


def test_a_build_that_the_backup_knows_stays_live(
    live: list[int], inquiry: Inquiry, db: PrivateDatabase
) -> None:
    made = back_up(inquiry.folder)
    assert restore(made.path, inquiry.folder).build == 1
    verdict = publishing.verify_build(inquiry.findings / "build-000001.db")
    assert verdict.sound


def test_promise_06_a_build_made_since_goes_and_its_number_is_not_used_again(
    live: list[int], inquiry: Inquiry, db: PrivateDatabase
) -> None:
    made = back_up(inquiry.folder)
    publishing.publish(inquiry.folder)
    assert publishing.live_build(inquiry.folder) == 2
    assert restore(made.path, inquiry.folder).build == 1
    assert not (inquiry.findings / "build-000002.db").exists()
    with open_database(inquiry.folder) as restored:
        assert published.next_number(restored) == 3


def test_promise_06_withdrawn_words_are_in_no_build_after_a_restore(
    live: list[int], inquiry: Inquiry, db: PrivateDatabase, tmp_path: Path
) -> None:
    made = back_up(inquiry.folder)
    ledger = tmp_path / "ledger.jsonl"
    withdrawals.withdraw(db, f"{3:016d}")
    ledger.write_bytes((inquiry.backups / tombstones.LEDGER).read_bytes())
    db.close()
    restore(made.path, inquiry.folder, ledgers=[ledger])
    assert not holding(inquiry.folder, b"CANARY3")
    assert holding(inquiry.folder, b"CANARY4")


# ------------------------------------------------------------------------------ files to distrust


def forged(path: Path, members: dict[str, bytes], mode: int = 0o600) -> Path:
    whole = {
        "manifest.json": json.dumps({"format": 1}).encode(),
        "inquiry.toml": b"",
        "private.db": b"",
    } | members
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in whole.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFREG | mode) << 16
            if name == "keys/link":
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, data)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "/etc/outside",
        "keys/../../outside",
        "keys\\..\\outside",
        "keys/./x",
        "keys//x",
        "findings/current",
        "run.sh",
        "keys/link",
        "keys/",
    ],
)
def test_no_member_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    path = forged(tmp_path / "forged.par", {name: b"x"})
    target = tmp_path / "in" / "here"
    with pytest.raises(BackupError, match="Nothing was restored"):
        restore(path, target)
    assert list(target.iterdir()) == []
    assert not (tmp_path / "outside").exists()


def broken() -> dict[str, bytes]:
    newer = io.BytesIO()
    with zipfile.ZipFile(newer, "w") as archive:
        archive.writestr("manifest.json", '{"format": 2}')
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    part = io.BytesIO()
    with zipfile.ZipFile(part, "w") as archive:
        archive.writestr("manifest.json", '{"format": 1}')
    return {
        "is damaged or is no backup": b"nothing of the kind",
        "made by a newer version": newer.getvalue(),
        "is no backup of par-toolkit": other.getvalue(),
        "is not whole": part.getvalue(),
    }


@pytest.mark.parametrize(("part", "data"), broken().items())
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, part: str, data: bytes) -> None:
    path = tmp_path / "file.par"
    path.write_bytes(data)
    with pytest.raises(BackupError, match=part):
        restore(path, tmp_path / "here")


def test_a_backup_that_was_damaged_on_the_way_changes_nothing(
    told: Any, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    made = back_up(inquiry.folder)
    data = bytearray(made.path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    made.path.write_bytes(data)
    before = tellings(inquiry.folder)
    with pytest.raises(BackupError, match="damaged"):
        restore(made.path, inquiry.folder)
    assert tellings(inquiry.folder) == before


def test_a_backup_of_a_newer_version_changes_nothing(
    told: Any, inquiry: Inquiry, db: PrivateDatabase, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.db"
    db.conn.execute("vacuum into :path", {"path": str(newer)})
    connection = sqlite3.connect(newer)
    connection.execute("pragma user_version=999")
    connection.close()
    settings = (inquiry.folder / "inquiry.toml").read_bytes()
    key = (inquiry.keys / "receipt.key").read_bytes()
    members = {
        "private.db": newer.read_bytes(),
        "inquiry.toml": settings,
        "keys/receipt.key": key,
    }
    with pytest.raises(Exception, match="newer version"):
        restore(forged(tmp_path / "f.par", members), inquiry.folder)
    assert len(tellings(inquiry.folder)) == 2
    assert os.listdir(inquiry.folder).count("private.db") == 1
