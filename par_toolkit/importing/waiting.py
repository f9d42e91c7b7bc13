"""The file in which a tablet hands over what it could not send: stories, each still sealed."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from par_toolkit.importing.errors import ImportRefused

#: The versions of the file that are read here.
VERSIONS: Final = (1,)
_MARK: Final = b'"par_waiting"'
_BEGINNING: Final = 4_096
_LARGEST_NUMBER: Final = 2**53


@dataclass(frozen=True)
class Entry:
    """One story as the tablet kept it; `sealed` is None where the file does not hold it whole."""

    uuid: str
    recipient: str
    sealed: bytes | None
    device_seq: int | None


@dataclass(frozen=True)
class Export:
    """What a tablet handed over, for the inquiry of this name; `device` is its number there, where
    the file says it. A story that was sealed before the tablet came to that inquiry has a recipient
    of its own."""

    inquiry: str
    recipient: str
    device: int | None
    stories: tuple[Mapping[str, Any], ...]

    def entries(self) -> Iterator[Entry]:
        """Give each story, its bytes decoded one at a time."""
        for story in self.stories:
            yield Entry(
                str(story.get("uuid", ""))[:60],
                self._recipient(story),
                _bytes(story.get("sealed")),
                _number(story),
            )

    def has_for(self, recipient: str) -> bool:
        """Say whether any story in it is sealed to `recipient`; an empty one is for everybody."""
        return not self.stories or any(self._recipient(one) == recipient for one in self.stories)

    def _recipient(self, story: Mapping[str, Any]) -> str:
        return str(story.get("recipient", self.recipient))


def is_export(path: Path) -> bool:
    """Say whether a file is a tablet's, by how it begins and not by its name."""
    try:
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError:
        return False  # whoever opens it next says why
    return beginning.startswith(b"{") and _MARK in beginning


def read_export(path: Path) -> Export:
    """Read a tablet's file. Raises ImportRefused where it is damaged, cut short, or too new."""
    damaged = ImportRefused(
        f"{path.name} is damaged or not whole. Save the file on the tablet again: the stories are "
        "still there."
    )
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise damaged from error
    if not isinstance(data, dict):
        raise damaged
    if data.get("par_waiting") not in VERSIONS:
        raise ImportRefused(
            f"{path.name} was saved by a newer version of par-toolkit. Install that one, or a "
            "later one."
        )
    stories, recipient = data.get("stories"), data.get("recipient")
    if not isinstance(stories, list) or not all(isinstance(one, dict) for one in stories):
        raise damaged
    device = data.get("device")
    return Export(
        str(data.get("inquiry", ""))[:200],
        recipient if isinstance(recipient, str) else "",
        device if type(device) is int else None,
        tuple(stories),
    )


def _bytes(text: Any) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else None
    except (binascii.Error, ValueError):
        return None


def _number(story: Mapping[str, Any]) -> int | None:
    seq = story.get("device_seq")
    return seq if type(seq) is int and 0 < seq <= _LARGEST_NUMBER else None
