"""Typing up: what was spoken becomes words of the story, after any that the teller wrote."""

from __future__ import annotations

import json
from typing import Final

from par_toolkit.storage import audit, codings, redactions, stories, takedowns, themes, voices
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.stories import Story

#: Stands between what the teller wrote and what was typed up for them.
BETWEEN: Final = "\n\n"
#: Why a story without words says little: nothing could be made out in its recording.
NOT_HEARD: Final = "not_heard"


def words_of(story: Story, question: str, own_length: int) -> str:
    """Return what was typed up for a question; the first `own_length` code points are its own."""
    answer = story.answers.get(question, "")
    if not isinstance(answer, str) or len(answer) <= own_length:
        return ""
    return answer[own_length:].removeprefix(BETWEEN) if own_length else answer


def type_up(db: PrivateDatabase, story_id: int, *, question: str, words: str, by: Person) -> None:
    """Put what was spoken into the story as words; again later, it corrects them.

    What the teller wrote stays as it is, before them. Redactions, codes and examples that reach
    into the typed words go, and so do approvals: people read anew. Without `words` nothing could
    be made out. Raises Refused where nothing was spoken for that question, or the story is gone.
    """
    with db.writing():
        story = stories.get(db, story_id)
        spoken = [one for one in voices.of_story(db, story_id) if one.question == question]
        if story is None or not spoken:
            raise Refused("gone", "This recording is not here any more.")
        first = spoken[0].typed_up_at is None
        own = spoken[0].own_length
        if words != words_of(story, question, own):
            _replace(db, story, question, own, words)
        _note(db, story, question, heard=bool(words), by=by)
        audit.record(
            db, "type_up_voice" if first else "correct_typing", by=by, subject=f"story {story_id}"
        )


def _replace(db: PrivateDatabase, story: Story, question: str, own: int, words: str) -> None:
    """Change the typed part of an answer, and let go of all that stood on it."""
    takedowns.forget_words(db, story.id)
    kept = str(story.answers.get(question, ""))[:own]
    answers = dict(story.answers)
    answers[question] = BETWEEN.join(part for part in (kept, words) if part)
    if not answers[question]:
        del answers[question]
    db.change(
        "update stories set answers = :answers where id = :id",
        {"id": story.id, "answers": json.dumps(answers, ensure_ascii=False)},
    )
    db.change(
        "delete from redactions where story = :id and question = :question and end_at > :own",
        {"id": story.id, "question": question, "own": own},
    )
    # a passage chosen from other words is no passage of these: the whole answer stands for it
    db.change(
        """
        update theme_stories set question = :question, start_at = 0, end_at = :length
        where story = :id and question in (:question, '')
        """,
        {"id": story.id, "question": question, "length": len(answers.get(question, ""))},
    )
    codings.forget_passages(db, story.id, question, after=own)
    redactions.bind(db, story.id)


def _note(db: PrivateDatabase, story: Story, question: str, *, heard: bool, by: Person) -> None:
    """Note who typed it up; a story in which nothing could be made out says little."""
    db.change(
        """
        update voices set typed_up_by = :person, typed_up_at = :now
        where story = :id and question = :question
        """,
        {"id": story.id, "question": question, "person": by.id, "now": now()},
    )
    known = {"id": story.id, "reason": NOT_HEARD}
    db.change("delete from shelf where story = :id and reason = :reason", known)
    if heard or not (story.themed and story.consent["analyse"]):
        return
    after = stories.get(db, story.id)
    nothing_said = after and not after.spoken and not stories.open_texts(after.answers, after.words)
    if nothing_said and not themes.of_story(db, story.id):
        themes.place_on_shelf(db, story.id, kind="says_little", reason=NOT_HEARD, source="person")
