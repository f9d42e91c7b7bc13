"""Why a story stands under a theme: the passage and the words that drew it there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template

import analysis.vectors
import analysis.why
from analysis.language import surely
from analysis.replacing import never
from analysis.vector_cache import VectorCache
from par_toolkit.storage import comparing, reviewed, themes, vectors
from par_toolkit.storage.comparing import Told
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.themes import Member, Theme
from par_toolkit.web import errors
from par_toolkit.web.database import get_db
from par_toolkit.web.desk.compared import readable
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import guarded
from par_toolkit.web.handling.fields import ID

#: Passages of every other theme that are read, to say where else a story might go.
ELSEWHERE = 12


@dataclass(frozen=True)
class Read:
    """A member of a theme with its passage, in which what is hidden is blank."""

    member: Member
    told: Told
    passage: str

    @property
    def shown(self) -> str:
        """Return the passage as it reads after redaction."""
        return reviewed.span(self.told.text, self.told.cuts, self.member.start, self.member.end)


@blueprint.get(f"/themes/<{ID}:theme_id>/why/<{ID}:story_id>")
@guarded("see_themes")
def why(theme_id: int, story_id: int) -> Any:
    """Say why the machine would put this story under this theme, and who did put it there."""
    db = get_db()
    found = themes.get(db, theme_id)
    held = read(db, themes.members(db, theme_id)) if found else []
    mine = next((one for one in held if one.member.story == story_id), None)
    if found is None or mine is None:
        return errors.page(404)
    others = [one for one in held if one is not mine]
    drawn = _drawn(db, found, mine, others)
    return render_template("desk/why.html", **_shown(db, found, mine, others, drawn))


def read(db: PrivateDatabase, members: Sequence[Member]) -> list[Read]:
    """Return the members that may be analysed today, the most typical first."""
    told = comparing.told(db, [one.story for one in members])
    return [
        Read(one, told[one.story], readable(told[one.story])[one.start : one.end])
        for one in members
        if one.story in told and told[one.story].question == one.question
    ]


def _drawn(
    db: PrivateDatabase, theme: Theme, mine: Read, others: Sequence[Read]
) -> analysis.why.Drawn:
    model = analysis.vectors.installed()
    return analysis.why.drawn(
        mine.passage,
        surely(mine.passage) or mine.told.language,
        words=theme.words,
        others=[one.passage for one in others],
        elsewhere={
            one.id: [held.passage for held in read(db, themes.members(db, one.id)[:ELSEWHERE])]
            for one in themes.listing(db)
            if one.id != theme.id
        },
        # what it reads is never written back: only a run keeps vectors
        vectors=VectorCache(model, vectors.path(db.folder), may_keep=never) if model else None,
    )


def _shown(
    db: PrivateDatabase,
    theme: Theme,
    mine: Read,
    others: Sequence[Read],
    drawn: analysis.why.Drawn,
) -> dict[str, Any]:
    return {
        "theme": theme,
        "mine": mine,
        "drawn": drawn,
        "pieces": pieces(mine.shown, [*drawn.shared, *drawn.pulling]),
        "alike": [others[place] for place in drawn.alike],
        "nearest": themes.get(db, drawn.nearest[0]) if drawn.nearest else None,
    }


def pieces(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """Cut a text at these words: (piece, is it one of them), in order and whole."""
    if not words:
        return [(text, False)]
    either = "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))
    parts = re.split(rf"((?<!\w)(?:{either})(?!\w))", text)
    return [(part, place % 2 == 1) for place, part in enumerate(parts)]
