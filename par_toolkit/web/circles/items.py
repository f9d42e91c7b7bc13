"""Claims, concerns and issues at the desk: all of them, each with its sources and its history."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import stories, themes
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import items as kept
from par_toolkit.storage.sensemaking import owned_items, passages, phases, seats
from par_toolkit.web.circles.door import blueprint, said
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID, chosen, whole_number
from par_toolkit.web.languages import chosen as language

#: Where an item that is written down at the desk can come from.
FROM_DESK = ("meeting", "paper", "theme", "stories")


@blueprint.get("/items")
@guarded("see_items")
def items() -> ResponseReturnValue:
    """List claims, concerns and issues, and ask for one more."""
    return items_page([])


def items_page(problems: list[Problem], **_more: Any) -> str:
    """Show the items that are asked for: of a cycle, a group, a kind and a state."""
    wanted = {name: request.args.get(name) or None for name in ("cycle", "group", "kind")}
    state = request.args.get("state", "")
    states = {"unsettled": kept.UNSETTLED, "": kept.STATES}.get(state, (state,))
    return render_template(
        "circles/items.html",
        problems=problems,
        items=kept.listing(get_db(), **wanted, states=states),
        wanted=wanted | {"state": state},
        options=inquiry().options(language()),
        kinds=kept.KINDS,
        states=kept.STATES,
        sources=FROM_DESK,
        themes=themes.listing(get_db()),
        running=next(iter(phases.running(get_db())), ""),
    )


ADDING = {"empty": "words", "too_long": "words", "no_group": "group", "no_theme": "theme"}


@blueprint.post("/items/add")
@guarded("see_items", post="add_items")
@shown_again_by(items_page, fields=ADDING | {"no_kind": "kind"})
def add_item() -> ResponseReturnValue:
    """Write an item down, with where it comes from."""
    options, source = inquiry().options(""), request.form.get("source", "")
    group, cycle = request.form.get("group", ""), request.form.get("cycle", "")
    if group not in dict(options["groups"]) or cycle not in dict(options["cycles"]):
        raise Refused("no_group", "Choose the group and the cycle it belongs to.")
    theme = whole_number(request.form.get("theme"))
    if source == "theme" and theme is None:
        raise Refused("no_theme", "This theme is not here any more. Choose another.")
    made = kept.add(
        get_db(),
        kind=request.form.get("kind", ""),
        words=said("words"),
        group=group,
        cycle=cycle,
        source=source if source in FROM_DESK else "",
        theme=theme if source == "theme" else None,
        by=me(),
    )
    return done(_("It is written down, and open."), "circles.item", item_id=made)


@blueprint.get(f"/items/<{ID}:item_id>")
@guarded("see_items")
def item(item_id: int) -> ResponseReturnValue:
    """Show one item, where it comes from, and how it stood since."""
    return item_page([], item_id=item_id)


def item_page(problems: list[Problem], *, item_id: int, **_more: Any) -> str:
    """Show one item. 404 where there is none."""
    db = get_db()
    found = kept.get(db, item_id) or abort(HTTPStatus.NOT_FOUND)
    alike = kept.listing(db, group=found.group, kind=found.kind)
    return render_template(
        "circles/item.html",
        problems=problems,
        item=found,
        theme=themes.get(db, found.theme) if found.theme else None,
        passages=passages.of_item(db, item_id),
        history=kept.history(db, item_id),
        steps=kept.next_steps(found),
        others=[one for one in alike if one.stands and one.id != item_id],
        mine=owned_items.may_discard(db, found, by=me()),
    )


@blueprint.post(f"/items/<{ID}:item_id>/state")
@guarded("settle_items")
@shown_again_by(item_page, fields={"why_state": "why", "too_long": "why", "bad_state": "state"})
def set_item_state(item_id: int) -> ResponseReturnValue:
    """Note how an item stands now, and why."""
    kept.set_state(get_db(), item_id, request.form.get("state", ""), said("why"), by=me())
    return done(_("Noted."), "circles.item", item_id=item_id)


@blueprint.post(f"/items/<{ID}:item_id>/repeat")
@guarded("settle_items")
@shown_again_by(item_page, fields={"no_repeat": "repeat-of", "nothing_chosen": "repeat-of"})
def repeat_item(item_id: int) -> ResponseReturnValue:
    """Discard an item that was written down at the desk, as a repeat of another."""
    owned_items.repeat(get_db(), item_id, chosen("repeat_of"), by=me())
    return done(_("Noted."), "circles.item", item_id=item_id)


@blueprint.post(f"/items/<{ID}:item_id>/back")
@guarded("settle_items")
@shown_again_by(item_page)
def take_back_for(item_id: int) -> ResponseReturnValue:
    """Erase what somebody wrote on paper, as they ask."""
    db = get_db()
    found = kept.get(db, item_id) or abort(HTTPStatus.NOT_FOUND)
    seat = seats.get(db, found.seat) if found.seat else None
    if seat is None:
        raise Refused("not_yours", "Only the person who said this can change it.")
    owned_items.take_back(db, item_id, seat=seat, by=me())
    return done(_("It is taken back, and its words are erased."), "circles.item", item_id=item_id)


@blueprint.post(f"/items/<{ID}:item_id>/passages")
@guarded("add_items")
@shown_again_by(item_page, fields={"no_passage": "passage", "no_consent": "story"})
def add_passage(item_id: int) -> ResponseReturnValue:
    """Name words of a story as a source of an item."""
    place = find(get_db(), whole_number(request.form.get("story")), said("passage"))
    passages.add(get_db(), item_id, place, by=me())
    return done(_("The story is named as a source."), "circles.item", item_id=item_id)


def find(db: PrivateDatabase, story_id: int | None, words: str) -> Passage:
    """Return the place of `words` in a story. Raises Refused where they do not stand there."""
    story = stories.get(db, story_id) if story_id is not None else None
    texts = stories.open_texts(story.answers, story.words) if story else {}
    for question, text in texts.items():
        start = text.find(words) if words else -1
        if story and start >= 0:
            return Passage(story.id, question, start, start + len(words))
    raise Refused("no_passage", "These words are not in that story. Copy them exactly.")
