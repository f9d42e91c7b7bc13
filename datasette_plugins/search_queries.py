"""The questions that a search asks of a build, beside those about quotes in `queries`."""

from __future__ import annotations

import json
from typing import Final

from .links import Query
from .queries import PAGE_SIZE, PAGED, narrowed, ordered_by, told
from .search import Wanted

#: What a search in whole stories can be narrowed by; a story is in no theme.
NARROWED_BY: Final = ("language", "kind", "form")

_SEARCHED = """
    from stories_fts
    join stories on stories.rowid = stories_fts.rowid
    where stories_fts match :match
      and (:language = '' or stories.language = :language)
      and (:kind = '' or stories.kind = :kind)
      and (:form = '' or stories.form = :form)
"""

# Whether anything is found at all, whatever the search is narrowed to.
_FINDS = """
    select exists (select 1 from quotes_fts where quotes_fts match :match)
           or exists (select 1 from stories_fts where stories_fts match :match)
"""

# A form of a word counts only where somebody wrote it in the language by whose rules it is one:
# French `carer` would make `car` a verb.
_FORMS = """
    select value ->> 0 as word, value ->> 1 as form
    from json_each(:forms)
    where exists (
        select 1 from quotes_fts join quotes on quotes.rowid = quotes_fts.rowid
        where quotes_fts match '"' || (value ->> 3) || '"' and quotes.language = value ->> 2
    ) or exists (
        select 1 from stories_fts join stories on stories.rowid = stories_fts.rowid
        where stories_fts match '"' || (value ->> 3) || '"' and stories.language = value ->> 2
    )
"""

# One text for each word, to see how it is spelt.
_SPELT = """
    select value as word, coalesce(
        (select text from quotes_fts where quotes_fts match '"' || value || '"' limit 1),
        (select title || ' ' || telling from stories_fts
         where stories_fts match '"' || value || '"' limit 1)
    ) as text
    from json_each(:words)
"""


def stories(
    filters: dict[str, str],
    wanted: Wanted,
    *,
    offset: int = 0,
    limit: int = PAGE_SIZE,
    groups: bool = False,
) -> Query:
    """Find whole stories by `language`, `kind` and `form`, the best match first."""
    params = narrowed(filters, wanted, NARROWED_BY)
    columns = told("stories", "id", "title", "telling", groups=groups)
    sql = f"    {columns}{_SEARCHED}{ordered_by('stories', params)}\n    {PAGED}"
    return Query(sql, {**params, "limit": limit, "offset": offset})


def count_stories(filters: dict[str, str], wanted: Wanted) -> Query:
    """Count the stories that `stories` finds."""
    params = narrowed(filters, wanted, NARROWED_BY)
    params.pop("exact", None)
    return Query(f"    select count(*){_SEARCHED}", params)


def finds(wanted: Wanted) -> Query:
    """Ask whether anything at all is found."""
    return Query(_FINDS, {"match": wanted.match})


def forms(possible: list[tuple[str, str, str, str]]) -> Query:
    """Keep the pairs of a word and its form where the form stands in a text of that language.

    Each is (word, form, language, the form as the index has it).
    """
    return Query(_FORMS, {"forms": json.dumps(possible, ensure_ascii=False)})


def spelt(terms: list[str]) -> Query:
    """Find a text for each of some words of the index."""
    return Query(_SPELT, {"words": json.dumps(terms, ensure_ascii=False)})
