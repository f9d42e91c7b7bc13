"""Statements, positions, priorities and information in storage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.storage import audit, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    circles,
    information,
    items,
    phases,
    positions,
    rankings,
    seats,
    statements,
)
from par_toolkit.storage.sensemaking.positions import Count, Reason
from par_toolkit.storage.sensemaking.rankings import Ranked, Ranking, in_order
from par_toolkit.storage.sensemaking.statements import Statement
from tests.storage.sensemaking import tables
from tests.storage.sensemaking.tables import refused


def put(db: PrivateDatabase, words: str = "Keep the bus.", *groups: str) -> Statement:
    tables.begin_cycle(db)
    asked = groups or ("residents", "carers")
    return statements.put(db, "cycle_1", words, groups=asked, by=tables.person(db))


def item(db: PrivateDatabase, words: str = "The bus is late.", group: str = "residents") -> int:
    tables.begin_cycle(db)
    return items.add(
        db, kind="concern", words=words, group=group, cycle="cycle_1", source="meeting",
        by=tables.person(db),
    )  # fmt: skip


# ------------------------------------------------------------------------------------ statements


def test_a_statement_is_put_to_groups_and_keeps_its_words(db: PrivateDatabase) -> None:
    found = put(db)
    assert found.groups == ("carers", "residents") and found.open
    wider = statements.ask_too(db, found.id, "health_workers", by=tables.person(db))
    assert wider.groups == ("carers", "health_workers", "residents")
    assert statements.of_cycle(db, "cycle_1") == [wider]


def test_what_cannot_be_put_is_refused(db: PrivateDatabase) -> None:
    mara, found = tables.person(db), put(db)
    with refused("no_statement_words"):
        statements.put(db, "cycle_1", "  ", groups=["residents"], by=mara)
    with refused("nobody_asked"):
        statements.put(db, "cycle_1", "Words.", groups=["", ""], by=mara)
    with refused("put_already"):
        statements.put(db, "cycle_1", " Keep the bus. ", groups=["carers"], by=mara)
    with refused("no_item"):
        statements.put(db, "cycle_1", "Words.", groups=["carers"], item=99, by=mara)
    with refused("cycle_not_begun"):
        statements.put(db, "cycle_9", "Words.", groups=["carers"], by=mara)
    with refused("asked_already"):
        statements.ask_too(db, found.id, "carers", by=mara)
    statements.close(db, found.id, by=mara)
    with refused("statement_closed"):
        statements.close(db, found.id, by=mara)
    assert len(statements.put(db, "cycle_1", "x" * 100_000, groups=["a"], by=mara).words) == 100_000


def test_the_last_answer_holds_and_counts_by_group(db: PrivateDatabase) -> None:
    found = put(db, "Keep the bus.", "residents", "carers", "health_workers")
    residents, carers = tables.circle(db), tables.circle(db, group="carers")
    ana, ben, cem = (tables.seat(db, table) for table in (residents, residents, carers))
    positions.give(db, found.id, "agree", "It is all we have.", seat=ana, by=ana)
    positions.give(db, found.id, "disagree", "Too dear.", seat=ana, by=ana)
    positions.give(db, found.id, "agree", seat=ben, by=ben)
    positions.give(db, found.id, "unsure", "Which bus?", seat=cem, by=cem)
    assert positions.counts(db, found) == [
        Count("carers", 0, 0, 1), Count("health_workers", 0, 0, 0), Count("residents", 1, 1, 0),
    ]  # fmt: skip
    assert positions.reasons(db, found.id) == [
        Reason("carers", "unsure", "Which bus?"), Reason("residents", "disagree", "Too dear."),
    ]  # fmt: skip
    assert positions.of_seat(db, ana.id)[found.id].reason == "Too dear."
    assert positions.answered(db, found.id) == 3


def test_an_answer_that_is_taken_back_leaves_no_word(db: PrivateDatabase) -> None:
    found, seat = put(db), tables.seat(db, tables.circle(db))
    positions.give(db, found.id, "agree", "Quixotic.", seat=seat, by=seat)
    positions.give(db, found.id, "unsure", "Xylophone.", seat=seat, by=seat)
    positions.take_back(db, found.id, seat=seat, by=seat)
    assert withdrawals.pending(db) == 1
    assert positions.of_seat(db, seat.id) == {} and positions.reasons(db, found.id) == []
    assert {row["reason"] for row in db.rows("select reason from positions")} == {""}
    with refused("nothing_there"):
        positions.take_back(db, found.id, seat=seat, by=seat)
    positions.give(db, found.id, "agree", seat=seat, by=seat)
    assert positions.answered(db, found.id) == 1


def test_the_same_person_in_two_groups_counts_once_in_each(db: PrivateDatabase) -> None:
    found = put(db)
    for group in ("residents", "carers"):
        seat = tables.seat(db, tables.circle(db, group=group))
        positions.give(db, found.id, "agree", seat=seat, by=seat)
    assert positions.counts(db, found) == [Count("carers", 1, 0, 0), Count("residents", 1, 0, 0)]


def test_nobody_answers_for_another_or_what_they_were_not_asked(db: PrivateDatabase) -> None:
    found = put(db, "Keep the bus.", "residents")
    table = tables.circle(db)
    ana, ben = tables.seat(db, table), tables.seat(db, table)
    with refused("not_yours"):
        positions.give(db, found.id, "agree", seat=ana, by=ben)
    with refused("not_yours"):
        positions.give(db, found.id, "agree", seat=ana, by=tables.person(db))
    stranger = tables.seat(db, tables.circle(db, group="carers"), says="The nights.")
    with refused("not_asked"):
        positions.give(db, found.id, "agree", seat=stranger, by=stranger)
    with refused("no_position"):
        positions.give(db, found.id, "maybe", seat=ana, by=ana)
    statements.close(db, found.id, by=tables.person(db))
    with refused("statement_closed"):
        positions.give(db, found.id, "agree", seat=ana, by=ana)
    assert statements.seen_by(db, stranger) == [statements.get(db, found.id)]
    assert statements.seen_by(db, ana) == [], "nothing before their own is saved"


def test_what_was_on_paper_is_keyed_in_under_the_paper_seat(db: PrivateDatabase) -> None:
    found, mara = put(db), tables.person(db)
    paper, _code = seats.join(db, tables.circle(db).id, paper=True)
    positions.give(db, found.id, "disagree", "Not so.", seat=paper, by=mara)
    assert db.value("select person from positions") == mara.id
    rankings.give(db, [item(db)], seat=paper, by=mara)
    assert db.value("select person from rankings") == mara.id


def test_nothing_is_added_in_a_closed_circle(db: PrivateDatabase) -> None:
    found, table = put(db), tables.circle(db)
    seat = tables.seat(db, table)
    circles.close(db, table.id, by=tables.person(db))
    with refused("circle_closed"):
        positions.give(db, found.id, "agree", seat=seat, by=seat)
    with refused("circle_closed"):
        rankings.give(db, [], seat=seat, by=seat)


# ------------------------------------------------------------------------------------- priorities


def test_each_group_counts_alike_however_many_its_people_are() -> None:
    """Three of a: 1>2>3 gives (1, ½, 0); one of b: 3>2>1 gives (0, ½, 1). Each item: ½."""
    found = in_order([Ranking("a", (1, 2, 3))] * 3 + [Ranking("b", (3, 2, 1))], [1, 2, 3])
    assert [one.item for one in found] == [1, 2, 3]
    assert [one.points for one in found] == [0.5, 0.5, 0.5]
    assert [one.first_of for one in found] == [("a",), (), ("b",)]


def test_what_is_left_open_shares_what_is_left() -> None:
    """Of four items only 4 is ranked: it gets 3 of 3, the others (2+1+0)/3 = 1 of 3 each."""
    found = in_order([Ranking("a", (4,))], [1, 2, 3, 4])
    assert found[0] == Ranked(4, 1.0, {"a": 1.0}, ("a",))
    assert [one.points for one in found[1:]] == [pytest.approx(1 / 3)] * 3


def test_the_first_choice_is_what_most_of_a_group_put_first() -> None:
    """Two put 1 first, two put 2; 2 has more points (3·… by place), so 2; equal ones both stay."""
    held = [Ranking("a", (1, 2, 3)), Ranking("a", (1, 2, 3)), Ranking("a", (2, 3, 1))] * 1
    assert {one.item: one.first_of for one in in_order(held, [1, 2, 3])}[1] == ("a",)
    tied = [Ranking("a", (1, 2, 3)), Ranking("a", (2, 3, 1))]
    assert {one.item: one.first_of for one in in_order(tied, [1, 2, 3])}[2] == ("a",)
    even = [Ranking("a", (1, 2)), Ranking("a", (2, 1))]
    assert [one.first_of for one in in_order(even, [1, 2])] == [("a",), ("a",)]


def test_items_that_were_settled_since_fall_out_of_the_order() -> None:
    found = in_order([Ranking("a", (9, 2)), Ranking("b", (9,))], [1, 2])
    assert [(one.item, one.points, one.first_of) for one in found] == [
        (2, 1.0, ("a",)), (1, 0.0, ()),
    ]  # fmt: skip
    assert in_order([], [1])[0] == Ranked(1, None, {}, ()) and in_order([], []) == []


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.permutations(range(5))), min_size=1, max_size=9),
    st.integers(0, 5),
)
def test_every_group_that_ranked_has_a_first_choice(
    given_: list[tuple[str, list[int]]], some: int
) -> None:
    held = [Ranking(group, tuple(order[: max(1, some)])) for group, order in given_]
    found = in_order(held, list(range(5)))
    assert {group for one in found for group in one.first_of} == {one.group for one in held}
    points = [one.points for one in found if one.points is not None]
    assert len(points) == 5 and all(0 <= one <= 1 for one in points)
    assert sum(points) == pytest.approx(2.5) and points == sorted(points, reverse=True)


def test_the_last_order_of_a_seat_holds_and_an_empty_one_takes_it_back(db: PrivateDatabase) -> None:
    one, two = item(db), item(db, "Nobody answers.")
    seat = tables.seat(db, tables.circle(db))
    rankings.give(db, [two, one], seat=seat, by=seat)
    rankings.give(db, [one, two], seat=seat, by=seat)
    assert rankings.first_choices(db, "cycle_1") == {"residents": [one]}
    assert rankings.of_seat(db, seat) == (one, two)
    rankings.give(db, [], seat=seat, by=seat)
    assert rankings.held(db, "cycle_1") == [] and rankings.first_choices(db, "cycle_1") == {}
    with refused("same_place"):
        rankings.give(db, [one, one], seat=seat, by=seat)
    with refused("not_unresolved"):
        rankings.give(db, [99], seat=seat, by=seat)


# ------------------------------------------------------------------------------------ information


def test_a_question_waits_for_its_answer_and_the_item_with_it(db: PrivateDatabase) -> None:
    mara, late = tables.person(db), item(db)
    task = information.add(
        db, late, question="How often?", owner="The council", due="2026-03-01", by=mara
    )
    other = information.add(db, late, question="Why?", owner="Ana", due="2026-02-01", by=mara)
    held = items.get(db, late)
    assert held is not None and held.state == "information_wanted"
    assert information.of_cycle(db, "cycle_1") == [other, task]
    assert information.overdue(db, today="2026-02-02", cycle="cycle_1") == [other]
    information.change(db, other.id, owner="Ben", due="2026-02-20", by=mara)
    assert information.overdue(db, today="2026-02-02", cycle="cycle_1") == []
    information.answer(db, task.id, "Twice a day.", by=mara)
    held = items.get(db, late)
    assert held is not None and held.state == "information_wanted"
    information.answer(db, other.id, "Nobody knows.", by=mara)
    held = items.get(db, late)
    assert held is not None and held.state == "unresolved"
    with refused("answered_already"):
        information.answer(db, task.id, "Again.", by=mara)


def test_a_question_needs_all_its_parts(db: PrivateDatabase) -> None:
    mara, late = tables.person(db), item(db)
    good = {"question": "Why?", "owner": "Ana", "due": "2026-02-01"}
    for name, reason in (
        ("question", "no_question"), ("owner", "no_finder"), ("due", "bad_date"),
    ):  # fmt: skip
        with refused(reason):
            information.add(db, late, **(good | {name: " "}), by=mara)
    with refused("settled"):
        information.add(db, 99, **good, by=mara)
    items.set_state(db, late, "resolved", "Mended.", by=mara)
    with refused("settled"):
        information.add(db, late, **good, by=mara)


def test_a_side_goes_on_without_the_answer_for_itself_alone(db: PrivateDatabase) -> None:
    mara, late = tables.person(db), item(db)
    task = information.add(db, late, question="Why?", owner="Ana", due="2026-02-01", by=mara)
    seat = tables.seat(db, tables.circle(db))
    with refused("other_group"):
        information.go_on(db, task.id, "carers", by=seat)
    with refused("no_group"):
        information.go_on(db, task.id, "", by=mara)
    told = information.go_on(db, task.id, "residents", by=seat)
    assert told.holds_up(["residents", "carers"]) and not told.holds_up(["residents"])
    told = information.go_on(db, task.id, "carers", by=mara)
    assert not told.holds_up(["residents", "carers"])
    told = information.go_on(db, task.id, "residents", without=False, by=seat)
    assert told.goes_on == {"carers"} and told.holds_up(["residents", "carers"])


def test_a_closed_cycle_takes_nothing_more(db: PrivateDatabase) -> None:
    found, mara = put(db), tables.person(db)
    seat = tables.seat(db, tables.circle(db))
    late = item(db)
    for phase in phases.PHASES[1:]:
        phases.move(db, "cycle_1", phase, by=mara)
    items.set_state(db, late, "resolved", "Mended.", by=mara)
    phases.close(db, "cycle_1", reflection="Well.", next_words="It ends.", next_cycle=None, by=mara)
    with refused("statement_closed"):  # the close ended the answering: all see what was said
        positions.give(db, found.id, "agree", seat=seat, by=seat)
    with refused("cycle_closed"):
        rankings.give(db, [], seat=seat, by=seat)


def test_the_trail_names_acts_and_no_words(db: PrivateDatabase) -> None:
    found, seat = put(db), tables.seat(db, tables.circle(db))
    positions.give(db, found.id, "agree", "Quixotic.", seat=seat, by=seat)
    trail = audit.listing(db)
    assert trail[0]["action"] == "answer_statement" and trail[0]["role"] == "member"
    assert "Quixotic" not in str(trail) and audit.verify(db).whole
