"""Promise 7: the findings file is made from an allow-list and never held a private row."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from par_toolkit.publishing import publish
from par_toolkit.publishing.build import schema
from par_toolkit.storage import devices, people, shaping
from tests.publishing.inquiries import Place

#: Where each canary is put; none of these fields may reach the file.
PRIVATE = (
    "Canarygroup", "Canaryunreleased", "Canarynoconsent", "Canaryredacted", "Canaryrejected",
    "Canarydevice", "Canaryperson", "Canarychoice", "Canarysibling", "Canaryproposal",
    "Canaryshelf", "Canarysettings", "canaryuuid", "canarycycle", "Canaryquotedonly",
    "Canarylonely",
)  # fmt: skip
PUBLIC = ("Kestrelquote", "Kestrelwhole", "Kestreltheme", "Kestrelabout")


def test_promise_07_every_canary_of_a_private_field_is_absent(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    place.change("[about] ", "[about] # Canarysettings\n")
    place.change("We want to know", "Kestrelabout. We want to know")
    people.add(place.db, "Canaryperson Example", "evaluator")
    devices.add(place.db, "Canarydevice")
    quoted = place.tell(
        "Kestrelquote came first. Then Canaryredacted spoke.",
        group="Canarygroup",
        cycle="canarycycle",
        answers={"title": "Canaryquotedonly", "kind": "Canarychoice"},
    )
    place.redact(quoted, "Canaryredacted")
    place.tell("Canaryunreleased words.", release=False)
    place.tell("Canarynoconsent words.", consent=("analyse", "contact"))
    place.tell("Kestrelwhole telling.", consent=("publish",))
    place.tell("Canarysibling", uuid="canaryuuid", consent=("analyse",))
    place.tell("Canarysibling changed", uuid="canaryuuid", consent=("analyse",))
    alone = place.tell("A bus.", release=False)
    shaping.shelve(place.db, alone, reason="Canaryshelf", by=place.two)
    place.theme([quoted], name="Kestreltheme", words=("Canarylonely", "Canaryredacted"))
    rejected = place.theme([place.tell("Stays.")], name="Canaryrejected")
    shaping.reject(place.db, rejected, by=place.two)
    place.propose([place.tell("Stays, too.")], words=("Canaryproposal",))
    published = publish(place.folder).path.read_bytes()
    private = (place.folder / "private.db").read_bytes()
    wal = (place.folder / "private.db-wal").read_bytes()
    settings = (place.folder / "inquiry.toml").read_bytes()
    for word in PUBLIC:
        assert word.encode() in published
    for word in PRIVATE:
        assert word.encode() in private + wal + settings, f"the canary {word} never sang"
        assert word.encode() not in published
        assert word.encode("utf-16-le") not in published


def test_promise_07_no_private_id_is_there(tmp_path: Path) -> None:
    """Keys, receipt marks, uuids and digests of what was told stay where they are."""
    place = Place(tmp_path / "inquiry")
    place.tell("A quote.", consent=("analyse", "quote", "publish"))
    published = publish(place.folder).path.read_bytes()
    secrets = [
        *place.db.value("select group_concat(mark, ' ') from receipts").split(),
        *place.db.value("select group_concat(uuid || ' ' || content, ' ') from stories").split(),
        place.db.value("select reviewed from stories"),
        (place.folder / "keys" / "receipt.key").read_text().strip(),
    ]
    assert len(secrets) == 5
    assert [secret for secret in secrets if secret.encode() in published] == []


def test_promise_07_the_schema_is_exactly_the_expected_list(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    place.tell()
    path = publish(place.folder).path
    with closing(sqlite3.connect(path)) as made, closing(sqlite3.connect(":memory:")) as expected:
        expected.executescript(schema())
        sql = "select type, name, tbl_name, sql from sqlite_master order by type, name"
        assert made.execute(sql).fetchall() == expected.execute(sql).fetchall()
        assert made.execute("pragma freelist_count").fetchone() == (0,)
        assert made.execute("pragma journal_mode").fetchone() == ("delete",)
    tables = {
        row["name"]
        for row in place.rows("select name from sqlite_master where type = 'table'")
        if "_fts_" not in row["name"]
    }
    assert tables == {
        "inquiry", "cycles", "runs", "themes", "quotes", "quote_themes", "stories", "participation",
        "contracts", "items", "constructions", "statements", "agreement", "reasons", "actions",
        "theme_people", "member_checks", "action_people", "figures",
        "builds", "audit", "groups", "queries", "claims", "proofs", "quotes_fts", "stories_fts",
    }  # fmt: skip
    assert path.stat().st_mode & 0o777 == 0o644
    assert sorted(p.name for p in path.parent.iterdir()) == [
        ".lock", "build-000001.db", "current",
    ]  # fmt: skip
