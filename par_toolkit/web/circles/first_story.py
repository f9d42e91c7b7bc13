"""Before the first story of a cycle is opened: evaluators seal what they expect, or it is said why.

It stands before every page of the desk that shows words of stories, and answers only while nobody
has read any. Taking a story back is never held up.
"""

from __future__ import annotations

from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from par_toolkit.storage.sensemaking import expectations, first_reading
from par_toolkit.web.circles import clock
from par_toolkit.web.circles.door import blueprint
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import allowed, guarded, me
from par_toolkit.web.handling.fields import ID

#: The pages of the desk that show words of many stories, with those that show them again.
MANY: Final = frozenset(
    f"desk.{name}"
    for name in (
        "all_themes",
        "code_next",
        "coding",
        "place",
        "propose",
        "queue",
        "shelf",
        "start_round",
        "take_off_shelf",
    )
)
#: What an address is about where its page shows passages of stories.
PARTS: Final = frozenset({"story_id", "theme_id", "code_id"})
#: Whoever wants their words back need not wait for anybody.
NEVER_HELD: Final = frozenset({"desk.ask_withdraw", "desk.withdraw"})


@blueprint.before_app_request
def seal_first() -> Any:
    """Lead whoever would read first in a cycle to what has to be sealed before."""
    asked = request.view_args or {}
    shows = request.endpoint in MANY or (request.blueprint == "desk" and PARTS & asked.keys())
    if not shows or request.endpoint in NEVER_HELD or not allowed("read_stories"):
        return None
    story, db = asked.get("story_id"), get_db()
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
