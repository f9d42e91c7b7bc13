"""The search: what was typed, what was looked for, and the quotes and stories found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from . import queries, search, search_queries, vocabulary
from .context import Page
from .pages import of_a_build, page_number, quotes_of, show, turning
from .search import Wanted

#: Whole stories shown below the quotes; the rest have pages of their own.
FEW: Final = 5


@of_a_build
async def quotes(page: Page) -> Any:
    """Find quotes and whole stories by words and by facets; without words, browse all quotes."""
    filters = _filters(page)
    wanted = await look(page, filters["q"])
    themes = await queries.rows(page.build, queries.THEMES)
    return await show(
        page,
        "findings_search.html",
        filters=filters,
        facets=[await _facet(page, name, filters, wanted) for name in queries.FACETS],
        theme_names={theme["id"]: theme["name"] for theme in themes},
        **await _said(page, wanted),
        **await _stories(page, filters, wanted, FEW),
        **await quotes_of(page, filters, "search", asked=filters, wanted=wanted),
    )


@of_a_build
async def stories(page: Page) -> Any:
    """Show all whole stories in which the words were found."""
    filters = _filters(page) | {"theme": ""}
    wanted = await look(page, filters["q"])
    counted = search_queries.count_stories(filters, wanted)
    total = await queries.number(page.build, counted) if wanted else 0
    number, offset = page_number(page, total)
    found = await _stories(page, filters, wanted, queries.PAGE_SIZE, offset)
    return await show(
        page,
        "findings_search_stories.html",
        filters=filters,
        pages=turning(page, "search/stories", filters, number, total),
        **await _said(page, wanted),
        **found,
    )


def _filters(page: Page) -> dict[str, str]:
    return {name: page.argument(name) for name in ("q", *queries.FACETS)}


async def look(page: Page, typed: str) -> Wanted:
    """Say what to look for: what was typed, and as much less exactly as is needed to find anything.

    What a search is narrowed to makes no difference, so that narrowing never changes its words.
    """
    wanted = search.as_written(typed)
    if not wanted:
        return wanted
    words = await vocabulary.of(page.build)
    steps: tuple[Callable[..., Wanted], ...] = (search.with_near, search.with_some)
    wanted = await _with_forms(page, wanted, words)
    for step in steps:
        if wanted and await queries.number(page.build, search_queries.finds(wanted)):
            return wanted
        # looking through the whole vocabulary takes milliseconds, in which others are answered
        wanted = await asyncio.to_thread(step, wanted, words)
        if wanted.stage == "near":
            wanted = await _with_forms(page, wanted, words)
    if wanted and await queries.number(page.build, search_queries.finds(wanted)):
        return wanted
    exact = search.match(typed)
    return replace(wanted, stage="none", match=exact, exact=exact)


async def _with_forms(page: Page, wanted: Wanted, words: vocabulary.Vocabulary) -> Wanted:
    possible = await asyncio.to_thread(search.possible_forms, wanted, words)
    if not possible:
        return wanted
    found = await queries.rows(page.build, search_queries.forms(possible))
    return search.with_forms(wanted, words, [(row["word"], row["form"]) for row in found])


async def _said(page: Page, wanted: Wanted) -> dict[str, Any]:
    """Return what a page says of a search: what was looked for, spelt as people spelt it."""
    other = [one for word in wanted.words if word.how != "written" for one in word.same]
    spelt: dict[str, str] = {}
    if other:
        terms = (await vocabulary.of(page.build)).terms
        asked = {terms.get(one, (one,))[0]: one for one in other}
        for row in await queries.rows(page.build, search_queries.spelt(list(asked))):
            one = asked[row["word"]]
            spelt[one] = search.spelling(row["text"] or "", one)
    return {
        "wanted": wanted,
        "spelt": lambda same: [spelt.get(one, one) for one in same],
        "marked": lambda text: search.marked(text, wanted),
        "excerpt": lambda text: search.excerpt(text, wanted),
    }


async def _stories(
    page: Page, filters: dict[str, str], wanted: Wanted, most: int, offset: int = 0
) -> dict[str, Any]:
    """Return some of the stories that were found; none where nothing was typed, or in a theme."""
    if not wanted or filters["theme"]:
        return {"stories": [], "stories_total": 0, "stories_data": None}
    asked = search_queries.stories(
        filters, wanted, offset=offset, limit=most, groups=page.names_groups
    )
    total = search_queries.count_stories(filters, wanted)
    return {
        "stories": await queries.rows(page.build, asked),
        "stories_total": await queries.number(page.build, total),
        "stories_data": asked,
    }


async def _facet(page: Page, name: str, filters: dict[str, str], wanted: Wanted) -> dict[str, Any]:
    """Return the values of one facet, each with its number of quotes and its address."""
    names: dict[str, Callable[[str], str]] = {
        "theme": str,
        "language": page.words.tongue,
        "kind": page.words.kind,
        "form": page.words.form,
    }
    values = [
        {
            "label": names[name](row["label"]),
            "quotes": row["quotes"],
            "chosen": row["value"] == filters[name],
            "url": page.links.page("search", **{**filters, name: row["value"]}),
        }
        for row in await queries.rows(page.build, queries.facet(name, filters, wanted))
    ]
    return {
        "name": name,
        "choices": values,
        "chosen": filters[name],
        "any": page.links.page("search", **{**filters, name: ""}),
    }
