"""Which of a tablet's numbers arrived: gaps, repeats, withdrawals, and a tablet paired again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.storage import devices, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase

NAME = "Tablet 3"


def pair(db: PrivateDatabase, name: str = NAME) -> devices.Device:
    """Pair a tablet."""
    device = devices.by_token(db, devices.add(db, name))
    assert device is not None
    return device


def send(db: PrivateDatabase, device: devices.Device, *seqs: int, numbers: tuple[int, int]) -> None:
    """Have a tablet that has given these numbers send some of them."""
    for seq in seqs:
        known = devices.get(db, device.id)
        assert known is not None
        devices.seen(db, known, seq, numbers=numbers)


def arrived(db: PrivateDatabase, device: devices.Device) -> tuple[int, int, tuple[int, ...]]:
    """Return how many of how many arrived, and which did not."""
    report = devices.report(db, device)
    return report.arrived, report.of, report.missing


def test_41_of_43_arrived(db: PrivateDatabase) -> None:
    device = pair(db)
    send(db, device, *(n for n in range(1, 44) if n not in (12, 40)), numbers=(1, 43))
    assert arrived(db, device) == (41, 43, (12, 40))
    send(db, device, 1, 1, 43, numbers=(1, 43))
    assert arrived(db, device) == (41, 43, (12, 40)), "what is sent again counts once"
    send(db, device, 40, numbers=(1, 43))
    assert arrived(db, device) == (42, 43, (12,))


def test_a_header_that_comes_late_takes_nothing_back(db: PrivateDatabase) -> None:
    device = pair(db)
    send(db, device, 5, numbers=(1, 5))
    send(db, device, 2, numbers=(1, 2))
    assert arrived(db, device) == (2, 5, (1, 3, 4))


def test_a_program_that_only_counts_is_reported_from_1(db: PrivateDatabase) -> None:
    device = pair(db)
    devices.seen(db, device, 3)
    devices.seen(db, device)
    assert arrived(db, device) == (1, 3, (1, 2))


def test_a_number_outlives_its_story_and_names_none(
    db: PrivateDatabase, tell: Callable[..., stories.Kept]
) -> None:
    device = pair(db)
    kept = tell(device=device.id, device_seq=1)
    devices.seen(db, device, 1, numbers=(1, 1))
    assert kept.story_id is not None
    withdrawals.withdraw_story(db, kept.story_id)
    assert arrived(db, device) == (1, 1, ())
    columns = [row["name"] for row in db.rows("pragma table_info(device_numbers)")]
    assert columns == ["device", "number"]


def test_a_tablet_that_is_paired_again_goes_on_where_it_was(db: PrivateDatabase) -> None:
    """By hand: 6 and from 12 on wait when it is paired again; 7 to 11 came before."""
    first = pair(db)
    send(db, first, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, numbers=(1, 43))
    devices.revoke(db, first.id)
    second = pair(db)
    assert arrived(db, second) == (0, 0, ())
    send(db, second, 6, numbers=(6, 43))
    assert arrived(db, first) == (5, 5, ())
    assert arrived(db, second) == (6, 38, tuple(range(12, 44)))
    third = pair(db, "tablet  3")
    send(db, third, 12, numbers=(12, 44))
    assert arrived(db, second) == (6, 6, ())
    assert arrived(db, third) == (1, 33, tuple(range(13, 45)))


def test_an_answer_that_was_lost_before_the_second_pairing_counts(db: PrivateDatabase) -> None:
    first = pair(db)
    send(db, first, 1, 2, numbers=(1, 2))
    devices.revoke(db, first.id)
    second = pair(db)
    devices.seen(db, second, numbers=(1, 2))
    assert arrived(db, second) == (2, 2, ())
    assert arrived(db, first) == (0, 0, ())


def test_a_pairing_that_was_never_heard_of_is_passed_over(db: PrivateDatabase) -> None:
    first = pair(db)
    send(db, first, 1, 3, numbers=(1, 3))
    pair(db)
    third = pair(db)
    send(db, third, numbers=(2, 3))
    devices.seen(db, third, numbers=(2, 3))
    assert arrived(db, first) == (1, 1, ())
    assert arrived(db, third) == (1, 2, (2,))


def test_nothing_waited_when_it_was_paired_again(db: PrivateDatabase) -> None:
    first = pair(db)
    send(db, first, 1, 2, numbers=(1, 2))
    second = pair(db)
    devices.seen(db, second, numbers=(3, 2))
    assert arrived(db, first) == (2, 2, ())
    assert arrived(db, second) == (0, 0, ())


@pytest.mark.parametrize("revoked", [True, False])
def test_an_emptied_or_another_tablet_of_the_same_name_counts_for_itself(
    db: PrivateDatabase, revoked: bool
) -> None:
    first = pair(db)
    send(db, first, 1, 2, 3, numbers=(1, 9))
    if revoked:
        devices.revoke(db, first.id)
    second = pair(db)
    send(db, second, 2, numbers=(1, 2))
    assert arrived(db, second) == (1, 2, (1,))
    assert arrived(db, first) == (3, 9, (4, 5, 6, 7, 8, 9))


def test_a_pairing_that_ended_is_gone_on_from(db: PrivateDatabase) -> None:
    past = (datetime.now(UTC) - timedelta(seconds=5)).isoformat(timespec="seconds")
    first = pair(db)
    send(db, first, 1, numbers=(1, 3))
    db.change("update devices set until = :past where id = :id", {"past": past, "id": first.id})
    second = pair(db)
    send(db, second, 2, numbers=(1, 3))
    assert arrived(db, second) == (2, 3, (3,))


def test_a_wild_number_is_no_load(db: PrivateDatabase) -> None:
    device = pair(db)
    send(db, device, 2**53, numbers=(1, 2**53))
    count, of, missing = arrived(db, device)
    assert (count, of, len(missing), missing[-1]) == (1, 2**53, devices.MOST_MISSING, 1_000)


def test_the_numbers_of_an_older_database_are_taken_along(
    db: PrivateDatabase, tell: Callable[..., stories.Kept]
) -> None:
    from par_toolkit.storage import migrations

    device = pair(db)
    for seq in (1, 2, 2, 5):
        tell(device=device.id, device_seq=seq)
    step = next(path for path in migrations.STEPS if path.name.startswith("006"))
    [copy] = [
        one for one in step.read_text("utf-8").split(";") if "insert into device_numbers" in one
    ]
    db.change(copy)
    db.change("update devices set last_seq = 5")
    assert arrived(db, device) == (3, 5, (3, 4))


def test_a_token_is_taken_however_it_was_typed(db: PrivateDatabase) -> None:
    token = devices.add(db, NAME)
    assert len(token) == 24 and not set(token) & set("ilou-_ ")
    spoken = token.replace("0", "O").replace("1", "l")
    for typed in (token.upper(), devices.grouped(token), f" {token[:7]}-{token[7:]} ", spoken):
        assert devices.by_token(db, typed) is not None, typed
    assert devices.by_token(db, token[:-1]) is None
    assert devices.grouped(token).count(" ") == 5


def test_a_token_that_was_given_out_before_still_works(db: PrivateDatabase) -> None:
    from par_toolkit.storage.people import digest

    old = "Qw3-_xY" * 6
    devices.add(db, NAME)
    db.change("update devices set token = :token", {"token": digest(old)})
    assert devices.by_token(db, old) is not None
    assert devices.by_token(db, old.lower()) is None


@given(text=st.text(max_size=60))
def test_any_text_is_a_token_or_stays_as_it_is(text: str) -> None:
    found = devices.normalise(text)
    assert found == text or (len(found) == 24 and set(found) <= set(devices.LETTERS))
    assert devices.normalise(found) == found
