"""What was spoken, as a device sends it: checked, and refused in sentences (docs/api.md)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _

import forms
from par_toolkit.storage.sounds import ENDINGS
from par_toolkit.storage.voices import Spoken

FIELDS: Final = ("question", "type", "seconds", "data")
#: A recording that was broken off is gone on with as another part; nobody is that unlucky.
MOST_PARTS: Final = 50
#: Bytes of all parts together: what fits in a body of 8 MB in base64, beside the words.
MOST_BYTES: Final = 6_000_000
MOST_SECONDS: Final = 24 * 60 * 60

_TYPE: Final = re.compile(r"(audio/\w+) ?(?:;[ -~]{0,80})?")
#: type -> where the bytes that tell it stand, and which they are.
_SIGNS: Final = {
    "audio/webm": (0, b"\x1a\x45\xdf\xa3"),
    "audio/ogg": (0, b"OggS"),
    "audio/mp4": (4, b"ftyp"),
}


def check(given: Any, form: forms.Form | None, errors: dict[str, str]) -> tuple[Spoken, ...]:
    """Return the parts of a recording; add a sentence to `errors` for each piece that is wrong."""
    if given is None or form is None:
        return ()
    if not isinstance(given, list) or not 0 < len(given) <= MOST_PARTS:
        errors["voice"] = _("'voice' must be a list of 1 to %(most)s recordings.", most=MOST_PARTS)
        return ()
    parts = [_part(one, form, f"voice.{number}", errors) for number, one in enumerate(given, 1)]
    found = tuple(part for part in parts if part)
    if sum(len(part.data) for part in found) > MOST_BYTES:
        errors["voice"] = _(
            "What was spoken is more than %(most)s million bytes. Send it as two stories.",
            most=MOST_BYTES // 1_000_000,
        )
    return found


def _part(given: Any, form: forms.Form, name: str, errors: dict[str, str]) -> Spoken | None:
    if not isinstance(given, Mapping) or set(given) != set(FIELDS):
        errors[name] = _("A recording has: %(known)s.", known=", ".join(FIELDS))
        return None
    question, seconds = given["question"], given["seconds"]
    if question not in form.words:
        errors[f"{name}.question"] = _(
            "Only a question that is answered in words can be spoken: %(known)s.",
            known=", ".join(form.words),
        )
    if type(seconds) is not int or not 0 < seconds <= MOST_SECONDS:
        errors[f"{name}.seconds"] = _("'seconds' must be a whole number above 0.")
    kind = _kind(given["type"])
    if kind is None:
        errors[f"{name}.type"] = _(
            "The recording must be one of: %(known)s.", known=", ".join(ENDINGS)
        )
    data = _decoded(given["data"])
    if data is None:
        errors[f"{name}.data"] = _("'data' must be the recording in base64.")
    elif kind and not _is(kind, data):
        errors[f"{name}.data"] = _("This is no recording of the type %(type)s.", type=kind)
    if kind is None or data is None:
        return None
    return Spoken(str(question), kind, seconds, data)


def _kind(given: Any) -> str | None:
    """Return the type of a recording without what is said of how it is coded."""
    found = _TYPE.fullmatch(given) if isinstance(given, str) else None
    return found[1] if found and found[1] in ENDINGS else None


def _decoded(given: Any) -> bytes | None:
    """Return the bytes of strict base64; None where it is not that, or is empty."""
    try:
        return base64.b64decode(given, validate=True) or None if isinstance(given, str) else None
    except (binascii.Error, ValueError):
        return None


def _is(kind: str, data: bytes) -> bool:
    """Say whether the bytes begin as a file of this type does."""
    at, sign = _SIGNS[kind]
    return data[at : at + len(sign)] == sign
