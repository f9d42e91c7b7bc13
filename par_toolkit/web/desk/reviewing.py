"""Reviewing: what a machine suggests to hide is accepted or left, and people hide what they see."""

from __future__ import annotations

from typing import Final

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from par_toolkit.storage import redactions, stories
from par_toolkit.storage.errors import Refused
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.desk.marking import occurrences
from par_toolkit.web.desk.reading import gone, story_page
from par_toolkit.web.guards import guarded, me
from par_toolkit.web.handling.answers import done, shown_again_by
from par_toolkit.web.handling.fields import ID, chosen, whole_number, words

#: Words that stand in more places than this are hidden one by one, so that no slip hides a story.
MOST_PLACES: Final = 200

Span = tuple[str, int, int]


@blueprint.post(f"/stories/<{ID}:story_id>/redactions/<{ID}:redaction_id>")
@guarded("review_story")
@shown_again_by(story_page)
def decide(story_id: int, redaction_id: int) -> ResponseReturnValue:
    """Hide what was suggested, under the label that was chosen, or leave it as it is."""
    db = get_db()
    found = [one for one in redactions.for_story(db, story_id) if one.id == redaction_id]
    if not found:
        raise Refused("gone", _("This suggestion is not here any more."))
    label, accept = _label(found[0].label), request.form.get("do") == "hide"
    if accept and label != found[0].label:
        span = {"question": found[0].question, "start": found[0].start, "end": found[0].end}
        redactions.add(db, story_id, **span, label=label, by=me())
    else:
        redactions.decide(db, redaction_id, accept=accept, by=me())
    return _back(story_id, _("Hidden.") if accept else _("Left as it is."))


@blueprint.post(f"/stories/<{ID}:story_id>/redactions/all")
@guarded("review_story")
@shown_again_by(story_page)
def accept_all(story_id: int) -> ResponseReturnValue:
    """Hide every suggestion nobody has decided on."""
    db = get_db()
    if stories.get(db, story_id) is None:
        return gone()
    if _unseen(story_id):
        raise Refused("changed", _("The suggestions changed meanwhile. Look at them again."))
    number = redactions.accept_all(db, story_id, by=me())
    hidden = ngettext("%(num)d suggestion is hidden.", "%(num)d suggestions are hidden.", number)
    return _back(story_id, hidden)


def _unseen(story_id: int) -> bool:
    """Say whether suggestions wait that the page did not show."""
    shown = {whole_number(one) for one in request.form.getlist("shown")}
    waiting = {
        one.id for one in redactions.for_story(get_db(), story_id) if one.state == "suggested"
    }
    return not waiting <= shown


@blueprint.post(f"/stories/<{ID}:story_id>/redactions")
@guarded("review_story")
@shown_again_by(story_page, field="words")
def hide(story_id: int) -> ResponseReturnValue:
    """Hide words that a person selected, or typed exactly as they stand."""
    db, label = get_db(), words("label", most=redactions.LABEL_LENGTH)
    with db.writing():
        spans = _selected() or _typed(redactions.open_texts(db, story_id))
        for question, start, end in spans:
            redactions.add(
                db, story_id, question=question, start=start, end=end, label=label, by=me()
            )
    return _back(
        story_id, ngettext("Hidden in %(num)d place.", "Hidden in %(num)d places.", len(spans))
    )


def _selected() -> list[Span]:
    """Return the span that the page's script found under a selection, where there is one."""
    form = request.form
    start, end = whole_number(form.get("start")), whole_number(form.get("end"))
    if start is None or end is None or not form.get("question"):
        return []
    return [(form["question"], start, end)]


def _typed(texts: dict[str, str]) -> list[Span]:
    """Find the words that were typed: in one place that was named, or in every place."""
    looked_for = words("words")
    if not looked_for:
        raise Refused("no_words", _("Select or type the words to hide first."))
    found = [
        (question, start, end)
        for question, text in texts.items()
        for start, end in occurrences(text, looked_for)
    ]
    if not found and texts:
        raise Refused(
            "not_found",
            _("These words are not in the story. Type or paste them exactly as they stand there."),
        )
    if request.form.get("which"):
        which = chosen("which")
        found = found[which - 1 : which] if which else []
    if texts and not 1 <= len(found) <= MOST_PLACES:
        raise Refused("which", _("Say which place is meant: 1 for the first, 2 for the second."))
    return found or [(next(iter(texts), ""), 0, 0)]


def _label(suggested: str) -> str:
    return words("label", most=redactions.LABEL_LENGTH) or suggested


def _back(story_id: int, sentence: str) -> ResponseReturnValue:
    """Lead to what is to be decided next."""
    return done(sentence, "desk.story", story_id=story_id, _anchor="review")
