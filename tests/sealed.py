"""What tests of sealed stories share: a paired tablet that seals, and what it hands over."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from par_toolkit import sealing
from tests.web.test_web_api import UUID, Tablet, story


def sealed(folder: Path, told: dict[str, Any] | bytes) -> bytes:
    """Seal a story as a tablet does."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return sealing.seal(sealing.recipient(folder), body)


class SealingTablet(Tablet):
    """A paired tablet that sends each story sealed."""

    def __init__(self, client: FlaskClient, token: str, folder: Path) -> None:
        super().__init__(client, token)
        self.folder = folder

    def seal(self, told: dict[str, Any] | bytes) -> bytes:
        """Seal a story to the inquiry."""
        return sealed(self.folder, told)

    def send(self, body: bytes, *, uuid: str = UUID, **headers: str) -> TestResponse:
        """Send bytes as a sealed story; `headers` have _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.put(body, uuid=uuid, content_type="application/age", headers=named)

    def tell(self, told: dict[str, Any] | None = None, *, uuid: str = UUID) -> TestResponse:
        """Seal and send a story."""
        return self.send(self.seal(told or story()), uuid=uuid)


def export(
    folder: Path, stories: Iterable[tuple[str, dict[str, Any] | bytes]], **changes: Any
) -> dict[str, Any]:
    """Return what a tablet saves to a file for these stories by uuid."""
    return {
        "par_waiting": 1,
        "inquiry": "Made-up inquiry",
        "recipient": sealing.recipient(folder),
        "stories": [
            {
                "uuid": uuid,
                "device_seq": number,
                "state": "quarantined",
                "status": 422,
                "reason": "a made-up reason",
                "sealed": base64.b64encode(sealed(folder, told)).decode(),
            }
            for number, (uuid, told) in enumerate(stories, 1)
        ],
    } | changes
