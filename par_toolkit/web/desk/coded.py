"""All that the screen for codes needs to know of a story: its passages, codes and suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from flask import Flask

from par_toolkit.coding import order
from par_toolkit.coding.machine import Hint, Machine
from par_toolkit.storage import codebook, codings, readings, redactions, reviewed, stories
from par_toolkit.storage.codebook import Code
from par_toolkit.storage.codings import Act, Coding
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.storage.readings import Answers, Reading, Round
from par_toolkit.web.asked import names_of
from par_toolkit.web.current import inquiry
from par_toolkit.web.handling.answers import fingerprint
from par_toolkit.web.languages import chosen

if TYPE_CHECKING:
    from analysis.judging import Quality

PLACE: Final = "par_coding"


def machine_of(app: Flask) -> Machine:
    """Return the machine that suggests codes, one for each `app`."""
    return cast(Machine, app.extensions.setdefault(PLACE, Machine(inquiry().folder)))


@dataclass(frozen=True)
class Row:
    """One passage: where it stands, how it reads after redaction, and what holds for it."""

    number: int
    question: str
    start: int
    end: int
    reads: str
    given: list[Coding] = field(default_factory=list)
    refused: list[Coding] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)

    @property
    def at(self) -> str:
        """Name the passage in an address: QUESTION-START."""
        return f"{self.question}-{self.start}"

    @property
    def place(self) -> str:
        """Name it on a button: QUESTION-START-END."""
        return f"{self.at}-{self.end}"


@dataclass(frozen=True)
class Asked:
    """One free answer: the question as it was asked, and the passages of the answer."""

    question: str
    asked: str
    rows: list[Row]


@dataclass(frozen=True)
class Screen:
    """A story for coding. `names` gives the name of every code; `tree` has those in use.

    `undo` is what the person at hand could undo; `seen` changes with what people say of the story,
    and not with what the machine suggests: a page that others look at holds still for that.
    """

    story: int
    language: str
    answers: list[Asked]
    names: dict[int, str]
    tree: list[tuple[int, Code]]
    undo: Act | None
    reading: Reading | None
    seen: str

    @property
    def rows(self) -> list[Row]:
        return [row for answer in self.answers for row in answer.rows]


@dataclass(frozen=True)
class Progress:
    """How far a round has come; `ordered` has every story, `unsorted` says the machine was away."""

    round: Round
    ordered: list[int]
    read: dict[int, Reading]
    begun: set[int]
    unsorted: bool

    @property
    def next(self) -> int | None:
        return self.after(None)

    def after(self, story: int | None) -> int | None:
        """Return the story to read after this one; None where every story has been read."""
        if self.round.sort == "least_sure":
            others = [one for one in self.ordered if one != story]
            found = order.next_after(others, self.read)
        else:
            found = order.next_after(self.ordered, self.read, story)
        unread_here = story is not None and story not in self.read
        return story if found is None and unread_here else found


def progress(db: PrivateDatabase, machine: Machine) -> Progress:
    """Return every story that may be analysed, in the order of the round, and which were read."""
    here = [one.story for one in readings.answers(db)]
    now, read = readings.current_round(db), readings.listing(db)
    begun = {one.passage.story for one in codings.everywhere(db)} - set(read)
    ordered = order.at_random(here, seed=now.seed)
    unsure = machine.least_sure(db, seed=now.seed) if now.sort == "least_sure" else None
    if unsure is not None:
        ordered = list(
            dict.fromkeys(
                [
                    *(one for one in ordered if one in begun),
                    *(one for one in unsure if one not in read),
                    *ordered,
                ]
            )
        )
    return Progress(
        now,
        ordered,
        {story: one for story, one in read.items() if story in set(here)},
        begun & set(here),
        now.sort == "least_sure" and unsure is None,
    )


def screen(
    db: PrivateDatabase, story_id: int, *, by: Person, hints: Sequence[Hint] = ()
) -> Screen | None:
    """Collect a story for coding; None where it is gone, or may not be analysed today."""
    told = next(iter(readings.answers(db, story=story_id)), None)
    if told is None:
        return None
    answers = _answers(db, told)
    rows = [row for answer in answers for row in answer.rows]
    said = set()
    for one in codings.of_story(db, story_id):
        row = _row_at(rows, one.passage.question, one.passage.start)
        if row is not None:
            (row.given if one.yes else row.refused).append(one)
            said.add((row.place, one.code))
    for hint in hints:
        row = _row_at(rows, hint.question, hint.start)
        if row is not None and (row.place, hint.code) not in said:
            row.hints.append(hint)
    listed = codebook.listing(db)
    names = {one.id: one.name for one in codebook.listing(db, states=("used", "retired"))}
    undo, reading = codings.last_act(db, story_id, by=by), readings.listing(db).get(story_id)
    seen = fingerprint(
        [(row.place, row.reads, repr(row.given), repr(row.refused)) for row in rows],
        [(one.id, one.name) for one in listed],
        repr((undo, reading)),
    )
    tree = codebook.tree(listed)
    return Screen(story_id, told.language, answers, names, tree, undo, reading, seen)


def _answers(db: PrivateDatabase, told: Answers) -> list[Asked]:
    # What finds sentences takes a second to load, and the desk must open without it.
    from analysis import passages

    story = stories.get(db, told.story)
    asked = names_of(inquiry(), story, chosen()) if story else {}
    cuts, number, found = redactions.cuts(db, told.story), 0, []
    for question, text in told.texts:
        rows = []
        for span in passages.split(text, language=told.language, longest=1):
            number += 1
            reads = reviewed.span(text, cuts.get(question, ()), span.start, span.end)
            rows.append(Row(number, question, span.start, span.end, reads))
        if rows:
            found.append(Asked(question, asked.get(question, question), rows))
    return found


def _row_at(rows: list[Row], question: str, start: int) -> Row | None:
    """Return the row that a stretch begins in; sentences may have been cut in another way since."""
    mine = [row for row in rows if row.question == question]
    return next((row for row in reversed(mine) if row.start <= start), next(iter(mine), None))


def advice(quality: Quality | None) -> str:
    """Say whether the suggestions have shown that they are worth it: worth, step_back, too_few."""
    return quality.advice if quality else "too_few"
