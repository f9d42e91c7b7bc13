"""The door for paired devices: a story comes in, and the answer says what is on disk."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from par_toolkit import __version__, sealing
from par_toolkit.storage import consents, devices, inbox
from par_toolkit.web import guards, intake, languages, payload, telling
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, refused_by
from par_toolkit.web.limits import limits

blueprint = Blueprint("api", __name__, url_prefix="/api")

JSON, AGE = "application/json", "application/age"

#: What storage did -> the status that a device acts on (design: capture).
STATUSES: Final = {
    "stored": HTTPStatus.CREATED,
    "same": HTTPStatus.OK,
    "sibling": HTTPStatus.ACCEPTED,
    "withdrawn": HTTPStatus.GONE,
}
#: Said with each; only the one that is said is looked up in the device's language.
MESSAGES: Final = {
    "stored": lazy_gettext("It is kept."),
    "same": lazy_gettext("It had arrived before and is kept once."),
    "sibling": lazy_gettext(
        "Another telling with this number had arrived. Both are kept for a person."
    ),
    "withdrawn": lazy_gettext("This was withdrawn. Nothing is kept; erase it on the device too."),
}
_NUMBERS: Final = re.compile(r"([1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,15}")


@blueprint.get("/health")
@guarded("see_welcome")
def health() -> ResponseReturnValue:
    """Say that the server runs and can open its database; no secret is told."""
    get_db()
    return jsonify(
        ok=True,
        version=__version__,
        capture_open=inquiry().capture_open,
        recipient=sealing.recipient(inquiry().folder),
    )


@refused_by("device")
def pair_again() -> ResponseReturnValue:
    """Tell a device without a valid token to keep its queue."""
    wait = g.get("guessed_too_often", 0)
    if wait:
        return _later(wait)
    answer = jsonify(
        status="pair_again",
        message=_(
            "This tablet is not paired any more. Everything on it stays there. Ask the "
            "facilitator to pair it again."
        ),
        stored=False,
    )
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer, HTTPStatus.UNAUTHORIZED


@blueprint.get("/device")
@guarded("see_own_device")
def own_device() -> ResponseReturnValue:
    """Tell a tablet what it is called here, and which of its numbers have arrived."""
    devices.seen(get_db(), _device(), numbers=_numbers())
    report = devices.report(get_db(), _device())
    return jsonify(
        device=report.id,
        name=report.name,
        until=report.until,
        arrived=report.arrived,
        of=report.of,
        missing=report.missing,
        recipient=sealing.recipient(inquiry().folder),
        inquiry=inquiry().name,
        wording=inquiry().consent.wording,
    )


@blueprint.put("/stories/<uuid>")
@guarded("send_story")
def put_story(uuid: str) -> ResponseReturnValue:
    """Keep one story from a paired device; the answer goes out only after it is on disk."""
    wait = limits().allowance.wait(_device().id, request.content_length or 0)
    if wait:
        return _later(wait)
    if request.mimetype not in (JSON, AGE):
        wrong = _("Send the story as application/json, or sealed as application/age.")
        return _refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, {"body": wrong})
    try:
        return _take(uuid, request.get_data(cache=False), sealed=request.mimetype == AGE)
    except payload.Unreadable as error:
        return _refused(HTTPStatus.UNPROCESSABLE_ENTITY, error.errors)


def _take(uuid: str, body: bytes, *, sealed: bool) -> ResponseReturnValue:
    if sealed:
        try:
            body = sealing.open_sealed(inquiry().folder, body)
        except sealing.Locked:
            return _put_aside(_uuid(uuid), body)
        except sealing.SealingError as problem:
            raise payload.Unreadable({"body": _not_opened(problem)}) from problem
    data = payload.parse(body)
    language = _speak_for(data)
    story_uuid = _uuid(uuid)
    known = consents.known_wordings(get_db())
    told = payload.check(data, inquiry(), wordings=known, language=language)
    seq = told.device_seq or _seq()
    with get_db().writing():
        taken = intake.keep(get_db(), inquiry(), told, uuid=story_uuid, device=_device().id)
        devices.seen(get_db(), _device(), seq, numbers=_numbers())
    return _answer(taken.status, story_uuid, seq, unknown=told.unknown)


def _put_aside(uuid: str, sealed: bytes) -> ResponseReturnValue:
    """Keep a sealed story in the inbox until the opening key is back."""
    db, device, seq = get_db(), _device(), _seq()
    with db.writing():
        status = inbox.put(db, uuid, sealed, device=device.id, device_seq=seq)
        devices.seen(db, device, seq, numbers=_numbers())
    return _answer(status, uuid, seq, sealed=status != "withdrawn")


def _answer(
    status: str,
    uuid: str,
    seq: int | None,
    *,
    unknown: dict[str, list[str]] | None = None,
    sealed: bool = False,
) -> ResponseReturnValue:
    """Name what is on disk: the device deletes its own copy only after reading this."""
    body: dict[str, Any] = {
        "status": status,
        "message": str(MESSAGES[status]),
        "stored": status != "withdrawn",
        "uuid": uuid,
        "device_seq": seq,
    }
    if unknown:
        body["unknown"] = unknown
    if sealed:
        body["sealed"] = True
    return jsonify(body), STATUSES[status]


def _refused(status: int, found: dict[str, str]) -> ResponseReturnValue:
    name = "refused" if status == HTTPStatus.UNPROCESSABLE_ENTITY else "wrong_type"
    message = " ".join(list(found.values())[:3])
    return jsonify(status=name, message=message, errors=found, stored=False), status


def _later(seconds: int) -> tuple[Response, int]:
    """Tell a device to keep everything and go on after some seconds."""
    message = _("That was a lot in a short time. Everything stays on the tablet and is sent later.")
    answer = jsonify(status="later", message=message, stored=False)
    answer.headers["Retry-After"] = str(seconds)
    return answer, HTTPStatus.TOO_MANY_REQUESTS


def _not_opened(problem: sealing.SealingError) -> str:
    if isinstance(problem, sealing.NotForUs):
        return _("This story was sealed for another inquiry, or with keys that are no longer here.")
    return _("This sealed story is damaged or not whole, so it cannot be opened.")


def _device() -> devices.Device:
    device = guards.device()
    assert device is not None  # the guard lets nobody else in
    return device


def _uuid(text: str) -> str:
    uuid = telling.well_formed_uuid(text)
    if uuid is None:
        raise payload.Unreadable({"uuid": _("The address must end in the story's UUID.")})
    return uuid


def _numbers() -> tuple[int, int] | None:
    """Read which numbers the device has given; a header that says nothing clear says nothing."""
    found = _NUMBERS.fullmatch(request.headers.get("Par-Device-Numbers", ""))
    first, last = (int(found[1]), int(found[2])) if found else (0, 0)
    return (first, last) if found and first - 1 <= last <= payload.LARGEST_NUMBER else None


def _seq() -> int | None:
    """Read the story's number beside its seal, likewise."""
    found = _NUMBER.fullmatch(request.headers.get("Par-Device-Seq", ""))
    return int(found[0]) if found and int(found[0]) <= payload.LARGEST_NUMBER else None


def _speak_for(data: dict[str, Any]) -> str:
    """Answer in the language of the telling, else in one that the device accepts."""
    told_in = data.get("language")
    if isinstance(told_in, str):
        languages.speak(told_in)
    return languages.chosen()
