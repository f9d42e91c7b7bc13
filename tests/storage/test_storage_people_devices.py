"""People who read and tablets that send: added, let in, and let in no longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from par_toolkit.storage import devices, people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused

PASSWORD = "made up and long enough"


@pytest.fixture
def ama(db: PrivateDatabase) -> people.Person:
    return people.set_password(db, people.add(db, "Example Ama", "facilitator"), PASSWORD)


def test_a_person_sets_their_own_password_once(db: PrivateDatabase) -> None:
    token = people.add(db, "  Example   Ama ", "facilitator")
    assert people.sign_in(db, "Example Ama", "") is None, "nobody gets in before a password is set"
    person = people.set_password(db, token, PASSWORD)
    assert (person.name, person.role) == ("Example Ama", "facilitator")
    with pytest.raises(Refused, match="used before or has ended"):
        people.set_password(db, token, PASSWORD)
    assert token not in str(db.rows("select * from people"))
    assert PASSWORD not in str(db.rows("select * from people"))


def test_signing_in_needs_name_and_password(db: PrivateDatabase, ama: people.Person) -> None:
    found = people.sign_in(db, "example ama", PASSWORD)
    assert found is not None
    assert found.id == ama.id
    for name, password in [("Example Ama", "wrong"), ("Nobody", PASSWORD), ("", ""), ("\0", "\0")]:
        assert people.sign_in(db, name, password) is None


def test_a_link_ends_after_seven_days(db: PrivateDatabase) -> None:
    token = people.add(db, "Example Ama", "facilitator")
    past = (datetime.now(UTC) - timedelta(seconds=5)).isoformat(timespec="seconds")
    db.change("update people set link_until = :past", {"past": past})
    assert people.by_link(db, token) is None


def test_a_new_link_does_not_let_anybody_else_in(db: PrivateDatabase, ama: people.Person) -> None:
    token = people.add(db, "Example Ama", "facilitator")
    assert people.sign_in(db, "Example Ama", PASSWORD), "the old password works until it is changed"
    changed = people.set_password(db, token, "another made up one")
    assert changed.session != ama.session, "other sessions end"
    assert people.sign_in(db, "Example Ama", PASSWORD) is None


def test_a_disabled_person_is_let_in_no_longer(db: PrivateDatabase, ama: people.Person) -> None:
    people.disable(db, "Example Ama")
    assert people.sign_in(db, "Example Ama", PASSWORD) is None
    again = people.get(db, ama.id)
    assert again is not None
    assert again.disabled
    assert again.session != ama.session


def test_an_old_password_does_not_come_back_with_a_person(
    db: PrivateDatabase, ama: people.Person
) -> None:
    """Whoever learned the password of a person who left gets in with it never again."""
    people.disable(db, "Example Ama")
    token = people.add(db, "Example Ama", "facilitator")
    assert people.sign_in(db, "Example Ama", PASSWORD) is None
    people.set_password(db, token, "another long password")
    assert people.sign_in(db, "Example Ama", "another long password")


@pytest.mark.parametrize(
    ("name", "role", "says"),
    [
        ("Example Ama", "boss", "Choose one of: facilitator, evaluator"),
        ("Example Ama", "steward", "already here as facilitator"),
        ("", "steward", "1 to 100 letters"),
        ("x" * 101, "steward", "1 to 100 letters"),
        ("a\u202eb", "steward", "1 to 100 letters"),
    ],
)
def test_what_cannot_be_added(
    db: PrivateDatabase, ama: people.Person, name: str, role: str, says: str
) -> None:
    with pytest.raises(Refused, match=says):
        people.add(db, name, role)
    assert len(people.listing(db)) == 1


@pytest.mark.parametrize("password", ["short", "x" * 1001])
def test_a_password_has_a_length(db: PrivateDatabase, password: str) -> None:
    token = people.add(db, "Example Ama", "facilitator")
    with pytest.raises(Refused):
        people.set_password(db, token, password)
    assert people.set_password(db, token, PASSWORD), "and the link still works"


def test_a_device_can_send_until_it_is_revoked(db: PrivateDatabase) -> None:
    token = devices.add(db, "Tablet 3")
    device = devices.by_token(db, token)
    assert device is not None
    assert token not in str(db.rows("select * from devices"))
    devices.seen(db, device, 43)
    devices.seen(db, device, 12)
    [listed] = devices.listing(db)
    assert (listed.last_seq, listed.arrived, listed.of) == (43, 2, 43)
    assert listed.missing[:12] == (*range(1, 12), 13)
    devices.revoke(db, device.id)
    assert devices.by_token(db, token) is None
    with pytest.raises(Refused, match="revoked before"):
        devices.revoke(db, device.id)


def test_a_device_for_tonight_ends_by_itself(db: PrivateDatabase) -> None:
    ended = (datetime.now(UTC) - timedelta(seconds=5)).isoformat(timespec="seconds")
    coming = (datetime.now(UTC) + timedelta(hours=5)).isoformat(timespec="seconds")
    assert devices.by_token(db, devices.add(db, "Old", until=ended)) is None
    assert devices.by_token(db, devices.add(db, "New", until=coming)) is not None
    assert devices.by_token(db, "") is None
