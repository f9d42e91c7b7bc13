"""The questions that pages about themes ask of a build, and the one of voices in no theme.

A build of before these columns and tables answers those in `queries` only.
"""

from __future__ import annotations

from typing import Final

from .links import Query
from .queries import PAGE_SIZE, PAGED, told

THEME_PEOPLE: Final = "theme_people"
MEMBER_CHECKS: Final = "member_checks"

THEME: Final = """
    select themes.id, name, named_by_people, meaning, words, endorsed_role, endorsed_quarter, run,
           looks, came_again, threshold, runs.quarter as run_quarter
    from themes
    left join runs on runs.number = themes.run
    where id = :theme
"""

# All quotes of a theme, or those beside which one kind or one group stands.
_UNDER: Final = """
    from quote_themes
    join quotes on quotes.id = quote_themes.quote
    where quote_themes.theme = :theme
"""
_BESIDE: Final = """      and coalesce(quotes.kind, quotes.stakeholder_group) = :beside
"""

BESIDE: Final = """
    select distinct quotes.kind, quotes.stakeholder_group, quotes.group_en, quotes.group_fr
    from quote_themes
    join quotes on quotes.id = quote_themes.quote
    where quote_themes.theme = :theme
      and coalesce(quotes.kind, quotes.stakeholder_group) is not null
"""

COUNT: Final = "select count(*) from quote_themes where theme = :theme"

_ALONE: Final = """
    from quotes
    where quotes.id not in (select quote from quote_themes)
"""
COUNT_ALONE: Final = f"    select count(*){_ALONE}"

PEOPLE: Final = """
    select stakeholder_group, group_en, group_fr, people, shown
    from theme_people
    where theme = :theme
"""

CHECKS: Final = """
    select answer, people, shown
    from member_checks
    where theme = :theme
"""


def quotes(theme: str, *, groups: bool, beside: str = "", offset: int = 0) -> Query:
    """Find quotes of a theme in the order of their ids, which are random.

    `beside` narrows them to those of one kind or group; then one more than a page is asked for, to
    see whether there are more without counting them. `groups` says that the build has them.
    """
    params = {"theme": theme, "limit": PAGE_SIZE + bool(beside), "offset": offset}
    narrowed = _UNDER + (_BESIDE if beside else "")
    sql = f"    {_columns(groups)}{narrowed}    order by quotes.id\n    {PAGED}"
    return Query(sql, params | ({"beside": beside} if beside else {}))


def alone(*, groups: bool, limit: int = PAGE_SIZE, offset: int = 0) -> Query:
    """Find quotes that stand in no theme."""
    sql = f"    {_columns(groups)}{_ALONE}    order by quotes.id\n    {PAGED}"
    return Query(sql, {"limit": limit, "offset": offset})


def _columns(groups: bool) -> str:
    return told("quotes", "id", "text", groups=groups)
