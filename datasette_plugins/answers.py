"""What circles made of a theme: its questions, whether groups agree on them, and what is done."""

from __future__ import annotations

from typing import Any

from . import agreeing, circle_queries
from .context import Page
from .links import Query

Row = dict[str, Any]


async def of_theme(page: Page, theme: str) -> Row:
    """Gather what came of a theme: `items` with their statements and actions, and the query.

    `items` are the claims, concerns and issues that were taken from the theme or from words under
    it; each has `statements` that were put to groups and `actions` that answer it.
    """
    data = Query(circle_queries.ITEMS_OF_THEME, {"theme": theme})
    items = await circle_queries.rows(page, data)
    statements = await statements_of(page, circle_queries.STATEMENTS) if items else []
    actions = await circle_queries.rows(page, circle_queries.ACTIONS) if items else []
    return {
        "items": [
            item
            | {
                "statements": [one for one in statements if one.item == item["id"]],
                "actions": [one for one in actions if one["item"] == item["id"]],
            }
            for item in items
        ],
        "data": data,
    }


async def counts_by_theme(page: Page) -> dict[str, Row]:
    """Count by theme its claims, concerns and issues, and the statements and actions about them."""
    rows = await circle_queries.rows(page, circle_queries.MADE_OF_THEMES)
    return {row["theme"]: row for row in rows}


async def statements_of(page: Page, query: Query | str) -> list[agreeing.Statement]:
    """Put the statements that `query` finds together with their figures and reasons."""
    return agreeing.read(
        await circle_queries.rows(page, query),
        await circle_queries.rows(page, circle_queries.AGREEMENT),
        await circle_queries.rows(page, circle_queries.REASONS),
        page.words.language,
    )
