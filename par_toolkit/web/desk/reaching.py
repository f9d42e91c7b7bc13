"""Reaching a teller: whoever looks says why, it is recorded, and stewards see it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import contacts, reaching, stories
from par_toolkit.storage.cells import CellDamaged
from par_toolkit.storage.contacts import Contact
from par_toolkit.storage.errors import Refused
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import PAGE, blueprint, page_number
from par_toolkit.web.desk.reading import gone, pages
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done, shown_again_by
from par_toolkit.web.handling.fields import ID, words


def reason(code: str) -> str:
    """Say why somebody needs to reach a teller."""
    return {
        "asked": _("They asked us to get in touch"),
        "ask_back": _("To ask what they meant, or to show them how their words are used"),
        "tell_outcome": _("To tell them what came of it"),
        "at_risk": _("Somebody may be in danger"),
        "other": _("Something else"),
    }[code]


@blueprint.get(f"/stories/<{ID}:story_id>/contact")
@guarded("read_contact")
def contact(story_id: int) -> ResponseReturnValue:
    """Ask why somebody needs to reach the teller, before anything is shown."""
    return contact_page([], story_id=story_id)


def contact_page(problems: list[Problem], *, story_id: int) -> Any:
    """Show which story is meant, and ask for the reason."""
    return _page(story_id, problems, [])


@blueprint.post(f"/stories/<{ID}:story_id>/contact")
@guarded("read_contact")
@shown_again_by(contact_page, field="reason")
def read_contact(story_id: int) -> ResponseReturnValue:
    """Show how to reach the teller, once it is recorded who asked and why."""
    why = words("words", most=reaching.LONGEST_REASON)
    chosen = request.form.get("reason", "")
    try:
        found = reaching.read(get_db(), story_id, by=me(), reason=chosen, words=why)
    except CellDamaged as damaged:
        raise Refused(
            "damaged",
            _(
                "What the teller said cannot be opened: it was changed, or its key is another. "
                "Tell the person who runs this inquiry."
            ),
        ) from damaged
    return _page(story_id, [], found)


@blueprint.post(f"/stories/<{ID}:story_id>/contact/erase")
@guarded("erase_contact")
@shown_again_by(contact_page)
def erase_contact(story_id: int) -> ResponseReturnValue:
    """Erase how to reach a teller who asked for it; nobody has to look for that."""
    if not reaching.forget(get_db(), story_id, by=me()):
        return gone()
    return done(_("How to reach the teller is erased."), "desk.story", story_id=story_id)


def _page(story_id: int, problems: list[Problem], shown: list[Contact]) -> Any:
    db = get_db()
    story = stories.get(db, story_id)
    if story is None or contacts.noted(db, story_id) is None:
        return gone()
    reasons = {code: reason(code) for code in reaching.REASONS}
    return render_template(
        "desk/contact.html", problems=problems, story=story, reasons=reasons, shown=shown
    )


@blueprint.get("/audit/contacts")
@guarded("see_contact_readings")
def contact_readings() -> ResponseReturnValue:
    """List who was told how to reach whose teller, and why."""
    db, page = get_db(), page_number()
    return render_template(
        "desk/contact_readings.html",
        rows=reaching.readings(db, limit=PAGE, offset=(page - 1) * PAGE),
        page=page,
        pages=pages(reaching.count_readings(db)),
        reason=reason,
    )
