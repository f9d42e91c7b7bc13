"""What was taken back after a backup was made, and must stay taken back when it is restored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from par_toolkit.storage import (
    beside_shown,
    consents,
    contacts,
    devices,
    help_requests,
    keepers,
    kept_figures,
    people,
    reaching,
    stories,
)
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.errors import StorageError
from par_toolkit.storage.sensemaking import taken_back

SOURCE = "restore"
_ALL = 1_000_000


@contextmanager
def replaced(folder: Path) -> Iterator[PrivateDatabase | None]:
    """Open the database that a restore will replace; None where there is none that can be asked."""
    try:
        old = open_database(folder)
    except StorageError:
        yield None
        return
    with old:
        yield old if old.sound() else None


def take_back(db: PrivateDatabase, old: PrivateDatabase) -> None:
    """Take back in the restored `db` what tellers and people took back in `old` after the backup.

    Consents that were narrowed stay narrow. How to reach a teller stays away where it was erased or
    changed. People who were shut out stay out, and so do tablets. Words of circles that were erased
    are erased. What was shown of figures, and beside words, was shown. Backups are sealed to the
    same keepers as before. Who asked for help since still waits.
    Withdrawals come from the ledger. What was given since is lost, and has to be given again.
    """
    keepers.carry_over(db, old)
    kept_figures.carry_over(db, old)
    beside_shown.carry_over(db, old)
    _consents(db, old)
    _contacts(db, old)
    help_requests.carry_over(db, old)
    here = {person.name for person in people.listing(db) if not person.disabled}
    for person in people.listing(old):
        if person.disabled and person.name in here:
            people.disable(db, person.name)
    paired = {(device.id, device.name) for device in devices.listing(db) if not device.revoked}
    for device in devices.listing(old):
        if device.revoked and (device.id, device.name) in paired:
            devices.revoke(db, device.id)
    taken_back.again(db, old)


def _consents(db: PrivateDatabase, old: PrivateDatabase) -> None:
    now = {story.uuid: story.consent for story in stories.listing(old, limit=_ALL)}
    with db.writing():
        for story in stories.listing(db, limit=_ALL):
            allowed = now.get(story.uuid, story.consent)
            narrowed = {use: False for use in allowed if story.consent[use] and not allowed[use]}
            if narrowed:
                wording = max(row["wording"] for row in consents.history(db, story.id))
                consents.change(
                    db, story.id, narrowed, wording=wording, source=SOURCE, role="command line"
                )


def _contacts(db: PrivateDatabase, old: PrivateDatabase) -> None:
    """Erase how to reach a teller where that was not there any more, or was another."""
    now, known = contacts.times(old), {story.uuid for story in stories.listing(old, limit=_ALL)}
    restored = contacts.times(db)
    with db.writing():
        for story in stories.listing(db, limit=_ALL):
            was = restored.get(story.uuid)
            if was and story.uuid in known and now.get(story.uuid) != was:
                reaching.forget(db, story.id, role="command line")
