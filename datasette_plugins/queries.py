"""The questions the findings pages ask of a build.

Every page shows a link to the query behind it, so the words here are also what a visitor
reads. Empty parameters mean 'any'.
"""

from __future__ import annotations

from typing import Any, Final

from .links import Query
from .search import Wanted

PAGE_SIZE: Final = 20
#: A search for nothing: all quotes are browsed.
NOTHING: Final = Wanted()

INQUIRY: Final = """
    select name, locality, population, population_source, population_year, languages,
           build, quarter, about_en, about_fr, contact_en, contact_fr, threshold, licence, example
    from inquiry
"""

THEMES: Final = """
    select id, name, named_by_people, meaning, words, endorsed_role, endorsed_quarter,
           coalesce(quotes, 0) as quotes
    from themes
    left join (select theme, count(*) as quotes from quote_themes group by theme)
      on theme = themes.id
    order by position
"""

THEME: Final = """
    select id, name, named_by_people, meaning, words, endorsed_role, endorsed_quarter
    from themes
    where id = :theme
"""

# A quote that is a whole thought: people take in a page of themes only when each has one quote that
# is neither a word nor a page. Ids are random, so the first that fits is as good as any, and no
# other need be looked at.
ONE_QUOTE_EACH: Final = """
    select themes.id as theme, quotes.id, quotes.text, quotes.language
    from themes
    join quotes on quotes.id = coalesce(
        (
            select quote from quote_themes
            join quotes on quotes.id = quote
            where theme = themes.id and length(quotes.text) between 40 and 280
            order by quote
            limit 1
        ),
        (
            select quote from quote_themes
            join quotes on quotes.id = quote
            where theme = themes.id
            order by length(quotes.text) < 40, quote
            limit 1
        )
    )
"""

_FILTERS = """
      and (:theme = '' or quotes.id in (select quote from quote_themes where theme = :theme))
      and (:language = '' or quotes.language = :language)
      and (:kind = '' or quotes.kind = :kind)
      and (:form = '' or quotes.form = :form)
"""

_BROWSED = f"""
    from quotes
    where true
{_FILTERS.strip(chr(10))}
"""

_SEARCHED = f"""
    from quotes_fts
    join quotes on quotes.rowid = quotes_fts.rowid
    where quotes_fts match :match
{_FILTERS.strip(chr(10))}
"""

PAGED: Final = "limit :limit offset :offset"

#: What a search can be narrowed by, and the SQL that names each quote's value.
FACETS: Final = ("theme", "language", "kind", "form")

STORIES: Final = """
    select id, title, telling, form, language, kind
    from stories
    order by id
    limit :limit offset :offset
"""
_FORM: Final = "form, language, kind"
_GROUP: Final = "stakeholder_group, group_en, group_fr"

COUNT_STORIES: Final = "select count(*) from stories"


PARTICIPATION: Final = """
    select stakeholder_group, group_en, group_fr, cycle, cycle_en, cycle_fr, people, shown
    from participation
"""

GROUPS: Final = """
    select code, name_en, name_fr, joins, population, population_source, population_year
    from groups
    order by position
"""

CYCLES: Final = """
    select id, name_en, name_fr, starts, ends
    from cycles
    order by position
"""

BUILDS: Final = """
    select build, quarter, themes_new, themes_renamed, quotes_new, stories_new, note_en, note_fr
    from builds
    order by build desc
"""

COUNTS: Final = """
    select (select count(*) from quotes) as quotes,
           (select count(*) from themes) as themes,
           (select count(*) from stories) as stories
"""


def told(table: str, *columns: str, groups: bool) -> str:
    """Select columns of quotes or stories, with their form, language and what stands beside them.

    A build of before `groups` stood there has no columns for them.
    """
    known = f"{_FORM}, {_GROUP}" if groups else _FORM
    listed = [f"{table}.{column}" for column in (*columns, *known.split(", "))]
    rows = [", ".join(listed[at : at + 5]) for at in range(0, len(listed), 5)]
    return "select " + ",\n           ".join(rows)


def stories(*, offset: int, groups: bool) -> Query:
    """Find a page of the stories that may be read whole, in the order of their random ids."""
    columns = told("stories", "id", "title", "telling", groups=groups)
    sql = f"    {columns}\n    from stories\n    order by id\n    {PAGED}"
    return Query(sql, {"limit": PAGE_SIZE, "offset": offset})


def story(key: str, *, groups: bool) -> Query:
    """Find one story."""
    columns = told("stories", "id", "title", "telling", "answers", groups=groups)
    return Query(f"    {columns}\n    from stories\n    where id = :story", {"story": key})


def quotes(
    filters: dict[str, str],
    wanted: Wanted = NOTHING,
    *,
    offset: int = 0,
    limit: int = PAGE_SIZE,
    groups: bool = False,
) -> Query:
    """Find what is wanted, by `theme`, `language`, `kind` and `form`, the best match first.

    Without words the order is that of the ids, which are random: no quote comes first for a reason.
    """
    found, params = _found(filters, wanted)
    columns = told("quotes", "id", "text", groups=groups)
    sql = f"    {columns}\n{found}{ordered_by('quotes', params)}\n    {PAGED}"
    return Query(sql, {**params, "limit": limit, "offset": offset})


def count_quotes(filters: dict[str, str], wanted: Wanted = NOTHING) -> Query:
    """Count the quotes that `quotes` finds."""
    found, params = _found(filters, wanted)
    params.pop("exact", None)
    return Query(f"    select count(*)\n{found}", params)


def facet(name: str, filters: dict[str, str], wanted: Wanted = NOTHING) -> Query:
    """Count quotes by each value of the facet `name`, under all the other filters."""
    assert name in FACETS
    found, params = _found({**filters, name: ""}, wanted)
    params.pop("exact", None)
    if name == "theme":
        sql = f"""
    select themes.id as value, themes.name as label, count(*) as quotes
    from quote_themes
    join themes on themes.id = quote_themes.theme
    where quote_themes.quote in (select quotes.id {found})
    group by themes.id
    order by quotes desc, themes.position
"""
    else:
        sql = f"""
    select quotes.{name} as value, quotes.{name} as label, count(*) as quotes
    {found}
      and quotes.{name} is not null and quotes.{name} <> ''
    group by quotes.{name}
    order by quotes desc, value
"""
    return Query(sql, params)


def _found(filters: dict[str, str], wanted: Wanted) -> tuple[str, dict[str, Any]]:
    return _SEARCHED if wanted else _BROWSED, narrowed(filters, wanted)


def narrowed(
    filters: dict[str, str], wanted: Wanted, names: tuple[str, ...] = FACETS
) -> dict[str, Any]:
    """Return the parameters of a search that is narrowed by some of the facets."""
    params: dict[str, Any] = {name: filters.get(name, "") for name in names}
    if wanted.exact and wanted.exact != wanted.match:
        params["exact"] = wanted.exact
    return {"match": wanted.match, **params} if wanted else params


def ordered_by(table: str, params: dict[str, Any]) -> str:
    """Write in which order what was found comes: as it was typed first, then the best match."""
    if "match" not in params:
        return f"    order by {table}.id"
    first = f"""
        {table}.rowid in (select rowid from {table}_fts where {table}_fts match :exact) desc,
       """
    return f"    order by{first if 'exact' in params else ''} {table}_fts.rank, {table}.id"


async def rows(build: Any, query: Query | str) -> list[dict[str, Any]]:
    """Run a query on the build and return its rows by column name."""
    asked = Query(query, {}) if isinstance(query, str) else query
    results = await build.execute(asked.sql, asked.params)
    return [dict(row) for row in results.rows]


async def row(build: Any, query: Query | str) -> dict[str, Any] | None:
    """Run a query and return its first row, or None."""
    return next(iter(await rows(build, query)), None)


async def number(build: Any, query: Query | str) -> int:
    """Run a query that gives one number."""
    found = await row(build, query)
    return int(next(iter(found.values()))) if found else 0
