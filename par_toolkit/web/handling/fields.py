"""What was typed or chosen in a form."""

from __future__ import annotations

from typing import Any, Final

from flask import request
from flask_babel import gettext as _

from forms import clean_text
from forms.text import showable
from par_toolkit.storage.errors import Refused

#: An id in an address: SQLite holds no larger whole number than this, which is enough for ids.
ID: Final = "int(max=9007199254740991)"
LARGEST: Final = 9_007_199_254_740_991
#: The longest reason or meaning that people give; a page of notes.
NOTE_LENGTH: Final = 5_000


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


def typed(name: str, otherwise: Any = "", *, to: str | None = None) -> Any:
    """Return what a refused form held, to show it again; `to` is the address of that form."""
    if request.method != "POST" or (to is not None and request.path != to):
        return otherwise
    return showable(request.form.get(name, str(otherwise or "")))
