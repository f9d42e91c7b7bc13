"""Shaping themes: people name, merge, split, move, endorse and reject (promise 10)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from par_toolkit.storage import audit, stories, topics
from par_toolkit.storage.clock import now
from par_toolkit.storage.consents import check_analyse
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.naming import is_name
from par_toolkit.storage.people import Person
from par_toolkit.storage.themes import LIVE, Theme, get, members, place_on_shelf

NAME_LENGTH: Final = 300


def rename(
    db: PrivateDatabase, theme_id: int, name: str, *, by: Person, meaning: str | None = None
) -> Theme:
    """Give a theme people's own name, and what it means."""
    name = " ".join(name.split())
    if not is_name(name, most=NAME_LENGTH):
        raise Refused("bad_name", f"Give the theme a name of 1 to {NAME_LENGTH} letters.")
    with db.writing():
        theme = _live(db, theme_id)
        db.change(
            "update themes set name = :name, meaning = :meaning where id = :id",
            {
                "id": theme_id,
                "name": name,
                "meaning": theme.meaning if meaning is None else meaning.strip(),
            },
        )
        return _done(db, "rename_theme", theme_id, by)


def endorse(db: PrivateDatabase, theme_id: int, *, by: Person) -> Theme:
    """Say yes to a theme and to every story in it now; later ones wait for their own yes."""
    with db.writing():
        _live(db, theme_id)
        db.change(
            """
            update themes set state = 'endorsed', endorsed_by = :person, endorsed_role = :role,
                endorsed_at = :now
            where id = :id
            """,
            {"id": theme_id, "person": by.id, "role": by.role, "now": now()},
        )
        db.change("update theme_stories set endorsed = 1 where theme = :id", {"id": theme_id})
        return _done(db, "endorse_theme", theme_id, by)


def reject(db: PrivateDatabase, theme_id: int, *, by: Person) -> Theme:
    """Say no to a theme; its stories wait to be themed again."""
    with db.writing():
        _live(db, theme_id)
        db.change("delete from theme_stories where theme = :id", {"id": theme_id})
        db.change("update themes set state = 'rejected' where id = :id", {"id": theme_id})
        return _done(db, "reject_theme", theme_id, by)


def merge(db: PrivateDatabase, theme_id: int, *, into: int, by: Person) -> Theme:
    """Move every story of one theme into another; return the other.

    A merged theme that was endorsed needs a new yes, as it now says something else. How often the
    machine found either of the two again says nothing of both together, so that is forgotten.
    """
    if theme_id == into:
        raise Refused("same_theme", "Choose another theme to merge into.")
    with db.writing():
        source, target = _live(db, theme_id), _live(db, into)
        db.change(
            """
            insert or ignore into theme_stories
                (theme, story, score, question, start_at, end_at, source, endorsed, main)
            select :into, story, score, question, start_at, end_at, source, 0, main
            from theme_stories where theme = :id
            """,
            {"id": theme_id, "into": into},
        )
        db.change("delete from theme_stories where theme = :id", {"id": theme_id})
        topics.follow(db, theme_id, into=into, by=by)
        db.change(
            "update themes set state = 'merged', merged_into = :into where id = :id",
            {"id": theme_id, "into": into},
        )
        words = list(dict.fromkeys([*target.words, *source.words]))
        db.change(
            """
            update themes set words = :words, state = 'proposed', looks = 0, came_again = 0
            where id = :id
            """,
            {"id": into, "words": json.dumps(words, ensure_ascii=False)},
        )
        return _done(db, "merge_themes", into, by)


def split(
    db: PrivateDatabase, theme_id: int, story_ids: Sequence[int], *, name: str, by: Person
) -> Theme:
    """Move some stories of a theme into a new one that people name; return the new one."""
    with db.writing():
        theme = _live(db, theme_id)
        inside = {member.story for member in members(db, theme_id)}
        chosen = [story for story in dict.fromkeys(story_ids) if story in inside]
        if not chosen or len(chosen) == len(inside):
            raise Refused("bad_split", "Choose some of the theme's stories, but not all of them.")
        new = db.add(
            """
            insert into themes (run, name, words, state, at)
            values (:run, :name, '[]', 'proposed', :now)
            """,
            {"run": theme.run, "name": name, "now": now()},
        )
        rename(db, new, name, by=by)
        topics.follow(db, theme_id, into=new, by=by)
        for story in chosen:
            db.change(
                """
                update theme_stories set theme = :new, endorsed = 0
                where theme = :id and story = :story
                """,
                {"id": theme_id, "new": new, "story": story},
            )
        return _done(db, "split_theme", new, by)


def add_story(
    db: PrivateDatabase,
    theme_id: int,
    story_id: int,
    *,
    by: Person,
    passage: tuple[str, int, int] | None = None,
) -> None:
    """Put a story under a theme (it may be in several) and take it off the shelf.

    `passage` is (question, start, end) in code points; by default the first free answer, whole.
    A person's own placing needs no further yes.
    """
    with db.writing():
        _live(db, theme_id)
        question, start, end = passage or _whole(db, story_id)
        db.change(
            """
            insert into theme_stories
                (theme, story, question, start_at, end_at, source, endorsed)
            values (:theme, :story, :question, :start, :end, 'person', 1)
            on conflict (theme, story) do update set source = 'person', endorsed = 1
            """,
            {
                "theme": theme_id,
                "story": story_id,
                "question": question,
                "start": start,
                "end": end,
            },
        )
        db.change("delete from shelf where story = :id", {"id": story_id})
        _done(db, "add_to_theme", theme_id, by)


def remove_story(db: PrivateDatabase, theme_id: int, story_id: int, *, by: Person) -> None:
    """Take a story out of a theme; in no other theme, it waits to be themed again."""
    with db.writing():
        found = db.change(
            "delete from theme_stories where theme = :theme and story = :story",
            {"theme": theme_id, "story": story_id},
        )
        if not found:
            raise Refused("not_there", "This story is not in that theme any more.")
        _done(db, "remove_from_theme", theme_id, by)


def move(db: PrivateDatabase, story_id: int, *, source: int, into: int, by: Person) -> None:
    """Move a story from one theme to another, with its passage."""
    with db.writing():
        member = next((m for m in members(db, source) if m.story == story_id), None)
        if member is None:
            raise Refused("not_there", "This story is not in that theme any more.")
        passage = (member.question, member.start, member.end)
        add_story(db, into, story_id, by=by, passage=passage)
        if into != source:
            remove_story(db, source, story_id, by=by)


def shelve(db: PrivateDatabase, story_id: int, *, reason: str, by: Person) -> None:
    """Put a story on the 'stands alone' shelf: it leaves every theme and stays visible alone."""
    with db.writing():
        _whole(db, story_id)
        db.change("delete from theme_stories where story = :id", {"id": story_id})
        place_on_shelf(db, story_id, kind="stands_alone", reason=reason.strip(), source="person")
        audit.record(db, "shelve_story", by=by, subject=f"story {story_id}")


def says_something(db: PrivateDatabase, story_id: int, *, by: Person) -> None:
    """Say against a machine that a story says something: it waits for the next run, which heeds it.

    Raises Refused for a story that is gone or may not be analysed.
    """
    with db.writing():
        _whole(db, story_id)
        db.change(
            "insert or ignore into says_something values (:story, :person, :now)",
            {"story": story_id, "person": by.id, "now": now()},
        )
        db.change(
            "delete from shelf where story = :story and kind = 'says_little'", {"story": story_id}
        )
        audit.record(db, "says_something", by=by, subject=f"story {story_id}")


def _whole(db: PrivateDatabase, story_id: int) -> tuple[str, int, int]:
    """Return a story's first free answer as a passage. Raises Refused if it may not be themed."""
    check_analyse(db, story_id)
    story = stories.get(db, story_id)
    assert story is not None
    texts = stories.open_texts(story.answers, story.words)
    question = next(iter(texts), "")
    return question, 0, len(texts.get(question, ""))


def _live(db: PrivateDatabase, theme_id: int) -> Theme:
    theme = get(db, theme_id)
    if theme is None or theme.state not in LIVE:
        raise Refused("gone", f"There is no theme {theme_id} to work with any more.")
    return theme


def _done(db: PrivateDatabase, action: str, theme_id: int, by: Person) -> Theme:
    audit.record(db, action, by=by, subject=f"theme {theme_id}")
    theme = get(db, theme_id)
    assert theme is not None
    return theme
