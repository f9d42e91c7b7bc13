"""Copy a build without the rows that were taken back, into a file that never held them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from par_toolkit.publishing import beside, build, circles, figures, stored_queries
from par_toolkit.publishing.allowed import Allowed, allowed, themes_of
from par_toolkit.publishing.beside import Beside
from par_toolkit.publishing.chosen_themes import joined
from par_toolkit.storage import published
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.published import Use, WordUse
from par_toolkit.storage.sensemaking import checks
from par_toolkit.storage.sensemaking.word_uses import NO_THEME

#: The table in which a kind of words has rows of its own; any other stands in columns of a row.
TABLE_OF: Final = {
    "item": "items",
    "construction": "constructions",
    "view": "constructions",
    "alternative": "constructions",
    "statement": "statements",
    "reason": "reasons",
    "action": "actions",
}
#: Words in the columns of a row that stays without them.
COLUMNS_OF: Final = {
    "outcome": ("items", ("outcome_words", "no_action")),
    "reflection": ("cycles", ("reflection", "next_words")),
}
#: What may stand beside words that stay, and goes where too few people share it since.
BESIDE_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "form": ("form",),
    "attribute": ("kind", "stakeholder_group", "group_en", "group_fr"),
}
#: The tables of such words.
TOLD: Final = ("quotes", "stories")
#: What may point at a row that is gone.
POINTERS: Final = (
    ("statements", "item", "items"),
    ("actions", "item", "items"),
    ("constructions", "beside", "constructions"),
)


@dataclass(frozen=True)
class Staying:
    """What may stay in a build: public ids of quotes and stories, places of quotes under themes.

    `links` are (quote, theme), by public ids; `words` is what circles said. `formless` are the
    quotes and stories that lose their form, `bare` those that lose what stood beside them: too few
    people share it now that others took back.
    """

    quotes: frozenset[str]
    links: frozenset[tuple[str, str]]
    stories: frozenset[str]
    formless: frozenset[str]
    bare: frozenset[str]
    uses: tuple[Use, ...]
    words: frozenset[WordUse]


def staying(db: PrivateDatabase, number: int) -> Staying:
    """Ask the record what of a build may still be shown; who is gone allows nothing.

    Raises sqlite3.DatabaseError where the file of the build is damaged.
    """
    now, held = allowed(db), checks.holding(db)
    uses = published.uses(db, number)
    record = published.get(db, number)
    ours = {public: theme for theme, (public, _) in (record.themes if record else {}).items()}
    under: dict[str, list[str]] = {}
    for row in build.read_rows(build.file_of(db.folder, number), "quote_themes"):
        under.setdefault(row["quote"], []).append(row["theme"])
    quotes, links = set(), set()
    for use in uses:
        granted, themes = now[use.story].uses, under.get(use.public_id, [])
        doubted = {reference for story, reference in held.quotes if story == use.story} & {
            *(ours.get(theme) for theme in themes),
            *(() if themes else (NO_THEME,)),
        }
        if use.kind != "quote" or "quote" not in granted or doubted:
            continue
        quotes.add(use.public_id)
        if "analyse" in granted:
            links |= {
                (use.public_id, theme)
                for theme in themes
                if (use.story, ours.get(theme)) not in held.themes
            }
    stories = {
        use.public_id for use in uses if use.kind == "story" and "publish" in now[use.story].uses
    }
    here = quotes | stories
    left = tuple(use for use in uses if use.public_id in here)
    now_beside = _beside(db, number, now, ours)
    return Staying(
        frozenset(quotes),
        frozenset(links),
        frozenset(stories),
        frozenset(use.public_id for use in left if now_beside[use.story].form is None),
        frozenset(use.public_id for use in left if now_beside[use.story].attribute is None),
        left,
        circles.staying(db, published.words(db, number)),
    )


def _beside(
    db: PrivateDatabase, number: int, now: Mapping[int, Allowed], ours: Mapping[str, int]
) -> Mapping[int, Beside]:
    """Return what may stand beside each story today, by the rules that a build was made with.

    `ours` maps its public ids of themes to our own.
    """
    path = build.file_of(db.folder, number)
    (inquiry,) = build.read_rows(path, "inquiry")
    attribute = inquiry.get("beside_quotes", beside.KIND)
    groups, unsaid = _groups(path) if attribute == beside.GROUP else (set(), {})
    return beside.of_stories(
        db,
        themes_of(db, now),
        attribute=attribute,
        groups=groups,
        never=unsaid.get("", set()),
        never_in={theme: unsaid.get(public, set()) for public, theme in ours.items()},
        threshold=inquiry["threshold"],
        thresholds={
            ours[row["id"]]: row["threshold"]
            for row in build.read_rows(path, "themes")
            if row.get("threshold") and row["id"] in ours
        },
    )


def _groups(path: Path) -> tuple[set[str], dict[str, set[str]]]:
    """Return the groups of a build, and of which of them it hides a number.

    These stand under the public id of a theme, or under '' for who took part.
    """
    took_part = build.read_rows(path, "participation")
    rows = [("", row) for row in took_part if row["cycle"] == figures.ALL]
    rows += [(row["theme"], row) for row in build.read_rows(path, "theme_people")]
    unsaid: dict[str, set[str]] = {}
    for about, row in rows:
        if row["shown"] != "shown":
            unsaid.setdefault(about, set()).add(row["stakeholder_group"])
    return {row["stakeholder_group"] for row in took_part}, unsaid


def copy(
    source: Path,
    target: Path,
    number: int,
    staying: Staying,
    *,
    before: Iterable[WordUse],
    words: frozenset[str],
    finish: Callable[[sqlite3.Connection], None],
) -> dict[str, str]:
    """Write the rows that stay into a new file, so that nothing else was ever in it.

    `before` is what circles said in `source`, `words` are typical words that themes lose. Counts,
    ids, order and everything else stay as they are. A source of an earlier format has fewer tables.
    `finish` gives the rows that stay their proofs, while the source is attached as `old`.
    Returns the names of themes that were only words joined and read otherwise now: public id ->
    name.
    """
    with build.new_file(target) as conn:
        conn.execute("attach :uri as old", {"uri": f"{source.absolute().as_uri()}?immutable=1"})
        conn.execute("begin")
        conn.execute("pragma defer_foreign_keys = on")  # rows may point at one that stays behind
        kept = _kept(staying)
        for table in build.TABLES:
            columns = ", ".join(_shared_columns(conn, table))
            if columns:
                conn.execute(
                    f"""
                    insert into main.{table} ({columns}) select {columns} from old.{table}
                    where {KEPT_ROWS.get(table, "true")} order by rowid
                    """,
                    kept,
                )
        conn.execute(
            "update main.inquiry set build = :build, format = :format",
            {"build": number, "format": build.FORMAT},
        )
        _empty_columns(conn, set(before) - staying.words)
        _empty_beside(conn, staying)
        for table, column, other in POINTERS:
            conn.execute(
                f"""
                update main.{table} set {column} = null
                where {column} not in (select id from main.{other})
                """
            )
        build.fill(conn, "queries", stored_queries.rows())
        renamed = _without_words(conn, words) if words else {}
        finish(conn)
        conn.commit()
        conn.execute("detach old")
    return renamed


#: Which rows of a table stay; all of any other.
KEPT_ROWS: Final = {
    "quotes": "id in (select value from json_each(:quotes))",
    "quote_themes": """
        (quote, theme) in (select value ->> 0, value ->> 1 from json_each(:links))
    """,
    "stories": "id in (select value from json_each(:stories))",
    "agreement": "statement in (select value from json_each(:statements))",
    "figures": "name <> 'agreement' or about in (select value from json_each(:statements))",
    "proofs": "false",
    "queries": "false",  # those of today are written instead
} | {table: f"id in (select value from json_each(:{table}))" for table in TABLE_OF.values()}


def _kept(staying: Staying) -> dict[str, str]:
    ids: dict[str, list[Any]] = {table: [] for table in TABLE_OF.values()}
    for use in staying.words:
        if use.kind in TABLE_OF:
            ids[TABLE_OF[use.kind]].append(use.public_id)
    ids |= {"quotes": list(staying.quotes), "stories": list(staying.stories)}
    ids["links"] = [list(link) for link in staying.links]
    return {name: json.dumps(sorted(values)) for name, values in ids.items()}


def _shared_columns(conn: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns that a table has in both files, those of the new one in order."""
    new, old = (
        [
            row[0]
            for row in conn.execute(f"select name from pragma_table_info('{table}', '{schema}')")
        ]
        for schema in ("main", "old")
    )
    return [column for column in new if column in old]


def _empty_columns(conn: sqlite3.Connection, gone: Iterable[WordUse]) -> None:
    for use in gone:
        if use.kind in COLUMNS_OF:
            table, columns = COLUMNS_OF[use.kind]
            emptied = ", ".join(f"{column} = ''" for column in columns)
            conn.execute(f"update main.{table} set {emptied} where id = :id", {"id": use.public_id})


def _empty_beside(conn: sqlite3.Connection, staying: Staying) -> None:
    """Take away what may no longer stand beside words: the form, or the attribute."""
    goes = {"form": staying.formless, "attribute": staying.bare}
    for table in TOLD:
        for part, columns in BESIDE_WORDS.items():
            emptied = ", ".join(f"{column} = null" for column in columns)
            conn.execute(
                f"""
                update main.{table} set {emptied}
                where id in (select value from json_each(:public))
                """,
                {"public": json.dumps(sorted(goes[part]))},
            )


def _without_words(conn: sqlite3.Connection, words: frozenset[str]) -> dict[str, str]:
    renamed: dict[str, str] = {}
    columns = ("id", "name", "named_by_people", "words")
    for row in conn.execute(f"select {', '.join(columns)} from main.themes").fetchall():
        theme: dict[str, Any] = dict(zip(columns, row, strict=True))
        before = json.loads(theme["words"])
        after = [word for word in before if word not in words]
        if after == before:
            continue
        name = theme["name"] if theme["named_by_people"] else joined(after)
        if name != theme["name"]:
            renamed[theme["id"]] = name
        conn.execute(
            "update main.themes set words = :words, name = :name where id = :id",
            {
                "id": theme["id"],
                "name": name,
                "words": json.dumps(after, ensure_ascii=False),
            },
        )
    return renamed
