"""The first page: what is asked, who was heard, what was found, is disputed and is being done."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from . import agreeing, answers, circle_queries, queries
from . import participation as figures
from .circle_pages import ACTION_STATES, UNSETTLED
from .context import Page
from .heard import took_part
from .links import Query
from .pages import of_a_build, show, with_one_quote

#: How many of each stand on the first page; a page of their own has all of them.
FEW: Final = 3
MOST_THEMES: Final = 12

Row = dict[str, Any]


@of_a_build
async def home(page: Page) -> Any:
    """Answer in one small page the questions that people come with, and lead on to each."""
    people = await took_part(page)
    return await show(
        page,
        "findings_home.html",
        about=page.local(page.inquiry, "about"),
        participation=people,
        chart=figures.chart(people, page.words),
        counts=await queries.row(page.build, queries.COUNTS),
        latest=(await queries.rows(page.build, queries.BUILDS))[:1],
        stories=await queries.rows(page.build, Query(queries.STORIES, {"limit": FEW, "offset": 0})),
        most_themes=MOST_THEMES,
        themes=await _themes(page),
        disputed=await _disputed(page),
        done=await _done(page),
        participation_data=Query(queries.PARTICIPATION, {}),
        data=Query(queries.THEMES, {}),
    )


async def _themes(page: Page) -> list[Row]:
    """Return each theme with one quote, and how much circles made of it."""
    made = await answers.counts_by_theme(page)
    return [theme | {"made": made.get(theme["id"])} for theme in await with_one_quote(page)]


async def _disputed(page: Page) -> Row:
    """Return the statements on which groups agree least, and what stays unresolved."""
    statements = await answers.statements_of(page, circle_queries.STATEMENTS)
    told = [one for one in reversed(statements) if one.minimum is not None]
    items = await circle_queries.rows(page, circle_queries.ITEMS)
    open_items = [item for state in UNSETTLED for item in items if item["state"] == state]
    return {
        "statements": statements,
        "chart": agreeing.headlines(told[:FEW], page.words, numbered=False),
        "least": told[:FEW] or statements[:FEW],
        "items": open_items,
        "data": Query(circle_queries.STATEMENTS, {}),
    }


async def _done(page: Page) -> Row:
    """Return the actions, those with news first, and how many stand how."""
    actions = await circle_queries.rows(page, circle_queries.ACTIONS)
    counted = Counter(action["state"] for action in actions)
    return {
        "actions": [one for state in ACTION_STATES for one in actions if one["state"] == state],
        "counted": [(state, counted[state]) for state in ACTION_STATES if counted[state]],
        "data": Query(circle_queries.ACTIONS, {}),
    }
