"""Make small findings builds of made-up words, for the tests of the pages and of the serving."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from pathlib import Path

from par_toolkit.publishing import build, stored_queries
from tests.datasette_plugins.circle_rows import write_circles

SCHEMA = Path(__file__).parents[2] / "par_toolkit" / "publishing" / "schema.sql"
#: The schema of builds of before there were circles.
EARLIER = Path(__file__).with_name("schema-1.sql")

THEMES = (
    (
        "theme-waiting",
        "Waiting without word",
        1,
        "People wait and nobody tells them for how long.",
        ["wait", "hours"],
    ),
    (
        "theme-kindness",
        "Kindness at the door",
        1,
        "Being met with a kind word.",
        ["kind", "welcome"],
    ),
    ("theme-words", "bus · road · night", 0, "", ["bus", "road", "night"]),
)
WAITED = "I waited four hours and nobody said why. [name] sat with me."
SMILED = "The receptionist smiled and knew my name. It made the day."
ATTENDU = "J'ai attendu tout l'après-midi, sans un mot."
NO_BUS = "No bus comes after eight, so I walk the dark road home."
QUOTES = (
    ("q-a", WAITED, "story", "en", "challenge", "theme-waiting"),
    ("q-b", SMILED, "story", "en", "success", "theme-kindness"),
    ("q-c", ATTENDU, "story", "fr", "challenge", "theme-waiting"),
    ("q-d", NO_BUS, "story", "en", None, "theme-words"),
    ("q-e", "كان الانتظار طويلا", "story", "ar", None, "theme-waiting"),
    ("q-f", "I was heard in this group.", "feedback", "en", None, "theme-kindness"),
)
VOCABULARY = (
    *("the", "nurse", "bus", "road", "kind", "late", "letter", "phone", "door"),
    *("tea", "rain", "doctor", "form", "money", "night", "waited", "asked"),
)
GROUPS = (
    ("residents", "Residents", "Habitants", (60, 45, 105)),
    ("nurses", "Nurses", "Infirmières et infirmiers", (20, 15, 35)),
    ("carers", "Unpaid carers", "Proches aidants", (None, None, 15)),
    ("drivers", "Bus drivers", "Chauffeurs de bus", (None, None, None)),
    ("all", "Everybody", "Tout le monde", (90, 70, 160)),
)
CYCLES = (
    ("c1", "First round", "Premier tour", "2026-Q1", "2026-Q2", 1),
    ("c2", "Second round", "Deuxième tour", "2026-Q3", "2026-Q4", 2),
)


def make_build(
    folder: Path,
    number: int = 1,
    *,
    quotes: int = 0,
    empty: bool = False,
    example: bool = False,
    languages: tuple[str, ...] = ("en", "fr"),
    word: str = "",
    circles: str = "large",
) -> Path:
    """Write build `number` into `folder`/findings and return its file.

    `quotes` adds that many made-up quotes; `word` adds one quote that says only that word;
    `empty` leaves out everything told. `circles` is 'large', 'small' for figures that are all
    hidden, 'none' for nothing said yet, or 'before' for a build of before there were circles. Every
    page says the number of its build.
    """
    findings = folder / "findings"
    findings.mkdir(parents=True, exist_ok=True)
    path = findings / f"build-{number:06d}.db"
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    with db:
        db.executescript((EARLIER if circles == "before" else SCHEMA).read_text("utf-8"))
        _write_inquiry(db, number, languages, example)
        if circles != "before":
            build.fill(db, "queries", stored_queries.rows())
        if not empty:
            _write_told(db, number)
            _write_many(db, quotes)
            _write_figures(db)
            if circles in ("large", "small"):
                write_circles(db, large=circles == "large")
        if word:
            db.execute(
                """
                insert into quotes (id, text, form, language)
                values ('q-word', :word, 'story', 'en')
                """,
                {"word": word},
            )
        db.execute("insert into quotes_fts (quotes_fts) values ('rebuild')")
        db.execute("insert into stories_fts (stories_fts) values ('rebuild')")
    db.execute("vacuum")
    db.close()
    return path


def point(folder: Path, number: int) -> None:
    """Make build `number` the live one, as publishing does: write beside, then replace."""
    beside = folder / "findings" / "current.new"
    beside.write_text(f"build-{number:06d}.db\n", "utf-8")
    os.replace(beside, folder / "findings" / "current")


def _write_inquiry(
    db: sqlite3.Connection, number: int, languages: tuple[str, ...], example: bool
) -> None:
    db.execute(
        """
        insert into inquiry (id, format, build, quarter, name, locality, population,
          population_source, population_year, languages, about_en, about_fr, contact_en, contact_fr,
          threshold, licence, example)
        values (1, 1, :build, '2026-Q4', 'Harbour Voices', 'Port Madeup', 48000,
          'made-up census', 2021, :languages, 'What is it like to be looked after here?',
          'Comment est-ce, être soigné ici ?', 'Ask at the library.', 'Demandez à la bibliothèque.',
          10, 'CC BY 4.0', :example)
        """,
        {"build": number, "languages": json.dumps(languages), "example": int(example)},
    )
    db.execute(
        """
        insert into builds (build, quarter, themes_new, themes_renamed, quotes_new, stories_new,
          note_en, note_fr)
        values (:build, '2026-Q4', 2, 1, 6, 1, 'A second round began.',
          'Un deuxième tour a commencé.')
        """,
        {"build": number},
    )


def _write_told(db: sqlite3.Connection, number: int) -> None:
    for position, (key, name, named, meaning, words) in enumerate(THEMES):
        db.execute(
            """
            insert into themes (id, name, named_by_people, meaning, words, endorsed_role,
              endorsed_quarter, position)
            values (?, ?, ?, ?, ?, 'steward', '2026-Q4', ?)
            """,
            (key, name, named, meaning, json.dumps(words), position),
        )
    for key, text, form, language, kind, theme in QUOTES:
        db.execute(
            "insert into quotes (id, text, form, language, kind) values (?, ?, ?, ?, ?)",
            (key, text, form, language, kind),
        )
        db.execute("insert into quote_themes values (?, ?)", (key, theme))
    answers = [
        {
            "question_en": "What should happen next?",
            "question_fr": "Que faudrait-il ensuite ?",
            "text": "A later bus.",
        }
    ]
    db.execute(
        """
        insert into stories (id, title, telling, answers, form, language)
        values ('s-a', 'The last bus', ?, ?, 'story', 'en')
        """,
        ("I told the driver.\n\nHe waited.", json.dumps(answers)),
    )
    db.execute(
        "insert into audit values (1, '2026-Q4', 'steward', 'publish', 'digest', '', ?)",
        (hashlib.sha256(str(number).encode()).hexdigest(),),
    )


def _write_many(db: sqlite3.Connection, quotes: int) -> None:
    """Add quotes of about 25 made-up words each, spread over the themes."""
    for index in range(quotes):
        picks = hashlib.sha256(str(index).encode()).digest()[:25]
        text = " ".join(VOCABULARY[byte % len(VOCABULARY)] for byte in picks)
        key = hashlib.sha256(f"id {index}".encode()).hexdigest()[:16]
        db.execute(
            "insert into quotes (id, text, form, language) values (?, ?, 'story', ?)",
            (key, text, "fr" if index % 3 == 0 else "en"),
        )
        db.execute("insert into quote_themes values (?, ?)", (key, THEMES[index % 3][0]))


def _write_figures(db: sqlite3.Connection) -> None:
    columns = "id, name_en, name_fr, starts, ends, position"
    db.executemany(f"insert into cycles ({columns}) values (?, ?, ?, ?, ?, ?)", CYCLES)
    cycles = [cycle[:3] for cycle in CYCLES] + [("all", "All", "Tous")]
    for *group, figures in GROUPS:
        for cycle, people in zip(cycles, figures, strict=True):
            row = (*group, *cycle, people, "hidden" if people is None else "shown")
            db.execute("insert into participation values (?, ?, ?, ?, ?, ?, ?, ?)", row)
