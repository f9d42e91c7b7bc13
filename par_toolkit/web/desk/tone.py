"""Tone at the desk: what the teller marked, how people read it, and two guesses with their errors.

A person may say yes to a suggestion, or read the tone themselves, where the teller did not say.
That teaches the suggestions; none of it is published.
"""

from __future__ import annotations

from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import analysis.tone
import analysis.tone_learned
from par_toolkit.storage import comparing, reviewed, stories, tones
from par_toolkit.storage.errors import Refused
from par_toolkit.tone_errors import measured
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.comparing import percent, range_of
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.desk.reading import gone
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import Problem, done, shown_again_by
from par_toolkit.web.handling.fields import ID

#: With fewer stories that people marked, a share would say more than it can.
FEWEST_MEASURED: Final = 20
#: Characters shown of a story that is like the one on the page.
REACH: Final = 300
TAKE_BACK: Final = "none"


@blueprint.get(f"/stories/<{ID}:story_id>/tone")
@guarded("read_stories")
def tone(story_id: int) -> ResponseReturnValue:
    """Show both guesses with their errors; what the teller marked comes first."""
    return tone_page([], story_id=story_id)


def tone_page(problems: list[Problem], *, story_id: int) -> Any:
    """Show the tone of one story."""
    db = get_db()
    found = stories.get(db, story_id)
    if found is None:
        return gone()
    held = measured(db)
    told = comparing.told(db, [story_id, *held.like(story_id)])
    mine = told.pop(story_id, None)
    return render_template(
        "desk/tone.html",
        problems=problems,
        story=found,
        may=found.consent["analyse"],
        guess=analysis.tone.polarity(mine.text, language=mine.language) if mine else None,
        reading=tones.listing(db).get(story_id),
        measured=held,
        like=[
            (story, one.language, reviewed.span(one.text, one.cuts, 0, REACH))
            for story, one in told.items()
        ],
        enough=FEWEST_MEASURED,
        needed=analysis.tone_learned.NEEDED,
        marks=analysis.tone.MARKS,
        take_back=TAKE_BACK,
        percent=percent,
        range_of=range_of,
    )


@blueprint.post(f"/stories/<{ID}:story_id>/tone")
@guarded("read_stories", post="shape_themes")
@shown_again_by(tone_page, field="mark")
def read_tone(story_id: int) -> ResponseReturnValue:
    """Keep how a person reads the tone; a yes to what was suggested is kept as one."""
    mark = request.form.get("mark", "")
    if mark not in (*tones.MARKS, TAKE_BACK):
        raise Refused("bad_mark", _("Choose one of the answers."))
    suggested = request.form.get("source") == "suggestion"
    tones.read(
        get_db(),
        story_id,
        None if mark == TAKE_BACK else mark,
        by=me(),
        source="suggestion" if suggested else "person",
    )
    sentence = _("Taken back.") if mark == TAKE_BACK else _("Kept. It teaches the suggestions.")
    return done(sentence, "desk.tone", story_id=story_id)
