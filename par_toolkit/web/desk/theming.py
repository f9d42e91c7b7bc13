"""Themes: what a run proposed, people name, merge, split, endorse or reject (promise 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from par_toolkit.storage import (
    accounting,
    redactions,
    reviewed,
    runs,
    shaping,
    stories,
    themes,
    topics,
)
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import checks
from par_toolkit.storage.stories import Story
from par_toolkit.storage.themes import Member, Theme
from par_toolkit.web import errors
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.desk import proposing, theme_words
from par_toolkit.web.desk.door import PAGE, blueprint, page_number
from par_toolkit.web.desk.reading import opening, pages
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, as_seen, done, fingerprint, shown_again_by
from par_toolkit.web.handling.fields import ID, all_chosen, chosen, words

TYPICAL = 2
#: With fewer stories in a theme the most typical ones are most of it.
DIFFERENT_FROM = 4
#: In which order the stories of a theme stand.
ORDERS = ("typical", "different")


@dataclass(frozen=True)
class Voice:
    """A story under a theme: the passage that stands for it, as it reads after redaction."""

    member: Member
    story: Story
    passage: str


def voices(db: PrivateDatabase, members: list[Member]) -> list[Voice]:
    """Return the stories of these members with their passages."""
    found = [(member, stories.get(db, member.story)) for member in members]
    return [Voice(m, story, _passage(db, m, story)) for m, story in found if story is not None]


def _passage(db: PrivateDatabase, member: Member, story: Story) -> str:
    text = stories.open_texts(story.answers, story.words).get(member.question, "")
    cuts = redactions.cuts(db, story.id).get(member.question, ())
    return reviewed.span(text, cuts, member.start, member.end)


@blueprint.get("/themes")
@guarded("see_themes")
def all_themes() -> ResponseReturnValue:
    """List the themes with typical passages and the most different one, and offer a new run."""
    return themes_page([])


def themes_page(problems: list[Problem]) -> Any:
    """Show every live theme, the last run, and what one that is under way has come to."""
    db = get_db()
    listed, last = themes.listing(db), runs.latest(db)
    members = {one.id: themes.members(db, one.id) for one in listed}
    return render_template(
        "desk/themes.html",
        problems=problems,
        themes=listed,
        families=theme_words.families(listed),
        typical={one: voices(db, held[:TYPICAL]) for one, held in members.items()},
        different={one: voices(db, different(held)[:1]) for one, held in members.items()},
        elsewhere={one: theme_words.elsewhere(held) for one, held in members.items()},
        stability=theme_words.stability,
        last=last,
        spoken=runs.languages(db, last["id"]) if last else {},
        account=accounting.account(db),
        status=proposing.of(current_app).status(),
    )


def different(members: list[Member]) -> list[Member]:
    """Return the stories least like the rest of a theme first; none where there are too few."""
    scored = [one for one in members if one.main and one.score is not None]
    return scored[::-1] if len(scored) >= DIFFERENT_FROM else []


@blueprint.post("/themes")
@guarded("see_themes", post="propose_themes")
@shown_again_by(themes_page, field="count")
def propose() -> ResponseReturnValue:
    """Start a run: at once where there are few stories, else beside the pages."""
    count, seed = proposing.count(request.form), proposing.seed(request.form)
    desk = proposing.of(current_app)
    if stories.count(get_db()) < proposing.AT_ONCE:
        desk.run(inquiry(), count=count, seed=seed, by=me())
    else:
        desk.start(inquiry(), count=count, seed=seed, by=me())
    return redirect(url_for("desk.run_status"), 303)


@blueprint.get("/themes/run")
@guarded("see_themes")
def run_status() -> ResponseReturnValue:
    """Show how far a run has come, or what it proposed."""
    status = proposing.of(current_app).status()
    return render_template("desk/run.html", status=status, last=runs.latest(get_db()))


@blueprint.get(f"/themes/<{ID}:theme_id>")
@guarded("see_themes")
def theme(theme_id: int) -> ResponseReturnValue:
    """Show one theme with its stories, the most typical first."""
    return theme_page([], theme_id=theme_id)


def theme_page(problems: list[Problem], *, theme_id: int) -> Any:
    """Show one theme; one that was merged or rejected says so and offers nothing."""
    db, page = get_db(), page_number()
    found = themes.get(db, theme_id)
    if found is None:
        return errors.page(404)
    members = themes.members(db, theme_id)
    order = request.args.get("order", ORDERS[0])
    held = members[::-1] if order == ORDERS[1] else members
    return render_template(
        "desk/theme.html",
        problems=problems,
        theme=found,
        seen=_seen(found, members),
        checks=checks.of_theme(db, theme_id),
        voices=voices(db, held[(page - 1) * PAGE : page * PAGE]),
        order=order if order in ORDERS else ORDERS[0],
        stability=theme_words.stability(found),
        elsewhere=theme_words.elsewhere(members),
        close=theme_words.close,
        topics=topics.of(db, "theme", theme_id),
        others=[one for one in themes.listing(db) if one.id != theme_id],
        page=page,
        pages=pages(len(members)),
        opening=opening,
    )


def _seen(theme: Theme, members: list[Member]) -> str:
    """Return a digest of what a yes is given to: name, words and every story."""
    return fingerprint(theme.title, theme.words, sorted(member.story for member in members))


@blueprint.post(f"/themes/<{ID}:theme_id>/name")
@guarded("shape_themes")
@shown_again_by(theme_page, field="name")
def rename(theme_id: int) -> ResponseReturnValue:
    """Give a theme people's own name and say what it means."""
    meaning = words("meaning")
    shaping.rename(get_db(), theme_id, words("name"), meaning=meaning, by=me())
    return done(_("The name is saved."), "desk.theme", theme_id=theme_id)


@blueprint.post(f"/themes/<{ID}:theme_id>/endorse")
@guarded("endorse_theme")
@shown_again_by(theme_page, field="endorse")
def endorse(theme_id: int) -> ResponseReturnValue:
    """Say yes to a theme and to the stories that the page showed in it."""
    db = get_db()
    with db.writing():
        found = themes.get(db, theme_id)
        if found and not as_seen(_seen(found, themes.members(db, theme_id))):
            raise Refused(
                "changed", _("Somebody changed this theme while you were reading. Look once more.")
            )
        shaping.endorse(db, theme_id, by=me())
    return done(_("Endorsed. The next build may show it."), "desk.theme", theme_id=theme_id)


@blueprint.post(f"/themes/<{ID}:theme_id>/reject")
@guarded("shape_themes")
@shown_again_by(theme_page, field="reject")
def reject(theme_id: int) -> ResponseReturnValue:
    """Say no to a theme; its stories wait to be themed again."""
    shaping.reject(get_db(), theme_id, by=me())
    return done(_("Rejected. Its stories wait to be themed again."), "desk.all_themes")


@blueprint.post(f"/themes/<{ID}:theme_id>/merge")
@guarded("shape_themes")
@shown_again_by(theme_page, field="into")
def merge(theme_id: int) -> ResponseReturnValue:
    """Move every story of this theme into another."""
    into = shaping.merge(get_db(), theme_id, into=chosen("into"), by=me())
    return done(
        _("Merged. The theme now holds both and needs a yes."), "desk.theme", theme_id=into.id
    )


@blueprint.post(f"/themes/<{ID}:theme_id>/split")
@guarded("shape_themes")
@shown_again_by(theme_page, field="new_name")
def split(theme_id: int) -> ResponseReturnValue:
    """Move the stories that were ticked into a new theme."""
    new = shaping.split(get_db(), theme_id, all_chosen("story"), name=words("new_name"), by=me())
    return done(_("This is the new theme."), "desk.theme", theme_id=new.id)


@blueprint.post(f"/themes/<{ID}:theme_id>/move")
@guarded("shape_themes")
@shown_again_by(theme_page, field="move_into")
def move(theme_id: int) -> ResponseReturnValue:
    """Move the stories that were ticked into another theme, or out of this one."""
    db, picked, out = get_db(), all_chosen("story"), request.form.get("do") == "remove"
    if not picked:
        raise Refused("nothing_chosen", _("Tick the stories first."))
    into = None if out else chosen("move_into")
    with db.writing():
        for story in picked:
            if into is None:
                shaping.remove_story(db, theme_id, story, by=me())
            else:
                shaping.move(db, story, source=theme_id, into=into, by=me())
    moved = ngettext("%(num)d story has moved.", "%(num)d stories have moved.", len(picked))
    return done(moved, "desk.theme", theme_id=theme_id)
