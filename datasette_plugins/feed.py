"""An Atom feed of what each build brought: for people who want to hear when there is something new.

It counts what is new and repeats nobody's words: feed readers keep what they once fetched.
"""

from __future__ import annotations

import re
import uuid
from typing import Any, Final
from xml.etree import ElementTree  # nosec B405: only written, never read

from . import circle_queries, queries
from .context import Page
from .datasette_api import Response
from .pages import of_a_build
from .words import _

ATOM: Final = "http://www.w3.org/2005/Atom"
CONTENT_TYPE: Final = "application/atom+xml; charset=utf-8"
TITLE: Final = _("What is new: {inquiry}")
BUILD: Final = _("Build {number}")
#: What XML cannot hold, however it is written.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_DATE: Final = "1970-01-01T00:00:00Z"


@of_a_build
async def feed(page: Page) -> Any:
    """Answer with the builds, the newest first."""
    asked = circle_queries.BUILDS if page.tables >= circle_queries.TABLES else queries.BUILDS
    history = await queries.rows(page.build, asked)
    ElementTree.register_namespace("", ATOM)
    root = _element(None, "feed", **{"xml:lang": page.words.language})
    changes = page.datasette.absolute_url(page.request, page.links.page("changes"))
    own = page.datasette.absolute_url(page.request, page.links.page("feed"))
    name = page.inquiry.get("name") or ""
    _element(root, "id", _identity(page, "feed"))
    _element(root, "title", page.words(TITLE, inquiry=name))
    _element(root, "updated", _begins(history[0]["quarter"]) if history else _NO_DATE)
    _element(root, "link", rel="self", type="application/atom+xml", href=own)
    _element(root, "link", rel="alternate", type="text/html", href=changes)
    _element(_element(root, "author"), "name", name)
    _element(root, "rights", page.inquiry.get("licence") or "")
    for row in history:
        _entry(page, root, row, changes)
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type=CONTENT_TYPE)


def _entry(page: Page, root: Any, row: dict[str, Any], changes: str) -> None:
    words = page.words
    entry = _element(root, "entry")
    _element(entry, "id", _identity(page, f"build {row['build']}"))
    quarter = words.quarter(row["quarter"])
    _element(entry, "title", f"{words(BUILD, number=row['build'])} · {quarter}")
    _element(entry, "updated", _begins(row["quarter"]))
    _element(entry, "link", rel="alternate", type="text/html", href=changes)
    _element(entry, "summary", page.local(row, "note"))


def _identity(page: Page, what: str) -> str:
    """Name a feed or a build for ever, wherever it is served."""
    inquiry = page.inquiry
    place = f"{inquiry.get('name')}\n{inquiry.get('locality')}\n{what}"
    return uuid.uuid5(uuid.NAMESPACE_URL, place).urn


def _begins(quarter: str) -> str:
    """Return the first day of a quarter such as 2026-Q4: no finer date is published."""
    found = re.fullmatch(r"(\d{4})-Q([1-4])", quarter or "")
    return f"{found[1]}-{3 * int(found[2]) - 2:02d}-01T00:00:00Z" if found else _NO_DATE


def _element(parent: Any, tag: str, text: str = "", **attributes: str) -> Any:
    """Add an element of Atom to `parent`, or make one without."""
    names = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    if parent is None:
        made = ElementTree.Element(f"{{{ATOM}}}{tag}", names)
    else:
        made = ElementTree.SubElement(parent, f"{{{ATOM}}}{tag}", names)
    made.text = _NOT_XML.sub("", text) or None
    return made
