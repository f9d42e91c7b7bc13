"""Common questions to the findings, in English and in French, with the SQL that answers each.

A parameter that is left empty means 'any'. They run with SQLite alone, within the limits of a query
that a visitor wrote. Where one of these changes, old builds are of another version: raise `FORMAT`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


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
        "groups",
        ("Which groups spoke of what?", "Quels groupes ont parlé de quoi ?"),
        (
            "People who spoke of each theme, by group. Few people are hidden. Somebody may have "
            "spoken of several themes, so do not add these up.",
            "Les personnes qui ont parlé de chaque thème, par groupe. Les petits nombres sont "
            "masqués. On peut avoir parlé de plusieurs thèmes : ne les additionnez donc pas.",
        ),
        """
        select themes.name as theme, theme_people.group_en, theme_people.group_fr,
               theme_people.people, theme_people.shown
        from theme_people
        join themes on themes.id = theme_people.theme
        where :theme = '' or themes.name like '%' || :theme || '%'
        order by themes.position, theme_people.stakeholder_group = 'all',
                 theme_people.stakeholder_group
        """,
    ),
    StoredQuery(
        "checked",
        ("Do tellers find themselves in it?", "Les gens s’y reconnaissent-ils ?"),
        (
            "What tellers answered when they saw the theme that their story stands under.",
            "Ce que les gens ont répondu en voyant le thème où leur histoire est rangée.",
        ),
        """
        select themes.name as theme, member_checks.answer, member_checks.people,
               member_checks.shown
        from member_checks
        join themes on themes.id = member_checks.theme
        order by themes.position, member_checks.answer = 'all', member_checks.answer
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
            "From the themes in which these words were said to what the groups were asked and to "
            "what is done about it.",
            "Des thèmes où ces mots ont été dits à ce qu’on a demandé aux groupes et à ce qui se "
            "fait.",
        ),
        """
        with named as (
            select themes.id as theme_id, themes.name as theme, themes.position, items.id as item_id
            from themes
            left join items on items.theme = themes.id
            union all
            select null, null, null, items.id
            from items
            where items.theme is null
        )
        select named.theme, items.words as item, items.state, statements.words as statement,
               statements.minimum as least, actions.what as action, actions.state as action_state
        from named
        left join items on items.id = named.item_id
        left join statements on statements.item = items.id
        left join actions on actions.item = items.id
        where :words = '' or named.theme like '%' || :words || '%'
           or items.words like '%' || :words || '%' or statements.words like '%' || :words || '%'
           or actions.what like '%' || :words || '%'
           or named.theme_id in (
               select quote_themes.theme
               from quote_themes
               join quotes on quotes.id = quote_themes.quote
               where quotes.text like '%' || :words || '%')
        order by named.theme_id is null, named.position, items.position, statements.position,
                 actions.position
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
        with every as (
            select 'participation' as name, shown from participation
            union all select 'theme_people', shown from theme_people
            union all select 'member_checks', shown from member_checks
            union all select 'agreement', shown from agreement
            union all select 'action_people', shown from action_people
        )
        select name as table_name, shown, count(*) as cells
        from every
        group by name, shown
        order by name, shown
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
