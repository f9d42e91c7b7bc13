"""The machine in memory: it learns at once, steps aside while it reads, and forgets when asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from analysis import suggestions
from par_toolkit.coding import machine
from par_toolkit.coding.machine import Machine
from par_toolkit.storage import codebook, codings, examples, people, readings, withdrawals
from par_toolkit.storage.codebook import Words
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.storage.stories import Kept

Tell = Callable[..., Kept]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine be waited for, however busy this computer is."""
    monkeypatch.setattr(machine, "SECONDS", 120.0)


@pytest.fixture
def ama(db: PrivateDatabase) -> Person:
    people.add(db, "Ama Example", "facilitator")
    found = people.by_name(db, "Ama Example")
    assert found is not None
    return found


def test_without_codes_or_stories_it_says_so(db: PrivateDatabase, tell: Tell) -> None:
    reader = Machine(db.folder)
    assert reader.state(db) == "no_codes"
    codebook.add(db, Words("Buses"), by=None)
    assert reader.state(db) == "no_stories"
    tell("The bus was late.", consent={"analyse": False})
    assert reader.state(db) == "no_stories"
    assert reader.hints(db, 1) == [] and reader.quality(db) is None
    assert reader.least_sure(db, seed=0) is None and reader.why(db, 1, 1) == ()


def test_a_yes_is_learnt_at_once_and_undone_at_once(
    db: PrivateDatabase, tell: Tell, ama: Person
) -> None:
    code = codebook.add(db, Words("Zorp"), by=None).id
    stories = [tell(f"The glimmerfish sang at dawn, day {day}.").story_id for day in range(4)]
    reader = Machine(db.folder)

    def score(story: int | None) -> float:
        reader.state(db)
        assert reader._model is not None and story is not None
        return float(reader._model.suggester._scores[reader._model.place[story]][0])

    before = score(stories[3])
    for story in stories[:3]:
        assert story is not None
        codings.say(db, Passage(story, "telling", 0, 30), code, yes=True, by=ama)
    taught = score(stories[3])
    assert taught > before
    for story in stories[:3]:
        assert story is not None
        codings.undo(db, story, by=ama)
    assert score(stories[3]) == before


def test_a_story_read_to_the_end_teaches_what_it_has_not(
    db: PrivateDatabase, tell: Tell, ama: Person
) -> None:
    codebook.add(db, Words("Buses", "The bus was late"), by=None)
    story = tell("I like volcanoes.").story_id
    assert story is not None
    reader = Machine(db.folder)
    reader.state(db)
    assert reader._model is not None and reader._model.suggester._readings == {}
    readings.finish(db, story, by=ama)
    reader.state(db)
    assert reader._model.suggester._readings == {0: frozenset()}


def test_every_answer_of_a_story_is_read_and_each_suggestion_says_in_which(
    db: PrivateDatabase, tell: Tell
) -> None:
    bus = codebook.add(db, Words("Buses", "The bus was late"), by=None).id
    nurse = codebook.add(db, Words("Nurses", "The nurse was kind"), by=None).id
    answers = {"kind": "both", "changed": "The nurse was kind.", "next": "More. The bus was late."}
    story = tell("I like volcanoes.", answers=answers).story_id
    assert story is not None
    found = {
        (one.code, one.question, one.start, one.end) for one in Machine(db.folder).hints(db, story)
    }
    assert {(nurse, "changed", 0, 19), (bus, "next", 6, 23)} <= found


def test_a_story_it_has_not_read_is_not_passed_off_as_one_without_suggestions(
    db: PrivateDatabase, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    codebook.add(db, Words("Buses", "The bus was late"), by=None)
    tell("The tram was early.")
    first = tell("I like volcanoes.").story_id
    reader = Machine(db.folder)
    assert reader.state(db) == "ready"
    monkeypatch.setattr(machine, "SECONDS", 0.0)
    held = threading.Event()
    real = suggestions.Suggester

    def slow(*given: Any, **more: Any) -> suggestions.Suggester:
        held.wait(60)
        return real(*given, **more)

    monkeypatch.setattr(suggestions, "Suggester", slow)
    second = tell("The bus was late again.").story_id
    assert first is not None and second is not None
    assert reader.state(db, story=second) == "reading" and reader.hints(db, second) == []
    assert reader.state(db, story=first) == "ready"
    held.set()
    reader.wait()
    assert reader.state(db, story=second) == "ready" and reader.hints(db, second)


def test_a_story_that_holds_an_example_is_not_judged(
    db: PrivateDatabase, tell: Tell, ama: Person
) -> None:
    """The codebook gives its answer away, so it would flatter the machine."""
    code = codebook.add(db, Words("Buses", "The bus was late"), by=None).id
    for number in range(24):
        story = tell(f"The bus was late again, day {number}.").story_id
        assert story is not None
        codings.say(db, Passage(story, "telling", 0, 17), code, yes=True, by=ama)
        if number % 8 == 0:
            examples.add(db, code, Passage(story, "telling", 0, 17), by=ama)
        readings.finish(db, story, by=ama)
    quality = Machine(db.folder).quality(db)
    assert quality is not None and quality.readings == 21


def test_while_it_reads_people_go_on_without_it(
    db: PrivateDatabase, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "SECONDS", 0.0)
    held = threading.Event()
    real = suggestions.Suggester

    def slow(*given: Any, **more: Any) -> suggestions.Suggester:
        held.wait(60)
        return real(*given, **more)

    monkeypatch.setattr(suggestions, "Suggester", slow)
    codebook.add(db, Words("Buses", "The bus was late"), by=None)
    tell("The bus was late.")
    reader = Machine(db.folder)
    assert reader.state(db) == "reading" and reader.hints(db, 1) == []
    held.set()
    reader.wait()
    assert reader.state(db) == "ready" and reader.hints(db, 1)


def test_a_story_withdrawn_while_it_is_read_is_in_no_model_and_no_file(
    db: PrivateDatabase, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 6."""
    monkeypatch.setattr(machine, "SECONDS", 0.0)
    held = threading.Event()
    real = suggestions.Suggester

    def slow(*given: Any, **more: Any) -> suggestions.Suggester:
        made = real(*given, **more)
        held.wait(60)
        return made

    monkeypatch.setattr(suggestions, "Suggester", slow)
    codebook.add(db, Words("Buses", "The bus was late"), by=None)
    tell("The tram was late.")
    story = tell("The bus was late.").story_id
    assert story is not None
    reader = Machine(db.folder)
    assert reader.state(db) == "reading"
    withdrawals.withdraw_story(db, story)
    held.set()
    reader.wait()
    assert reader._model is None
    assert not list(db.folder.glob("*passages.npz*"))
    monkeypatch.setattr(machine, "SECONDS", 120.0)
    assert reader.state(db) == "ready"
    assert reader._model is not None and story not in reader._model.place


def test_what_stops_it_is_said_and_not_tried_again_and_again(
    db: PrivateDatabase, tell: Tell, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    calls = []

    def broken(*_given: Any, **_more: Any) -> None:
        calls.append(1)
        raise RuntimeError("The bus was late.")

    monkeypatch.setattr(suggestions, "Suggester", broken)
    codebook.add(db, Words("Buses"), by=None)
    tell("The bus was late.")
    reader = Machine(db.folder)
    assert [reader.state(db) for _ in range(3)] == ["failed"] * 3 and len(calls) == 1
    assert "RuntimeError" in caplog.text and "late" not in caplog.text
    monkeypatch.undo()
    assert reader.state(db) == "failed", "not before some time has passed"
    monkeypatch.setattr(machine, "SECONDS", 120.0)
    monkeypatch.setattr(machine, "AGAIN_AFTER", 0.0)
    assert reader.state(db) == "ready"
