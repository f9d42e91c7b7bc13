"""The figures of comparing as files for a spreadsheet.

A file leaves the desk: so small figures are hidden in it and the others rounded, also where the
page shows them to the one who reads, and no theme is called by a word that only one person used or
that is hidden.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from flask import Response

from analysis import spreadsheet
from par_toolkit.publishing import chosen_themes
from par_toolkit.storage import themes
from par_toolkit.web import errors
from par_toolkit.web.database import get_db
from par_toolkit.web.desk import compared
from par_toolkit.web.desk.compared import Stories
from par_toolkit.web.desk.comparing import PAGES, changes_of, found_by_address, two_of
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import guarded

Table = tuple[list[str], list[list[spreadsheet.Field]]]


@blueprint.get("/compare/<page>.csv")
@guarded("see_themes")
def compare_csv(page: str) -> Any:
    """Hand out the figures of one page as CSV; small ones are never in it."""
    if page not in PAGES:
        return errors.page(404)
    found = found_by_address(by="cycle" if page == "changes" else "group", small=False)
    titles = chosen_themes.titles(get_db(), themes.listing(get_db()))
    headings, rows = _TABLES[page](replace(found, titles=titles))
    name = f"compare-{page}-{found.wanted.by}.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    text = spreadsheet.to_csv(headings, rows)
    return Response(text, mimetype="text/csv", headers=disposition)


def _themes(found: Stories) -> Table:
    rows: list[list[spreadsheet.Field]] = []
    for cell in compared.table(found).cells:
        share, theme = cell.share, int(str(cell.theme))
        figures: list[spreadsheet.Field] = [None] * 5
        if share is not None:
            figures = [share.count, share.total, share.share, share.low, share.high]
        name = compared.name(found.wanted.by, cell.group)
        hidden = "" if share is not None else "hidden"
        rows.append(
            [theme, found.titles[theme], str(cell.group), name, *figures, hidden, cell.differs]
        )
    headings = "theme,title,code,name,stories,of,share,low,high,hidden,than_others"
    return headings.split(","), rows


def _changes(found: Stories) -> Table:
    one, two = two_of(found)
    rows: list[list[spreadsheet.Field]] = [
        [
            int(str(change.theme)),
            found.titles[int(str(change.theme))],
            *(one, change.before.count, change.before.total),
            *(two, change.after.count, change.after.total),
            *(change.change.difference, change.change.low, change.change.high),
            "yes" if change.change.clear else "cannot tell",
        ]
        for change in changes_of(found, one, two)[0]
    ]
    headings = "theme,title,from,stories,of,to,stories_after,of_after,difference,low,high,clear"
    return headings.split(","), rows


def _words(found: Stories) -> Table:
    rows: list[list[spreadsheet.Field]] = []
    for code in [found.wanted.one] if found.wanted.one in found.codes else found.codes:
        for word in compared.words(get_db(), found, str(code)).found:
            # with more digits the exact counts could be worked out
            z = round(word.marking.z, 1)
            rows.append([code, word.language, word.form, z, word.inside, word.outside])
    return "code,language,word,z,stories_inside,stories_outside".split(","), rows


def _together(found: Stories) -> Table:
    rows: list[list[spreadsheet.Field]] = [
        [
            *(int(str(one.first)), found.titles[int(str(one.first))]),
            *(int(str(one.second)), found.titles[int(str(one.second))]),
            *(one.both, one.expected, one.lift, one.low, one.high),
        ]
        for one in compared.pairs(found)[0]
    ]
    headings = "theme,title,other,other_title,stories,expected,lift,low,high"
    return headings.split(","), rows


_TABLES: Final = {
    "themes": _themes,
    "changes": _changes,
    "words": _words,
    "together": _together,
}
