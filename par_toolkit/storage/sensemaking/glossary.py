"""The glossary of an agenda: hard words in plain language, so that nobody has to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import acting, agendas
from par_toolkit.storage.sensemaking.written import needed

LONGEST_WORD: Final = 100
LONGEST_MEANING: Final = 5_000


@dataclass(frozen=True)
class Term:
    """A word and what it means."""

    id: int
    word: str
    meaning: str


def put(db: PrivateDatabase, agenda_id: int, word: str, meaning: str, *, by: Person) -> None:
    """Say what a word means; a word that is there already gets the new meaning.

    Raises Refused where either is empty, and once the agenda was sent.
    """
    word = needed(word, "Write the word.", reason="no_word", most=LONGEST_WORD)
    meaning = needed(meaning, "Say what it means.", reason="no_meaning", most=LONGEST_MEANING)
    with db.writing():
        agendas.still_written(db, agenda_id)
        db.add(
            """
            insert into glossary (agenda, word, meaning) values (:agenda, :word, :meaning)
            on conflict (agenda, word) do update set word = :word, meaning = :meaning
            """,
            {"agenda": agenda_id, "word": " ".join(word.split()), "meaning": meaning},
        )
        acting.record(db, "explain_word", by=by, subject=f"agenda {agenda_id}")


def remove(db: PrivateDatabase, agenda_id: int, term: int, *, by: Person) -> None:
    """Take a word out. Raises Refused where it is not there, and once the agenda was sent."""
    with db.writing():
        agendas.still_written(db, agenda_id)
        if not db.change(
            "delete from glossary where id = :id and agenda = :agenda",
            {"id": term, "agenda": agenda_id},
        ):
            raise Refused("gone", "This word is not there any more.")
        acting.record(db, "explain_word", by=by, subject=f"agenda {agenda_id}")


def of_agenda(db: PrivateDatabase, agenda_id: int) -> list[Term]:
    """List the words of an agenda by alphabet."""
    rows = db.rows(
        "select id, word, meaning from glossary where agenda = :agenda order by word, id",
        {"agenda": agenda_id},
    )
    return [Term(**row) for row in rows]
