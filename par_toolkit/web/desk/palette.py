"""The codes to choose from while reading: in groups with headings, so that 300 can be found."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.codebook import Code

#: Codes that stand by themselves, up to which a list of them needs no headings.
WITHOUT_LETTERS: Final = 30
#: Codes up to which all can be seen at once, so that a field to find one would be in the way.
SEEN_AT_ONCE: Final = 12


@dataclass(frozen=True)
class Group:
    """Codes under one heading, each with its depth; '' is no heading."""

    heading: str
    codes: list[tuple[int, Code]]


def groups(tree: Sequence[tuple[int, Code]]) -> list[Group]:
    """Group a tree of codes: each code with those under it, and before them all that stand alone.

    Those that stand alone are grouped by their first letter where there are many. A few codes need
    no headings.
    """
    if len(tree) <= SEEN_AT_ONCE:
        return [Group("", list(tree))] if tree else []
    families: list[list[tuple[int, Code]]] = []
    for depth, code in tree:
        if depth == 0:
            families.append([])
        families[-1].append((depth, code))
    alone = [family[0] for family in families if len(family) == 1]
    several = len(alone) > WITHOUT_LETTERS
    found: dict[str, Group] = {}
    for depth, code in alone:
        heading = _letter(code.name) if several else ""
        found.setdefault(heading, Group(heading, [])).codes.append((depth, code))
    together = [Group(family[0][1].name, family) for family in families if len(family) > 1]
    return [*found.values(), *together]


def _letter(name: str) -> str:
    """Return the letter a name is found under: É stands with E."""
    first = unicodedata.normalize("NFKD", name)[:1].upper()
    return first if first.isalnum() else "#"
