"""What any program can read: JSON exactly, CSV and workbooks as words, and a description of all."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree.ElementTree import fromstring as tree

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.spreadsheet import guarded
from par_toolkit import exporting
from par_toolkit.exporting import answers, description, rows, workbook
from par_toolkit.exporting.places import Folder
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import column_notes, everything
from par_toolkit.storage.database import PrivateDatabase, open_database
from tests.exporting.comparing import content
from tests.exporting.conftest import HOSTILE

#: Whatever SQLite keeps as text; NUL never gets that far.
WORDS = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60),
    st.sampled_from(HOSTILE),
)
SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
VALUES = st.one_of(
    st.none(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False)
)


@pytest.fixture
def exported(full: Inquiry, tmp_path: Path) -> Path:
    """Export everything in every format."""
    exporting.write_folder(full.folder, tmp_path / "out")
    return tmp_path / "out"


def cells_of(path: Path) -> list[list[str]]:
    csv.field_size_limit(10_000_000)
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.lists(st.tuples(WORDS, WORDS, VALUES), max_size=6),
    long=st.sampled_from([0, 1_000_000]),
)
def test_whatever_words_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[tuple[str, str, int | float | None]],
    long: int,
) -> None:
    """JSON is exact in value and type; CSV and workbook are exact but for the apostrophe."""
    folder = tmp_path_factory.mktemp("words")
    if long:
        table = [*table, ("=" + "x" * long + "😀", "", None)]
    with everything.new_database(folder, 0) as db, db.writing():
        db.conn.execute("create table words (id integer primary key, a text, b text, c)")
        for row in table:
            db.conn.execute("insert into words (a, b, c) values (?, ?, ?)", row)
        found = next(one for one in everything.tables(db) if one.name == "words")
        place = Folder(folder / "out")
        rows.write_json(place, db, found)
        rows.write_csv(place, db, found)
        workbook.write(place, iter([("words", found.names, list(rows.cells(db, found)))]))
        expected = [tuple(row) for row in db.conn.execute("select a, b, c from words order by id")]
    with (folder / "out/json/words.json").open("rb") as file:
        read = [(row["a"], row["b"], row["c"]) for row in rows.read_json(file)]
    assert [(row, *map(type, row)) for row in read] == [(row, *map(type, row)) for row in expected]
    assert json.loads((folder / "out/json/words.json").read_bytes()) is not None
    assert [row[1:3] for row in cells_of(folder / "out/csv/words.csv")[1:]] == [
        [guarded(a), guarded(b)] for a, b, _ in expected
    ]
    in_workbook(folder / "out/everything.xlsx", expected)


def in_workbook(path: Path, expected: list[tuple[str, str, object]]) -> None:
    """Compare the words in a workbook, none of which may be a formula or a link."""
    with zipfile.ZipFile(path) as book:
        shared = [] if expected == [] else strings(book.read("xl/sharedStrings.xml"))
        long_sheet, sheet = (cells_in(book.read(f"xl/worksheets/sheet{n}.xml")) for n in (1, 2))
    long: dict[str, str] = {}
    for line in range(2, 2 + sum(name.startswith("C") for name in long_sheet) - 1):
        number = long_sheet[f"A{line}"]
        long[number] = long.get(number, "") + shared[int(long_sheet[f"C{line}"])]
    for line, (a, b, _) in enumerate(expected, 2):
        for column, words in (("B", a), ("C", b)):
            held = sheet.get(f"{column}{line}")
            read = "" if held is None else shared[int(held)]
            if more := re.search(r"… \[long_texts (\d+)\]$", read):
                read = long[more[1]]
            assert read == re.sub("[\ufffe\uffff]", "\ufffd", words)


def strings(xml: bytes) -> list[str]:
    """Read the words of a workbook as the standard says: _x0001_ stands for a control character."""
    found = ["".join(part.text or "" for part in one.iter(f"{SHEETS}t")) for one in tree(xml)]
    return [re.sub(r"_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), text) for text in found]


def cells_in(xml: bytes) -> dict[str, str]:
    """Return cell -> its number, or the number of its words."""
    found = {}
    for cell in tree(xml).iter(f"{SHEETS}c"):
        assert cell.get("t") in ("s", None)
        assert cell.find(f"{SHEETS}f") is None, "never a formula"
        if (value := cell.find(f"{SHEETS}v")) is not None:
            found[str(cell.get("r"))] = str(value.text)
    assert b"hyperlink" not in xml
    return found


def test_all_formats_hold_the_same_rows(exported: Path, full: Inquiry) -> None:
    book = openpyxl.load_workbook(exported / workbook.NAME, read_only=True)
    for name, held in content(full.folder).items():
        with (exported / "json" / f"{name}.json").open("rb") as file:
            assert len(list(rows.read_json(file))) == len(held), name
        assert len(cells_of(exported / "csv" / f"{name}.csv")) == len(held) + 1, name
        assert sum(1 for _ in book[name].iter_rows()) == len(held) + 1, name
    book.close()


def test_each_answer_stands_beside_the_question_as_it_was_asked(
    exported: Path, full: Inquiry
) -> None:
    headings, *found = cells_of(exported / "csv" / "answers.csv")
    assert headings == list(answers.HEADINGS)
    told = {row[-1] for row in found if row[3] == "telling"}
    assert guarded("=HYPERLINK(1)") in told
    assert all(row[4] for row in found)
    assert next(row[4] for row in found if row[3] == "telling") != "telling"


def test_nothing_of_it_is_for_others_to_read(exported: Path) -> None:
    for path in [exported, *exported.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_description_fits_every_file(exported: Path) -> None:
    about = json.loads((exported / "datapackage.json").read_text("utf-8"))
    names = [one["name"] for one in about["resources"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9._-]+", name) for name in names)
    for one in about["resources"]:
        path = exported / one["path"]
        fields = [field["name"] for field in one["schema"]["fields"]]
        if path.suffix == ".csv":
            assert cells_of(path)[0] == fields
        if "hash" in one:
            assert one["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
            assert one["description"] and all(f["description"] for f in one["schema"]["fields"])
        for key in one["schema"].get("foreignKeys", ()):
            assert key["reference"]["resource"] in names
            assert set(key["fields"]) <= set(fields)
    listed = set(about["par_toolkit"]["files"]) | {"datapackage.json"}
    there = {p.relative_to(exported).as_posix() for p in exported.rglob("*") if p.is_file()}
    assert listed == there


def test_every_table_has_its_sentence_in_each_language_and_every_column_its_note(
    db: PrivateDatabase,
) -> None:
    """So that a new table is not forgotten: write its sentence into exporting/tables.toml."""
    tables = everything.tables(db)
    said = description.sentences()
    assert sorted(said) == sorted(table.name for table in tables)
    assert all(sorted(one) == ["en", "fr"] for one in said.values())
    for table in tables:
        for column in table.columns:
            assert column_notes.said(column.name, column.note), (table.name, column.name)


def test_notes_are_those_beside_the_columns(db: PrivateDatabase) -> None:
    seats = next(table for table in everything.tables(db) if table.name == "seats")
    notes = {column.name: column.note for column in seats.columns}
    assert notes["called"] == "how they want to be called at this table"
    assert notes["mark"] == "keyed digest of the seat's own code"
    assert not notes["number"]


def test_the_words_for_people_say_what_it_is_and_how_to_keep_it(exported: Path) -> None:
    english = (exported / "README.md").read_text("utf-8")
    assert "It holds **everything**" in english and "encrypted" in english
    assert "init --from" in english and "did not come along" in english
    french = (exported / "LISEZMOI.md").read_text("utf-8")
    assert "Elle contient **tout**" in french
    for text in (english, french):
        assert "{" not in text
        for name in description.sentences():
            assert f"`{name}`" in text


@pytest.mark.parametrize("there", ["file", "folder", "link", "inside"])
def test_a_folder_that_holds_something_is_refused(
    full: Inquiry, tmp_path: Path, there: str
) -> None:
    out = tmp_path / "out"
    if there == "file":
        out.write_text("mine")
    elif there == "folder":
        out.mkdir()
        (out / "letter.txt").write_text("mine")
    elif there == "link":
        (tmp_path / "elsewhere").mkdir()
        out.symlink_to(tmp_path / "elsewhere")
    else:
        out = full.folder / "out"
    with pytest.raises(exporting.ExportError, match="Choose a"):
        exporting.write_folder(full.folder, out)
    assert not list(tmp_path.glob(".*unfinished"))


def test_interrupted_it_leaves_nothing_and_can_be_done_again(full: Inquiry, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "xlsx" and done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exporting.write_folder(full.folder, out, progress=stop)
    assert list(out.iterdir()) == []
    assert not list(tmp_path.glob(".*unfinished"))
    (tmp_path / ".out.par-export-unfinished").mkdir()  # as a killed one leaves
    (tmp_path / ".out.par-export-unfinished" / "README.md").write_text("half")
    steps = []
    exporting.write_folder(full.folder, out, progress=lambda *step: steps.append(step))
    assert not list(tmp_path.glob(".*unfinished"))
    assert {stage for stage, _, _ in steps} == {"csv", "xlsx", "json"}
    assert all(done <= total for _, done, total in steps)
    exporting.load(out, tmp_path / "new")


def test_it_is_of_one_moment_while_people_go_on_telling(
    full: Inquiry, tmp_path: Path, db: PrivateDatabase
) -> None:
    """What is told meanwhile is in all of the tables or in none."""
    out = tmp_path / "out"

    def tell_more(stage: str, done: int, total: int) -> None:
        with open_database(full.folder) as other:
            other.change("insert into counters values (:name, 1)", {"name": f"{stage} {done}"})

    before = content(full.folder)["counters"]
    exporting.write_folder(full.folder, out, progress=tell_more)
    assert len(content(full.folder)["counters"]) > len(before)
    exporting.load(out, tmp_path / "new")
    assert content(tmp_path / "new")["counters"] == before


def test_no_words_lie_in_the_folder_for_temporary_files(
    full: Inquiry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    def never(*given: object, **more: object) -> None:
        raise AssertionError("a temporary file was made")

    for name in ("mkstemp", "NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, never)
    exporting.write_folder(full.folder, tmp_path / "out")
