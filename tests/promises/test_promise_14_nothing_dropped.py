"""Promise 14: unresolved items and open actions out of a cycle equal those into the next, by id."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import Refused, StorageError
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import actions, appeals, carrying, items, phases
from par_toolkit.storage.sensemaking.carrying import Carried
from tests.storage.sensemaking.cycles import begun, close, item, set_item, someone, to_reflect

ITEM_STATES = (
    "open",
    "resolved",
    "unresolved",
    "information_wanted",
    "reopened",
    "repeat",
    "taken_back",
)


@pytest.fixture
def by(db: PrivateDatabase) -> Person:
    return someone(db)


def action(db: PrivateDatabase, cycle: str, state: str, by: Person) -> int:
    added = actions.add(db, cycle, what="Ask.", owner="Made-up Ama", due="2026-01-31", by=by)
    if state != "open":
        actions.set_state(db, added.id, state, words="So it went.", after=added.step, by=by)
    return added.id


def test_promise_14_nothing_that_waits_for_people_is_taken_for_settled() -> None:
    assert set(carrying.OPEN_ITEMS) == set(items.UNSETTLED)
    assert set(items.STATES) - set(items.UNSETTLED) == {"resolved", "repeat", "taken_back"}


def test_promise_14_what_is_open_goes_on_with_its_id_and_state(
    db: PrivateDatabase, by: Person
) -> None:
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    kept = {item(db, "cycle_1", state, by=by): state for state in carrying.OPEN_ITEMS}
    ended = [item(db, "cycle_1", "open", state, by=by) for state in ("resolved", "repeat")]
    going = [action(db, "cycle_1", state, by) for state in ("open", "changed")]
    gone = [action(db, "cycle_1", state, by) for state in ("done", "dropped")]
    close(db, "cycle_1", "cycle_2", by)
    went = carrying.went_out(db, "cycle_1")
    assert went == Carried(tuple(kept), tuple(going))
    assert carrying.came_in(db, "cycle_1", "cycle_2") == went
    assert carrying.still_open(db, "cycle_2") == went
    assert not carrying.still_open(db, "cycle_1")
    rows = db.rows("select item, state from item_states where carried order by item")
    assert {row["item"]: row["state"] for row in rows} == kept
    assert [one.carried for one in actions.of_cycle(db, "cycle_2")] == [True, True]
    assert set(ended).isdisjoint(went.items) and set(gone).isdisjoint(went.actions)


def test_promise_14_over_two_closes_each_cycle_hands_on_what_it_was_given(
    db: PrivateDatabase, by: Person
) -> None:
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    first, second = item(db, "cycle_1", by=by), item(db, "cycle_1", by=by)
    to_do = action(db, "cycle_1", "open", by)
    close(db, "cycle_1", "cycle_2", by)
    begun(db, "cycle_2", by)
    to_reflect(db, "cycle_2", by)
    set_item(db, first, "cycle_2", "resolved", by=by)
    third = item(db, "cycle_2", by=by)
    close(db, "cycle_2", "cycle_3", by)
    assert carrying.went_out(db, "cycle_1") == Carried((first, second), (to_do,))
    assert carrying.came_in(db, "cycle_1", "cycle_2") == Carried((first, second), (to_do,))
    assert carrying.went_out(db, "cycle_2") == Carried((second, third), (to_do,))
    assert carrying.came_in(db, "cycle_2", "cycle_3") == Carried((second, third), (to_do,))


@pytest.mark.parametrize("following", ["cycle_2", None])
def test_promise_14_what_an_appeal_opens_after_the_close_stands_where_people_look(
    db: PrivateDatabase, by: Person, following: str | None
) -> None:
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    settled = item(db, "cycle_1", "open", "resolved", by=by)
    close(db, "cycle_1", following, by)
    asked = appeals.add(db, settled, "You left us out.", by=by)
    other = someone(db, "steward")
    appeals.answer(db, asked.id, "So we did.", upheld=True, by=other)
    assert carrying.still_open(db, following or "cycle_1").items == (settled,)
    assert carrying.came_in(db, "cycle_1", "cycle_2") == Carried((), ())
    if following:
        assert not carrying.still_open(db, "cycle_1")
        assert not carrying.went_out(db, "cycle_1")


def test_promise_14_stopping_drops_nothing_either(db: PrivateDatabase, by: Person) -> None:
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    left, to_do = item(db, "cycle_1", by=by), action(db, "cycle_1", "open", by)
    close(db, "cycle_1", None, by)
    assert carrying.still_open(db, "cycle_1") == Carried((left,), (to_do,))
    done = actions.get(db, to_do)
    assert done is not None
    actions.set_state(db, to_do, "done", words="All the same.", after=done.step, by=by)


def test_promise_14_a_cycle_that_begins_after_a_stop_takes_up_what_was_left(
    db: PrivateDatabase, by: Person
) -> None:
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    left, to_do = item(db, "cycle_1", by=by), action(db, "cycle_1", "open", by)
    settled = item(db, "cycle_1", "open", "resolved", by=by)
    close(db, "cycle_1", None, by)
    assert phases.followed_by(db, "cycle_1") is None
    begun(db, "cycle_3", by)
    assert carrying.still_open(db, "cycle_1") == Carried((), ())
    assert carrying.still_open(db, "cycle_3") == Carried((left,), (to_do,))
    begun(db, "cycle_2", by)
    assert phases.followed_by(db, "cycle_1") == "cycle_3"
    items.set_state(db, settled, "reopened", "It broke again.", by=by)
    assert carrying.still_open(db, "cycle_3").items == (left, settled)
    assert carrying.still_open(db, "cycle_2") == Carried((), ())
    assert carrying.went_out(db, "cycle_1") == carrying.came_in(db, "cycle_1", "cycle_3")


def test_promise_14_a_loss_on_the_way_stops_the_close_and_changes_nothing(
    db: PrivateDatabase, by: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    kept = item(db, "cycle_1", by=by)
    monkeypatch.setattr(carrying, "came_in", lambda *_: Carried((), ()))
    with pytest.raises(StorageError, match="did not all arrive"):
        close(db, "cycle_1", "cycle_2", by)
    assert phases.must_run(db, "cycle_1").phase == "reflect"
    assert carrying.still_open(db, "cycle_1") == Carried((kept,), ())
    assert not db.value("select 1 from item_states where carried")


def test_promise_14_several_who_close_at_once_hand_on_once(
    inquiry: Inquiry, db: PrivateDatabase, by: Person
) -> None:
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    kept = item(db, "cycle_1", by=by)

    def closing(_: int) -> str:
        with open_database(inquiry.folder) as own:
            try:
                return close(own, "cycle_1", "cycle_2", by).phase
            except Refused as refused:
                return refused.reason

    with ThreadPoolExecutor(4) as threads:
        ended = sorted(threads.map(closing, range(4)))
    assert ended == ["closed", "cycle_closed", "cycle_closed", "cycle_closed"]
    assert db.value("select count(*) from item_states where carried") == 1
    assert carrying.came_in(db, "cycle_1", "cycle_2").items == (kept,)


def test_promise_14_a_row_lost_later_past_every_door_shows(db: PrivateDatabase, by: Person) -> None:
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    item(db, "cycle_1", by=by)
    close(db, "cycle_1", "cycle_2", by)
    db.change("delete from item_states where carried")
    assert carrying.came_in(db, "cycle_1", "cycle_2") != carrying.went_out(db, "cycle_1")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.sampled_from(ITEM_STATES), min_size=1, max_size=4), max_size=8),
    st.booleans(),
)
def test_promise_14_holds_for_any_histories(
    inquiry: Inquiry, histories: list[list[str]], stops: bool
) -> None:
    with open_database(inquiry.folder) as db:
        by = someone(db)
        number = int(db.value("select count(*) from phases where phase = 'closed'"))
        source, target = f"made_up_{number}", f"made_up_{number + 1}"
        left = carrying.still_open(db, f"made_up_{number - 1}").items  # where that one stopped
        before = {*left, *carrying.still_open(db, source).items}
        begun(db, source, by)
        assert set(carrying.still_open(db, source).items) == before
        to_reflect(db, source, by)
        told = {item(db, source, *states, by=by): states[-1] for states in histories}
        close(db, source, None if stops else target, by)
        still = before | {one for one, state in told.items() if state in carrying.OPEN_ITEMS}
        assert set(carrying.went_out(db, source).items) == still
        assert set(carrying.still_open(db, source if stops else target).items) == still
        if not stops:
            assert set(carrying.came_in(db, source, target).items) == still
