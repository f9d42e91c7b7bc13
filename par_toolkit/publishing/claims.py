"""Claims: a hash for each row of a build, sealed in the audit trail before anybody sees the build.

A claim is the SHA-256 of what a row says, of the use its teller agreed to, and of a random number,
the nonce. Claims and their root never leave a build. The nonces stand in `proofs`, one for each row
that is here: with it anybody works the claim out again. Where words are taken back their row and
their nonce go. The claim stays and tells nothing, as nobody can try 128 random bits.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from par_toolkit.publishing import build, taking_out
from par_toolkit.publishing.chosen_themes import joined
from par_toolkit.storage import audit
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person

#: Called with the root of all claims; seals it in the trail and returns the rows of the trail.
Trail = Callable[[str], Sequence[Mapping[str, Any]]]

#: Called with a build whose rows are all there, to finish it.
Finish = Callable[[sqlite3.Connection], None]

#: What is not claimed: the trail is a chain of its own, claims do not claim themselves, and stored
#: queries are the same in every build.
UNCLAIMED: Final = ("audit", "claims", "proofs", "queries")
CLAIMED: Final = tuple(table for table in build.TABLES if table not in UNCLAIMED)
#: Columns that change when words are taken back: what a build is called, and what themes lose.
CHANGING: Final = {"inquiry": ("build", "format"), "themes": ("name", "words")}
#: To what its teller must have agreed, or what people must have done, so that a row may be here.
USES: Final = {"quotes": "quote", "stories": "publish", "quote_themes": "analyse"} | dict.fromkeys(
    taking_out.TABLE_OF.values(), "release"
)
#: As many random claims, at most, are mixed in, so that nobody can count what was taken back.
DECOYS: Final = 256

_PROOF: Final = "insert into main.proofs values (?, ?, ?, ?, ?)"

#: A row of `proofs`.
Proof = tuple[str, str, str, str, str]


class Part(NamedTuple):
    """What one claim is about: `values` are pairs of a column and its cell.

    `part` is 'row' for a whole row, and names what can be taken out of a row that stays.
    """

    table: str
    row: str
    part: str
    values: list[tuple[str, Any]]

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it stands: table, key of the row, part."""
        return self.table, self.row, self.part

    @property
    def use(self) -> str:
        """What must have been agreed or done for it to be here."""
        return USES.get(self.table, "none")

    def claim(self, nonce: str, quarter: str) -> str:
        """Return its claim under a nonce, for a build of this quarter."""
        said = [nonce, quarter, self.use, *self.place, self.values]
        return hashlib.sha256(json.dumps(said).encode("ascii")).hexdigest()


def parts(conn: sqlite3.Connection) -> Iterator[Part]:
    """Yield all that is claimed of a build, table by table."""
    for table in CLAIMED:
        yield from _of_table(conn, table)


def _of_table(conn: sqlite3.Connection, table: str) -> Iterator[Part]:
    about = conn.execute(f"pragma main.table_info({table})").fetchall()
    keys = [row[1] for row in sorted(about, key=lambda row: row[5]) if row[5]]
    apart = _apart(table)
    loose = {column for columns in apart.values() for column in columns}
    loose |= set(CHANGING.get(table, ()))
    number = 0
    for number, cells in enumerate(
        conn.execute(f"select * from main.{table} order by rowid"), start=1
    ):
        row = dict(zip([column[1] for column in about], cells, strict=True))
        key = json.dumps([row[name] for name in keys] or [number])
        yield Part(table, key, "row", [(name, row[name]) for name in row if name not in loose])
        for part, columns in apart.items():
            values = [(name, row[name]) for name in columns]
            if any(cell not in (None, "") for _, cell in values):
                yield Part(table, key, part, values)
        if table == "themes":
            yield from _of_theme(key, row)
    if table not in taking_out.KEPT_ROWS:  # no withdrawal takes a row of it
        yield Part(table, "[]", "rows", [("rows", number)])


def _apart(table: str) -> dict[str, tuple[str, ...]]:
    """Return the parts of a table that can be emptied while the row stays, with their columns."""
    words: dict[str, tuple[str, ...]] = {
        part: cols for part, (of, cols) in taking_out.COLUMNS_OF.items() if of == table
    }
    if table in taking_out.TOLD:
        words |= taking_out.BESIDE_WORDS
    return words | {column: (column,) for of, column, _ in taking_out.POINTERS if of == table}


def _of_theme(key: str, row: Mapping[str, Any]) -> Iterator[Part]:
    """Yield a theme's name where people gave it, and each of its words: it may lose single ones."""
    if row["named_by_people"]:
        yield Part("themes", key, "name", [("name", row["name"])])
    for word in _words(row["words"]):
        yield Part("themes", key, f"word {word}", [("words", word)])


def _words(cell: str) -> list[str]:
    """Return the words of a theme; none where the cell of a file from elsewhere holds no list."""
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        return []
    return list(dict.fromkeys(map(str, found))) if isinstance(found, list) else []


def root_of(conn: sqlite3.Connection) -> str:
    """Return the root: SHA-256 over all claims in their order, each followed by a new line."""
    digest = hashlib.sha256()
    for (claim,) in conn.execute("select claim from main.claims order by claim"):
        digest.update(f"{claim}\n".encode())
    return digest.hexdigest()


def seal(conn: sqlite3.Connection, trail: Trail) -> None:
    """Claim every row of a new build, have the root sealed and write the trail into the build."""
    (quarter,) = conn.execute("select quarter from main.inquiry").fetchone()
    claims = [secrets.token_hex(32) for _ in range(secrets.randbelow(DECOYS + 1))]

    def proofs() -> Iterator[Proof]:
        for part in parts(conn):
            nonce = secrets.token_hex(16)
            claims.append(part.claim(nonce, quarter))
            yield (*part.place, part.use, nonce)

    conn.executemany(_PROOF, proofs())
    # in the order of their hashes claims tell nothing of what they are about
    conn.executemany("insert into main.claims values (?)", ((claim,) for claim in sorted(claims)))
    conn.execute("delete from main.audit")
    conn.executemany(
        """
        insert into main.audit
        values (:seq, :quarter, :role, :action, :details, :previous, :hash)
        """,
        trail(root_of(conn)),
    )


def carry(conn: sqlite3.Connection, trail: Trail) -> None:
    """Give a build that lost rows the proofs of those that stay, out of the one attached as `old`.

    Its claims and its trail are the old ones already. A build of a version without claims is sealed
    as a new one.
    """
    if not conn.execute("select count(*) from main.claims").fetchone()[0]:
        seal(conn, trail)
        return
    for table in CLAIMED:
        nonces = _nonces(conn, table, of="old")
        here = ((part, nonces.get(part.place)) for part in _of_table(conn, table))
        conn.executemany(
            _PROOF, ((*part.place, part.use, found[1]) for part, found in here if found)
        )


def _nonces(
    conn: sqlite3.Connection, table: str, *, of: str = "main"
) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return use and nonce of all proofs of a table, by their place."""
    rows = conn.execute(
        f"select of_row, part, use, nonce from {of}.proofs where of_table = :table",
        {"table": table},
    )
    return {(table, row, part): (use, nonce) for row, part, use, nonce in rows}


def sealing(db: PrivateDatabase, number: int, *, by: Person | None) -> Finish:
    """Return what claims all that a new build says and seals it in the inquiry's trail."""
    return partial(seal, trail=_trail(db, number, by))


def carrying(db: PrivateDatabase, number: int) -> Finish:
    """Return what gives build `number`, which lost words to a withdrawal, its proofs."""
    return partial(carry, trail=_trail(db, number, None))


def _trail(db: PrivateDatabase, number: int, by: Person | None) -> Trail:
    def sealed(root: str) -> Sequence[Mapping[str, Any]]:
        audit.record(db, audit.SEAL, by=by, subject=f"build {number}", root=root)
        return audit.public_rows(db)

    return sealed


def faults(conn: sqlite3.Connection, sealed: str | None) -> Iterator[str]:
    """Yield a sentence for each way in which a build is not the one that was `sealed`.

    `sealed` is the root that the trail of the build has, None where it has none.
    """
    if sealed is None:
        yield "its trail seals no claims, so nobody can tell whose words these are"
    elif root_of(conn) != sealed:
        yield "its claims are not those that were sealed in its trail"
    (quarter,) = conn.execute("select quarter from inquiry").fetchone()
    claims = {row[0] for row in conn.execute("select claim from claims")}
    opened = 0
    for table in CLAIMED:
        proofs = _nonces(conn, table)
        opened += len(proofs)
        wrong = None
        for part in _of_table(conn, table):
            use, nonce = proofs.pop(part.place, ("", ""))
            if use != part.use or part.claim(nonce, quarter) not in claims:
                wrong = wrong or part.row
        if wrong:
            yield f"{table} holds what was not sealed: changed, added or exchanged ({wrong})"
        if proofs:
            yield f"a proof is left of something that is gone from {table} ({min(proofs)[1]})"
    if opened != conn.execute("select count(*) from proofs").fetchone()[0]:
        yield "some proofs are of nothing, or there twice"
    for name, words in conn.execute("select name, words from themes where not named_by_people"):
        if name != joined(_words(words)):
            yield "a theme that people have not named is not called by its words"
            return
