"""The parts that a report is arranged of, before it is a page or a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Heading:
    """A heading of level 1, 2 or 3."""

    level: Literal[1, 2, 3]
    text: str


@dataclass(frozen=True)
class Sentence:
    """A paragraph of the report's own words; a `note` must not be missed."""

    text: str
    note: bool = False


@dataclass(frozen=True)
class Said:
    """Words of people, exactly as they said them; `language` is '' where it is not known."""

    words: str
    language: str = ""
    by: str = ""


@dataclass(frozen=True)
class Quoted(Said):
    """A passage of a story, between quotation marks."""


@dataclass(frozen=True)
class SideBySide:
    """Constructions that stand side by side, each as (whose, words)."""

    views: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Items:
    """A list of short lines."""

    lines: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table with a caption; the first cell of each row heads it."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


Block = Heading | Sentence | Said | SideBySide | Items | Table


@dataclass(frozen=True)
class Document:
    """A report in one language, ready to be written down."""

    title: str
    language: str
    author: str
    blocks: Sequence[Block]
