"""Withdrawing for a teller who lost the slip: one person asks, another agrees, then it is erased.

Whoever holds the receipt code withdraws alone and at once, at `/mine`.
"""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import stories, withdrawal_requests
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.desk.reading import gone, opening
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done, shown_again_by
from par_toolkit.web.handling.fields import ID

ADDRESS = f"/stories/<{ID}:story_id>/withdraw"


@blueprint.get(ADDRESS)
@guarded("withdraw_for_teller")
def ask_withdraw(story_id: int) -> ResponseReturnValue:
    """Say what a withdrawal does before it is done, and who asked for it."""
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
        reasons=withdrawal_requests.REASONS,
        asked=withdrawal_requests.of_story(get_db(), story_id),
        days=withdrawal_requests.DAYS,
    )


@blueprint.post(ADDRESS)
@guarded("withdraw_for_teller")
@shown_again_by(withdraw_page, field="reason")
def withdraw(story_id: int) -> ResponseReturnValue:
    """Ask for the withdrawal of a story; why is recorded."""
    if stories.get(get_db(), story_id) is None:
        return gone()
    withdrawal_requests.ask(get_db(), story_id, request.form.get("reason", ""), by=me())
    return done(
        _("Now another person has to say yes, signed in as themselves."),
        "desk.ask_withdraw",
        story_id=story_id,
    )


@blueprint.post(f"{ADDRESS}/agree")
@guarded("withdraw_for_teller")
@shown_again_by(withdraw_page)
def agree_to_withdraw(story_id: int) -> ResponseReturnValue:
    """Withdraw what somebody else asked to withdraw; who did is recorded."""
    if stories.get(get_db(), story_id) is None:
        return gone()
    withdrawal_requests.agree(get_db(), story_id, by=me())
    return done(
        _("The story is withdrawn. Its words leave the findings within a minute."), "desk.queue"
    )


@blueprint.post(f"{ADDRESS}/leave")
@guarded("withdraw_for_teller")
@shown_again_by(withdraw_page)
def refuse_to_withdraw(story_id: int) -> ResponseReturnValue:
    """Leave a story as it is, whoever asked to withdraw it."""
    if stories.get(get_db(), story_id) is None:
        return gone()
    withdrawal_requests.take_back(get_db(), story_id, by=me())
    return done(_("The story stays as it is."), "desk.story", story_id=story_id)
