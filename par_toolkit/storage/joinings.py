"""What stewards say of counting a small group of race or Indigenous identity in a wider one.

Whether two peoples may be put into one figure is theirs to say and no machine's. A yes is to one
group in one wider group, counts while its person is a steward, and can be taken back.
"""

from __future__ import annotations

from typing import Final

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person

#: (group, wider group), by their codes.
Pair = tuple[str, str]
_HOLDS: Final = """
    select j.group_code, j.wider_code, p.name from joinings j join people p on p.id = j.person
    where j.agreed and p.role = 'steward' and p.disabled_at is null and j.id = (
        select max(o.id) from joinings o
        where (o.group_code, o.wider_code, o.person) = (j.group_code, j.wider_code, j.person)
    )
    order by j.id
"""


def agreed(db: PrivateDatabase) -> dict[Pair, tuple[str, ...]]:
    """Return the names of the stewards who say yes, by what they say yes to."""
    found: dict[Pair, tuple[str, ...]] = {}
    for row in db.rows(_HOLDS):
        pair = (row["group_code"], row["wider_code"])
        found[pair] = (*found.get(pair, ()), row["name"])
    return found


def say(db: PrivateDatabase, pair: Pair, *, yes: bool, by: Person) -> None:
    """Keep what a steward says of counting a group in a wider one; their last word holds."""
    with db.writing():
        db.add(
            """
            insert into joinings (group_code, wider_code, agreed, person, at)
            values (:group, :wider, :yes, :person, :at)
            """,
            {
                "group": pair[0],
                "wider": pair[1],
                "yes": int(yes),
                "person": by.id,
                "at": now(),
            },
        )
        audit.record(db, "agree_joining" if yes else "refuse_joining", by=by, subject=pair[0])
