"""How long things are kept, and what is near the end of its time."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from par_toolkit.storage import clock_seen, retention
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import allowed, guarded
from par_toolkit.web.lasting import lasting


@blueprint.get("/times")
@guarded("see_desk")
def times() -> ResponseReturnValue:
    """Show each kind of thing that is erased for its age, and what soon will be."""
    at, db = datetime.now(UTC), get_db()
    return render_template(
        "desk/times.html",
        due=_shown(at),
        unsure=clock_seen.doubt(db, at),
        lasting=lasting,
        periods=inquiry().retention,
    )


def near_their_end() -> list[retention.Due]:
    """List the kinds of which something is past its time or soon will be."""
    return [one for one in _shown(datetime.now(UTC)) if one.begins]


def _shown(at: datetime) -> list[retention.Due]:
    """List what whoever is signed in may know of: that somebody asked for help is for few."""
    due = retention.due(get_db(), inquiry().retention, at)
    return [one for one in due if one.kind != "help" or allowed("see_help")]
