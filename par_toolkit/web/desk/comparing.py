"""Comparing at the desk: themes by group, what changed, words that mark a group, and together.

A screen in a hall is seen by many. So figures with fewer people behind them than the inquiry's
threshold are hidden with all that would give them away, the others are rounded, and no story's
words are quoted before two people released them, until a reader chooses otherwise. What leaves the
desk as a file (`compare_files`) is always so. Nothing of these pages is published.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, format_percent
from flask_babel import gettext as _

from analysis import compare
from par_toolkit.storage import themes
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.desk import charts, compared
from par_toolkit.web.desk.compared import Stories, Wanted
from par_toolkit.web.desk.door import blueprint
from par_toolkit.web.guards import guarded

#: The pages of comparing, as they stand in addresses.
PAGES: Final = ("themes", "changes", "words", "together")


@blueprint.get("/compare")
@guarded("see_themes")
def compare_themes() -> ResponseReturnValue:
    """Show the share of each theme in each group, with how uncertain it is."""
    found = found_by_address()
    table = compared.table(found)
    rows = {(cell.theme, cell.group): cell for cell in table.cells}
    sizes = {column.group: column.stories for column in table.columns}
    order = order_of(found)
    told = {cell.theme for cell in table.cells if cell.share is not None}
    values = {"rows": rows, "sizes": sizes, "chart": _share_chart, "order": order}
    return _page("themes", found, hidden=[one for one in order if one not in told], **values)


@blueprint.get("/compare/changes")
@guarded("see_themes")
def compare_changes() -> ResponseReturnValue:
    """Show what changed from one cycle, or group, to another."""
    found = found_by_address(by="cycle")
    one, two = two_of(found)
    changes, hidden = changes_of(found, one, two)
    chart = charts.chart([_change_figure(found, change) for change in changes])
    values = {"changes": changes, "hidden": hidden, "chart": chart, "one": one, "two": two}
    return _page("changes", found, **values)


@blueprint.get("/compare/words")
@guarded("see_themes")
def compare_words() -> ResponseReturnValue:
    """Show the words that mark a group, in the sentences in which people said them."""
    found = found_by_address()
    code = found.wanted.one if found.wanted.one in found.codes else next(iter(found.codes), None)
    words = compared.words(get_db(), found, code) if code else None
    return _page("words", found, words=words, one=code)


@blueprint.get("/compare/together")
@guarded("see_themes")
def compare_together() -> ResponseReturnValue:
    """Show which themes stand in the same stories, against what chance would give."""
    found = found_by_address()
    pairs, hidden = compared.pairs(found)
    chart = charts.chart([_pair_figure(found, pair) for pair in pairs], base=1.0)
    return _page("together", found, pairs=pairs, hidden=hidden, chart=chart)


def found_by_address(*, by: str = "group", small: bool = True) -> Stories:
    """Read what the address asks for; what it does not say is what is safe and usual.

    With `small` False small figures are hidden, whatever the address asks for.
    """
    db, asked = get_db(), request.args
    chosen = asked.get("themes", "")
    endorsed = chosen == "endorsed"
    if chosen not in ("endorsed", "all"):
        endorsed = any(one.state == "endorsed" for one in themes.listing(db))
    wanted = Wanted(
        asked.get("by", by),
        endorsed,
        small and asked.get("small") == "shown",
        asked.get("one") or None,
        asked.get("two") or None,
    )
    return compared.load(db, inquiry(), wanted)


def _page(page: str, found: Stories, **values: Any) -> str:
    names = {code: compared.name(found.wanted.by, code) for code in found.codes}
    shared = {"page": page, "found": found, "wanted": found.wanted, "names": names}
    helpers = {"pages": PAGES, "percent": percent, "range_of": range_of, "number": number}
    return render_template(f"desk/compare_{page}.html", **shared, **helpers, **values)


def order_of(found: Stories) -> list[int]:
    """Return the themes that any story has, those of most stories first."""
    held = {theme for one in found.held for theme in one.themes}
    return [theme for theme in found.titles if theme in held]


def two_of(found: Stories) -> tuple[str | None, str | None]:
    """Return the two that are compared: as asked for, else the last two there are."""
    padded: list[str | None] = [None, None, *found.codes]
    last = padded[-2:]
    one, two = found.wanted.one, found.wanted.two
    return (one if one in found.codes else last[0], two if two in found.codes else last[1])


def changes_of(
    found: Stories, one: str | None, two: str | None
) -> tuple[list[compare.Change], list[int]]:
    """Return the changes that may be shown, and the themes of which nothing is shown."""
    if one is None or two is None or one == two:
        return [], []
    table = compared.table(found)
    changes = compare.changed(table.shares(one), table.shares(two))
    told = {change.theme for change in changes}
    return changes, [theme for theme in order_of(found) if theme not in told]


def _share_chart(
    cells: Mapping[tuple[int, str], compare.Cell], theme: int, names: Mapping[str, str]
) -> charts.Chart:
    """Draw one theme, on a scale that all themes of the page share."""
    highest = max((one.share.high for one in cells.values() if one.share), default=1.0)
    figures = []
    for code, name in names.items():
        share = cells[theme, code].share
        if share is None:
            figures.append(charts.Figure(name, _("hidden")))
        else:
            written = percent(share.share)
            figures.append(charts.Figure(name, written, share.share, share.low, share.high))
    return charts.chart(figures, most=math.ceil(highest * 10) / 10)


def _change_figure(found: Stories, one: compare.Change) -> charts.Figure:
    title = found.titles[int(str(one.theme))]
    written = percent(one.change.difference, sign=True)
    return charts.Figure(title, written, one.change.difference, one.change.low, one.change.high)


def _pair_figure(found: Stories, one: compare.Together) -> charts.Figure:
    titles = [found.titles[int(str(theme))] for theme in (one.first, one.second)]
    written = f"× {number(one.lift)}"
    return charts.Figure(" + ".join(titles), written, one.lift, one.low, one.high)


def percent(share: float, *, sign: bool = False) -> str:
    """Write a share in hundredths, as this request's language does; a difference has its sign."""
    rounded = round(share, 2) + 0.0
    pattern = "+#,##0%;−#,##0%" if sign and rounded else "#,##0%"
    return str(format_percent(rounded, pattern))


def range_of(low: float, high: float, *, sign: bool = False) -> str:
    """Write an interval."""
    low_, high_ = percent(low, sign=sign), percent(high, sign=sign)
    return str(_("%(low)s to %(high)s", low=low_, high=high_))


def number(value: float) -> str:
    """Write a figure with one place after the point."""
    return str(format_decimal(round(value, 1) + 0.0, "#,##0.0"))
