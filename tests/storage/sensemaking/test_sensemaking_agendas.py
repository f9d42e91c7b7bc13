"""Agendas and the views of the groups on their items, in storage."""

from __future__ import annotations

import pytest

from par_toolkit.storage.sensemaking import (
    agenda_items,
    agendas,
    glossary,
    information,
    items,
    joint,
    outcomes,
    own,
    phases,
    rankings,
    seats,
    sending,
    turns,
    views,
)
from par_toolkit.storage.sensemaking.sending import Lack, NotReady
from tests.storage.sensemaking import tables
from tests.storage.sensemaking.meetings import BOTH, Meeting, add_item
from tests.storage.sensemaking.tables import refused

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
