"""Publishing: what will be published, what stays here and why, and the builds there have been."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit import publishing
from par_toolkit.storage import approving, published
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import close_db, get_db
from par_toolkit.web.desk import plan_words
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done, shown_again_by
from par_toolkit.web.handling.fields import chosen


@blueprint.get("/publish")
@guarded("see_publishing")
def publish_start() -> ResponseReturnValue:
    """Show what a new build would hold."""
    return publish_page([])


def publish_page(problems: list[Problem]) -> Any:
    """Show what would be published, what stays here and why, and the builds there have been."""
    folder = inquiry().folder
    preview = publishing.preview(folder)
    return render_template(
        "desk/publish.html",
        problems=problems,
        preview=preview,
        kinds=plan_words.kinds(preview.tables),
        plan_words=plan_words,
        live=publishing.live_build(folder),
        builds=published.listing(get_db()),
        waits=approving.waiting(get_db()),
        needed=max(1, inquiry().sharing.approvals),
        why_held=_why_held,
    )


def _why_held(reason: str) -> str:
    """Say why words of circles and meetings stay here."""
    return {
        "not_released": _("two people have not said yes yet"),
        "not_ours": _("its own people have not said that it is theirs"),
        "circle_open": _("the circle is still open, and who comes late says their own first"),
        "appeal": _("an appeal waits for its answer"),
        "not_that": _("a teller said that it is not so, and waits for an answer"),
    }[reason]


@blueprint.post("/publish")
@guarded("see_publishing", post="publish")
@shown_again_by(publish_page, field="publish")
def publish() -> ResponseReturnValue:
    """Make a new build and let it go live, or wait where stewards are asked."""
    person = me()
    close_db()  # a reader left open would hold up whoever else writes
    made = publishing.publish(inquiry().folder, by=person)
    sentence = _("Build %(number)d is live.", number=made.build)
    if made.waits:
        sentence = _("Build %(number)d waits for stewards to read it.", number=made.build)
    return done(sentence, "desk.publish_start")


@blueprint.post("/publish/approve")
@guarded("approve_build")
@shown_again_by(publish_page, field="waiting")
def approve_build() -> ResponseReturnValue:
    """Note a steward's yes to the very build that they read; with the last one it goes live."""
    person, number = me(), chosen("build")
    close_db()
    after = publishing.approve(inquiry().folder, number, by=person)
    if after.live:
        return done(_("Build %(number)d is live.", number=number), "desk.publish_start")
    sentence = _("Your yes is kept. %(yes)d of %(needed)d have said yes.", **after.__dict__)
    return done(sentence, "desk.publish_start")


@blueprint.post("/publish/refuse")
@guarded("approve_build")
@shown_again_by(publish_page, field="waiting")
def refuse_build() -> ResponseReturnValue:
    """Delete the build that waits, as a steward says no to it."""
    person, number = me(), chosen("build")
    close_db()
    publishing.refuse(inquiry().folder, number, by=person)
    return done(_("Build %(number)d is deleted.", number=number), "desk.publish_start")


@blueprint.post("/publish/roll-back")
@guarded("roll_back")
@shown_again_by(publish_page, field="publish")
def roll_back() -> ResponseReturnValue:
    """Go back to an earlier build that still may be shown."""
    person, wanted = me(), chosen("build") if request.form.get("build") else None
    close_db()
    publishing.rollback(inquiry().folder, wanted, by=person)
    return done(_("The findings show the earlier build again."), "desk.publish_start")
