"""Runs of theming: what went in, with which settings, and what the machine proposed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from par_toolkit.storage import audit, takedowns, themes
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person


@dataclass(frozen=True)
class Text:
    """One story's words as they went into a run, in the language that it was taken to be in."""

    story: int
    question: str
    text: str
    language: str
    text_hash: str


@dataclass(frozen=True)
class ProposedMember:
    """A story under a proposed theme, with its most typical passage.

    `main` is False where only the passage drew it here. `margin` is how much nearer the theme is
    than the next (a difference of cosines).
    """

    story: int
    score: float
    question: str
    start: int
    end: int
    main: bool = True
    margin: float | None = None


@dataclass(frozen=True)
class ProposedTheme:
    """A theme as a machine proposes it: typical words and stories, no name.

    `joins` is an endorsed theme that these stories are put forward for, instead of a new theme. Of
    `looks` at a part of the texts the theme `came_again` in some. Themes of a run with the same
    number `near` lie near each other: the upper of two levels.
    """

    words: Sequence[str]
    members: Sequence[ProposedMember]
    joins: int | None = None
    looks: int = 0
    came_again: int = 0
    near: int | None = None


@dataclass(frozen=True)
class ProposedShelf:
    """A story in no theme, with the machine's reason."""

    story: int
    kind: str
    reason: str


@dataclass(frozen=True)
class RunRecord:
    """All that is kept of a run."""

    seed: int
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    texts_hash: str
    limits: Sequence[str]
    seconds: float
    texts: Sequence[Text]
    themes: Sequence[ProposedTheme]
    shelf: Sequence[ProposedShelf]


def texts(db: PrivateDatabase, *, typed_up: bool = False) -> list[tuple[int, str, str, str]]:
    """List (story, question, text, language) for every story that may be analysed today.

    The text is the first free answer of a form that is themed, in the teller's own words. What was
    spoken is passed over until it is typed up; with `typed_up` all else is.
    """
    rows = db.rows(
        """
        select s.id, s.answers, s.words, s.language from stories s
        join consent_now c on c.story = s.id and c.use = 'analyse' and c.granted
        where s.themed
          and not exists (
              select 1 from voices v where v.story = s.id and v.typed_up_at is null
          )
          and (not :typed_up or s.id in (select story from voices))
        order by s.id
        """,
        {"typed_up": int(typed_up)},
    )
    result = []
    for row in rows:
        answers = json.loads(row["answers"])
        for question in json.loads(row["words"]):
            if isinstance(answers.get(question), str) and answers[question]:
                result.append((row["id"], question, answers[question], row["language"]))
                break
    return result


def gone_since(db: PrivateDatabase, read: Sequence[Text]) -> set[int]:
    """Return the stories that may not be analysed today, or say something else than was `read`.

    Only what was typed up for somebody is ever corrected.
    """
    allowed = _may_be_analysed(db)
    spoken = {row["story"] for row in db.rows("select story from voices")}
    typed = {story: text for story, _, text, _ in texts(db, typed_up=True)}
    return {
        one.story
        for one in read
        if one.story not in allowed or (one.story in spoken and typed.get(one.story) != one.text)
    }


def _may_be_analysed(db: PrivateDatabase) -> set[int]:
    rows = db.rows(
        """
        select s.id from stories s
        join consent_now c on c.story = s.id and c.use = 'analyse' and c.granted
        """
    )
    return {row["id"] for row in rows}


def say_something(db: PrivateDatabase) -> set[int]:
    """Return the stories of which people said, against a machine, that they say something."""
    return {row["story"] for row in db.rows("select story from says_something")}


def settled_members(db: PrivateDatabase) -> dict[int, set[int]]:
    """Return theme -> ids of the stories that a later run leaves in it.

    Of an endorsed theme these are the stories that people said yes to. A theme that people gave a
    name is theirs already: it keeps all of its stories until somebody endorses or rejects it.
    """
    rows = db.rows(
        """
        select m.theme, m.story from theme_stories m join themes t on t.id = m.theme
        where (t.state = 'endorsed' and m.endorsed)
            or (t.state = 'proposed' and t.name is not null)
        """
    )
    result: dict[int, set[int]] = {}
    for row in rows:
        result.setdefault(row["theme"], set()).add(row["story"])
    return result


def record(db: PrivateDatabase, run: RunRecord, *, by: Person | None = None) -> int:
    """Keep a run and its proposals in place of earlier ones; return its id.

    What people have said yes to or named, and what a person shelved, stays as it is. A story that
    was withdrawn or corrected while the machine was at work is passed over, and so are typical
    words that nobody else used.
    """
    with db.writing():
        run_id = _insert_run(db, run)
        gone = gone_since(db, run.texts)
        here = _may_be_analysed(db) - gone
        _clear_proposals(db)
        held = {row["story"] for row in db.rows("select story from theme_stories where endorsed")}
        held |= set().union(*settled_members(db).values())
        held |= {row["story"] for row in db.rows("select story from shelf")}
        db.conn.executemany(
            "insert into run_texts (run, story, text_hash, language) values (?, ?, ?, ?)",
            [(run_id, t.story, t.text_hash, t.language) for t in run.texts if t.story in here],
        )
        for theme in run.themes:
            if gone:
                words = [word for word in theme.words if takedowns.still_said(db, word)]
                theme = replace(theme, words=words)
            _insert_theme(db, run_id, theme, here - held)
        for one in run.shelf:
            if one.story in here - held:
                themes.place_on_shelf(
                    db, one.story, kind=one.kind, reason=one.reason, source="machine"
                )
        audit.record(
            db,
            "propose_themes",
            by=by,
            subject=f"run {run_id}",
        )
        return run_id


def _insert_run(db: PrivateDatabase, run: RunRecord) -> int:
    return db.add(
        """
        insert into runs (seed, settings, versions, texts_hash, text_count, limits, seconds, at)
        values (:seed, :settings, :versions, :texts_hash, :text_count, :limits, :seconds, :now)
        """,
        {
            "seed": run.seed,
            "settings": json.dumps(dict(run.settings), sort_keys=True),
            "versions": json.dumps(dict(run.versions), sort_keys=True),
            "texts_hash": run.texts_hash,
            "text_count": len(run.texts),
            "limits": json.dumps(list(run.limits)),
            "seconds": run.seconds,
            "now": now(),
        },
    )


def _clear_proposals(db: PrivateDatabase) -> None:
    """Take away what earlier runs proposed, and nobody said yes to or gave a name."""
    db.change(
        """
        delete from theme_stories where not endorsed and theme not in (
            select id from themes where state = 'proposed' and name is not null
        )
        """
    )
    db.change("delete from shelf where source = 'machine'")
    db.change(
        """
        update themes set state = 'replaced' where state = 'proposed'
          and id not in (select theme from theme_stories)
        """
    )


def _insert_theme(db: PrivateDatabase, run_id: int, theme: ProposedTheme, free: set[int]) -> None:
    members = [member for member in theme.members if member.story in free]
    if not members:
        return
    theme_id = theme.joins or db.add(
        """
        insert into themes (run, words, state, at, looks, came_again, near)
        values (:run, :words, 'proposed', :now, :looks, :again, :near)
        """,
        {
            "run": run_id,
            "words": json.dumps(list(theme.words), ensure_ascii=False),
            "now": now(),
            "looks": theme.looks,
            "again": theme.came_again,
            "near": theme.near,
        },
    )
    db.conn.executemany(
        """
        insert or ignore into theme_stories
            (theme, story, score, question, start_at, end_at, source, main, margin)
        values (?, ?, ?, ?, ?, ?, 'machine', ?, ?)
        """,
        [
            (theme_id, m.story, m.score, m.question, m.start, m.end, int(m.main), m.margin)
            for m in members
        ],
    )


def languages(db: PrivateDatabase, run_id: int) -> dict[str, int]:
    """Return language -> texts of a run that are still here, as the run took them to be in.

    For runs of before languages were kept, what the form said. The commonest comes first.
    """
    rows = db.rows(
        """
        select coalesce(t.language, s.language) as language, count(*) as texts
        from run_texts t join stories s on s.id = t.story
        where t.run = :run group by 1 order by texts desc, language
        """,
        {"run": run_id},
    )
    return {row["language"]: row["texts"] for row in rows}


def latest(db: PrivateDatabase) -> dict[str, Any] | None:
    """Return the newest run, settings and versions as dicts; None before the first."""
    row = db.row("select * from runs order by id desc limit 1")
    if row:
        for key in ("settings", "versions", "limits"):
            row[key] = json.loads(row[key])
    return row
