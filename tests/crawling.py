"""Read the findings as a machine does that follows every link."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx

Get = Callable[..., Awaitable[httpx.Response]]

HREF = re.compile(r'(?:href|src|action)="([^"#]+)"')


async def crawl(get: Get, start: str, *, library: str, rows: int = 2) -> dict[str, httpx.Response]:
    """Read each page under `start` that any page leads to, once whatever its query.

    `library` is the address of the database; `rows` pages of single rows of each table are read.
    """
    waiting, seen = [start], dict[str, httpx.Response]()
    single_row = re.compile(rf"{re.escape(library)}/([^/.]+)/.+")
    read: Counter[str] = Counter()
    while waiting:
        address = waiting.pop()
        path = urlsplit(address).path
        single = single_row.fullmatch(path)
        if path in seen or (single and read[single[1]] >= rows):
            continue
        read.update(single.groups() if single else ())
        seen[path] = await get(address)
        if seen[path].headers.get("content-type", "").startswith("text/html"):
            links = (urljoin(address, unescape(one)) for one in HREF.findall(seen[path].text))
            waiting += [link for link in links if link.startswith(start)]
    return seen


def tables_in(seen: dict[str, httpx.Response], library: str) -> list[str]:
    """List the addresses of tables among those that were read."""
    return [path for path in seen if re.fullmatch(rf"{re.escape(library)}/[^/.]+", path)]
