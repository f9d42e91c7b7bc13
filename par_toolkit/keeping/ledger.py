"""The withdrawal ledger, brought together from wherever it is kept."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from par_toolkit.storage import tombstones
from par_toolkit.storage.database import PrivateDatabase

Entry = dict[str, Any]


def known(db: PrivateDatabase) -> list[Entry]:
    """List every withdrawal that this inquiry knows of, by its database or by its ledger."""
    return [
        *tombstones.entries(db),
        *tombstones.read_ledger(db.folder / "backups" / tombstones.LEDGER),
    ]


def add_to(path: Path, entries: Iterable[Entry]) -> None:
    """Bring a ledger up to `entries`; what it holds already stays, each withdrawal once.

    Nothing is written where there is nothing new to remember.
    """
    held = _lines(tombstones.read_ledger(path))
    lines = _lines(entries) | held
    if lines == held:
        return
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.writelines(line + "\n" for line in lines.values())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _lines(entries: Iterable[Entry]) -> dict[tuple[str, str], str]:
    """Return the line of each withdrawal, once."""
    lines = {}
    for entry in entries:
        kept = {"mark": entry["mark"], "kind": entry["kind"], "themed": bool(entry.get("themed"))}
        lines[(kept["mark"], kept["kind"])] = json.dumps(kept, sort_keys=True)
    return lines
