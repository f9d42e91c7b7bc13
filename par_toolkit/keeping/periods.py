"""Keep to the times in `inquiry.toml`: say ahead what will be erased, and erase what was said."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from par_toolkit import inquiry
from par_toolkit.storage import clock_seen, retention, sittings, vault
from par_toolkit.storage.clock_seen import Doubt
from par_toolkit.storage.database import open_database

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """What was erased for its age, kind -> how many; nothing where the clock is in `doubt`."""

    erased: dict[str, int] = field(default_factory=dict)
    doubt: Doubt | None = None

    @property
    def sentences(self) -> list[str]:
        """Say what was done, or why nothing was."""
        if self.doubt:
            return [self.doubt.sentence]
        return [
            f"Erased because their time was over: {number:,} of {kind}."
            for kind, number in self.erased.items()
            if number
        ]


def keep(folder: Path, *, at: datetime | None = None, most: int | None = None) -> Kept:
    """Note what is said on this day, and erase what was said a month ahead.

    `at` is the present time unless it is given; of each kind at most `most` go. Where the clock is
    not believed nothing changes. Stories that go leave the findings with the next round of
    withdrawals. Raises InquiryError or StorageError.
    """
    at = at or datetime.now(UTC)
    periods = inquiry.load(folder).retention
    with open_database(folder) as db:
        unsure = clock_seen.doubt(db, at)
        if unsure:
            return Kept(doubt=unsure)
        with db.writing():
            clock_seen.note(db, at)
            retention.say_ahead(db, periods, at)
            sittings.forget_ended(db)
        return Kept(retention.erase(db, periods, at, most=most))


#: What a server erases of a kind before it looks after withdrawals again, which cannot wait.
AT_A_TIME: Final = 250


class Daily:
    """Keeps to the times once a day, however often it is called: work for a server's background."""

    #: What the log calls it where it fails.
    __name__ = "keep_to_periods"

    def __init__(self) -> None:
        self._done: dict[Path, date] = {}

    def __call__(self, folder: Path) -> None:
        """Do it where this is the first call of the day that comes through."""
        today = datetime.now(UTC).date()
        if self._done.get(folder) == today or vault.encrypted(folder) > vault.unlocked(folder):
            return  # nothing is done while it is locked
        kept = keep(folder, most=AT_A_TIME)
        for sentence in kept.sentences:
            log.warning(sentence)
        if max(kept.erased.values(), default=0) < AT_A_TIME:  # else there is more to do
            self._done[folder] = today
