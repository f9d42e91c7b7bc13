"""The door for paired devices: a story comes in, and the answer says what is on disk."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit import __version__, sealing
from par_toolkit.storage import devices
from par_toolkit.web import arrivals, guards, languages, locked, openapi, payload
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, refused_by
from par_toolkit.web.limits import limits

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.get("/health")
@guarded("see_welcome")
def health() -> ResponseReturnValue:
    """Say that the server runs and can take stories; no secret is told."""
    if not locked.here():
        get_db()
    return jsonify(
        ok=True,
        locked=locked.here(),
        version=__version__,
        capture_open=inquiry().capture_open,
        recipient=sealing.recipient(inquiry().folder),
    )


@blueprint.get("/openapi.json")
@guarded("see_welcome")
def described() -> ResponseReturnValue:
    """Describe this door for programs that read descriptions."""
    return jsonify(openapi.description())


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
    numbers = arrivals.numbers(request.headers.get("Par-Device-Numbers", ""))
    devices.seen(get_db(), _device(), numbers=numbers)
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
    try:
        arrived = _taken(_sent(uuid))
    except arrivals.Closed:
        closed = _("Telling is closed here for now. Keep the story where it is, and send it later.")
        answer = jsonify(status="later", message=closed, stored=False)
        answer.headers["Retry-After"] = "3600"
        return answer, HTTPStatus.SERVICE_UNAVAILABLE
    except arrivals.WrongType:
        wrong = _("Send the story as application/json, or sealed as application/age.")
        return _refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, {"body": wrong})
    except payload.Unreadable as error:
        return _refused(HTTPStatus.UNPROCESSABLE_ENTITY, error.errors)
    status = arrivals.STATUSES[arrived.status]
    return jsonify(arrived.as_json(arrivals.message(arrived.status, _))), status


def _taken(sent: arrivals.Sent) -> arrivals.Arrived:
    if (outside := locked.outside()) is not None:
        return arrivals.post(outside, inquiry(), _device(), sent, speak=_speak_for)
    return arrivals.take(get_db(), inquiry(), _device(), sent, speak=_speak_for)


def _sent(uuid: str) -> arrivals.Sent:
    known = request.mimetype in (arrivals.JSON, arrivals.AGE)
    return arrivals.Sent(
        uuid,
        request.mimetype,
        request.get_data(cache=False) if known else b"",
        request.headers.get("Par-Device-Numbers", ""),
        request.headers.get("Par-Device-Seq", ""),
    )


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


def _device() -> devices.Device:
    device = guards.device()
    assert device is not None  # the guard lets nobody else in
    return device


def _speak_for(told_in: Any) -> str:
    """Answer in the language of the telling, else in one that the device accepts."""
    if isinstance(told_in, str):
        languages.speak(told_in)
    return languages.chosen()
