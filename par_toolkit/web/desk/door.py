"""What every room of the desk shares: its blueprint, what was typed, and how an act is answered."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from forms import clean_text
from forms.text import showable
from par_toolkit.storage.errors import Refused, StorageError
from par_toolkit.storage.people import Person
from par_toolkit.web import errors, guards
from par_toolkit.web.desk import sentences

View = TypeVar("View", bound=Callable[..., Any])
Problem = tuple[str | None, str]

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

#: An id in an address: SQLite holds no larger whole number than this, which is enough for ids.
ID: Final = "int(max=9007199254740991)"
LARGEST: Final = 9_007_199_254_740_991
PAGE: Final = 50
#: The longest reason or meaning that people give; a page of notes.
NOTE_LENGTH: Final = 5_000


def me() -> Person:
    """Return who is at the desk; the guard has let nobody else in."""
    person = guards.person()
    assert person is not None
    return person


def done(sentence: str, endpoint: str, **values: Any) -> Response:
    """Say what was done on the page that follows."""
    flash(sentence, "done")
    return redirect(url_for(endpoint, **values), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def shown_again_by(page: Callable[..., Any], *, field: str | None = None) -> Callable[[View], View]:
    """Have `page(problems, **view_args)` answer what is refused, with everything that was typed.

    A refusal is a rule of storage, a busy or full disk, or a session that ran out meanwhile.
    `field` is the id of the control that the sentence is about.
    """

    def name(view: View) -> View:
        def again(sentence: str, status: int, **arguments: Any) -> Response:
            response = make_response(page([(field, sentence)], **arguments))
            if response.status_code == HTTPStatus.OK:
                response.status_code = status
            return response

        @wraps(view)
        def careful(**arguments: Any) -> Any:
            try:
                return view(**arguments)
            except Refused as refused:
                sentence, status = sentences.refusal(refused), HTTPStatus.UNPROCESSABLE_ENTITY
            except StorageError as error:
                sentence, status = errors.trouble(error)  # type: ignore[assignment]
            return again(sentence, status, **arguments)

        careful.par_again = lambda sentence, **arguments: again(  # type: ignore[attr-defined]
            sentence, HTTPStatus.BAD_REQUEST, **arguments
        )
        return careful  # type: ignore[return-value]

    return name


def words(name: str, *, most: int = NOTE_LENGTH) -> str:
    """Return a field of the form without what cannot be seen.

    Raises Refused where it is longer than `most` characters.
    """
    text = clean_text(showable(request.form.get(name, "")))
    if len(text) > most:
        raise Refused(
            "too_long", _("That is too long. Use at most %(most)s characters.", most=most)
        )
    return text.strip()


def whole_number(text: str | None) -> int | None:
    """Return `text` as a whole number that storage can hold, or None."""
    if text and text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= LARGEST:
        return int(text)
    return None


def chosen(name: str) -> int:
    """Return the record that was chosen in a field. Raises Refused where there was none."""
    number = whole_number(request.form.get(name))
    if number is None:
        raise Refused("nothing_chosen", _("Choose one from the list first."))
    return number


def all_chosen(name: str) -> list[int]:
    """Return every record that was ticked."""
    found = [whole_number(text) for text in request.form.getlist(name)]
    return [number for number in found if number is not None]


def page_number() -> int:
    """Return the page that was asked for, from 1."""
    return max(1, min(whole_number(request.args.get("page")) or 1, 10**9))


def at_page(address: str, number: int) -> str:
    """Return the address of one page of a long list, with the filters of this request."""
    return f"{address}?{urlencode({**request.args.to_dict(), 'page': number})}"


def fingerprint(*parts: Any) -> str:
    """Return a short digest of what a page shows, to see at the yes that it is still so."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def as_seen(fingerprint: str) -> bool:
    """Say whether the page that was posted showed what is there now."""
    return hmac.compare_digest(request.form.get("seen", "").encode(), fingerprint.encode())


def typed(name: str, otherwise: Any = "", *, to: str | None = None) -> Any:
    """Return what a refused form held, to show it again; `to` is the address of that form."""
    if request.method != "POST" or (to is not None and request.path != to):
        return otherwise
    return showable(request.form.get(name, str(otherwise or "")))


def day(when: str | None) -> str:
    """Write a kept time as a day, in this request's language and this machine's time."""
    local = _local(when)
    return format_date(local, "medium", rebase=False) if local else ""


def moment(when: str | None) -> str:
    """Write a kept time as a day and a time, likewise."""
    local = _local(when)
    return format_datetime(local, "medium", rebase=False) if local else ""


def _local(when: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(when).astimezone() if when else None
    except ValueError:
        return None


@blueprint.context_processor
def shared() -> dict[str, Any]:
    """Give the pages of the desk their words for days, people and kinds of thing."""
    helpers = (at_page, day, moment, typed)
    return {helper.__name__: helper for helper in helpers} | {"said": sentences}
