"""Stories: kept once and whole, found again, listed for those who read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from par_toolkit.inquiry import USES
from par_toolkit.storage import (
    clock_seen,
    contacts,
    filters,
    receipts,
    reviewed,
    tombstones,
    voices,
)
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.keys import mark
from par_toolkit.storage.people import RELEASED_BY


@dataclass(frozen=True, kw_only=True)
class Told:
    """One telling as it arrives, already checked against its form.

    `words` names the questions whose answers are free words; `themed` says that the form's words
    are looked at for themes; `receipt` is 16 digits, or None for stories that came with no teller;
    `voice` holds the answers that were spoken. `contact` says how the teller may be reached:
    without consent to that nothing of it is kept.
    """

    uuid: str
    form: str
    form_version: int
    language: str
    answers: Mapping[str, Any]
    words: Sequence[str]
    consent: Mapping[str, bool]
    wording: int
    source: str
    themed: bool = True
    receipt: str | None = None
    cycle: str | None = None
    device: int | None = None
    device_seq: int | None = None
    told_at: str | None = None
    voice: Sequence[voices.Spoken] = ()
    contact: str | None = field(default=None, repr=False)

    @property
    def may_be_reached(self) -> str | None:
        """Return how the teller may be reached, where they agreed to it and said how."""
        return (self.contact or None) if self.consent.get("contact") else None


@dataclass(frozen=True)
class Kept:
    """What became of a telling: 'stored', 'same', 'sibling' or 'withdrawn' (then no id)."""

    status: str
    story_id: int | None


@dataclass(frozen=True)
class Story:
    """A kept story. `state` is unread, read or released; `approvals` counts people.

    `spoken` says that something was said in it that nobody has typed up yet.
    """

    id: int
    uuid: str
    form: str
    form_version: int
    themed: bool
    language: str
    answers: dict[str, Any]
    words: tuple[str, ...]
    cycle: str | None
    group: str | None
    kind: str | None
    source: str
    state: str
    approvals: int
    siblings: int
    spoken: bool
    consent: dict[str, bool]
    suggested_at: str | None
    told_at: str


def keep(db: PrivateDatabase, told: Told) -> Kept:
    """Keep one telling; on return it is on disk (promises 1 and 2).

    The same uuid with the same content is 'same'; with other content it is kept as a 'sibling';
    what was withdrawn before is 'withdrawn' and nothing of it is kept. Raises StorageError.
    """
    uuid = told.uuid.lower()
    content = _content(db, told)
    with db.writing():
        if tombstones.refuses(db, uuid=uuid, receipt=told.receipt):
            return Kept("withdrawn", None)
        before = db.row("select id, content from stories where uuid = :uuid", {"uuid": uuid})
        if before and before["content"] == content:
            return Kept("same", before["id"])
        receipt = receipts.find_or_add(db, told.receipt) if told.receipt else None
        if before:
            _keep_sibling(db, before["id"], content, told, receipt)
            return Kept("sibling", before["id"])
        story = _insert(db, told, uuid=uuid, content=content, receipt=receipt)
        if told.themed:
            db.change("update counters set value = value + 1 where name = 'stories_in'")
        return Kept("stored", story)


def _content(db: PrivateDatabase, told: Told) -> str:
    """Return the keyed digest of what the teller sent, whatever the order of its parts."""
    sent = [told.form, told.form_version, told.language, dict(told.answers), dict(told.consent)]
    said = [voices.content(told.voice)] if told.voice else []
    reach = [{"contact": told.may_be_reached}] if told.may_be_reached else []
    text = json.dumps(
        [*sent, told.receipt, *said, *reach], sort_keys=True, ensure_ascii=True, default=str
    )
    return mark(db.folder, "content", text)


def _keep_sibling(
    db: PrivateDatabase, story: int, content: str, told: Told, receipt: int | None
) -> None:
    kept = asdict(replace(told, receipt=None, voice=()))  # the digits are never kept
    del kept["contact"]  # it lies apart, encrypted
    added = db.row(
        """
        insert or ignore into siblings (story, content, told, receipt, received_at)
        values (:story, :content, :told, :receipt, :now) returning id
        """,
        {
            "story": story,
            "content": content,
            "told": json.dumps(kept, ensure_ascii=False, default=str),
            "receipt": receipt,
            "now": now(),
        },
    )
    if added:
        voices.keep(db, told.voice, told.answers, sibling=added["id"])
        if told.may_be_reached:
            contacts.keep(db, told.may_be_reached, story=story, sibling=added["id"])


def _insert(
    db: PrivateDatabase, told: Told, *, uuid: str, content: str, receipt: int | None
) -> int:
    answers = dict(told.answers)
    at = told.told_at or clock_seen.time_to_note(db)
    story = db.add(
        """
        insert into stories (
            uuid, form, form_version, themed, language, answers, words, cycle, group_code, kind,
            source, receipt, device, device_seq, content, reviewed, told_at
        ) values (
            :uuid, :form, :form_version, :themed, :language, :answers, :words, :cycle, :group_code,
            :kind, :source, :receipt, :device, :device_seq, :content, :reviewed, :told_at
        )
        """,
        {
            "uuid": uuid,
            "form": told.form,
            "form_version": told.form_version,
            "themed": int(told.themed),
            "language": told.language,
            "answers": json.dumps(answers, ensure_ascii=False),
            "words": json.dumps(list(told.words)),
            "cycle": answers.get("cycle") or told.cycle,
            "group_code": answers.get("group"),
            "kind": answers.get("kind"),
            "source": told.source,
            "receipt": receipt,
            "device": told.device,
            "device_seq": told.device_seq,
            "content": content,
            "reviewed": reviewed.digest(db, open_texts(answers, told.words)),
            "told_at": at,
        },
    )
    db.conn.executemany(
        """
        insert into consents (story, use, granted, wording, source, at)
        values (:story, :use, :granted, :wording, 'telling', :at)
        """,
        [
            {
                "story": story,
                "use": use,
                "granted": int(bool(told.consent.get(use))),
                "wording": told.wording,
                "at": at,
            }
            for use in USES
        ],
    )
    voices.keep(db, told.voice, answers, story=story)
    if told.may_be_reached:
        contacts.keep(db, told.may_be_reached, story=story)
    return story


def open_texts(answers: Mapping[str, Any], words: Sequence[str]) -> dict[str, str]:
    """Return the answers that are free words, by question, in the order of the form."""
    return {
        name: answers[name]
        for name in words
        if isinstance(answers.get(name), str) and answers[name]
    }


SELECT: Final = """
    select s.*,
        (select count(distinct a.person) from approvals a
          where a.story = s.id and a.reviewed = s.reviewed) as approvals,
        (select count(*) from siblings b where b.story = s.id) as siblings,
        exists (select 1 from voices v where v.story = s.id and v.typed_up_at is null) as spoken,
        (select group_concat(c.use) from consent_now c
          where c.story = s.id and c.granted) as granted
    from stories s
"""


def _story(row: Row) -> Story:
    granted = set((row["granted"] or "").split(","))
    read = "read" if row["read_at"] else "unread"
    return Story(
        id=row["id"],
        uuid=row["uuid"],
        form=row["form"],
        form_version=row["form_version"],
        themed=bool(row["themed"]),
        language=row["language"],
        answers=json.loads(row["answers"]),
        words=tuple(json.loads(row["words"])),
        cycle=row["cycle"],
        group=row["group_code"],
        kind=row["kind"],
        source=row["source"],
        state="released" if row["approvals"] >= RELEASED_BY else read,
        approvals=row["approvals"],
        siblings=row["siblings"],
        spoken=bool(row["spoken"]),
        consent={use: use in granted for use in USES},
        suggested_at=row["suggested_at"],
        told_at=row["told_at"],
    )


def get(db: PrivateDatabase, story_id: int) -> Story | None:
    """Return one story, or None where there is none (any more)."""
    row = db.row(f"{SELECT} where s.id = :id", {"id": story_id})
    return _story(row) if row else None


def listing(
    db: PrivateDatabase, *, limit: int = 50, offset: int = 0, **wanted: str | None
) -> list[Story]:
    """List stories, newest first, as far as they are what is wanted.

    `wanted` is what `filters.values` takes.
    """
    rows = db.rows(
        f"select * from ({SELECT}) {filters.WHERE} order by id desc limit :limit offset :offset",
        filters.values(**wanted)
        | {"limit": max(0, min(limit, 1_000_000)), "offset": max(0, min(offset, 2**40))},
    )
    return [_story(row) for row in rows]


def count(db: PrivateDatabase, **wanted: str | None) -> int:
    """Count the stories that `listing` would list."""
    return int(
        db.value(f"select count(*) from ({SELECT}) {filters.WHERE}", filters.values(**wanted))
    )


def ids(db: PrivateDatabase) -> list[int]:
    """List the ids of all stories, oldest first."""
    return [row["id"] for row in db.rows("select id from stories order by id")]


def arrived(db: PrivateDatabase, uuid: str) -> bool:
    """Say whether a telling with this uuid has come in, even if it was withdrawn since."""
    known = {"uuid": uuid.lower()}
    return bool(
        db.value("select 1 from stories where uuid = :uuid", known)
        or tombstones.refuses(db, uuid=uuid.lower(), receipt=None)
    )


def mark_read(db: PrivateDatabase, story_id: int) -> None:
    """Note that a story has been read at the desk; only the first reading counts."""
    db.change(
        "update stories set read_at = :now where id = :id and read_at is null",
        {"id": story_id, "now": now()},
    )


def siblings(db: PrivateDatabase, story_id: int) -> list[dict[str, Any]]:
    """List other tellings that came under the same uuid, as they were sent."""
    rows = db.rows(
        "select id, told, received_at from siblings where story = :id order by id", {"id": story_id}
    )
    return [json.loads(row["told"]) | {"id": row["id"], "at": row["received_at"]} for row in rows]


def uuids(db: PrivateDatabase, source: str | None = None) -> set[str]:
    """Return the uuids that are kept, or those from one source; so an import adds nothing twice."""
    return {
        row["uuid"]
        for row in db.rows(
            "select uuid from stories where :source is null or source = :source",
            {"source": source},
        )
    }
