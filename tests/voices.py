"""Recordings that are no sound, but begin as one does; and a made-up one that a test can find."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage.voices import Spoken

WEBM = b"\x1a\x45\xdf\xa3"
OGG = b"OggS"
MP4 = b"\x00\x00\x00\x18ftyp"
STARTS = {"audio/webm": WEBM, "audio/ogg": OGG, "audio/mp4": MP4}


def spoken(
    sound: bytes = b"made-up sound", *, type: str = "audio/webm", question: str = "telling"
) -> Spoken:
    """Make one recording."""
    return Spoken(question, type, 93, STARTS[type] + sound)


def sent(sound: bytes = b"made-up sound", **changes: Any) -> dict[str, Any]:
    """Make one recording as a tablet sends it."""
    return {
        "question": "telling",
        "type": "audio/webm;codecs=opus",
        "seconds": 93,
        "data": base64.b64encode(WEBM + sound).decode(),
    } | changes


def files(inquiry: Inquiry) -> list[Path]:
    """List what lies in the folder of the recordings."""
    return sorted(inquiry.media.glob("*"))
