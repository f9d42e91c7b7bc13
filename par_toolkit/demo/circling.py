"""Hold the circles of the demo: own constructions first, then the group's, then its items."""

from __future__ import annotations

from par_toolkit.demo.making import Making
from par_toolkit.demo.meetings import DemoCircle, DemoMeetings, DemoNote
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.sensemaking import (
    able_to_act,
    alone,
    alternatives,
    answers,
    cards,
    circles,
    items,
    joint,
    own,
    passages,
    remarks,
    rounds,
    routine,
    seats,
)
from par_toolkit.storage.themes import listing as all_themes


def sit_down(making: Making, one: DemoCircle, cycle: str) -> None:
    """Open a circle, let its people come in and say first how they see it themselves."""
    db, facilitator = making.db, making.somebody("facilitator")
    circle = circles.open(db, group=one.group, cycle=cycle, topic=one.topic, by=facilitator)
    making.circles[one.key] = circle.id
    for person in one.people:
        by = facilitator if person.paper else None
        seat, _code = seats.join(db, circle.id, called=person.called, paper=person.paper, by=by)
        making.seats[person.key] = seat
        own.save(db, seat, person.own, by=making.voice(person.key))
    if one.card:
        cards.write(db, circle.id, one.card, by=making.somebody("evaluator"))


def write_together(making: Making, one: DemoCircle) -> None:
    """Write the versions of a circle, with what its people say to them."""
    db, circle = making.db, making.circles[one.key]
    for version in one.versions:
        follows = [making.versions[key] for key in version.follows]
        by = making.voice(version.by)
        made = joint.write(db, circle, version.words, follows=follows, by=by)
        making.versions[version.key] = made.id
    for said in one.remarks:
        seat = making.seats[said.by]
        remarks.add(
            db, making.versions[said.version], said.words, seat=seat, by=making.voice(said.by)
        )
    for beside in one.alternatives:
        seat = making.seats[beside.by]
        alternatives.name(db, beside.name, seat=seat, by=making.voice(beside.by))
    for given in one.answers:
        for key in given.assent:
            _answer(making, given.version, key, "assent", "")
        for other in given.others:
            _answer(making, given.version, other["by"], other["answer"], other["words"])


def _answer(making: Making, version: str, key: str, answer: str, words: str) -> None:
    answers.give(
        making.db,
        making.versions[version],
        answer,
        words,
        seat=making.seats[key],
        by=making.voice(key),
    )


def collect(making: Making, one: DemoCircle) -> None:
    """Collect claims, concerns and issues by the equal-voice routine, where people wrote some."""
    if not any(person.notes for person in one.people):
        return
    db, circle = making.db, making.circles[one.key]
    present = None
    while step := rounds.following(present):
        present = routine.move(db, circle, seen=present, by=making.somebody("facilitator"))
        if step.stage == "write":
            _write_alone(making, one, step.kind)
        elif step.stage == "share":
            _go_round(making, one, step.kind)


def _write_alone(making: Making, one: DemoCircle, kind: str) -> None:
    for person in one.people:
        seat, by = making.seats[person.key], making.voice(person.key)
        for note in person.notes:
            if note.kind == kind:
                alone.write(making.db, seat, note.words, by=by)
        alone.nothing(making.db, seat, by=by)


def _go_round(making: Making, one: DemoCircle, kind: str) -> None:
    """Take one from each in turn; whoever finds theirs was said puts it aside as a repeat."""
    db = making.db
    by_words = {note.words: note for person in one.people for note in person.notes}
    by_seat = {making.seats[person.key].id: person.key for person in one.people}
    while seat := alone.turn(db, making.circles[one.key], kind):
        kept = next(note for note in alone.of_seat(db, seat.id, kind) if note.state == "kept")
        note: DemoNote = by_words[kept.words]
        by = making.voice(by_seat[seat.id])
        if note.repeats:
            repeated = making.items[note.repeats]
            alone.discard(db, kept.id, seat=seat, repeat_of=repeated, by=by)
        else:
            making.items[note.key] = alone.give(db, kept.id, seat=seat, by=by)


def look_back(making: Making, one: DemoCircle) -> None:
    """Let people say at the end how they see it now, and whether they were able to act."""
    for person in one.people:
        seat, by = making.seats[person.key], making.voice(person.key)
        if person.end:
            own.save(making.db, seat, person.end, moment="end", by=by)
        if person.able:
            able_to_act.give(making.db, person.able, person.able_words, seat=seat, by=by)


def write_down(making: Making, told: DemoMeetings) -> None:
    """Write items down from stories, and name the stories that say the same as an item."""
    db, facilitator = making.db, making.somebody("facilitator")
    names = {theme.key: theme.name for theme in making.content.themes}
    ids = {theme.title: theme.id for theme in all_themes(db)}
    for one in told.items:
        making.items[one.key] = items.add(
            db,
            kind=one.kind,
            words=one.words,
            group=one.group,
            cycle=told.cycle,
            source="stories",
            theme=ids[names[one.theme]],
            by=facilitator,
        )
    from_stories = [(one.key, passage) for one in told.items for passage in one.passages]
    for item, passage in [*from_stories, *((one.item, one) for one in told.passages)]:
        start = making.telling(passage.story).index(passage.text)
        place = Passage(making.ids[passage.story], "telling", start, start + len(passage.text))
        passages.add(db, making.items[item], place, by=facilitator)
    for item, why in told.settled.items():
        items.set_state(db, making.items[item], "resolved", why, by=facilitator)
