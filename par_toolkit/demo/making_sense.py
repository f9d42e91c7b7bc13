"""Take the demo through its cycles of sense-making, through the same doors that people use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from par_toolkit.demo import circling, negotiating
from par_toolkit.demo.making import Making
from par_toolkit.demo.meetings import DemoAppeal, DemoCheck, DemoMeetings
from par_toolkit.storage import receipts
from par_toolkit.storage import themes as all_themes
from par_toolkit.storage.sensemaking import (
    actions,
    appeals,
    checks,
    circles,
    phases,
    word_releases,
)
from par_toolkit.storage.sensemaking.word_uses import Use

#: (folder, key of a story) -> its receipt code.
ReceiptOf = Callable[[Path, str], str]


def hold(making: Making, told: Sequence[DemoMeetings], receipt_of: ReceiptOf) -> None:
    """Hold every cycle and close those that closed; then release words and ask their tellers."""
    following = {one.cycle: after.cycle for one, after in pairwise(told)}
    for one in told:
        _meet(making, one, receipt_of)
        for phase in phases.PHASES[1 : phases.PHASES.index(one.phase) + 1]:
            phases.move(making.db, one.cycle, phase, by=making.somebody("facilitator"))
        if one.close:
            _close(making, one, following.get(one.cycle))
    for one in told:
        _release(making, one)
    for one in told:
        for check in one.checks:
            _check(making, check)


def _meet(making: Making, told: DemoMeetings, receipt_of: ReceiptOf) -> None:
    """Go through the meetings of a cycle, in the order of the method."""
    for circle in told.circles:
        circling.sit_down(making, circle, told.cycle)
        circling.write_together(making, circle)
        circling.collect(making, circle)
    circling.write_down(making, told)
    for statement in told.statements:
        negotiating.put(making, statement, told.cycle)
    negotiating.prepare(making, told)
    for agenda in told.agendas:
        negotiating.negotiate(making, agenda, told.cycle)
    for heard in told.heard:
        negotiating.say_of_others(making, heard)
    for appeal in told.appeals:
        _appeal(making, appeal, receipt_of)
    _act(making, told)
    for circle in told.circles:
        circling.look_back(making, circle)
        if not circle.open:
            circles.close(making.db, making.circles[circle.key], by=making.somebody("facilitator"))


def _appeal(making: Making, one: DemoAppeal, receipt_of: ReceiptOf) -> None:
    """Keep an appeal; the steward answers it, as the facilitator had decided."""
    db = making.db
    if one.teller:
        receipt = receipts.find(db, receipt_of(db.folder, one.teller))
        made = appeals.add(db, making.items[one.item], one.words, receipt=receipt)
    else:
        made = appeals.add(db, making.items[one.item], one.words, by=making.voice(one.by))
    appeals.answer(db, made.id, one.answer, upheld=one.upheld, by=making.somebody("steward"))


def _act(making: Making, told: DemoMeetings) -> None:
    """Say what became of actions, and decide on others."""
    db, facilitator = making.db, making.somebody("facilitator")
    for news in told.news:
        found = actions.get(db, making.actions[news.action])
        assert found is not None
        actions.set_state(
            db, found.id, news.state, words=news.words, after=found.step, by=facilitator
        )
    for one in told.actions:
        made = actions.add(
            db,
            told.cycle,
            what=one.what,
            owner=one.owner,
            due=making.day(one.due),
            item=making.items[one.item] if one.item else None,
            stories=[making.ids[key] for key in one.stories],
            by=facilitator,
        )
        making.actions[one.key] = made.id


def _close(making: Making, told: DemoMeetings, next_cycle: str | None) -> None:
    """Close a cycle; the next one begins with what was open."""
    db, facilitator = making.db, making.somebody("facilitator")
    if next_cycle is not None:
        phases.start(db, next_cycle, by=facilitator)
    phases.close(
        db,
        told.cycle,
        reflection=told.close["reflection"].strip(),
        next_words=told.close["next_words"].strip(),
        next_cycle=next_cycle,
        by=facilitator,
    )


def _release(making: Making, told: DemoMeetings) -> None:
    """Have two people say yes to what was said in a cycle, except where it waits for them."""
    kinds = [kind for kind in word_releases.KINDS if kind not in told.waiting]
    for words in word_releases.of_cycle(making.db, told.cycle, kinds=kinds):
        for role in ("facilitator", "steward"):
            word_releases.approve(
                making.db,
                words.kind,
                words.reference,
                seen=words.digest,
                by=making.somebody(role),
            )


def _check(making: Making, one: DemoCheck) -> None:
    """Keep what a teller says of a use of their words, and what they are told."""
    db = making.db
    if one.item:
        use = Use(making.ids[one.story], "construction", making.items[one.item])
    else:
        name = next(theme.name for theme in making.content.themes if theme.key == one.theme)
        theme = next(theme.id for theme in all_themes.listing(db) if theme.title == name)
        use = Use(making.ids[one.story], "theme", theme)
    said = checks.say(db, use, one.answer, one.words)
    if one.reply:
        checks.reply(db, said.id, one.reply, by=making.somebody("facilitator"))
