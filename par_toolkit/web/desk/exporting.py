"""A copy of everything for the community: one person asks, another says yes, then it is handed
over once, and not kept here."""

from __future__ import annotations

from datetime import date
from typing import IO, Any, cast

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit import exporting
from par_toolkit.storage import export_requests
from par_toolkit.storage.errors import DiskFull
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import close_db, get_db
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.desk.passing_file import PassingFile
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done, shown_again_by
from par_toolkit.web.handling.fields import chosen


@blueprint.get("/export")
@guarded("export_everything")
def export() -> ResponseReturnValue:
    """Say what a copy holds, and how far the request for one has come."""
    return export_page([])


def export_page(problems: list[Problem]) -> Any:
    """Show the request that is under way, or the button that asks."""
    return render_template(
        "desk/export.html",
        problems=problems,
        request_waiting=export_requests.waiting(get_db()),
        hours=export_requests.HOURS,
    )


@blueprint.post("/export")
@guarded("export_everything")
@shown_again_by(export_page)
def ask_for_export() -> ResponseReturnValue:
    """Ask for a copy."""
    export_requests.ask(get_db(), by=me())
    return done(_("Now another person has to say yes, signed in as themselves."), "desk.export")


@blueprint.post("/export/agree")
@guarded("export_everything")
@shown_again_by(export_page)
def agree_to_export() -> ResponseReturnValue:
    """Say yes to what somebody else asked for."""
    export_requests.agree(get_db(), chosen("request"), by=me())
    return done(_("Whoever asked can take the copy now, once."), "desk.export")


@blueprint.post("/export/refuse")
@guarded("export_everything")
@shown_again_by(export_page)
def refuse_export() -> ResponseReturnValue:
    """End a request without handing anything over."""
    export_requests.take_back(get_db(), chosen("request"), by=me())
    return done(_("No copy is handed over."), "desk.export")


@blueprint.post("/export/take")
@guarded("export_everything")
@shown_again_by(export_page)
def take_export() -> ResponseReturnValue:
    """Make the copy and hand it over."""
    person, request_id = me(), chosen("request")
    export_requests.check(get_db(), request_id, by=person)
    close_db()
    file = _made(person)
    try:
        export_requests.hand_over(get_db(), request_id, by=person)
        return _handed_over(file)
    except BaseException:
        file.close()
        raise


def _made(person: Any) -> PassingFile:
    """Write the copy into a file without a name, which is gone as soon as it is closed."""
    try:
        file = PassingFile(inquiry().folder)  # the answer closes it
    except OSError as error:
        raise DiskFull("There is no room for the copy.") from error
    try:
        exporting.write_zip(inquiry().folder, cast(IO[bytes], file), by=person)
        file.rewind()
    except OSError as error:
        file.close()
        raise DiskFull("There is no room for the copy.") from error
    except BaseException:
        file.close()
        raise
    return file


def _handed_over(file: PassingFile) -> Response:
    name = f"everything-{date.today():%Y-%m-%d}.zip"
    response = send_file(
        cast(IO[bytes], file),
        mimetype="application/zip",
        as_attachment=True,
        download_name=name,
        etag=False,
    )
    response.call_on_close(file.close)
    return response
