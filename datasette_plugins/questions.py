"""Stored queries: common questions, which the build holds as rows and whose answers are pages.

They run within the limits of any other query; as CSV and JSON they keep their addresses.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from . import queries
from .context import Page
from .datasette_api import NotFound, Response, check_select
from .links import Query
from .pages import of_a_build, show
from .programs import answer
from .words import HIDDEN, Words, _

#: The table of a build that holds them; builds of earlier formats have none.
TABLE: Final = "queries"

LISTED: Final = """
    select id, title_en, title_fr, about_en, about_fr, parameters
    from queries
    order by position
"""
_ONE: Final = """
    select id, title_en, title_fr, about_en, about_fr, sql, parameters, headings
    from queries
    where id = :question
"""
SHOWN: Final = {
    "shown": _("shown"),
    "hidden": HIDDEN,
    "nobody_answered": _("nobody answered"),
    "not_asked": _("was not asked"),
}
#: How the codes in a column are said; a share is a number between 0 and 1.
SAID: Final[dict[str, Callable[[Words, Any], str]]] = {
    "kind": Words.item_kind,
    "state": Words.state,
    "action_state": Words.action_state,
    "position": Words.position,
    "answer": Words.check,
    "language": Words.tongue,
    "quarter": Words.quarter,
    "due": Words.quarter,
    "table_name": Words.people_table,
    "shown": lambda words, code: words.named(SHOWN, code),
    "least": Words.share,
    "agreement": Words.share,
}
#: Longest value of a parameter: in a pattern of LIKE even four bytes a letter stay in the limit.
LONGEST: Final = 48
#: Most columns of a table; a telephone shows the end of a wider one only to whoever looks for it.
WIDEST: Final = 5
#: Other languages' columns end so.
_ENDINGS: Final = {"en": "_en", "fr": "_fr"}


@dataclass(frozen=True)
class Answer:
    """A question with its query and parameters, and the rows that it gives; perhaps not all."""

    question: dict[str, Any]
    query: Query
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool


async def listed(page: Page) -> list[dict[str, Any]]:
    """Return the questions that the build holds."""
    return await queries.rows(page.build, LISTED) if TABLE in page.tables else []


@of_a_build
async def all_questions(page: Page) -> Any:
    """Show the common questions."""
    found = [
        {
            "id": row["id"],
            "title": page.local(row, "title"),
            "about": page.local(row, "about"),
        }
        for row in await listed(page)
    ]
    return await show(
        page, "findings_questions.html", questions=found, data=Query(LISTED, {}) if found else None
    )


@of_a_build
async def question(page: Page) -> Any:
    """Ask one question, and show the answer in words."""
    found = await ask(page)
    words, headings = page.words, _headings(found.question, page.words.language)
    others = tuple(end for code, end in _ENDINGS.items() if code != words.language)
    places = [(at, name) for at, name in enumerate(found.columns) if not name.endswith(others)]
    return await show(
        page,
        "findings_question.html",
        longest=LONGEST,
        widest=WIDEST,
        title=page.local(found.question, "title"),
        about=page.local(found.question, "about"),
        id=found.question["id"],
        parameters=_parameters(found, words.language),
        asked=found.query.params,
        headings=[headings.get(name, name) for _, name in places],
        rows=[[_said(words, name, row[at]) for at, name in places] for row in found.rows],
        truncated=found.truncated,
        data=found.query,
    )


@of_a_build
async def for_programs(page: Page) -> Any:
    """Answer a question as CSV or JSON, with codes as they stand in the build."""
    found = await ask(page)
    if page.request.url_vars["format"] == "csv":
        return Response(_csv(found), content_type="text/csv; charset=utf-8")
    names = ("id", "title_en", "title_fr", "about_en", "about_fr", "sql")
    return answer(
        page,
        {
            "question": {name: found.question[name] for name in names},
            "parameters": found.query.params,
            "columns": list(found.columns),
            "rows": [dict(zip(found.columns, row, strict=True)) for row in found.rows],
            "truncated": found.truncated,
        },
    )


@of_a_build
async def list_for_programs(page: Page) -> Any:
    """Answer with every question, and the parameters that it takes."""
    found = [row | {"parameters": json.loads(row["parameters"])} for row in await listed(page)]
    return answer(page, {"questions": found})


async def ask(page: Page) -> Answer:
    """Run the query of the question in the address, with the parameters in it; empty means any."""
    wanted = Query(_ONE, {"question": page.request.url_vars["question"]})
    found = await queries.row(page.build, wanted) if TABLE in page.tables else None
    if found is None:
        raise NotFound("question")
    check_select(found["sql"])  # a file from elsewhere may hold anything
    names = [one["name"] for one in json.loads(found["parameters"])]
    asked = Query(
        found["sql"], {name: page.argument(name, longest=LONGEST).strip() for name in names}
    )
    results = await page.build.execute(asked.sql, asked.params, truncate=True)
    rows = tuple(tuple(row) for row in results.rows)
    return Answer(found, asked, tuple(results.columns), rows, results.truncated)


def _headings(question: dict[str, Any], language: str) -> dict[str, str]:
    return {one["name"]: one[language] for one in json.loads(question["headings"])}


def _parameters(found: Answer, language: str) -> list[dict[str, str]]:
    return [
        {"name": one["name"], "label": one[language], "value": found.query.params[one["name"]]}
        for one in json.loads(found.question["parameters"])
    ]


def _said(words: Words, column: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if column in SAID:
        return SAID[column](words, value)
    return words.number(value) if isinstance(value, int) else str(value)


def _csv(found: Answer) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([found.columns, *found.rows])
    return written.getvalue()
