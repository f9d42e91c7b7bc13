"""The pages about what circles and meetings made of the stories: where we stand, who agrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from . import agreeing, bars, circle_queries, queries
from .answers import statements_of
from .context import Page
from .datasette_api import NotFound, tilde_decode
from .links import Query
from .pages import of_a_build, show

#: What still waits for people, and what came to an end.
UNSETTLED: Final = ("unresolved", "information_wanted", "reopened", "open")
STATES: Final = ("resolved", *UNSETTLED)
#: What was done comes first: it is what people were promised to hear.
ACTION_STATES: Final = ("done", "changed", "open", "dropped")

Row = dict[str, Any]


@of_a_build
async def standing(page: Page) -> Any:
    """Show where each cycle stands, what was agreed, and what was resolved in it."""
    items = await circle_queries.rows(page, circle_queries.ITEMS)
    contracts = await circle_queries.rows(page, circle_queries.CONTRACT)
    cycles = await circle_queries.rows(page, circle_queries.CYCLES)
    return await show(
        page,
        "findings_standing.html",
        cycles=[cycle | {"items": _of_cycle(items, cycle["id"])} for cycle in cycles],
        names={cycle["id"]: page.local(cycle, "name") for cycle in cycles},
        states=_states(page, items),
        resolved=_where(items, "state", "resolved"),
        contracts=contracts,
        statements=len(await circle_queries.rows(page, circle_queries.STATEMENTS)),
        actions=Counter(
            row["state"] for row in await circle_queries.rows(page, circle_queries.ACTIONS)
        ),
        unsettled=sum(item["state"] in UNSETTLED for item in items),
        data=Query(circle_queries.CYCLES, {}),
        items_data=Query(circle_queries.ITEMS, {}),
    )


def _of_cycle(items: Iterable[Row], cycle: str) -> Row:
    counted = Counter(item["state"] for item in items if item["cycle"] == cycle)
    return {state: counted[state] for state in STATES if counted[state]}


def _states(page: Page, items: Iterable[Row]) -> Row:
    """Return how many claims, concerns and issues stand how, with a chart of them."""
    counted = Counter(item["state"] for item in items)
    most = max(counted.values(), default=0)
    rows = [(state, counted[state]) for state in STATES if counted[state]]
    chart = bars.chart(
        bars.Shown(page.words.state(state), page.words.number(n), (("known", n),), whole=most)
        for state, n in rows
    )
    return {"rows": rows, "chart": chart}


@of_a_build
async def agreement(page: Page) -> Any:
    """Show every statement with its headline, and beside it why people do not agree."""
    statements = await statements_of(page, circle_queries.STATEMENTS)
    return await show(
        page,
        "findings_agreement.html",
        statements=statements,
        chart=agreeing.headlines(statements, page.words),
        told=sum(one.minimum is not None for one in statements),
        cycles=await _cycle_names(page),
        data=Query(circle_queries.STATEMENTS, {}),
    )


@of_a_build
async def statement(page: Page) -> Any:
    """Show one statement: figures by group as far as they may be shown, and every reason."""
    wanted = tilde_decode(page.request.url_vars["statement"])
    found = [
        one for one in await statements_of(page, circle_queries.STATEMENTS) if one.id == wanted
    ]
    if not found:
        raise NotFound("statement")
    return await show(
        page,
        "findings_statement.html",
        statement=found[0],
        chart=agreeing.by_group(found[0], page.words),
        actions=_where(
            await circle_queries.rows(page, circle_queries.ACTIONS), "item", found[0].item or ""
        ),
        cycles=await _cycle_names(page),
        data=Query(circle_queries.AGREEMENT_OF, {"statement": wanted}),
    )


@of_a_build
async def unresolved(page: Page) -> Any:
    """Show what stays unresolved with the views side by side, and how each group sees the whole."""
    items = await circle_queries.rows(page, circle_queries.ITEMS)
    constructions = await circle_queries.rows(page, circle_queries.CONSTRUCTIONS)
    actions = await circle_queries.rows(page, circle_queries.ACTIONS)
    statements = await circle_queries.rows(page, circle_queries.STATEMENTS)
    return await show(
        page,
        "findings_unresolved.html",
        items=[
            item
            | {
                "views": _where(constructions, "item", item["id"]),
                "actions": _where(actions, "item", item["id"]),
                "statements": _where(statements, "item", item["id"]),
            }
            for state in UNSETTLED
            for item in items
            if item["state"] == state
        ],
        circles=[
            one | {"beside": _where(constructions, "beside", one["id"])}
            for one in constructions
            if one["kind"] == "circle"
        ],
        alone=[one for one in constructions if one["kind"] == "alternative" and not one["beside"]],
        cycles=await _cycle_names(page),
        data=Query(circle_queries.CONSTRUCTIONS, {}),
        items_data=Query(circle_queries.ITEMS, {}),
    )


@of_a_build
async def done(page: Page) -> Any:
    """Show what was said and what was done about it."""
    actions = await circle_queries.rows(page, circle_queries.ACTIONS)
    items = await circle_queries.rows(page, circle_queries.ITEMS)
    return await show(
        page,
        "findings_done.html",
        actions=[row for state in ACTION_STATES for row in actions if row["state"] == state],
        counted=Counter(row["state"] for row in actions),
        states=ACTION_STATES,
        none_follows=[item for item in items if item["no_action"]],
        led_here=await _led_here(page),
        cycles=await _cycle_names(page),
        data=Query(circle_queries.ACTIONS, {}),
    )


async def _led_here(page: Page) -> Row | None:
    """Return how many people of each group told what led to actions, by state of these.

    `lines` are (name, code, figure of each state or None where nobody is said), everybody last;
    None where the build has no such figures.
    """
    if "action_people" not in page.tables:
        return None
    rows = await queries.rows(page.build, circle_queries.ACTION_PEOPLE)
    states = [state for state in ACTION_STATES if any(row["state"] == state for row in rows)]
    names = {row["stakeholder_group"]: page.local(row, "group") for row in rows}
    found = {(row["stakeholder_group"], row["state"]): row for row in rows}
    # by name: the order of hidden figures must say nothing
    order = sorted(names, key=lambda code: (code == agreeing.ALL, names[code].casefold()))
    return {
        "states": states,
        "lines": [
            (names[code], code, [found.get((code, state)) for state in states]) for code in order
        ],
        "told": any(row["people"] is not None for row in rows),
        "data": Query(circle_queries.ACTION_PEOPLE, {}),
    }


def _where(rows: Iterable[Row], column: str, value: str) -> list[Row]:
    return [row for row in rows if row[column] == value]


async def _cycle_names(page: Page) -> dict[str, str]:
    cycles = await circle_queries.rows(page, circle_queries.CYCLES)
    return {cycle["id"]: page.local(cycle, "name") for cycle in cycles}
