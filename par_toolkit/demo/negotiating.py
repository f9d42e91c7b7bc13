"""Let the groups of the demo speak to one another: statements, priorities, a session."""

from __future__ import annotations

from par_toolkit.demo.making import Making
from par_toolkit.demo.meetings import DemoAgenda, DemoEntry, DemoHeard, DemoMeetings, DemoStatement
from par_toolkit.storage.sensemaking import (
    actions,
    agenda_items,
    agendas,
    glossary,
    heard_from_others,
    information,
    outcomes,
    positions,
    rankings,
    sending,
    statements,
    turns,
    views,
)


def put(making: Making, one: DemoStatement, cycle: str) -> None:
    """Put a statement to its groups, and keep what each person answers."""
    db, facilitator = making.db, making.somebody("facilitator")
    item = making.items[one.item]
    made = statements.put(db, cycle, one.words, groups=one.groups, item=item, by=facilitator)
    for position, people in (
        ("agree", one.agree),
        ("disagree", one.disagree),
        ("unsure", one.unsure),
    ):
        for key in people:
            positions.give(
                db,
                made.id,
                position,
                one.reasons.get(key, ""),
                seat=making.seats[key],
                by=making.voice(key),
            )
    if not one.open:
        statements.close(db, made.id, by=facilitator)


def prepare(making: Making, told: DemoMeetings) -> None:
    """Put in order what is unresolved, and ask for what nobody knows yet."""
    db, facilitator = making.db, making.somebody("facilitator")
    for ranking in told.rankings:
        order = [making.items[key] for key in ranking.order]
        for key in ranking.by:
            rankings.give(db, order, seat=making.seats[key], by=making.voice(key))
    for one in told.information:
        task = information.add(
            db,
            making.items[one.item],
            question=one.question,
            owner=one.owner,
            due=making.day(one.due),
            by=facilitator,
        )
        if one.answer:
            information.answer(db, task.id, one.answer, by=facilitator)


def negotiate(making: Making, one: DemoAgenda, cycle: str) -> None:
    """Write an agenda with the views of each group; one that is held is sent, then decided on."""
    db, facilitator = making.db, making.somebody("facilitator")
    agenda = agendas.add(db, cycle, one.title, by=facilitator).id
    for entry in one.entries:
        item, groups = making.items[entry.item], entry.groups or tuple(entry.views)
        agenda_items.add(db, agenda, item, groups=groups, evidence=entry.evidence, by=facilitator)
        for group in entry.views:
            _view(making, agenda, entry, group, cycle)
    for term in one.glossary:
        glossary.put(db, agenda, term["word"], term["meaning"], by=facilitator)
    if not one.held:
        return
    agenda_items.order(db, agenda, method=rankings.METHOD, by=facilitator)
    sending.send(db, agenda, by=facilitator)
    turns.begin(db, agenda, by=facilitator)
    for entry in one.entries:
        _decide(making, agenda, entry)
    outcomes.end(db, agenda, by=facilitator)


def _view(making: Making, agenda: int, entry: DemoEntry, group: str, cycle: str) -> None:
    """Write the view of a group, confirmed by its people; or, where none sit there, by voice."""
    db, facilitator = making.db, making.somebody("facilitator")
    item, words = making.items[entry.item], entry.views[group]
    made = views.write(db, agenda, item, group, words, after=None, by=facilitator)
    there = [
        key for key, seat in making.seats.items() if (seat.group, seat.cycle) == (group, cycle)
    ]
    for key in there:
        seat = making.seats[key]
        views.confirm(db, made.id, states_it=True, seat=seat, by=making.voice(key))
    if not there:
        views.confirm(db, made.id, states_it=True, by=facilitator)


def _decide(making: Making, agenda: int, entry: DemoEntry) -> None:
    db, facilitator = making.db, making.somebody("facilitator")
    item = making.items[entry.item]
    for seen, turn in enumerate(entry.turns):
        turns.take(db, agenda, item, turn.group, turn.words, seen=seen, by=facilitator)
    outcomes.decide(
        db,
        agenda,
        item,
        entry.outcome,
        entry.words,
        planned=[
            outcomes.Planned(one.what, one.owner, making.day(one.due)) for one in entry.planned
        ],
        no_action=entry.no_action,
        by=facilitator,
    )
    for one, made in zip(entry.planned, actions.of_item(db, item), strict=True):
        making.actions[one.key] = made.id


def say_of_others(making: Making, one: DemoHeard) -> None:
    """Keep what somebody says another group holds, and whether its people find it there."""
    db = making.db
    said = heard_from_others.say(
        db, one.about, one.words, seat=making.seats[one.by], by=making.voice(one.by)
    )
    for key in one.accepted:
        seat = making.seats[key]
        heard_from_others.answer(db, said, accepted=True, seat=seat, by=making.voice(key))
    for key, words in one.refused.items():
        seat = making.seats[key]
        heard_from_others.answer(
            db, said, accepted=False, words=words, seat=seat, by=making.voice(key)
        )
