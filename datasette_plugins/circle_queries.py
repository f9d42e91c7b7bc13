"""The questions that the pages about circles ask of a build: where we stand, and who agrees.

Every page shows a link to the query behind it. A build of before there were circles has none of
these tables; the pages then have nothing to show, and say so.
"""

from __future__ import annotations

from typing import Any, Final

from . import queries
from .links import Query

#: The tables that hold what circles said.
TABLES: Final = frozenset(
    {"contracts", "items", "constructions", "statements", "agreement", "reasons", "actions"}
)

CYCLES: Final = """
    select id, name_en, name_fr, starts, ends, phase, phase_quarter, contract, next, next_cycle,
           reflection, next_words
    from cycles
    order by position desc
"""

CONTRACT: Final = """
    select version, quarter, purpose, stake, confidentiality, promise, promised
    from contracts
    order by version desc
"""

ITEMS: Final = """
    select items.id, items.kind, items.words, items.source, items.theme, themes.name as theme_name,
           items.stakeholder_group, items.group_en, items.group_fr, items.cycle, items.carried,
           items.state, items.outcome, items.outcome_words, items.no_action
    from items
    left join themes on themes.id = items.theme
    order by items.position
"""

ITEMS_OF_THEME: Final = """
    select items.id, items.kind, items.words, items.state, items.outcome, items.outcome_words,
           items.no_action, items.cycle
    from items
    where items.theme = :theme
    order by items.position
"""

#: In builds since format 3.
ACTION_PEOPLE: Final = """
    select state, stakeholder_group, group_en, group_fr, people, shown
    from action_people
"""

MADE_OF_THEMES: Final = """
    select items.theme, count(distinct items.id) as items,
           count(distinct statements.id) as statements, count(distinct actions.id) as actions
    from items
    left join statements on statements.item = items.id
    left join actions on actions.item = items.id
    where items.theme is not null
    group by items.theme
"""

CONSTRUCTIONS: Final = """
    select id, kind, cycle, stakeholder_group, group_en, group_fr, item, beside, name, words,
           unshown
    from constructions
    order by position
"""

STATEMENTS: Final = """
    select statements.id, statements.words, statements.cycle, statements.item, statements.minimum,
           statements.agreement, items.words as item_words, items.theme, themes.name as theme_name
    from statements
    left join items on items.id = statements.item
    left join themes on themes.id = items.theme
    order by statements.position
"""

AGREEMENT: Final = """
    select statement, stakeholder_group, group_en, group_fr, position, people, shown
    from agreement
"""

AGREEMENT_OF: Final = f"""
{AGREEMENT.strip(chr(10)).rstrip()}
    where statement = :statement
"""

REASONS: Final = """
    select id, statement, position, words
    from reasons
    order by id
"""

ACTIONS: Final = """
    select actions.id, actions.what, actions.owner, actions.due, actions.state, actions.said,
           actions.cycle, actions.item, items.words as item_words, items.kind as item_kind,
           items.source as item_source, items.theme, themes.name as theme_name
    from actions
    left join items on items.id = actions.item
    left join themes on themes.id = items.theme
    order by actions.position
"""


BUILDS: Final = """
    select build, quarter, themes_new, themes_renamed, quotes_new, stories_new, items_new,
           constructions_new, statements_new, actions_new, note_en, note_fr
    from builds
    order by build desc
"""


async def rows(page: Any, query: Query | str) -> list[dict[str, Any]]:
    """Run a query; no rows where the build is of before there were circles."""
    return await queries.rows(page.build, query) if page.tables >= TABLES else []
