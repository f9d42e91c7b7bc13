"""What becomes of a story that a tablet sends: the rules of that door, without a web framework.

The address in `api` asks here, and so does the quick way to it in `quick`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask_babel import gettext as _

from par_toolkit import sealing
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import consents, devices, inbox
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.letterbox import Beside
from par_toolkit.web import intake, payload, telling
from par_toolkit.web.locked import Outside

JSON, AGE = "application/json", "application/age"

#: What storage did -> the status that a device acts on (design: capture).
STATUSES: Final = {
    "stored": HTTPStatus.CREATED,
    "same": HTTPStatus.OK,
    "sibling": HTTPStatus.ACCEPTED,
    "withdrawn": HTTPStatus.GONE,
}
_NUMBERS: Final = re.compile(r"([1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,15}")


@dataclass(frozen=True)
class Sent:
    """One story as it was sent: the end of its address, what it is, and what was said beside it.

    `numbers` and `seq` are the headers Par-Device-Numbers and Par-Device-Seq, or empty.
    """

    uuid: str
    kind: str
    body: bytes
    numbers: str = ""
    seq: str = ""


@dataclass(frozen=True)
class Arrived:
    """What is on disk now. `status` is 'stored', 'same', 'sibling' or 'withdrawn'."""

    status: str
    uuid: str
    device_seq: int | None
    unknown: Mapping[str, list[str]] | None = None
    sealed: bool = False

    def as_json(self, message: str) -> dict[str, Any]:
        """Name what is on disk: the device deletes its own copy only after reading this."""
        body: dict[str, Any] = {
            "status": self.status,
            "message": message,
            "stored": self.status != "withdrawn",
            "uuid": self.uuid,
            "device_seq": self.device_seq,
        }
        if self.unknown:
            body["unknown"] = self.unknown
        if self.sealed:
            body["sealed"] = True
        return body


class Closed(Exception):
    """Nothing is to be told here now: there is nobody to turn to for help, or no limits are set."""


class WrongType(Exception):
    """What was sent is neither JSON nor sealed."""


def message(status: str, _: Callable[[str], str]) -> str:
    """Say to a teller's tablet what became of a story; `_` translates."""
    if status == "stored":
        return _("It is kept.")
    if status == "same":
        return _("It had arrived before and is kept once.")
    if status == "sibling":
        return _("Another telling with this number had arrived. Both are kept for a person.")
    return _("This was withdrawn. Nothing is kept; erase it on the device too.")


def take(
    db: PrivateDatabase,
    inquiry: Inquiry,
    device: devices.Device,
    sent: Sent,
    *,
    speak: Callable[[Any], str],
) -> Arrived:
    """Keep what a known device sent; on return it is on disk, or in the transaction at hand.

    `speak` is told the language of the story, or None where it cannot be known, before anything is
    kept; it returns the language in which to refuse it. Raises WrongType, StorageError, and
    payload.Unreadable, whose sentences say what is wrong. Raises Closed for what a program sends
    while telling is closed. What a tablet sealed may have been told before that, and waits nowhere
    as safe as here, so it is kept.
    """
    _refuse_kind(inquiry, sent)
    body = sent.body
    if sent.kind == AGE:
        try:
            body = sealing.open_sealed(inquiry.folder, body)
        except sealing.Locked:
            speak(None)
            return _put_aside(db, device, sent)
        except (sealing.NotForUs, sealing.Damaged) as problem:
            raise payload.Unreadable({"body": _not_opened(problem)}) from problem
    data = payload.parse(body)
    language = speak(data.get("language"))
    uuid = _uuid(sent.uuid)
    known = consents.known_wordings(db)
    told = payload.check(data, inquiry, wordings=known, language=language)
    seq = told.device_seq or _seq(sent.seq)
    with db.writing():
        taken = intake.keep(db, inquiry, told, uuid=uuid, device=device.id)
        devices.seen(db, device, seq, numbers=numbers(sent.numbers))
    return Arrived(taken.status, uuid, seq, told.unknown)


def _put_aside(db: PrivateDatabase, device: devices.Device, sent: Sent) -> Arrived:
    """Keep a sealed story in the inbox until the opening key is back."""
    uuid, seq = _uuid(sent.uuid), _seq(sent.seq)
    with db.writing():
        status = inbox.put(db, uuid, sent.body, device=device.id, device_seq=seq)
        devices.seen(db, device, seq, numbers=numbers(sent.numbers))
    return Arrived(status, uuid, seq, sealed=status != "withdrawn")


def _refuse_kind(inquiry: Inquiry, sent: Sent) -> None:
    """Raise WrongType for what is no story, and Closed for what is told now and may not be."""
    if sent.kind not in (JSON, AGE):
        raise WrongType
    if sent.kind == JSON and not inquiry.capture_open:
        raise Closed


def post(
    outside: Outside,
    inquiry: Inquiry,
    device: devices.Device,
    sent: Sent,
    *,
    speak: Callable[[Any], str],
) -> Arrived:
    """Keep what a known device sent while the inquiry is locked; on return it is on disk.

    What is sealed is looked at from outside, and what is not is checked and then sealed. Raises as
    `take` does.
    """
    _refuse_kind(inquiry, sent)
    uuid, seq = _uuid(sent.uuid), _seq(sent.seq)
    if sent.kind == AGE:
        speak(None)
        try:
            sealing.check_outside(sent.body)
        except sealing.Damaged as problem:
            raise payload.Unreadable({"body": _not_opened(problem)}) from problem
        beside = Beside(device.id, seq, numbers(sent.numbers))
        status = outside.post(uuid, sent.body, beside)
    else:
        data = payload.parse(sent.body)
        wordings = range(1, inquiry.consent.wording + 1)
        language = speak(data.get("language"))
        told = payload.check(data, inquiry, wordings=wordings, language=language)
        seq = told.device_seq or seq
        beside = Beside(device.id, seq, numbers(sent.numbers))
        status = outside.seal(uuid, sent.body, beside)
    return Arrived(status, uuid, seq, sealed=status != "withdrawn")


def _not_opened(problem: sealing.SealingError) -> str:
    if isinstance(problem, sealing.NotForUs):
        return _("This story was sealed for another inquiry, or with keys that are no longer here.")
    return _("This sealed story is damaged or not whole, so it cannot be opened.")


def _uuid(text: str) -> str:
    uuid = telling.well_formed_uuid(text)
    if uuid is None:
        raise payload.Unreadable({"uuid": _("The address must end in the story's UUID.")})
    return uuid


def numbers(text: str) -> tuple[int, int] | None:
    """Read which numbers a device has given; a header that says nothing clear says nothing."""
    found = _NUMBERS.fullmatch(text)
    first, last = (int(found[1]), int(found[2])) if found else (0, 0)
    return (first, last) if found and first - 1 <= last <= payload.LARGEST_NUMBER else None


def _seq(text: str) -> int | None:
    """Read a story's number beside its seal, likewise."""
    found = _NUMBER.fullmatch(text)
    return int(found[0]) if found and int(found[0]) <= payload.LARGEST_NUMBER else None
