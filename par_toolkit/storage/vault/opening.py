"""The data keys of the encrypted inquiries that this program has open."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Final

from par_toolkit.storage.at_rest import encrypted
from par_toolkit.storage.errors import Locked
from par_toolkit.storage.vault import wrapping

LOCKED: Final = (
    "This inquiry is locked: it is encrypted, and its passphrase was not given. Give it when you "
    "are asked, in PAR_PASSPHRASE, or with: par --passphrase-file FILE …"
)

_guard: Final = threading.Lock()
#: The data keys that this program holds, by their ids; `lock` forgets.
_held: Final[dict[str, bytes]] = {}
#: Secrets of keys/ that were opened, by the id of the data key, their place and its state.
_read: Final[dict[str, dict[tuple[str, int], bytes]]] = {}
#: What was read of a wrapped key, by its place and state: asked for with every story.
_ids: Final[dict[str, tuple[tuple[int, int], str]]] = {}


def hold(key: bytes) -> None:
    """Keep a data key in memory."""
    with _guard:
        _held[wrapping.id_of(key)] = key


def lock(folder: Path) -> None:
    """Forget the key of the inquiry in `folder`, and every secret that was opened with it.

    Connections that are open stay so: whoever lends them closes them.
    """
    one = id_in(folder) if wrapping.path_in(folder).exists() else None
    with _guard:
        if one is not None:
            _held.pop(one, None)
            _read.pop(one, None)


def unlocked(folder: Path) -> bool:
    """Say whether this program can open the inquiry in `folder`; a plain one it always can."""
    return not encrypted(folder) or id_in(folder) in _held


def held(folder: Path) -> bool:
    """Say whether this program holds the data key that is wrapped in `folder`.

    Raises KeyDamaged.
    """
    return wrapping.path_in(folder).exists() and id_in(folder) in _held


def data_key(folder: Path) -> bytes:
    """Return the data key of the encrypted inquiry in `folder`.

    Raises Locked where this program was not given the passphrase, KeyMissing or KeyDamaged.
    """
    key = _held.get(id_in(folder))
    if key is None:
        raise Locked(LOCKED)
    return key


def database_key(folder: Path) -> bytes | None:
    """Return what private.db in `folder` is opened with; None where it is plain.

    Raises Locked, KeyMissing or KeyDamaged.
    """
    return data_key(folder) if encrypted(folder) else None


def id_in(folder: Path) -> str:
    """Return the id of the data key that is wrapped in `folder`; what was read once is known.

    Raises KeyMissing or KeyDamaged.
    """
    path = wrapping.path_in(folder)
    place = str(path)
    try:
        status = os.stat(path)
    except OSError:
        return wrapping.read(folder).id  # which says why it cannot be read
    state = status.st_mtime_ns, status.st_ino
    known = _ids.get(place)
    if known is None or known[0] != state:
        known = state, wrapping.read(folder).id
        _ids[place] = known
    return known[1]


def opened_secrets(folder: Path) -> dict[tuple[str, int], bytes]:
    """Return where secrets that were opened are remembered until the inquiry is locked.

    Raises Locked.
    """
    data_key(folder)
    with _guard:
        return _read.setdefault(id_in(folder), {})
