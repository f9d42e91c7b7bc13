"""How we know: how findings are made, what is hidden, how to check them; and about the data."""

from __future__ import annotations

import json
from typing import Any, Final

from . import circle_queries, queries, trail
from .context import Page
from .links import Query
from .pages import of_a_build, show

TRAIL: Final = """
    select role, action, count(*) as steps
    from audit
    group by role, action
    order by min(seq)
"""
LAST_SEAL: Final = """
    select seq, hash
    from audit
    order by seq desc
    limit 1
"""
ENDORSED: Final = """
    select endorsed_role, endorsed_quarter, count(*) as themes
    from themes
    where endorsed_role <> ''
    group by endorsed_role, endorsed_quarter
    order by endorsed_quarter, endorsed_role
"""
RUNS: Final = """
    select number, quarter, method, seed, settings, versions, limits
    from runs
    order by number
"""
FIGURES: Final = """
    select name, threshold, since, joined, count(*) as tables
    from figures
    group by name, threshold, since, joined
    order by name, threshold, since, joined
"""


@of_a_build
async def how(page: Page) -> Any:
    """Say how these findings came to be, and how anybody can check them."""
    has_trail = "audit" in page.tables
    return await show(
        page,
        "findings_how.html",
        endorsed=await queries.rows(page.build, ENDORSED),
        endorsed_data=Query(ENDORSED, {}),
        runs=await _runs(page),
        runs_data=Query(RUNS, {}),
        contracts=await circle_queries.rows(page, circle_queries.CONTRACT),
        contract_data=Query(circle_queries.CONTRACT, {}),
        figures=await _figures(page),
        figures_data=Query(FIGURES, {}),
        work=trail.gathered(await queries.rows(page.build, TRAIL), page.words) if has_trail else [],
        seal=await queries.row(page.build, LAST_SEAL) if has_trail else None,
        data=Query(TRAIL, {}),
        tables=page.tables,
        downloadable=_is_downloadable(page),
        file_name=f"{page.build.name}.db",
    )


@of_a_build
async def about(page: Page) -> Any:
    """Say what the data are, what one may do with them, and where each table is."""
    return await show(
        page,
        "findings_about.html",
        contact=page.local(page.inquiry, "contact"),
        tables=page.tables,
        downloadable=_is_downloadable(page),
        data=Query(queries.INQUIRY, {}),
    )


def _is_downloadable(page: Page) -> bool:
    """Say whether the whole build can be taken away as one file."""
    return bool(page.datasette.setting("allow_download")) and not page.build.is_mutable


async def _runs(page: Page) -> list[dict[str, Any]]:
    """Return the theming runs with their settings and versions as pairs; none in older builds."""
    if "runs" not in page.tables:
        return []
    return [
        row
        | {
            "settings": _pairs(row["settings"]),
            "versions": _pairs(row["versions"]),
            "limits": _texts(row["limits"]),
        }
        for row in await queries.rows(page.build, RUNS)
    ]


async def _figures(page: Page) -> list[dict[str, Any]]:
    """Return how the figures of people came about; nothing where an older build does not say."""
    if "figures" not in page.tables:
        return []
    return [
        row | {"joined": [page.words.joined(code) for code in _texts(row["joined"])]}
        for row in await queries.rows(page.build, FIGURES)
    ]


def _pairs(text: str) -> list[tuple[str, str]]:
    """Read a JSON object as pairs; what is none counts as empty."""
    found = _json(text)
    pairs = found.items() if isinstance(found, dict) else ()
    return [(str(name), str(value)) for name, value in pairs]


def _texts(text: str) -> list[str]:
    """Read a JSON list as texts; what is none counts as empty."""
    found = _json(text)
    return [str(one) for one in found] if isinstance(found, list) else []


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
