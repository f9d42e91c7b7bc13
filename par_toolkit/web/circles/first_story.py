"""Before the first story of a cycle is opened: evaluators seal what they expect, or it is said why.

It stands before the desk's pages of one story, and answers only while nobody has read one.
"""

from __future__ import annotations

from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from par_toolkit.storage.sensemaking import expectations, first_reading
from par_toolkit.web.circles.door import blueprint
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import allowed, guarded, me
from par_toolkit.web.handling.fields import ID

#: The pages on which somebody reads a whole story.
READING: Final = frozenset({"desk.story", "desk.code_story"})


@blueprint.before_app_request
def seal_first() -> Any:
    """Lead whoever would read the first story of a cycle to what has to be sealed before."""
    story = (request.view_args or {}).get("story_id")
    if request.endpoint not in READING or request.method != "GET" or not allowed("read_stories"):
        return None
    if first_reading.held(get_db(), int(story or 0)) is None:
        return None
    return redirect(url_for("circles.first_story", story_id=story), 303)


@blueprint.get(f"/expectations/before/<{ID}:story_id>")
@guarded("read_stories")
def first_story(story_id: int) -> ResponseReturnValue:
    """Say who has not sealed, and what reading now would mean for them."""
    db = get_db()
    cycle = first_reading.held(db, story_id)
    if cycle is None:
        return redirect(url_for("desk.story", story_id=story_id), 303)
    return render_template(
        "circles/first_story.html",
        story_id=story_id,
        cycle=cycle,
        unsealed=expectations.unsealed(db, cycle),
    )


@blueprint.post(f"/expectations/before/<{ID}:story_id>")
@guarded("read_stories")
def read_without(story_id: int) -> ResponseReturnValue:
    """Read it all the same; the trail says who did."""
    first_reading.read_without(get_db(), story_id, by=me())
    return redirect(url_for("desk.story", story_id=story_id), 303)
