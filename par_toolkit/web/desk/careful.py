"""Where figures need more care: sensitive topics, and small groups of identity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.inquiry import Group, WiderGroup
from par_toolkit.storage import joinings, themes, topics
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import statements
from par_toolkit.storage.topics import Kind
from par_toolkit.web import errors
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done, shown_again_by
from par_toolkit.web.handling.fields import ID

#: How an address names what is marked.
KINDS: Final[tuple[Kind, ...]] = ("theme", "statement")


@dataclass(frozen=True)
class Marked:
    """A theme or a statement that can be marked, and the topics it is marked with, by code."""

    kind: Kind
    id: int
    words: str
    topics: frozenset[str]


@blueprint.get("/topics")
@guarded("mark_topics")
def sensitive() -> ResponseReturnValue:
    """Show the sensitive topics, what is marked with them, and which groups may be joined."""
    return sensitive_page([])


def sensitive_page(problems: list[Problem]) -> Any:
    """Show what is marked, and the joining of groups that is for stewards to decide."""
    db = get_db()
    return render_template(
        "desk/topics.html",
        problems=problems,
        marked={kind: _marked(db, kind) for kind in KINDS},
        joining=_joining(),
        yes=joinings.agreed(db),
        needed=inquiry().joining_needs,
    )


def _marked(db: PrivateDatabase, kind: Kind) -> list[Marked]:
    held = topics.marks(db, kind)
    if kind == "theme":
        found = [(one.id, one.title) for one in themes.listing(db)]
    else:
        found = [(one.id, one.words) for one in statements.listing(db)]
    return [Marked(kind, id, words, held.get(id, frozenset())) for id, words in found]


def _joining() -> list[tuple[Group, WiderGroup]]:
    """List the groups of race or Indigenous identity that name a wider group to be counted in."""
    wider = {one.code: one for one in inquiry().wider_groups}
    return [
        (group, wider[group.joins])
        for group in inquiry().groups
        if group.about == "identity" and group.joins
    ]


@blueprint.get(f"/topics/<kind>/<{ID}:reference>")
@guarded("mark_topics")
def topics_of(kind: str, reference: int) -> ResponseReturnValue:
    """Show which topics one theme or statement is about."""
    return topics_page([], kind=kind, reference=reference)


def topics_page(problems: list[Problem], *, kind: str, reference: int) -> Any:
    """Show the form that marks one theme or statement."""
    known = [one for one in KINDS if one == kind]
    found = next((m for one in known for m in _marked(get_db(), one) if m.id == reference), None)
    if found is None:
        return errors.page(404)
    ticked = request.form.getlist("topic") if request.method == "POST" else found.topics
    return render_template("desk/topics_of.html", problems=problems, one=found, ticked=ticked)


@blueprint.post(f"/topics/<kind>/<{ID}:reference>")
@guarded("mark_topics")
@shown_again_by(topics_page, field="topics")
def mark_topics(kind: str, reference: int) -> ResponseReturnValue:
    """Keep which topics a theme or a statement is about."""
    if kind not in KINDS:
        return errors.page(404)
    known = [topic.code for topic in inquiry().topics]
    topics.mark(get_db(), kind, reference, request.form.getlist("topic"), known=known, by=me())
    return done(_("Kept. It holds from the next build on."), "desk.sensitive")


@blueprint.post("/topics/joining")
@guarded("mark_topics", post="agree_joining")
@shown_again_by(sensitive_page, field="joining")
def agree_joining() -> ResponseReturnValue:
    """Keep what a steward says of counting a small group of identity in a wider one."""
    pair = (request.form.get("group", ""), request.form.get("wider", ""))
    if pair not in {(group.code, wider.code) for group, wider in _joining()}:
        raise Refused("nothing_chosen", _("Choose one from the list first."))
    joinings.say(get_db(), pair, yes=request.form.get("yes") == "1", by=me())
    return done(_("Kept. It holds from the next build on."), "desk.sensitive")
