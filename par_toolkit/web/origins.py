"""Where a request began: what changes something is taken from our own pages and from programs only.

Browsers say it themselves, in headers that no script of a page can set. The tokens in our forms
stand behind this as a second lock, and the kind of the cookie as a third.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, request
from flask_babel import gettext as _

from par_toolkit.web import errors

#: Methods that only read; whoever follows a link from elsewhere may.
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
#: What Sec-Fetch-Site says of our own pages, and of whoever typed the address.
OURS: Final = frozenset({"same-origin", "none"})


def began_here(host: str, *, site: str = "", origin: str = "", referrer: str = "") -> bool | None:
    """Say whether a request to `host` began on a page of ours; None where nothing tells.

    `site`, `origin` and `referrer` are the headers Sec-Fetch-Site, Origin and Referer, or empty;
    the first that is there decides. Over plain http browsers leave the first out.
    """
    if site:
        return site in OURS
    address = origin or referrer
    if not address:
        return None
    try:
        return urlsplit(address).netloc.lower() == host.lower()  # 'null' has no host
    except ValueError:
        return False


def here() -> bool | None:
    """Say so of the request at hand."""
    asked = request.headers
    return began_here(
        request.host,
        site=asked.get("Sec-Fetch-Site", ""),
        origin=asked.get("Origin", ""),
        referrer=asked.get("Referer", ""),
    )


def check() -> Any:
    """Refuse what another site has a browser send; None lets the request in."""
    if request.method in READING or here() is not False:
        return None
    sentence = _(
        "This was sent from a page that is not ours, so nothing was changed. Open this site by "
        "its own address and do it there."
    )
    return errors.page(HTTPStatus.FORBIDDEN, sentence=sentence)


def init_app(app: Flask) -> None:
    """Have `check` stand before every view of `app`."""
    app.before_request(check)
