"""Agendas, views, turns, outcomes and appeals in storage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from par_toolkit.storage import audit, receipts, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import (
    actions,
    agenda_items,
    agendas,
    appeals,
    carrying,
    glossary,
    information,
    items,
    joint,
    outcomes,
    own,
    owned_items,
    phases,
    rankings,
    seats,
    sending,
    turns,
    views,
)
from par_toolkit.storage.sensemaking.outcomes import Planned
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.storage.sensemaking.sending import Lack, NotReady
from par_toolkit.storage.stories import Kept
from tests.storage.sensemaking import tables

BOTH = ("carers", "residents")
PLAN = [Planned("Ask for a bus.", "Ana", "2026-05-01")]


@contextmanager
def refused(reason: str) -> Iterator[None]:
    """Expect a refusal for this reason."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.reason == reason, str(caught.value)


@dataclass
class Meeting:
    """An agenda with one item, a person who leads, and a member of each of two groups."""

    db: PrivateDatabase
    mara: Person
    agenda: int
    item: int
    resident: Seat
    carer: Seat

    def view(self, seat: Seat, words: str = "The bus matters.") -> views.View:
        last = views.of_group(self.db, self.agenda, self.item, seat.group)
        return views.write(
            self.db, self.agenda, self.item, seat.group, words,
            after=last.id if last else None, by=seat,
        )  # fmt: skip

    def send(self) -> None:
        for seat in (self.resident, self.carer):
            views.confirm(self.db, self.view(seat).id, states_it=True, by=seat)
        sending.send(self.db, self.agenda, by=self.mara)

    def hold(self) -> None:
        self.send()
        turns.begin(self.db, self.agenda, by=self.mara)

    def speak(self, seat: Seat, words: str = "We need it.") -> None:
        seen = len(turns.of_item(self.db, self.agenda, self.item))
        turns.take(self.db, self.agenda, self.item, seat.group, words, seen=seen, by=seat)

    def decide(self, outcome: str = "full", **more: object) -> outcomes.Outcome:
        more = more or {"planned": PLAN}
        last = outcomes.of_agenda(self.db, self.agenda).get(self.item)
        more.setdefault("after", last.id if last else None)
        return outcomes.decide(
            self.db, self.agenda, self.item, outcome, "So it is.", by=self.mara, **more
        )

    def state(self) -> str:
        held = items.get(self.db, self.item)
        assert held is not None
        return held.state


@pytest.fixture
def meeting(db: PrivateDatabase) -> Meeting:
    tables.begin_cycle(db)
    mara = tables.person(db)
    late = add_item(db, "The bus is late.")
    agenda = agendas.add(db, "cycle_1", "In May", by=mara)
    agenda_items.add(db, agenda.id, late, groups=BOTH, evidence="Timetables.", by=mara)
    resident = tables.seat(db, tables.circle(db), "I wait for it.")
    carer = tables.seat(db, tables.circle(db, group="carers"), "I drive them.")
    return Meeting(db, mara, agenda.id, late, resident, carer)


def add_item(db: PrivateDatabase, words: str) -> int:
    return items.add(
        db, kind="concern", words=words, group="residents", cycle="cycle_1", source="meeting",
        by=tables.person(db),
    )  # fmt: skip


# ----------------------------------------------------------------------------------- the agenda


def test_what_a_group_put_first_stays_on_the_agenda(meeting: Meeting) -> None:
    db, mara = meeting.db, meeting.mara
    alone = add_item(db, "Only we see this.")
    rankings.give(db, [meeting.item], seat=meeting.resident, by=meeting.resident)
    rankings.give(db, [alone], seat=meeting.carer, by=meeting.carer)
    assert Lack("first_choice", alone, "carers") in sending.lacks(db, meeting.agenda)
    rankings.give(db, [alone], seat=meeting.resident, by=meeting.resident)
    assert rankings.first_choices(db, "cycle_1") == {"carers": [alone], "residents": [alone]}
    rankings.give(db, [meeting.item], seat=meeting.resident, by=meeting.resident)
    agenda_items.add(db, meeting.agenda, alone, groups=BOTH, by=mara)
    assert not [one for one in sending.lacks(db, meeting.agenda) if one.what == "first_choice"]
    with refused("first_choice"):
        agenda_items.remove(db, meeting.agenda, alone, by=mara)
    rankings.give(db, [meeting.item], seat=meeting.carer, by=meeting.carer)
    agenda_items.remove(db, meeting.agenda, alone, by=mara)


def test_no_item_is_negotiated_while_it_waits_for_information(meeting: Meeting) -> None:
    db, mara = meeting.db, meeting.mara
    other = add_item(db, "Nobody answers the telephone.")
    task = information.add(db, other, question="When?", owner="Ana", due="2026-02-01", by=mara)
    with refused("waits_for_information"):
        agenda_items.add(db, meeting.agenda, other, groups=BOTH, by=mara)
    information.go_on(db, task.id, "carers", by=mara)
    with refused("waits_for_information"):
        agenda_items.add(db, meeting.agenda, other, groups=BOTH, by=mara)
    information.go_on(db, task.id, "residents", by=meeting.resident)
    agenda_items.add(db, meeting.agenda, other, groups=BOTH, by=mara)
    late = information.add(
        db, meeting.item, question="Why?", owner="Ana", due="2026-02-01", by=mara
    )
    assert Lack("information", meeting.item) in sending.lacks(db, meeting.agenda)
    information.answer(db, late.id, "Traffic.", by=mara)
    assert Lack("information", meeting.item) not in sending.lacks(db, meeting.agenda)


def test_items_are_ordered_by_those_affected_or_with_a_reason(meeting: Meeting) -> None:
    db, mara = meeting.db, meeting.mara
    second = add_item(db, "Nobody answers.")
    agenda_items.add(db, meeting.agenda, second, groups=BOTH, by=mara)
    rankings.give(db, [second, meeting.item], seat=meeting.carer, by=meeting.carer)
    agenda_items.order(db, meeting.agenda, method=rankings.METHOD, by=mara)

    def listed() -> list[int]:
        return [one.item.id for one in agenda_items.of_agenda(db, meeting.agenda)]

    assert listed() == [second, meeting.item]
    with refused("no_why"):
        agenda_items.move(db, meeting.agenda, second, up=False, why=" ", by=mara)
    agenda_items.move(db, meeting.agenda, second, up=False, why="The driver leaves.", by=mara)
    assert listed() == [meeting.item, second]
    assert agendas.there(db, meeting.agenda).method == "The driver leaves."
    with refused("at_the_end"):
        agenda_items.move(db, meeting.agenda, second, up=False, why="x", by=mara)


def test_an_agenda_takes_what_is_unresolved_once_and_with_groups(meeting: Meeting) -> None:
    db, mara = meeting.db, meeting.mara
    with refused("on_agenda"):
        agenda_items.add(db, meeting.agenda, meeting.item, groups=BOTH, by=mara)
    other = add_item(db, "Nobody answers.")
    with refused("nobody_affected"):
        agenda_items.add(db, meeting.agenda, other, groups=[], by=mara)
    items.set_state(db, other, "resolved", "Mended.", by=mara)
    with refused("not_unresolved"):
        agenda_items.add(db, meeting.agenda, other, groups=BOTH, by=mara)
    with refused("not_on_agenda"):
        agenda_items.change(db, meeting.agenda, other, groups=BOTH, evidence="", seen="", by=mara)
    with refused("no_title"):
        agendas.add(db, "cycle_1", " ", by=mara)
    with refused("no_agenda"):
        agendas.still_written(db, 99)


def test_an_agenda_says_how_its_order_was_found_before_it_is_sent(meeting: Meeting) -> None:
    db, mara = meeting.db, meeting.mara
    assert Lack("order") not in sending.lacks(db, meeting.agenda), "one item has no order"
    second, third = add_item(db, "Nobody answers."), add_item(db, "The stairs are steep.")
    agenda_items.add(db, meeting.agenda, second, groups=BOTH, by=mara)
    assert Lack("order") in sending.lacks(db, meeting.agenda)
    with refused("nobody_ranked"):
        agenda_items.order(db, meeting.agenda, method=rankings.METHOD, by=mara)
    rankings.give(db, [second], seat=meeting.carer, by=meeting.carer)
    agenda_items.order(db, meeting.agenda, method=rankings.METHOD, by=mara)
    assert Lack("order") not in sending.lacks(db, meeting.agenda)
    agenda_items.add(db, meeting.agenda, third, groups=BOTH, by=mara)
    assert Lack("order") in sending.lacks(db, meeting.agenda), "it stands where nobody ranked it"


def test_what_was_settled_meanwhile_stands_last_in_the_order(meeting: Meeting) -> None:
    db, mara = meeting.db, meeting.mara
    second = add_item(db, "Nobody answers.")
    agenda_items.add(db, meeting.agenda, second, groups=BOTH, by=mara)
    meeting.view(meeting.carer)
    with refused("has_views"):
        agenda_items.remove(db, meeting.agenda, meeting.item, by=mara)
    items.set_state(db, meeting.item, "resolved", "Mended.", by=mara)
    rankings.give(db, [second], seat=meeting.carer, by=meeting.carer)
    agenda_items.order(db, meeting.agenda, method=rankings.METHOD, by=mara)
    listed = [one.item.id for one in agenda_items.of_agenda(db, meeting.agenda)]
    assert listed == [second, meeting.item]
    assert Lack("settled", meeting.item) in sending.lacks(db, meeting.agenda)
    agenda_items.remove(db, meeting.agenda, meeting.item, by=mara)
    assert Lack("settled", meeting.item) not in sending.lacks(db, meeting.agenda)


def test_no_party_is_dropped_and_nobody_changes_what_they_have_not_seen(meeting: Meeting) -> None:
    """Whoever leads cannot send an agenda by unticking the group that does not confirm its view."""
    db, mara = meeting.db, meeting.mara

    def change(*groups: str, evidence: str = "Timetables.", seen: str = "") -> None:
        seen = seen or agenda_items.there(db, meeting.agenda, meeting.item).mark
        agenda_items.change(
            db, meeting.agenda, meeting.item,
            groups=groups, evidence=evidence, seen=seen, by=mara,
        )  # fmt: skip

    with refused("said_by_group"):
        change("carers")
    opened = agenda_items.there(db, meeting.agenda, meeting.item).mark
    change("residents", evidence="Timetables, and a count.")
    with refused("entry_changed"):
        change(*BOTH, evidence="Timetables, and a map.", seen=opened)
    change(*BOTH, evidence="Timetables, a count and a map.")
    meeting.view(meeting.carer)
    with refused("has_views"):
        change("residents")
    assert agenda_items.there(db, meeting.agenda, meeting.item).groups == BOTH
    alone = add_item(db, "Nobody answers.")
    with refused("said_by_group"):
        agenda_items.add(db, meeting.agenda, alone, groups=["carers"], by=mara)


def test_a_question_that_comes_up_after_sending_holds_the_session(meeting: Meeting) -> None:
    db, mara = meeting.db, meeting.mara
    meeting.send()
    task = information.add(
        db, meeting.item, question="How many?", owner="Ana", due="2026-02-01", by=mara
    )
    with refused("waits_for_information"):
        turns.begin(db, meeting.agenda, by=mara)
    information.go_on(db, task.id, "carers", by=meeting.carer)
    with refused("waits_for_information"):
        turns.begin(db, meeting.agenda, by=mara)
    information.go_on(db, task.id, "residents", by=meeting.resident)
    turns.begin(db, meeting.agenda, by=mara)


def test_a_cycle_does_not_close_over_a_session(meeting: Meeting) -> None:
    db, mara = meeting.db, meeting.mara
    meeting.hold()
    for phase in phases.PHASES[1:]:
        phases.move(db, "cycle_1", phase, by=mara)

    def close() -> None:
        phases.close(
            db, "cycle_1", reflection="So.", next_words="On.", next_cycle="cycle_2", by=mara
        )

    meeting.speak(meeting.resident)
    with refused("session_open"):
        close()
    meeting.speak(meeting.carer)
    meeting.decide()
    outcomes.end(db, meeting.agenda, by=mara)
    close()


def test_hard_words_are_explained_once_each(meeting: Meeting) -> None:
    db, mara = meeting.db, meeting.mara
    glossary.put(db, meeting.agenda, "Respite", "A break", by=mara)
    glossary.put(db, meeting.agenda, "respite", "A break for carers", by=mara)
    (term,) = glossary.of_agenda(db, meeting.agenda)
    assert term.meaning == "A break for carers"
    with refused("no_meaning"):
        glossary.put(db, meeting.agenda, "GP", "", by=mara)
    glossary.remove(db, meeting.agenda, term.id, by=mara)
    with refused("gone"):
        glossary.remove(db, meeting.agenda, term.id, by=mara)


# -------------------------------------------------------------------------------------- the views


def test_each_party_confirms_its_own_view_before_it_is_sent(meeting: Meeting) -> None:
    db = meeting.db
    assert sending.lacks(db, meeting.agenda) == [
        Lack("view", meeting.item, group) for group in BOTH
    ]
    mine = meeting.view(meeting.resident)
    theirs = meeting.view(meeting.carer)
    with refused("other_group"):
        views.confirm(db, mine.id, states_it=True, by=meeting.carer)
    with refused("no_missing"):
        views.confirm(db, mine.id, states_it=False, by=meeting.resident)
    found = views.confirm(
        db, mine.id, states_it=False, words="The cost is missing.", by=meeting.resident
    )
    assert (found.no, found.confirmed, found.missing) == (1, False, ("The cost is missing.",))
    views.confirm(db, theirs.id, states_it=True, by=meeting.carer)
    assert sending.lacks(db, meeting.agenda) == [Lack("confirmation", meeting.item, "residents")]
    with pytest.raises(NotReady) as lacking:
        sending.send(db, meeting.agenda, by=meeting.mara)
    assert len(lacking.value.lacks) == 1
    views.confirm(db, mine.id, states_it=True, by=meeting.resident)
    assert views.there(db, mine.id).yes == 1 and views.there(db, mine.id).no == 0
    sending.send(db, meeting.agenda, by=meeting.mara)
    assert agendas.there(db, meeting.agenda).state == "sent"


def test_a_new_version_asks_its_people_anew_and_keeps_the_old(meeting: Meeting) -> None:
    db = meeting.db
    first = meeting.view(meeting.resident)
    views.confirm(db, first.id, states_it=True, by=meeting.resident)
    second = meeting.view(meeting.resident, "The bus, and its cost.")
    assert not second.confirmed
    with refused("view_changed"):
        views.confirm(db, first.id, states_it=True, by=meeting.resident)
    with refused("view_changed"):
        views.write(
            db, meeting.agenda, meeting.item, "residents", "From the first.", after=first.id,
            by=meeting.mara,
        )  # fmt: skip
    with refused("unchanged"):
        meeting.view(meeting.resident, "The bus, and its cost.")
    kept = views.versions(db, meeting.agenda, meeting.item, "residents")
    assert [one.words for one in kept] == [first.words, second.words]


def test_promise_13_a_view_is_what_a_group_says_together(meeting: Meeting) -> None:
    """Whoever has not saved their own is sent no view, and neither writes nor confirms one."""
    db = meeting.db
    late = tables.seat(db, tables.circle(db))
    view = meeting.view(meeting.resident)
    assert views.seen_by(db, late, meeting.agenda) == {}
    with refused("own_first"):
        views.confirm(db, view.id, states_it=True, by=late)
    with refused("own_first"):
        meeting.view(late, "Something.")


def test_what_others_hold_is_sent_to_all_at_the_same_moment(meeting: Meeting) -> None:
    db = meeting.db
    mine, theirs = meeting.view(meeting.resident), meeting.view(meeting.carer)
    assert views.seen_by(db, meeting.resident, meeting.agenda) == {
        meeting.item: {"residents": mine}
    }
    views.confirm(db, mine.id, states_it=True, by=meeting.resident)
    views.confirm(db, theirs.id, states_it=True, by=meeting.mara)
    sending.send(db, meeting.agenda, by=meeting.mara)
    for seat in (meeting.resident, meeting.carer):
        seen = views.seen_by(db, seat, meeting.agenda)[meeting.item]
        assert {view.words for view in seen.values()} == {mine.words}
        assert set(seen) == set(BOTH)


def test_a_view_may_be_taken_from_the_construction_of_its_group_only(meeting: Meeting) -> None:
    db, mara = meeting.db, meeting.mara
    ours = joint.write(db, meeting.resident.circle, "We wait.", by=mara)
    found = views.write(
        db, meeting.agenda, meeting.item, "residents", "We wait.", construction=ours.id,
        after=None, by=mara,
    )  # fmt: skip
    assert found.construction == ours.id
    with refused("no_version"):
        views.write(
            db, meeting.agenda, meeting.item, "carers", "We wait.", construction=ours.id,
            after=None, by=mara,
        )  # fmt: skip


def test_answers_from_paper_and_by_voice_are_keyed_in(meeting: Meeting) -> None:
    db, mara, view = meeting.db, meeting.mara, meeting.view(meeting.resident)
    paper, _code = seats.join(db, meeting.resident.circle, paper=True)
    with refused("own_first"):
        views.confirm(db, view.id, states_it=True, seat=paper, by=mara)
    own.save(db, paper, "I walk.", by=mara)
    views.confirm(db, view.id, states_it=True, seat=paper, by=mara)
    views.confirm(db, view.id, states_it=True, seat=paper, by=mara)
    views.confirm(db, view.id, states_it=True, by=mara)
    views.confirm(db, view.id, states_it=True, by=mara)
    with refused("not_yours"):
        views.confirm(db, view.id, states_it=True, seat=meeting.resident, by=mara)
    assert views.there(db, view.id).yes == 2


def test_what_was_told_aloud_is_one_voice_and_drops_no_dissent(meeting: Meeting) -> None:
    db, mara, view = meeting.db, meeting.mara, meeting.view(meeting.resident)
    views.confirm(db, view.id, states_it=True, by=mara)
    assert views.there(db, view.id).aloud and views.there(db, view.id).confirmed
    found = views.confirm(db, view.id, states_it=False, words="No.", by=meeting.resident)
    assert not found.aloud
    for _time in range(5):
        views.confirm(db, view.id, states_it=True, by=mara)
    assert not views.there(db, view.id).confirmed, "no press at the desk outvotes a member"
    views.confirm(db, view.id, states_it=False, words="Nor I.", by=mara)
    found = views.confirm(db, view.id, states_it=True, by=mara)
    assert (found.yes, found.no, found.missing) == (1, 1, ("No.", "Nor I."))


def test_what_was_sent_does_not_change(meeting: Meeting) -> None:
    db, mara = meeting.db, meeting.mara
    meeting.send()
    with refused("sent"):
        agenda_items.change(
            db, meeting.agenda, meeting.item, groups=BOTH, evidence="x", seen="", by=mara
        )
    with refused("sent"):
        agenda_items.remove(db, meeting.agenda, meeting.item, by=mara)
    with refused("sent"):
        glossary.put(db, meeting.agenda, "GP", "Doctor", by=mara)
    with refused("sent"):
        meeting.view(meeting.resident, "Other words.")
    with refused("sent"):
        sending.send(db, meeting.agenda, by=mara)


# ----------------------------------------------------------------------------- turns and outcomes


def test_turns_are_equal_and_a_position_comes_first(meeting: Meeting) -> None:
    meeting.send()
    with refused("no_session"):
        meeting.speak(meeting.resident)
    turns.begin(meeting.db, meeting.agenda, by=meeting.mara)
    with refused("not_sent"):
        turns.begin(meeting.db, meeting.agenda, by=meeting.mara)
    with refused("no_turn_words"):
        meeting.speak(meeting.resident, " ")
    meeting.speak(meeting.resident, "Keep it.")
    with refused("turn_of_others"):
        meeting.speak(meeting.resident, "And again.")
    meeting.speak(meeting.carer, "Mend it.")
    meeting.speak(meeting.resident, "")
    taken = turns.of_item(meeting.db, meeting.agenda, meeting.item)
    assert turns.positions(taken) == {"residents": "Keep it.", "carers": "Mend it."}
    assert turns.next_up(taken, BOTH) == ("carers",)
    with refused("turn_taken"):
        turns.take(
            meeting.db, meeting.agenda, meeting.item, "carers", "Late.", seen=1, by=meeting.mara
        )
    with refused("other_group"):
        turns.take(
            meeting.db, meeting.agenda, meeting.item, "carers", "x", seen=3, by=meeting.resident
        )
    with refused("not_affected"):
        turns.take(
            meeting.db, meeting.agenda, meeting.item, "strangers", "x", seen=3, by=meeting.mara
        )


def test_no_outcome_without_a_position_of_every_affected_group(meeting: Meeting) -> None:
    meeting.hold()
    meeting.speak(meeting.resident)
    with refused("position_missing"):
        meeting.decide()
    meeting.speak(meeting.carer)
    found = meeting.decide()
    assert meeting.state() == "resolved" and len(found.actions) == 1
    (action,) = actions.of_item(meeting.db, meeting.item)
    assert (action.what, action.owner, action.cycle) == ("Ask for a bus.", "Ana", "cycle_1")


def test_an_outcome_leads_to_an_action_or_a_reasoned_none(meeting: Meeting) -> None:
    meeting.hold()
    meeting.speak(meeting.resident)
    meeting.speak(meeting.carer)
    for more in ({"planned": []}, {"planned": PLAN, "no_action": "None."}, {"no_action": "  "}):
        with refused("action_or_reason"):
            meeting.decide("none", **more)
    with refused("no_outcome"):
        meeting.decide("perhaps")
    with refused("bad_date"):
        meeting.decide(planned=[Planned("Ask.", "Ana", "in May")])
    assert outcomes.of_item(meeting.db, meeting.item) == [] and meeting.state() == "open"
    with refused("undecided_items"):
        outcomes.end(meeting.db, meeting.agenda, by=meeting.mara)
    found = meeting.decide("none", no_action="The council must decide first.")
    assert meeting.state() == "unresolved" and found.actions == ()
    assert meeting.item in carrying.still_open(meeting.db, "cycle_1").items
    outcomes.end(meeting.db, meeting.agenda, by=meeting.mara)
    with refused("no_session"):
        meeting.decide()
    with refused("no_session"):
        view = views.of_group(meeting.db, meeting.agenda, meeting.item, "residents")
        assert view is not None
        views.confirm(meeting.db, view.id, states_it=True, by=meeting.resident)


def test_a_second_outcome_holds_and_the_first_stays_in_the_record(meeting: Meeting) -> None:
    meeting.hold()
    meeting.speak(meeting.resident)
    meeting.speak(meeting.carer)
    meeting.decide()
    meeting.decide("partial")
    assert meeting.state() == "unresolved"
    meeting.decide("full")
    held = outcomes.of_item(meeting.db, meeting.item)
    assert [one.outcome for one in held] == ["full", "partial", "full"]
    assert outcomes.of_agenda(meeting.db, meeting.agenda)[meeting.item] == held[-1]
    assert meeting.state() == "resolved"


def test_two_who_say_at_once_how_it_ended_do_not_overwrite_each_other(meeting: Meeting) -> None:
    meeting.hold()
    meeting.speak(meeting.resident)
    meeting.speak(meeting.carer)
    meeting.decide("none", no_action="The council meets first.")
    with refused("outcome_changed"):
        meeting.decide("full", planned=PLAN, after=None)
    assert actions.of_item(meeting.db, meeting.item) == [] and meeting.state() == "unresolved"


# ---------------------------------------------------------------------------------------- appeals


def decided(meeting: Meeting) -> None:
    meeting.hold()
    meeting.speak(meeting.resident)
    meeting.speak(meeting.carer)
    meeting.decide()


def test_somebody_other_than_the_decider_answers_an_appeal(meeting: Meeting) -> None:
    decided(meeting)
    db = meeting.db
    appeal = appeals.add(db, meeting.item, "Nobody asked the drivers.", by=meeting.carer)
    assert appeals.holding(db) == {meeting.item}
    assert [one.id for one in carrying.open_appeals(db, "cycle_1")] == [appeal.id]
    with refused("own_decision"):
        appeals.answer(db, appeal.id, "All is well.", upheld=False, by=meeting.mara)
    other = tables.person(db, "Made-up Otto", "steward")
    with refused("no_appeal_answer"):
        appeals.answer(db, appeal.id, " ", upheld=False, by=other)
    found = appeals.answer(db, appeal.id, "They were asked in May.", upheld=False, by=other)
    assert not found.open and appeals.holding(db) == set() and meeting.state() == "resolved"
    with refused("appeal_closed"):
        appeals.answer(db, appeal.id, "Again.", upheld=True, by=other)


def test_whoever_settled_it_without_a_session_is_its_decider_too(meeting: Meeting) -> None:
    db, mara = meeting.db, meeting.mara
    again = add_item(db, "The bus comes late.")
    owned_items.repeat(db, again, meeting.item, by=mara)
    items.set_state(db, meeting.item, "resolved", "Mended.", by=mara)
    for item in (meeting.item, again):
        appeal = appeals.add(db, item, "It is not.", by=meeting.carer)
        with refused("own_decision"):
            appeals.answer(db, appeal.id, "It is.", upheld=False, by=mara)


def test_an_appeal_that_is_upheld_opens_its_item_again(meeting: Meeting) -> None:
    decided(meeting)
    other = tables.person(meeting.db, "Made-up Otto", "steward")
    appeal = appeals.add(meeting.db, meeting.item, "Not heard.", by=meeting.carer)
    appeals.answer(meeting.db, appeal.id, "That is so.", upheld=True, by=other)
    assert meeting.state() == "reopened"
    assert appeals.of_item(meeting.db, meeting.item)[0].upheld


def test_what_went_on_to_the_next_cycle_can_be_appealed_against_by_those_of_the_last(
    meeting: Meeting,
) -> None:
    db, mara = meeting.db, meeting.mara
    settled, again = add_item(db, "Nobody answers."), add_item(db, "Nobody replies.")
    items.set_state(db, settled, "resolved", "Mended.", by=mara)
    owned_items.repeat(db, again, meeting.item, by=mara)
    for phase in phases.PHASES[1:]:
        phases.move(db, "cycle_1", phase, by=mara)
    phases.close(db, "cycle_1", reflection="So.", next_words="On.", next_cycle="cycle_2", by=mara)
    assert [one.id for one in appeals.open_to(db, "cycle_1")] == [meeting.item, settled]
    appeals.add(db, meeting.item, "It was never talked about.", by=meeting.carer)
    assert appeals.holding(db) == {meeting.item}


def test_an_appeal_is_its_own_persons_to_take_back(meeting: Meeting) -> None:
    db = meeting.db
    appeal = appeals.add(db, meeting.item, "Quixotic.", by=meeting.carer)
    with refused("appealed_already"):
        appeals.add(db, meeting.item, "Again.", by=meeting.carer)
    with refused("not_yours"):
        appeals.take_back(db, appeal.id, by=meeting.resident)
    appeals.take_back(db, appeal.id, by=meeting.carer)
    assert appeals.holding(db) == set() and appeals.of_seat(db, meeting.carer) == []
    assert withdrawals.pending(db) == 1
    assert "Quixotic" not in "".join(db.conn.iterdump())
    with refused("no_appeal_words"):
        appeals.add(db, meeting.item, "", by=meeting.carer)
    with refused("no_item"):
        appeals.add(db, 99, "Words.", by=meeting.carer)


def test_an_appeal_of_the_holder_of_a_receipt_goes_with_what_they_told(
    meeting: Meeting, tell: Callable[..., Kept]
) -> None:
    db, code = meeting.db, receipts.new_code()
    tell("The bus was late.", receipt=code)
    receipt = receipts.find(db, code)
    assert receipt is not None
    appeal = appeals.add(db, meeting.item, "Quixotic.", receipt=receipt)
    assert appeals.of_receipt(db, receipt) == [appeal]
    with refused("appealed_already"):
        appeals.add(db, meeting.item, "Again.", receipt=receipt)
    withdrawals.withdraw(db, code)
    assert appeals.of_item(db, meeting.item) == [] and appeals.holding(db) == set()
    with pytest.raises(ValueError, match="somebody's"):
        appeals.add(db, meeting.item, "Whose?")


def test_several_people_may_have_an_appeal_written_down_for_them(meeting: Meeting) -> None:
    appeals.add(meeting.db, meeting.item, "One.", by=meeting.mara)
    appeals.add(meeting.db, meeting.item, "Two.", by=meeting.mara)
    assert len(appeals.of_cycle(meeting.db, "cycle_1")) == 2


def test_the_trail_of_a_negotiation_is_whole_and_without_words(meeting: Meeting) -> None:
    decided(meeting)
    trail = audit.listing(meeting.db)
    done = [row["action"] for row in trail]
    assert done[:2] == ["outcome_full", "item_resolved"] and "send_agenda" in done
    assert "Ask for a bus" not in str(trail) and audit.verify(meeting.db).whole
