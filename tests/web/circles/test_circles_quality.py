"""Looking back, evidence of quality, releases of words and the case report, as people use them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    able_to_act,
    appeals,
    circles,
    heard_from_others,
    own,
    seats,
    word_releases,
)
from par_toolkit.storage.sensemaking.circles import Circle
from tests.storage.sensemaking.tables import circle as open_circle
from tests.storage.sensemaking.tables import person
from tests.storage.sensemaking.wholes import Whole, release_all
from tests.web.circles.tables import Member
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, text_of

BACK = "/circles/table/looking-back"


def member_of(app: Flask, circle: Circle, says: str = "") -> Member:
    """Have somebody sit down, and save their own where they `say` something."""
    member = Member(app)
    assert member.join(circle.table_code).status_code in (200, 303)
    if says:
        assert member.says(says).status_code == 303
    return member


# ------------------------------------------------------------------------------------ looking back


def test_a_member_writes_again_and_sees_both_side_by_side(
    app: Flask, db: PrivateDatabase, table: Circle
) -> None:
    member = member_of(app, table, "The bus is late.")
    assert "Looking back" in member.reads()
    assert member.press(f"{BACK}/own", {"end": "I know why now."}, page=BACK).status_code == 303
    page = member.reads(BACK)
    assert "The bus is late." in page and "I know why now." in page
    (seat,) = seats.of_circle(db, table.id)
    held = own.latest(db, seat.id, "end")
    assert held is not None and held.words == "I know why now."


def test_promise_13_nobody_reads_what_others_say_of_them_before_their_own(
    app: Flask, db: PrivateDatabase, table: Circle
) -> None:
    carers = open_circle(db, group="carers")
    carer = member_of(app, carers, "We drive.")
    said = {"about": "residents", "heard": "Zanzibarquartz waits."}
    assert carer.press(f"{BACK}/others", said, page=BACK).status_code == 303
    resident = member_of(app, table)
    assert "Zanzibarquartz" not in resident.body(BACK)
    (heard,) = heard_from_others.of_cycle(db, "cycle_1")
    refused = resident.post(f"{BACK}/heard/{heard.id}", {"accepted": "yes"})
    assert refused.status_code == 422 and "Zanzibarquartz" not in refused.get_data(as_text=True)
    resident.says("We wait.")
    assert "Zanzibarquartz waits." in resident.reads(BACK)


def test_members_of_a_group_accept_what_is_said_of_it_or_say_what_is_not_so(
    app: Flask, db: PrivateDatabase, table: Circle
) -> None:
    carers = open_circle(db, group="carers")
    carer, resident = member_of(app, carers, "We drive."), member_of(app, table, "We wait.")
    carer.press(f"{BACK}/others", {"about": "residents", "heard": "They wait."}, page=BACK)
    (heard,) = heard_from_others.of_cycle(db, "cycle_1")
    act = f"{BACK}/heard/{heard.id}"
    for fields, sentence in (
        ({}, "Choose one of the three answers first."),
        ({"accepted": "no"}, "Say in your words what is not so."),
    ):
        refused = resident.press(act, fields, page=BACK)
        assert refused.status_code == 422 and sentence in text_of(refused)
    resident.press(act, {"accepted": "no", "not_so": "We ask as well."}, page=BACK)
    assert "You said: this is not what we hold." in resident.reads(BACK)
    resident.press(act, {"accepted": "yes"}, page=BACK)
    assert heard_from_others.of_cycle(db, "cycle_1")[0].verdict == "accepted"
    assert carer.post(act, {"accepted": "yes"}).status_code == 422
    carer.press(f"{BACK}/others/back", page=BACK)
    assert "They wait." not in resident.body(BACK)


@pytest.mark.parametrize("about", ["residents", "nobody", ""])
def test_one_speaks_of_another_group_only(app: Flask, table: Circle, about: str) -> None:
    member = member_of(app, table, "We wait.")
    refused = member.press(f"{BACK}/others", {"about": about, "heard": "They do."}, page=BACK)
    assert refused.status_code == 422 and "Choose another group" in text_of(refused)
    assert "They do." in refused.get_data(as_text=True)


def test_each_says_whether_they_were_able_to_act_and_can_take_it_back(
    app: Flask, db: PrivateDatabase, table: Circle
) -> None:
    member = member_of(app, table, "We wait.")
    refused = member.press(f"{BACK}/able", {"why": "Nobody called."}, page=BACK)
    assert refused.status_code == 422 and "Nobody called." in refused.get_data(as_text=True)
    given = {"able": "partly", "why": "Nobody called."}
    assert member.press(f"{BACK}/able", given, page=BACK).status_code == 303
    assert "You said: Partly" in member.reads(BACK)
    assert [one.answer for one in able_to_act.of_cycle(db, "cycle_1")] == ["partly"]
    member.press(f"{BACK}/able/back", page=BACK)
    assert able_to_act.of_cycle(db, "cycle_1") == []


def test_promise_06_each_thing_said_in_looking_back_can_be_erased_to_the_end(
    app: Flask, db: PrivateDatabase, table: Circle
) -> None:
    """Also after the circle was closed, and where one's first words were taken back before."""
    carers = open_circle(db, group="carers")
    carer, me = member_of(app, carers, "We drive."), member_of(app, table, "We wait.")
    carer.press(f"{BACK}/others", {"about": "residents", "heard": "They wait."}, page=BACK)
    (heard,) = heard_from_others.of_cycle(db, "cycle_1")
    answer = f"{BACK}/heard/{heard.id}"
    me.press(f"{BACK}/own", {"end": "Zanzibarquartz end."}, page=BACK)
    me.press(f"{BACK}/others", {"about": "carers", "heard": "Zanzibarquartz they."}, page=BACK)
    me.press(answer, {"accepted": "no", "not_so": "Zanzibarquartz not."}, page=BACK)
    me.press(f"{BACK}/able", {"able": "no", "why": "Zanzibarquartz why."}, page=BACK)
    circles.close(db, table.id, by=person(db))
    (seat,) = seats.of_circle(db, table.id)
    own.take_back(db, seat, by=seat)
    for act in (f"{BACK}/own/back", f"{BACK}/others/back", f"{answer}/back", f"{BACK}/able/back"):
        assert "They wait." not in me.body(BACK)  # promise 13: their own words only
        assert "Zanzibarquartz" in me.body(BACK)
        assert me.press(act, page=BACK).status_code == 303
    assert "Zanzibarquartz" not in me.body(BACK)
    assert "Zanzibarquartz" not in "".join(db.conn.iterdump())
    assert carer.post(f"{answer}/back").status_code == 422
    assert heard_from_others.of_cycle(db, "cycle_1")[0].verdict == "waits"


def test_after_the_circle_closed_one_still_reads_it(
    app: Flask, db: PrivateDatabase, table: Circle
) -> None:
    member = member_of(app, table, "We wait.")
    circles.close(db, table.id, by=person(db))
    assert "This circle is closed." in member.reads(BACK)
    assert member.post(f"{BACK}/able", {"able": "yes"}).status_code == 422


def test_what_was_written_on_the_sheet_is_keyed_in_whole_or_not_at_all(
    desk: Callable[..., Desk], db: PrivateDatabase, table: Circle
) -> None:
    mara = person(db)
    path = f"/circles/run/{table.id}/looking-back"
    at_desk = desk()
    page = at_desk.text(path)
    assert "on-paper" in page and path not in forms_of(at_desk.get(path))
    seat, _code = seats.join(db, table.id, paper=True, by=mara)
    refused = at_desk.press(path, path, {"seat": str(seat.id), "end": "I see."})
    assert refused.status_code == 422  # nobody looks back who has not looked first
    own.save(db, seat, "We wait.", by=mara)
    empty = at_desk.press(path, path, {"seat": str(seat.id)})
    assert empty.status_code == 422 and "Type in what stands on the sheet" in text_of(empty)
    sheet = {"seat": str(seat.id), "end": "I see.", "heard-carers": "They drive.", "able": "often"}
    assert at_desk.press(path, path, sheet).status_code == 422
    assert own.latest(db, seat.id, "end") is None
    assert at_desk.press(path, path, sheet | {"able": "no", "why": "Rain."}).status_code == 303
    assert heard_from_others.of_seat(db, seat.id) == {"carers": "They drive."}
    assert able_to_act.of_seat(db, seat.id) == able_to_act.Answer("residents", "no", "Rain.")


def test_promise_06_the_desk_erases_a_sheet_for_who_wrote_it_and_no_seat_of_a_member(
    app: Flask, desk: Callable[..., Desk], db: PrivateDatabase, table: Circle
) -> None:
    mara, at_desk = person(db), desk()
    path = f"/circles/run/{table.id}/looking-back"
    member_of(app, table, "We wait.").press(f"{BACK}/own", {"end": "I know why."}, page=BACK)
    (member,) = seats.of_circle(db, table.id)
    paper, _code = seats.join(db, table.id, paper=True, by=mara)
    own.save(db, paper, "We wait, too.", by=mara)
    sheet = {"seat": str(paper.id), "end": "Zanzibarquartz end.", "able": "no",
             "heard-carers": "Zanzibarquartz they.", "why": "Zanzibarquartz why."}  # fmt: skip
    assert at_desk.press(path, path, sheet).status_code == 303
    circles.close(db, table.id, by=mara)
    refused = at_desk.post(f"{path}/erase", {"seat": str(member.id)})
    assert refused.status_code in (403, 422) and own.latest(db, member.id, "end") is not None
    erase = {"seat": str(paper.id), "erase": "yes"}
    assert at_desk.press(path, f"{path}/erase", erase).status_code == 303
    assert "Zanzibarquartz" not in "".join(db.conn.iterdump())
    assert at_desk.press(path, f"{path}/erase", erase).status_code == 422
    assert at_desk.press(path, f"{path}/erase", {"seat": "99"}).status_code == 422


# ---------------------------------------------------------------------------- evidence of quality


def test_the_page_of_quality_says_something_true_before_anything_has_happened(
    desk: Callable[..., Desk],
) -> None:
    page = text_of(desk("evaluator").get("/circles/quality"))
    for sentence in (
        "not sought yet",
        "Nobody has appealed.",
        "Nobody has written again yet",
        "No group has said yet what another holds.",
        "Nothing has been negotiated yet.",
        "Nobody has said yet whether they were able to act.",
        "No teller has said yet",
    ):
        assert sentence in page


def test_small_groups_are_protected_on_the_page_of_quality(
    desk: Callable[..., Desk], db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    whole = Whole(db, tell)
    resident, carer = whole.resident, whole.carer
    own.save(db, resident, "I see it otherwise.", moment="end", by=resident)
    able_to_act.give(db, "no", "Nobody asked us.", seat=resident, by=resident)
    heard_from_others.say(db, "residents", "They wait.", seat=carer, by=carer)
    appeals.add(db, whole.disputed, "Not heard.", by=resident)
    page = text_of(desk().get("/circles/quality"))
    assert "fewer than 5" in page and "1 person " not in page.replace("1 person sealed", "")
    for words in (
        "I wait in the rain.",
        "I see it otherwise.",
        "Somebody of a small group",
        "They wait.",
        "Few have answered, so only their words are told.",
        "Nobody asked us.",
        "1 action",
        "no action, with a reason",
        "1 waits for its answer",
    ):
        assert words in page


# ------------------------------------------------------------------- releases, and the report


def test_two_people_read_and_release_before_a_report_is_made(
    desk: Callable[..., Desk], db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    whole = Whole(db, tell)
    first, second, evaluator = desk(), desk("steward"), desk("evaluator")
    waits = text_of(first.get("/circles/report"))
    assert "What is in the way" in waits and f"Item no. {whole.disputed} is unresolved" in waits
    assert "/circles/report" not in forms_of(first.get("/circles/report"))
    refused = first.post("/circles/report", {"cycle": "cycle_1", "kind": "html", "language": "en"})
    assert refused.status_code == 422
    for one in word_releases.of_cycle(db, "cycle_1"):
        fields = {
            "kind": one.kind,
            "reference": str(one.reference),
            "seen": one.digest,
            "cycle": "cycle_1",
        }
        for at_desk in (first, first, second):
            assert at_desk.post("/circles/releases", fields).status_code == 303
        assert evaluator.post("/circles/releases", fields).status_code == 403
    assert "/circles/releases" not in forms_of(evaluator.get("/circles/releases"))
    page = "/circles/report"
    made = evaluator.press(page, page, {"group": "", "kind": "html", "language": "fr"})
    assert made.status_code == 200 and made.mimetype == "text/html"
    assert 'filename="report-cycle_1-fr.html"' in made.headers["Content-Disposition"]
    assert "Who pays for a later bus?" in made.get_data(as_text=True)
    word = evaluator.press(page, page, {"group": "carers", "kind": "docx", "language": "en"})
    assert 'filename="report-cycle_1-carers-en.docx"' in word.headers["Content-Disposition"]
    assert docx.Document(io.BytesIO(word.data)).core_properties.title.startswith("In short")


def test_a_yes_is_to_the_words_that_were_read(
    desk: Callable[..., Desk], db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    whole = Whole(db, tell)
    at_desk = desk()
    fields = {"kind": "item", "reference": str(whole.settled), "seen": "0" * 64}
    refused = at_desk.post("/circles/releases", fields)
    assert refused.status_code == 422 and "Read them once more" in text_of(refused)
    gone = at_desk.post("/circles/releases", fields | {"kind": "letter"})
    assert gone.status_code == 422
    release_all(db)
    assert at_desk.post("/circles/releases", fields | {"back": "yes"}).status_code == 303
    assert not word_releases.state(db, "item", whole.settled).released


@pytest.mark.parametrize(
    "fields",
    [{"kind": "pdf"}, {"language": "xx"}, {"group": "nobody"}, {"cycle": "nowhere"}],
)
def test_what_there_is_not_is_refused(
    desk: Callable[..., Desk],
    db: PrivateDatabase,
    tell: Callable[..., Any],
    fields: dict[str, str],
) -> None:
    Whole(db, tell)
    release_all(db)
    good = {"cycle": "cycle_1", "kind": "html", "language": "en"}
    assert desk().post("/circles/report", good | fields).status_code in (404, 422)


def test_before_a_cycle_the_pages_say_so(desk: Callable[..., Desk]) -> None:
    at_desk = desk()
    assert "nothing to report" in text_of(at_desk.get("/circles/report"))
    assert "Nothing has been said in this cycle" in text_of(at_desk.get("/circles/releases"))


@pytest.mark.parametrize("path", ["quality", "releases", "report", "checks"])
def test_these_pages_are_for_those_who_read(
    client: FlaskClient, desk: Callable[..., Desk], path: str
) -> None:
    assert client.get(f"/circles/{path}").status_code == 303
    assert desk("safeguarding").get(f"/circles/{path}").status_code == 403
