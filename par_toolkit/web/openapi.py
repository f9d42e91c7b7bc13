"""The door for programs, described for machines: OpenAPI 3.1, written from what the code accepts.

The same text stands in docs/openapi.json; docs/api.md says it for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from par_toolkit import __version__
from par_toolkit.inquiry import USES
from par_toolkit.inquiry.model import LANGUAGE_CODE
from par_toolkit.storage import receipts
from par_toolkit.storage.sounds import ENDINGS
from par_toolkit.web import arrivals, errors, payload, spoken

#: What each status means to whoever sent a story, and what to do.
MEANINGS: Final = {
    200: "Stored before, with the same content. Delete it on the device.",
    201: "Stored: it is on disk. Delete it on the device.",
    202: "Stored before with other content; both are kept. Delete it on the device.",
    400: "The request is not whole. Keep the story and show the reason.",
    401: "The token is wrong, has ended or was revoked. Keep everything and pair again.",
    403: "Sent from a page of another site. Keep the story and show the reason.",
    404: "There is nothing at this address.",
    408: "The body came too slowly. Keep everything and try later.",
    410: "It was withdrawn and nothing is kept. Erase it on the device.",
    413: "More than can be taken at once. Keep it and offer it as a file.",
    415: "Neither JSON nor sealed. Keep it and show the reason.",
    422: "Refused; `errors` has a sentence for each piece. Keep it and offer it as a file.",
    429: "Too much in a short time. Go on after `Retry-After` seconds.",
    500: "A fault of ours. Keep everything and try later.",
    503: "Busy, or starting. Keep everything and try later.",
    507: "The disk is full. Keep everything and try later.",
}
STATUSES: Final = tuple(
    sorted(
        {*arrivals.STATUSES, *errors.FOR_DEVICES.values(), "pair_again", "wrong_type", "refused"}
    )
)
_WHOLE: Final = {"type": "integer", "minimum": 1, "maximum": payload.LARGEST_NUMBER}
_OF_A_DEVICE: Final = [{"tablet": []}]


def description() -> dict[str, Any]:
    """Return the whole description; it is the same for every inquiry."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sending stories to an inquiry",
            "version": __version__,
            "description": "A paired tablet, or any program that holds its key, may send stories. "
            "It can read none. docs/api.md says the same for people.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/api/health": {"get": _health()},
            "/api/openapi.json": {"get": _itself()},
            "/api/device": {"get": _device()},
            "/api/stories/{uuid}": {"put": _put_story()},
        },
        "components": {
            "securitySchemes": {"tablet": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Story": _story(), "Recording": _recording(), "Answer": _answer()},
        },
    }


def _health() -> dict[str, Any]:
    return {
        "operationId": "health",
        "summary": "Say that the server runs and can take stories.",
        "security": [],
        "responses": _answers(
            {
                200: _object(
                    {
                        "ok": {"const": True},
                        "version": {"type": "string"},
                        "locked": {"type": "boolean"},
                        "capture_open": {"type": "boolean"},
                        "recipient": {"type": ["string", "null"]},
                    },
                    ("ok", "version", "locked", "capture_open", "recipient"),
                    more=True,
                )
            },
            (500, 503),
        ),
    }


def _itself() -> dict[str, Any]:
    return {
        "operationId": "description",
        "summary": "Return this description.",
        "security": [],
        "responses": _answers({200: {"type": "object"}}, (500, 503)),
    }


def _device() -> dict[str, Any]:
    words, number = {"type": "string"}, {"type": "integer", "minimum": 0}
    return {
        "operationId": "device",
        "summary": "Say what this device is called here, and which of its numbers have arrived.",
        "security": _OF_A_DEVICE,
        "parameters": [_numbers()],
        "responses": _answers(
            {
                200: _object(
                    {
                        "device": number,
                        "name": words,
                        "until": {"type": ["string", "null"]},
                        "arrived": number,
                        "of": number,
                        "missing": {"type": "array", "items": number, "maxItems": 1000},
                        "recipient": {"type": ["string", "null"]},
                        "inquiry": words,
                        "wording": number,
                    },
                    ("device", "name", "arrived", "of", "missing", "recipient"),
                    more=True,
                )
            },
            (400, 401, 429, 500, 503),
        ),
    }


def _put_story() -> dict[str, Any]:
    answer = {"$ref": "#/components/schemas/Answer"}
    return {
        "operationId": "sendStory",
        "summary": "Keep one story; the answer goes out only after it is on disk.",
        "security": _OF_A_DEVICE,
        "parameters": [
            {
                "name": "uuid",
                "in": "path",
                "required": True,
                "description": "Made when the telling begins: sending again makes no second story.",
                "schema": {"type": "string", "format": "uuid"},
            },
            _numbers(),
            {
                "name": "Par-Device-Seq",
                "in": "header",
                "description": "The number of this story, where the server cannot look inside the "
                "seal. One that is not written just so is passed over.",
                "schema": {"type": "string"},
            },
        ],
        "requestBody": {
            "required": True,
            "content": {
                arrivals.JSON: {"schema": {"$ref": "#/components/schemas/Story"}},
                arrivals.AGE: {"schema": {"type": "string", "format": "binary"}},
            },
        },
        "responses": _answers(
            dict.fromkeys((int(code) for code in arrivals.STATUSES.values()), answer),
            (400, 401, 403, 404, 408, 413, 415, 422, 429, 500, 503, 507),
        ),
    }


def _numbers() -> dict[str, Any]:
    return {
        "name": "Par-Device-Numbers",
        "in": "header",
        "description": "FIRST-LAST: the numbers that this device has given stories since it was "
        "paired. One that is not written just so is passed over.",
        "schema": {"type": "string"},
    }


def _answers(good: Mapping[int, Any], others: tuple[int, ...]) -> dict[str, Any]:
    refused = {"$ref": "#/components/schemas/Answer"}
    return {
        str(status): {
            "description": MEANINGS[status],
            "content": {"application/json": {"schema": good.get(status, refused)}},
        }
        for status in sorted({*good, *others})
    }


def _story() -> dict[str, Any]:
    number, yes = dict(_WHOLE), {"type": "boolean"}
    fields = {
        "form": {"type": "string", "description": "The name of a form, such as story."},
        "form_version": number,
        "language": {"type": "string", "pattern": LANGUAGE_CODE.pattern, "maxLength": 35},
        "receipt": {
            "type": "string",
            "pattern": f"^[0-9]{{{receipts.DIGITS}}}$",
            "description": "From a good source of randomness. Only a keyed digest of it is kept.",
        },
        "answers": {
            "type": "object",
            "description": "Named by the form's questions; a name that is none of them is refused.",
            "additionalProperties": {
                "type": ["string", "number", "boolean", "array", "null"],
                "items": {"type": "string"},
            },
        },
        "consent": _object(
            {**dict.fromkeys(USES, yes), "wording": number}, ("wording",), more=False
        ),
        "device_seq": {**number, "type": ["integer", "null"]},
        "contact": {
            "type": ["string", "null"],
            "description": "How to reach the teller, where they agreed to be contacted.",
        },
        "voice": {
            "type": "array",
            "minItems": 1,
            "maxItems": spoken.MOST_PARTS,
            "items": {"$ref": "#/components/schemas/Recording"},
        },
    }
    example = {
        "form": "story",
        "form_version": 1,
        "language": "en",
        "receipt": "1234567812345678",
        "answers": {"telling": "The well is open again.", "kind": "success"},
        "consent": {**dict.fromkeys(USES, True), "publish": False, "wording": 1},
    }
    return {**_object(fields, payload.NEEDED, more=False), "examples": [example]}


def _recording() -> dict[str, Any]:
    fields = {
        "question": {"type": "string"},
        "type": {"type": "string", "pattern": f"^({'|'.join(ENDINGS)}) ?(;[ -~]{{0,80}})?$"},
        "seconds": {"type": "integer", "minimum": 1, "maximum": spoken.MOST_SECONDS},
        "data": {"type": "string", "contentEncoding": "base64"},
    }
    return _object(fields, spoken.FIELDS, more=False)


def _answer() -> dict[str, Any]:
    sentences = {"type": "object", "additionalProperties": {"type": "string"}}
    fields = {
        "status": {"enum": list(STATUSES)},
        "message": {"type": "string", "description": "A sentence for people."},
        "stored": {"type": "boolean", "description": "True only where the story is on disk."},
        "uuid": {"type": "string"},
        "device_seq": {"type": ["integer", "null"]},
        "sealed": {"const": True},
        "errors": sentences,
        "unknown": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    }
    return _object(fields, ("status", "message", "stored"), more=True)


def _object(fields: Mapping[str, Any], needed: tuple[str, ...], *, more: bool) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(fields),
        "required": list(needed),
        "additionalProperties": more,
    }
