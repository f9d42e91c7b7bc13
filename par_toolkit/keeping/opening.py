"""Open what is sealed to keepers, a copy of everything or a backup, and lay it out as files."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Final

from par_toolkit.keeping import archive, sealed
from par_toolkit.keeping.errors import BackupError

_OPENED: Final = ".opened"


def lay_out(path: Path, out: Path, key: str) -> int:
    """Open the sealed file `path` with a keeper's key into the new folder `out`; count the files.

    Only their owner can read them. Raises BackupError where the key does not open it, where it is
    damaged, or where `out` holds something; then nothing is left in `out`.
    """
    if not path.is_file():
        raise BackupError(f"There is no file {path}. Look at its name and its folder.")
    if not sealed.is_sealed(path):
        raise BackupError(f"{path} is not sealed. It needs no key.")
    if out.is_symlink() or out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise BackupError(f"{out} holds something already. Choose a new or an empty folder.")
    try:
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            sealed.open_into(path, out / _OPENED, key)
            number = _extract(path, out)
        except BaseException:
            shutil.rmtree(out, ignore_errors=True)
            raise
    except OSError as error:
        raise BackupError(
            f"{error.filename or out} cannot be written: {error.strerror}. Choose a folder that "
            "you may write to, on a disk with room."
        ) from error
    return number


def _extract(path: Path, out: Path) -> int:
    """Take every file out of what was opened, each where it belongs inside `out`."""
    try:
        with zipfile.ZipFile(out / _OPENED) as zipped:
            members = zipped.infolist()
            if not all(archive.stays_inside(member) for member in members):
                raise BackupError(f"{path} holds what nobody here wrote. Nothing was opened.")
            for member in members:
                archive.take_out(zipped, member, out)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise BackupError(f"{path} opens, but holds neither a copy nor a backup.") from error
    (out / _OPENED).unlink()
    return len(members)
