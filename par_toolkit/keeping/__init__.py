"""Backups: one file that holds a whole inquiry, and the way back from it.

A backup holds what nobody could make again: private.db, inquiry.toml, the community's forms, keys
and media. Findings builds are left out, as `par publish` makes them again. The withdrawal ledger is
a file of its own beside the backups: it holds digests only, and a restore reads it so that what was
withdrawn after the backup stays away. Backups of an inquiry with keepers are sealed to their keys.
"""

from par_toolkit.keeping.backup import Backup, back_up
from par_toolkit.keeping.drill import Drill, drill
from par_toolkit.keeping.errors import BackupError
from par_toolkit.keeping.restore import Restored, holds_inquiry, restore

__all__ = [
    "Backup",
    "BackupError",
    "Drill",
    "Restored",
    "back_up",
    "drill",
    "holds_inquiry",
    "restore",
]
