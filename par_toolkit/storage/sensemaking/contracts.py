"""The contract of an inquiry: what was agreed with the community, version by version.

Nothing of it is changed afterwards; the newest version holds, and every cycle notes the one that
it began under.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking.written import needed

#: What people are promised of the decisions, from least to most: the spectrum of public
#: participation (International Association for Public Participation, IAP2).
PROMISES: Final = ("inform", "consult", "involve", "collaborate", "empower")


@dataclass(frozen=True)
class Terms:
    """What is agreed: why, who has a stake, what stays between us, what people are promised.

    `promise` is one of PROMISES, `promised` what it means here, in words.
    """

    purpose: str
    stake: str
    confidentiality: str
    promise: str
    promised: str


@dataclass(frozen=True)
class Contract:
    """One version of the contract; `role` and `person` wrote it down."""

    version: int
    terms: Terms
    person: int
    role: str
    at: str


def _contract(row: Row) -> Contract:
    terms = Terms(**{field.name: row[field.name] for field in fields(Terms)})
    return Contract(row["version"], terms, row["person"], row["role"], row["at"])


def add(db: PrivateDatabase, terms: Terms, *, after: int | None, by: Person) -> Contract:
    """Keep a new version, written from version `after` (None: from nothing), and return it.

    Raises Refused where something is missing, where nothing is new, and where somebody else has
    added a version since: nobody's words replace what they have not seen.
    """
    terms = _sound(terms)
    with db.writing():
        last = latest(db)
        if (last.version if last else None) != after:
            raise Refused(
                "contract_changed",
                "Somebody has added a version since you opened this page. Read it, then save "
                "yours again: both are kept.",
            )
        if last and last.terms == terms:
            raise Refused("nothing_new", "This is what the contract says already.")
        version = (after or 0) + 1
        db.add(
            """
            insert into contracts (
                version, purpose, stake, confidentiality, promise, promised, person, role, at
            ) values (
                :version, :purpose, :stake, :confidentiality, :promise, :promised, :person, :role,
                :at
            )
            """,
            {field.name: getattr(terms, field.name) for field in fields(Terms)}
            | {"version": version, "person": by.id, "role": by.role, "at": now()},
        )
        audit.record(db, "write_contract", by=by, subject=f"contract {version}")
    added = get(db, version)
    assert added is not None
    return added


def _sound(terms: Terms) -> Terms:
    if terms.promise not in PROMISES:
        raise Refused("no_promise", "Choose what people are promised.")

    return Terms(
        purpose=needed(terms.purpose, "Say what the inquiry is for.", reason="no_purpose"),
        stake=needed(terms.stake, "Say who has a stake in it.", reason="no_stakeholders"),
        confidentiality=needed(
            terms.confidentiality,
            "Say what stays between those who take part.",
            reason="no_confidentiality",
        ),
        promise=terms.promise,
        promised=needed(
            terms.promised, "Say in your own words what is promised.", reason="no_promised"
        ),
    )


def get(db: PrivateDatabase, version: int) -> Contract | None:
    """Return one version, or None."""
    row = db.row("select * from contracts where version = :version", {"version": version})
    return _contract(row) if row else None


def latest(db: PrivateDatabase) -> Contract | None:
    """Return the version that holds; None where nothing was agreed yet."""
    row = db.row("select * from contracts order by version desc limit 1")
    return _contract(row) if row else None


def versions(db: PrivateDatabase) -> list[Contract]:
    """List every version, newest first."""
    return [_contract(row) for row in db.rows("select * from contracts order by version desc")]
