"""Promise 6: withdrawn words are in no byte of an inquiry, and no backup brings them back.

Both for a plain inquiry and for an encrypted one, whose database is opened page by page, with its
free pages and its WAL: bytes that nobody can read at the moment are not bytes that are gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pyrage.x25519 import Identity

from par_toolkit import publishing, sealing
from par_toolkit.inquiry import Inquiry, load
from par_toolkit.keeping import back_up, restore
from par_toolkit.storage import (
    contacts,
    engines,
    inbox,
    keepers,
    people,
    releases,
    shaping,
    staging,
    stories,
    themes,
    tombstones,
    vault,
    vectors,
    withdrawals,
)
from par_toolkit.storage.database import FILE, PrivateDatabase, open_database
from par_toolkit.storage.vault import wrapping
from par_toolkit.theming import propose
from tests import encrypted
from tests.voices import spoken

CANARY = b"quinceblossom"
CODE = "1111222233334444"
KEEPER = Identity.generate()
PAGE, RESERVED, IV = 4096, 80, 16
SALT, WAL_HEAD, FRAME_HEAD = 16, 32, 24
Tell = Callable[..., stories.Kept]


@pytest.fixture(params=["plain", "encrypted"])
def inquiry(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: Any) -> Inquiry:
    """Make an inquiry of either kind, with a keeper."""
    monkeypatch.setattr(wrapping, "COST", 10)
    passphrase = encrypted.PASSPHRASE if request.param == "encrypted" else None
    folder = encrypted.new_inquiry(tmp_path / "inquiry", passphrase=passphrase)
    with open_database(folder) as db:
        keepers.add(db, "Example Steward", "steward", str(KEEPER.to_public()))
    return load(folder)


def opened(path: Path, key: bytes | None) -> bytes:
    """Return the bytes of a file; of an encrypted database or its WAL, those of its pages.

    Each page of SQLCipher 4 ends with an IV of 16 bytes and a proof of 64, and the first begins
    with a salt (https://www.zetetic.net/sqlcipher/design/).
    """
    data = path.read_bytes()
    if key is None or not path.name.startswith(FILE) or path.name.endswith("-shm"):
        return data
    if path.name == FILE:
        pages = [data[at : at + PAGE] for at in range(0, len(data), PAGE)]
    else:
        step = FRAME_HEAD + PAGE
        pages = [data[at : at + PAGE] for at in range(WAL_HEAD + FRAME_HEAD, len(data), step)]
    return b"".join(_page(page, key) for page in pages)


def _page(page: bytes, key: bytes) -> bytes:
    """Open one page, also as if it were the first, which begins after the salt."""
    iv = page[PAGE - RESERVED : PAGE - RESERVED + IV]
    found = b""
    for start in (0, SALT):
        cipher = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        found += cipher.update(page[start : PAGE - RESERVED])
    return found


def holding(folder: Path, *words: bytes) -> list[str]:
    """List the files under `folder` that hold one of these, encrypted or not."""
    key = vault.database_key(folder)
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and any(word in opened(path, key) for word in words)
    )


@pytest.fixture
def told(inquiry: Inquiry, db: PrivateDatabase, tell: Tell) -> Iterator[list[bytes]]:
    """Let one person's words come everywhere that words can; hand out what tells each place."""
    word = CANARY.decode()
    kept = tell(
        f"The {word} was out when the bus came late. " * 300,
        answers={"title": f"About {word}"},
        consent={"contact": True},
        contact=f"{word}@example.org",
        receipt=CODE,
    )
    tell("", receipt=CODE, voice=(spoken(b"the sound of " + CANARY),))
    story = stories.get(db, kept.story_id or 0)
    assert story is not None
    tell(f"Told again of {word}.", uuid=story.uuid, receipt=CODE)
    sealing.make_keys(inquiry.folder)
    waiting = sealing.seal(sealing.recipient(inquiry.folder), CANARY)
    inbox.put(db, story.uuid, waiting)
    others = [
        tell(f"On day {n} the bus came late and the {way} at the clinic.").story_id
        for n, way in enumerate(("door was shut", "lift was broken", "nurse rang") * 3)
    ]
    for role in ("facilitator", "steward"):
        people.add(db, f"Example {role}", role)
    one, two = people.listing(db)
    propose(db, inquiry, count=1)
    for theme in themes.listing(db):
        shaping.endorse(db, theme.id, by=two)
    for each in (kept.story_id, *others):
        for person in (one, two):
            releases.approve(db, each or 0, by=person)
    publishing.publish(inquiry.folder)
    (cell,) = (row["cell"] for row in db.rows("select cell from contacts"))
    assert contacts.of_story(db, kept.story_id or 0)[0].words == f"{word}@example.org"
    recording = next(inquiry.media.glob("voice-*")).read_bytes()
    # and the ciphertext of what is encrypted by itself
    yield [CANARY, waiting[300:340], bytes(cell)[-24:], recording[-24:]]


def finish(db: PrivateDatabase) -> withdrawals.Erasure:
    publishing.follow_withdrawals(db.folder, db=db)
    return withdrawals.finish_erasure(db)


def test_promise_06_withdrawn_words_are_in_no_byte_and_in_no_backup_that_comes_back(
    inquiry: Inquiry, db: PrivateDatabase, told: list[bytes], tmp_path: Path
) -> None:
    folder = inquiry.folder
    made = back_up(folder, to=tmp_path / "usb")
    leftover = folder / f"{staging.BEGINNING}0123456789abcdef"
    leftover.mkdir()
    (leftover / "copy").write_bytes(CANARY)  # as a backup that was killed leaves it
    for place, words in enumerate(told):
        assert holding(folder, words), f"the control: it was there ({place})"
    found = holding(folder, CANARY)
    assert {FILE, f"{FILE}-wal"} & {*found} and "findings/build-000001.db" in found
    if not vault.encrypted(folder):
        assert vectors.READINGS in found
    withdrawals.withdraw(db, CODE)
    assert finish(db).done
    assert holding(folder, *told) == []
    ledger = folder / "backups" / tombstones.LEDGER
    # on this machine, and on another that was given the ledger
    fresh = tmp_path / "laptop"
    assert restore(made.path, fresh, ledgers=[ledger], key=str(KEEPER)).withdrawn == 2
    assert holding(fresh, *told) == []
    db.close()
    assert restore(made.path, folder, key=str(KEEPER)).erased
    assert holding(folder, *told) == []
    with open_database(folder) as again:
        assert stories.count(again) == 9


def test_promise_06_a_page_that_was_freed_without_care_is_found(
    inquiry: Inquiry, db: PrivateDatabase, tell: Tell
) -> None:
    """The negative control of looking into pages: a plain delete leaves the words behind."""
    story = tell(f"{CANARY.decode()} " * 2_000).story_id
    db.conn.execute("pragma secure_delete=off")
    db.change("delete from stories where id = :id", {"id": story})
    db.conn.execute("pragma wal_checkpoint(truncate)")
    assert holding(inquiry.folder, CANARY) == [FILE]
    assert db.wipe_free_space()
    assert holding(inquiry.folder, CANARY) == []


def test_promise_06_what_an_open_reader_delays_is_said_and_finished_afterwards(
    inquiry: Inquiry, db: PrivateDatabase, tell: Tell
) -> None:
    tell(f"{CANARY.decode()} " * 2_000, receipt=CODE)
    tell("The nurse rang back.")
    with closing(
        engines.connect(inquiry.folder / FILE, vault.database_key(inquiry.folder))
    ) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from stories").fetchone()
        withdrawals.withdraw(db, CODE)
        waits = finish(db)
        assert not waits.done and waits.waiting
        assert "Another program is reading the inquiry" in waits.sentence
        assert holding(inquiry.folder, CANARY), "the control: the reader holds it"
    assert finish(db).done
    assert holding(inquiry.folder, CANARY) == []


def test_promise_06_erasing_waits_for_a_copy_that_is_being_made(
    inquiry: Inquiry, db: PrivateDatabase, tell: Tell
) -> None:
    """A copy under way holds what is withdrawn meanwhile; when it ends nothing of it stays here."""
    tell(f"The {CANARY.decode()} was out.", receipt=CODE)
    with staging.place(inquiry.folder) as place:
        (place / "copy").write_bytes(CANARY)
        withdrawals.withdraw(db, CODE)
        waits = finish(db)
        assert not waits.done and "Let it end" in waits.sentence
    assert finish(db).done
    assert holding(inquiry.folder, CANARY) == []
