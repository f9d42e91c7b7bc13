"""Actions: who does what by when, and what became of it. Overdue ones come back by themselves."""

from __future__ import annotations

import re
from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import consents
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import actions as doing
from par_toolkit.storage.sensemaking import items, phases
from par_toolkit.storage.sensemaking.items import Item
from par_toolkit.web import errors
from par_toolkit.web.circles import clock
from par_toolkit.web.circles.cycle import beginning
from par_toolkit.web.circles.door import blueprint
from par_toolkit.web.circles.refusing import shown_again_by, written
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done
from par_toolkit.web.handling.fields import ID, whole_number

FIELDS: Final = {
    "no_what": "what",
    "no_owner": "owner",
    "bad_date": "due",
    "no_item": "item",
    "no_story": "stories",
    "no_sentence": "words",
    "no_state": "state",
}
#: An action names a few stories; more are under the issue that it is about.
MOST_STORIES: Final = 200


@blueprint.get("/actions")
@guarded("see_cycle")
def actions() -> ResponseReturnValue:
    """List the actions of a cycle."""
    return actions_page([])


def actions_page(problems: list[Problem]) -> Any:
    """List the actions of the cycle at hand, and what is overdue in others; offer the form."""
    db, cycle = get_db(), clock.at_hand()
    phase = phases.now(db, cycle)
    return render_template(
        "circles/actions.html",
        problems=problems,
        cycle=cycle,
        runs=phase is not None and phase.phase != phases.CLOSED,
        listed=doing.of_cycle(db, cycle),
        elsewhere=[one for one in overdue() if one.cycle != cycle],
        choices=_choices(cycle),
        beginning=beginning,
    )


def _choices(cycle: str) -> list[Item]:
    """List the items that an action of a cycle may be about."""
    return [one for one in items.of_cycle(get_db(), cycle) if one.stands]


@blueprint.context_processor
def shared() -> dict[str, Any]:
    """Let any page show what is overdue, and what an item led to."""
    return {"overdue_actions": overdue, "actions_of_item": of_item, "today": clock.today()}


def of_item(item: int) -> list[doing.Action]:
    """List the actions that an item led to."""
    return doing.of_item(get_db(), item)


def overdue() -> list[doing.Action]:
    """List what should have been done by now, in whichever cycle it stands."""
    return doing.overdue(get_db(), today=clock.today())


@blueprint.post("/actions")
@guarded("keep_actions")
@shown_again_by(actions_page, fields=FIELDS)
def add_action() -> ResponseReturnValue:
    """Keep what was decided."""
    cycle = clock.posted()
    added = doing.add(
        get_db(),
        cycle,
        what=written("what"),
        owner=written("owner"),
        due=request.form.get("due", ""),
        item=_item(),
        stories=_stories(),
        by=me(),
    )
    sentence = _("Action no. %(number)s is kept.", number=added.id)
    return done(sentence, "circles.actions", cycle=cycle)


def _item() -> int | None:
    chosen = request.form.get("item", "")
    number = whole_number(chosen)
    if chosen and number is None:
        raise Refused("no_item", "This item is not here. Choose another.")
    return number


def _stories() -> list[int]:
    """Return the numbers of stories that were typed, whatever stands between them.

    Raises Refused for the first that is gone, or whose teller does not agree to its use.
    """
    found = re.findall(r"[0-9]+", request.form.get("stories", ""))
    if len(found) > MOST_STORIES:
        raise Refused(
            "no_story", _("Give the numbers of at most %(most)s stories.", most=MOST_STORIES)
        )
    for text in found:
        number = whole_number(text)
        if number is None or not consents.today(get_db(), number)["analyse"]:
            raise Refused(
                "no_story",
                _(
                    "Story %(number)s is not here, or its teller has not agreed that it is worked "
                    "with.",
                    number=text[:20],
                ),
            )
    return [int(text) for text in found]


@blueprint.get(f"/actions/<{ID}:action_id>")
@guarded("see_cycle")
def action(action_id: int) -> ResponseReturnValue:
    """Show one action with its whole history."""
    return action_page([], action_id=action_id)


def action_page(problems: list[Problem], *, action_id: int) -> Any:
    """Show one action as it stands, and the form for what became of it."""
    db = get_db()
    found = doing.get(db, action_id)
    if found is None:
        return errors.page(404)
    return render_template(
        "circles/action.html",
        problems=problems,
        action=found,
        item=items.get(db, found.item) if found.item else None,
        history=doing.history(db, action_id),
        states=("done", "changed", "dropped") if found.open else ("open",),
    )


@blueprint.post(f"/actions/<{ID}:action_id>")
@guarded("keep_actions")
@shown_again_by(action_page, fields=FIELDS)
def change_action(action_id: int) -> ResponseReturnValue:
    """Say what became of an action, in a sentence."""
    doing.set_state(
        get_db(),
        action_id,
        request.form.get("state", ""),
        words=written("words"),
        owner=written("owner"),
        due=request.form.get("due", ""),
        after=whole_number(request.form.get("after")) or 0,
        by=me(),
    )
    return done(_("Saved."), "circles.action", action_id=action_id)
