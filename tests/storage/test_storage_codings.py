"""Codes on passages: append-only, undone exactly, and nothing lost when two people work at once."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from par_toolkit.inquiry import create
from par_toolkit.storage import (
    audit,
    codebook,
    codings,
    consents,
    examples,
    people,
    readings,
    withdrawals,
)
from par_toolkit.storage.codebook import Words
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.stories import Kept, Told, keep

TELLING = "The bus was late. The nurse was kind. I went home again."


def person(db: PrivateDatabase, name: str, role: str = "facilitator") -> Person:
    people.add(db, name, role)
    found = people.by_name(db, name)
    assert found is not None
    return found


@pytest.fixture
def ama(db: PrivateDatabase) -> Person:
    return person(db, "Ama Example")


@pytest.fixture
def ben(db: PrivateDatabase) -> Person:
    return person(db, "Ben Example", "evaluator")


@pytest.fixture
def bus(db: PrivateDatabase) -> int:
    return codebook.add(db, Words("Buses"), by=None).id


@pytest.fixture
def nurse(db: PrivateDatabase) -> int:
    return codebook.add(db, Words("Nurses"), by=None).id


@pytest.fixture
def passage(tell: Callable[..., Kept]) -> Passage:
    story = tell(TELLING).story_id
    assert story is not None
    return Passage(story, "telling", 0, 17)


def held(db: PrivateDatabase, story: int) -> set[tuple[int, int, bool]]:
    return {(one.passage.start, one.code, one.yes) for one in codings.of_story(db, story)}


def test_who_said_yes_is_named_until_somebody_says_no(
    db: PrivateDatabase, passage: Passage, bus: int, ama: Person, ben: Person
) -> None:
    codings.say(db, passage, bus, yes=True, by=ama, source="suggestion")
    codings.say(db, passage, bus, yes=True, by=ben)
    (one,) = codings.of_story(db, passage.story)
    assert one.by == (("Ama Example", "facilitator"), ("Ben Example", "evaluator"))
    assert one.source == "suggestion"
    assert codings.say(db, passage, bus, yes=True, by=ben) is None  # a second touch is no new yes
    codings.say(db, passage, bus, yes=False, by=ben)
    (one,) = codings.of_story(db, passage.story)
    assert (one.yes, one.by) == (False, (("Ben Example", "evaluator"),))


def test_move_is_one_act_and_is_undone_as_one(
    db: PrivateDatabase, passage: Passage, bus: int, nurse: int, ama: Person
) -> None:
    codings.say(db, passage, bus, yes=True, by=ama)
    codings.move(db, passage, bus, into=nurse, by=ama)
    assert held(db, passage.story) == {(0, bus, False), (0, nurse, True)}
    last = codings.last_act(db, passage.story, by=ama)
    assert last is not None and (last.kind, last.code) == ("move", nurse)
    codings.undo(db, passage.story, by=ama, act=last.act)
    assert held(db, passage.story) == {(0, bus, True)}
    with pytest.raises(Refused, match="nothing left"):
        codings.undo(db, passage.story, by=ama, act=last.act)


def test_nobody_undoes_what_another_has_decided_since(
    db: PrivateDatabase, passage: Passage, bus: int, ama: Person, ben: Person
) -> None:
    codings.say(db, passage, bus, yes=True, by=ama)
    codings.say(db, passage, bus, yes=False, by=ben)
    with pytest.raises(Refused, match="Somebody else"):
        codings.undo(db, passage.story, by=ama)
    codings.undo(db, passage.story, by=ben)
    codings.undo(db, passage.story, by=ama)
    assert held(db, passage.story) == set()


@pytest.mark.parametrize("case", ["gone", "no_consent", "no_passage", "no_code", "code_gone"])
def test_what_cannot_be_said_is_refused(
    db: PrivateDatabase, passage: Passage, bus: int, nurse: int, ama: Person, case: str
) -> None:
    where = {
        "gone": Passage(999, "telling", 0, 3),
        "no_passage": Passage(passage.story, "telling", 50, 5_000),
    }.get(case, passage)
    if case == "no_consent":
        consents.change(db, passage.story, {"analyse": False}, wording=1, source="mine")
    if case == "no_code":
        codebook.retire(db, bus, by=ama)
    with pytest.raises(Refused) as refused:
        if case == "code_gone":
            codings.move(db, where, bus, into=nurse, by=ama)
        else:
            codings.say(db, where, bus, yes=True, by=ama)
    assert refused.value.reason == case


def test_a_merged_code_counts_as_the_other_and_nothing_said_is_rewritten(
    db: PrivateDatabase, passage: Passage, bus: int, nurse: int, ama: Person
) -> None:
    third = codebook.add(db, Words("Third"), by=None, parent=bus).id
    codings.say(db, passage, bus, yes=True, by=ama)
    examples.add(db, bus, passage, by=ama)
    before = db.rows("select * from codings")
    codebook.merge(db, bus, into=third, by=ama)
    codebook.merge(db, third, into=nurse, by=ama)
    assert held(db, passage.story) == {(0, nurse, True)}
    assert [one.code for one in examples.listing(db)] == [nurse]
    assert db.rows("select * from codings") == before
    codings.undo(db, passage.story, by=ama)
    assert held(db, passage.story) == set()


def test_what_was_said_cannot_be_changed_behind_peoples_backs(
    db: PrivateDatabase, passage: Passage, bus: int, ama: Person
) -> None:
    codings.say(db, passage, bus, yes=True, by=ama)
    readings.finish(db, passage.story, by=ama)
    for table, column in (("codings", "yes"), ("readings", "done")):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.change(f"update {table} set {column} = 0")


def _everything_said(db: PrivateDatabase, passage: Passage, code: int, by: Person) -> None:
    codings.say(db, passage, code, yes=True, by=by)
    codings.say(db, passage, code, yes=False, by=by)
    codings.undo(db, passage.story, by=by)
    examples.add(db, code, passage, by=by)
    readings.finish(db, passage.story, by=by)


TABLES = ("codings", "coding_undos", "code_examples", "readings")


def test_promise_06_withdrawal_takes_codings_examples_and_readings_with_it(
    db: PrivateDatabase, passage: Passage, bus: int, ama: Person
) -> None:
    _everything_said(db, passage, bus, ama)
    assert all(db.value(f"select count(*) from {table}") for table in TABLES)
    withdrawals.withdraw_story(db, passage.story)
    assert [db.value(f"select count(*) from {table}") for table in TABLES] == [0, 0, 0, 0]
    assert "was late" not in "".join(db.conn.iterdump())
    assert audit.verify(db).whole


def test_promise_05_taking_consent_to_analyse_back_takes_them_too(
    db: PrivateDatabase, passage: Passage, bus: int, ama: Person
) -> None:
    _everything_said(db, passage, bus, ama)
    consents.change(db, passage.story, {"analyse": False}, wording=1, source="mine")
    assert [db.value(f"select count(*) from {table}") for table in TABLES] == [0, 0, 0, 0]
    assert not codings.everywhere(db) and not examples.listing(db) and not readings.listing(db)
    for act in (readings.finish, readings.open_again):
        with pytest.raises(Refused, match="not agreed"):
            act(db, passage.story, by=ama)


def test_a_story_is_read_until_it_is_opened_again(
    db: PrivateDatabase, passage: Passage, ama: Person, ben: Person
) -> None:
    readings.finish(db, passage.story, by=ama)
    readings.finish(db, passage.story, by=ben)  # it is read already
    assert readings.listing(db)[passage.story].person == "Ama Example"
    readings.open_again(db, passage.story, by=ben)
    assert readings.listing(db) == {}
    assert db.value("select count(*) from readings") == 2


def test_two_people_who_touch_at_the_same_moment_lose_nothing(
    db: PrivateDatabase, passage: Passage, bus: int, nurse: int, ama: Person, ben: Person
) -> None:
    spans = [(start, start + 3) for start in range(0, 40, 4)]

    def work(by: Person, code: int) -> None:
        with open_database(db.folder) as own:
            for start, end in spans:
                codings.say(
                    own, Passage(passage.story, "telling", start, end), code, yes=True, by=by
                )

    threads = [threading.Thread(target=work, args=pair) for pair in ((ama, bus), (ben, nurse))]
    threads += [threading.Thread(target=work, args=pair) for pair in ((ama, nurse), (ben, bus))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = codings.of_story(db, passage.story)
    assert len(found) == 2 * len(spans)
    assert all({name for name, _ in one.by} == {"Ama Example", "Ben Example"} for one in found)
    assert db.value("select count(distinct act) from codings") == 4 * len(spans)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["yes", "no", "move", "undo"]),
        st.integers(0, 1),  # who
        st.integers(0, 1),  # passage
        st.integers(0, 2),  # code
    ),
    max_size=25,
)


@settings(max_examples=40)
@given(STEPS)
def test_any_mix_of_acts_and_undoings_holds_what_a_list_of_acts_says(
    steps: list[tuple[str, int, int, int]],
) -> None:
    """The model is a list of acts: an undoing strikes one out, the last for each place holds."""
    with TemporaryDirectory() as folder:
        here = create(Path(folder) / "inquiry", name="Made-up", locality="Exampleton")
        with open_database(here.folder, create=True) as db:
            _follow(db, steps)


def _follow(db: PrivateDatabase, steps: list[tuple[str, int, int, int]]) -> None:
    told = Told(
        uuid="0b9fd1c2-5a6e-4f7b-8c1d-2e3f4a5b6c7d", form="story", form_version=1, language="en",
        answers={"telling": TELLING}, words=("telling",), wording=1, source="web",
        consent={"analyse": True},
    )  # fmt: skip
    story = keep(db, told).story_id
    assert story is not None
    who = [person(db, "Ama Example"), person(db, "Ben Example")]
    codes = [codebook.add(db, Words(f"Code {number}"), by=None).id for number in range(3)]
    places = [Passage(story, "telling", 0, 17), Passage(story, "telling", 18, 37)]
    acts: list[tuple[int, list[tuple[int, int, bool]]]] = []

    def holds() -> dict[tuple[int, int], tuple[bool, int]]:
        return {(p, c): (yes, by) for by, rows in acts for p, c, yes in rows}

    for kind, by, place, code in steps:
        rows = db.value("select count(*) from codings") + db.value(
            "select count(*) from coding_undos"
        )
        start, now = places[place].start, holds()
        if kind in ("yes", "no"):
            codings.say(db, places[place], codes[code], yes=kind == "yes", by=who[by])
            if now.get((start, codes[code])) != (kind == "yes", by):
                acts.append((by, [(start, codes[code], kind == "yes")]))
        elif kind == "move":
            into = codes[(code + 1) % 3]
            if now.get((start, codes[code]), (False, 0))[0]:
                codings.move(db, places[place], codes[code], into=into, by=who[by])
                acts.append((by, [(start, codes[code], False), (start, into, True)]))
            else:
                with pytest.raises(Refused):
                    codings.move(db, places[place], codes[code], into=into, by=who[by])
        else:
            mine = next((n for n in range(len(acts) - 1, -1, -1) if acts[n][0] == by), None)
            keys = {(p, c) for p, c, _ in acts[mine][1]} if mine is not None else set()
            later = {(p, c) for _, rows in acts[(mine or 0) + 1 :] for p, c, _ in rows}
            if mine is None or keys & later:
                with pytest.raises(Refused):
                    codings.undo(db, story, by=who[by])
            else:
                codings.undo(db, story, by=who[by])
                del acts[mine]
        after = db.value("select count(*) from codings") + db.value(
            "select count(*) from coding_undos"
        )
        assert after >= rows  # nothing is ever taken away
        found = {(p, c, yes) for (p, c), (yes, _) in holds().items()}
        assert held(db, story) == found
