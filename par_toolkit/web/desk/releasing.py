"""Releasing: two different people say yes to the words as they read; a teller may withdraw them."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import redactions, releases, stories, withdrawals
from par_toolkit.storage.errors import Refused
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.desk.reading import gone, opening, story_page
from par_toolkit.web.desk.review import seen
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, as_seen, done, shown_again_by
from par_toolkit.web.handling.fields import ID

#: Why a story is withdrawn at the desk: one word for the trail, never words of the story.
REASONS = ("lost_slip", "asked_in_person", "asked_by_phone_or_letter")


@blueprint.post(f"/stories/<{ID}:story_id>/approve")
@guarded("release_story")
@shown_again_by(story_page, field="approve")
def approve(story_id: int) -> ResponseReturnValue:
    """Record this person's yes to the words that the page showed them."""
    db = get_db()
    with db.writing():
        found = stories.get(db, story_id)
        if found and not as_seen(seen(redactions.reviewed_texts(db, story_id))):
            raise Refused(
                "changed",
                _("Somebody changed what is hidden while you were reading. Read it once more."),
            )
        state = releases.approve(db, story_id, by=me())
    sentence = _("Your yes is recorded. A different person needs to say yes as well.")
    if state.released:
        sentence = _("Released by two people.")
    return done(sentence, "desk.story", story_id=story_id, _anchor="release")


@blueprint.post(f"/stories/<{ID}:story_id>/take-back")
@guarded("release_story")
@shown_again_by(story_page, field="approve")
def take_back(story_id: int) -> ResponseReturnValue:
    """Take back every yes; the story is not in the next build."""
    if stories.get(get_db(), story_id) is None:
        return gone()
    releases.take_back(get_db(), story_id, by=me())
    sentence = _("The release is taken back. Publish again to take the words out of the findings.")
    return done(sentence, "desk.story", story_id=story_id, _anchor="release")


@blueprint.get(f"/stories/<{ID}:story_id>/withdraw")
@guarded("withdraw_for_teller")
def ask_withdraw(story_id: int) -> ResponseReturnValue:
    """Say what a withdrawal does before it is done."""
    return withdraw_page([], story_id=story_id)


def withdraw_page(problems: list[Problem], *, story_id: int) -> Any:
    """Show which story is meant, and ask why its teller cannot do it themselves."""
    found = stories.get(get_db(), story_id)
    if found is None:
        return gone()
    return render_template(
        "desk/withdraw.html",
        problems=problems,
        story=found,
        begins=opening(found),
        reasons=REASONS,
    )


@blueprint.post(f"/stories/<{ID}:story_id>/withdraw")
@guarded("withdraw_for_teller")
@shown_again_by(withdraw_page, field="reason")
def withdraw(story_id: int) -> ResponseReturnValue:
    """Withdraw a story for a teller who lost the slip; who did it and why is recorded."""
    reason = request.form.get("reason")
    if reason not in REASONS:
        raise Refused("no_reason", _("Say how the teller asked for it."))
    withdrawals.withdraw_story(get_db(), story_id, by=me(), reason=reason)
    return done(
        _("The story is withdrawn. Its words leave the findings within a minute."), "desk.queue"
    )
