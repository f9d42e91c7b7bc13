"""Read a file's bytes as text, whatever program wrote it; say plainly what is no text at all."""

from __future__ import annotations

import codecs
import io
import re
from pathlib import Path
from typing import Final

from par_toolkit.importing.errors import ImportRefused

CHUNK: Final = 1024 * 1024
_LOOK: Final = 64 * 1024

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_KINDS: Final = (
    (b"PK\x03\x04", "an Excel or LibreOffice workbook, or another zip file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"SQLite format 3\x00", "a database"),
)
_CONTROLS: Final = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
#: A text has hardly any control characters; a picture or a program is full of them.
_MOST_CONTROLS: Final = 0.02
_FEW_CONTROLS: Final = 8
_UTF16_NULS: Final = 0.3

_NOT_UTF8: Final = re.compile("[\udc80-\udcff]")
_NOT_ASCII: Final = re.compile("[^\x00-\x7f]")


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are not UTF-8 as Windows-1252, and those it leaves open as Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    text = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in bad)
    return text, error.end


def _as_marked(error: UnicodeError) -> tuple[str | bytes, int]:
    """Let lone surrogates pass, so that only their row is refused; mark whatever else is wrong."""
    try:
        return codecs.lookup_error("surrogatepass")(error)
    except UnicodeDecodeError as still:
        return "\ufffd", still.end


codecs.register_error("par_as_windows", _as_windows)
codecs.register_error("par_as_marked", _as_marked)


def open_text(path: Path) -> io.TextIOWrapper:
    """Open `path` as text with its line ends as they are; the encoding is found, not asked for.

    Raises ImportRefused for what is missing, empty, unreadable or not text.
    """
    try:
        encoding = find_encoding(path)
        wide = encoding.startswith(("utf-16", "utf-32"))
        errors = "par_as_marked" if wide else "par_as_windows"
        return open(path, encoding=encoding, errors=errors, newline="")
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read: {error.strerror}.") from error


def find_encoding(path: Path) -> str:
    """Return the encoding of a text file: UTF-8, UTF-16 or 32, or else Windows-1252.

    A file that mixes UTF-8 with a few other bytes counts as UTF-8. Memory is bounded.
    """
    if path.is_dir():
        raise ImportRefused(f"{path} is a folder. Give the name of a CSV file in it.")
    if not path.exists():
        raise ImportRefused(f"There is no file {path}. Look at its name and its folder.")
    if not path.is_file():
        raise ImportRefused(f"{path} is not a file. Give the name of a CSV file.")
    with path.open("rb") as file:
        head = file.read(_LOOK)
        _refuse_other_kinds(path, head)
        for mark, encoding in _BOMS:
            if head.startswith(mark):
                return encoding
        if wide := _utf16_without_mark(head):
            return wide
        if len(_CONTROLS.findall(head)) > max(_FEW_CONTROLS, _MOST_CONTROLS * len(head)):
            raise ImportRefused(_not_csv(path, "something other than text"))
        file.seek(0)
        return _utf8_or_windows(file)


def _refuse_other_kinds(path: Path, head: bytes) -> None:
    if not head.strip(b"\x00 \t\r\n"):
        raise ImportRefused(f"{path.name} is empty: there is nothing to bring in.")
    for mark, kind in _OTHER_KINDS:
        if head.startswith(mark):
            raise ImportRefused(_not_csv(path, kind))


def _not_csv(path: Path, kind: str) -> str:
    return (
        f"{path.name} is not a CSV file but {kind}. Open it in a spreadsheet program, choose "
        "'Save as', then 'CSV UTF-8', and bring in that file."
    )


def _utf16_without_mark(head: bytes) -> str | None:
    """Return which UTF-16 this is: in most scripts every second byte of it is often zero."""
    half = max(1, len(head) // 2)
    if head[1::2].count(0) > _UTF16_NULS * half:
        return "utf-16-le"
    if head[0::2].count(0) > _UTF16_NULS * half:
        return "utf-16-be"
    return None


def _utf8_or_windows(file: io.BufferedReader) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    right = wrong = 0
    while chunk := file.read(CHUNK):
        text = decoder.decode(chunk)
        if not text.isascii():
            strange = len(_NOT_UTF8.findall(text))
            wrong += strange
            right += len(_NOT_ASCII.findall(text)) - strange
    return "utf-8" if right >= wrong else "cp1252"
