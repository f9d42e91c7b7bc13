"""Voices: answers that were spoken. The sound lies in media/, and a row here names each file."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from par_toolkit.storage import engines, sounds
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Damaged
from par_toolkit.storage.keys import mark


@dataclass(frozen=True)
class Spoken:
    """One recording as it arrives: the question it answers, its type, length and sound.

    A telling that was broken off and gone on with has several, in the order they were spoken.
    """

    question: str
    type: str
    seconds: int
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Voice:
    """One recording that is kept. `own_length` is how much the teller wrote for that question."""

    id: int
    question: str
    file: str
    type: str
    seconds: int
    bytes: int
    own_length: int
    typed_up_at: str | None
    digest: str


def content(spoken: Sequence[Spoken]) -> list[list[Any]]:
    """Return what tells recordings from others: the same telling sent again is the same."""
    return [[one.question, one.type, one.seconds, _sha256(one.data)] for one in spoken]


def keep(
    db: PrivateDatabase,
    spoken: Sequence[Spoken],
    answers: Mapping[str, Any],
    *,
    story: int | None = None,
    sibling: int | None = None,
) -> None:
    """Keep the recordings of one story, or of one sibling, in the transaction that keeps it.

    Every file is on disk before the row that names it can be (promise 1). Where the transaction
    fails the files go too; what a crash leaves behind is swept, as no row names it. Raises
    DiskFull or ReadOnly.
    """
    if not spoken:
        return
    with db.writing():
        place = sounds.place(db.folder)
        for one in spoken:
            name = f"voice-{secrets.token_hex(16)}.{sounds.ENDINGS[one.type]}"
            db.undo.callback(_take_back, db, place / name)
            sounds.write(db.folder, name, one.data)
            own = answers.get(one.question)
            db.add(
                """
                insert into voices
                    (story, sibling, question, file, type, seconds, bytes, digest, own_length)
                values
                    (:story, :sibling, :question, :file, :type, :seconds, :bytes, :digest, :own)
                """,
                {
                    "story": story,
                    "sibling": sibling,
                    "question": one.question,
                    "file": name,
                    "type": one.type,
                    "seconds": one.seconds,
                    "bytes": len(one.data),
                    "digest": _digest(db, one.data),
                    "own": len(own) if isinstance(own, str) else 0,
                },
            )
        sounds.sync(place)


def _take_back(db: PrivateDatabase, path: Path) -> None:
    """Delete a recording of a transaction that failed.

    Ctrl+C during a commit is raised after it: then a row names the recording, and it stays.
    """
    with contextlib.suppress(*engines.ERRORS):  # a recording left behind is swept
        if not db.value("select 1 from voices where file = :file", {"file": path.name}):
            path.unlink(missing_ok=True)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def of_story(db: PrivateDatabase, story_id: int) -> list[Voice]:
    """List what was spoken in a story, in the order it was spoken."""
    rows = db.rows("select * from voices where story = :id order by id", {"id": story_id})
    return [_voice(row) for row in rows]


def of_siblings(db: PrivateDatabase, story_id: int) -> dict[int, list[Voice]]:
    """Return sibling -> what was spoken in it, for the other tellings under a story's uuid."""
    found: dict[int, list[Voice]] = {}
    for row in db.rows(
        """
        select v.* from voices v join siblings b on b.id = v.sibling
        where b.story = :id order by v.id
        """,
        {"id": story_id},
    ):
        found.setdefault(row["sibling"], []).append(_voice(row))
    return found


def find(db: PrivateDatabase, story_id: int, voice_id: int) -> Voice | None:
    """Return one recording of a story or of its siblings; None for any other."""
    row = db.row(
        """
        select v.* from voices v left join siblings b on b.id = v.sibling
        where v.id = :voice and coalesce(v.story, b.story) = :story
        """,
        {"voice": voice_id, "story": story_id},
    )
    return _voice(row) if row else None


def _voice(row: Row) -> Voice:
    return Voice(
        row["id"],
        row["question"],
        row["file"],
        row["type"],
        row["seconds"],
        row["bytes"],
        row["own_length"],
        row["typed_up_at"],
        row["digest"],
    )


def files(db: PrivateDatabase) -> set[str]:
    """Name every file that holds a recording which is kept."""
    return {row["file"] for row in db.rows("select file from voices")}


def path_of(db: PrivateDatabase, voice: Voice) -> Path:
    """Return the file of a recording."""
    return db.folder / sounds.FOLDER / voice.file


def sound(db: PrivateDatabase, voice: Voice) -> bytes:
    """Return a recording as it was spoken, once it is known to be whole.

    Raises FileNotFoundError where it is gone, Damaged where it was changed.
    """
    data = sounds.read(db.folder, voice.file)
    if _digest(db, data) != voice.digest:
        raise Damaged(
            "This recording was changed or damaged. Restore the last good backup: par restore FILE"
        )
    return data


def _digest(db: PrivateDatabase, data: bytes) -> str:
    return mark(db.folder, "voice", _sha256(data))


def faulty(db: PrivateDatabase) -> int:
    """Count the recordings whose file is missing or was changed."""
    return sum(not _whole(db, _voice(row)) for row in db.rows("select * from voices"))


def _whole(db: PrivateDatabase, voice: Voice) -> bool:
    try:
        sound(db, voice)
    except (OSError, Damaged):
        return False
    return True


def mark_anew(db: PrivateDatabase) -> None:
    """Note each recording that is whole as it is now, under the key that is here now."""
    with db.writing():
        for name in files(db):
            with contextlib.suppress(OSError, Damaged):
                db.change(
                    "update voices set digest = :digest where file = :file",
                    {"digest": _digest(db, sounds.read(db.folder, name)), "file": name},
                )


def sweep(db: PrivateDatabase) -> int:
    """Delete every recording that no row names: withdrawn, or left by a crash; count what stays.

    It holds the write lock, so no file of a story that is just being kept is in reach. Inside a
    transaction it does nothing, as that might not be committed; calling again later finishes it.
    """
    place = db.folder / sounds.FOLDER
    if db.conn.in_transaction or not place.is_dir():
        return 0
    left = 0
    with db.writing():
        try:
            sounds.tidy(db.folder)
        except OSError:
            left += 1
        named = files(db)
        unnamed = [path for path in sounds.ours(db.folder) if path.name not in named]
        for path in unnamed:
            try:
                path.unlink(missing_ok=True)
            except OSError:  # another program holds it open, or the folder cannot be written
                left += 1
        if len(unnamed) > left:
            sounds.sync(place)
    return left
