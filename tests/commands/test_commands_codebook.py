"""`par codebook`: out, in, the same again, and every file that cannot be used."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.codebook import Code
from analysis.codebook_files import to_csv, to_yaml
from par_toolkit.storage import audit, codebook, examples, people, releases, stories
from par_toolkit.storage.codebook import Words
from par_toolkit.storage.codings import Passage
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.stories import Kept

Par = Callable[..., Any]

CSV = """code,name,meaning,when,when_not,examples,parent
journey,Getting there,The way to help,,,,
bus,Buses,Buses and drivers,They come or not,Not trains,The bus was late,journey
nurse,Nurses,How nurses care,,,,
"""
YAML = """
- code: journey
  name: Getting there
  meaning: The way to help
- code: bus
  name: Buses
  meaning: Buses and drivers
  when: They come or not
  when_not: Not trains
  examples: [The bus was late]
  parent: journey
- code: nurse
  name: Nurses
  meaning: How nurses care
"""


def write(tmp_path: Path, text: str | bytes, name: str = "book.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rows(db: PrivateDatabase) -> list[Any]:
    return [db.rows(f"select * from {table}") for table in ("codes", "code_examples", "audit")]


@pytest.mark.parametrize(("text", "name"), [(CSV, "book.csv"), (YAML, "book.yaml"), (YAML, "book")])
def test_a_file_comes_in_and_the_same_again_changes_nothing(
    par: Par, par_json: Par, db: PrivateDatabase, tell: Callable[..., Kept],
    tmp_path: Path, text: str, name: str,
) -> None:  # fmt: skip
    kept = tell("I was cold. The bus was late. I went home.")
    path = write(tmp_path, text, name)
    said = par_json("codebook", "import", path)
    assert said["added"] == ["journey", "bus", "nurse"] and said["examples_added"] == 1
    journey, bus, nurse = codebook.listing(db)
    assert (bus.parent, nurse.parent, bus.words.when_not) == (journey.id, None, "Not trains")
    assert [(one.words, one.passage.story) for one in examples.listing(db)] == [
        ("The bus was late", kept.story_id)
    ]
    before = rows(db)
    again = par("codebook", "import", path).stdout
    assert "Nothing to change" in again and rows(db) == before


def test_differences_are_shown_and_asked_for_and_what_is_not_in_the_file_stays(
    par: Par, par_json: Par, db: PrivateDatabase, tmp_path: Path
) -> None:
    par("codebook", "import", write(tmp_path, CSV))
    other = "code;name;meaning;parent\nbus;Coaches;Buses and drivers;food\nfood;Food;;\n"
    path = write(tmp_path, other)
    refused = par("codebook", "import", path, code=1, answer="n\n")
    assert "Nothing was changed" in refused.stderr and len(codebook.listing(db)) == 3
    assert "~ bus, name: “Buses” → “Coaches”" in refused.stderr
    assert "~ bus, parent: “journey” → “food”" in refused.stderr and "+ food" in refused.stderr
    said = par_json("codebook", "import", path, "--yes")
    assert said["not_in_file"] == ["journey", "nurse"] and said["added"] == ["food"]
    assert {one["field"] for one in said["changed"]} == {"name", "when", "when_not", "parent"}
    assert {one.name for one in codebook.listing(db)} == {
        "Getting there", "Coaches", "Nurses", "Food"
    }  # fmt: skip


def test_two_codes_may_swap_names_and_places_in_one_file(
    par: Par, db: PrivateDatabase, tmp_path: Path
) -> None:
    par("codebook", "import", write(tmp_path, "code,name,parent\na,One,\nb,Two,a\n"))
    par("codebook", "import", write(tmp_path, "code,name,parent\na,Two,b\nb,One,\n"), "--yes")
    a, b = codebook.listing(db)
    assert (a.name, a.parent, b.name, b.parent) == ("Two", b.id, "One", None)


def test_a_code_is_renamed_whatever_it_and_the_others_are_called(
    par: Par, db: PrivateDatabase, tmp_path: Path
) -> None:
    long = "c" * 300
    par("codebook", "import", write(tmp_path, f"code,name\na,One\n{long},Long\nx,a 1\n"))
    par("codebook", "import", write(tmp_path, f"code,name\na,Two\n{long},Longer\n"), "--yes")
    assert {one.name for one in codebook.listing(db)} == {"Two", "Longer", "a 1"}


def test_out_and_in_again_is_the_same_book_and_formulas_are_harmless(
    par: Par, par_json: Par, db: PrivateDatabase, tmp_path: Path
) -> None:
    """A cell that a spreadsheet would run as a formula gets an apostrophe and loses it again."""
    codebook.add(db, Words('=HYPERLINK("http://example.org")', "+1", "@sum"), by=None)
    codebook.add(db, Words("Café", "été"), by=None, parent=1)
    before = rows(db)[:2]
    for ending in ("csv", "yaml"):
        out = tmp_path / f"book.{ending}"
        assert par_json("codebook", "export", "--out", out)["codes"] == 2
        assert "Nothing to change" in par("codebook", "import", out).stdout
        assert rows(db)[:2] == before
    cells = next(csv.DictReader(io.StringIO((tmp_path / "book.csv").read_text("utf-8-sig"))))
    assert cells["name"].startswith("'=") and cells["meaning"] == "'+1" and cells["when"] == "'@sum"
    assert par("codebook", "export", "--out", out, code=1, answer="n\n")


def test_only_released_examples_that_may_be_quoted_today_leave_the_house(
    par: Par, par_json: Par, db: PrivateDatabase, tell: Callable[..., Kept], tmp_path: Path,
    two_people: tuple[str, str],
) -> None:  # fmt: skip
    """Promises 5 and 8."""
    code = codebook.add(db, Words("Buses"), by=None)
    held = [tell(f"{word} waited for the bus.") for word in ("Xylocarp", "Yttrium", "Zymurgy")]
    for kept in held:
        assert kept.story_id is not None
        examples.add(db, code.id, Passage(kept.story_id, "telling", 0, 10), by=None)
    for name in two_people:
        person = people.by_name(db, name)
        assert person is not None
        for kept in held[:2]:
            releases.approve(db, kept.story_id, by=person)
    from par_toolkit.storage import consents

    consents.change(db, held[1].story_id, {"quote": False}, wording=1, source="mine")
    out = tmp_path / "book.csv"
    said = par_json("codebook", "export", "--out", out)
    assert (said["examples"], said["examples_left_out"]) == (1, 2)
    text = out.read_text("utf-8-sig")
    assert "Xylocarp" in text and "Yttrium" not in text and "Zymurgy" not in text
    assert stories.get(db, held[0].story_id) is not None


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("book.csv", "code,name,parent\na,A,b\nb,B,a\n", "go round in a circle"),
        ("book.yaml", "- {code: a, name: A, parent: b}\n- {code: b, name: B, parent: a}", "circle"),
        ("book.yaml", "- {code: a, name: A, parent: a}", "a under a"),
        ("book.csv", "code,name\na,A\na,B\n", "is there twice"),
        ("book.csv", "code,name\na,A\nb,a\n", "have the same name"),
        ("book.csv", "code,meaning\na,A\n", "missing: name"),
        ("book.csv", "code,name\n" + "".join(f"c{n},Name {n}\n" for n in range(600)), "600 codes"),
        ("book.csv", "code,name,parent\na,A,z\n", "which is not in the codebook"),
        ("book.csv", "code,name\n\u200b,A\n", "has no short name"),
        ("book.csv", b"", "empty"),
        ("book.csv", b"PK\x03\x04made up", "not a CSV file"),
        ("book.yaml", "code: a", "must be a list of codes"),
        ("book.yaml", "- code: a\n  name: [b]", "must be one text"),
        ("book.yaml", "- code: a\n  colour: b", "Nobody knows the field 'colour'"),
        ("book.yaml", "- &a {code: a, name: b}\n- *a", "uses references"),
        ("book.yaml", "- !!python/object:os.system {}", "no YAML"),
        ("book.yaml", "- {code: [", "no YAML that can be read on line 1"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence_and_changes_nothing(
    par: Par, db: PrivateDatabase, tmp_path: Path, name: str, text: str | bytes, sentence: str
) -> None:
    before = rows(db)
    assert sentence in par("codebook", "import", write(tmp_path, text, name), code=1).stderr
    assert rows(db) == before


def test_a_file_must_fit_with_what_is_here_already(
    par: Par, db: PrivateDatabase, tmp_path: Path
) -> None:
    par("codebook", "import", write(tmp_path, CSV))
    same = write(tmp_path, "code,name\nother,NURSES\n")
    assert "have the same name" in par("codebook", "import", same, code=1).stderr
    many = "code,name\n" + "".join(f"c{number},Name {number}\n" for number in range(498))
    assert "501 codes" in par("codebook", "import", write(tmp_path, many), code=1).stderr
    assert len(codebook.listing(db)) == 3


def test_three_hundred_codes_come_in_and_out_again(
    par: Par, par_json: Par, db: PrivateDatabase, tmp_path: Path
) -> None:
    many = "code,name\n" + "".join(f"c{number},Name {number}\n" for number in range(300))
    par("codebook", "import", write(tmp_path, many))
    assert len(codebook.listing(db)) == 300
    assert par_json("codebook", "export", "--out", tmp_path / "out.yaml")["codes"] == 300


@pytest.mark.parametrize("name", ["book.csv", "book.yaml"])
def test_hostile_names_come_in_as_they_are_or_are_refused_in_a_sentence(
    par: Par, db: PrivateDatabase, tmp_path: Path, name: str
) -> None:
    """Turned round, with combining floods, or a formula: text like any other."""
    hostile = ("\u202eturned round\u2066", "e" + "\u0301" * 300, "=1+1", "\U0001f600" * 50)
    book = [Code(f"c{number}", one) for number, one in enumerate(hostile)]
    text = to_csv(book) if name.endswith("csv") else to_yaml(book)
    par("codebook", "import", write(tmp_path, text, name))
    assert len(codebook.listing(db)) == len(hostile)
    before = rows(db)
    broken = text.encode().replace(b"turned", b"tur\xe9\xffned")
    assert par("codebook", "import", write(tmp_path, broken, name), code=1).stderr
    assert rows(db) == before


def test_what_people_merged_stays_merged_and_what_they_retired_comes_back(
    par: Par, par_json: Par, db: PrivateDatabase, tmp_path: Path
) -> None:
    path = write(tmp_path, CSV)
    par("codebook", "import", path)
    journey, bus, nurse = codebook.listing(db)
    codebook.merge(db, bus.id, into=journey.id, by=None)
    codebook.retire(db, nurse.id, by=None)
    said = par_json("codebook", "import", path, "--yes")
    assert (said["merged_before"], said["used_again"]) == (["bus"], ["nurse"])
    assert [one.code for one in codebook.listing(db)] == ["journey", "nurse"]


def test_examples_in_no_story_are_not_kept_as_copies(
    par_json: Par, db: PrivateDatabase, tmp_path: Path
) -> None:
    """Promise 6: words that no story holds could be those of a teller who withdrew."""
    said = par_json("codebook", "import", write(tmp_path, CSV))
    assert said["examples_not_found"] == 1 and examples.listing(db) == []
    assert "bus was late" not in "".join(db.conn.iterdump())


def test_the_trail_says_what_was_done_without_words(
    par: Par, db: PrivateDatabase, tmp_path: Path
) -> None:
    par("codebook", "import", write(tmp_path, CSV))
    par("codebook", "export", "--out", tmp_path / "out.csv")
    trail = audit.listing(db)
    assert [row["action"] for row in trail][:2] == ["export_codebook", "change_code"]
    assert all((row["subject"] or "code").startswith("code") for row in trail)
    assert audit.verify(db).whole
