"""The contract, version by version, and the register of who has a stake."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from par_toolkit.storage import audit, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import contracts, stakes
from tests.storage.sensemaking.cycles import TERMS, agreed, someone


@pytest.fixture
def by(db: PrivateDatabase) -> Person:
    return someone(db)


def test_versions_follow_each_other_and_the_newest_holds(db: PrivateDatabase, by: Person) -> None:
    assert contracts.latest(db) is None
    agreed(db, by)
    second = contracts.add(db, replace(TERMS, promise="empower"), after=1, by=by)
    assert contracts.latest(db) == second
    assert [one.version for one in contracts.versions(db)] == [2, 1]
    first = contracts.get(db, 1)
    assert first is not None and first.terms == TERMS and first.role == "facilitator"


def test_two_who_write_at_once_both_keep_their_words(db: PrivateDatabase, by: Person) -> None:
    agreed(db, by)
    contracts.add(db, replace(TERMS, purpose="One."), after=1, by=by)
    with pytest.raises(Refused) as refused:
        contracts.add(db, replace(TERMS, purpose="The other."), after=1, by=by)
    assert refused.value.reason == "contract_changed"
    contracts.add(db, replace(TERMS, purpose="The other."), after=2, by=by)
    assert [one.terms.purpose for one in contracts.versions(db)[:2]] == ["The other.", "One."]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("purpose", "  \n", "no_purpose"),
        ("stake", "", "no_stakeholders"),
        ("confidentiality", "", "no_confidentiality"),
        ("promised", "", "no_promised"),
        ("promise", "everything", "no_promise"),
        ("purpose", "x" * 100_001, "too_long"),
    ],
)
def test_a_contract_with_a_gap_is_refused(
    db: PrivateDatabase, by: Person, field: str, value: str, reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        contracts.add(db, replace(TERMS, **{field: value}), after=None, by=by)
    assert refused.value.reason == reason
    assert contracts.versions(db) == []


def test_the_same_words_make_no_new_version(db: PrivateDatabase, by: Person) -> None:
    agreed(db, by)
    with pytest.raises(Refused, match="says already"):
        contracts.add(db, TERMS, after=1, by=by)


@pytest.mark.parametrize(
    "change", ["update contracts set purpose = 'Another.'", "delete from contracts"]
)
def test_no_version_is_changed_or_deleted(db: PrivateDatabase, by: Person, change: str) -> None:
    agreed(db, by)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.change(change)


def test_a_hundred_thousand_characters_are_kept_whole(db: PrivateDatabase, by: Person) -> None:
    long = "é" * 100_000
    assert contracts.add(db, replace(TERMS, stake=long), after=None, by=by).terms.stake == long


def test_each_stake_names_somebody_or_says_why_not(db: PrivateDatabase, by: Person) -> None:
    assert stakes.missing(db) == ["acts", "benefits", "bears"]
    stakes.add(db, "bears", why_empty="Nobody has asked the night staff.", by=by)
    stakes.add(db, "acts", named="The made-up ward", group="health_workers", by=by)
    assert stakes.missing(db) == ["benefits"]
    assert [one.stake for one in stakes.listing(db)] == ["acts", "bears"]


def test_who_is_named_takes_the_place_of_the_reason(db: PrivateDatabase, by: Person) -> None:
    empty = stakes.add(db, "bears", why_empty="Nobody yet.", by=by)
    stakes.add(db, "bears", named="Night staff", by=by)
    assert [one.named for one in stakes.listing(db)] == ["Night staff"]
    gone = db.row("select removed_at, removed_by from stakes where id = :id", {"id": empty.id})
    assert gone is not None and gone["removed_at"] and gone["removed_by"] == by.id
    with pytest.raises(Refused) as refused:
        stakes.add(db, "bears", why_empty="Nobody.", by=by)
    assert refused.value.reason == "somebody_named"
    stakes.add(db, "bears", why_empty="Nobody.", group="carers", by=by)


@pytest.mark.parametrize(
    ("stake", "named", "why", "reason"),
    [
        ("owns", "A", "", "no_stake"),
        ("acts", "", " ", "name_or_reason"),
        ("acts", "A", "B", "name_or_reason"),
        ("acts", "A" * 5_001, "", "too_long"),
    ],
)
def test_a_line_that_says_nothing_is_refused(
    db: PrivateDatabase, by: Person, stake: str, named: str, why: str, reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        stakes.add(db, stake, named=named, why_empty=why, by=by)
    assert refused.value.reason == reason


def test_a_line_is_taken_away_once(db: PrivateDatabase, by: Person) -> None:
    line = stakes.add(db, "acts", named="A", by=by)
    stakes.remove(db, line.id, by=by)
    assert stakes.listing(db) == []
    with pytest.raises(Refused, match="not in the register"):
        stakes.remove(db, line.id, by=by)


def test_whoever_is_taken_out_of_the_register_is_named_in_no_byte_of_it(
    db: PrivateDatabase, by: Person
) -> None:
    line = stakes.add(db, "acts", named="Zanzibarquartz", by=by)
    reason = stakes.add(db, "bears", why_empty="Nobody asked.", by=by)
    for one in (line, reason):
        stakes.remove(db, one.id, by=by)
    assert db.value("select why_empty from stakes where id = :id", {"id": reason.id})
    assert withdrawals.finish_erasure(db).done
    held = [path.read_bytes() for path in db.folder.glob("private.db*")]
    assert held and not any(b"Zanzibarquartz" in each for each in held)


def test_every_act_is_in_the_trail_without_its_words(db: PrivateDatabase, by: Person) -> None:
    agreed(db, by)
    stakes.remove(db, stakes.add(db, "acts", named="Zanzibarquartz", by=by).id, by=by)
    acts = [(row["action"], row["role"]) for row in reversed(audit.listing(db))]
    assert acts[-3:] == [
        ("write_contract", "facilitator"),
        ("name_stakeholder", "facilitator"),
        ("remove_stakeholder", "facilitator"),
    ]
    assert "Zanzibarquartz" not in str(audit.listing(db))
