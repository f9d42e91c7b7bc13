"""The names of backups, what they tell of their age, and which are too old to keep."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from par_toolkit.keeping.sealed import ENDING as SEALED
from par_toolkit.storage.keys import mark

ENDING: Final = ".par"
_MOMENT: Final = "%Y%m%d-%H%M%S"


def free_name(to: Path, folder: Path, *, sealed: bool) -> Path:
    """Return a name that no file has.

    It holds the name of the inquiry's folder, the time in UTC to the second, and what tells this
    inquiry from another in a folder of the same name. Raises StorageError.
    """
    while True:
        moment = datetime.now(UTC).strftime(_MOMENT)
        path = to / f"{_prefix(folder)}-{moment}-{_own(folder)}{ENDING}"
        as_sealed = path.with_name(path.name + SEALED)
        if not path.exists() and not as_sealed.exists():
            return as_sealed if sealed else path
        time.sleep(0.1)


def _prefix(folder: Path) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "inquiry"
    # the ledger's name begins with 0 and must stay the first
    return name if name[0].isalpha() else f"inquiry-{name}"


def _own(folder: Path) -> str:
    """Return six hex digits that another inquiry hardly has, and that tell nothing of this one."""
    return mark(folder, "name of backups", "")[:6]


def listing(to: Path, folder: Path) -> list[tuple[datetime, Path]]:
    """List the backups of the inquiry in `folder` that lie in `to`, the newest first.

    When one was made is taken from its name, since copying a file gives it another time. Names from
    before they told inquiries apart count in the folder of the inquiry alone: on a stick they may
    be another's. Raises StorageError.
    """
    own = f"-{_own(folder)}"
    if to.resolve().is_relative_to(folder.resolve()):
        own = f"({own})?"
    ending = f"{re.escape(ENDING)}({re.escape(SEALED)})?"
    name = re.compile(rf"{re.escape(_prefix(folder))}-(\d{{8}}-\d{{6}}){own}{ending}")
    found = []
    for path in to.iterdir() if to.is_dir() else ():
        made = name.fullmatch(path.name)
        if made and path.is_file() and not path.is_symlink():
            try:
                moment = datetime.strptime(made[1], _MOMENT).replace(tzinfo=UTC)
            except ValueError:
                continue
            found.append((moment, path))
    return sorted(found, reverse=True)


def prune(to: Path, folder: Path, *, before: datetime) -> list[Path]:
    """Delete the backups in `to` that were made before a moment, and return their files.

    The newest stays however old it is, and so does the ledger.
    """
    old = [path for moment, path in listing(to, folder)[1:] if moment < before]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def days_old(path: Path) -> float:
    """Return for how many days a file has been as it is."""
    return (time.time() - path.stat().st_mtime) / 86_400
