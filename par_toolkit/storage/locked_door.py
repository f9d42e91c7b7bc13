"""What a locked inquiry must know at its door: which tablets are paired, and what was withdrawn.

It lies in `letterbox/door.json` and holds digests only: of tokens and of withdrawn stories' uuids,
both of which are random and too long to guess. A plain inquiry has none.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from par_toolkit.storage import disk, vault
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Locked, StorageError, unwritable

FOLDER: Final = "letterbox"
FILE: Final = "door.json"


@dataclass(frozen=True)
class Sender:
    """The pairing that a token belongs to."""

    id: int
    until: str | None
    revoked: bool

    @property
    def holds(self) -> bool:
        """Say whether the tablet may send just now."""
        return not self.revoked and (self.until is None or self.until >= now())


class LockedDoor:
    """Reads what is known at the door of the inquiry in `folder`, anew where it has changed."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FOLDER / FILE
        self._read: tuple[tuple[int, int, int], dict[str, Any]] | None = None

    def sender(self, token_digest: str) -> Sender | None:
        """Return the pairing with this token, also one that holds no more; None where unknown.

        Raises Locked where nothing was written down yet: nobody is turned away for that.
        """
        found = self._known()["devices"].get(token_digest)
        return Sender(**found) if found else None

    def refuses(self, uuid: str) -> bool:
        """Say whether the story with this uuid is known to have been withdrawn."""
        try:
            return _digest(uuid) in self._known()["withdrawn"]
        except Locked:
            return False  # what was withdrawn goes when the inquiry is opened

    def _known(self) -> dict[str, Any]:
        try:
            state = os.stat(self._path)
            stamp = (state.st_ino, state.st_mtime_ns, state.st_size)
            if self._read is None or self._read[0] != stamp:
                held = json.loads(self._path.read_bytes())
                held["withdrawn"] = frozenset(held["withdrawn"])
                self._read = stamp, held
        except FileNotFoundError as error:
            raise Locked(
                "This inquiry was not opened since it was encrypted, so its tablets are not known "
                "yet. Open it once with its passphrase."
            ) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StorageError(
                f"{self._path} cannot be read. Open the inquiry with its passphrase, and it is "
                "written anew."
            ) from error
        return self._read[1]


def remember(db: PrivateDatabase, uuid: str) -> None:
    """Remember that the story with this uuid was withdrawn, for when there is no key to tell."""
    db.change("insert or ignore into withdrawn_uuids values (:digest)", {"digest": _digest(uuid)})


def note(db: PrivateDatabase) -> None:
    """Write down for the locked door what it must know, where that has changed.

    A plain inquiry has no such door: what one had of it before is removed. Raises StorageError.
    """
    path = db.folder / FOLDER / FILE
    try:
        if not vault.encrypted(db.folder):
            path.unlink(missing_ok=True)
            return
        content = json.dumps({"devices": _devices(db), "withdrawn": _withdrawn(db)}).encode("ascii")
        if not path.exists() or path.read_bytes() != content:
            make_folder(db.folder)
            disk.write_whole(path, content)
    except OSError as error:
        raise unwritable(error, path.parent) from error


def make_folder(folder: Path) -> Path:
    """Return the letterbox of the inquiry in `folder`, made where there is none. Raises OSError."""
    place = folder / FOLDER
    if not place.is_dir():
        place.mkdir(mode=0o700, exist_ok=True)
        disk.sync_names(folder)
    return place


def _devices(db: PrivateDatabase) -> dict[str, dict[str, Any]]:
    rows = db.rows("select id, token, until, revoked_at from devices order by id")
    return {
        row["token"]: asdict(Sender(row["id"], row["until"], row["revoked_at"] is not None))
        for row in rows
    }


def _withdrawn(db: PrivateDatabase) -> list[str]:
    return [row["digest"] for row in db.rows("select digest from withdrawn_uuids order by digest")]


def _digest(uuid: str) -> str:
    return hashlib.sha256(uuid.lower().encode("ascii", "replace")).hexdigest()
