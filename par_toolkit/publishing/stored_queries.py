"""Stored queries: the common questions as rows of a build, with what their columns are called.

Whoever has a build can run them, with our pages, with Datasette or with SQLite alone. They are SQL
that our pages run, so `verify` refuses a build that holds any others.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from par_toolkit.publishing.common_questions import QUERIES, StoredQuery

#: What parameters are called on a page.
PARAMETERS: Final = {
    "words": ("Words, or a part of them", "Des mots, ou une partie"),
    "theme": ("Name of a theme, or a part of it", "Nom d’un thème, ou une partie"),
}
#: What columns are called on a page. One that ends in _en or _fr is shown in that language only.
COLUMNS: Final = {
    "theme": ("Theme", "Thème"),
    "meaning": ("What it means", "Ce qu’il veut dire"),
    "quotes": ("Quotes", "Citations"),
    "quote": ("In people’s own words", "Dans les mots des gens"),
    "language": ("Language", "Langue"),
    "group_en": ("Group", "Groupe"),
    "group_fr": ("Group", "Groupe"),
    "cycle_en": ("Cycle", "Cycle"),
    "cycle_fr": ("Cycle", "Cycle"),
    "people": ("People, rounded to 5", "Personnes, arrondi à 5"),
    "shown": ("Shown or hidden", "Affiché ou masqué"),
    "statement": ("Statement", "Affirmation"),
    "position": ("Answer", "Réponse"),
    "answer": ("Answer", "Réponse"),
    "least": ("Agreement in the group that agrees least", "Accord du groupe le moins d’accord"),
    "agreement": ("Agreement over all groups", "Accord de tous les groupes"),
    "kind": ("Kind", "Sorte"),
    "item": ("Claim, concern or issue", "Point fort, inquiétude ou question"),
    "state": ("How it stands", "Où cela en est"),
    "outcome": ("What came of it", "Ce qui en est sorti"),
    "action": ("What is to be done", "Ce qui est à faire"),
    "owner": ("Who does it", "Qui le fait"),
    "due": ("By when", "Pour quand"),
    "action_state": ("What became of it", "Ce que c’est devenu"),
    "said": ("What was said about it", "Ce qui en a été dit"),
    "table_name": ("Table", "Table"),
    "cells": ("Figures", "Chiffres"),
    "build": ("Build", "Édition"),
    "quarter": ("Quarter", "Trimestre"),
    "note_en": ("What it brought", "Ce qu’elle a apporté"),
    "note_fr": ("What it brought", "Ce qu’elle a apporté"),
}


def rows() -> list[dict[str, Any]]:
    """Return the rows of the table `queries`."""
    return [_row(query, position) for position, query in enumerate(QUERIES, start=1)]


def _row(query: StoredQuery, position: int) -> dict[str, Any]:
    lines = [line[8:] for line in query.sql.strip("\n").rstrip().splitlines()]
    sql = "\n".join(lines)
    called = re.findall(r"\b([a-z_]+)\b", sql)
    return {
        "id": query.id,
        "title_en": query.title[0],
        "title_fr": query.title[1],
        "about_en": query.about[0],
        "about_fr": query.about[1],
        "sql": sql,
        "parameters": _named(query.parameters, PARAMETERS),
        "headings": _named([name for name in COLUMNS if name in called], COLUMNS),
        "position": position,
    }


def _named(names: Any, known: dict[str, tuple[str, str]]) -> str:
    named = [{"name": name, "en": known[name][0], "fr": known[name][1]} for name in names]
    return json.dumps(named, ensure_ascii=False)
