"""Releasing: two different people say yes to the words as they read."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.storage import redactions, releases, stories
from par_toolkit.storage.errors import Refused
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.desk.reading import gone, story_page
from par_toolkit.web.desk.review import seen
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import as_seen, done, shown_again_by
from par_toolkit.web.handling.fields import ID


@blueprint.post(f"/stories/<{ID}:story_id>/approve")
@guarded("release_story")
@shown_again_by(story_page, field="approve")
def approve(story_id: int) -> ResponseReturnValue:
    """Record this person's yes to the words that the page showed them."""
    db = get_db()
    with db.writing():
        found = stories.get(db, story_id)
        if found and not as_seen(seen(redactions.reviewed_texts(db, story_id))):
            raise Refused(
                "changed",
                _("Somebody changed what is hidden while you were reading. Read it once more."),
            )
        state = releases.approve(db, story_id, by=me())
    sentence = _("Your yes is recorded. A different person needs to say yes as well.")
    if state.released:
        sentence = _("Released by two people.")
    return done(sentence, "desk.story", story_id=story_id, _anchor="release")


@blueprint.post(f"/stories/<{ID}:story_id>/take-back")
@guarded("release_story")
@shown_again_by(story_page, field="approve")
def take_back(story_id: int) -> ResponseReturnValue:
    """Take back every yes; the story is not in the next build."""
    if stories.get(get_db(), story_id) is None:
        return gone()
    releases.take_back(get_db(), story_id, by=me())
    sentence = _("The release is taken back. Publish again to take the words out of the findings.")
    return done(sentence, "desk.story", story_id=story_id, _anchor="release")
