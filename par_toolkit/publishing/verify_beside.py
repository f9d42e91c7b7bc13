"""Verify what stands beside words: what the inquiry chose, and no group whose number is hidden."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_NOT_CHOSEN: Final = """
    select 1 from (
        select kind, stakeholder_group from quotes
        union all select kind, stakeholder_group from stories
    ), inquiry
    where (kind is not null and beside_quotes <> 'kind')
       or (stakeholder_group is not null and beside_quotes <> 'group')
"""
_NOT_COUNTED: Final = """
    select stakeholder_group from (
        select stakeholder_group from quotes union select stakeholder_group from stories
    )
    where stakeholder_group is not null
      and stakeholder_group not in (
          select stakeholder_group from participation where cycle = 'all' and shown = 'shown'
      )
"""
_NOT_COUNTED_THERE: Final = """
    select distinct quotes.stakeholder_group
    from quotes
    join quote_themes on quote_themes.quote = quotes.id
    where quotes.stakeholder_group is not null
      and (quote_themes.theme, quotes.stakeholder_group) not in (
          select theme, stakeholder_group from theme_people where shown = 'shown'
      )
"""


def _chosen(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    if conn.execute(_NOT_CHOSEN).fetchone():
        yield f"{path}: something stands beside words that this inquiry does not show there."


def _counted(path: Path, conn: sqlite3.Connection) -> Iterator[str]:
    """A quote that names a group tells that it has enough people."""
    for sql, where in ((_NOT_COUNTED, "here"), (_NOT_COUNTED_THERE, "under a theme")):
        for (group,) in conn.execute(sql):
            yield f"{path}: words name the group '{group}', whose number {where} is hidden."


CHECKS: Final = (_chosen, _counted)
