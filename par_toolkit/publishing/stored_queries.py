"""Stored queries: common questions to the findings, written into every build as rows.

Whoever has a build can run them, with our pages, with Datasette or with SQLite alone. They are SQL
that our pages run, so `verify` refuses a build that holds any others. A parameter that is left
empty means 'any'. Where one of these changes, old builds are of another version: raise `FORMAT`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class StoredQuery:
    """A question in English and in French, what its answer tells, and the SQL that gives it."""

    id: str
    title: tuple[str, str]
    about: tuple[str, str]
    sql: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters, in the order in which they stand in the SQL."""
        return tuple(dict.fromkeys(re.findall(r":([a-z]+)", self.sql)))


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

QUERIES: Final = (
    StoredQuery(
        "themes",
        ("What did people talk about?", "De quoi les gens ont-ils parlé ?"),
        (
            "The themes that people endorsed. The numbers count quotes, not people.",
            "Les thèmes que des personnes ont validés. Les nombres comptent des citations, pas des "
            "personnes.",
        ),
        """
        select themes.name as theme, themes.meaning, count(quote_themes.quote) as quotes
        from themes
        left join quote_themes on quote_themes.theme = themes.id
        group by themes.id
        order by themes.position
        """,
    ),
    StoredQuery(
        "said",
        ("What did people say with these words?", "Qu’ont dit les gens avec ces mots ?"),
        (
            "Quotes with exactly these letters in them. The search page also finds other forms.",
            "Les citations qui contiennent exactement ces lettres. La page de recherche trouve "
            "aussi d’autres formes.",
        ),
        """
        select quotes.text as quote, quotes.language,
               (select group_concat(themes.name, ' · ')
                from quote_themes
                join themes on themes.id = quote_themes.theme
                where quote_themes.quote = quotes.id) as theme
        from quotes
        where :words = '' or quotes.text like '%' || :words || '%'
        order by quotes.id
        """,
    ),
    StoredQuery(
        "theme",
        ("What did people say about this theme?", "Qu’ont dit les gens de ce thème ?"),
        ("Every quote under a theme.", "Toutes les citations d’un thème."),
        """
        select themes.name as theme, quotes.text as quote, quotes.language
        from quote_themes
        join themes on themes.id = quote_themes.theme
        join quotes on quotes.id = quote_themes.quote
        where :theme = '' or themes.name like '%' || :theme || '%'
        order by themes.position, quotes.id
        """,
    ),
    StoredQuery(
        "heard",
        ("Who was heard?", "Qui a été entendu ?"),
        (
            "People who took part, by group and cycle. Few people are hidden.",
            "Les personnes qui ont participé, par groupe et par cycle. Les petits nombres sont "
            "masqués.",
        ),
        """
        select group_en, group_fr, cycle_en, cycle_fr, people, shown
        from participation
        order by stakeholder_group = 'all', stakeholder_group, cycle = 'all', cycle
        """,
    ),
    StoredQuery(
        "shared",
        ("What do all groups agree on?", "Sur quoi tous les groupes sont-ils d’accord ?"),
        (
            "Statements with the most agreement first. Each group counts alike.",
            "Les affirmations, d’abord celles qui réunissent le plus. Chaque groupe compte autant.",
        ),
        """
        select words as statement, minimum as least, agreement
        from statements
        where agreement is not null
        order by agreement desc, position
        """,
    ),
    StoredQuery(
        "disputed",
        ("Where do groups see it differently?", "Où les groupes voient-ils les choses autrement ?"),
        (
            "Statements first that one group at least agrees with little.",
            "D’abord les affirmations qu’au moins un groupe approuve peu.",
        ),
        """
        select words as statement, minimum as least, agreement
        from statements
        where minimum is not null
        order by minimum, position
        """,
    ),
    StoredQuery(
        "answers",
        ("How did each group answer?", "Qu’a répondu chaque groupe ?"),
        (
            "Every statement with the answers of each group. Few people are hidden.",
            "Chaque affirmation avec les réponses de chaque groupe. Les petits nombres sont "
            "masqués.",
        ),
        """
        select statements.words as statement, agreement.group_en, agreement.group_fr,
               agreement.position, agreement.people, agreement.shown
        from statements
        join agreement on agreement.statement = statements.id
        where :words = '' or statements.words like '%' || :words || '%'
        order by statements.position, agreement.stakeholder_group = 'all',
                 agreement.stakeholder_group, agreement.position
        """,
    ),
    StoredQuery(
        "unresolved",
        ("What stays unresolved?", "Qu’est-ce qui reste ouvert ?"),
        (
            "Claims, concerns and issues that are not settled.",
            "Points forts, inquiétudes et questions qui ne sont pas réglés.",
        ),
        """
        select kind, words as item, state, outcome_words as outcome
        from items
        where state <> 'resolved'
        order by position
        """,
    ),
    StoredQuery(
        "done",
        ("What is being done?", "Qu’est-ce qui se fait ?"),
        (
            "Actions, what they answer, who does them and what became of them.",
            "Les actions, à quoi elles répondent, qui les fait et ce qu’elles sont devenues.",
        ),
        """
        select actions.what as action, actions.owner, actions.due, actions.state as action_state,
               actions.said, items.words as item
        from actions
        left join items on items.id = actions.item
        order by actions.position
        """,
    ),
    StoredQuery(
        "way",
        (
            "What was said, do the groups agree, and what is being done?",
            "Qu’a-t-on dit, les groupes sont-ils d’accord, et que fait-on ?",
        ),
        (
            "The way from a theme to what was asked of the groups and to what is done about it.",
            "Le chemin d’un thème à ce qu’on a demandé aux groupes et à ce qui se fait.",
        ),
        """
        select themes.name as theme, items.words as item, items.state,
               statements.words as statement, statements.minimum as least,
               actions.what as action, actions.state as action_state
        from themes
        left join items on items.theme = themes.id
        left join statements on statements.item = items.id
        left join actions on actions.item = items.id
        where :words = '' or themes.name like '%' || :words || '%'
           or themes.meaning like '%' || :words || '%' or themes.words like '%' || :words || '%'
        order by themes.position, items.position, statements.position, actions.position
        """,
    ),
    StoredQuery(
        "hidden",
        ("How much is hidden?", "Combien de chiffres sont masqués ?"),
        (
            "How many figures of people are shown, and how many are not.",
            "Combien de chiffres de personnes sont affichés, et combien ne le sont pas.",
        ),
        """
        select 'participation' as table_name, shown, count(*) as cells
        from participation
        group by shown
        union all
        select 'agreement', shown, count(*)
        from agreement
        group by shown
        order by table_name, shown
        """,
    ),
    StoredQuery(
        "changes",
        ("What is new?", "Quoi de neuf ?"),
        (
            "What each build brought, the newest first.",
            "Ce que chaque édition a apporté, la plus récente d’abord.",
        ),
        """
        select build, quarter, note_en, note_fr
        from builds
        order by build desc
        """,
    ),
)


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
