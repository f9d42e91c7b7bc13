"""The door for paired devices: a story comes in as JSON, and the answer says what is on disk."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit import __version__
from par_toolkit.storage import consents, devices
from par_toolkit.web import guards, languages, payload, telling
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, refused_by

blueprint = Blueprint("api", __name__, url_prefix="/api")

#: What storage did -> the status that a device acts on (design: capture).
STATUSES: Final = {
    "stored": HTTPStatus.CREATED,
    "same": HTTPStatus.OK,
    "sibling": HTTPStatus.ACCEPTED,
    "withdrawn": HTTPStatus.GONE,
}


@blueprint.get("/health")
@guarded("see_welcome")
def health() -> ResponseReturnValue:
    """Say that the server runs and can open its database; no secret is told."""
    get_db()
    return jsonify(ok=True, version=__version__, capture_open=inquiry().capture_open)


@refused_by("device")
def pair_again() -> ResponseReturnValue:
    """Tell a device without a valid token to keep its queue."""
    answer = jsonify(
        status="pair_again",
        message=_(
            "This tablet is not paired any more. Everything on it stays there. Ask the "
            "facilitator to pair it again."
        ),
    )
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer, HTTPStatus.UNAUTHORIZED


@blueprint.put("/stories/<uuid>")
@guarded("send_story")
def put_story(uuid: str) -> ResponseReturnValue:
    """Keep one story from a paired device; the answer goes out only after it is on disk."""
    if request.mimetype != "application/json":
        return _refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, {"body": _wrong_type()})
    try:
        data = payload.parse(request.get_data(cache=False))
        language = _speak_for(data)
        story_uuid = telling.well_formed_uuid(uuid)
        if story_uuid is None:
            raise payload.Unreadable({"uuid": _("The address must end in the story's UUID.")})
        known = consents.known_wordings(get_db())
        told = payload.check(data, inquiry(), wordings=known, language=language)
    except payload.Unreadable as error:
        return _refused(HTTPStatus.UNPROCESSABLE_ENTITY, error.errors)
    return _answer(_keep(told, story_uuid), told)


def _keep(told: payload.Payload, uuid: str) -> telling.Taken:
    """Keep the story and note the device's number for it, in one transaction."""
    db, device = get_db(), guards.device()
    assert device is not None
    with db.writing():
        taken = telling.take(
            db,
            inquiry(),
            told.form,
            told.language,
            told.answers,
            told.consent,
            source="tablet",
            uuid=uuid,
            receipt=told.receipt,
            wording=told.wording,
            device=device.id,
            device_seq=told.device_seq,
            voice=told.voice,
        )
        devices.seen(db, device, told.device_seq)
    return taken


def _answer(taken: telling.Taken, told: payload.Payload) -> ResponseReturnValue:
    """Name what is on disk: the device deletes its own copy only after reading this."""
    messages = {
        "stored": _("It is kept."),
        "same": _("It had arrived before and is kept once."),
        "sibling": _("Another telling with this number had arrived. Both are kept for a person."),
        "withdrawn": _("This was withdrawn. Nothing is kept; erase it on the device too."),
    }
    body: dict[str, Any] = {
        "status": taken.status,
        "message": messages[taken.status],
        "stored": taken.status != "withdrawn",
        "uuid": taken.uuid,
        "device_seq": told.device_seq,
    }
    if told.unknown:
        body["unknown"] = told.unknown
    return jsonify(body), STATUSES[taken.status]


def _refused(status: int, found: dict[str, str]) -> ResponseReturnValue:
    name = "refused" if status == HTTPStatus.UNPROCESSABLE_ENTITY else "wrong_type"
    message = " ".join(list(found.values())[:3])
    return jsonify(status=name, message=message, errors=found, stored=False), status


def _wrong_type() -> str:
    if request.mimetype == "application/age":
        return _("This server does not open sealed stories. Send application/json over HTTPS.")
    return _("Send the story as application/json.")


def _speak_for(data: dict[str, Any]) -> str:
    """Answer in the language of the telling, else in one that the device accepts."""
    told_in = data.get("language")
    if isinstance(told_in, str):
        languages.speak(told_in)
    return languages.chosen()
