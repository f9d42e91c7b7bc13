"""The pages about themes: all of them, one with all that stands behind it, and voices in none."""

from __future__ import annotations

from typing import Any, Final

from . import answers, bars, queries, theme_queries
from .context import Page
from .datasette_api import NotFound, tilde_decode, tilde_encode
from .links import Query
from .pages import json_list, of_a_build, page_number, show, turning, with_one_quote
from .words import CHECKS, HIDDEN

#: Voices outside every theme that the list of themes shows; the rest have a page of their own.
FEW: Final = 3
ALL: Final = "all"

Row = dict[str, Any]


@of_a_build
async def themes(page: Page) -> Any:
    """Show every theme with one quote, and a few voices that stand in none."""
    return await show(
        page,
        "findings_themes.html",
        themes=await with_one_quote(page),
        alone=await queries.rows(
            page.build, theme_queries.alone(groups=page.names_groups, limit=FEW)
        ),
        alone_total=await queries.number(page.build, theme_queries.COUNT_ALONE),
        data=Query(queries.THEMES, {}),
    )


@of_a_build
async def alone(page: Page) -> Any:
    """Show the quotes that stand in no theme."""
    total = await queries.number(page.build, theme_queries.COUNT_ALONE)
    number, offset = page_number(page, total)
    asked = theme_queries.alone(groups=page.names_groups, offset=offset)
    return await show(
        page,
        "findings_alone.html",
        quotes=await queries.rows(page.build, asked),
        total=total,
        pages=turning(page, "alone", {}, number, total),
        data=asked,
    )


@of_a_build
async def theme(page: Page) -> Any:
    """Show one theme: what it means, who spoke of it, what they said, and how it was made."""
    theme_id = tilde_decode(page.request.url_vars["theme"])
    asked = Query(theme_queries.THEME if page.names_groups else queries.THEME, {"theme": theme_id})
    found = await queries.row(page.build, asked)
    if found is None:
        raise NotFound("theme")
    return await show(
        page,
        "findings_theme.html",
        theme=found,
        theme_data=asked,
        typical=json_list(found["words"]),
        people=await _people(page, theme_id),
        checks=await _checks(page, theme_id),
        made_of_it=await answers.of_theme(page, theme_id),
        alone_total=await queries.number(page.build, theme_queries.COUNT_ALONE),
        **await _quotes(page, theme_id),
    )


async def _quotes(page: Page, theme: str) -> Row:
    """Return a page of a theme's quotes, and by what they can be narrowed.

    Those of one kind or group are not counted: so many quotes are not so many people.
    """
    path, params = "theme/" + tilde_encode(theme), {"theme": theme}
    rows = (
        await queries.rows(page.build, Query(theme_queries.BESIDE, params))
        if page.names_groups
        else []
    )
    values = {row["kind"] or row["stakeholder_group"]: _named(page, row) for row in rows}
    beside = page.argument("beside", longest=100)
    if beside not in values:
        beside = ""
    total = await queries.number(page.build, Query(theme_queries.COUNT, params))
    number, offset = page_number(page, total)
    asked = theme_queries.quotes(theme, groups=page.names_groups, beside=beside, offset=offset)
    quotes = await queries.rows(page.build, asked)
    turned = turning(page, path, {"beside": beside}, number, total)
    if beside:
        more = len(quotes) > queries.PAGE_SIZE
        turned |= {"last": None, "next": turned["next"] if more else None}
    return {
        "quotes": quotes[: queries.PAGE_SIZE],
        "total": total,
        "chosen": values.get(beside, ""),
        "values": [
            {"label": name, "chosen": value == beside, "url": page.links.page(path, beside=value)}
            for value, name in sorted(values.items(), key=lambda one: one[1].casefold())
        ],
        "every": page.links.page(path),
        "pages": turned,
        "data": asked,
    }


def _named(page: Page, row: Row) -> str:
    return page.words.kind(row["kind"]) if row["kind"] else page.local(row, "group")


async def _people(page: Page, theme: str) -> Row | None:
    """Return how many people of each group spoke of a theme; None where the build does not say.

    Groups come largest first, hidden ones last and by name: their order says nothing of their size.
    """
    if theme_queries.THEME_PEOPLE not in page.tables:
        return None
    asked = Query(theme_queries.PEOPLE, {"theme": theme})
    rows = await queries.rows(page.build, asked)
    lines = [row | {"name": page.local(row, "group")} for row in rows]
    lines.sort(
        key=lambda row: (
            row["stakeholder_group"] == ALL, -(row["people"] or 0), row["name"].casefold(),
        )
    )  # fmt: skip
    groups = [row for row in lines if row["stakeholder_group"] != ALL]
    shown = any(row["people"] is not None for row in groups)
    return {
        "lines": lines,
        "chart": _chart(page, [(row["name"], row) for row in groups]) if shown else None,
        "data": asked,
    }


async def _checks(page: Page, theme: str) -> Row | None:
    """Return what tellers said of a theme; None where the build does not say."""
    if theme_queries.MEMBER_CHECKS not in page.tables:
        return None
    asked = Query(theme_queries.CHECKS, {"theme": theme})
    rows = await queries.rows(page.build, asked)
    answers = [row for row in rows if row["answer"] != ALL]
    answers.sort(key=lambda row: list(CHECKS).index(row["answer"]))
    named = [(page.words.check(row["answer"]), row) for row in answers]
    shown = any(row["people"] is not None for row in answers)
    return {
        "lines": [*named, *((page.words.check(ALL), row) for row in rows if row["answer"] == ALL)],
        "chart": _chart(page, named) if shown else None,
        "data": asked,
    }


def _chart(page: Page, named: list[tuple[str, Row]]) -> bars.Chart | None:
    """Draw a bar for each figure; hidden ones are a stub of one length."""
    most = max((row["people"] or 0 for _, row in named), default=0)
    return bars.chart(
        bars.Shown(
            name,
            page.words(HIDDEN) if row["people"] is None else page.words.number(row["people"]),
            () if row["people"] is None else (("known", row["people"]),),
            whole=most,
            hidden=row["people"] is None,
        )
        for name, row in named
    )
