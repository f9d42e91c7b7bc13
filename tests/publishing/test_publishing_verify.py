"""What `verify_build` says of files that are no sound build: each fault by a sentence."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from par_toolkit.publishing import publish, verify_build
from tests.publishing.inquiries import Place
from tests.publishing.meetings import Meeting


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Publish a small build once; the tests damage copies of it."""
    place = Place(tmp_path_factory.mktemp("verify") / "inquiry")
    told = [
        place.tell(f"The bus, number {n}.", consent=("analyse", "quote", "publish"))
        for n in range(7)
    ]
    place.theme(told)
    meeting = Meeting(place, {"residents": 12, "carers": 11})
    late = meeting.item("The bus is late.", release=False)
    meeting.negotiate(late, {"residents": "Later.", "carers": "Too."}, "full", action="Ask.")
    meeting.put("A later bus.", {"residents": "++++++------", "carers": "++++++-----"})
    meeting.release_all()
    path = publish(place.folder).path
    verdict = verify_build(path)
    assert verdict.sound, verdict.sentences
    assert verdict.sentences == [f"{path} is a sound findings build."]
    place.db.close()
    return path.read_bytes()


@pytest.fixture
def build(sound: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "what? a # build%20.db"
    path.write_bytes(sound)
    return path


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(sql)


def said(path: Path) -> str:
    verdict = verify_build(path)
    assert not verdict.sound
    return " ".join(verdict.sentences)


def test_a_sound_build_under_any_name(build: Path) -> None:
    before = (build.read_bytes(), os.listdir(build.parent))
    assert verify_build(build).sound
    assert verify_build(str(build)).sound
    assert (build.read_bytes(), os.listdir(build.parent)) == before


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("create table visits (at text)", "holds 'visits', which does not belong"),
        ("create index i on quotes(form)", "holds 'i', which does not belong"),
        ("drop table cycles", "has no 'cycles'"),
        ("alter table cycles add column note text", "'cycles' is not made as schema.sql says"),
        ("update inquiry set format = 99", "is written in format 99, and this version reads"),
        ("delete from inquiry", "does not say which inquiry"),
        ("update quotes set text = text || ' more'", "index quotes_fts does not agree"),
        ("delete from stories", "index stories_fts does not agree"),
        ("update participation set people = 4 where shown = 'shown'", "neither hidden nor"),
        ("update participation set people = 11 where shown = 'shown'", "neither hidden nor"),
        ("update participation set people = 10 where shown = 'hidden'", "neither hidden nor"),
        ("update participation set people = '10' || 'x'", "of participation.people is no integer"),
        ("update quote_themes set theme = 'gone'", "linked to one that is not there"),
        ("update audit set role = 'steward' where seq = 2", "not whole from row 2"),
        ("delete from audit where seq = 3", "not whole from row 4"),
        ("update builds set note_en = 'Built 2026-05-17.'", "builds.note_en holds a date finer"),
        ("update builds set note_fr = 'À 09:41.'", "builds.note_fr holds a date finer"),
        ("update inquiry set quarter = 'May'", "'May', which is no quarter"),
        ("update themes set words = 'bus'", "themes.words is not a list"),
        (f"update themes set words = '{'[' * 20_000}'", "themes.words is not a list"),
        ("update stories set answers = '{}'", "stories.answers is not a list"),
        ("update quotes set language = x'ff'", "a cell of quotes.language is no text"),
        ("update inquiry set threshold = 'ten'", "a cell of inquiry.threshold is no integer"),
        ("update agreement set people = 4 where shown = 'shown'", "neither hidden nor"),
        ("update agreement set people = 10 where shown = 'not_asked'", "neither hidden nor"),
        ("update agreement set people = null, shown = 'shown'", "'all' in agreement is neither"),
        ("update statements set minimum = 0.9", "scores are not those of its published figures"),
        ("update statements set agreement = null", "scores are not those"),
        ("delete from queries where id = 'said'", "stored queries are not those of par-toolkit"),
        (
            "update queries set sql = 'select text from quotes' where id = 'said'",
            "stored queries are not",
        ),
        (
            "insert into queries select 'mine', title_en, title_fr, about_en, about_fr, sql, "
            "parameters, headings, 99 from queries limit 1",
            "stored queries are not",
        ),
        ("delete from agreement where shown = 'shown'", "scores are not those"),
        ("update actions set due = '2026-05-17'", "actions.due holds a date finer"),
        ("update actions set due = 'soon'", "'soon', which is no quarter"),
        ("update cycles set phase_quarter = 'May'", "'May', which is no quarter"),
        ("update constructions set item = 'gone'", "linked to one that is not there"),
        ("pragma journal_mode = wal", "not a finished build"),
        (
            "create table t (x); insert into t values (zeroblob(9000)); drop table t",
            "free pages",
        ),
    ],
)
def test_each_fault_has_its_sentence(build: Path, sql: str, sentence: str) -> None:
    change(build, sql)
    assert sentence in said(build)
    assert str(build) in said(build)


def test_a_hidden_figure_that_the_others_give_away(build: Path) -> None:
    """Three groups of about ten are about 25 people in all: then nobody is left for the fourth."""
    change(
        build,
        """
        delete from participation where stakeholder_group = 'none';
        update participation set people = 10, shown = 'shown';
        update participation set people = 25 where stakeholder_group = 'all';
        update participation set people = null, shown = 'hidden'
        where stakeholder_group = 'carers';
        """,
    )
    assert "a hidden figure of participation can be worked out ('carers', 'all')" in said(build)
    change(build, "update participation set people = 15 where stakeholder_group = 'all'")
    assert "the figures of participation do not add up" in said(build)


def test_dates_in_peoples_own_words_are_theirs(build: Path) -> None:
    change(build, "update inquiry set about_en = 'Since 2026-05-17, 09:41.'")
    change(build, "update items set words = 'On 2026-05-17.'")
    change(build, "update actions set what = 'By 2026-05-17.', owner = 'From 09:41.'")
    faults = said(build)  # the rows are not those that were sealed
    assert "finer than a quarter" not in faults and "was not sealed" in faults


def test_files_that_are_no_build(build: Path, sound: bytes, tmp_path: Path) -> None:
    build.write_bytes(sound[: len(sound) - 4096])
    assert "is cut short" in said(build)
    build.write_bytes(sound[:50])
    assert "is not an SQLite database" in said(build)
    build.write_bytes(b"")
    assert "is not an SQLite database" in said(build)
    build.write_bytes(b"telling,group\n" * 100)
    assert "is not an SQLite database" in said(build)
    assert "cannot be read" in said(tmp_path / "nothing.db")
    assert "cannot be read" in said(tmp_path)


@pytest.mark.parametrize("page", range(0, 40, 3))
def test_a_page_of_noise_is_a_sentence_not_a_traceback(
    build: Path, sound: bytes, page: int
) -> None:
    at = page * 4096 % len(sound)
    build.write_bytes(sound[:at] + bytes(range(256)) * 16 + sound[at + 4096 :])
    assert said(build)


def test_another_database_is_no_build(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    place.tell()
    place.db.wipe_free_space()
    place.db.conn.execute("pragma journal_mode = delete")
    place.db.close()
    assert "which does not belong in a findings build" in said(place.folder / "private.db")
