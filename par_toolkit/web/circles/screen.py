"""What everybody in the room may see: the code of the table, who has spoken, and what is shared.

A projector shows nothing of the group to people who have not said their own yet (promise 13).
"""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import alone, alternatives, items, joint, own
from par_toolkit.storage.sensemaking.alternatives import Alternative
from par_toolkit.storage.sensemaking.items import Item
from par_toolkit.storage.sensemaking.joint import Construction
from par_toolkit.web.circles.door import blueprint
from par_toolkit.web.circles.leading import Overview, look, square
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded
from par_toolkit.web.handling.fields import ID


@blueprint.get(f"/run/<{ID}:circle_id>/screen")
@guarded("see_circles")
def screen(circle_id: int) -> ResponseReturnValue:
    """Show the page for the projector; with `?words=yes` what the circle says, once all may."""
    db, overview = get_db(), look(get_db(), circle_id)
    wanted = request.args.get("words") == "yes"
    versions, others = _words(db, overview) if wanted else ([], [])
    return render_template(
        "circles/screen.html",
        overview=overview,
        wanted=wanted,
        versions=versions,
        alternatives=others,
        items=_items(db, overview),
        silent=_silent(db, overview),
        square=square(overview.circle),
    )


def _words(db: PrivateDatabase, overview: Overview) -> tuple[list[Construction], list[Alternative]]:
    """Return what the circle says; nothing while anybody at the table has not said their own."""
    circle = overview.circle.id
    if not overview.places or own.waiting(db, circle):
        return [], []
    return joint.current(joint.versions(db, circle)), alternatives.of_circle(db, circle)


def _silent(db: PrivateDatabase, overview: Overview) -> bool:
    """Say whether somebody at the table still writes alone what is being collected."""
    present = overview.round
    return bool(present and alone.waiting(db, overview.circle.id, present.kind))


def _items(db: PrivateDatabase, overview: Overview) -> list[Item]:
    """Return what was shared of the kind at hand; nothing while somebody still writes alone."""
    present = overview.round
    if present is None or present.stage == "write" or _silent(db, overview):
        return []
    return items.listing(db, circle=overview.circle.id, kind=present.kind)
