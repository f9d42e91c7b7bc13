"""A meeting of small groups for the tests of publishing, through the doors of storage."""

from __future__ import annotations

from collections.abc import Mapping

from par_toolkit.storage.sensemaking import (
    actions,
    agenda_items,
    agendas,
    alternatives,
    answers,
    circles,
    items,
    joint,
    outcomes,
    phases,
    positions,
    sending,
    statements,
    turns,
    views,
)
from par_toolkit.storage.sensemaking.circles import Circle
from par_toolkit.storage.sensemaking.outcomes import Planned
from par_toolkit.storage.sensemaking.seats import Seat
from tests.publishing.inquiries import Place
from tests.storage.sensemaking import tables, wholes

POSITIONS = {"+": "agree", "-": "disagree", "?": "unsure"}
#: A meeting of two groups that are large enough to be shown, where a test asks for no other.
TWO = {"residents": 6, "carers": 6}


class Meeting:
    """Circles of a cycle, each with seats; `people` says how many of each group come."""

    def __init__(self, place: Place, people: Mapping[str, int], *, cycle: str = "cycle_1") -> None:
        self.place, self.db, self.cycle = place, place.db, cycle
        self.mara = tables.person(self.db)
        with self.db.writing():  # one write to disk instead of hundreds
            tables.begin_cycle(self.db, cycle)
            self.circles: dict[str, Circle] = {}
            self.seats: dict[str, list[Seat]] = {}
            for group, number in people.items():
                topic = f"Topic of {group}"
                self.circles[group] = circles.open(
                    self.db, group=group, cycle=cycle, topic=topic, by=self.mara
                )
                self.seats[group] = [
                    tables.seat(self.db, self.circles[group], f"I, {group} {n}, see it so.")
                    for n in range(number)
                ]

    def put(
        self,
        words: str,
        given: Mapping[str, str],
        *,
        reasons: Mapping[str, str] | None = None,
        item: int | None = None,
        release: bool = True,
    ) -> int:
        """Put a statement to groups: `given` is '++-?' by group, one mark a person; close it.

        `reasons` are those of the first person of a group with each mark: {'carers-': 'why'}.
        """
        why = dict(reasons or {})
        with self.db.writing():
            made = statements.put(
                self.db, self.cycle, words, groups=list(given), item=item, by=self.mara
            )
            for group, marks in given.items():
                for seat, mark in zip(self.seats[group], marks, strict=False):
                    positions.give(
                        self.db, made.id, POSITIONS[mark], why.pop(f"{group}{mark}", ""),
                        seat=seat, by=seat,
                    )  # fmt: skip
            statements.close(self.db, made.id, by=self.mara)
        assert not why
        if release:
            self.release("statement", made.id)
        return made.id

    def reason(self, statement: int, words: str) -> int:
        """Return the id of a reason."""
        found = self.db.value(
            "select id from positions where statement = :statement and reason = :words",
            {"statement": statement, "words": words},
        )
        assert found is not None
        return int(found)

    def write(self, group: str, words: str, said: str = "+", *, release: bool = True) -> int:
        """Write what a circle says together; `said` is '+' for 'this is ours', '-' for no."""
        with self.db.writing():
            made = joint.write(self.db, self.circles[group].id, words, by=self.mara)
            for seat, mark in zip(self.seats[group], said, strict=False):
                answer, why = ("assent", "") if mark == "+" else ("dissent", "Not mine.")
                answers.give(self.db, made.id, answer, why, seat=seat, by=seat)
        if release:
            self.release("construction", made.id)
        return made.id

    def stand_alone(self, group: str, name: str, *, release: bool = True) -> int:
        """Have the last person of a group let their own words stand beside the group's."""
        seat = self.seats[group][-1]
        made = alternatives.name(self.db, name, seat=seat, by=seat)
        if release:
            self.release("alternative", made)
        return made

    def close(self) -> None:
        """End every circle."""
        with self.db.writing():
            for circle in self.circles.values():
                circles.close(self.db, circle.id, by=self.mara)

    def item(self, words: str, *, group: str = "residents", release: bool = True) -> int:
        """Write a concern down."""
        made = items.add(
            self.db, kind="concern", words=words, group=group, cycle=self.cycle,
            source="meeting", by=self.mara,
        )  # fmt: skip
        if release:
            self.release("item", made)
        return made

    def negotiate(
        self, item: int, held: Mapping[str, str], outcome: str, *, action: str = ""
    ) -> int:
        """Hold a session on one item: `held` is the view of each group; return the outcome."""
        db, mara = self.db, self.mara
        with db.writing():
            agenda = agendas.add(db, self.cycle, f"On item {item}", by=mara).id
            agenda_items.add(db, agenda, item, groups=tuple(held), by=mara)
            agendas.set_method(db, agenda, "As it came.")
            for group, words in held.items():
                seat = self.seats[group][0]
                view = views.write(db, agenda, item, group, words, after=None, by=seat)
                views.confirm(db, view.id, states_it=True, by=seat)
            sending.send(db, agenda, by=mara)
            turns.begin(db, agenda, by=mara)
            for seen, (group, words) in enumerate(held.items()):
                seat = self.seats[group][0]
                turns.take(db, agenda, item, group, words, seen=seen, by=seat)
            follows = {"planned": [Planned(action, "Made-up council", "2026-05-17")]}
            made = outcomes.decide(
                db, agenda, item, outcome, f"So it ended: {outcome}.", by=mara,
                **(follows if action else {"no_action": "Nothing for now."}),
            )  # fmt: skip
            outcomes.end(db, agenda, by=mara)
        return made.id

    def done(self, item: int, words: str) -> int:
        """Say that the first action of an item is done, and return it."""
        (action, *_) = actions.of_item(self.db, item)
        actions.set_state(self.db, action.id, "done", words=words, after=action.step, by=self.mara)
        return action.id

    def release(self, kind: str, reference: int) -> None:
        """Have two people say yes to words."""
        wholes.release(self.db, kind, reference)

    def release_all(self) -> None:
        """Have two people say yes to all that was said in the cycle."""
        self.release_all_of(self.place, self.cycle)

    @staticmethod
    def release_all_of(place: Place, cycle: str) -> None:
        """Have two people say yes to all that stands in a cycle."""
        wholes.release_all(place.db, cycle)

    def end_cycle(self, next_cycle: str | None) -> None:
        """Close the cycle with a reflection."""
        for phase in phases.PHASES[1:]:
            phases.move(self.db, self.cycle, phase, by=self.mara)
        phases.close(
            self.db, self.cycle, reflection="We listened more than we acted.",
            next_words="Act sooner.", next_cycle=next_cycle, by=self.mara,
        )  # fmt: skip


def words(place: Place, table: str, column: str = "words") -> list[str]:
    """List what the live build holds in one column."""
    return sorted(row[column] for row in place.rows(f"select {column} from {table}"))
