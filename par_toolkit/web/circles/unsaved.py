"""Words that were sent and not kept, where the page has no form for them any more.

A circle is closed, or a seat was left, while somebody writes: what they wrote is shown to them, so
that it is not lost with the form. Whoever comes next to the same device is not shown it.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from forms.text import says_something, showable
from par_toolkit.web import guards

#: The fields in which people write words of their own.
FIELDS: Final = frozenset(
    (
        *("alternative", "answer_words", "appeal", "card", "end", "heard", "missing", "not_so"),
        *("note", "own", "reason", "remark", "turn", "version", "view", "why", "words"),
    )
)


def words() -> list[str]:
    """Return what somebody wrote in the form that came."""
    written = [showable(text) for name, text in request.form.items() if name in FIELDS]
    return [text for text in written if says_something(text)]


def of_this_device() -> bool:
    """Say whether the form that came is of whoever has this browser now.

    Back and Reload send again what somebody else wrote before; then its token holds no more.
    """
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def kept_in_sight(page: Callable[..., Any]) -> Callable[..., Any]:
    """Have a page that refused a form, and does not show that form again, show its words."""

    def shown(*problems: Any, **arguments: Any) -> Any:
        found = page(*problems, **arguments)
        form = url_for(str(request.endpoint), **(request.view_args or {}))
        if isinstance(found, str) and f'action="{form}"' not in found and words():
            g.unsaved = words()
            found = page(*problems, **arguments)
        return found

    return shown


def at_another_seat() -> bool:
    """Say whether the form that came stood on a page of another seat than this browser's."""
    seat, at = guards.seat(), request.form.get("at_seat")
    return at is not None and seat is not None and at != str(seat.id)


def elsewhere() -> ResponseReturnValue:
    """Answer a form of another seat: its words are never put into a form of this one."""
    sentence = _("You wrote this at another seat. Come back to that seat with its code to save it.")
    if session.get("shared"):
        flash(sentence, "error")
        return redirect(url_for("circles.table"), HTTPStatus.SEE_OTHER)
    g.unsaved = words()
    page = render_template("circles/elsewhere.html", problems=[(None, sentence)])
    return page, HTTPStatus.CONFLICT
