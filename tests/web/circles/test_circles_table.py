"""The table through HTTP: own first, five people, who comes late, and what a circle writes."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    agenda_items,
    agendas,
    alternatives,
    cards,
    circles,
    hearings,
    information,
    items,
    joint,
    own,
    phases,
    remarks,
    seats,
    sending,
    statements,
    views,
)
from par_toolkit.storage.sensemaking.circles import Circle
from tests.storage.sensemaking.tables import person
from tests.web.circles.tables import Member, pages_of_members
from tests.web.pages import forms_of, text_of

#: What a browser at a table can get besides the pages that only somebody with a seat can open.
OTHERS = (
    *("/", "/circles", "/circles/contract", "/circles/run", "/circles/run/1/screen?words=yes"),
    *("/circles/run/1/sheet?part=second", "/circles/items", "/circles/statements", "/circles/now"),
    *("/circles/table/now?seen=x", "/circles/table/items/now?seen=x", "/circles/items/1", "/mine"),
)


def write(member: Member, words: str) -> Any:
    return member.press("/circles/table/version", {"version": words})


def test_promise_13_no_byte_of_the_circle_is_sent_before_ones_own_is_saved(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    """The bodies and headers of every answer that a member's browser can get, not the page."""
    first = sits("Canaryown, the bus is late.")
    write(first, "Canaryjoint, the bus is late for all of us.")
    first.press("/circles/table/remark", {"remark": "Canaryremark"})
    first.press("/circles/table/answer", {"answer": "dissent", "answer_words": "Canarydissent"})
    first.press("/circles/table/alternative", {"alternative": "Canaryalternative"})
    cards.write(db, table.id, "Canarycard", by=person(db, "Made-up Eva", "evaluator"))
    assert first.body().count("Canary") >= 5
    fill_the_meeting(db, table)
    late = sits(called="Lena")
    pages = pages_of_members(late.client.application)
    assert len(pages) > 10
    for path in (*pages, *OTHERS):
        assert "Canary" not in late.body(path), path
    for act in ("version", "remark", "answer", "alternative", "own"):
        fields = {"construction": "1", "follows": "1", "answer": "assent", act: ""}
        answer = late.post(f"/circles/table/{act}", fields | {"version": "x", "remark": "x"})
        assert answer.status_code == 422, act
        assert "Canary" not in f"{answer.headers}{answer.get_data(as_text=True)}", act
    late.says("How I see it myself.")
    assert late.body().count("Canary") >= 4
    assert "Canaryown" in late.body(), "it was named as an alternative by its own person"


def fill_the_meeting(db: PrivateDatabase, table: Circle) -> None:
    """Have the group's words stand wherever a meeting can lead: items, statements, questions."""
    mara = person(db)
    item = items.add(
        db,
        kind="issue",
        words="Canaryitem",
        group="residents",
        cycle="cycle_1",
        source="circle",
        circle=table.id,
        by=mara,
    )
    items.set_state(db, item, "unresolved", "Canarywhy", by=mara)
    put = statements.put(db, "cycle_1", "Canarystatement", groups=["residents"], item=item, by=mara)
    statements.close(db, put.id, by=mara)
    task = information.add(
        db, item, question="Canaryquestion", owner="Canaryowner", due="2099-01-01", by=mara
    )
    information.answer(db, task.id, "Canaryfound", by=mara)
    agenda = agendas.add(db, "cycle_1", "Canaryagenda", by=mara)
    agenda_items.add(db, agenda.id, item, groups=["residents"], evidence="Canaryevidence", by=mara)
    view = views.write(db, agenda.id, item, "residents", "Canaryview", after=None, by=mara)
    views.confirm(db, view.id, states_it=True, by=seats.of_circle(db, table.id)[0])
    sending.send(db, agenda.id, by=mara)


def test_promise_13_what_is_erased_hides_the_circle_again(sits: Callable[..., Member]) -> None:
    first, other = sits("The bus."), sits("The lift.")
    write(first, "Canaryjoint")
    assert "Canaryjoint" in other.body()
    assert other.press("/circles/table/own/back").status_code == 303
    assert "Canaryjoint" not in other.body()


def test_promise_13_a_script_learns_nothing_of_the_circle_before(
    sits: Callable[..., Member],
) -> None:
    first, late = sits("The bus."), sits()
    before = late.client.get("/circles/table/now").json
    write(first, "Ours")
    first.press("/circles/table/answer", {"answer": "assent"})
    assert late.client.get("/circles/table/now").json == before


def test_a_whole_circle_of_five_with_one_who_comes_late(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    four = [sits(f"Own words of number {number}.") for number in range(1, 5)]
    write(four[0], "One says so.")
    for number, member in enumerate(four[1:], start=2):
        page = member.body()
        assert "One says so" in page
        write(member, f"One says so, and number {number} too.")
    late = sits("Own words of the late one.")
    page = late.reads()
    assert "One says so, and number 4 too." in page and "Versions before (3)" in page
    late.press(
        "/circles/table/answer", {"answer": "dissent", "answer_words": "I come by wheelchair."}
    )
    late.press("/circles/table/alternative", {"alternative": "By wheelchair"})
    write(four[0], "One says so, and number 4 too, and there is a wheelchair.")
    for member in four:
        page = member.reads()
        assert "By wheelchair" in page and "Own words of the late one." in page
        assert "Version 5" in page and "Versions before (4)" in page
    assert "I come by wheelchair." in four[1].reads(), "said of the version before"
    assert [one.version for one in joint.versions(db, table.id)] == [1, 2, 3, 4, 5]
    assert own.waiting(db, table.id) == []


def test_two_who_revise_the_same_version_both_see_both_whole(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    one, two = sits("The bus."), sits("The lift.")
    write(one, "The start")
    stale = forms_of(two.client.get("/circles/table"))["/circles/table/version"].fields
    write(one, "The start and the bus")
    answer = two.client.post(
        "/circles/table/version", data=stale | {"version": "The start and the lift"}
    )
    assert answer.status_code == 303
    for member in (one, two):
        page = member.reads()
        assert "stand side by side" in page
        assert "The start and the bus" in page and "The start and the lift" in page
    sides = re.findall(r'name="follows" value="(\d+)"', one.body())
    assert len(sides) == 2, "the form is about both"
    both = {"version": "The start, the bus and the lift", "follows": sides}
    assert one.press("/circles/table/version", both).status_code == 303
    assert "stand side by side" not in two.reads()
    assert len(joint.current(joint.versions(db, table.id))) == 1


def test_a_refused_version_does_not_come_to_follow_one_that_it_never_saw(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    one, two = sits("The bus."), sits("The lift.")
    write(one, "The start")
    stale = forms_of(two.client.get("/circles/table"))["/circles/table/version"].fields
    write(one, "Meanwhile")
    refused = two.client.post("/circles/table/version", data=stale | {"version": "The start"})
    assert refused.status_code == 422
    again = forms_of(refused)["/circles/table/version"].fields
    two.client.post("/circles/table/version", data=again | {"version": "The start, otherwise"})
    words = {each.words for each in joint.current(joint.versions(db, table.id))}
    assert words == {"Meanwhile", "The start, otherwise"}


def test_all_who_write_at_the_same_moment_are_kept(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    people = [sits(f"Own {number}") for number in range(4)]
    write(people[0], "The start")
    forms = [forms_of(each.client.get("/circles/table")) for each in people]
    ready, found = threading.Barrier(4), []

    def post(number: int) -> None:
        fields = forms[number]["/circles/table/version"].fields | {"version": f"Mine {number}"}
        ready.wait()
        found.append(people[number].client.post("/circles/table/version", data=fields).status_code)

    threads = [threading.Thread(target=post, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [303] * 4
    standing = joint.current(joint.versions(db, table.id))
    assert {each.words for each in standing} == {f"Mine {number}" for number in range(4)}


@pytest.mark.parametrize("empty", ["", "  \n\t", "\u200b\u2060"])
def test_empty_words_are_refused_with_a_sentence(sits: Callable[..., Member], empty: str) -> None:
    answer = sits().press("/circles/table/own", {"own": empty})
    assert answer.status_code == 422
    assert "Write something first" in text_of(answer)


def test_a_hundred_thousand_characters_are_kept_whole(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    member, long = sits(), "Wörter, " * 12_500
    assert member.says(long).status_code == 303
    (held,) = own.of_circle(db, table.id).values()
    assert held.words == long.strip()
    answer = member.press("/circles/table/own", {"own": long + long})
    assert answer.status_code == 422
    assert forms_of(answer)["/circles/table/own"].fields["own"] == long + long, "typed words stay"


def test_every_refusal_keeps_what_was_typed(sits: Callable[..., Member]) -> None:
    member = sits("The bus.")
    write(member, "Ours")
    answer = member.press("/circles/table/answer", {"answer": "dissent", "answer_words": " "})
    assert answer.status_code == 422 and "Say in your words" in text_of(answer)
    assert forms_of(answer)["/circles/table/answer"].fields["answer"] == "dissent"
    answer = member.press("/circles/table/alternative", {"alternative": "x" * 250})
    assert answer.status_code == 422 and "shorter name" in text_of(answer)
    answer = member.post("/circles/table/answer", {"answer": "assent", "construction": "99"})
    assert answer.status_code == 422 and "not here" in text_of(answer)


def test_words_are_kept_when_the_session_ran_out(sits: Callable[..., Member]) -> None:
    member = sits()
    answer = member.client.post("/circles/table/own", data={"own": "The bus."})
    assert answer.status_code == 400
    assert forms_of(answer)["/circles/table/own"].fields["own"] == "The bus."


def test_markup_that_was_typed_is_shown_and_never_run(sits: Callable[..., Member]) -> None:
    member = sits("<script>alert(1)</script>", called="<b>Mo</b>")
    write(member, "<img src=x onerror=alert(1)>")
    page = member.client.get("/circles/table").get_data(as_text=True)
    assert "<script>alert" not in page and "<img" not in page and "<b>Mo" not in page
    assert "&lt;img src=x" in page


def test_a_circle_of_one_works_and_says_something_true(sits: Callable[..., Member]) -> None:
    member = sits("The bus.")
    assert "has not written anything together yet" in member.reads()
    write(member, "The bus, I say.")
    assert "Nobody has said yet whether this is ours." in member.reads()
    member.press("/circles/table/answer", {"answer": "assent"})
    assert "Everybody who has answered says: this is ours." in member.reads()


def test_members_never_see_how_many_answered_or_who(sits: Callable[..., Member]) -> None:
    one, two = sits("The bus."), sits("The lift.")
    write(one, "Ours")
    one.press("/circles/table/answer", {"answer": "assent"})
    two.press("/circles/table/answer", {"answer": "reservation", "answer_words": "And the lift."})
    page = one.reads()
    assert "And the lift." in page and "what is missing in it" in page
    assert not re.search(r"\b\d+ (people|of)\b", page)


def test_a_closed_circle_is_read_and_not_changed(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    member, late = sits("The bus."), sits()
    write(member, "Canaryjoint")
    stale = forms_of(member.client.get("/circles/table"))["/circles/table/version"].fields
    circles.close(db, table.id, by=person(db))
    assert "This circle is closed" in member.reads() and "Canaryjoint" in member.body()
    assert "/circles/table/version" not in forms_of(member.client.get("/circles/table"))
    answer = member.client.post("/circles/table/version", data=stale | {"version": "More"})
    assert answer.status_code == 422 and "circle is closed" in text_of(answer)
    assert "Canaryjoint" not in late.body(), "whoever said nothing is sent nothing, also later"


def test_a_circle_whose_cycle_is_closed_can_only_be_read(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle, app: Flask
) -> None:
    member, mara = sits("The bus."), person(db)
    write(member, "Ours together")
    for phase in phases.PHASES[1:]:
        phases.move(db, "cycle_1", phase, by=mara)
    phases.close(db, "cycle_1", reflection="So.", next_words="Stop.", next_cycle=None, by=mara)
    page = member.reads()
    assert "This circle is closed" in page and "Ours together" in page
    assert "/circles/table/version" not in forms_of(member.client.get("/circles/table"))
    answer = Member(app).join(table.table_code)
    assert answer.status_code == 422 and "cycle is closed" in text_of(answer)


def test_a_script_asks_for_little_and_hears_of_every_change(sits: Callable[..., Member]) -> None:
    one, two = sits("The bus."), sits("The lift.")
    first = one.client.get("/circles/table/now")
    seen = first.json["seen"]
    assert set(first.json) == {"seen"}
    path = f"/circles/table/now?seen={seen}"
    assert one.client.get(path).status_code == 204
    write(two, "Ours")
    changed = one.client.get(path)
    assert changed.status_code == 200 and changed.json["seen"] != seen
    assert f'data-seen="{changed.json["seen"]}"' in one.body()


def test_a_remark_is_taken_back_by_who_made_it(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    one, two = sits("The bus."), sits("The lift.")
    write(one, "Ours")
    one.press("/circles/table/remark", {"remark": "Canaryremark"})
    assert "Canaryremark" in two.body()
    assert "/circles/table/remark/back" not in forms_of(two.client.get("/circles/table"))
    assert two.post("/circles/table/remark/back", {"remark": "1"}).status_code == 422
    one.press("/circles/table/remark/back")
    assert "Canaryremark" not in two.body() and remarks.of_circle(db, table.id) == {}


def test_own_words_at_the_end_stand_beside_those_from_the_start(
    sits: Callable[..., Member],
) -> None:
    member = sits("Before.")
    write(member, "Ours")
    member.press("/circles/table/own", {"own": "Afterwards."})
    page = member.reads()
    assert "Before." in page and "How you see it now Afterwards." in page


def test_promise_13_what_is_said_after_reading_the_circle_is_never_kept_as_said_before(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    first, member = sits("The lift."), sits("Before.")
    page = forms_of(member.client.get("/circles/table"))["/circles/table/own"].fields
    write(first, "Ours")
    member.client.post("/circles/table/own", data=page | {"own": "After.", "moment": "start"})
    me = seats.of_circle(db, table.id)[1].id
    assert own.of_circle(db, table.id)[me].words == "Before."
    assert own.of_circle(db, table.id, "end")[me].words == "After."


def test_a_version_of_a_member_counts_as_something_new(
    sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    write(sits("The bus."), "Ours")
    assert [one.brought_new for one in hearings.of_circle(db, table.id)] == [True]
    assert alternatives.of_circle(db, table.id) == []


def test_the_pages_speak_french(sits: Callable[..., Member]) -> None:
    answer = sits().client.get("/circles/table?lang=fr")
    assert answer.status_code == 200 and 'lang="fr"' in answer.get_data(as_text=True)
