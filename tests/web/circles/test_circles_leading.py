"""Leading a circle from the desk: codes, who has spoken, versions, the screen, paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    alone,
    alternatives,
    answers,
    circles,
    items,
    joint,
    own,
    remarks,
    routine,
    seats,
)
from par_toolkit.storage.sensemaking.circles import Circle
from tests.storage.sensemaking.tables import begin_cycle, person, seat
from tests.storage.sensemaking.tables import circle as open_circle
from tests.web.circles.tables import Member
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, text_of

AT = "/circles/run/1"


@pytest.fixture
def leads(desk: Callable[..., Desk]) -> Desk:
    return desk("facilitator")


def test_a_circle_is_opened_and_shows_its_code(leads: Desk, db: PrivateDatabase) -> None:
    fields = {"topic": "The way to the clinic", "group": "residents", "cycle": "cycle_1"}
    refused = leads.press("/circles/run", "/circles/run", fields)
    assert refused.status_code == 422 and "has not begun" in text_of(refused)
    assert forms_of(refused)["/circles/run"].fields["topic"] == "The way to the clinic"
    begin_cycle(db)
    assert leads.press("/circles/run", "/circles/run", fields).status_code == 303
    (made,) = circles.listing(db)
    page = leads.text(AT)
    assert made.table_code[:3] in page and made.table_code[3:] in page and "<svg" in page
    assert "The way to the clinic" in leads.text("/circles/run")


@pytest.mark.parametrize(
    "wrong", [{"topic": " "}, {"group": "nobody"}, {"cycle": "never"}, {"topic": "x" * 501}]
)
def test_a_circle_that_cannot_be_opened_is_refused(
    leads: Desk, db: PrivateDatabase, wrong: dict[str, str]
) -> None:
    begin_cycle(db)
    fields = {"topic": "The way", "group": "residents", "cycle": "cycle_1"} | wrong
    assert leads.press("/circles/run", "/circles/run", fields).status_code == 422
    assert circles.listing(db) == []


def test_an_evaluator_sees_a_circle_and_has_a_card_but_writes_no_version(
    desk: Callable[..., Desk], db: PrivateDatabase, table: Circle
) -> None:
    evaluator = desk("evaluator")
    assert f"{AT}/close" not in forms_of(evaluator.get(AT))
    offered = forms_of(evaluator.get(f"{AT}/words"))
    assert f"{AT}/card" in offered and f"{AT}/words" not in offered
    assert evaluator.post(f"{AT}/words", {"version": "Mine"}).status_code == 403
    assert evaluator.press(f"{AT}/words", f"{AT}/card", {"card": "I expected cost."})
    page = text_of(evaluator.get(f"{AT}/words"))
    assert "The evaluator’s card" in page and "changes nobody’s words" in page
    assert joint.versions(db, table.id) == []


def test_whoever_leads_sees_who_has_spoken_and_hears_when_nothing_is_new(
    leads: Desk, db: PrivateDatabase, table: Circle
) -> None:
    sitting = [seat(db, table, says=f"Own {number}") for number in range(3)]
    seat(db, table)
    page = text_of(leads.get(AT))
    assert "1 person has not written their own yet" in page and "Own 1" not in page
    assert "brought nothing new" not in page
    for one in sitting:
        act = f"{AT}/seats/{one.id}/heard"
        assert leads.press(AT, act, {"new": "no"}).status_code == 303
    page = text_of(leads.get(AT))
    assert "The last three people brought nothing new." in page
    assert f"{AT}/close" in forms_of(leads.get(AT)), "it is said, and nothing stops by itself"
    assert leads.post(f"{AT}/seats/{sitting[0].id}/heard", {"new": ""}).status_code == 422
    assert leads.post(f"{AT}/seats/999/heard", {"new": "no"}).status_code == 404


def test_a_new_version_covers_the_last_respondent(
    leads: Desk, db: PrivateDatabase, table: Circle
) -> None:
    one = seat(db, table, says="The bus is late.")
    page = f"{AT}/words"
    assert "The bus is late." in leads.text(page)
    fields = {"version": "We say: the bus is late.", "covers": str(one.id)}
    assert leads.press(page, page, fields).status_code == 303
    assert "written by the facilitator" in text_of(leads.get(page))
    refused = leads.press(page, page)
    assert refused.status_code == 422 and "same words" in text_of(refused)
    again = forms_of(refused)[page].fields
    assert again["version"] == "We say: the bus is late." and again["follows"] == "1"
    (made,) = joint.versions(db, table.id)
    assert made.covers == one.id and made.role == "facilitator"


def test_whoever_leads_sees_whom_to_ask_still_whether_it_is_theirs(
    leads: Desk, db: PrivateDatabase, table: Circle
) -> None:
    says, silent, _late = (seat(db, table, says=own) for own in ("I.", "You.", ""))
    version = joint.write(db, table.id, "We.", by=person(db))
    answers.give(db, version.id, "assent", seat=says, by=says)
    assert "whether it is theirs: Seat 2 " in text_of(leads.get(f"{AT}/words"))
    seats.leave(db, silent.id)
    assert "whether it is theirs" not in text_of(leads.get(f"{AT}/words"))


def test_somebody_who_lost_their_code_gets_another(
    leads: Desk, db: PrivateDatabase, table: Circle, app: Flask
) -> None:
    taken, old = seats.join(db, table.id)
    answer = leads.press(AT, f"{AT}/seats/{taken.id}/code")
    page = leads.get(answer.headers["Location"])
    found = re.search(r"(\d{4}) (\d{4})", text_of(page))
    assert found and old != found[1] + found[2]
    assert "shown any more" in text_of(leads.get(answer.headers["Location"]))
    assert Member(app).come_back(old).status_code == 422
    assert Member(app).come_back(found[0]).status_code == 303


def test_nobody_waits_for_whoever_went_away(leads: Desk, db: PrivateDatabase) -> None:
    table = open_circle(db)
    gone = seat(db, table)
    leads.press(AT, f"{AT}/seats/{gone.id}/away")
    assert own.waiting(db, table.id) == []
    assert "is away" in text_of(leads.get(AT))


def test_a_circle_is_closed_once(leads: Desk, db: PrivateDatabase, table: Circle) -> None:
    assert leads.press(AT, f"{AT}/close").status_code == 303
    assert leads.post(f"{AT}/close").status_code == 422
    page = leads.get(AT)
    assert table.table_code[:3] not in text_of(page) and f"{AT}/close" not in forms_of(page)


def test_before_the_close_it_is_said_who_still_writes_or_keeps_something(
    leads: Desk, db: PrivateDatabase, table: Circle
) -> None:
    ready, keeps, writes = (seat(db, table, says=words) for words in ("I.", "You.", ""))
    routine.move(db, table.id, seen=None, by=person(db))
    alone.write(db, keeps, "Canary", by=keeps)
    page = text_of(leads.get(AT))
    assert "something left to share: Seat 2; Seat 3 " in page and "Canary" not in page
    own.save(db, writes, "We.", by=writes)
    (note,) = alone.of_seat(db, keeps.id, "claim")
    alone.discard(db, note.id, seat=keeps, by=keeps)
    assert "something left to share" not in text_of(leads.get(AT)) and ready.present


def test_promise_13_the_screen_shows_nothing_of_the_circle_while_somebody_writes(
    leads: Desk, db: PrivateDatabase, table: Circle
) -> None:
    """The projector is seen by everybody in the room, also by those who have just come."""
    first = seat(db, table, says="Canaryown")
    joint.write(db, table.id, "Canaryjoint", by=first)
    alternatives.name(db, "Canaryalone", seat=first, by=first)
    shown = f"{AT}/screen?words=yes"
    assert "Canaryjoint" in leads.text(shown) and "Canaryalone" in leads.text(shown)
    assert "Canary" not in leads.text(f"{AT}/screen"), "only where somebody asks for it"
    late = seat(db, table)
    assert "Canary" not in leads.text(shown)
    own.save(db, late, "Mine", by=late)
    assert "Canaryjoint" in leads.text(shown)


def test_a_closed_circle_no_longer_shows_its_code_on_the_screen(
    leads: Desk, db: PrivateDatabase, table: Circle
) -> None:
    assert table.table_code[:3] in text_of(leads.get(f"{AT}/screen"))
    circles.close(db, table.id, by=person(db))
    assert "<svg" not in leads.text(f"{AT}/screen")


def test_promise_13_the_first_sheet_holds_nothing_of_the_circle(
    leads: Desk, db: PrivateDatabase, table: Circle
) -> None:
    joint.write(db, table.id, "Canaryjoint", by=person(db))
    first = leads.text(f"{AT}/sheet")
    assert "Canary" not in first and "How do you see it yourself?" in first
    second = leads.text(f"{AT}/sheet?part=second")
    assert "Canaryjoint" in second and "Is this ours?" in second


def test_what_was_on_paper_is_keyed_in_under_a_seat_of_its_own(
    leads: Desk, db: PrivateDatabase, table: Circle, app: Flask
) -> None:
    version = joint.write(db, table.id, "Ours", by=person(db))
    fields = {
        "called": "Made-up Rosa",
        "own": "I walk.",
        "claims": "The nurse is kind.\n\n  The air is good. ",
        "concerns": "The road is steep.",
        "issues": "",
        "answer": "reservation",
        "answer_words": "Where do I walk?",
        "remark": "Well said.",
    }
    path = f"{AT}/paper"
    answer = leads.press(path, path, fields | {"construction": str(version.id)})
    assert answer.status_code == 303
    found = re.search(r"(\d{4} \d{4})", text_of(leads.get(answer.headers["Location"])))
    assert found and Member(app).come_back(found[1]).status_code == 303
    (rosa,) = seats.of_circle(db, table.id)
    assert rosa.paper and rosa.called == "Made-up Rosa"
    assert own.of_circle(db, table.id)[rosa.id].words == "I walk."
    assert answers.of_circle(db, table.id)[version.id][0].words == "Where do I walk?"
    assert remarks.of_circle(db, table.id)[version.id][0].words == "Well said."
    assert [(one.kind, one.words, one.source) for one in items.listing(db)] == [
        ("claim", "The nurse is kind.", "paper"),
        ("claim", "The air is good.", "paper"),
        ("concern", "The road is steep.", "paper"),
    ]


def test_a_second_sheet_is_keyed_in_under_the_seat_of_the_first(
    leads: Desk, db: PrivateDatabase, table: Circle
) -> None:
    """The circle is written from the first sheets, so the second ones come later."""
    path = f"{AT}/paper"
    assert "whose" not in forms_of(leads.get(path))[path].fields
    assert leads.press(path, path, {"own": "I come by wheelchair."}).status_code == 303
    version = joint.write(db, table.id, "We take a taxi.", by=person(db))
    (rosa,) = seats.of_circle(db, table.id)
    for wrong in ({"whose": str(rosa.id)}, {"whose": "99", "remark": "So."}):
        assert leads.press(path, path, wrong).status_code == 422
    second = {
        "whose": str(rosa.id),
        "construction": str(version.id),
        "answer": "dissent",
        "answer_words": "No taxi takes my chair.",
        "alternative": "By wheelchair",
    }
    assert leads.press(path, path, second).status_code == 303
    assert answers.of_circle(db, table.id)[version.id][0].seat == rosa.id
    (alone_stands,) = alternatives.of_circle(db, table.id)
    assert (alone_stands.name, alone_stands.words) == ("By wheelchair", "I come by wheelchair.")
    assert seats.of_circle(db, table.id) == [rosa]


def test_a_sheet_that_is_sent_twice_is_one_person(
    leads: Desk, db: PrivateDatabase, table: Circle
) -> None:
    path = f"{AT}/paper"
    fields = {"own": "I walk.", "claims": "The air is good."}
    assert leads.press(path, path, fields).status_code == 303
    refused = leads.press(path, path, fields)
    assert refused.status_code == 422 and "keyed in already" in text_of(refused)
    assert len(seats.of_circle(db, table.id)) == 1 and len(items.listing(db)) == 1
    again = leads.client.post(path, data=forms_of(refused)[path].fields | {"another": "yes"})
    assert again.status_code == 303 and len(seats.of_circle(db, table.id)) == 2


@pytest.mark.parametrize(
    "wrong", [{"own": ""}, {"answer": "dissent"}, {"answer": "assent", "construction": "99"}]
)
def test_a_sheet_is_kept_whole_or_not_at_all(
    leads: Desk, db: PrivateDatabase, table: Circle, wrong: dict[str, str]
) -> None:
    joint.write(db, table.id, "Ours", by=person(db))
    path = f"{AT}/paper"
    fields = {"own": "I walk.", "claims": "So", "construction": "1"} | wrong
    answer = leads.press(path, path, fields)
    assert answer.status_code == 422
    assert forms_of(answer)[path].fields["claims"] == "So", "typed words stay"
    assert seats.of_circle(db, table.id) == [] and items.listing(db) == []


@pytest.mark.parametrize(
    "path", ["", "/words", "/items", "/screen", "/sheet", "/paper", "/now", "/code/x"]
)
def test_a_circle_that_is_not_there_is_said_so(leads: Desk, path: str) -> None:
    if path == "/code/x":
        assert "not shown any more" in text_of(leads.get(f"/circles/run/7{path}"))
    else:
        assert leads.get(f"/circles/run/7{path}").status_code == 404


def test_a_script_of_the_desk_hears_of_every_change(
    leads: Desk, db: PrivateDatabase, table: Circle
) -> None:
    seen = leads.get(f"{AT}/now").json["seen"]
    assert leads.get(f"{AT}/now?seen={seen}").status_code == 204
    seat(db, table)
    assert leads.get(f"{AT}/now?seen={seen}").status_code == 200


def test_with_twelve_people_each_page_says_something_true_and_no_number_of_answers(
    leads: Desk, db: PrivateDatabase, table: Circle, app: Flask
) -> None:
    """Counts of answers are nobody's but the circle's own; words carry the meaning."""
    sitting = [seat(db, table, says=f"Own {number}") for number in range(12)]
    version = joint.write(db, table.id, "Ours together", by=sitting[0])
    for one in sitting[:11]:
        answers.give(db, version.id, "assent", seat=one, by=one)
    answers.give(db, version.id, "dissent", "The lift!", seat=sitting[11], by=sitting[11])
    member = Member(app)
    member.join(table.table_code)
    member.says("And I.")
    page = member.reads()
    assert "It is not everybody’s. This is what people say:" in page and "The lift!" in page
    assert not re.search(r"\b1[12] (people|of|say)", page)
