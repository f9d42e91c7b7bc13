"""The case report from the desk: the whole of it, or in short for one group, as a file."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit import reporting
from par_toolkit.reporting.gathering import Missing, ReportRefused
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import phases
from par_toolkit.web.circles import clock
from par_toolkit.web.circles.door import blueprint
from par_toolkit.web.circles.refusing import shown_again_by
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded
from par_toolkit.web.guards import me as whoever
from par_toolkit.web.handling import sentences
from par_toolkit.web.handling.answers import Problem
from par_toolkit.web.languages import chosen

TYPES: Final = {
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@blueprint.get("/report")
@guarded("make_report")
def report() -> ResponseReturnValue:
    """Say what the report of a cycle would hold, and what is in its way."""
    return report_page([])


def report_page(problems: list[Problem]) -> Any:
    """Show what is in the way of the report of the cycle at hand, or the buttons that make it."""
    db, cycle = get_db(), clock.at_hand()
    found, missing = None, ()
    if begun := phases.now(db, cycle) is not None:
        try:
            found = reporting.gather(db, inquiry(), cycle, today=date.today())
        except ReportRefused as refused:
            missing = refused.missing
    return render_template(
        "circles/report.html",
        problems=problems,
        cycle=cycle,
        begun=begun,
        found=found,
        missing=[(one, in_the_way(one)) for one in missing],
        groups=[one.code for one in inquiry().groups],
        languages_of_report=reporting.LANGUAGES,
        language_now=chosen(),
    )


def in_the_way(missing: Missing) -> str:
    """Say what keeps a report from being made."""
    if missing.what == "item":
        return _("Item no. %(item)s is unresolved, and not released.", item=missing.item)
    if missing.what == "view":
        return _(
            "Item no. %(item)s is unresolved, and the view of this group on it is not confirmed "
            "by its people, or not released: %(group)s",
            item=missing.item,
            group=sentences.group(missing.group),
        )
    return _("All that is unresolved is held by an appeal, or by what a teller said.")


@blueprint.post("/report")
@guarded("make_report")
@shown_again_by(report_page, fields={"no_such_group": "group", "no_kind_of_file": "kind-html"})
def make_report() -> ResponseReturnValue:
    """Hand out the report as a file."""
    cycle, group = clock.posted(), request.form.get("group") or None
    kind = next((one for one in reporting.KINDS if one == request.form.get("kind")), None)
    language = request.form.get("language", "")
    if kind is None or language not in reporting.LANGUAGES:
        raise Refused("no_kind_of_file", _("Choose the language and the kind of file."))
    content = reporting.write(
        get_db(),
        inquiry(),
        kind=kind,
        cycle=cycle,
        group=group,
        language=language,
        by=whoever(),
    )
    # codes of groups and cycles are plain ASCII in inquiry.toml
    name = "-".join(["report", cycle, *([group] if group else []), language])
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(content, mimetype=TYPES[kind], headers=disposition)
