"""What a report is made of: parts in order, before they are written as a page or a notebook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading over a part of the report."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A table with its caption; the first cell of each row is its heading."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Data:
    """Values for programs, under a `name` that a notebook gives them; folded on a page."""

    name: str
    intro: str
    values: Mapping[str, Any] | Sequence[str]


Block = Heading | Words | Items | Figures | Data


@dataclass(frozen=True, slots=True)
class Report:
    """A report in one language, as its parts in order."""

    title: str
    language: str
    blocks: tuple[Block, ...]
