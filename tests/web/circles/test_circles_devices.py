"""Telephones and shared tablets: no word is lost, and none is shown to the next person."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    alone,
    answers,
    circles,
    items,
    joint,
    own,
    remarks,
    routine,
    seats,
    statements,
)
from par_toolkit.storage.sensemaking.circles import Circle
from par_toolkit.storage.sensemaking.rounds import Round
from tests.storage.sensemaking.tables import circle as open_circle
from tests.storage.sensemaking.tables import person
from tests.web.circles.tables import Member, pages_of_members
from tests.web.pages import forms_of, text_of

OWN = "/circles/table/own"
SHARE = "/circles/table/items"


def seat_code(member: Member) -> str:
    found = re.search(r"(\d{4}) (\d{4})", member.reads("/circles/seat"))
    assert found
    return found[1] + found[2]


def test_promise_16_words_on_their_way_when_a_circle_closes_are_shown_to_who_wrote_them(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    writes, late = sits("The bus."), sits()
    stale = forms_of(writes.client.get("/circles/table"))["/circles/table/version"].fields
    first = forms_of(late.client.get("/circles/table"))[OWN].fields
    circles.close(db, table.id, by=person(db))
    for member, path, fields in (
        (writes, "/circles/table/version", stale | {"version": "Canary, all I wrote."}),
        (late, OWN, first | {"own": "Canary, all I wrote."}),
    ):
        answer = member.client.post(path, data=fields)
        assert answer.status_code == 422 and "circle is closed" in text_of(answer)
        assert "This is not saved" in text_of(answer) and "Canary, all I wrote." in text_of(answer)
        assert "Canary" not in member.body()


def test_a_form_that_is_still_there_keeps_its_words_and_shows_them_once(
    sits: Callable[..., Member],
) -> None:
    answer = sits().press("/circles/table/own", {"own": "x" * 100_001})
    assert answer.status_code == 422 and "This is not saved" not in text_of(answer)
    assert answer.get_data(as_text=True).count("x" * 100_001) == 1


def test_promise_16_words_of_a_seat_that_was_left_elsewhere_are_not_lost(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    member = sits("The bus.")
    form = forms_of(member.client.get("/circles/table"))[OWN].fields | {"own": "Canary, more."}
    seats.leave(db, seats.of_circle(db, table.id)[0].id)
    for path in ("/circles/table/now", "/circles/table"):  # as the script of the page asks
        assert member.client.get(path).status_code == 401
    answer = member.client.post(OWN, data=form)
    assert answer.status_code == 401 and "Canary, more." in text_of(answer)
    again = member.client.post(OWN, data=form)
    assert again.status_code == 401 and "Canary" not in text_of(again), "sent by Back, later"


def test_promise_03_words_sent_again_by_back_are_not_shown_to_the_next_person(
    sits: Callable[..., Member], table: Circle
) -> None:
    member = sits(shared="yes")
    form = forms_of(member.client.get("/circles/table"))[OWN].fields | {"own": "Canary, mine."}
    member.press("/circles/leave")
    assert "Canary" not in text_of(member.client.post(OWN, data=form))
    member.join(table.table_code)
    answer = member.client.post(OWN, data=form, follow_redirects=True)
    assert "Canary" not in answer.get_data(as_text=True)


def test_promise_03_no_browser_puts_what_was_typed_back_into_a_form(
    sits: Callable[..., Member], app: Flask, db: PrivateDatabase, table: Circle
) -> None:
    """Chromium does so on Back, also where it has to load the page again."""
    member = sits("The bus.")
    joint.write(db, table.id, "Ours", by=person(db))
    routine.move(db, table.id, seen=None, by=person(db))
    statements.put(db, "cycle_1", "The bus is late.", groups=["residents"], by=person(db))
    tried = 0
    for path in pages_of_members(app):
        answer = member.client.get(path)
        assert answer.headers["Cache-Control"] == "no-store" and "ETag" not in answer.headers, path
        for form in re.findall(r"<form [^>]*>", answer.get_data(as_text=True)):
            assert 'autocomplete="off"' in form or 'method="get"' in form, (path, form)
            tried += 1
    assert tried > 15


def test_words_written_at_one_seat_are_never_put_into_a_form_of_another(
    sits: Callable[..., Member], db: PrivateDatabase
) -> None:
    """The same person in two groups, with two pages open in one browser."""
    carers = open_circle(db, group="carers", topic="Nights")
    member = sits()
    form = forms_of(member.client.get("/circles/table"))[OWN].fields | {"own": "Canary, as I am."}
    member.join(carers.table_code)
    answer = member.client.post(OWN, data=form)
    assert answer.status_code == 409 and "at another seat" in text_of(answer)
    assert "Canary, as I am." in text_of(answer), "it can be copied"
    assert all("Canary" not in str(one.fields) for one in forms_of(answer).values())
    assert own.of_circle(db, carers.id) == {}


def test_a_seat_is_on_one_device_and_an_older_one_does_not_leave_it(
    sits: Callable[..., Member], app: Flask, db: PrivateDatabase, table: Circle
) -> None:
    """A tablet that closes by itself must not send its person's telephone away."""
    tablet = sits("Canary", shared="yes")
    leave = forms_of(tablet.client.get("/circles/table"))["/circles/leave"].fields
    phone = Member(app)
    assert phone.come_back(seat_code(tablet)).status_code == 303
    assert "Canary" not in tablet.body() and "Canary" in phone.body()
    assert tablet.client.post("/circles/leave", data=leave).status_code == 401
    assert phone.says("More.").status_code == 303
    (held,) = seats.of_circle(db, table.id)
    assert held.present


def test_whoever_presses_twice_on_a_slow_line_has_one_seat(
    app: Flask, db: PrivateDatabase, table: Circle
) -> None:
    """The second request goes out before the answer to the first has come, with the same cookie."""
    member = Member(app)
    fields = forms_of(member.client.get("/circles?lang=en"))["/circles/join"].fields
    before, fields = member.client.get_cookie("par"), fields | {"table_code": table.table_code}
    assert before
    for _twice in range(2):
        member.client.set_cookie("par", before.value)
        assert member.client.post("/circles/join", data=fields).status_code == 303
    assert len(seats.of_circle(db, table.id)) == 1
    assert seat_code(member) and member.says("The bus.").status_code == 303
    other = open_circle(db, group="carers")
    member.client.set_cookie("par", before.value)
    member.client.post("/circles/join", data=fields | {"table_code": other.table_code})
    assert len(seats.of_circle(db, other.id)) == 1, "another table is another seat"


def test_a_new_code_and_whoever_uses_it_shut_a_lost_telephone_out(
    sits: Callable[..., Member], app: Flask, db: PrivateDatabase, table: Circle
) -> None:
    lost = sits("Canary")
    (held,) = seats.of_circle(db, table.id)
    code = seats.renew_code(db, held.id, by=person(db))
    assert Member(app).come_back(code).status_code == 303
    assert "Canary" not in lost.body()


@pytest.mark.parametrize("path", ["/", "/tell", "/mine", "/desk/sign-in", "/circles"])
def test_promise_03_a_shared_device_that_goes_to_another_room_leaves_its_seat(
    sits: Callable[..., Member], path: str
) -> None:
    shared, own_phone = sits("Canary", shared="yes"), sits("Canary")
    for member in (shared, own_phone):
        member.client.get(path)
    assert "Canary" not in shared.body() and shared.client.get("/circles/table").status_code == 401
    assert "Canary" in own_phone.body()


def test_every_page_of_a_shared_device_with_a_seat_leaves_it_by_itself(
    sits: Callable[..., Member],
) -> None:
    member = sits(shared="yes")
    for path in ("/circles/contract", "/circles/table", SHARE):
        assert "data-idle" in member.body(path), path
    member.press("/circles/leave")
    start = member.body("/circles")
    assert (
        'id="shared-new" name="shared" value="yes" aria-describedby="shared-new-help" checked'
        in start
    )


def test_promise_06_a_member_takes_back_all_they_said_on_their_own_pages_also_after_the_close(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    mara, member = person(db), sits("The bus.")
    (me,) = seats.of_circle(db, table.id)
    version = joint.write(db, table.id, "Ours", by=mara)
    answers.give(db, version.id, "dissent", "Canaryanswer", seat=me, by=me)
    remarks.add(db, version.id, "Canaryremark", seat=me, by=me)
    routine.move(db, table.id, seen=None, by=mara)
    for words in ("Canaryshared", "Canarykept"):
        alone.write(db, me, words, by=me)
    routine.move(db, table.id, seen=Round("claim", "write"), by=mara)
    alone.give(db, alone.of_seat(db, me.id, "claim")[0].id, seat=me, by=me)
    circles.close(db, table.id, by=mara)
    assert "Canaryanswer" in member.body() and "Canaryremark" in member.body()
    assert "Canaryshared" in member.body(SHARE) and "Canarykept" in member.body(SHARE)
    for act, page in (
        ("/circles/table/answer/back", "/circles/table"),
        ("/circles/table/remark/back", "/circles/table"),
        ("/circles/table/items/back", SHARE),
        ("/circles/table/items/aside", SHARE),
        ("/circles/table/own/back", "/circles/table"),
    ):
        assert member.press(act, page=page).status_code == 303, act
    assert "Canary" not in member.body() + member.body(SHARE)
    (taken,) = items.listing(db)
    assert (taken.words, taken.state) == ("", "taken_back")
