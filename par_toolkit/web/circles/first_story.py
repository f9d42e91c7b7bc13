"""Before the first story of a cycle is opened: evaluators seal what they expect, or it is said why.

It stands before every page of the desk that shows words of stories, and answers only while nobody
has read any. Taking a story back is never held up.
"""

from __future__ import annotations

from typing import Any, Final

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from par_toolkit.storage.sensemaking import expectations, first_reading
from par_toolkit.web.circles import clock
from par_toolkit.web.circles.door import blueprint
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import action_of, allowed, guarded, me
from par_toolkit.web.handling.fields import ID

#: What is done at the desk without reading what people said. Any other page of it is held, one that
#: comes later as well; whoever wants their words back need not wait for anybody.
NEVER_HELD: Final = frozenset(
    {
        "keep_own_account",
        "key_in_paper",
        "manage_devices",
        "manage_people",
        "publish",
        "roll_back",
        "see_audit",
        "see_desk",
        "see_devices",
        "see_people",
        "see_publishing",
        "sign_in",
        "sign_out",
        "withdraw_for_teller",
    }
)
#: The codebook itself is people's own words; the page of one code shows passages of stories.
CODEBOOK: Final = frozenset({"see_codebook", "shape_codebook"})


@blueprint.before_app_request
def seal_first() -> Any:
    """Lead whoever would read first in a cycle to what has to be sealed before."""
    if request.blueprint != "desk" or not allowed("read_stories"):
        return None
    action = action_of(current_app, str(request.endpoint), request.method)
    about, db = request.view_args or {}, get_db()
    if action in NEVER_HELD or (action in CODEBOOK and "code_id" not in about):
        return None
    story = about.get("story_id")
    if first_reading.held(db, story, next_up=clock.next_up()) is not None:
        return redirect(url_for("circles.first_story", story_id=story), 303)
    first_reading.begin(db, story, next_up=clock.next_up(), by=me())
    return None


@blueprint.get("/expectations/before")
@blueprint.get(f"/expectations/before/<{ID}:story_id>")
@guarded("read_stories")
def first_story(story_id: int | None = None) -> ResponseReturnValue:
    """Say who has not sealed, and what reading now would mean for them."""
    db = get_db()
    cycle = first_reading.held(db, story_id, next_up=clock.next_up())
    if cycle is None:
        return redirect(_onward(story_id), 303)
    return render_template(
        "circles/first_story.html",
        story_id=story_id,
        cycle=cycle,
        unsealed=expectations.unsealed(db, cycle),
    )


@blueprint.post("/expectations/before")
@blueprint.post(f"/expectations/before/<{ID}:story_id>")
@guarded("read_stories")
def read_without(story_id: int | None = None) -> ResponseReturnValue:
    """Read all the same; the trail says who did."""
    first_reading.begin(get_db(), story_id, next_up=clock.next_up(), by=me())
    return redirect(_onward(story_id), 303)


def _onward(story_id: int | None) -> str:
    return url_for("desk.queue") if story_id is None else url_for("desk.story", story_id=story_id)
