"""One claim, concern or issue as it may be told: its views, quotes, outcome and actions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from par_toolkit.reporting.model import Case, Doing, Quote, View
from par_toolkit.storage import themes
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    actions,
    agenda_items,
    agendas,
    carrying,
    checks,
    information,
    items,
    outcomes,
    passages,
    phases,
    views,
    word_releases,
)
from par_toolkit.storage.sensemaking.actions import Action
from par_toolkit.storage.sensemaking.agendas import Agenda


def of_cycle(db: PrivateDatabase, cycle: str) -> list[int]:
    """List the items that stood in a cycle to its end: resolved there, or open when it was left."""
    resolved = [one.id for one in items.of_cycle(db, cycle, states=("resolved",))]
    return sorted({*resolved, *carrying.went_out(db, cycle).items})


def told(
    db: PrivateDatabase, item_id: int, cycle: str, *, named: Collection[tuple[str, str]]
) -> Case | None:
    """Return what may be told of an item; None where its words are not released.

    `named` are the groups that may be named beside their view, each as (group, cycle).
    """
    words = word_releases.released(db, "item", item_id)
    item = items.get(db, item_id)
    if words is None or item is None:
        return None
    sent = _agendas(db, item_id, cycle)
    agenda = sent[0] if sent else None
    ended = _outcome(db, item_id, sent)
    affected = _affected(db, agenda, item_id)
    return Case(
        id=item.id,
        kind=item.kind,
        words=words[0],
        group=item.group,
        parties=affected,
        theme=_theme(db, item.theme),
        views=tuple(_views(db, agenda, item_id, affected, named)),
        quotes=tuple(_quotes(db, item_id, item.theme)),
        outcome=ended[0] if ended else "",
        outcome_words=ended[1] if ended else "",
        no_action=ended[2] if ended else "",
        actions=tuple(doings(db, actions.of_item(db, item_id))),
        found_out=tuple(_found_out(db, item_id)),
        negotiated=agenda is not None,
    )


def parties(db: PrivateDatabase, item_id: int, cycle: str) -> tuple[str, ...]:
    """Return the groups whose views belong beside an item; none where it was not negotiated."""
    sent = _agendas(db, item_id, cycle)
    return _affected(db, sent[0] if sent else None, item_id)


def _agendas(db: PrivateDatabase, item_id: int, cycle: str) -> list[Agenda]:
    """List the agendas that were sent with this item on it, the newest first.

    Those of a cycle and of the cycles before it, as what stayed unresolved there came over with
    its views; never those that came later.
    """
    return [
        agenda
        for past in phases.leading_to(db, cycle)
        for agenda in agendas.sent_in(db, past)
        if any(one.item.id == item_id for one in agenda_items.of_agenda(db, agenda.id))
    ]


def _affected(db: PrivateDatabase, agenda: Agenda | None, item_id: int) -> tuple[str, ...]:
    return agenda_items.there(db, agenda.id, item_id).groups if agenda else ()


def _views(
    db: PrivateDatabase,
    agenda: Agenda | None,
    item_id: int,
    groups: Iterable[str],
    named: Collection[tuple[str, str]],
) -> list[View]:
    """Return the views that their own people confirmed, and two people released."""
    if agenda is None:
        return []
    by_group = views.of_agenda(db, agenda.id).get(item_id, {})
    found = []
    for group in groups:
        view = by_group.get(group)
        words = word_releases.released(db, "view", view.id) if view and view.confirmed else None
        if words:
            found.append(View(group, words[0], (group, agenda.cycle) in named))
    return found


def _outcome(
    db: PrivateDatabase, item_id: int, sent: Sequence[Agenda]
) -> tuple[str, str, str] | None:
    """Return the outcome that held with its words and why no action follows, where released."""
    ended = (outcomes.of_agenda(db, agenda.id).get(item_id) for agenda in sent)
    last = next((one for one in ended if one), None)
    words = word_releases.released(db, "outcome", last.id) if last else None
    return (last.outcome, words[0], words[1]) if last and words else None


def _theme(db: PrivateDatabase, theme_id: int | None) -> str:
    """Return the name of a theme that people gave and endorsed, or ''."""
    theme = themes.get(db, theme_id) if theme_id else None
    return theme.name or "" if theme and theme.state == "endorsed" else ""


def _quotes(db: PrivateDatabase, item_id: int, theme: int | None) -> list[Quote]:
    """Return passages of released stories whose tellers let them be quoted today, and doubt
    neither the theme nor the quote. Their order tells no time."""
    held = checks.holding(db)
    doubted = {story for story, _theme in held.quotes}
    doubted |= {story for story, under in held.themes if under == theme}
    found = {
        Quote(one.reads.strip(), one.language)
        for one in passages.of_item(db, item_id)
        if one.may_quote and one.passage.story not in doubted
    }
    return sorted(found, key=lambda one: one.words)


def doings(db: PrivateDatabase, found: Sequence[Action]) -> list[Doing]:
    """Return the released ones of some actions."""
    told = []
    for one in found:
        words = word_releases.released(db, "action", one.id)
        if words:
            what, owner, sentence = words
            told.append(Doing(one.id, what, owner, one.due, one.state, sentence, one.item))
    return told


def _found_out(db: PrivateDatabase, item_id: int) -> list[tuple[str, str]]:
    found = [
        word_releases.released(db, "information", one.id)
        for one in information.of_item(db, item_id)
        if not one.waits
    ]
    return [(words[0], words[1]) for words in found if words]
