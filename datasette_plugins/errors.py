"""What a visitor is told when an address leads nowhere or a query fails: a sentence, never a traceback."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any

from .datasette_api import (
    Base400,
    Forbidden,
    NotFound,
    QueryInterrupted,
    Response,
    is_datasette_error,
)
from .words import _

log = logging.getLogger(__name__)

TITLES = {
    400: _("That could not be read"),
    403: _("That is not open"),
    404: _("There is nothing at this address"),
    500: _("Something went wrong here"),
}

ADVICE = {
    400: _("Something in the address or the query is not as it must be. Go back and change it."),
    403: _("This part of the findings is not open to visitors."),
    404: _(
        "Addresses of themes, quotes and stories change with every build, "
        "so that nobody can follow one person's words over time. Look for it from the first page."
    ),
    500: _(
        "It is not your doing, and nothing was lost. Please try again, or go to the first page."
    ),
}


async def answer(datasette: Any, request: Any, exception: Exception) -> Any:
    """Answer a request that failed; the log gets what kind of failure and where, never its words."""
    status = status_of(exception)
    if status == 500:
        log.error("A findings page failed: %s", _whereabouts(exception))
    detail = _detail(exception) if status == 400 else ""
    if request.path.endswith(".json"):
        return Response.json(
            {"ok": False, "status": status, "error": detail or TITLES[status]}, status=status
        )
    context = {
        "status": status,
        "title": TITLES[status],
        "advice": ADVICE[status],
        "detail": detail,
    }
    return Response.html(
        await datasette.render_template("findings_error.html", context, request=request),
        status=status,
    )


def status_of(exception: Exception) -> int:
    """Say whose mistake a failure is: 4xx where the address or the query was wrong, else 500.

    On pages that only read a file that never changes, a value that cannot be read and an
    error of SQLite come from the query string.
    """
    if isinstance(exception, NotFound):
        return 404
    if isinstance(exception, Forbidden):
        return 403
    asked_wrongly = Base400 | QueryInterrupted | sqlite3.Error | ValueError | OverflowError
    if isinstance(exception, asked_wrongly) or is_datasette_error(exception):
        return 404 if getattr(exception, "status", 0) == 404 else 400
    return 500


def _detail(exception: Exception) -> str:
    """Return what SQLite or Datasette said, for those who write queries."""
    if isinstance(exception, QueryInterrupted):
        return "The query took too long (more than one second)."
    return str(getattr(exception, "message", "") or (exception.args[0] if exception.args else ""))[
        :500
    ]


def _whereabouts(exception: Exception) -> str:
    trace = exception.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(exception).__name__
    return f"{type(exception).__name__} in {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
