"""All that the screen for codes needs to know of a story: its passages, codes and suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from flask import Flask

from par_toolkit.coding import order
from par_toolkit.coding.machine import Hint, Machine
from par_toolkit.storage import codebook, codings, readings, redactions, reviewed, runs
from par_toolkit.storage.codebook import Code
from par_toolkit.storage.codings import Act, Coding, Passage
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.storage.readings import Reading, Round
from par_toolkit.web.current import inquiry
from par_toolkit.web.desk.door import fingerprint

if TYPE_CHECKING:
    from analysis.suggestions import Quality

PLACE: Final = "par_coding"


def machine_of(app: Flask) -> Machine:
    """Return the machine that suggests codes, one for each `app`."""
    return cast(Machine, app.extensions.setdefault(PLACE, Machine(inquiry().folder)))


@dataclass(frozen=True)
class Row:
    """One passage: where it stands, how it reads after redaction, and what holds for it."""

    number: int
    start: int
    end: int
    reads: str
    given: list[Coding] = field(default_factory=list)
    refused: list[Coding] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)


@dataclass(frozen=True)
class Screen:
    """A story for coding. `names` gives the name of every code; `tree` has those in use.

    `undo` is what the person at hand could undo; `seen` changes with anything that is shown.
    """

    story: int
    question: str
    language: str
    rows: list[Row]
    names: dict[int, str]
    tree: list[tuple[int, Code]]
    undo: Act | None
    reading: Reading | None
    seen: str


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
    here = [story for story, *_ in runs.texts(db)]
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
    found = next((one for one in runs.texts(db) if one[0] == story_id), None)
    if found is None:
        return None
    _story, question, text, language = found
    rows = _rows(db, story_id, question, text, language)
    held = [one for one in codings.of_story(db, story_id) if one.passage.question == question]
    for one in held:
        row = _row_at(rows, one.passage.start)
        (row.given if one.yes else row.refused).append(one)
    said = {(_row_at(rows, one.passage.start).number, one.code) for one in held}
    for hint in hints:
        row = _row_at(rows, hint.start)
        if (row.number, hint.code) not in said:
            row.hints.append(hint)
    listed = codebook.listing(db)
    names = {one.id: one.name for one in codebook.listing(db, states=("used", "retired"))}
    undo, reading = codings.last_act(db, story_id, by=by), readings.listing(db).get(story_id)
    seen = fingerprint(
        [(r.reads, *(repr(x) for x in (r.given, r.refused, r.hints))) for r in rows],
        [(one.id, one.name) for one in listed],
        repr((undo, reading)),
    )
    return Screen(
        story_id, question, language, rows, names, codebook.tree(listed), undo, reading, seen
    )


def _rows(db: PrivateDatabase, story_id: int, question: str, text: str, language: str) -> list[Row]:
    # What finds sentences takes a second to load, and the desk must open without it.
    from analysis import passages

    cuts = redactions.cuts(db, story_id).get(question, ())
    return [
        Row(number, span.start, span.end, reviewed.span(text, cuts, span.start, span.end))
        for number, span in enumerate(passages.split(text, language=language, longest=1), start=1)
    ]


def _row_at(rows: list[Row], start: int) -> Row:
    """Return the row that a stretch begins in; sentences may have been cut in another way since."""
    return next((row for row in reversed(rows) if row.start <= start), rows[0])


def passage_of(screen: Screen, start: int, end: int) -> Passage:
    """Return a stretch of the story that is shown."""
    return Passage(screen.story, screen.question, start, end)


def advice(quality: Quality | None) -> str:
    """Say whether the suggestions have shown that they are worth it: worth, step_back, too_few."""
    return quality.advice if quality else "too_few"
