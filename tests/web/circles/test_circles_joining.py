"""Taking a seat through HTTP: codes, who guesses them, who leaves, and who comes back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    circles,
    joint,
    own,
    seats,
)
from par_toolkit.storage.sensemaking.circles import Circle
from par_toolkit.web.circles.guessing import square_of
from tests.storage.sensemaking.tables import circle as open_circle
from tests.storage.sensemaking.tables import person, seat
from tests.web.circles.tables import Member
from tests.web.pages import forms_of, text_of


def test_nobody_without_a_seat_gets_in(app: Flask, table: Circle) -> None:
    stranger = Member(app)
    for path in ("/circles/table", "/circles/table/items", "/circles/table/now", "/circles/seat"):
        answer = stranger.client.get(path)
        assert answer.status_code == 401
        assert "Type the code of your table" in text_of(answer)


def test_the_seat_code_is_shown_and_brings_back_on_another_device(
    sits: Callable[..., Member], app: Flask
) -> None:
    member = sits("The bus.")
    page = member.reads("/circles/seat")
    found = re.search(r"(\d{4}) (\d{4})", page)
    assert found
    other = Member(app)
    answer = other.come_back(f"{found[1]}-{found[2]}")
    assert answer.status_code == 303
    assert "What you wrote yourself" in other.reads()
    assert "/circles/seat" not in other.client.get("/circles/seat").headers["Location"]


def test_whoever_leaves_half_way_leaves_nothing_in_the_browser(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    member = sits("Canaryown")
    answer = member.press("/circles/leave")
    assert answer.status_code == 303
    assert member.client.get("/circles/table").status_code == 401
    assert "Canaryown" not in member.body("/circles")
    assert own.waiting(db, table.id) == []
    (gone,) = seats.of_circle(db, table.id)
    assert gone.left_at and own.latest(db, gone.id), "what was said stays"


def test_the_same_person_in_two_groups_has_two_seats_and_says_their_own_in_each(
    sits: Callable[..., Member], db: PrivateDatabase, app: Flask
) -> None:
    carers = open_circle(db, group="carers", topic="Nights")
    theirs = seat(db, carers, says="The nights.")
    joint.write(db, carers.id, "Canarycarers", by=theirs)
    member = sits("The bus.")
    assert member.join(carers.table_code).status_code == 303
    assert "Canarycarers" not in member.body()
    assert "The bus." not in member.body()
    member.says("My nights.")
    assert "Canarycarers" in member.body()
    assert [len(seats.of_circle(db, one.id)) for one in circles.listing(db)] == [2, 1]


def test_whoever_takes_another_seat_in_the_same_browser_leaves_the_first(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    """Also the next person on a shared tablet, where the one before forgot to leave."""
    member = sits("Canaryown")
    assert member.join(table.table_code).status_code == 303
    assert "Canaryown" not in member.body()
    first, second = seats.of_circle(db, table.id)
    assert first.left_at and second.left_at is None
    assert own.waiting(db, table.id) == [second]


def test_a_seat_that_was_gone_on_without_is_back_with_its_next_act(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    member = sits()
    (held,) = seats.of_circle(db, table.id)
    seats.go_on_without(db, held.id, by=person(db))
    assert member.says("I am back.").status_code == 303
    again = seats.get(db, held.id)
    assert again and again.present


def test_a_wrong_code_is_slowed_for_who_types_it_and_never_for_others(
    app: Flask, table: Circle
) -> None:
    prankster, other = Member(app), Member(app)
    wrong = f"{(int(table.table_code) + 1) % 10**6:06d}"
    answers = [prankster.join(wrong).status_code for _ in range(12)]
    assert answers[0] == 422 and answers[-1] == 429
    assert prankster.join(table.table_code).status_code == 429, "a guess that is right waits too"
    assert other.join(table.table_code).status_code == 303
    assert prankster.come_back("12345678").status_code == 429


def test_a_machine_that_forgets_its_cookies_is_slowed_by_its_address(
    app: Flask, table: Circle, sits: Callable[..., Member]
) -> None:
    here_before = sits()
    here_before.press("/circles/leave")
    statuses = [Member(app).come_back(f"{number:08d}").status_code for number in range(62)]
    assert statuses[0] == 422 and statuses[-1] == 429
    assert here_before.join(table.table_code).status_code == 303, "who sat here is not held up"


def test_whoever_scans_the_square_comes_in_while_a_machine_guesses_from_the_same_hall(
    app: Flask, table: Circle
) -> None:
    """What stands in the square cannot be guessed, so nobody has to wait who has it."""
    for number in range(62):
        Member(app).come_back(f"{number:08d}")
    assert Member(app).join(table.table_code).status_code == 429
    assert Member(app).join(table.table_code, square="0" * 20).status_code == 429
    with app.test_request_context():
        scanned = square_of(table)
    assert Member(app).join(table.table_code, square=scanned).status_code == 303
    wrong = f"{(int(table.table_code) + 1) % 10**6:06d}"
    assert Member(app).join(wrong, square=scanned).status_code == 429


@pytest.mark.parametrize("typed", ["", "12", "letters", "１２３４５６７", "9" * 5_000])
def test_anything_typed_for_a_code_gets_a_sentence(app: Flask, table: Circle, typed: str) -> None:
    answer = Member(app).join(typed)
    assert answer.status_code == 422
    assert "No table has this code now" in text_of(answer)


def test_a_code_is_understood_however_it_is_typed(app: Flask, table: Circle) -> None:
    code = table.table_code
    wide = "".join(chr(0xFF10 + int(digit)) for digit in code)
    for typed in (f" {code[:3]} {code[3:]} ", f"{code[:2]}-{code[2:]}", wide):
        assert Member(app).join(typed).status_code == 303


def test_a_name_that_is_too_long_is_refused_and_stays(app: Flask, table: Circle) -> None:
    answer = Member(app).join(table.table_code, called="x" * 61)
    assert answer.status_code == 422 and "shorter name" in text_of(answer)
    fields = forms_of(answer)["/circles/join"].fields
    assert fields["called"] == "x" * 61 and fields["table_code"] == table.table_code


def test_a_shared_device_leaves_the_seat_by_itself(sits: Callable[..., Member]) -> None:
    assert "data-idle" in sits(shared="yes").body()
    assert "data-idle" not in sits().body()


def test_how_somebody_is_called_is_theirs_to_change_and_to_erase(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    member, act = sits("The bus.", called="Canary Rosa"), "/circles/table/called"
    refused = member.press(act, {"called": "x" * 61})
    assert refused.status_code == 422 and forms_of(refused)[act].fields["called"] == "x" * 61
    assert member.press(act, {"called": ""}).status_code == 303
    assert "Canary" not in member.body() and seats.of_circle(db, table.id)[0].called == ""
