"""Agendas, views, sessions and appeals on their pages: at the desk, and at the tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    actions,
    agenda_items,
    agendas,
    appeals,
    information,
    items,
    joint,
    outcomes,
    rankings,
    seats,
    turns,
    views,
)
from tests.storage.sensemaking import tables
from tests.web.circles.tables import Member
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, text_of

AGENDAS = "/circles/agendas"
AGENDA = "/circles/table/agenda"
APPEALS = "/circles/table/appeals"


@dataclass
class Room:
    """A facilitator, a resident and a carer, and an agenda with one item that affects both."""

    app: Flask
    db: PrivateDatabase
    leader: Desk
    resident: Member
    carer: Member
    item: int
    agenda: int

    @property
    def page(self) -> str:
        return f"{AGENDAS}/{self.agenda}"

    @property
    def place(self) -> str:
        return f"{self.page}/items/{self.item}"

    @property
    def session(self) -> str:
        return f"{self.page}/session/{self.item}"

    def views(self) -> dict[str, views.View]:
        return views.of_agenda(self.db, self.agenda).get(self.item, {})

    def write(self, member: Member, words: str) -> None:
        act = f"{AGENDA}/{self.agenda}/{self.item}/view"
        response = member.press(act, {"view": words}, page=AGENDA)
        assert response.status_code == 303, text_of(response)

    def confirm(self, member: Member, answer: str = "yes", missing: str = "") -> None:
        fields = {"states_it": answer, "missing": missing}
        response = member.press(f"{AGENDA}/confirm", fields, page=AGENDA)
        assert response.status_code == 303, text_of(response)

    def send(self) -> None:
        for member, words in ((self.resident, "We wait."), (self.carer, "We drive.")):
            self.write(member, words)
            self.confirm(member)
        assert self.leader.press(self.page, f"{self.page}/send").status_code == 303

    def hold(self) -> None:
        self.send()
        assert self.leader.press(self.page, f"{self.page}/session").status_code == 303

    def speak(self) -> None:
        act = f"{AGENDA}/{self.agenda}/{self.item}/turn"
        for member, words in ((self.resident, "Keep it."), (self.carer, "Mend it.")):
            assert member.press(act, {"turn": words}, page=AGENDA).status_code == 303


@pytest.fixture
def room(app: Flask, db: PrivateDatabase, desk: Callable[..., Desk]) -> Room:
    tables.begin_cycle(db)
    mara = tables.person(db)
    late = items.add(
        db, kind="concern", words="The bus is late.", group="residents", cycle="cycle_1",
        source="meeting", by=mara,
    )  # fmt: skip
    agenda = agendas.add(db, "cycle_1", "In May, at the hall", by=mara)
    agenda_items.add(
        db, agenda.id, late, groups=["residents", "carers"], evidence="Timetables.", by=mara
    )
    members = []
    for group in ("residents", "carers"):
        member = Member(app)
        member.join(tables.circle(db, group=group).table_code)
        member.says("As I see it.")
        members.append(member)
    return Room(app, db, desk("facilitator"), *members, late, agenda.id)


# -------------------------------------------------------------------------------------- the agenda


def test_an_agenda_is_begun_filled_ordered_and_explained(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    tables.begin_cycle(db)
    mara, leader = tables.person(db), desk("steward")
    late, silent = (
        items.add(
            db, kind="concern", words=words, group="residents", cycle="cycle_1", source="meeting",
            by=mara,
        )
        for words in ("The bus is late.", "Nobody answers.")
    )  # fmt: skip
    assert leader.press(AGENDAS, AGENDAS, {"title": " "}).status_code == 422
    assert leader.press(AGENDAS, AGENDAS, {"title": "In May"}).status_code == 303
    (agenda,) = agendas.of_cycle(db, "cycle_1")
    page = f"{AGENDAS}/{agenda.id}"
    fields = {"item": str(late), "affected": ["residents", "carers"], "evidence": "Timetables."}
    refused = leader.press(page, f"{page}/items", fields | {"affected": []})
    assert refused.status_code == 422 and "Timetables." in refused.get_data(as_text=True)
    assert leader.press(page, f"{page}/items", fields).status_code == 303
    assert leader.press(page, f"{page}/items", fields | {"item": str(silent)}).status_code == 303
    seat = tables.seat(db, tables.circle(db))
    rankings.give(db, [silent], seat=seat, by=seat)
    assert leader.press(page, f"{page}/order").status_code == 303
    listed = [one.item.id for one in agenda_items.of_agenda(db, agenda.id)]
    assert listed == [silent, late]
    assert "each group counting alike" in text_of(leader.get(page))
    place = f"{page}/items/{silent}"
    assert leader.press(place, f"{place}/move", {"to": "down"}).status_code == 422
    moved = leader.press(place, f"{place}/move", {"to": "down", "why": "The driver leaves."})
    assert moved.status_code == 303 and "The driver leaves." in text_of(leader.get(page))
    refused = leader.press(place, f"{place}/remove")
    assert refused.status_code == 422 and "put this first" in text_of(refused)
    terms = {"word": "GP", "meaning": "The family doctor"}
    assert leader.press(page, f"{page}/glossary", terms).status_code == 303
    assert "The family doctor" in text_of(leader.get(f"{page}/sheet"))
    assert leader.press(page, f"{page}/glossary/remove").status_code == 303
    other = f"{page}/items/{late}"
    change = {"affected": ["carers"], "evidence": "Other."}
    refused = leader.press(other, other, change)
    assert refused.status_code == 422 and "Tick the group that said this" in text_of(refused)
    change |= {"affected": ["residents"]}
    stale = forms_of(leader.get(other))[other].fields
    assert leader.press(other, other, change).status_code == 303
    assert agenda_items.there(db, agenda.id, late).groups == ("residents",)
    refused = leader.client.post(other, data=stale | {"evidence": "Of the other."})
    assert refused.status_code == 422 and "Somebody has changed this" in text_of(refused)
    assert "Of the other." in refused.get_data(as_text=True)
    assert leader.press(other, f"{other}/remove").status_code == 303


def test_what_is_lacking_is_said_and_nothing_is_sent(room: Room) -> None:
    page = text_of(room.leader.get(room.page))
    assert "Residents has no view on “The bus is late.” yet." in page
    assert f"{room.page}/send" not in forms_of(room.leader.get(room.page))
    response = room.leader.post(f"{room.page}/send")
    assert response.status_code == 422 and "cannot be sent yet" in text_of(response)
    assert agendas.there(room.db, room.agenda).sent_at is None


def test_the_facilitator_takes_views_from_circles_and_keys_in_what_was_said(room: Room) -> None:
    db, leader = room.db, room.leader
    circle = tables.circle(db)
    joint.write(db, circle.id, "What our circle says.", by=tables.person(db))
    assert "What our circle says." in text_of(leader.get(room.place))
    fields = {"group": "residents", "after": "", "view": "", "construction": ""}
    refused = leader.post(f"{room.place}/view", fields)
    assert refused.status_code == 422 and 'href="#view"' in refused.get_data(as_text=True)
    fields |= {"view": "What our circle says."}
    assert leader.post(f"{room.place}/view", fields).status_code == 303
    view = room.views()["residents"]
    act = f"{room.place}/confirm"
    fields = {"view_id": str(view.id), "states_it": "no", "missing": ""}
    refused = leader.press(room.place, act, fields)
    assert refused.status_code == 422 and 'href="#missing"' in refused.get_data(as_text=True)
    assert leader.press(room.place, act, fields | {"missing": "The cost."}).status_code == 303
    assert leader.press(room.place, act, fields | {"states_it": ""}).status_code == 422
    assert leader.press(room.place, act, fields | {"seat": "99"}).status_code == 422
    paper, _code = seats.join(db, circle.id, paper=True)
    assert (room.views()["residents"].no, paper.paper) == (1, True)
    assert "The cost." in text_of(leader.get(room.place))


def test_a_group_confirms_on_paper_without_reading_the_views_of_others(room: Room) -> None:
    for group, words in (("residents", "Zanzibarquartz."), ("carers", "Quixotic.")):
        fields = {"group": group, "view": words, "after": "", "construction": ""}
        assert room.leader.post(f"{room.place}/view", fields).status_code == 303
    assert f"{room.page}/sheet?group=carers" in room.leader.text(room.page)
    paper = text_of(room.leader.get(f"{room.page}/sheet?group=carers"))
    assert "Quixotic." in paper and "Zanzibarquartz" not in paper
    assert "☐ Yes, this states our view" in paper and "what is wrong or missing?" in paper
    assert room.leader.get(f"{room.page}/sheet?group=nobody").status_code == 404
    assert "Hand it out, or show it, only once it is sent" in room.leader.text(f"{room.page}/sheet")


def test_views_are_seen_by_their_own_group_until_all_are_sent_them(room: Room) -> None:
    """Promise 13 and 'sent to all at the same time', looked for in the response bodies."""
    room.write(room.resident, "Quixotic view of residents.")
    room.confirm(room.resident, "no", "Zymurgy is missing.")
    for page in (AGENDA, f"{AGENDA}/now", "/circles/table", APPEALS):
        body = room.carer.body(page)
        assert "Quixotic" not in body and "Zymurgy" not in body
    assert "Quixotic" in room.resident.body(AGENDA)
    late = Member(room.app)
    late.join(tables.circle(room.db).table_code)
    assert "Quixotic" not in late.body(AGENDA) and "Write first" in late.reads(AGENDA)
    assert late.post(f"{AGENDA}/confirm", {"view_id": "1", "states_it": "yes"}).status_code == 422
    room.confirm(room.resident)
    room.write(room.carer, "View of carers.")
    room.confirm(room.carer)
    before = room.carer.body(f"{AGENDA}/now")
    assert room.leader.press(room.page, f"{room.page}/send").status_code == 303
    assert room.carer.body(f"{AGENDA}/now") != before
    for member in (room.resident, room.carer):
        assert "Quixotic view of residents." in member.reads(AGENDA)
        assert "View of carers." in member.reads(AGENDA)
    assert "Quixotic" not in late.body(AGENDA)


def test_an_open_question_that_all_go_on_without_stands_on_the_agenda(room: Room) -> None:
    task = information.add(
        room.db, room.item, question="How many wait?", owner="Ana", due="2026-02-01",
        by=tables.person(room.db),
    )  # fmt: skip
    for group in ("residents", "carers"):
        information.go_on(room.db, task.id, group, by=tables.person(room.db))
    room.send()
    for page in (room.carer.reads(AGENDA), text_of(room.leader.get(f"{room.page}/sheet"))):
        assert "How many wait?" in page and "This is not found out. Every group" in page


def test_what_is_overdue_stands_before_the_agenda_at_the_table_too(room: Room) -> None:
    actions.add(
        room.db, "cycle_1", what="Ask for a shelter.", owner="Made-up council",
        due="2020-01-31", by=tables.person(room.db),
    )  # fmt: skip
    assert "Ask for a shelter." not in room.carer.reads(AGENDA)
    room.send()
    assert "Overdue: what did we say we would do? Ask for a shelter." in room.carer.reads(AGENDA)


def test_two_who_write_the_same_view_lose_no_word(room: Room) -> None:
    """Both opened the page; the second is shown the first and keeps what they typed."""
    other = Member(room.app)
    other.join(tables.circle(room.db).table_code)
    other.says("As I see it, too.")
    act = f"{AGENDA}/{room.agenda}/{room.item}/view"
    stale = forms_of(other.client.get(AGENDA))[act].fields
    room.write(room.resident, "First words.")
    response = other.client.post(act, data=stale | {"view": "Second words."})
    assert response.status_code == 422 and "written this view anew" in text_of(response)
    form = forms_of(response)[act]
    assert form.fields["view"] == "Second words." and "First words." in text_of(response)
    assert other.client.post(act, data=form.fields).status_code == 303
    kept = views.versions(room.db, room.agenda, room.item, "residents")
    assert [one.words for one in kept] == ["First words.", "Second words."]


# ------------------------------------------------------------------------------------- the session


def test_a_session_is_held_in_equal_turns_to_an_outcome_with_actions(room: Room) -> None:
    room.hold()
    act = f"{AGENDA}/{room.agenda}/{room.item}/turn"
    assert room.resident.press(act, {"turn": "Keep it."}, page=AGENDA).status_code == 303
    again = room.resident.post(act, {"turn": "And again.", "seen": "1"})
    assert again.status_code == 422 and "spoken less often" in text_of(again)
    page = text_of(room.leader.get(room.session))
    assert "these groups say their position: Family and unpaid carers." in page
    assert f"{room.session}/outcome" not in forms_of(room.leader.get(room.session))
    early = {"outcome": "full", "outcome_words": "x", "no_action": "y"}
    refused = room.leader.post(f"{room.session}/outcome", early)
    assert refused.status_code == 422 and "position" in text_of(refused)
    turn = {"turn": "Mend it.", "group": "carers"}
    assert room.leader.press(room.session, f"{room.session}/turn", turn).status_code == 303
    assert "Mend it." in room.resident.reads(AGENDA)
    fields = {
        "outcome": "partial", "outcome_words": "It stays on weekdays.", "what-1": "Ask for a bus.",
        "owner-1": "Ana", "due-1": "2099-05-01",
    }  # fmt: skip
    for name, field in (
        ("outcome", "outcome-full"), ("outcome_words", "outcome-words"), ("owner-1", "owner-0"),
        ("due-1", "due-0"),
    ):  # fmt: skip
        refused = room.leader.press(room.session, f"{room.session}/outcome", fields | {name: ""})
        body = refused.get_data(as_text=True)
        assert refused.status_code == 422 and f'href="#{field}"' in body, name
        assert "Ask for a bus." in body
    end = f"{room.page}/session/end"
    assert room.leader.press(room.page, end).status_code == 422
    decided = room.leader.press(room.session, f"{room.session}/outcome", fields)
    assert decided.status_code == 303
    (action,) = actions.of_item(room.db, room.item)
    assert action.what == "Ask for a bus."
    assert "Agreed in part" in room.carer.reads(AGENDA)
    assert "Ask for a bus." in room.carer.reads(AGENDA)
    assert room.leader.press(room.page, end).status_code == 303
    sheet = text_of(room.leader.get(f"{room.page}/sheet"))
    for words in ("We wait.", "We drive.", "Keep it.", "It stays on weekdays.", "Ask for a bus."):
        assert words in sheet


def test_views_that_stay_apart_stand_side_by_side(room: Room) -> None:
    room.hold()
    room.speak()
    fields = {"outcome": "none", "outcome_words": "Apart.", "no_action": "It waits for June."}
    decided = room.leader.press(room.session, f"{room.session}/outcome", fields)
    assert decided.status_code == 303
    for page in (room.carer.reads(AGENDA), room.resident.reads(AGENDA)):
        assert "We wait." in page and "We drive." in page and "It waits for June." in page
    held = items.get(room.db, room.item)
    assert held is not None and held.state == "unresolved"


def test_what_is_not_yet_or_nowhere_gets_a_page(room: Room) -> None:
    assert room.leader.get(room.session).status_code == 404
    for path in (f"{AGENDAS}/99", f"{AGENDAS}/99/sheet", f"{room.page}/items/99"):
        assert room.leader.get(path).status_code == 404
    assert room.leader.post(f"{AGENDAS}/99/send").status_code == 404
    room.send()
    early = room.resident.post(
        f"{AGENDA}/{room.agenda}/{room.item}/turn", {"turn": "Quixotic.", "seen": "0"}
    )
    assert early.status_code == 422 and turns.of_item(room.db, room.agenda, room.item) == []


def test_an_evaluator_reads_and_leads_nothing(room: Room, desk: Callable[..., Desk]) -> None:
    looker = desk("evaluator")
    room.hold()
    for path in (AGENDAS, room.page, room.place, room.session, f"{room.page}/sheet"):
        response = looker.get(path)
        assert response.status_code == 200
        assert not [act for act in forms_of(response) if act.startswith("/circles/agendas")]
    assert looker.post(f"{room.session}/turn", {"group": "carers"}).status_code == 403


# ----------------------------------------------------------------------------------------- appeals


def test_an_appeal_is_answered_by_somebody_else_and_its_person_reads_it(
    room: Room, desk: Callable[..., Desk]
) -> None:
    room.hold()
    room.speak()
    fields = {"outcome": "full", "outcome_words": "So.", "no_action": "None is needed."}
    room.leader.press(room.session, f"{room.session}/outcome", fields)
    assert outcomes.of_item(room.db, room.item)
    typed = {"item": str(room.item), "appeal": ""}
    refused = room.carer.press(APPEALS, typed, page=APPEALS)
    assert refused.status_code == 422 and 'href="#appeal"' in refused.get_data(as_text=True)
    typed |= {"appeal": "Quixotic: nobody asked the drivers."}
    assert room.carer.press(APPEALS, typed, page=APPEALS).status_code == 303
    assert "Quixotic" not in room.resident.body(APPEALS)
    (appeal,) = appeals.of_cycle(room.db, "cycle_1")
    act = f"/circles/appeals/{appeal.id}"
    page = room.leader.get("/circles/appeals")
    assert "somebody else answers" in text_of(page) and act not in forms_of(page)
    answer = {"upheld": "yes", "answer": "That is so."}
    own_one = room.leader.post(act, answer)
    assert own_one.status_code == 422 and "You decided on this" in text_of(own_one)
    other = desk("evaluator")
    unsaid = other.press("/circles/appeals", act, {"answer": "Words."})
    assert unsaid.status_code == 422 and "Words." in text_of(unsaid)
    assert other.press("/circles/appeals", act, answer).status_code == 303
    assert "That is so." in room.carer.reads(APPEALS)
    held = items.get(room.db, room.item)
    assert held is not None and held.state == "reopened"


def test_an_appeal_can_be_taken_back_or_written_down_for_somebody(room: Room) -> None:
    typed = {"item": str(room.item), "appeal": "Quixotic."}
    room.carer.press(APPEALS, typed, page=APPEALS)
    (appeal,) = appeals.of_cycle(room.db, "cycle_1")
    assert room.resident.post(f"{APPEALS}/{appeal.id}/back").status_code == 422
    assert room.carer.press(f"{APPEALS}/{appeal.id}/back", page=APPEALS).status_code == 303
    assert "Quixotic" not in room.carer.body(APPEALS) and appeals.holding(room.db) == set()
    path = "/circles/appeals"
    assert room.leader.press(path, path, typed | {"appeal": " "}).status_code == 422
    assert room.leader.press(path, path, typed | {"appeal": "Told to me."}).status_code == 303
    page = room.leader.text(path)
    assert page.index('class="panel stack on-screen"') < page.index("Told to me."), "not on paper"
    assert appeals.holding(room.db) == {room.item}


@pytest.mark.parametrize("path", [AGENDA, APPEALS, "/circles/table/statements", AGENDAS])
def test_nobody_comes_in_without_a_seat_or_a_name(app: Flask, path: str) -> None:
    response = app.test_client().get(path)
    assert response.status_code in (303, 401)
