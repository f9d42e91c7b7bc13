"""What every page needs: the build, what it says of itself, the reader's language and the links."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from . import builds, circle_queries, queries, static_files
from .links import Links
from .words import LANGUAGES, Words, pick

#: Where `par serve` mounts the findings; the inquiry's own pages are then beside them.
MOUNT = "/findings/"


@dataclass(frozen=True)
class Page:
    """A request to a findings build, which may be an older one with fewer tables."""

    datasette: Any
    request: Any
    build: Any
    inquiry: dict[str, Any]
    words: Words
    links: Links
    tables: frozenset[str]

    @property
    def names_groups(self) -> bool:
        """Say whether the build has columns for a group beside words, and says how it was made."""
        return "runs" in self.tables

    def argument(self, name: str, *, longest: int = 1000) -> str:
        """Return one value of the query string, cut to `longest` characters; '' when absent."""
        return str(self.request.args.get(name) or "")[:longest]

    def local(self, row: dict[str, Any], name: str) -> str:
        """Return the column of `row` that is in the reader's language, or in the other one."""
        first = row.get(f"{name}_{self.words.language}")
        return first or next((row[key] for key in (f"{name}_en", f"{name}_fr") if row.get(key)), "")


async def open_page(datasette: Any, request: Any) -> Page | None:
    """Gather what a page of the build needs, once a request; None where no build is served."""
    if "findings_page" not in request.scope:
        build = await builds.find(datasette)
        request.scope["findings_page"] = build and await _gather(datasette, request, build)
    page: Page | None = request.scope["findings_page"]
    return page


async def _gather(datasette: Any, request: Any, build: Any) -> Page:
    inquiry = await queries.row(build, queries.INQUIRY) or {}
    asked = request.args.get("lang") or request.args.get("_lang") or ""
    chosen = asked if asked in LANGUAGES else ""
    words = Words(chosen or pick(*_languages(inquiry)))
    return Page(
        datasette,
        request,
        build,
        inquiry,
        words,
        make_links(datasette, request, build, chosen),
        frozenset(await build.table_names()),
    )


def _languages(inquiry: dict[str, Any]) -> list[str]:
    try:
        spoken = json.loads(inquiry.get("languages") or "[]")
    except ValueError:
        return []
    return [code for code in spoken if isinstance(code, str)] if isinstance(spoken, list) else []


def make_links(datasette: Any, request: Any, build: Any, chosen: str) -> Links:
    """Make the links of a request, whether or not the base address is still on its path."""
    base = datasette.setting("base_url")
    here = request.path if base != "/" and request.path.startswith(base) else None
    return Links(
        urls=datasette.urls,
        database=build.name if build is not None else "",
        chosen=chosen,
        here=str(here or datasette.urls.path(request.path)),
        query=tuple(parse_qsl(request.query_string, keep_blank_values=True)[:100]),
        sql_allowed=bool(datasette.setting("default_allow_sql")),
    )


async def template_values(datasette: Any, request: Any) -> dict[str, Any]:
    """Return what `base.html` and the plain tables need; safe for any request and any database."""
    page = await open_page(datasette, request) if request is not None else None
    words = page.words if page else Words(pick())
    beside = datasette.setting("base_url") == MOUNT
    chosen = {"lang": page.links.chosen} if page and page.links.chosen else {}
    return {
        "_": words,
        "words": words,
        "page": page,
        "links": page.links if page else None,
        "inquiry": page.inquiry if page else {},
        "from_circles": page is not None and page.tables >= circle_queries.TABLES,
        "languages": LANGUAGES,
        "style_url": datasette.urls.path(static_files.address("findings.css")),
        "neighbour": _neighbour(chosen) if beside else None,
    }


def _neighbour(chosen: dict[str, str]) -> Any:
    """Return what makes addresses of the inquiry's own pages, beside these under `par serve`."""
    return lambda path: f"{path}?{urlencode(chosen)}" if chosen else path
