"""Why storage may refuse; each message is a sentence that says what to do."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Final


class StorageError(Exception):
    """Anything that storage could not do."""


class Refused(StorageError):
    """A request that the rules do not allow; `reason` is one word for programs."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class NotAnInquiry(StorageError):
    """The folder holds no private.db."""


class InquiryTooNew(StorageError):
    """The database was written by a later version of the toolkit."""


class InquiryBusy(StorageError):
    """Another program holds the database for longer than we wait."""


class ReadOnly(StorageError):
    """The folder or the disk may not be written to."""


class DiskFull(StorageError):
    """The disk has no room; nothing was kept."""


class Damaged(StorageError):
    """The file is not a sound SQLite database."""


class Locked(StorageError):
    """The inquiry is encrypted, and this program was not given its passphrase."""


class WrongPassphrase(StorageError):
    """The passphrase is not the one that the inquiry was encrypted with."""


class KeyMissing(StorageError):
    """What the passphrase opens is not in keys/: nothing can be read without it."""


class KeyDamaged(StorageError):
    """What the passphrase opens was changed since it was written."""


#: What the system says where a disk is full, or a file may not grow, or the drive fails.
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
MAY_NOT: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def translate(error: Exception, path: Path) -> StorageError | None:
    """Turn an error of either SQLite, or of the disk, into one of ours.

    None where it is a fault of the program.
    """
    if isinstance(error, OSError):
        if error.errno in NO_ROOM:
            return _full(path)
        return may_not(error, path) if error.errno in MAY_NOT else None
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return InquiryBusy(
            f"{path} is being written to by another program. Wait a moment and try again."
        )
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return ReadOnly(
            f"{path} cannot be opened for writing. Check that the folder is there and may be "
            "written to by you."
        )
    if "full" in text or "disk i/o" in text:
        return _full(path)
    if "malformed" in text or "not a database" in text:
        return Damaged(f"{path} is damaged. Restore the last backup: par restore FILE")
    return None


def may_not(error: OSError, path: Path) -> ReadOnly:
    """Say that a file or folder cannot be written, in the system's words."""
    return ReadOnly(f"{path} cannot be written: {error.strerror}. Check that you may write to it.")


def unwritable(error: OSError, place: Path) -> StorageError:
    """Turn what the disk says of a file in the folder `place` into one of ours."""
    return translate(error, place) or may_not(error, place)


def _full(path: Path) -> DiskFull:
    return DiskFull(
        f"The disk that holds {path} is full or failing. Nothing kept was harmed. "
        "Make room and try again."
    )
