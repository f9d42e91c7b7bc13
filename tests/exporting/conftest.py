"""An inquiry in which something of every kind was kept, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from par_toolkit import publishing, sealing
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import consents, devices, inbox, people, receipts, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from tests.voices import spoken

CODE, GONE = "1111222233334444", "5555666677778888"
GONE_UUID = "11111111-2222-4333-8444-555555555555"
SEALED_UUID = "aaaaaaaa-2222-4333-8444-555555555555"
PASSPHRASE = "seven made up words for a key"
HOSTILE = (
    "=HYPERLINK(1)",
    "'=1+1",
    "+44 20 7946 0000",
    "  @SUM(A1)",
    "one\nline\r\nand\u2028another\ttab",
    "שלום \u202eevil\u202c عربي",
    "👩🏽‍⚕️🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    '"quotes", commas; and \\u0041 \\n',
    "_x0041_ \x01\x1f\x7f\ufffe\uffff",
    "</script>&amp;",
    "",
    " ",
)


@pytest.fixture
def full(inquiry: Inquiry, db: PrivateDatabase, tell: Callable[..., Any]) -> Inquiry:
    """Keep stories with hostile words, a voice, a sibling, a sealed story, and a withdrawal."""
    sealing.make_keys(inquiry.folder)
    people.set_password(db, people.add(db, "Example Steward", "steward"), "CANARY made up words")
    device = devices.by_token(db, devices.add(db, "Example tablet"))
    assert device is not None
    for words in HOSTILE:
        tell(words or " ", answers={"title": words})
    first = tell(
        "Told with CANARY words.",
        receipt=CODE,
        voice=(spoken(),),
        device=device.id,
        device_seq=3,
        source="tablet",
    )
    story = stories.get(db, first.story_id)
    assert story is not None
    tell("Told again, in other words.", uuid=story.uuid, receipt=CODE)
    tell("x" * 1_000_000 + "😀" * 20_000)
    tell("To be withdrawn.", uuid=GONE_UUID, receipt=GONE)
    withdrawals.withdraw(db, GONE)
    consents.change(
        db, first.story_id, {"quote": False}, wording=1, source="mine", role="participant"
    )
    publishing.follow_withdrawals(inquiry.folder)
    withdrawals.finish_erasure(db)  # what waits to be erased is erased when it is loaded
    consents.remember_wording(db, 7, {"intro": {"en": "May we …?"}})
    inbox.put(db, SEALED_UUID, sealing.seal(sealing.recipient(inquiry.folder), b'{"form": "x"}'))
    (inquiry.forms_folder / "story-2.toml").write_bytes(
        Path("forms/library/story-1.toml").read_bytes().replace(b"version = 1", b"version = 2")
    )
    assert receipts.find(db, CODE)
    return inquiry


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    """Write the passphrase of the keys into a file."""
    path = tmp_path / "passphrase"
    path.write_text(f"{PASSPHRASE}\n", "utf-8")
    return path
