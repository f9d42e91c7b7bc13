"""Any CSV that people have is read, in bounded memory; a row that cannot be read costs one row."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from par_toolkit.importing import ImportRefused, Row, open_sheet, reading, rows

SAME = [("Été à l’hôpital, « là »", "residents"), ("two\nlines", 'a "word"')]


def write(folder: Path, data: bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def cells(path: Path) -> list[tuple[str | None, ...]]:
    return [row.cells for row in rows(path) if not row.fault]


def faults(path: Path) -> list[tuple[int, str]]:
    return [(row.line, row.fault) for row in rows(path) if row.fault]


def as_csv(delimiter: str = ",", end: str = "\n") -> str:
    out = io.StringIO(newline="")
    # Python quotes no LF where lines end in CR
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("text", "group"), *SAME])
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-32"]
)
def test_the_same_rows_come_out_of_every_kind_of_file(
    tmp_path: Path, delimiter: str, end: str, encoding: str
) -> None:
    path = write(tmp_path, as_csv(delimiter, end).encode(encoding))
    with open_sheet(path) as sheet:
        assert sheet.columns == ("text", "group")
        assert [row.cells for row in sheet.rows()] == SAME


def test_latin_1_bytes_that_windows_leaves_open_are_read_too(tmp_path: Path) -> None:
    path = write(tmp_path, "text\nd\xe9j\xe0\x81\n".encode("latin-1"))
    assert cells(path) == [("déjà\x81",)]


def test_one_wrong_byte_does_not_spoil_the_accents_of_a_utf_8_file(tmp_path: Path) -> None:
    path = write(tmp_path, "text\nété\nà côté\n".encode() + b"caf\xe9\n")
    assert cells(path) == [("été",), ("à côté",), ("café",)]


def test_excels_line_above_the_header_says_the_delimiter(tmp_path: Path) -> None:
    path = write(tmp_path, "sep=;\r\ntext;group\r\nété, là;x\r\n".encode("cp1252"))
    with open_sheet(path) as sheet:
        assert (sheet.columns, sheet.delimiter) == (("text", "group"), ";")
        assert list(sheet.rows()) == [Row(3, 3, ("été, là", "x"))]


def test_excels_empty_columns_and_dropped_last_cells_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, b"text,group,,\na,b,,\nc\n\n,,,\n")
    assert cells(path) == [("a", "b", "", ""), ("c", None, None, None), ("", "", "", "")]


def test_column_names_are_read_as_people_would_type_them(tmp_path: Path) -> None:
    path = write(tmp_path, '"What\nhappened? ",\ufeff group\u200b\nx,y\n'.encode())
    with open_sheet(path) as sheet:
        assert sheet.columns == ("What happened?", "group")


def test_lines_are_those_an_editor_shows(tmp_path: Path) -> None:
    path = write(tmp_path, b'text\n"one\ntwo"\n\nthree\n')
    assert [(row.line, row.last_line) for row in rows(path)] == [(2, 3), (5, 5)]


def test_a_row_with_more_cells_than_columns_is_reported(tmp_path: Path) -> None:
    path = write(tmp_path, b"text,group\nHello, you,residents\ngood,residents\n")
    assert cells(path) == [("good", "residents")]
    [(line, fault)] = faults(path)
    assert line == 2
    assert "has 3 cells, but there are 2 columns" in fault


def test_one_column_may_hold_commas_without_quotation_marks(tmp_path: Path) -> None:
    path = write(tmp_path, b"text\nHello, you\nBye, you, all\n")
    assert cells(path) == [("Hello, you",), ("Bye, you, all",)]


def test_a_comma_in_the_header_of_one_column_makes_no_columns(tmp_path: Path) -> None:
    lines = "".join(f"row {number}\n" for number in range(30))
    path = write(tmp_path, f"What happened, in your words?\n{lines}".encode())
    with open_sheet(path) as sheet:
        assert sheet.columns == ("What happened, in your words?",)


def test_semicolons_win_over_commas_in_words(tmp_path: Path) -> None:
    path = write(tmp_path, b"id;what happened, in short;group\n1;this, that, more;x\n2;a, b;y\n")
    assert cells(path) == [("1", "this, that, more", "x"), ("2", "a, b", "y")]


def test_an_open_quotation_mark_costs_its_own_row_only(tmp_path: Path) -> None:
    path = write(tmp_path, b'text,group\nfirst,a\n"open,b\nthird,c\nfourth,d\n')
    assert cells(path) == [("first", "a"), ("third", "c"), ("fourth", "d")]
    assert faults(path) == [(3, "opens a quotation mark that is never closed")]


def test_a_cell_longer_than_any_story_costs_its_own_row_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LONGEST_CELL", 100)
    endless = b'"' + b"line,x\n" * 50
    path = write(tmp_path, b"text,group\nfirst,a\n" + endless + b"last,z\n")
    assert ("first", "a") in cells(path)
    assert ("last", "z") in cells(path)
    assert faults(path)[0] == (3, "opens a quotation mark that is never closed")


def test_a_line_of_200_mb_is_refused_in_bounded_memory_and_reading_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"text,group\nfirst,a\n")
        for _ in range(200):
            file.write(b"x" * 1024 * 1024)
        file.write(b",b\nlast,c\n")
    tracing = pytest.importorskip("tracemalloc")
    tracing.start()
    try:
        found = [(row.line, row.cells, row.fault) for row in rows(path)]
        peak = tracing.get_traced_memory()[1]
    finally:
        tracing.stop()
    assert found == [
        (2, ("first", "a"), ""),
        (3, (), "is longer than 8,388,608 characters"),
        (4, ("last", "c"), ""),
    ]
    assert peak < 80 * 1024 * 1024
    path.unlink()


def test_nul_and_control_characters_do_not_stop_the_reader(tmp_path: Path) -> None:
    filler = "".join(f"an ordinary line of words, number {n}\n" for n in range(50))
    path = write(tmp_path, f"text\n{filler}a\x00b\x1b[31m\n".replace(",", ";").encode())
    with open_sheet(path) as sheet:
        assert len(list(sheet.rows())) == 51


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "is empty"),
        (b"\r\n \n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"PK\x03\x04rest of a workbook", "an Excel or LibreOffice workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "an old Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08rest", "a compressed file"),
        (b"SQLite format 3\x00", "a database"),
        (bytes(range(1, 256)) * 4, "something other than text"),
        (b'"text,group\nx,y\n', "line 1: the header opens a quotation mark"),
    ],
)
def test_what_is_no_csv_is_refused_with_a_sentence(tmp_path: Path, data: bytes, part: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        list(rows(write(tmp_path, data)))
    assert part in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_folder_a_missing_file_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, part in ((tmp_path, "is a folder"), (tmp_path / "no.csv", "There is no file")):
        with pytest.raises(ImportRefused, match=part):
            list(rows(path))
    with pytest.raises(ImportRefused, match="is not a file"):
        list(rows(tmp_path / "pipe"))


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = write(tmp_path_factory.getbasetemp(), data, "any.csv")
    try:
        with open_sheet(path) as sheet:
            assert all(row.fault or len(row.cells) == len(sheet.columns) for row in sheet.rows())
    except ImportRefused as refused:
        assert str(refused).endswith(".")


words = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1).map(
    lambda w: f"a{w}z"
)


@given(st.lists(st.tuples(words, words), min_size=1, max_size=8), st.sampled_from(",;\t|"))
def test_what_a_spreadsheet_writes_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, str]], delimiter: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(
        [("text", "group"), *told]
    )
    path = write(tmp_path_factory.getbasetemp(), out.getvalue().encode("utf-8-sig"), "round.csv")
    assert cells(path) == told
