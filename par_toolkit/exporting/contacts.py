"""How to reach tellers, in an export: only where a reason was given, and then in the clear."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from par_toolkit.exporting.errors import ExportError
from par_toolkit.exporting.places import Place
from par_toolkit.storage import contacts
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused

NAME: Final = "contacts.json"
#: Why they may come along, as the trail records it: to load them elsewhere, or to reach people.
REASONS: Final = ("moving", "reaching")


def write(place: Place, db: PrivateDatabase) -> None:
    """Write every contact as one JSON array. Raises CellDamaged where one does not open."""
    with place.new(NAME) as file:
        found = [asdict(one) for one in contacts.every(db)]
        file.write(json.dumps(found, ensure_ascii=False, indent=1).encode())


def load(source: Path, db: PrivateDatabase) -> None:
    """Keep the contacts of an export, encrypted under the key that is here.

    Raises ExportError where they do not fit the stories that came.
    """
    try:
        found = json.loads(source.read_bytes())
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise ValueError("no contacts")
        contacts.load(db, found)
    except (ValueError, Refused) as error:
        raise ExportError(
            f"{source} does not fit the stories. Nothing was loaded: export once more."
        ) from error
