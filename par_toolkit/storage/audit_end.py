"""How far the audit trail goes: a note under the inquiry's key, so that a cut end is missed.

The hashes of a chain show whatever changes within it. Rows cut off its end leave a shorter chain
that is whole; this note does not fit it, and only somebody with the key can write another.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from par_toolkit.storage.keys import mark

if TYPE_CHECKING:  # that one makes this note where an older version had none
    from par_toolkit.storage.database import PrivateDatabase

#: The step that brought this note.
SINCE: Final = 26
_LAST: Final = {
    "audit": "select seq, hash from audit order by seq desc limit 1",
    "audit_inside": "select seq, hash from audit_inside order by seq desc limit 1",
}


def note(db: PrivateDatabase) -> None:
    """Note where both chains end now, in the transaction that added to one of them."""
    db.change(
        """
        insert into audit_end values (1, :digest)
        on conflict (id) do update set digest = excluded.digest
        """,
        {"digest": _digest(db)},
    )


def note_first(db: PrivateDatabase) -> None:
    """Note where the chains end in an inquiry whose rows are older than this note."""
    if any(db.row(last) for last in _LAST.values()):
        note(db)


def as_noted(db: PrivateDatabase) -> bool:
    """Say whether both chains end where they ended when the last row was written."""
    noted = db.value("select digest from audit_end")
    if noted is None:
        return not any(db.row(last) for last in _LAST.values())
    return bool(noted == _digest(db))


def _digest(db: PrivateDatabase) -> str:
    return mark(db.folder, "audit end", json.dumps([db.row(last) for last in _LAST.values()]))
