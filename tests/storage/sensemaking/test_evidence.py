"""Evidence of quality, gathered from what people did; and words that two people release."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from par_toolkit.storage import withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    able_to_act,
    actions,
    appeals,
    circles,
    evidence,
    heard_from_others,
    joint,
    own,
    phases,
    seats,
    stakes,
    word_releases,
)
from tests.storage.sensemaking import tables
from tests.storage.sensemaking.tables import refused
from tests.storage.sensemaking.wholes import Whole, item_of, release

# ------------------------------------------------------------------------------- the five criteria


def test_evidence_is_gathered_as_the_work_happens(
    db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    whole = Whole(db, tell)
    resident, carer = whole.resident, whole.carer
    stakes.add(db, "acts", named="The council", group="carers", by=whole.mara)
    stakes.add(db, "bears", named="Those who wait", group="residents", by=whole.mara)
    own.save(db, resident, "I know who decides now.", moment="end", by=resident)
    heard_from_others.say(db, "residents", "They wait.", seat=carer, by=carer)
    able_to_act.give(db, "partly", "Nobody called back.", seat=resident, by=resident)
    appeals.add(db, whole.disputed, "We were not heard.", by=resident)
    found = evidence.gather(db, "cycle_1", groups=["carers", "residents", "staff"])
    residents = next(one for one in found.groups if one.group == "residents")
    assert (residents.told, residents.heard, residents.again) == (1, 1, 1)
    assert residents.able == {"partly": 1} and residents.why == ("Nobody called back.",)
    assert [one.group for one in found.groups if not one.sought] == ["staff"]
    assert [one.group for one in found.by_power] == ["residents", "carers", "staff"]
    assert found.appeals == evidence.Appeals(1, 0, 1)
    assert [(one.start, one.end) for one in found.pairs] == [
        ("I wait in the rain.", "I know who decides now.")
    ]
    assert [(one.group, one.about, one.verdict) for one in found.heard] == [
        ("carers", "residents", "waits")
    ]
    assert [(one.outcome, one.actions, one.no_action) for one in found.led] == [
        ("full", 1, False),
        ("none", 0, True),
    ]
    assert all(one.followed for one in found.led)


def test_an_appeal_stays_with_the_cycle_it_was_made_in(
    db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    whole = Whole(db, tell)
    made = appeals.add(db, whole.disputed, "We were not heard.", by=whole.resident)
    appeals.answer(db, made.id, "That is so.", upheld=True, by=whole.sten)
    for phase in phases.PHASES[1:]:
        phases.move(db, "cycle_1", phase, by=whole.mara)
    phases.close(
        db, "cycle_1", reflection="We were late.", next_words="Earlier.", next_cycle="cycle_2",
        by=whole.mara,
    )  # fmt: skip
    assert [one.id for one in appeals.of_cycle(db, "cycle_2")] == [made.id]
    for cycle, expected in (("cycle_1", (1, 1, 0)), ("cycle_2", (0, 0, 0))):
        found = evidence.gather(db, cycle, groups=[])
        assert found.appeals == evidence.Appeals(*expected)


def test_only_the_group_itself_says_whether_it_is_in_what_others_say(db: PrivateDatabase) -> None:
    residents, carers = tables.circle(db), tables.circle(db, group="carers")
    one, two = tables.seat(db, residents, "We wait."), tables.seat(db, residents, "We walk.")
    carer = tables.seat(db, carers, "We drive.")
    late = tables.seat(db, residents)
    said = heard_from_others.say(db, "residents", "They complain.", seat=carer, by=carer)
    with refused("own_group"):
        heard_from_others.say(db, "carers", "We do.", seat=carer, by=carer)
    with refused("nothing_there"):
        heard_from_others.answer(db, said, accepted=True, seat=carer, by=carer)
    with refused("own_first"):
        heard_from_others.answer(db, said, accepted=True, seat=late, by=late)
    with refused("own_first"):
        heard_from_others.say(db, "carers", "They drive.", seat=late, by=late)
    assert heard_from_others.seen_by(db, late) == []
    with refused("say_what_is_not_so"):
        heard_from_others.answer(db, said, accepted=False, seat=one, by=one)
    heard_from_others.answer(db, said, accepted=False, words="We ask.", seat=one, by=one)
    assert heard_from_others.seen_by(db, two)[0].verdict == "not_accepted"
    heard_from_others.answer(db, said, accepted=True, seat=two, by=two)
    (found,) = heard_from_others.seen_by(db, one)
    assert (found.yes, found.no, found.missing, found.verdict) == (1, 1, ("We ask.",), "divided")
    heard_from_others.answer(db, said, accepted=True, seat=one, by=one)
    assert heard_from_others.of_cycle(db, "cycle_1")[0].verdict == "accepted"
    heard_from_others.take_back(db, "residents", seat=carer, by=carer)
    assert withdrawals.pending(db) == 1
    assert heard_from_others.of_cycle(db, "cycle_1") == []
    assert db.value("select count(*) from heard_from_others where words <> ''") == 0


def test_whether_people_were_able_to_act_can_be_said_anew_and_taken_back(
    db: PrivateDatabase,
) -> None:
    circle = tables.circle(db)
    seat = tables.seat(db, circle, "We wait.")
    with refused("no_answer"):
        able_to_act.give(db, "often", seat=seat, by=seat)
    with refused("own_first"):
        late = tables.seat(db, circle)
        able_to_act.give(db, "yes", seat=late, by=late)
    able_to_act.give(db, "no", "Zanzibarquartz", seat=seat, by=seat)
    able_to_act.give(db, "yes", seat=seat, by=seat)
    assert able_to_act.of_seat(db, seat.id) == able_to_act.Answer("residents", "yes", "")
    able_to_act.take_back(db, seat=seat, by=seat)
    assert able_to_act.of_cycle(db, "cycle_1") == [] and withdrawals.pending(db) == 1
    assert db.value("select count(*) from able_to_act where words <> ''") == 0
    with refused("nothing_there"):
        able_to_act.take_back(db, seat=seat, by=seat)
    circles.close(db, circle.id, by=tables.person(db))
    with refused("circle_closed"):
        able_to_act.give(db, "yes", seat=seat, by=seat)


def test_what_was_on_paper_is_keyed_in_for_a_seat_of_paper_only(db: PrivateDatabase) -> None:
    mara, circle = tables.person(db), tables.circle(db)
    seat = tables.seat(db, circle, "We wait.")
    paper, _code = seats.join(db, circle.id, paper=True, by=mara)
    own.save(db, paper, "On paper.", by=mara)
    able_to_act.give(db, "yes", seat=paper, by=mara)
    heard_from_others.say(db, "carers", "They drive.", seat=paper, by=mara)
    for act in (
        lambda: able_to_act.give(db, "yes", seat=seat, by=mara),
        lambda: heard_from_others.say(db, "carers", "They drive.", seat=seat, by=mara),
    ):
        with refused("not_yours"):
            act()


# --------------------------------------------------------------------------------- released words


def test_two_different_people_release_exactly_the_words_they_read(db: PrivateDatabase) -> None:
    tables.begin_cycle(db)
    mara, sten = tables.person(db), tables.person(db, "Made-up Sten", "steward")
    item = item_of(db, "The bus stopped.")
    found = word_releases.get(db, "item", item)
    assert found is not None and not found.released
    word_releases.approve(db, "item", item, seen=found.digest, by=mara)
    again = word_releases.approve(db, "item", item, seen=found.digest, by=mara)
    assert not again.released and again.approved_by == ("Made-up Mara",)
    assert word_releases.released(db, "item", item) is None
    assert word_releases.approve(db, "item", item, seen=found.digest, by=sten).released
    assert word_releases.released(db, "item", item) == ("The bus stopped.",)
    word_releases.take_back(db, "item", item, by=mara)
    assert not word_releases.state(db, "item", item).released
    with refused("nothing_there"):
        word_releases.take_back(db, "item", item, by=mara)
    with refused("words_changed"):
        word_releases.approve(db, "item", item, seen="0" * 64, by=mara)
    with refused("gone"):
        word_releases.approve(db, "item", 99, seen=found.digest, by=mara)
    with refused("gone"):
        word_releases.approve(db, "letter", item, seen=found.digest, by=mara)


def test_words_that_change_are_not_released_any_more(
    db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    whole = Whole(db, tell)
    (action,) = actions.of_cycle(db, "cycle_1")
    release(db, "action", action.id)
    assert word_releases.state(db, "action", action.id).released
    actions.set_state(db, action.id, "done", words="Printed.", after=action.step, by=whole.mara)
    assert not word_releases.state(db, "action", action.id).released


def test_what_is_taken_back_or_replaced_is_not_there_to_release(db: PrivateDatabase) -> None:
    circle = tables.circle(db)
    seat, carer = tables.seat(db, circle, "We wait."), tables.circle(db, group="carers")
    other = tables.seat(db, carer, "We drive.")
    old = joint.write(db, circle.id, "It is late.", by=seat)
    release(db, "construction", old.id)
    new = joint.write(db, circle.id, "It is always late.", follows=[old.id], by=seat)
    texts = {(one.kind, one.reference) for one in word_releases.of_cycle(db, "cycle_1")}
    assert ("construction", new.id) in texts and ("construction", old.id) not in texts
    said = heard_from_others.say(db, "residents", "They wait.", seat=other, by=other)
    release(db, "heard", said)
    heard_from_others.take_back(db, "residents", seat=other, by=other)
    assert word_releases.get(db, "heard", said) is None


def test_every_kind_of_words_can_be_released(db: PrivateDatabase, tell: Callable[..., Any]) -> None:
    Whole(db, tell)
    kinds = {one.kind for one in word_releases.of_cycle(db, "cycle_1")}
    assert kinds == {"item", "view", "outcome", "action"}
    for kind in word_releases.KINDS:
        assert word_releases.get(db, kind, 99) is None
    assert word_releases.of_cycle(db, "cycle_2") == []
