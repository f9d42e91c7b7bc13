"""The pages of an encrypted inquiry that nobody has opened: what still comes in, and what people
are told meanwhile.

Telling goes on: what is told is sealed and put into the letterbox. Pages that show what is in the
database say that the inquiry is locked, and who can open it.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, cast

from flask import Flask, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from par_toolkit import sealing
from par_toolkit.storage import devices, letterbox
from par_toolkit.storage.letterbox import Beside
from par_toolkit.storage.locked_door import LockedDoor
from par_toolkit.storage.people import digest
from par_toolkit.web import current

PLACE: Final = "par_locked"
#: Places whose every page shows what is in the database, but for the one that opens it.
CLOSED: Final = frozenset({"mine", "circles", "desk"})
OPENING: Final = frozenset({"desk.unlock", "desk.open_inquiry"})
#: Seconds after which a tablet asks again for what only an open inquiry can answer.
ASK_AGAIN: Final = 60


class Outside:
    """What can be known and done of an inquiry without its database. Safe between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._door = LockedDoor(folder)
        self._key = secrets.token_bytes(32)
        self._taken: set[bytes] = set()
        self._lock = threading.Lock()

    def device(self, token: str) -> tuple[devices.Device | None, bool]:
        """Return the tablet with this token, where its pairing holds, and whether it ever did."""
        sender = self._door.sender(digest(devices.normalise(token)))
        if sender is None or not sender.holds:
            return None, sender is not None
        known = devices.Device(sender.id, "", sender.until, sender.revoked, None, 0, None)
        return known, True

    def post(self, uuid: str, sealed: bytes, beside: Beside) -> str:
        """Put a sealed story into the letterbox and return what became of it; on return it is on
        disk. Raises StorageError."""
        if self._door.refuses(uuid):
            return "withdrawn"
        return letterbox.put(self._folder, uuid, sealed, beside)

    def seal(self, uuid: str, told: bytes, beside: Beside) -> str:
        """Seal a story that came in the clear, and post it.

        What is sealed twice never looks alike, so a repeat is known by a digest that is kept in
        memory, under a key that is nowhere else.
        """
        seen = hmac.digest(self._key, uuid.lower().encode() + b"\0" + told, "sha256")
        with self._lock:
            if seen in self._taken:
                return "same"
            status = self.post(uuid, sealing.seal(sealing.recipient(self._folder), told), beside)
            if status != "withdrawn":
                self._taken.add(seen)
            return status

    def arrived(self, uuid: str) -> bool:
        """Say whether a story with this uuid lies in the letterbox."""
        return letterbox.holds(self._folder, uuid)


def outside() -> Outside | None:
    """Return what a locked inquiry can do; None where the inquiry at hand is open."""
    return cast("Outside | None", current_app.extensions[PLACE])


def here() -> bool:
    """Say whether the inquiry at hand is locked."""
    return outside() is not None


def page() -> ResponseReturnValue:
    """Say that the inquiry is locked, and who can open it; a program is told to ask later."""
    if request.path.startswith("/api/"):
        answer = jsonify(status="later", message=sentence(), stored=False)
        answer.headers["Retry-After"] = str(ASK_AGAIN)
        return answer, HTTPStatus.SERVICE_UNAVAILABLE
    return render_template("locked.html"), HTTPStatus.SERVICE_UNAVAILABLE


def sentence() -> str:
    """Say in a sentence or two what people can do."""
    return _(
        "This inquiry is locked just now. The person who runs it can open it with its passphrase."
    )


def as_json(fields: Mapping[str, Any]) -> bytes:
    """Write a telling as tablets do (docs/api.md)."""
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _check() -> ResponseReturnValue | None:
    """Answer for every page of a place that is closed while the inquiry is locked."""
    shut = here() and request.blueprint in CLOSED and request.endpoint not in OPENING
    return page() if shut else None


def init_app(app: Flask, *, locked: bool) -> None:
    """Let `app` be of a `locked` inquiry, or of an open one."""
    app.extensions[PLACE] = Outside(app.extensions[current.PLACE].folder) if locked else None
    app.before_request(_check)
    app.context_processor(lambda: {"inquiry_locked": here()})
