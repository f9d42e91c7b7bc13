"""The findings pages: a Datasette plugin that sees a findings build and nothing else.

It recognises a build by its tables, so it works under `par serve` and with plain
`datasette serve build-000001.db` alike. Every page here answers without scripts and has a
link to the query behind it.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from . import (
    builds,
    circle_pages,
    datasette_api,
    dictionary,
    errors,
    feed,
    heard,
    home,
    how,
    metadata,
    pages,
    policy,
    programs,
    questions,
    search_pages,
    spreadsheets,
    static_files,
    theme_pages,
    vocabulary,
)
from .context import template_values
from .datasette_api import hookimpl

#: First parts of the addresses that the pages answer; whoever mounts them need let in no others.
PAGES = frozenset(
    {"", "themes", "theme", "search", "stories", "story", "changes", "about", "data"}
    | {"questions", "question"}
    | {"standing", "agreement", "statement", "unresolved", "done", "alone", "heard", "how"}
)
#: Those that programs read.
FOR_PROGRAMS = frozenset({"feed", "themes.json", "changes.json", "data.json", "questions.json"})
ADDRESSES = PAGES | FOR_PROGRAMS


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Give the findings pages their addresses, before Datasette's own."""
    return [
        (r"/$", home.home),
        (r"/themes$", theme_pages.themes),
        (r"/theme/(?P<theme>[^/]+)$", theme_pages.theme),
        (r"/alone$", theme_pages.alone),
        (r"/search$", search_pages.quotes),
        (r"/search/stories$", search_pages.stories),
        (r"/stories$", pages.stories),
        (r"/story/(?P<story>[^/]+)$", pages.story),
        (r"/standing$", circle_pages.standing),
        (r"/agreement$", circle_pages.agreement),
        (r"/statement/(?P<statement>[^/]+)$", circle_pages.statement),
        (r"/unresolved$", circle_pages.unresolved),
        (r"/done$", circle_pages.done),
        (r"/heard$", heard.heard),
        (r"/how$", how.how),
        (r"/changes$", pages.changes),
        (r"/feed$", feed.feed),
        (r"/about$", how.about),
        (r"/data$", dictionary.dictionary),
        ("/themes.json$", programs.themes),
        ("/changes.json$", programs.changes),
        ("/data.json$", programs.data),
        (r"/questions$", questions.all_questions),
        (r"/question/(?P<question>[a-z]+)$", questions.question),
        ("/questions.json$", questions.list_for_programs),
        (r"/question/(?P<question>[a-z]+).(?P<format>csv|json)$", questions.for_programs),
        (r"/-/findings/(?P<name>[^/]+)$", static_files.serve),
    ]


@hookimpl
def startup(datasette: Any) -> Callable[[], Awaitable[None]]:
    """Read once what the build says of its tables, and which words are in it."""
    return functools.partial(_prepare, datasette)


async def _prepare(datasette: Any) -> None:
    try:
        build = await builds.find(datasette)
        if build is not None:
            await metadata.gather(datasette, build)
            await vocabulary.of(build)
    except sqlite3.DatabaseError:  # whoever opens a page of it is told
        return


@hookimpl
def get_metadata(datasette: Any, table: str | None) -> dict[str, Any]:
    """Tell Datasette the licence of a build, and what its tables and columns mean."""
    return metadata.of(datasette, table)


@hookimpl
def extra_template_vars(request: Any, datasette: Any) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Hand every template the reader's language, the links and what the build says of itself."""
    return functools.partial(template_values, datasette, request)


@hookimpl
def prepare_connection(conn: Any) -> None:
    """Bound what one query may make."""
    datasette_api.bound_connection(conn)


@hookimpl
def asgi_wrapper() -> Callable[[Any], Any]:
    """Send a strict content security policy with every answer, and CSV that holds no formula."""
    return lambda app: policy.with_policy(spreadsheets.with_neutral_cells(app))


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Iterator[None]:
    """Answer a failure in plain words, in place of Datasette's own answer.

    A wrapper, because Datasette runs every hook it is given, and its own prints the
    traceback with all local values, a visitor's words among them.
    """
    outcome = yield
    outcome.force_result([functools.partial(errors.answer, datasette, request, exception)])  # type: ignore[attr-defined]
