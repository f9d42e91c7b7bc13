"""What the pages say, as JSON for programs, at addresses that stay the same from build to build.

The rows are those of the very queries behind the pages. Ids of themes are new in each build.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from . import circle_queries, dictionary, queries
from .context import Page
from .datasette_api import Response
from .pages import of_a_build


@of_a_build
async def themes(page: Page) -> Any:
    """Answer with every theme, its typical words, who stands behind it and how many quotes."""
    rows = await queries.rows(page.build, queries.THEMES)
    found = [
        row | {"words": _listed(row["words"]), "named_by_people": bool(row["named_by_people"])}
        for row in rows
    ]
    return answer(page, {"themes": found})


@of_a_build
async def changes(page: Page) -> Any:
    """Answer with what each build brought, the newest first."""
    asked = circle_queries.BUILDS if page.tables >= circle_queries.TABLES else queries.BUILDS
    return answer(page, {"builds": await queries.rows(page.build, asked)})


@of_a_build
async def data(page: Page) -> Any:
    """Answer with what each table and column means."""
    return answer(page, {"tables": [asdict(one) for one in await dictionary.tables(page.build)]})


def answer(page: Page, said: dict[str, Any]) -> Any:
    """Put beside what is said which build says it, and under which licence it may be used."""
    about = {name: page.inquiry.get(name) for name in ("name", "build", "quarter", "licence")}
    return Response.json({"inquiry": about, **said})


def _listed(text: str) -> list[Any]:
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    return found if isinstance(found, list) else []
