"""Pages for when no build can answer: before the first one, or when an address is refused.

They need no Datasette and no build, so whoever mounts the findings can always show them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

import jinja2

from . import static_files
from .words import LANGUAGES, Words, _, pick


@dataclass(frozen=True)
class Notice:
    """What a plain page says."""

    status: int
    title: str
    text: str


BEFORE_THE_FIRST: Final = Notice(
    200,
    _("Nothing has been published yet"),
    _(
        "This is where people's words will stand once they have been told, read with care and "
        "released. Come back later, or tell your own story now."
    ),
)
FOR_THE_WORD: Final = Notice(
    401,
    _("The findings ask for a word"),
    _(
        "These findings are for people of this place. Open them in a browser and type the word "
        "that they share; a program then needs the cookie of that browser."
    ),
)
FOR_PEOPLE: Final = Notice(
    401,
    _("The findings ask who you are"),
    _(
        "These findings are for people who were invited to look. Sign in with a browser; a "
        "program then needs the cookie of that browser."
    ),
)
FOR_THE_DESK: Final = Notice(
    401,
    _("This is for the people who publish"),
    _("What waits here is not published. Sign in at the desk to read it."),
)
NOTHING_WAITS: Final = Notice(
    404,
    _("No build waits"),
    _("It was published or deleted, or another is being made. Look at the desk, under Publish."),
)
UNAVAILABLE: Final = Notice(
    503,
    _("The findings cannot be shown just now"),
    _(
        "The people who run this inquiry need to look at it. Nothing was lost. "
        "Please try again later."
    ),
)
MISSING: Final = Notice(
    404,
    _("There is nothing at this address"),
    _("Look for it from the first page of the findings."),
)
ONLY_READING: Final = Notice(
    405,
    _("These pages can only be read"),
    _(
        "Nothing can be sent to the findings. "
        "To change what we may do with your story, open it with your code."
    ),
)
TOO_LONG: Final = Notice(
    414,
    _("That address is too long"),
    _("Use fewer words or a shorter query."),
)
FAILED: Final = Notice(
    500,
    _("Something went wrong here"),
    _("It is not your doing, and nothing was lost. Please try again, or go to the first page."),
)


def reader_language(query_string: str, accept_language: str) -> str:
    """Choose the language that the address asks for, else the browser's first that we speak."""
    try:
        asked = parse_qs(query_string, max_num_fields=100)
    except ValueError:
        asked = {}
    wishes = [part.split(";")[0] for part in accept_language.split(",")[:20]]
    return pick(*asked.get("lang", ()), *asked.get("_lang", ()), *wishes)


def render(notice: Notice, *, language: str, base_url: str) -> str:
    """Write the page of `notice` as HTML."""
    return _template().render(
        notice=notice,
        _=Words(language),
        words=Words(language),
        languages=LANGUAGES,
        base_url=base_url,
        style_url=base_url + static_files.address("findings.css"),
    )


@functools.cache
def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader(__package__, "templates")
    return jinja2.Environment(loader=loader, autoescape=True).get_template("findings_plain.html")
