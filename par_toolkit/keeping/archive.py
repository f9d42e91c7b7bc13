"""What a backup file is inside: a zip with known names, and nothing else is taken out of it."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final

from par_toolkit.keeping.errors import BackupError

MANIFEST: Final = "manifest.json"
#: Files at the top of an inquiry, and folders of it, that a backup holds.
FILES: Final = ("inquiry.toml", "private.db")
FOLDERS: Final = ("forms", "keys", "media")
FORMAT: Final = 1
#: More files than any inquiry has; a list of more would take the memory before anything is written.
MOST_FILES: Final = 200_000
#: The manifest is read whole.
MOST_OF_MANIFEST: Final = 1_000_000
#: Left free on a disk when a backup is put back.
SPARE_BYTES: Final = 50 * 1024 * 1024


@contextmanager
def opened(path: Path, called: Path) -> Iterator[zipfile.ZipFile]:
    """Open a backup and check that it is one, of a format that is known here.

    `called` is what people call it: the sealed file, where `path` is what came out of one. Raises
    BackupError for a file that is missing, damaged, or no backup.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_manifest(called, archive)
            yield archive
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {called}. Look at its name and its folder.") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise BackupError(
            f"{called} is damaged or is no backup of par-toolkit. Try an earlier backup."
        ) from error
    except OSError as error:
        raise BackupError(f"{called} cannot be read: {error.strerror}.") from error


def _check_manifest(called: Path, archive: zipfile.ZipFile) -> None:
    try:
        if len(archive.infolist()) > MOST_FILES:
            raise ValueError
        if archive.getinfo(MANIFEST).file_size > MOST_OF_MANIFEST:
            raise ValueError
        made_by = json.loads(archive.read(MANIFEST))["format"]
    except (KeyError, ValueError, TypeError) as error:
        raise BackupError(f"{called} is no backup of par-toolkit. Try another file.") from error
    if made_by != FORMAT:
        raise BackupError(
            f"{called} was made by a newer version of par-toolkit. Install that one, or a later "
            "one."
        )


def manifest(**facts: Any) -> str:
    """Write the manifest of a new backup."""
    return json.dumps({"format": FORMAT} | facts, ensure_ascii=False, indent=2)


def unpack(path: Path, into: Path, *, called: Path) -> None:
    """Write the files of a backup into the folder `into`, readable by their owner only.

    A name that is not one of a backup's, or that leads out of the folder, is refused before
    anything is written. `called` as in `opened`.
    """
    with opened(path, called) as archive:
        members = [one for one in archive.infolist() if one.filename != MANIFEST]
        for member in members:
            if not _belongs(member):
                raise BackupError(
                    f"{called} holds what no backup of par-toolkit holds. Nothing was restored."
                )
        missing = set(FILES) - {member.filename for member in members}
        if missing:
            raise BackupError(
                f"{called} is not whole: {min(missing)} is missing. Try another backup."
            )
        if sum(one.file_size for one in members) + SPARE_BYTES > shutil.disk_usage(into).free:
            raise BackupError(
                f"There is not enough room in {into} for this backup. Make room first."
            )
        for member in members:
            take_out(archive, member, into)


def take_out(archive: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path) -> None:
    """Write one file of a zip into `into`, readable by its owner only; see `stays_inside`."""
    target = into / member.filename
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with archive.open(member) as source, target.open("xb") as file:
        target.chmod(0o600)
        shutil.copyfileobj(source, file)


def stays_inside(member: zipfile.ZipInfo) -> bool:
    """Say whether a member is a plain file whose name leads nowhere else."""
    name = member.filename
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or "\\" in name or "\0" in name or name.startswith("/"):
        return False
    parts = PurePosixPath(name).parts
    return str(PurePosixPath(*parts)) == name and not {".", ".."} & set(parts)


def _belongs(member: zipfile.ZipInfo) -> bool:
    """Say whether a member is a plain file in its place in a backup."""
    name = member.filename
    parts = PurePosixPath(name).parts
    return stays_inside(member) and (name in FILES or (len(parts) > 1 and parts[0] in FOLDERS))
