"""Placing one story: under a theme, out of one, or on the shelf of those that stand alone."""

from __future__ import annotations

from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import shaping, themes
from par_toolkit.storage.errors import Refused
from par_toolkit.web import errors
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import PAGE, blueprint, page_number
from par_toolkit.web.desk.reading import opening, pages, some, story_page
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done, shown_again_by
from par_toolkit.web.handling.fields import ID, all_chosen, chosen, words

KINDS: Final = ("stands_alone", "says_little")


@blueprint.post(f"/stories/<{ID}:story_id>/themes/add")
@guarded("shape_themes")
@shown_again_by(story_page, field="theme")
def add_to_theme(story_id: int) -> ResponseReturnValue:
    """Put a story under one more theme."""
    shaping.add_story(get_db(), chosen("theme"), story_id, by=me())
    return _back(story_id, _("The story is in that theme now."))


@blueprint.post(f"/stories/<{ID}:story_id>/themes/move")
@guarded("shape_themes")
@shown_again_by(story_page, field="themes")
def move_to_theme(story_id: int) -> ResponseReturnValue:
    """Move a story from one theme to another, or out of it."""
    source = chosen("source")
    if request.form.get("do") == "remove":
        shaping.remove_story(get_db(), source, story_id, by=me())
        return _back(story_id, _("The story is not in that theme any more."))
    shaping.move(get_db(), story_id, source=source, into=chosen("into"), by=me())
    return _back(story_id, _("The story has moved."))


@blueprint.post(f"/stories/<{ID}:story_id>/themes/shelve")
@guarded("shape_themes")
@shown_again_by(story_page, field="reason")
def shelve(story_id: int) -> ResponseReturnValue:
    """Put a story on the shelf of those that stand alone: a point one voice makes stays visible."""
    reason = words("reason")
    if not reason:
        raise Refused("no_reason", _("Say in a few words why this story stands alone."))
    shaping.shelve(get_db(), story_id, reason=reason, by=me())
    return _back(story_id, _("The story stands alone now."))


def _back(story_id: int, sentence: str) -> ResponseReturnValue:
    return done(sentence, "desk.story", story_id=story_id, _anchor="themes")


@blueprint.get("/themes/shelf/<kind>")
@guarded("see_themes")
def shelf(kind: str) -> ResponseReturnValue:
    """List the stories in no theme, with the reason for each."""
    return shelf_page([], kind=kind)


def shelf_page(problems: list[Problem], *, kind: str) -> Any:
    """Show one page of a shelf."""
    if kind not in KINDS:
        return errors.page(404)
    db, page = get_db(), page_number()
    held = [one for one in themes.shelf(db) if one.kind == kind]
    shown = {one.story: one for one in held[(page - 1) * PAGE : page * PAGE]}
    return render_template(
        "desk/shelf.html",
        problems=problems,
        kind=kind,
        number=len(held),
        shelved=shown,
        stories=some(db, list(shown)),
        all_themes=themes.listing(db),
        page=page,
        pages=pages(len(held)),
        opening=opening,
    )


@blueprint.post("/themes/shelf/<kind>")
@guarded("see_themes", post="shape_themes")
@shown_again_by(shelf_page, field="into")
def take_off_shelf(kind: str) -> ResponseReturnValue:
    """Put the stories that were ticked under a theme, or among those that the next run reads."""
    db, picked = get_db(), all_chosen("story")
    if not picked:
        raise Refused("nothing_chosen", _("Tick the stories first."))
    if request.form.get("do") == "says_something":
        with db.writing():
            for story in picked:
                shaping.says_something(db, story, by=me())
        return done(_("They wait for the next run, which will read them."), "desk.shelf", kind=kind)
    into = chosen("into")
    with db.writing():
        for story in picked:
            shaping.add_story(db, into, story, by=me())
    return done(_("They are in that theme now."), "desk.theme", theme_id=into)
