"""Tone at the desk: what the teller marked, one tool's guess, and a learned suggestion.

Each stands with how often it errs on this inquiry's own stories. None of it is kept or published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue

import analysis.tone
import analysis.tone_learned
import analysis.vectors
from analysis.tone_learned import LearnedTone, ToneSuggestion
from analysis.vector_cache import VectorCache
from par_toolkit.storage import stories, vectors
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.stories import Story
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.comparing import percent, range_of
from par_toolkit.web.desk.door import ID, blueprint, fingerprint
from par_toolkit.web.desk.reading import gone
from par_toolkit.web.guards import guarded

#: The newest stories that are read for it; more would make people wait.
MOST_READ: Final = 1_000
#: With fewer stories that people marked, a share would say more than it can.
FEWEST_MEASURED: Final = 20


@dataclass(frozen=True)
class Measured:
    """What this inquiry's own stories say about both: `marked` counts those that tellers marked.

    `suggested` holds what was learned for stories that nobody marked, by story.
    """

    marked: int
    textblob: analysis.tone.Agreement
    learned: LearnedTone | None
    suggested: dict[int, ToneSuggestion] = field(default_factory=dict)


_measured: dict[Path, tuple[str, Measured]] = {}


@blueprint.get(f"/stories/<{ID}:story_id>/tone")
@guarded("read_stories")
def tone(story_id: int) -> ResponseReturnValue:
    """Show both guesses with their errors; what the teller marked comes first."""
    db = get_db()
    found = stories.get(db, story_id)
    if found is None:
        return gone()
    may = found.consent["analyse"]
    return render_template(
        "desk/tone.html",
        story=found,
        may=may,
        guess=analysis.tone.polarity(_words(found), language=found.language) if may else None,
        measured=measured(db),
        enough=FEWEST_MEASURED,
        needed=analysis.tone_learned.NEEDED,
        marks=analysis.tone.MARKS,
        percent=percent,
        range_of=range_of,
    )


def measured(db: PrivateDatabase) -> Measured:
    """Measure both on what tellers here marked; remembered until a story, mark or consent moves."""
    held = [
        one
        for one in stories.listing(db, limit=MOST_READ)
        if one.themed and one.consent["analyse"] and not one.spoken and _words(one)
    ]
    state = fingerprint([(one.id, one.kind, one.language) for one in held])
    known = _measured.get(db.folder)
    if known is None or known[0] != state:
        known = _measured[db.folder] = state, _measure(db, held)
    return known[1]


def _measure(db: PrivateDatabase, held: Sequence[Story]) -> Measured:
    texts = [_words(one) for one in held]
    marks = {place: one.kind for place, one in enumerate(held) if one.kind in analysis.tone.MARKS}
    guesses = [
        (analysis.tone.polarity(texts[place], language=held[place].language), mark)
        for place, mark in marks.items()
    ]
    model = analysis.vectors.installed()
    learned = analysis.tone_learned.suggest(
        texts,
        marks,
        languages=[one.language for one in held],
        questions=[one.form for one in held],
        # what it reads is never written back: only a run keeps vectors
        vectors=VectorCache(model, vectors.path(db.folder)) if model else None,
    )
    suggested = {held[one.index].id: one for one in learned.suggestions} if learned else {}
    return Measured(len(marks), analysis.tone.agreement_with_marks(guesses), learned, suggested)


def _words(story: Story) -> str:
    """Return the answer that the tone is guessed of: the first that is free words."""
    return next(iter(stories.open_texts(story.answers, story.words).values()), "")
