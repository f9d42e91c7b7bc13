"""Statements, priorities and information on their pages: at the desk, and at the table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    circles,
    information,
    items,
    positions,
    rankings,
    seats,
    statements,
)
from par_toolkit.storage.sensemaking.statements import Statement
from tests.storage.sensemaking import tables
from tests.web.circles.tables import Member
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, text_of

TABLE = "/circles/table/statements"
DESK = "/circles/statements"


def sit(
    app: Flask, db: PrivateDatabase, *, group: str = "residents", says: str = "I wait."
) -> Member:
    """Seat somebody at a new table of a group."""
    member = Member(app)
    member.join(tables.circle(db, group=group).table_code)
    if says:
        member.says(says)
    return member


def put(db: PrivateDatabase, words: str = "Keep the bus.", *groups: str) -> Statement:
    tables.begin_cycle(db)
    asked = groups or ("residents", "carers")
    return statements.put(db, "cycle_1", words, groups=asked, by=tables.person(db))


def item(db: PrivateDatabase, words: str = "The bus is late.") -> int:
    tables.begin_cycle(db)
    return items.add(
        db, kind="concern", words=words, group="residents", cycle="cycle_1", source="meeting",
        by=tables.person(db),
    )  # fmt: skip


def answer(member: Member, found: Statement, position: str, reason: str = "") -> None:
    act = f"{TABLE}/{found.id}"
    response = member.press(act, {"position": position, "reason": reason}, page=TABLE)
    assert response.status_code == 303, text_of(response)


# ------------------------------------------------------------------------------ putting statements


def test_a_statement_is_put_to_the_groups_that_are_ticked(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    tables.begin_cycle(db)
    late, leader = item(db), desk("facilitator")
    fields = {"statement": "Keep the bus.", "group": ["residents", "carers"], "item": str(late)}
    assert leader.press(DESK, DESK, fields).status_code == 303
    (found,) = statements.of_cycle(db, "cycle_1")
    assert (found.words, found.groups, found.item) == (
        "Keep the bus.", ("carers", "residents"), late,
    )  # fmt: skip
    page = text_of(leader.get(f"{DESK}/{found.id}"))
    assert "The bus is late." in page and "not asked" in page
    act = f"{DESK}/{found.id}/ask"
    assert leader.press(f"{DESK}/{found.id}", act, {"group": "health_workers"}).status_code == 303
    assert "health_workers" in statements.there(db, found.id).groups


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"statement": " "}, "statement"),
        ({"statement": "\u200b"}, "statement"),
        ({"statement": "Keep the bus."}, "statement"),
        ({"statement": "x" * 100_001}, "statement"),
        ({"group": []}, "group-0"),
        ({"group": ["strangers"]}, "group-0"),
        ({"item": "99"}, "item"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_no_word_is_lost(
    desk: Callable[..., Desk], db: PrivateDatabase, wrong: dict[str, object], field: str
) -> None:
    put(db)
    typed = {"statement": "Quixotic words.", "group": ["carers"], "item": ""} | wrong
    response = desk("facilitator").press(DESK, DESK, typed)
    page = response.get_data(as_text=True)
    assert response.status_code == 422 and f'href="#{field}"' in page and f'id="{field}"' in page
    if "statement" not in wrong:
        assert "Quixotic words." in page
    assert len(statements.of_cycle(db, "cycle_1")) == 1


def test_an_evaluator_sees_figures_and_leads_nothing(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    found, looker = put(db), desk("evaluator")
    assert looker.get(DESK).status_code == 200
    assert f"{DESK}/{found.id}/close" not in forms_of(looker.get(f"{DESK}/{found.id}"))
    assert looker.post(f"{DESK}/{found.id}/close").status_code == 403
    assert statements.there(db, found.id).open


# ------------------------------------------------------------------------------------- at the table


def test_nobody_is_sent_what_others_answer_until_it_is_closed(
    app: Flask, db: PrivateDatabase, desk: Callable[..., Desk]
) -> None:
    """Looked for in the response bodies, for the own table, another group's and the script's."""
    found = put(db)
    ana, ben = sit(app, db), sit(app, db, group="carers")
    answer(ana, found, "disagree", "Quixotic cost.")
    for page in (TABLE, f"{TABLE}/now", "/circles/table"):
        assert "Quixotic" not in ben.body(page)
    before = ben.body(f"{TABLE}/now")
    answer(ben, found, "agree")
    assert "Quixotic" in ana.body(TABLE)
    after = ben.body(f"{TABLE}/now")
    assert before.splitlines()[-1] == after.splitlines()[-1]  # no answer can be told from the stamp
    leader = desk("facilitator")
    shown = leader.text(f"{DESK}/{found.id}/shown")
    assert "Quixotic" not in shown and "still answering" in shown
    act = f"{DESK}/{found.id}/close"
    assert leader.press(f"{DESK}/{found.id}", act).status_code == 303
    assert "Quixotic cost." in ben.reads(TABLE) and "Quixotic cost." in ana.reads(TABLE)
    assert ben.client.get(f"{TABLE}/now").get_json() is not None


def test_an_answer_can_be_changed_and_taken_back(app: Flask, db: PrivateDatabase) -> None:
    found, ana = put(db), sit(app, db)
    answer(ana, found, "agree", "Because.")
    answer(ana, found, "unsure", "Or not.")
    assert "Or not." in ana.reads(TABLE) and "Because." not in ana.reads(TABLE)
    assert ana.press(f"{TABLE}/{found.id}/back", page=TABLE).status_code == 303
    assert "Or not." not in ana.reads(TABLE) and positions.answered(db, found.id) == 0
    assert ana.post(f"{TABLE}/{found.id}/back").status_code == 422


def test_a_refused_answer_keeps_every_word_beside_its_own_statement(
    app: Flask, db: PrivateDatabase
) -> None:
    first, second, ana = put(db), put(db, "Close on Fridays."), sit(app, db)
    response = ana.press(f"{TABLE}/{second.id}", {"reason": "Quixotic words."}, page=TABLE)
    page = response.get_data(as_text=True)
    assert response.status_code == 422 and 'href="#position"' in page
    forms = forms_of(response)
    assert forms[f"{TABLE}/{second.id}"].fields["reason"] == "Quixotic words."
    assert forms[f"{TABLE}/{first.id}"].fields["reason"] == ""
    assert page.count('id="position"') == 1


def test_what_was_not_put_to_a_group_cannot_be_answered_by_it(
    app: Flask, db: PrivateDatabase
) -> None:
    found, ben = put(db, "Keep the bus.", "residents"), sit(app, db, group="carers")
    assert "Keep the bus." not in ben.reads(TABLE)
    response = ben.post(f"{TABLE}/{found.id}", {"position": "agree"})
    assert response.status_code == 422 and "not put to your group" in text_of(response)
    assert ben.post(f"{TABLE}/{10**15}", {"position": "agree"}).status_code == 422
    assert ben.post(f"{TABLE}/{10**30}", {"position": "agree"}).status_code == 404


def test_a_meeting_of_twelve_in_small_groups_says_something_true(
    app: Flask, db: PrivateDatabase, desk: Callable[..., Desk]
) -> None:
    """With every figure by group hidden, each page still says what people said."""
    found = put(db, "Keep the bus.", "residents", "carers", "health_workers", "community_groups")
    for group in ("residents", "carers", "health_workers"):
        circle = tables.circle(db, group=group)
        for number in range(4):
            seat = tables.seat(db, circle)
            given = "disagree" if number == 0 else "agree"
            positions.give(db, found.id, given, f"Reason of {group} {number}.", seat=seat, by=seat)
    statements.close(db, found.id, by=tables.person(db))
    member = sit(app, db)
    body = member.body(TABLE)
    page = member.reads(TABLE)
    assert "no figure is shown" in page and "read their words" in page
    assert "Reason of carers 0." in page and "Reason of residents 3." in page
    assert "was asked, and nobody has answered" in page
    for shown in ("3 of 4", "0.67", "0.71", "4 people", "1 disagree"):
        assert shown not in body
    projected = text_of(desk("steward").get(f"{DESK}/{found.id}/shown"))
    assert "no figure is shown" in projected and "Reason of carers 0." in projected


def test_larger_groups_are_told_of_in_words_and_the_least_agreement_first(
    app: Flask, db: PrivateDatabase, desk: Callable[..., Desk]
) -> None:
    """The threshold here is 5: six residents agree, four of five carers do not; one worker."""
    found = put(db, "Keep the bus.", "residents", "carers", "health_workers")
    held = {"residents": "aaaaaa", "carers": "addud", "health_workers": "d"}
    meant = {"a": "agree", "d": "disagree", "u": "unsure"}
    for group, given in held.items():
        circle = tables.circle(db, group=group)
        for one in given:
            seat = tables.seat(db, circle)
            positions.give(db, found.id, meant[one], seat=seat, by=seat)
    statements.close(db, found.id, by=tables.person(db))
    page = sit(app, db).reads(TABLE)
    assert "large enough to tell, least agreement: Family and unpaid carers." in page
    assert "Residents most of those who answered agree" in page
    assert "fewer than 5 people answered" in page and "was not asked" in page
    figures = text_of(desk("facilitator").get(f"{DESK}/{found.id}"))
    assert "Least agreement: 0.29." in figures  # carers: (1+1)/(5+2); the one worker: 1/3


def test_paper_is_printed_and_keyed_in(desk: Callable[..., Desk], db: PrivateDatabase) -> None:
    found, leader = put(db), desk("facilitator")
    page = f"{DESK}/{found.id}"
    assert "take a seat for each paper" in text_of(leader.get(page))
    paper, _code = seats.join(db, tables.circle(db).id, paper=True)
    assert "Keep the bus." in text_of(leader.get(f"{DESK}/paper"))
    act = f"{page}/paper"
    fields = {"seat": str(paper.id), "position": "agree", "reason": "On paper."}
    refused = leader.press(page, act, fields | {"seat": ""})
    assert refused.status_code == 422 and "On paper." in refused.get_data(as_text=True)
    assert leader.press(page, act, fields).status_code == 303
    assert positions.of_seat(db, paper.id)[found.id].reason == "On paper."


def test_a_statement_that_is_not_there_gets_a_page(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    tables.begin_cycle(db)
    leader = desk("facilitator")
    for path in (f"{DESK}/99", f"{DESK}/99/shown", "/circles/information/99"):
        assert leader.get(path).status_code == 404
    assert leader.post(f"{DESK}/99/close").status_code in (404, 422)


# -------------------------------------------------------------------------------------- priorities


def test_members_rank_what_is_unresolved_after_their_own_words(
    app: Flask, db: PrivateDatabase, desk: Callable[..., Desk]
) -> None:
    one, two = item(db), item(db, "Nobody answers.")
    path = "/circles/table/priorities"
    late = sit(app, db, says="")
    assert "Nobody answers." not in late.body(path) and "Write first" in late.reads(path)
    assert late.post(path, {f"place-{one}": "1"}).status_code == 422
    ana = sit(app, db)
    saved = ana.press(path, {f"place-{two}": "1", f"place-{one}": "2"}, page=path)
    assert saved.status_code == 303
    assert rankings.first_choices(db, "cycle_1") == {"residents": [two]}
    assert forms_of(ana.client.get(path))[path].fields[f"place-{two}"] == "1"
    page = text_of(desk("facilitator").get("/circles/priorities"))
    assert "first of Residents" in page
    ana.press(path, {f"place-{two}": "", f"place-{one}": ""}, page=path)
    assert rankings.held(db, "cycle_1") == []


@pytest.mark.parametrize(
    "places", [("1", "1"), ("first", "2"), ("0", "1"), ("-1", ""), ("1.5", "")]
)
def test_places_that_make_no_order_are_refused_with_what_was_typed(
    app: Flask, db: PrivateDatabase, places: tuple[str, str]
) -> None:
    one, two, ana = item(db), item(db, "Nobody answers."), sit(app, db)
    path = "/circles/table/priorities"
    fields = {f"place-{one}": places[0], f"place-{two}": places[1]}
    response = ana.press(path, fields, page=path)
    assert response.status_code == 422 and rankings.held(db, "cycle_1") == []
    assert forms_of(response)[path].fields[f"place-{one}"] == places[0]


def test_an_order_on_paper_is_printed_and_keyed_in(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    one, leader = item(db), desk("facilitator")
    paper, _code = seats.join(db, tables.circle(db).id, paper=True)
    assert "The bus is late." in text_of(leader.get("/circles/priorities/paper"))
    path = "/circles/priorities"
    fields = {"seat": str(paper.id), f"place-{one}": "1"}
    assert leader.press(path, path, fields | {"seat": "99"}).status_code == 422
    assert leader.press(path, path, fields).status_code == 303
    assert rankings.of_seat(db, paper) == (one,)


# ------------------------------------------------------------------------------------- information


def test_somebody_finds_out_and_the_answer_reaches_the_table(
    app: Flask, db: PrivateDatabase, desk: Callable[..., Desk]
) -> None:
    late, leader, path = item(db), desk("facilitator"), "/circles/information"
    fields = {"item": str(late), "question": "How late?", "owner": "Ana", "due": "2020-01-31"}
    for name, field in (("question", "question"), ("owner", "owner"), ("due", "due")):
        refused = leader.press(path, path, fields | {name: ""})
        assert refused.status_code == 422
        assert f'href="#{field}"' in refused.get_data(as_text=True)
    assert leader.press(path, path, fields | {"item": ""}).status_code == 422
    assert leader.press(path, path, fields).status_code == 303
    (task,) = information.of_cycle(db, "cycle_1")
    place = f"{path}/{task.id}"
    assert "overdue" in text_of(leader.get(path))
    assert "☐ We go on without it" in text_of(leader.get(path))
    moved = {"owner": "Ben", "due": "2099-01-31"}
    assert leader.press(place, f"{place}/change", moved).status_code == 303
    assert "overdue" not in text_of(leader.get(place))
    ana, member_page = sit(app, db), "/circles/table/information"
    assert "How late?" in ana.reads(member_page)
    assert "How late?" not in sit(app, db, says="").body(member_page)
    act = f"{member_page}/{task.id}"
    assert ana.press(act, page=member_page).status_code == 303
    assert information.there(db, task.id).goes_on == {"residents"}
    goes_on = {"group": "carers", "without": "yes"}
    assert leader.press(place, f"{place}/go-on", goes_on).status_code == 303
    assert leader.post(f"{place}/go-on", {"group": "x", "without": "yes"}).status_code == 422
    assert ana.press(act, page=member_page).status_code == 303
    assert information.there(db, task.id).goes_on == {"carers"}
    assert leader.press(place, f"{place}/answer", {"answer": ""}).status_code == 422
    assert leader.press(place, f"{place}/answer", {"answer": "Ten minutes."}).status_code == 303
    assert "Ten minutes." in ana.reads(member_page)
    assert leader.post(f"{place}/answer", {"answer": "Again."}).status_code == 422


def test_a_closed_circle_is_told_so(app: Flask, db: PrivateDatabase) -> None:
    found, circle = put(db), tables.circle(db)
    ana = Member(app)
    ana.join(circle.table_code)
    circles.close(db, circle.id, by=tables.person(db))
    response = ana.post(f"{TABLE}/{found.id}", {"position": "agree", "reason": "Quixotic."})
    assert response.status_code == 422
    assert "circle is closed" in text_of(response) and "Quixotic." in text_of(response)
