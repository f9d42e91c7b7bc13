"""Addresses of findings pages, each keeping the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from .datasette_api import tilde_encode

#: A link as Datasette writes it into a cell; in data the quotation marks would be escaped.
_LINK = re.compile(r'(<a href=")([^"?#]+)(")')


@dataclass(frozen=True)
class Query:
    """A query and its parameters; a page runs it, and links to the very same."""

    sql: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Links:
    """Makes addresses; `chosen` is the language the reader asked for, empty when they did not."""

    urls: Any
    database: str
    chosen: str
    here: str
    query: tuple[tuple[str, str], ...]
    sql_allowed: bool

    def page(self, path: str = "", **query: Any) -> str:
        """Give the address of one of our pages, relative to the base address."""
        return _with_query(self.urls.path(path), {**query, "lang": self.chosen})

    def item(self, kind: str, key: str) -> str:
        """Give the address of one theme or story."""
        return self.page(f"{kind}/{tilde_encode(key)}")

    def tables(self) -> str:
        """Give the address of the list of plain tables."""
        return _with_query(self.urls.database(self.database), {"_lang": self.chosen})

    def kept(self, address: Any) -> str:
        """Give an address of Datasette's own making with the reader's language in it."""
        added = urlencode(_filled({"_lang": self.chosen}))
        return f"{address}{'&' if '?' in str(address) else '?'}{added}" if added else str(address)

    def kept_in(self, cell: Any) -> Any:
        """Keep the reader's language in the links that Datasette wrote into a cell."""
        if not isinstance(cell, Markup):
            return cell
        inside = self.urls.database(self.database)
        # What was markup already; only addresses in it are added to, and those are escaped.
        return Markup(  # nosec B704
            _LINK.sub(
                lambda link: (
                    link[1] + self.kept(link[2]) + link[3]
                    if link[2].startswith(inside)
                    else link[0]
                ),
                cell,
            )
        )

    def download(self) -> str:
        """Give the address of the whole build as one file."""
        return str(self.urls.database(self.database)) + ".db"

    def table(self, name: str, *, format: str | None = None, **query: Any) -> str:
        """Give the address of a plain table, as a page or as 'csv' or 'json'."""
        kept = {} if format else {"_lang": self.chosen}
        return _with_query(self.urls.table(self.database, name, format=format), {**query, **kept})

    def data(self, query: Query, *, format: str | None = None) -> str:
        """Give the address of the very query a page ran, as a page or as 'csv' or 'json'."""
        address = self.urls.database(self.database, format=format)
        kept = {} if format else {"_lang": self.chosen}
        sql = "\n".join(line.strip() for line in query.sql.strip().splitlines())
        return f"{address}?{urlencode({'sql': sql, **query.params, **_filled(kept)})}"

    def in_language(self, language: str) -> str:
        """Give the address of this same page in another language."""
        name = "_lang" if self.here.startswith(self.urls.database(self.database)) else "lang"
        kept = [(key, value) for key, value in self.query if key not in ("lang", "_lang")]
        return f"{self.here}?{urlencode([*kept, (name, language)])}"


def _filled(query: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in query.items() if value not in ("", None)}


def _with_query(path: Any, query: dict[str, Any]) -> str:
    kept = _filled(query)
    return f"{path}?{urlencode(kept)}" if kept else str(path)
