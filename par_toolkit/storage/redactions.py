"""Redactions: a machine suggests, a person decides what shows as [brackets] (promises 8, 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from par_toolkit.storage import audit, reviewed, stories
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.naming import is_name
from par_toolkit.storage.people import Person

LABEL_LENGTH: Final = 60


@dataclass(frozen=True)
class Redaction:
    """A span of an answer, in code points of the teller's text; `state` is what people decided."""

    id: int
    story: int
    question: str
    start: int
    end: int
    label: str
    source: str
    state: str


def for_story(db: PrivateDatabase, story_id: int) -> list[Redaction]:
    """List every redaction of a story, suggested, accepted and rejected, in reading order."""
    rows = db.rows(
        """
        select id, story, question, start_at, end_at, label, source, state from redactions
        where story = :id order by question, start_at, end_at
        """,
        {"id": story_id},
    )
    return [Redaction(*row.values()) for row in rows]


def suggest(
    db: PrivateDatabase,
    story_id: int,
    spans: Mapping[str, Iterable[tuple[int, int, str, str]]],
) -> None:
    """Keep a machine's suggestions: question -> (start, end, label, source 'rule' or 'names').

    What people decided before stays; undecided suggestions that are not made again go.
    """
    with db.writing():
        db.change(
            "delete from redactions where story = :id and state = 'suggested'", {"id": story_id}
        )
        for question, found in spans.items():
            for start, end, label, source in found:
                db.add(
                    """
                    insert or ignore into redactions
                        (story, question, start_at, end_at, label, source, state, at)
                    values (:story, :question, :start, :end, :label, :source, 'suggested', :now)
                    """,
                    {
                        "story": story_id,
                        "question": question,
                        "start": start,
                        "end": end,
                        "label": label,
                        "source": source,
                        "now": now(),
                    },
                )
        db.change(
            "update stories set suggested_at = :now where id = :id", {"id": story_id, "now": now()}
        )


def add(
    db: PrivateDatabase,
    story_id: int,
    *,
    question: str,
    start: int,
    end: int,
    label: str,
    by: Person,
) -> int:
    """Redact a span that a person selected; approvals given before no longer hold."""
    with db.writing():
        text = open_texts(db, story_id).get(question, "")
        label = label.strip().strip("[]").strip()
        if not 0 <= start < end <= len(text):
            raise Refused("bad_span", "Select some of the teller's words first.")
        if not is_name(label, most=LABEL_LENGTH):
            raise Refused("bad_label", "Say in a few words what is hidden, such as: name.")
        redaction = db.row(
            """
            insert into redactions
                (story, question, start_at, end_at, label, source, state, person, at)
            values (:story, :question, :start, :end, :label, 'person', 'accepted', :person, :now)
            on conflict (story, question, start_at, end_at) do update
                set label = excluded.label, state = 'accepted', person = excluded.person,
                    at = excluded.at
            returning id
            """,
            {
                "story": story_id,
                "question": question,
                "start": start,
                "end": end,
                "label": label,
                "person": by.id,
                "now": now(),
            },
        )
        assert redaction is not None
        _words_changed(db, story_id, by)
        return int(redaction["id"])


def decide(db: PrivateDatabase, redaction_id: int, *, accept: bool, by: Person) -> None:
    """Accept or reject one redaction; a change of words clears the approvals given before."""
    with db.writing():
        story = db.value("select story from redactions where id = :id", {"id": redaction_id})
        if story is None:
            raise Refused("gone", "This redaction is not here any more.")
        db.change(
            "update redactions set state = :state, person = :person, at = :now where id = :id",
            {
                "id": redaction_id,
                "state": "accepted" if accept else "rejected",
                "person": by.id,
                "now": now(),
            },
        )
        _words_changed(db, story, by)


def accept_all(db: PrivateDatabase, story_id: int, *, by: Person) -> int:
    """Accept every suggestion not yet decided; return how many there were."""
    with db.writing():
        accepted = db.change(
            """
            update redactions set state = 'accepted', person = :person, at = :now
            where story = :id and state = 'suggested'
            """,
            {"id": story_id, "person": by.id, "now": now()},
        )
        if accepted:
            _words_changed(db, story_id, by)
        return accepted


def open_texts(db: PrivateDatabase, story_id: int) -> dict[str, str]:
    """Return the teller's own free answers, by question; empty for a story that is gone."""
    story = stories.get(db, story_id)
    return stories.open_texts(story.answers, story.words) if story else {}


def cuts(db: PrivateDatabase, story_id: int) -> dict[str, list[reviewed.Cut]]:
    """Return the accepted redactions by question."""
    result: dict[str, list[reviewed.Cut]] = {}
    for one in for_story(db, story_id):
        if one.state == "accepted":
            result.setdefault(one.question, []).append(reviewed.Cut(one.start, one.end, one.label))
    return result


def reviewed_texts(db: PrivateDatabase, story_id: int) -> dict[str, str]:
    """Return every free answer of a story as it reads after redaction."""
    return reviewed.texts(open_texts(db, story_id), cuts(db, story_id))


def undecided(db: PrivateDatabase, story_id: int) -> int:
    """Count the suggestions nobody has decided on yet."""
    count: Any = db.value(
        "select count(*) from redactions where story = :id and state = 'suggested'",
        {"id": story_id},
    )
    return int(count)


def bind(db: PrivateDatabase, story_id: int) -> None:
    """Bind the story to its words as they read now; a changed text takes its approvals with it."""
    digest = reviewed.digest(db, reviewed_texts(db, story_id))
    changed = db.change(
        "update stories set reviewed = :digest where id = :id and reviewed <> :digest",
        {"id": story_id, "digest": digest},
    )
    if changed:
        db.change("delete from approvals where story = :id", {"id": story_id})


def _words_changed(db: PrivateDatabase, story_id: int, by: Person) -> None:
    bind(db, story_id)
    audit.record(db, "redact", by=by, subject=f"story {story_id}")
