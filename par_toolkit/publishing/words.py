"""Which typical words of a theme may be shown: those that more than one person used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from par_toolkit.storage.themes import parts

#: A word that only one person used may tell who they are; it would also outlive their withdrawal.
USED_BY: Final = 2


def shared_words(
    people: Iterable[tuple[str, Mapping[str, str]]], words: Iterable[str]
) -> frozenset[str]:
    """Return those of `words` that at least two people used.

    `people` are (person, question -> words as they read after redaction). A word may be a phrase:
    then each of its parts counts.
    """
    looked_for = {word: parts(word) for word in words}
    needed = set().union(*looked_for.values())
    users: dict[str, set[str]] = {word: set() for word in looked_for}
    for person, texts in people:
        here = needed & parts("\n".join(texts.values()))
        for word, pieces in looked_for.items():
            if pieces and len(users[word]) < USED_BY and pieces <= here:
                users[word].add(person)
    return frozenset(word for word, them in users.items() if len(them) >= USED_BY)
