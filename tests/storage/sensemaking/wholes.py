"""A small cycle as a whole: stories in a theme, items from them, two groups, and a negotiation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from par_toolkit.storage import releases, runs, shaping, themes
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import (
    agenda_items,
    agendas,
    items,
    outcomes,
    passages,
    sending,
    turns,
    views,
    word_releases,
)
from par_toolkit.storage.sensemaking.outcomes import Planned
from par_toolkit.storage.sensemaking.seats import Seat
from tests.storage.sensemaking import tables

TELLING = "The bus to the clinic stopped running in May. My sister drives me."
QUOTED = "The bus to the clinic stopped running in May."
NAME = "The way to the clinic"
GROUPS = ("residents", "carers")


def theme_of(db: PrivateDatabase, *told: int, by: Person) -> int:
    """Have a theme proposed with these stories, their first sentence as passage; endorse it."""
    before = {one.id for one in themes.listing(db)}
    runs.record(
        db,
        runs.RunRecord(
            settings={},
            versions={},
            seed=0,
            texts_hash="0" * 64,
            limits=(),
            seconds=0.1,
            texts=[runs.Text(one, "telling", TELLING, "en", "0" * 64) for one in told],
            themes=[
                runs.ProposedTheme(
                    ("bus", "clinic"),
                    [runs.ProposedMember(one, 0.5, "telling", 0, len(QUOTED)) for one in told],
                )
            ],
            shelf=[],
        ),
    )
    (made,) = {one.id for one in themes.listing(db)} - before
    shaping.rename(db, made, NAME, meaning="How people come there.", by=by)
    shaping.endorse(db, made, by=by)
    return made


def release_story(db: PrivateDatabase, story: int) -> None:
    """Have two people release the words of a story."""
    for name, role in (("Made-up Mara", "facilitator"), ("Made-up Sten", "steward")):
        releases.approve(db, story, by=tables.person(db, name, role))


def release(db: PrivateDatabase, kind: str, reference: int) -> None:
    """Have two people release the words of a text as it reads now."""
    found = word_releases.get(db, kind, reference)
    assert found is not None, (kind, reference)
    for name, role in (("Made-up Mara", "facilitator"), ("Made-up Sten", "steward")):
        by = tables.person(db, name, role)
        word_releases.approve(db, kind, reference, seen=found.digest, by=by)


def release_all(db: PrivateDatabase, cycle: str = "cycle_1") -> None:
    """Have two people release all that was said in a cycle."""
    for one in word_releases.of_cycle(db, cycle):
        release(db, one.kind, one.reference)


def item_of(
    db: PrivateDatabase, words: str, *told: int, group: str = "residents", **given: Any
) -> int:
    """Write an item down, made of the first sentence of these stories."""
    mara = tables.person(db)
    added = items.add(
        db,
        kind=given.pop("kind", "concern"),
        words=words,
        group=group,
        cycle="cycle_1",
        source="stories" if told else "meeting",
        by=mara,
        **given,
    )
    for one in told:
        passages.add(db, added, Passage(one, "telling", 0, len(QUOTED)), by=mara)
    return added


class Whole:
    """Two items on one agenda: `settled` ends in full, `disputed` in none, with a view of each."""

    def __init__(self, db: PrivateDatabase, tell: Callable[..., Any]) -> None:
        self.db = db
        tables.begin_cycle(db)
        self.mara = tables.person(db)
        self.sten = tables.person(db, "Made-up Sten", "steward")
        self.story = tell(TELLING, consent={"quote": True}).story_id
        release_story(db, self.story)
        self.theme = theme_of(db, self.story, by=self.sten)
        self.settled = item_of(db, "The timetable cannot be read.", self.story, theme=self.theme)
        self.disputed = item_of(db, "Who pays for a later bus?", self.story, kind="issue")
        self.resident = tables.seat(db, tables.circle(db), "I wait in the rain.")
        self.carer = tables.seat(db, tables.circle(db, group="carers"), "I drive them all.")
        self._negotiate()

    def _negotiate(self) -> None:
        db, mara = self.db, self.mara
        self.agenda = agendas.add(db, "cycle_1", "In May", by=mara).id
        for item in (self.settled, self.disputed):
            agenda_items.add(db, self.agenda, item, groups=GROUPS, by=mara)
        agendas.set_method(db, self.agenda, "As it came.")
        for item in (self.settled, self.disputed):
            for seat, says in ((self.resident, "The council pays."), (self.carer, "All share it.")):
                self._view(item, seat, f"{says} (item {item})")
        sending.send(db, self.agenda, by=mara)
        turns.begin(db, self.agenda, by=mara)
        for item in (self.settled, self.disputed):
            for seen, seat in enumerate((self.resident, self.carer)):
                turns.take(db, self.agenda, item, seat.group, "So we see it.", seen=seen, by=seat)
        plan = [Planned("Print it larger.", "Ana", "2026-05-01")]
        outcomes.decide(
            db, self.agenda, self.settled, "full", "Print it larger.", planned=plan, by=mara
        )
        outcomes.decide(
            db,
            self.agenda,
            self.disputed,
            "none",
            "We do not agree who pays.",
            no_action="The council meets in June first.",
            by=mara,
        )
        outcomes.end(db, self.agenda, by=mara)

    def _view(self, item: int, seat: Seat, words: str) -> None:
        made = views.write(self.db, self.agenda, item, seat.group, words, after=None, by=seat)
        views.confirm(self.db, made.id, states_it=True, by=seat)
