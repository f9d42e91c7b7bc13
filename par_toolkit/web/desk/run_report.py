"""The report of a theming run as a file, from the desk."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app

from par_toolkit import run_reports
from par_toolkit.storage import runs
from par_toolkit.web import errors
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.desk import coded
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import guarded
from par_toolkit.web.languages import chosen

TYPES = {"html": "text/html", "ipynb": "application/x-ipynb+json"}


@blueprint.get("/themes/run/report.<kind>")
@guarded("see_themes")
def run_report(kind: str) -> Any:
    """Hand out the report of the newest run; it holds no words of any story."""
    db = get_db()
    known = next((one for one in run_reports.KINDS if one == kind), None)
    if known is None or runs.latest(db) is None:
        return errors.page(404)
    language = chosen() if chosen() in run_reports.LANGUAGES else run_reports.LANGUAGES[0]
    quality = coded.machine_of(current_app).quality(db, curve=True)
    text = run_reports.write(db, inquiry(), kind=known, language=language, quality=quality)
    disposition = {"Content-Disposition": f'attachment; filename="run-report.{kind}"'}
    return Response(text, mimetype=TYPES[known], headers=disposition)
