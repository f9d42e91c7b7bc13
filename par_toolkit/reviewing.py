"""Hands a story's words to the rules that suggest redactions, for people to decide on."""

from __future__ import annotations

import re

import analysis.redact
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import redactions, stories
from par_toolkit.storage.database import PrivateDatabase


def suggest_redactions(
    db: PrivateDatabase, inquiry: Inquiry, story_id: int, *, again: bool = False
) -> int:
    """Suggest what to hide in every free answer of a story; return how many suggestions wait.

    The rules always run; a language model's names help where that extra is installed. Suggestions
    are made once, unless `again`. What people decided before stays. A story that is gone has none.
    """
    story = stories.get(db, story_id)
    if story is None:
        return 0
    if again or story.suggested_at is None:
        known = locality_words(inquiry)
        found = {}
        for question, text in stories.open_texts(story.answers, story.words).items():
            rules = analysis.redact.suggest(text, language=story.language, known=known)
            names = analysis.redact.names(text, story.language)
            taken = [(one.start, one.end) for one in rules]
            found[question] = [(one.start, one.end, one.label, "rule") for one in rules] + [
                (one.start, one.end, one.label, "names")
                for one in names
                if not any(one.start < end and start < one.end for start, end in taken)
            ]
        redactions.suggest(db, story_id, found)
    return redactions.undecided(db, story_id)


def locality_words(inquiry: Inquiry) -> tuple[str, ...]:
    """Return the words of the inquiry's name and place, which tell nothing about anybody in it."""
    return tuple(dict.fromkeys(re.findall(r"\w+", f"{inquiry.name} {inquiry.locality}")))
