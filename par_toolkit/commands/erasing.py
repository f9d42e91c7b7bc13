"""Finish erasing what was withdrawn; shared by the commands that take words away."""

from __future__ import annotations

from pathlib import Path

from par_toolkit import publishing
from par_toolkit.storage import withdrawals
from par_toolkit.storage.database import open_database


def finish(folder: Path) -> withdrawals.Erasure:
    """Take what was withdrawn out of the findings, then out of every byte kept here."""
    publishing.follow_withdrawals(folder)
    with open_database(folder) as db:
        return withdrawals.finish_erasure(db)
