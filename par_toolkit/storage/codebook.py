"""The codebook: codes with their meaning, in a tree that people add to, change, merge and prune."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import audit
from par_toolkit.storage.clock import now
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.naming import is_name, looks_like
from par_toolkit.storage.people import Person

#: Nobody can hold so many in mind, and a file with more is refused as well (`analysis.codebook`).
MOST_CODES: Final = 500
NAME_LENGTH: Final = 300
TEXT_LENGTH: Final = 5_000
SHORT_LENGTH: Final = 60


@dataclass(frozen=True)
class Words:
    """What people say of a code: its name, what it means, when to use it and when not."""

    name: str
    meaning: str = ""
    when: str = ""
    when_not: str = ""


@dataclass(frozen=True)
class Code:
    """A code. `code` is the short name that never changes, `parent` the id of the one above it.

    `state` is used, retired or merged.
    """

    id: int
    code: str
    words: Words
    parent: int | None
    state: str
    merged_into: int | None

    @property
    def name(self) -> str:
        return self.words.name


def _code(row: Row) -> Code:
    return Code(
        row["id"],
        row["code"],
        Words(row["name"], row["meaning"], row["use_when"], row["use_not"]),
        row["parent"],
        row["state"],
        row["merged_into"],
    )


def listing(db: PrivateDatabase, *, states: Sequence[str] = ("used",)) -> list[Code]:
    """List the codes in these states, oldest first."""
    return [
        _code(row) for row in db.rows("select * from codes order by id") if row["state"] in states
    ]


def tree(codes: Sequence[Code]) -> list[tuple[int, Code]]:
    """Return (depth, code) with each code under its parent, those beside each other by name.

    A code whose parent is not among `codes` stands at the top.
    """
    known = {one.id for one in codes}
    below: dict[int | None, list[Code]] = {}
    for one in sorted(codes, key=lambda code: (code.name.casefold(), code.id)):
        below.setdefault(one.parent if one.parent in known else None, []).append(one)
    found: list[tuple[int, Code]] = []
    ahead = [(0, one) for one in reversed(below.get(None, []))]
    while ahead:
        depth, one = ahead.pop()
        found.append((depth, one))
        ahead += [(depth + 1, child) for child in reversed(below.get(one.id, []))]
    return found


def get(db: PrivateDatabase, code_id: int) -> Code | None:
    """Return one code in whatever state, or None."""
    row = db.row("select * from codes where id = :id", {"id": code_id})
    return _code(row) if row else None


def by_short_name(db: PrivateDatabase, code: str) -> Code | None:
    """Return the code with this short name in whatever state, or None."""
    row = db.row("select * from codes where code = :code", {"code": code})
    return _code(row) if row else None


def used(db: PrivateDatabase, code_id: int) -> Code:
    """Return a code that people use. Raises Refused where it was retired, merged or never was."""
    found = get(db, code_id)
    if found is None or found.state != "used":
        raise Refused("no_code", "This code is not used any more. Choose another.")
    return found


def add(
    db: PrivateDatabase,
    words: Words,
    *,
    by: Person | None,
    parent: int | None = None,
    short: str | None = None,
) -> Code:
    """Add a code; `short` is its short name, by default made from its name.

    Raises Refused for a name that is taken, a parent that is not used, or one code too many.
    """
    with db.writing():
        words = _sound(db, words)
        if short is not None and by_short_name(db, short):
            raise Refused("code_taken", f"There is a code {short} already. Choose another name.")
        if parent is not None:
            used(db, parent)
        if len(listing(db)) >= MOST_CODES:
            raise Refused(
                "too_many_codes",
                f"A codebook holds at most {MOST_CODES} codes. Merge or retire some first.",
            )
        code_id = db.add(
            """
            insert into codes (code, name, meaning, use_when, use_not, parent, state, at)
            values (:code, :name, :meaning, :when, :when_not, :parent, 'used', :now)
            """,
            _row(words) | {"code": short or _short(db, words.name), "parent": parent, "now": now()},
        )
        return _done(db, "add_code", code_id, by)


def change(
    db: PrivateDatabase, code_id: int, words: Words, *, by: Person | None, parent: int | None
) -> Code:
    """Give a code other words or another place in the tree.

    Raises Refused where the name is taken or the code would be under itself.
    """
    with db.writing():
        used(db, code_id)
        words = _sound(db, words, own=code_id)
        if parent is not None:
            used(db, parent)
            if code_id in _way_up(db, parent):
                raise Refused("circle", "A code cannot be under itself. Choose another place.")
        db.change(
            """
            update codes set name = :name, meaning = :meaning, use_when = :when,
                use_not = :when_not, parent = :parent
            where id = :id
            """,
            _row(words) | {"id": code_id, "parent": parent},
        )
        return _done(db, "change_code", code_id, by)


def merge(db: PrivateDatabase, code_id: int, *, into: int, by: Person | None) -> Code:
    """Let one code count as another from now on, with all that was said of it; return the other.

    Nothing that people said is rewritten: who said yes to which code stays on record.
    """
    if code_id == into:
        raise Refused("same_code", "Choose another code to merge into.")
    with db.writing():
        source, target = used(db, code_id), used(db, into)
        if code_id in _way_up(db, into):
            db.change(
                "update codes set parent = :parent where id = :id",
                {"id": into, "parent": source.parent},
            )
        db.change(
            "update codes set parent = :into where parent = :id", {"id": code_id, "into": into}
        )
        db.change(
            "update codes set merged_into = :into where merged_into = :id",
            {"id": code_id, "into": into},
        )
        db.change(
            "update codes set state = 'merged', merged_into = :into, parent = null where id = :id",
            {"id": code_id, "into": into},
        )
        db.change(
            "update or ignore code_examples set code = :into where code = :id",
            {"id": code_id, "into": into},
        )
        db.change("delete from code_examples where code = :id", {"id": code_id})
        return _done(db, "merge_codes", target.id, by)


def retire(db: PrivateDatabase, code_id: int, *, by: Person | None) -> Code:
    """Take a code out of use; what was said of it stays, and the codes under it move up."""
    with db.writing():
        found = used(db, code_id)
        db.change(
            "update codes set parent = :parent where parent = :id",
            {"id": code_id, "parent": found.parent},
        )
        db.change("update codes set state = 'retired' where id = :id", {"id": code_id})
        return _done(db, "retire_code", code_id, by)


def bring_back(db: PrivateDatabase, code_id: int, *, by: Person | None) -> Code:
    """Take a retired code into use again. Raises Refused where its name was given to another."""
    with db.writing():
        found = get(db, code_id)
        if found is None or found.state != "retired":
            raise Refused("no_code", "This code was not retired. Choose another.")
        _sound(db, found.words, own=code_id)
        if len(listing(db)) >= MOST_CODES:
            raise Refused(
                "too_many_codes",
                f"A codebook holds at most {MOST_CODES} codes. Merge or retire some first.",
            )
        parent = get(db, found.parent) if found.parent else None
        above = parent.id if parent and parent.state == "used" else None
        db.change(
            "update codes set state = 'used', parent = :parent where id = :id",
            {"id": code_id, "parent": above},
        )
        return _done(db, "bring_back_code", code_id, by)


def _way_up(db: PrivateDatabase, code_id: int) -> list[int]:
    """Return a code and all that it is under."""
    parents = {row["id"]: row["parent"] for row in db.rows("select id, parent from codes")}
    way: list[int] = []
    at: int | None = code_id
    while at is not None and at not in way:
        way.append(at)
        at = parents[at]
    return way


def _sound(db: PrivateDatabase, words: Words, *, own: int | None = None) -> Words:
    """Return the words of a code tidied. Raises Refused where they are no use or taken."""
    name = " ".join(words.name.split())
    if not is_name(name, most=NAME_LENGTH):
        raise Refused("bad_name", f"Give the code a name of 1 to {NAME_LENGTH} letters.")
    texts = [text.strip() for text in (words.meaning, words.when, words.when_not)]
    if any(len(text) > TEXT_LENGTH for text in texts):
        raise Refused("long_text", f"Use at most {TEXT_LENGTH:,} characters in each field.")
    if any(looks_like(one.name) == looks_like(name) and one.id != own for one in listing(db)):
        raise Refused("code_taken", f"There is a code called {name} already. Choose another name.")
    return Words(name, *texts)


def _short(db: PrivateDatabase, name: str) -> str:
    """Return a short name that no code has: small letters, digits and hyphens where it can be."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    short = "-".join(re.findall(r"\w+", plain))[:SHORT_LENGTH].strip("-") or "code"
    taken = {row["code"] for row in db.rows("select code from codes")}
    number, free = 1, short
    while free in taken:
        number += 1
        free = f"{short}-{number}"
    return free


def _row(words: Words) -> dict[str, str]:
    return {
        "name": words.name,
        "meaning": words.meaning,
        "when": words.when,
        "when_not": words.when_not,
    }


def _done(db: PrivateDatabase, action: str, code_id: int, by: Person | None) -> Code:
    audit.record(db, action, by=by, subject=f"code {code_id}")
    found = get(db, code_id)
    assert found is not None
    return found
