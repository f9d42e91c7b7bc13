"""Items: where they come from, how they stand, and the equal-voice routine that collects them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.storage import consents, redactions, withdrawals
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    alone,
    circles,
    items,
    own,
    owned_items,
    passages,
    rounds,
    routine,
    seats,
)
from par_toolkit.storage.sensemaking.circles import Circle
from par_toolkit.storage.sensemaking.rounds import Round
from par_toolkit.storage.sensemaking.seats import Seat
from par_toolkit.storage.stories import Kept
from tests.storage.sensemaking.tables import begin_cycle, circle, person, refused, seat


def item(db: PrivateDatabase, words: str = "The bus is late.", **fields: str) -> int:
    given = {"kind": "concern", "group": "residents", "cycle": "cycle_1", "source": "meeting"}
    begin_cycle(db)
    return items.add(db, words=words, by=person(db), **(given | fields))


def step(db: PrivateDatabase, table: Circle) -> Round:
    return routine.move(db, table.id, seen=rounds.at(db, table.id), by=person(db))


def test_an_item_begins_open_and_keeps_its_whole_history(db: PrivateDatabase) -> None:
    mara, made = person(db), item(db)
    items.set_state(db, made, "information_wanted", "When does it leave?", by=mara)
    items.set_state(db, made, "resolved", "It leaves at eight now.", by=mara)
    items.set_state(db, made, "reopened", "It was late again.", by=mara)
    found = items.get(db, made)
    assert found and (found.state, found.reason, found.cycle) == (
        "reopened",
        "It was late again.",
        "cycle_1",
    )
    assert [(one.state, one.words, one.by) for one in items.history(db, made)] == [
        ("open", "", "Made-up Mara"),
        ("information_wanted", "When does it leave?", "Made-up Mara"),
        ("resolved", "It leaves at eight now.", "Made-up Mara"),
        ("reopened", "It was late again.", "Made-up Mara"),
    ]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.conn.execute("update item_states set state = 'resolved'")


def test_steps_that_make_no_sense_are_refused(db: PrivateDatabase) -> None:
    mara, made = person(db), item(db)
    for state in ("open", "reopened", "repeat", "gone"):
        with refused("bad_state"):
            items.set_state(db, made, state, "So", by=mara)
    with refused("why_state"):
        items.set_state(db, made, "resolved", " ", by=mara)
    items.set_state(db, made, "resolved", "It was mended.", by=mara)
    with refused("bad_state"):
        items.set_state(db, made, "unresolved", "So", by=mara)
    with refused("no_item"):
        items.set_state(db, 999, "resolved", "So", by=mara)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"words": " "}, "empty"),
        ({"words": "x" * 100_001}, "too_long"),
        ({"kind": "wish"}, "no_kind"),
        ({"source": "dream"}, "no_kind"),
        ({"group": ""}, "no_group"),
        ({"cycle": ""}, "no_group"),
    ],
)
def test_an_item_that_cannot_be_kept_is_refused(
    db: PrivateDatabase, fields: dict[str, str], reason: str
) -> None:
    with refused(reason):
        item(db, **fields)


def test_a_cycle_that_has_not_begun_takes_no_items(db: PrivateDatabase) -> None:
    with refused("cycle_not_begun"):
        item(db, cycle="cycle_2")
    begin_cycle(db, "cycle_2")
    assert item(db, cycle="cycle_2")


def test_a_theme_that_is_not_there_is_refused(db: PrivateDatabase) -> None:
    begin_cycle(db)
    with refused("no_theme"):
        items.add(
            db,
            kind="claim",
            words="So",
            group="residents",
            cycle="cycle_1",
            source="theme",
            theme=9,
            by=person(db),
        )


def test_items_can_be_listed_by_what_is_wanted(db: PrivateDatabase) -> None:
    first = item(db)
    second = item(db, "The nurse is kind.", kind="claim", group="carers")
    items.set_state(db, first, "resolved", "Mended.", by=person(db))
    assert [one.id for one in items.listing(db)] == [second, first]
    assert [one.id for one in items.listing(db, group="carers")] == [second]
    assert [one.id for one in items.listing(db, kind="concern")] == [first]
    assert [one.id for one in items.of_cycle(db, "cycle_1", states=items.UNSETTLED)] == [second]


def test_a_repeat_stays_in_the_record_and_only_its_owner_discards_it(db: PrivateDatabase) -> None:
    table, mara = circle(db), person(db)
    me, other = seat(db, table), seat(db, table)

    def said(by: Seat, words: str) -> int:
        return items.add(
            db,
            kind="concern",
            words=words,
            group="residents",
            cycle="cycle_1",
            source="circle",
            circle=table.id,
            by=by,
        )

    first, again = said(other, "The bus is late."), said(me, "Late buses.")
    for by in (other, mara):
        with refused("not_yours"):
            owned_items.repeat(db, again, first, by=by)
    with refused("no_repeat"):
        owned_items.repeat(db, again, again, by=me)
    with refused("no_repeat"):
        owned_items.repeat(db, again, item(db, kind="claim"), by=me)
    owned_items.repeat(db, again, first, by=me)
    found = items.get(db, again)
    assert found and (found.state, found.repeat_of, found.words) == ("repeat", first, "Late buses.")
    with refused("bad_state"):
        owned_items.repeat(db, again, first, by=me)
    items.set_state(db, again, "reopened", "It is not the same after all.", by=mara)


def test_a_passage_reads_as_it_may_today(db: PrivateDatabase, tell: Callable[..., Kept]) -> None:
    mara, made = person(db), item(db, source="stories")
    story = tell("The nurse Zanzibar was kind. I went home.").story_id
    assert story is not None
    passages.add(db, made, Passage(story, "telling", 0, 28), by=mara)
    passages.add(db, made, Passage(story, "telling", 0, 28), by=mara)
    shown = passages.of_item(db, made)
    assert [(one.reads, one.may_quote) for one in shown] == [
        ("The nurse Zanzibar was kind.", False)
    ]
    redactions.add(db, story, question="telling", start=10, end=18, label="name", by=mara)
    assert [one.reads for one in passages.of_item(db, made)] == ["The nurse [name] was kind."]
    consents.change(db, story, {"analyse": False}, wording=1, source="mine", role="participant")
    assert passages.of_item(db, made) == []
    with refused("no_consent"):
        passages.add(db, made, Passage(story, "telling", 0, 3), by=mara)


def test_a_withdrawn_story_takes_its_passages_with_it(
    db: PrivateDatabase, tell: Callable[..., Kept]
) -> None:
    made, story = item(db, source="stories"), tell().story_id
    assert story is not None
    passages.add(db, made, Passage(story, "telling", 0, 7), by=person(db))
    withdrawals.withdraw_story(db, story, by=person(db), reason="asked")
    assert passages.of_item(db, made) == []
    assert db.value("select count(*) from item_passages") == 0
    assert items.get(db, made) is not None


@pytest.mark.parametrize(
    "place", [("telling", 0, 0), ("telling", 3, 2), ("telling", 0, 9_999), ("gone", 0, 1)]
)
def test_a_place_that_is_not_in_the_story_is_refused(
    db: PrivateDatabase, tell: Callable[..., Kept], place: tuple[str, int, int]
) -> None:
    story = tell().story_id
    assert story is not None
    with refused("no_passage"):
        passages.add(db, item(db), Passage(story, *place), by=person(db))


def test_claims_come_first_then_concerns_then_issues(db: PrivateDatabase) -> None:
    table = circle(db)
    steps = [step(db, table) for _ in range(7)]
    assert [(one.kind, one.stage) for one in steps] == [
        ("claim", "write"),
        ("claim", "share"),
        ("concern", "write"),
        ("concern", "share"),
        ("issue", "write"),
        ("issue", "share"),
        ("issue", "done"),
    ]
    with refused("rounds_over"):
        step(db, table)
    assert rounds.is_over(rounds.at(db, table.id), "issue")


def test_two_who_press_next_at_once_go_one_step(db: PrivateDatabase) -> None:
    table, mara = circle(db), person(db)
    routine.move(db, table.id, seen=None, by=mara)
    with refused("moved_on"):
        routine.move(db, table.id, seen=None, by=mara)
    assert rounds.at(db, table.id) == Round("claim", "write")


def notes(db: PrivateDatabase, one: Seat, *words: str) -> list[int]:
    for each in words:
        alone.write(db, one, each, by=one)
    return [note.id for note in alone.of_seat(db, one.id, "claim")]


def test_one_from_each_in_turn_until_none_are_left(db: PrivateDatabase) -> None:
    table = circle(db)
    a, b, c = seat(db, table), seat(db, table), seat(db, table)
    with refused("no_round"):
        alone.write(db, a, "Too early", by=a)
    step(db, table)
    of_a, of_b = notes(db, a, "A one", "A two", "A three"), notes(db, b, "B one")
    alone.nothing(db, c, by=c)
    with refused("no_sharing"):
        alone.give(db, of_a[0], seat=a, by=a)
    step(db, table)
    with refused("not_your_turn"):
        alone.give(db, of_b[0], seat=b, by=b)
    alone.give(db, of_a[1], seat=a, by=a)
    with refused("not_your_turn"):
        alone.give(db, of_a[0], seat=a, by=a)
    alone.give(db, of_b[0], seat=b, by=b)
    alone.give(db, of_a[0], seat=a, by=a)
    with refused("turns_left"):
        step(db, table)
    alone.discard(db, of_a[2], seat=a, by=a)
    assert alone.turn(db, table.id, "claim") is None
    step(db, table)
    shared = items.listing(db, circle=table.id)
    assert [(one.words, one.number, one.kind, one.source) for one in shared] == [
        ("A two", 1, "claim", "circle"),
        ("B one", 2, "claim", "circle"),
        ("A one", 1, "claim", "circle"),
    ]


@given(st.dictionaries(st.integers(1, 60), st.integers(1, 5), max_size=12))
def test_going_round_gives_everybody_an_equal_voice(left: dict[int, int]) -> None:
    """While two people have something left, neither has given two more than the other."""
    given_by, last, everything = dict.fromkeys(left, 0), 0, sum(left.values())
    for _turn in range(everything):
        number = alone.following([one for one in left if left[one]], after=last)
        assert number is not None
        left[number], given_by[number], last = left[number] - 1, given_by[number] + 1, number
        waiting = [given_by[one] for one in left if left[one]]
        assert not waiting or max(given_by.values()) - min(waiting) <= 1
    assert alone.following([one for one in left if left[one]], after=last) is None


def test_the_owner_discards_their_own_repeat_and_nobody_else(db: PrivateDatabase) -> None:
    table = circle(db)
    a, b = seat(db, table), seat(db, table)
    step(db, table)
    (of_a,), (of_b,) = notes(db, a, "The nurse is kind."), notes(db, b, "A kind nurse.")
    step(db, table)
    given = alone.give(db, of_a, seat=a, by=a)
    with refused("nothing_there"):
        alone.discard(db, of_b, seat=a, repeat_of=given, by=a)
    with refused("no_repeat"):
        alone.discard(db, of_b, seat=b, repeat_of=item(db), by=b)
    alone.discard(db, of_b, seat=b, repeat_of=given, by=b)
    assert alone.of_seat(db, b.id, "claim")[0].item == given
    assert len(items.listing(db, circle=table.id)) == 1


def test_whoever_leaves_half_way_is_passed_over(db: PrivateDatabase) -> None:
    table = circle(db)
    a, b = seat(db, table), seat(db, table)
    step(db, table)
    notes(db, a, "A one")
    (of_b,) = notes(db, b, "B one")
    step(db, table)
    seats.leave(db, a.id)
    alone.give(db, of_b, seat=b, by=b)
    step(db, table)
    assert [one.words for one in items.listing(db, circle=table.id)] == ["B one"]


def test_it_goes_round_once_more_for_whoever_comes_back_with_something_left(
    db: PrivateDatabase,
) -> None:
    table, mara = circle(db), person(db)
    me, other = seat(db, table), seat(db, table)
    step(db, table)
    for words in ("Kind nurses", "Short ways", "Short ways"):
        alone.write(db, me, words, by=me)
    alone.write(db, other, "Clean rooms", by=other)
    step(db, table)
    first, second = alone.of_seat(db, me.id, "claim")
    alone.give(db, first.id, seat=me, by=me)
    with refused("not_over"):
        routine.go_round_again(db, table.id, "claim", seen=rounds.at(db, table.id), by=mara)
    seats.leave(db, me.id)
    (theirs,) = alone.of_seat(db, other.id, "claim")
    alone.give(db, theirs.id, seat=other, by=other)
    step(db, table)
    seats.come_back(db, me.id)
    assert [one.words for one in alone.left_over(db, me.id, but="concern")] == ["Short ways"]
    with refused("moved_on"):
        routine.go_round_again(db, table.id, "claim", seen=None, by=mara)
    for kind in ("concern", "wish"):
        with refused("not_over"):
            routine.go_round_again(db, table.id, kind, seen=rounds.at(db, table.id), by=mara)
    routine.go_round_again(db, table.id, "claim", seen=rounds.at(db, table.id), by=mara)
    assert step(db, table) == Round("claim", "share")
    turn = alone.turn(db, table.id, "claim")
    assert turn and turn.id == me.id
    alone.give(db, second.id, seat=me, by=me)
    assert len(items.listing(db, circle=table.id)) == 3
    assert step(db, table) == Round("concern", "write")


def test_what_others_share_is_sent_to_nobody_who_has_not_written_alone(
    db: PrivateDatabase,
) -> None:
    """Promise 13: also for whoever comes late, and for each kind by itself."""
    table = circle(db)
    a, b = seat(db, table), seat(db, table)
    step(db, table)
    (of_a,) = notes(db, a, "A one")
    step(db, table)
    alone.give(db, of_a, seat=a, by=a)
    assert alone.seen_by(db, b) == []
    alone.nothing(db, b, by=b)
    assert [one.words for one in alone.seen_by(db, b)] == ["A one"]
    step(db, table)
    late = seat(db, table)
    assert alone.seen_by(db, late) == []
    own.save(db, late, "How I see it", by=late)
    assert [one.words for one in alone.seen_by(db, late)] == ["A one"]


def test_what_is_kept_is_counted_for_those_who_lead_and_not_read(db: PrivateDatabase) -> None:
    table = circle(db)
    a, b = seat(db, table), seat(db, table)
    step(db, table)
    notes(db, a, "A one", "A two")
    alone.nothing(db, b, by=b)
    assert alone.left(db, table.id, "claim") == {a.id: 2, b.id: 0}
    with refused("not_yours"):
        alone.write(db, a, "For somebody else", by=person(db))


def test_paper_is_keyed_in_and_given_in_its_turn(db: PrivateDatabase) -> None:
    table, mara = circle(db), person(db)
    paper, _code = seats.join(db, table.id, paper=True, by=mara)
    step(db, table)
    alone.write(db, paper, "On paper", by=mara)
    step(db, table)
    (note,) = alone.of_seat(db, paper.id, "claim")
    made = items.get(db, alone.give(db, note.id, seat=paper, by=mara))
    assert made and (made.source, made.number, made.by) == ("paper", 1, "Made-up Mara")


def test_a_group_of_one_goes_round_alone(db: PrivateDatabase) -> None:
    table = circle(db)
    me = seat(db, table)
    step(db, table)
    of_me = notes(db, me, "One", "Two")
    step(db, table)
    for note in of_me:
        alone.give(db, note, seat=me, by=me)
    step(db, table)
    assert [one.words for one in alone.seen_by(db, me)] == ["One", "Two"]


def test_a_closed_circle_collects_nothing_more(db: PrivateDatabase) -> None:
    table = circle(db)
    me = seat(db, table)
    step(db, table)
    circles.close(db, table.id, by=person(db))
    with refused("circle_closed"):
        alone.write(db, me, "Late", by=me)
    with refused("circle_closed"):
        step(db, table)
