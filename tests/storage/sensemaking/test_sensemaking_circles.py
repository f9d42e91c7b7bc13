"""Circles in storage: own first, every version kept, answers that hold, nobody edits another."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import audit, withdrawals
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.sensemaking import (
    alternatives,
    answers,
    cards,
    changes,
    circles,
    hearings,
    joint,
    own,
    phases,
    remarks,
    seats,
)
from par_toolkit.storage.sensemaking.hearings import Hearing
from tests.storage.sensemaking.tables import begin_cycle, circle, person, refused, seat

BUS = "The bus stops before the clinic opens."
LIFT = "The lift at the clinic is too small for my chair."


def test_a_circle_is_found_by_its_table_code_while_it_is_open(db: PrivateDatabase) -> None:
    made = circle(db)
    assert len(made.table_code) == 6
    found = circles.by_table_code(db, made.table_code)
    assert found and (found.id, found.group, found.cycle) == (made.id, "residents", "cycle_1")
    circles.close(db, made.id, by=person(db))
    assert circles.by_table_code(db, made.table_code) is None
    with refused("circle_closed"):
        seats.join(db, made.id)
    with refused("circle_closed"):
        circles.close(db, made.id, by=person(db))


def test_a_circle_needs_a_cycle_that_runs_a_group_and_a_topic(db: PrivateDatabase) -> None:
    mara = person(db)
    with refused("cycle_not_begun"):
        circles.open(db, group="residents", cycle="cycle_1", topic="The way", by=mara)
    begin_cycle(db)
    with refused("no_topic"):
        circles.open(db, group="residents", cycle="cycle_1", topic=" \n", by=mara)
    with refused("too_long"):
        circles.open(db, group="residents", cycle="cycle_1", topic="x" * 501, by=mara)
    with refused("no_group"):
        circles.open(db, group="", cycle="cycle_1", topic="The way", by=mara)


def test_open_circles_come_first_and_can_be_listed_by_group(db: PrivateDatabase) -> None:
    first, second = circle(db), circle(db, group="carers")
    third = circle(db)
    circles.close(db, third.id, by=person(db))
    assert [one.id for one in circles.listing(db)] == [second.id, first.id, third.id]
    assert [one.id for one in circles.listing(db, group="carers")] == [second.id]
    assert circles.listing(db, cycle="another") == []


def test_nothing_of_the_circle_is_given_to_whoever_has_not_saved_their_own(
    db: PrivateDatabase,
) -> None:
    """Promise 13 in storage: every list that a member may be sent is empty until then."""
    table = circle(db)
    first = seat(db, table, says=BUS)
    version = joint.write(db, table.id, BUS, by=first)
    remarks.add(db, version.id, "And on Sundays?", seat=first, by=first)
    answers.give(db, version.id, "assent", seat=first, by=first)
    alternatives.name(db, "The bus alone", seat=first, by=first)
    cards.write(db, table.id, "I expected cost.", by=person(db, "Made-up Eva", "evaluator"))
    late = seat(db, table)
    for kind in (joint, remarks, answers, alternatives, cards):
        assert not kind.seen_by(db, late), kind.__name__
        assert kind.seen_by(db, first), kind.__name__
    for act in (
        lambda: joint.write(db, table.id, "Ours", follows=[version.id], by=late),
        lambda: remarks.add(db, version.id, "But", seat=late, by=late),
        lambda: answers.give(db, version.id, "assent", seat=late, by=late),
        lambda: alternatives.name(db, "Mine", seat=late, by=late),
    ):
        with refused("own_first"):
            act()
    own.save(db, late, LIFT, by=late)
    assert joint.seen_by(db, late) == [version]
    own.take_back(db, late, by=late)
    assert joint.seen_by(db, late) == []


def test_own_words_are_kept_whole_with_every_one_before(db: PrivateDatabase) -> None:
    table = circle(db)
    me = seat(db, table)
    long = "ä" * 100_000
    own.save(db, me, long, by=me)
    assert own.first(db, me).words == long
    with refused("too_long"):
        own.save(db, me, long + "x", by=me)
    with refused("empty"):
        own.save(db, me, " \n\t", by=me)
    own.save(db, me, BUS, by=me)
    assert [one.words for one in own.history(db, me.id)] == [long, BUS]
    own.save(db, me, LIFT, moment="end", by=me)
    assert own.of_circle(db, table.id)[me.id].words == BUS
    assert own.of_circle(db, table.id, "end")[me.id].words == LIFT


def test_at_the_end_nobody_can_say_how_they_see_it_now_who_never_said_it_first(
    db: PrivateDatabase,
) -> None:
    me = seat(db, circle(db))
    with refused("own_first"):
        own.save(db, me, BUS, moment="end", by=me)
    with refused("bad_moment"):
        own.save(db, me, BUS, moment="later", by=me)


def test_what_is_taken_back_is_in_no_row_any_more(db: PrivateDatabase) -> None:
    table = circle(db)
    me = seat(db, table, says="Zanzibarquartz one")
    own.save(db, me, "Zanzibarquartz two", by=me)
    joint.write(db, table.id, BUS, by=me)
    alternatives.name(db, "Zanzibarquartz", seat=me, by=me)
    assert withdrawals.pending(db) == 0
    own.take_back(db, me, by=me)
    assert withdrawals.pending(db) == 1
    assert own.latest(db, me.id) is None and own.history(db, me.id) == []
    assert "Zanzibarquartz" not in "\n".join(db.conn.iterdump())
    assert [(one.name, one.words) for one in alternatives.of_circle(db, table.id)] == [("", "")]
    with refused("nothing_there"):
        own.take_back(db, me, by=me)


def test_two_who_write_from_the_same_version_lose_no_word(db: PrivateDatabase) -> None:
    table = circle(db)
    first, second = seat(db, table, says=BUS), seat(db, table, says=LIFT)
    one = joint.write(db, table.id, "One", by=first)
    two = joint.write(db, table.id, "One and the bus", follows=[one.id], by=first)
    three = joint.write(db, table.id, "One and the lift", follows=[one.id], by=second)
    every = joint.versions(db, table.id)
    assert [each.words for each in joint.current(every)] == ["One and the bus", "One and the lift"]
    both = joint.write(
        db, table.id, "One, the bus and the lift", follows=[two.id, three.id], by=second
    )
    assert both.follows == (two.id, three.id) and both.version == 4 and both.number == 2
    assert joint.current(joint.versions(db, table.id)) == [both]
    assert [each.words for each in joint.versions(db, table.id)][:3] == [
        "One",
        "One and the bus",
        "One and the lift",
    ]


def test_two_at_the_very_same_moment_lose_no_word(inquiry: Inquiry, db: PrivateDatabase) -> None:
    table = circle(db)
    sitting = [seat(db, table, says=f"Own {number}") for number in range(5)]
    start = joint.write(db, table.id, "The first", by=sitting[0])
    ready = threading.Barrier(5)

    def revise(folder: Path, number: int) -> None:
        with open_database(folder) as other:
            ready.wait()
            words = f"The first, and number {number}"
            joint.write(other, table.id, words, follows=[start.id], by=sitting[number])

    threads = [threading.Thread(target=revise, args=(inquiry.folder, n)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = joint.versions(db, table.id)
    assert [each.version for each in every] == [1, 2, 3, 4, 5, 6]
    assert {each.words for each in joint.current(every)} == {
        f"The first, and number {number}" for number in range(5)
    }
    assert audit.verify(db).whole


def test_what_is_sent_twice_on_a_slow_line_is_kept_once(db: PrivateDatabase) -> None:
    table, mara = circle(db), person(db)
    me, other = seat(db, table, says="The bus."), seat(db, table, says="The lift.")
    own.save(db, me, "The bus.", by=me)
    assert len(own.history(db, me.id)) == 1
    first = joint.write(db, table.id, "We wait.", by=me)
    assert joint.write(db, table.id, "We wait.", by=me) == first
    led = [
        joint.write(db, table.id, "We wait, and pay.", follows=[first.id], by=mara)
        for _twice in range(2)
    ]
    assert led[0] == led[1]
    theirs = joint.write(db, table.id, "We wait, and pay.", follows=[first.id], by=other)
    assert theirs.version == 3, "the same words of somebody else are theirs"
    said = [remarks.add(db, first.id, "Well said.", seat=me, by=me) for _twice in range(2)]
    assert said[0] == said[1]
    assert remarks.add(db, first.id, "Well said.", seat=other, by=other) != said[0]
    remarks.take_back(db, said[0], seat=me, by=me)
    assert remarks.add(db, first.id, "Well said.", seat=me, by=me) != said[0]


def test_a_version_is_of_its_own_circle_and_says_something_new(db: PrivateDatabase) -> None:
    table, other = circle(db), circle(db, group="carers")
    me, them = seat(db, table, says=BUS), seat(db, other, says=LIFT)
    elsewhere = joint.write(db, other.id, "Theirs", by=them)
    mine = joint.write(db, table.id, "Ours", by=me)
    with refused("no_version"):
        joint.write(db, table.id, "Ours too", follows=[elsewhere.id], by=me)
    with refused("no_version"):
        joint.write(db, other.id, "Ours too", by=me)
    with refused("no_version"):
        remarks.add(db, elsewhere.id, "So", seat=me, by=me)
    with refused("unchanged"):
        joint.write(db, table.id, "Ours ", follows=[mine.id], by=me)
    with refused("no_seat"):
        joint.write(db, table.id, "More", follows=[mine.id], covers=them.id, by=person(db))


def test_no_version_can_be_changed(db: PrivateDatabase) -> None:
    table = circle(db)
    joint.write(db, table.id, "Ours", by=person(db))
    with pytest.raises(sqlite3.IntegrityError, match="every version is kept"):
        db.conn.execute("update joint_constructions set words = 'Mine'")


def test_a_version_written_at_the_desk_says_in_which_role(db: PrivateDatabase) -> None:
    table = circle(db)
    made = joint.write(db, table.id, "Ours", by=person(db))
    assert (made.role, made.number) == ("facilitator", None)


def test_three_answers_each_with_words_where_they_are_needed(db: PrivateDatabase) -> None:
    table = circle(db)
    me = seat(db, table, says=BUS)
    version = joint.write(db, table.id, "Ours", by=me)
    with refused("no_answer"):
        answers.give(db, version.id, "perhaps", seat=me, by=me)
    for answer in ("reservation", "dissent"):
        with refused("say_why"):
            answers.give(db, version.id, answer, " ", seat=me, by=me)
    answers.give(db, version.id, "dissent", "Not mine.", seat=me, by=me)
    answers.give(db, version.id, "assent", seat=me, by=me)
    held = answers.of_circle(db, table.id)[version.id]
    assert [(one.number, one.answer, one.words) for one in held] == [(1, "assent", "")]
    rows = db.rows("select answer from answers_to_constructions order by id")
    assert [row["answer"] for row in rows] == ["dissent", "assent"], "what was said before stays"


def test_an_alternative_keeps_its_words_beside_every_later_version(db: PrivateDatabase) -> None:
    table = circle(db)
    me, other = seat(db, table, says=LIFT), seat(db, table, says=BUS)
    with refused("no_version"):
        alternatives.name(db, "The lift", seat=me, by=me)
    version = joint.write(db, table.id, BUS, by=other)
    alternatives.name(db, "The lift", seat=me, by=me)
    joint.write(db, table.id, "Something else", follows=[version.id], by=other)
    own.save(db, me, "I see it otherwise now.", by=me)
    found = alternatives.seen_by(db, other)
    assert [(one.name, one.words, one.number, one.since) for one in found] == [
        ("The lift", LIFT, 1, version.id)
    ]
    alternatives.name(db, "Otherwise", seat=me, by=me)
    with refused("named_already"):
        alternatives.name(db, "Again", seat=me, by=me)
    with refused("no_name"):
        alternatives.name(db, "", seat=me, by=me)
    with refused("long_name"):
        alternatives.name(db, "x" * 201, seat=other, by=other)


def test_nobody_speaks_for_another_but_paper_is_keyed_in(db: PrivateDatabase) -> None:
    table, mara = circle(db), person(db)
    me, other = seat(db, table, says=BUS), seat(db, table)
    version = joint.write(db, table.id, "Ours", by=me)
    for by in (other, mara):
        with refused("not_yours"):
            own.save(db, me, "Changed", by=by)
        with refused("not_yours"):
            remarks.add(db, version.id, "So", seat=me, by=by)
        with refused("not_yours"):
            answers.give(db, version.id, "assent", seat=me, by=by)
        with refused("not_yours"):
            own.take_back(db, me, by=by)
    paper, _code = seats.join(db, table.id, paper=True, by=mara)
    own.save(db, paper, LIFT, by=mara)
    answers.give(db, version.id, "dissent", "The lift is missing.", seat=paper, by=mara)
    assert own.of_circle(db, table.id)[paper.id].words == LIFT


def test_a_remark_can_be_taken_back_by_whoever_made_it(db: PrivateDatabase) -> None:
    table = circle(db)
    me, other = seat(db, table, says=BUS), seat(db, table, says=LIFT)
    version = joint.write(db, table.id, "Ours", by=me)
    remark = remarks.add(db, version.id, "Zanzibarquartz", seat=me, by=me)
    with refused("nothing_there"):
        remarks.take_back(db, remark, seat=other, by=other)
    remarks.take_back(db, remark, seat=me, by=me)
    assert remarks.of_circle(db, table.id) == {} and withdrawals.pending(db) == 1
    assert "Zanzibarquartz" not in "\n".join(db.conn.iterdump())


def test_in_a_closed_circle_nothing_is_added(db: PrivateDatabase) -> None:
    table = circle(db)
    me = seat(db, table, says=BUS)
    version = joint.write(db, table.id, "Ours", by=me)
    circles.close(db, table.id, by=person(db))
    for act in (
        lambda: own.save(db, me, LIFT, by=me),
        lambda: joint.write(db, table.id, "More", follows=[version.id], by=me),
        lambda: remarks.add(db, version.id, "So", seat=me, by=me),
        lambda: answers.give(db, version.id, "assent", seat=me, by=me),
        lambda: alternatives.name(db, "Mine", seat=me, by=me),
        lambda: hearings.note(db, me.id, brought_new=True, by=person(db)),
    ):
        with refused("circle_closed"):
            act()
    assert joint.seen_by(db, me) == [version], "what was said can still be read"


def test_a_circle_of_a_closed_cycle_takes_no_more_words_and_no_more_people(
    db: PrivateDatabase,
) -> None:
    table, mara = circle(db), person(db)
    me = seat(db, table, says=BUS)
    for phase in phases.PHASES[1:]:
        phases.move(db, "cycle_1", phase, by=mara)
    phases.close(db, "cycle_1", reflection="So.", next_words="We stop.", next_cycle=None, by=mara)
    for act in (
        lambda: own.save(db, me, LIFT, by=me),
        lambda: joint.write(db, table.id, "Ours", by=me),
        lambda: seats.join(db, table.id),
    ):
        with refused("cycle_closed"):
            act()
    circles.close(db, table.id, by=mara)


def test_whoever_leaves_is_not_waited_for_and_comes_back_with_their_code(
    db: PrivateDatabase,
) -> None:
    table = circle(db)
    me, code = seats.join(db, table.id, called="Mo")
    other = seat(db, table)
    assert own.waiting(db, table.id) == [me, other]
    seats.leave(db, me.id)
    assert own.waiting(db, table.id) == [other]
    found = seats.by_code(db, code)
    assert found and found.id == me.id and found.left_at
    seats.come_back(db, me.id)
    assert own.waiting(db, table.id) == [me, other]
    new = seats.renew_code(db, me.id, by=person(db))
    assert seats.by_code(db, code) is None
    assert seats.by_code(db, new) == me
    with refused("no_seat"):
        seats.renew_code(db, 999, by=person(db))


def test_whoever_is_away_is_not_waited_for_and_is_back_with_their_next_act(
    db: PrivateDatabase,
) -> None:
    table = circle(db)
    me, other = seat(db, table), seat(db, table)
    seats.go_on_without(db, me.id, by=person(db))
    assert own.waiting(db, table.id) == [other]
    with refused("no_seat"):
        seats.go_on_without(db, me.id, by=person(db))
    back = seats.get(db, me.id)
    assert back and back.away and back.left_at is None
    own.save(db, back, BUS, by=back)
    again = seats.get(db, me.id)
    assert again and again.present


def test_whatever_happens_at_a_table_can_be_told_by_a_few_numbers(db: PrivateDatabase) -> None:
    table, mara = circle(db), person(db)
    seen = [changes.of_circle(db, table.id)]

    def changed() -> None:
        seen.append(changes.of_circle(db, table.id))
        assert seen[-1] != seen[-2]

    me, other = seat(db, table), seat(db, table)
    changed()
    own.save(db, me, BUS, by=me)
    changed()
    version = joint.write(db, table.id, "Ours", by=me)
    changed()
    remark = remarks.add(db, version.id, "So", seat=me, by=me)
    changed()
    remarks.take_back(db, remark, seat=me, by=me)
    changed()
    answers.give(db, version.id, "assent", seat=me, by=me)
    changed()
    alternatives.name(db, "Alone", seat=me, by=me)
    changed()
    hearings.note(db, me.id, brought_new=False, by=mara)
    changed()
    seats.go_on_without(db, other.id, by=mara)
    changed()
    own.take_back(db, me, by=me)
    changed()
    circles.close(db, table.id, by=mara)
    changed()
    assert changes.of_circle(db, circle(db).id) == seen[0], "another circle has its own"
    assert changes.of_circle(db, 999) is None


def test_the_evaluator_has_a_card_and_nobody_else(db: PrivateDatabase) -> None:
    table, eva = circle(db), person(db, "Made-up Eva", "evaluator")
    with refused("no_evaluator"):
        cards.write(db, table.id, "So", by=person(db))
    cards.write(db, table.id, "I expected cost.", by=eva)
    cards.write(db, table.id, "I expected distance.", by=eva)
    assert [(one.name, one.words) for one in cards.of_circle(db, table.id)] == [
        ("Made-up Eva", "I expected distance.")
    ]
    cards.write(db, table.id, "", by=eva)
    assert cards.of_circle(db, table.id) == []


def heard(*new: bool) -> list[Hearing]:
    return [Hearing(number, number, brought, "") for number, brought in enumerate(new, start=1)]


@pytest.mark.parametrize(
    ("new", "enough"),
    [
        ((), False),
        ((False, False), False),
        ((False, False, False), True),
        ((True, False, False, False), True),
        ((False, False, False, True), False),
        ((False, True, False), False),
    ],
)
def test_nothing_new_is_three_respondents_after_one_another(
    new: tuple[bool, ...], enough: bool
) -> None:
    assert hearings.nothing_new(heard(*new)) is enough


def test_the_last_note_of_a_seat_counts_once(db: PrivateDatabase) -> None:
    table, mara = circle(db), person(db)
    sitting = [seat(db, table, says=f"Own {number}") for number in range(3)]
    for one in (sitting[0], sitting[0], sitting[0]):
        hearings.note(db, one.id, brought_new=False, by=mara)
    assert not hearings.nothing_new(hearings.of_circle(db, table.id)), "one person is not three"
    for one in sitting[1:]:
        hearings.note(db, one.id, brought_new=False, by=mara)
    assert hearings.nothing_new(hearings.of_circle(db, table.id))
    joint.write(db, table.id, "Something new after all", by=sitting[1])
    assert not hearings.nothing_new(hearings.of_circle(db, table.id))
    with refused("not_heard"):
        hearings.note(db, seat(db, table).id, brought_new=False, by=mara)


def test_everything_is_in_the_trail_by_role_and_without_words(db: PrivateDatabase) -> None:
    table = circle(db)
    me = seat(db, table, says="Zanzibarquartz")
    joint.write(db, table.id, "Zanzibarquartz too", by=me)
    rows = audit.listing(db)
    assert [(row["action"], row["role"], row["person"]) for row in rows[:4]] == [
        ("write_joint_construction", "member", None),
        ("write_own_construction", "member", None),
        ("join_circle", "member", None),
        ("open_circle", "facilitator", "Made-up Mara"),
    ]
    assert "Zanzibarquartz" not in str(rows)
    assert audit.verify(db).whole


@pytest.mark.parametrize(
    ("said", "ours"),
    [("", False), ("a", True), ("r", False), ("ar", True), ("ad", False), ("aad", True)],
)
def test_a_version_is_the_circles_own_where_more_assent_to_it_than_dissent(
    db: PrivateDatabase, said: str, ours: bool
) -> None:
    """A reservation takes nothing away: it says what is missing."""
    table = circle(db)
    people = [seat(db, table, says=BUS) for _ in range(max(1, len(said)))]
    version = joint.write(db, table.id, "Ours", by=people[0])
    names = {"a": "assent", "r": "reservation", "d": "dissent"}
    for one, letter in zip(people, said, strict=False):
        answers.give(db, version.id, names[letter], "So.", seat=one, by=one)
    assert answers.is_ours(answers.of_circle(db, table.id).get(version.id, [])) is ours
