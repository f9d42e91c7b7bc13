"""A theming run: hands the inquiry's texts to the machine and keeps what it proposes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import analysis.language
import analysis.themes
from analysis.engines import Engine
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import runs, vectors
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person

Progress = Callable[[str, int, int], None]

#: A proposed theme joins a settled one when at least this share of its stories is there already.
JOINS_FROM: Final = 0.5


@dataclass(frozen=True)
class Outcome:
    """What a run proposed. `limits` are the machine's own words for what it could not do."""

    run: int
    texts: int
    themes: int
    joined: int
    alone: int
    little: int
    limits: tuple[str, ...]
    seconds: float


def propose(
    db: PrivateDatabase,
    inquiry: Inquiry,
    *,
    count: int | Literal["auto"] = "auto",
    seed: int = 0,
    by: Person | None = None,
    progress: Progress | None = None,
    engine: Engine | None = None,
) -> Outcome:
    """Theme every story that may be analysed today and keep the proposals for people to decide.

    `count` is the number of themes, or 'auto'; the same texts, count and seed propose the same.
    What people have endorsed or named stays; stories like it are put forward for it. No proposal
    is kept when the run is interrupted; the vectors made so far are, so that the next run goes on
    from there. `engine` is where texts are read.
    """
    started = time.monotonic()
    texts = _texts(db, inquiry)
    overruled = runs.say_something(db)

    def all_still_there() -> bool:
        return not runs.gone_since(db, texts)

    proposal = analysis.themes.propose(
        [text.text for text in texts],
        ids=[text.story for text in texts],
        languages=[text.language for text in texts],
        count=count,
        seed=seed,
        progress=progress,
        cache=vectors.path(inquiry.folder),
        engine=engine,
        say_something=[place for place, text in enumerate(texts) if text.story in overruled],
        # a story may be withdrawn while its vector is being made
        may_keep=lambda: vectors.keeping(db.folder, all_still_there),
    )
    themes, leftover = _fit(texts, proposal, runs.settled_members(db))
    shelf = [
        *(
            runs.ProposedShelf(texts[a.index].story, "stands_alone", a.reason)
            for a in proposal.alone
        ),
        *(
            runs.ProposedShelf(texts[a.index].story, "says_little", a.reason)
            for a in proposal.little
        ),
        *(runs.ProposedShelf(story, "stands_alone", "few_alike") for story in leftover),
    ]
    seconds = time.monotonic() - started
    record = runs.RunRecord(
        seed=seed,
        settings=proposal.settings,
        versions=proposal.versions,
        texts_hash=proposal.texts_hash,
        limits=proposal.limits,
        seconds=seconds,
        texts=texts,
        themes=themes,
        shelf=shelf,
    )
    run = runs.record(db, record, by=by)
    return Outcome(
        run=run,
        texts=len(texts),
        themes=sum(theme.joins is None for theme in themes),
        joined=sum(theme.joins is not None for theme in themes),
        alone=sum(one.kind == "stands_alone" for one in shelf),
        little=sum(one.kind == "says_little" for one in shelf),
        limits=tuple(proposal.limits),
        seconds=seconds,
    )


def _texts(db: PrivateDatabase, inquiry: Inquiry) -> list[runs.Text]:
    return [
        runs.Text(
            story=story,
            question=question,
            text=text,
            language=analysis.language.base(
                analysis.language.surely(text)
                or analysis.language.detect(text, among=inquiry.languages)
                or language
            ),
            text_hash=hashlib.sha256(text.encode()).hexdigest(),
        )
        for story, question, text, language in runs.texts(db)
    ]


def _fit(
    texts: list[runs.Text],
    proposal: analysis.themes.Proposal,
    kept: dict[int, set[int]],
) -> tuple[list[runs.ProposedTheme], list[int]]:
    """Fit proposed themes to those of people in `kept`: (themes to propose, stories left over)."""
    settled = set().union(*kept.values()) if kept else set()
    themes, leftover = [], []
    for theme in proposal.themes:
        stories = {texts[member.index].story for member in theme.members}
        joins = max(kept, key=lambda one: len(kept[one] & stories), default=None)
        if joins is not None and len(kept[joins] & stories) < JOINS_FROM * len(stories):
            joins = None
        members = [
            runs.ProposedMember(
                *(text.story, member.score, text.question, member.start, member.end),
                main=member.main,
                margin=member.margin,
            )
            for member in theme.members
            if (text := texts[member.index]).story not in settled
        ]
        if joins is None and len(members) < proposal.settings["fewest_members"]:
            leftover += [member.story for member in members]
        else:
            stays = (theme.looks, theme.came_again, theme.group)
            themes.append(runs.ProposedTheme(theme.words, members, joins, *stays))
    placed = settled | {member.story for theme in themes for member in theme.members}
    return themes, [story for story in dict.fromkeys(leftover) if story not in placed]
