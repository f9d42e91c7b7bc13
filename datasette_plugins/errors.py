"""What a visitor is told when something fails: a sentence, never a traceback."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any

from . import plain
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
}

ADVICE = {
    400: _("Something in the address or the query is not as it must be. Go back and change it."),
    403: _("This part of the findings is not open to visitors."),
    404: _(
        "Addresses of themes, quotes and stories change with every build, "
        "so that nobody can follow one person's words over time. Look for it from the first page."
    ),
}


async def answer(datasette: Any, request: Any, exception: Exception) -> Any:
    """Answer a request that failed; the log gets the kind of failure and where, never words."""
    status = status_of(exception, request.path)
    if status == 500:
        log.error("A findings page failed: %s", _whereabouts(exception))
        return _apology(datasette, request)
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


def _apology(datasette: Any, request: Any) -> Any:
    """Answer without asking the build anything: it may be what failed."""
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "status": 500, "error": plain.FAILED.title}, status=500)
    language = plain.reader_language(request.query_string, "")
    base_url = datasette.setting("base_url")
    body = plain.render(plain.FAILED, language=language, base_url=base_url)
    return Response.html(body, status=500)


def status_of(exception: Exception, path: str) -> int:
    """Say whose mistake a failure is: 4xx where the address or the query was wrong, else 500.

    On pages that only read a file that never changes, a value that cannot be read and an
    error of SQLite come from the query string. Datasette has no CSV of a whole database and
    fails with a KeyError when it is asked for one.
    """
    if _is_damaged(exception):
        return 500
    if isinstance(exception, NotFound):
        return 404
    if isinstance(exception, Forbidden):
        return 403
    asked_wrongly = Base400 | QueryInterrupted | sqlite3.Error | ValueError | OverflowError
    if isinstance(exception, asked_wrongly) or is_datasette_error(exception):
        return 404 if getattr(exception, "status", 0) == 404 else 400
    if isinstance(exception, KeyError) and path.endswith(".csv"):
        return 400
    return 500


def _is_damaged(exception: Exception) -> bool:
    """Say whether SQLite cannot read the file: nothing may be asked of it to make the answer."""
    code = getattr(exception, "sqlite_errorcode", 0) & 0xFF  # the rest of a code says how
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


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
