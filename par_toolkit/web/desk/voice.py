"""A story that was spoken: listen to it, and type up what was said."""

from __future__ import annotations

import io
from http import HTTPStatus
from typing import Final

from flask import request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit.reviewing import suggest_redactions
from par_toolkit.storage import stories, typed, voices
from par_toolkit.storage.errors import Damaged, Refused
from par_toolkit.web import errors
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.desk.hearing import seen
from par_toolkit.web.desk.reading import gone, story_page
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import as_seen, done, shown_again_by
from par_toolkit.web.handling.fields import ID, words

#: As long as a story that is written may be; nobody speaks this much.
LONGEST: Final = 1_000_000


@blueprint.get(f"/stories/<{ID}:story_id>/voice/<{ID}:voice_id>")
@guarded("hear_voice")
def hear(story_id: int, voice_id: int) -> ResponseReturnValue:
    """Send one recording, or the part of it that a player asks for; nothing of it is stored."""
    db = get_db()
    voice = voices.find(db, story_id, voice_id)
    if voice is None:
        return gone()
    try:
        sound = voices.sound(db, voice)
    except FileNotFoundError:  # withdrawn a moment ago
        return gone()
    except Damaged:
        sentence = _(
            "This recording was changed or damaged, so it is not played. Tell the person who runs "
            "this inquiry."
        )
        return errors.page(HTTPStatus.INTERNAL_SERVER_ERROR, sentence=sentence)
    # in memory: what is sealed on the disk is never written there in the clear
    return send_file(io.BytesIO(sound), mimetype=voice.type, etag=False)


@blueprint.post(f"/stories/<{ID}:story_id>/typed-up")
@guarded("type_up_voice")
@shown_again_by(story_page, field="voice")
def type_up(story_id: int) -> ResponseReturnValue:
    """Put what was said into the story as words, or correct what was typed before."""
    db, question = get_db(), request.form.get("question", "")
    said = _said(question)
    with db.writing():
        found = stories.get(db, story_id)
        if found and not as_seen(seen(found, question)):
            raise Refused(
                "changed",
                _("Somebody else typed it up meanwhile. Compare the two, then save yours."),
            )
        typed.type_up(db, story_id, question=question, words=said, by=me())
    suggest_redactions(db, inquiry(), story_id, again=True)
    sentence = _("Saved. Now look at what to hide: everybody who said yes before reads it anew.")
    return done(sentence, "desk.story", story_id=story_id, _anchor="review" if said else "voice")


def _said(question: str) -> str:
    """Return the words that were typed; '' where nothing could be made out, and that was said."""
    said = words(f"said-{question}", most=LONGEST)
    nothing = request.form.get("do") == "nothing"
    if nothing and said:
        raise Refused(
            "both", _("There are words in the box. Save them, or take them out of it first.")
        )
    if not (nothing or said):
        raise Refused("no_words", _("Type what you hear first."))
    return said
