"""The register of stakeholders: who acts, who benefits, who bears the cost, and who is missing.

Guba and Lincoln (Fourth Generation Evaluation, 1989) call them agents, beneficiaries
and victims. For each stake somebody is named, or it says why nobody is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import audit, takedowns
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking.written import not_too_long

STAKES: Final = ("acts", "benefits", "bears")
LONGEST: Final = 5_000


@dataclass(frozen=True)
class Stake:
    """One line of the register: `named` says who has the stake, or `why_empty` why nobody is named.

    `group` is a stakeholder group of inquiry.toml, where they are one.
    """

    id: int
    stake: str
    group: str | None
    named: str
    why_empty: str
    role: str
    at: str


def _stake(row: Row) -> Stake:
    return Stake(
        row["id"],
        row["stake"],
        row["group_code"],
        row["named"],
        row["why_empty"],
        row["role"],
        row["at"],
    )


def add(
    db: PrivateDatabase,
    stake: str,
    *,
    named: str = "",
    why_empty: str = "",
    group: str | None = None,
    by: Person,
) -> Stake:
    """Write a line of the register; who is named takes the place of the reason why nobody was.

    Raises Refused for a stake that is none of STAKES, for a line with neither names nor a reason or
    with both, and for a reason beside people who are named for the same stake and group.
    """
    if stake not in STAKES:
        raise Refused("no_stake", "Choose a stake from the list.")
    named = not_too_long(named, most=LONGEST)
    why_empty = not_too_long(why_empty, most=LONGEST)
    if bool(named) == bool(why_empty):
        raise Refused(
            "name_or_reason", "Name who is meant, or say why nobody is named: one of them."
        )
    with db.writing():
        beside = [one for one in listing(db) if (one.stake, one.group) == (stake, group)]
        if why_empty and any(one.named for one in beside):
            raise Refused(
                "somebody_named", "Somebody is named there already. Take that away first."
            )
        for one in beside:
            if one.why_empty:
                _take_away(db, one.id, by)
        added = db.add(
            """
            insert into stakes (stake, group_code, named, why_empty, person, role, at)
            values (:stake, :group, :named, :why_empty, :person, :role, :at)
            """,
            {
                "stake": stake,
                "group": group,
                "named": named,
                "why_empty": why_empty,
                "person": by.id,
                "role": by.role,
                "at": now(),
            },
        )
        audit.record(db, "name_stakeholder", by=by, subject=f"stake {added}")
        return next(one for one in listing(db) if one.id == added)


def remove(db: PrivateDatabase, stake_id: int, *, by: Person) -> None:
    """Take a line out of the register, and erase who was named: it is their name, not ours.

    That a line stood there is kept, and so is a reason. Raises Refused where it is gone already.
    """
    with db.writing():
        if not _take_away(db, stake_id, by):
            raise Refused("gone", "This line is not in the register any more.")
        if db.change(
            "update stakes set named = '' where id = :id and named <> ''", {"id": stake_id}
        ):
            takedowns.ask_erasure(db)
        audit.record(db, "remove_stakeholder", by=by, subject=f"stake {stake_id}")


def _take_away(db: PrivateDatabase, stake_id: int, by: Person) -> int:
    return db.change(
        """
        update stakes set removed_at = :at, removed_by = :by
        where id = :id and removed_at is null
        """,
        {"at": now(), "by": by.id, "id": stake_id},
    )


def listing(db: PrivateDatabase) -> list[Stake]:
    """List the register as it stands, in the order of STAKES, oldest first."""
    rows = db.rows("select * from stakes where removed_at is null order by id")
    return sorted((_stake(row) for row in rows), key=lambda one: STAKES.index(one.stake))


def missing(db: PrivateDatabase) -> list[str]:
    """List the stakes for which nobody is named and no reason is given."""
    there = {one.stake for one in listing(db)}
    return [stake for stake in STAKES if stake not in there]
