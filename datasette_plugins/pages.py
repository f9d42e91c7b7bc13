"""The findings pages: each gathers its rows and hands them to its template."""

from __future__ import annotations

import functools
import json
from collections.abc import Awaitable, Callable
from typing import Any

from . import circle_queries, queries
from .context import Page, open_page
from .datasette_api import NotFound, Response, default_home, tilde_decode
from .links import Query
from .search import Wanted

View = Callable[..., Awaitable[Any]]


def of_a_build(view: Callable[[Page], Awaitable[Any]]) -> View:
    """Make a Datasette view of a function of a `Page`; without a build there is no such page."""

    @functools.wraps(view)
    async def answered(datasette: Any, request: Any) -> Any:
        page = await open_page(datasette, request)
        if page is None:
            if request.path.rstrip("/") == datasette.setting("base_url").rstrip("/"):
                return await default_home(datasette, request)
            raise NotFound("no findings build is served here")
        return await view(page)

    del answered.__wrapped__  # Datasette reads the signature to know what to hand over
    return answered


async def show(page: Page, template: str, **context: Any) -> Any:
    """Answer with a template."""
    body = await page.datasette.render_template(template, context, request=page.request)
    return Response.html(body)


@of_a_build
async def stories(page: Page) -> Any:
    """List the stories that may be read whole."""
    total = await queries.number(page.build, queries.COUNT_STORIES)
    number, offset = page_number(page, total)
    listed = queries.stories(offset=offset, groups=page.names_groups)
    return await show(
        page,
        "findings_stories.html",
        stories=await queries.rows(page.build, listed),
        total=total,
        data=listed,
        pages=turning(page, "stories", {}, number, total),
    )


@of_a_build
async def story(page: Page) -> Any:
    """Show one story whole, as its teller allowed."""
    story_id = tilde_decode(page.request.url_vars["story"])
    data = queries.story(story_id, groups=page.names_groups)
    found = await queries.row(page.build, data)
    if found is None:
        raise NotFound("story")
    answers = [
        {"question": page.local(answer, "question"), "text": answer.get("text", "")}
        for answer in json_list(found["answers"])
        if isinstance(answer, dict)
    ]
    return await show(page, "findings_story.html", story=found, answers=answers, data=data)


@of_a_build
async def changes(page: Page) -> Any:
    """Show what each build brought, the newest first."""
    builds = circle_queries.BUILDS if page.tables >= circle_queries.TABLES else queries.BUILDS
    history = await queries.rows(page.build, builds)
    return await show(page, "findings_changes.html", history=history, data=Query(builds, {}))


async def with_one_quote(page: Page) -> list[dict[str, Any]]:
    """Return every theme with the quote that stands for it in a list."""
    quotes = {row["theme"]: row for row in await queries.rows(page.build, queries.ONE_QUOTE_EACH)}
    themes = await queries.rows(page.build, queries.THEMES)
    return [{**theme, "quote": quotes.get(theme["id"])} for theme in themes]


async def quotes_of(
    page: Page,
    filters: dict[str, str],
    path: str,
    *,
    asked: dict[str, str],
    wanted: Wanted = queries.NOTHING,
) -> dict[str, Any]:
    """Return one page of the quotes that `filters` lets through, and how many there are."""
    total = await queries.number(page.build, queries.count_quotes(filters, wanted))
    number, offset = page_number(page, total)
    found = queries.quotes(filters, wanted, offset=offset, groups=page.names_groups)
    return {
        "quotes": await queries.rows(page.build, found),
        "total": total,
        "data": found,
        "pages": turning(page, path, asked, number, total),
    }


def page_number(page: Page, total: int) -> tuple[int, int]:
    """Return the page asked for and its offset; what is no page counts as the nearest one."""
    typed = page.argument("page", longest=9)
    last = max(1, -(-total // queries.PAGE_SIZE))
    number = min(max(int(typed), 1), last) if typed.isascii() and typed.isdigit() else 1
    return number, (number - 1) * queries.PAGE_SIZE


def turning(
    page: Page, path: str, asked: dict[str, str], number: int, total: int
) -> dict[str, Any]:
    """Return what turns the pages of a list: which page this is, and the addresses beside it."""
    last = max(1, -(-total // queries.PAGE_SIZE))
    return {
        "number": number,
        "last": last,
        "previous": page.links.page(path, **asked, page=number - 1) if number > 1 else None,
        "next": page.links.page(path, **asked, page=number + 1) if number < last else None,
    }


def json_list(text: str) -> list[Any]:
    """Read a JSON list out of a column; what is no list counts as empty."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    return found if isinstance(found, list) else []
