"""Turns and outcomes of a session, and appeals, in storage."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from par_toolkit.storage import audit, receipts, withdrawals
from par_toolkit.storage.sensemaking import (
    actions,
    appeals,
    carrying,
    items,
    outcomes,
    owned_items,
    phases,
    turns,
    views,
)
from par_toolkit.storage.sensemaking.outcomes import Planned
from par_toolkit.storage.stories import Kept
from tests.storage.sensemaking import tables
from tests.storage.sensemaking.meetings import BOTH, PLAN, Meeting, add_item
from tests.storage.sensemaking.tables import refused

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
