"""What the claims of a build prove from the file alone: that it says what was sealed, or less."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from par_toolkit.publishing import (
    claims,
    follow_withdrawals,
    publish,
    spare_bytes,
    verify,
    verify_build,
)
from par_toolkit.publishing.build import SEARCHED, TABLES, schema
from par_toolkit.storage import audit, withdrawals
from tests.publishing.inquiries import Place, rows_of
from tests.publishing.meetings import Meeting

RECEIPT = "4" * 16
CANARY = "Zirkonkatze"
#: What is not sealed: a build that lost words to a withdrawal has a number of its own.
#: A build of another format is refused before anything else is looked at.
FREE = {("inquiry", "build"), ("inquiry", "format")}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Publish an inquiry with a row in each table; one person can still withdraw."""
    place = Place(tmp_path_factory.mktemp("claims") / "inquiry")
    whole = ("analyse", "quote", "publish")
    told = [place.tell(f"The bus, number {n}.", consent=whole) for n in range(7)]
    told.append(place.tell(f"{CANARY} speaks.", consent=whole, receipt=RECEIPT))
    place.theme(told[:5])
    place.theme(told[5:], name="Another theme", words=("tram",))
    meeting = Meeting(place, {"residents": 12, "carers": 11})
    late = meeting.item("The bus is late.")
    meeting.negotiate(late, {"residents": "Later.", "carers": "Too."}, "full", action="Ask.")
    marks = {"residents": "++++++------", "carers": "++++++-----"}
    meeting.put("A later bus.", marks, reasons={"carers-": "It is late."}, item=late)
    meeting.write("residents", "We wait.", "++++++++++++")
    meeting.stand_alone("residents", "Those who drive")
    meeting.close()
    meeting.end_cycle(None)
    meeting.release_all()
    publish(place.folder)
    return place


@pytest.fixture
def build(place: Place, tmp_path: Path) -> Path:
    path = tmp_path / "build.db"
    path.write_bytes((place.folder / "findings" / "build-000001.db").read_bytes())
    assert verify_build(path).sound, verify_build(path).sentences
    return path


def change(path: Path, sql: str) -> None:
    """Change a build as somebody could who knows it well: search finds what it says now."""
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("pragma ignore_check_constraints = on")
        conn.executescript(sql)
        for index in SEARCHED:
            conn.execute(f"insert into {index}({index}) values ('rebuild')")
        conn.commit()
        conn.execute("vacuum")
    spare_bytes.clean(path)


def faults(path: Path) -> str:
    verdict = verify_build(path)
    assert not verdict.sound
    return " ".join(verdict.sentences)


def columns() -> Iterator[tuple[str, str, str]]:
    """Yield every column that a build has, with its type."""
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.executescript(schema())
        for table in TABLES:
            for row in conn.execute(f"pragma table_info({table})"):
                if (table, row[1]) not in FREE:
                    yield table, row[1], row[2].lower()


def test_promise_15_no_cell_of_a_build_can_be_changed_unseen(
    build: Path, subtests: pytest.Subtests
) -> None:
    """Every column of the schema, so that a new one cannot be forgotten; by what it says alone."""
    checks = [one for one in verify.CHECKS if one.__name__ not in ("_whole", "_searchable")]
    with closing(sqlite3.connect(build)) as file, closing(sqlite3.connect(":memory:")) as conn:
        file.backup(conn)
        conn.row_factory = sqlite3.Row
        conn.execute("pragma ignore_check_constraints = on")
        assert [fault for check in checks for fault in check(build, conn)] == []
        for table, column, kind in columns():
            other = {
                "text": f"coalesce(nullif({column}, '[]') || 'x', 'x')",
                "integer": f"coalesce({column} + 5, 5)",
                "real": f"coalesce({column} / 2, 0.5)",
            }[kind]
            with subtests.test(f"{table}.{column}"):
                changed = conn.execute(
                    f"update {table} set {column} = {other} "
                    f"where rowid = (select max(rowid) from {table})"
                )
                assert changed.rowcount == 1, "no row to change"
                assert any(fault for check in checks for fault in check(build, conn))
            conn.rollback()


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("update quotes set text = 'Made up.' where rowid = 1", "quotes"),
        (
            """
            update quotes set text = (select text from quotes as o where o.rowid = 3 - quotes.rowid)
            where rowid in (1, 2)
            """,
            "quotes",
        ),
        (
            "insert into quotes (id, text, language) "
            "select 'q', text, language from quotes limit 1",
            "quotes",
        ),
        ("update quotes set kind = 'both' where rowid = 1", "quotes"),
        ("update stories set telling = 'Made up.' where rowid = 1", "stories"),
        (
            "update quote_themes set theme = (select id from themes where id <> theme) "
            "where quote in (select quote from quote_themes group by quote having count(*) = 1)",
            "quote_themes",
        ),
        ("update themes set name = 'They lie' where rowid = 1", "themes"),
        ("update themes set words = '[\"liars\"]' where rowid = 1", "themes"),
        ("update items set outcome_words = 'They gave in.'", "items"),
        ("update items set no_action = 'Nobody cared.'", "items"),
        ("update actions set item = null", "proof is left"),
        ("update participation set people = people + 5 where people is not null", "participation"),
        ("delete from participation where stakeholder_group <> 'all'", "participation"),
        ("delete from proofs where of_table = 'quotes'", "quotes"),
        ("update proofs set nonce = replace(nonce, '0', '1')", "quotes"),
        ("update proofs set use = 'publish' where use = 'quote'", "quotes"),
        ("delete from quote_themes; delete from quotes", "proof is left"),
        ("delete from claims where rowid = 1", "not those that were sealed"),
        ("insert into claims values ('00')", "not those that were sealed"),
    ],
)
def test_what_was_changed_added_or_exchanged_is_found(build: Path, sql: str, table: str) -> None:
    change(build, sql)
    assert table in faults(build)


def test_a_quote_cannot_be_added_with_a_claim_of_its_own(build: Path) -> None:
    """Whoever adds a claim changes the root, and the root stands in the trail."""
    with closing(sqlite3.connect(build)) as conn:
        conn.execute("insert into quotes (id, text, language) values ('q', 'Made up.', 'en')")
        (part,) = (one for one in claims.parts(conn) if one.row == '["q"]')
        (quarter,) = conn.execute("select quarter from inquiry").fetchone()
        conn.execute("insert into claims values (?)", (part.claim("0" * 32, quarter),))
        conn.execute("insert into proofs values (?, ?, ?, ?, ?)", (*part.place, part.use, "0" * 32))
        conn.execute("insert into quotes_fts(quotes_fts) values ('rebuild')")
        conn.commit()
        assert "claims are not those that were sealed in its trail" in faults(build)
        (root,) = {claims.root_of(conn)}
        conn.execute(
            "update audit set details = :root || substr(details, 65) where action = :seal",
            {"root": root, "seal": audit.SEAL},
        )
        conn.commit()
    assert "the audit trail is not whole" in faults(build)


def test_a_build_without_a_seal_is_not_sound(build: Path) -> None:
    change(build, f"update audit set action = 'publish' where action = '{audit.SEAL}'")
    assert "seals no claims" in faults(build)


def test_anybody_can_work_a_claim_and_the_root_out_by_hand(build: Path) -> None:
    """As docs/findings.md says it, without any of our own code."""
    (quote,) = rows_of(build, "select * from quotes order by rowid limit 1")
    key = json.dumps([quote["id"]])
    (proof,) = rows_of(build, f"select * from proofs where (of_row, part) = ('{key}', 'row')")
    quote = {name: quote[name] for name in ("id", "text", "language")}  # the rest can be taken out
    (inquiry,) = rows_of(build, "select quarter from inquiry")
    said = [proof["nonce"], inquiry["quarter"], "quote", "quotes", key, "row"]
    claim = hashlib.sha256(json.dumps([*said, [list(c) for c in quote.items()]]).encode())
    every = [row["claim"] for row in rows_of(build, "select claim from claims order by claim")]
    assert claim.hexdigest() in every
    root = hashlib.sha256("".join(f"{one}\n" for one in every).encode()).hexdigest()
    (seal,) = rows_of(build, "select details from audit where action = 'seal_build'")
    assert seal["details"].startswith(f"{root} ")


def test_claims_lie_in_the_order_of_their_hashes(build: Path) -> None:
    """Promise 12: neither their order nor their number tells what they are about."""
    every = [row["claim"] for row in rows_of(build, "select claim from claims order by rowid")]
    assert every == sorted(every)


def test_nobody_can_count_what_was_taken_back(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random claims are mixed in, a different number each time."""
    drawn = []
    monkeypatch.setattr(claims.secrets, "randbelow", lambda most: drawn.append(most) or most - 1)
    with closing(sqlite3.connect(build)) as conn:
        conn.execute("delete from claims")
        conn.execute("delete from proofs")
        claims.seal(conn, lambda _root: [])
        (more,) = conn.execute(
            "select (select count(*) from claims) - (select count(*) from proofs)"
        ).fetchone()
    assert (drawn, more) == ([claims.DECOYS + 1], claims.DECOYS)


def test_promise_06_what_was_taken_back_leaves_a_claim_that_tells_nothing(
    tmp_path: Path, tell_and_publish: Callable[[Path], Place]
) -> None:
    place = tell_and_publish(tmp_path / "inquiry")
    before = place.live()
    (quote,) = rows_of(before, f"select id from quotes where text like '%{CANARY}%'")
    with closing(sqlite3.connect(before)) as conn:
        gone = {one.place: one for one in claims.parts(conn) if quote["id"] in one.row}
        (quarter,) = conn.execute("select quarter from inquiry").fetchone()
    nonces = {
        (row["of_table"], row["of_row"], row["part"]): row["nonce"]
        for row in rows_of(before, "select * from proofs")
    }
    claimed = [one.claim(nonces[where], quarter) for where, one in gone.items()]
    root = rows_of(before, "select details from audit where action = 'seal_build'")
    assert len(claimed) == 2  # the quote, and that it stands under a theme
    withdrawals.withdraw(place.db, RECEIPT)
    assert follow_withdrawals(place.folder, db=place.db)
    assert place.live() != before
    assert verify_build(place.live()).sound, verify_build(place.live()).sentences
    left = place.live().read_bytes()
    assert CANARY.encode() not in left
    assert [where for where in gone if nonces[where].encode() in left] == []
    assert [claim for claim in claimed if claim.encode() not in left] == []
    assert root == place.rows("select details from audit where action = 'seal_build'")
    assert place.bytes_with(nonces[min(gone)]) == []


@pytest.fixture
def tell_and_publish() -> Callable[[Path], Place]:
    def make(folder: Path) -> Place:
        place = Place(folder)
        told = [place.tell(f"The bus, number {n}.") for n in range(3)]
        place.theme([*told, place.tell(f"{CANARY} speaks.", receipt=RECEIPT)])
        publish(place.folder)
        return place

    return make
