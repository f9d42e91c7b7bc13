"""One tool's guess of a story's tone, on a page of its own, with how often such guesses err."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue

import analysis.tone
from par_toolkit.storage import stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.stories import Story
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import ID, blueprint
from par_toolkit.web.desk.reading import gone
from par_toolkit.web.guards import guarded

#: The newest stories that the guess is measured on; more would make people wait.
MOST_MEASURED: Final = 500
#: With fewer stories that people marked, a share would say more than it can.
FEWEST_MEASURED: Final = 20

_measured: dict[Path, tuple[int, analysis.tone.Agreement]] = {}


@blueprint.get(f"/stories/<{ID}:story_id>/tone")
@guarded("read_stories")
def tone(story_id: int) -> ResponseReturnValue:
    """Show one tool's guess with its error; what the teller marked comes first."""
    db = get_db()
    found = stories.get(db, story_id)
    if found is None:
        return gone()
    return render_template(
        "desk/tone.html",
        story=found,
        guess=analysis.tone.polarity(_words(found), language=found.language),
        measured=measured(db),
        enough=FEWEST_MEASURED,
    )


def measured(db: PrivateDatabase) -> analysis.tone.Agreement:
    """Compare the tool's guesses with what tellers here marked; remembered until stories come."""
    number = stories.count(db, language="en")
    known = _measured.get(db.folder)
    if known is None or known[0] != number:
        held = stories.listing(db, language="en", limit=MOST_MEASURED)
        pairs = [(_words(one), one.kind) for one in held if one.kind in analysis.tone.MARKS]
        known = number, analysis.tone.agreement_with_marks(pairs)
        _measured[db.folder] = known
    return known[1]


def _words(story: Story) -> str:
    """Return the answer that the tone is guessed of: the first that is free words."""
    return next(iter(stories.open_texts(story.answers, story.words).values()), "")
