"""Write a report as a DOCX file, for communities that go on working on it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import docx
from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from par_toolkit.reporting.blocks import (
    Block,
    Document,
    Heading,
    Items,
    Quoted,
    Said,
    Sentence,
    SideBySide,
    Table,
)

#: Beside one another there is room for so many columns; more stand one under the other.
COLUMNS = 3
#: What XML 1.0 has no place for; line breaks and tabs it has.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def docx_bytes(document: Document, *, today: date) -> bytes:
    """Return the report as the bytes of a DOCX file; the same report gives the same words."""
    word = docx.Document()
    _head(word, document, today)
    for block in document.blocks:
        _add(word, block)
    written = io.BytesIO()
    word.save(written)
    return written.getvalue()


def _head(word: Word, document: Document, today: date) -> None:
    """Say in the file's own properties what it is, and in which language."""
    properties = word.core_properties
    properties.title, properties.author = _text(document.title), _text(document.author)
    properties.language, properties.comments = document.language, ""
    properties.created = properties.modified = datetime(
        today.year, today.month, today.day, tzinfo=UTC
    ).replace(tzinfo=None)
    fonts = word.styles["Normal"].element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), document.language)
    fonts.append(language)


def _text(words: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", words)


def _add(word: Word, block: Block) -> None:
    match block:
        case Heading(level, text):
            word.add_heading(_text(text), level - 1)
        case Sentence(text, note):
            word.add_paragraph().add_run(_text(text)).bold = note
        case Quoted():
            word.add_paragraph(_text(block.words), style="Quote")
        case Said():
            if block.by:
                word.add_paragraph(_text(block.by), style="Caption")
            word.add_paragraph(_text(block.words), style="Intense Quote")
        case SideBySide(views):
            _side_by_side(word, views)
        case Items(lines):
            for line in lines:
                word.add_paragraph(_text(line), style="List Bullet")
        case Table():
            word.add_paragraph(_text(block.caption), style="Caption")
            _table(word, [block.headings, *block.rows], headed=True)


def _side_by_side(word: Word, views: Sequence[tuple[str, str]]) -> None:
    """Put views in columns, or where there are many one under the other."""
    named = any(whose for whose, _words in views)
    if len(views) <= COLUMNS:
        rows = [[whose for whose, _words in views]] if named else []
        _table(word, [*rows, [words for _whose, words in views]], headed=named)
    else:
        _table(word, [list(one) if named else [one[1]] for one in views], headed=False)
    word.add_paragraph()


def _table(word: Word, rows: Sequence[Sequence[str]], *, headed: bool) -> None:
    table = word.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            cell: Any = table.cell(place, column)
            cell.text = _text(text)
            if headed and place == 0:
                for run in cell.paragraphs[0].runs:
                    run.bold = True
    if headed:  # printed again at the top of each page
        repeated = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
