"""One way in for every story as JSON, whoever brings it: a tablet, the inbox, or a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from par_toolkit import inquiry as inquiries
from par_toolkit import sealing
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import consents, devices, inbox, letterbox, takedowns
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.web import payload, telling

#: What can become of a sealed story that is opened, in the order in which people are told.
OUTCOMES: Final = ("stored", "same", "sibling", "withdrawn", "refused")

#: What is wrong with a story itself, and stays wrong until a person has looked at it.
REFUSED: Final = (sealing.NotForUs, sealing.Damaged, payload.Unreadable)

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Refusal:
    """A story that could not be kept, and why; it is where it was."""

    uuid: str
    reason: str


@dataclass
class Opened:
    """What became of stories that came sealed: how many of each of OUTCOMES; `waiting` are in the
    inbox, as the inquiry is locked."""

    outcomes: Counter[str] = field(default_factory=Counter)
    waiting: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, uuid: str, reason: str) -> None:
        """Count a story that could not be kept."""
        self.outcomes["refused"] += 1
        self.refusals.append(Refusal(uuid, reason))


def checked(db: PrivateDatabase, inquiry: Inquiry, body: bytes) -> payload.Payload:
    """Read a story's JSON; refusals are in English, for whoever is at the command line.

    Raises payload.Unreadable.
    """
    data = payload.parse(body)
    known = consents.known_wordings(db)
    return payload.check(data, inquiry, wordings=known, language=inquiry.languages[0])


def keep(
    db: PrivateDatabase,
    inquiry: Inquiry,
    told: payload.Payload,
    *,
    uuid: str,
    device: int | None = None,
) -> telling.Taken:
    """Keep a checked story that came from a tablet; call where `db.writing()` may be joined."""
    return telling.take(
        db,
        inquiry,
        told.form,
        told.language,
        told.answers,
        told.consent,
        source="tablet",
        uuid=uuid,
        receipt=told.receipt,
        wording=told.wording,
        device=device,
        device_seq=told.device_seq,
        voice=told.voice,
        contact=told.contact,
    )


def open_inbox(
    db: PrivateDatabase,
    inquiry: Inquiry,
    *,
    key: str | None = None,
    again: bool = True,
    into: Opened | None = None,
    progress: Progress = lambda done, total: None,
) -> Opened:
    """Open what waits in the inbox, each story in a transaction of its own, and say what became
    of it.

    `key` is the private key where it is not in the folder. What was refused before is tried
    `again`; what is refused stays in the inbox with the reason. It may be cut short anywhere and
    done again: `into` counts what was done until then. Raises sealing.Locked and StorageError.
    """
    opened = Opened() if into is None else into
    ids = inbox.ids(db, refused=again)
    for done, sealed_id in enumerate(ids, 1):
        sealed = inbox.get(db, sealed_id)
        if sealed is not None:
            _open_one(db, inquiry, sealed, key, opened)
        progress(done, len(ids))
    return opened


def open_waiting(folder: Path) -> None:
    """Take in what came while nobody could open it: work for a server's spare time.

    What lies in the letterbox goes into the inbox, and what is new there is opened, where the
    opening key is back. What was refused before waits for a person, who calls `par unlock`.
    """
    if letterbox.calls(folder):
        with open_database(folder) as db:
            letterbox.bring_in(db)
    if sealing.locked(folder):
        return
    with open_database(folder) as db:
        if inbox.ids(db, refused=False):
            open_inbox(db, inquiries.load(folder), again=False)


def _open_one(
    db: PrivateDatabase, inquiry: Inquiry, sealed: inbox.Sealed, key: str | None, opened: Opened
) -> None:
    try:
        told = checked(db, inquiry, sealing.open_sealed(inquiry.folder, sealed.sealed, key=key))
    except REFUSED as problem:
        reason = sentence(problem)
        inbox.refuse(db, sealed.id, reason)
        opened.refuse(sealed.uuid, reason)
        return
    with db.writing():
        if not inbox.take_out(db, sealed.id):
            return  # another program was quicker
        taken = keep(db, inquiry, told, uuid=sealed.uuid, device=sealed.device)
        if taken.status == "withdrawn":
            takedowns.ask_erasure(db)  # the sealed bytes go as well, down to the last
        if sealed.device is not None and told.device_seq is not None:
            devices.arrived(db, sealed.device, told.device_seq)
    opened.outcomes[taken.status] += 1


def sentence(problem: Exception) -> str:
    """Say in a sentence or a few why a story was refused."""
    if isinstance(problem, payload.Unreadable):
        return " ".join(list(problem.errors.values())[:3])
    return str(problem)
