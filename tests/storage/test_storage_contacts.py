"""How to reach tellers: each encrypted in its own row, opening nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import contacts, people, reaching, stories, vault
from par_toolkit.storage.cells import CellDamaged
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused

Tell = Callable[..., stories.Kept]
CANARY = "Canary, 3 Example Lane"
MAY = {"contact": True}
ONE_FOLDER = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def told(tell: Tell, contact: str = CANARY, **fields: Any) -> int:
    kept = tell(consent=MAY, contact=contact, **fields)
    assert kept.story_id is not None
    return kept.story_id


def words(db: PrivateDatabase, story: int) -> list[str]:
    return [one.words for one in contacts.of_story(db, story)]


def holding(inquiry: Inquiry, text: str = CANARY) -> list[str]:
    """Name the files of the inquiry that hold a text in the clear."""
    found = [path for path in inquiry.folder.rglob("*") if path.is_file()]
    return [path.name for path in found if text.encode() in path.read_bytes()]


def test_it_opens_for_its_story_and_lies_nowhere_in_the_clear(
    db: PrivateDatabase, tell: Tell, inquiry: Inquiry, encrypted: bool
) -> None:
    one, other = told(tell), told(tell, "Ask at the library")
    assert words(db, one) == [CANARY]
    assert words(db, other) == ["Ask at the library"]
    assert holding(inquiry) == []
    assert CANARY not in repr(contacts.of_story(db, one))
    tell(CANARY)  # the same words, told as a story, are found: so this looks at the right bytes
    assert encrypted or holding(inquiry) != []


def test_without_consent_to_it_nothing_is_kept(db: PrivateDatabase, tell: Tell) -> None:
    kept = tell(contact=CANARY)
    assert kept.story_id is not None
    assert contacts.noted(db, kept.story_id) is None
    assert tell(consent=MAY).status == "stored"
    assert db.value("select count(*) from contacts") == 0


def test_the_same_telling_with_another_number_is_a_sibling_with_its_own(
    db: PrivateDatabase, tell: Tell
) -> None:
    uuid, receipt = "0b0e9a52-0d6c-4f39-9f0b-3f5f7a2a0c11", "1111222233334444"
    story = told(tell, uuid=uuid, receipt=receipt)
    again = tell(consent=MAY, contact=CANARY, uuid=uuid, receipt=receipt)
    assert again.status == "same"
    assert tell(consent=MAY, contact="Other", uuid=uuid, receipt=receipt).status == "sibling"
    assert words(db, story) == [CANARY, "Other"]
    assert "Other" not in str(db.rows("select * from siblings"))


def test_a_cell_that_is_moved_to_another_row_does_not_open(db: PrivateDatabase, tell: Tell) -> None:
    one, other = told(tell), told(tell)
    assert contacts.faulty(db) == 0
    db.change(
        "update contacts set cell = (select cell from contacts where story = :one) "
        "where story = :other",
        {"one": one, "other": other},
    )
    with pytest.raises(CellDamaged, match="par restore"):
        contacts.of_story(db, other)
    assert words(db, one) == [CANARY]
    assert contacts.faulty(db) == 1


@ONE_FOLDER
@given(bit=st.integers(min_value=0))
def test_any_flipped_bit_is_noticed_and_nothing_else_is_lost(
    db: PrivateDatabase, tell: Tell, bit: int
) -> None:
    one, other = told(tell), told(tell)
    cell = bytearray(db.value("select cell from contacts where story = :one", {"one": one}))
    cell[bit // 8 % len(cell)] ^= 1 << bit % 8
    change = "update contacts set cell = :cell where story = :one"
    db.change(change, {"cell": bytes(cell), "one": one})
    with pytest.raises(CellDamaged):
        contacts.of_story(db, one)
    assert words(db, other) == [CANARY]
    cell[bit // 8 % len(cell)] ^= 1 << bit % 8
    db.change(change, {"cell": bytes(cell), "one": one})
    assert words(db, one) == [CANARY]


def test_each_purpose_and_each_inquiry_has_a_key_of_its_own(
    inquiry: Inquiry, db: PrivateDatabase, tell: Tell
) -> None:
    story = told(tell)
    keys = {vault.key(inquiry.folder, one) for one in ("contact", "media")}
    assert len(keys) == 2
    for path in inquiry.keys.glob("rows.key*"):
        path.unlink()
    with pytest.raises(CellDamaged):  # another key is made, and says plainly that it opens nothing
        contacts.of_story(db, story)


@pytest.mark.parametrize(
    ("reason", "why", "said"),
    [
        ("", "they asked", "Choose"),
        ("bored", "x", "Choose"),
        ("asked", "  ", "Say"),
        ("asked", "x" * 2_001, "Say"),
    ],
)
def test_nobody_is_told_without_a_reason(
    db: PrivateDatabase, tell: Tell, reason: str, why: str, said: str
) -> None:
    story = told(tell)
    people.add(db, "Example Reader", "facilitator")
    reader = people.listing(db)[0]
    with pytest.raises(Refused, match=said):
        reaching.read(db, story, by=reader, reason=reason, words=why)
    assert reaching.readings(db) == []


def test_who_was_told_is_on_record_before_it_is_shown(db: PrivateDatabase, tell: Tell) -> None:
    story = told(tell)
    people.add(db, "Example Reader", "facilitator")
    reader = people.listing(db)[0]
    found = reaching.read(db, story, by=reader, reason="asked", words="They rang.")
    assert [one.words for one in found] == [CANARY]
    assert [(one["story"], one["person"], one["words"]) for one in reaching.readings(db)] == [
        (story, "Example Reader", "They rang.")
    ]
    last = db.row("select * from audit_inside order by seq desc limit 1")
    assert last is not None
    assert (last["action"], last["subject"], last["person"]) == (
        "read_contact",
        f"story {story}",
        reader.id,
    )
    assert db.value("select count(*) from audit where action = 'read_contact'") == 0
