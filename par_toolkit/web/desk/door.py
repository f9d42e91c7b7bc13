"""What every room of the desk shares: its blueprint, and long lists a page at a time."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, request

from par_toolkit.web import handling
from par_toolkit.web.handling.fields import whole_number

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

PAGE: Final = 50


def page_number() -> int:
    """Return the page that was asked for, from 1."""
    return max(1, min(whole_number(request.args.get("page")) or 1, 10**9))


def at_page(address: str, number: int) -> str:
    """Return the address of one page of a long list, with the filters of this request."""
    return f"{address}?{urlencode({**request.args.to_dict(), 'page': number})}"


@blueprint.context_processor
def shared() -> dict[str, Any]:
    """Give the pages of the desk what all pages share on which people work, and long lists."""
    return handling.for_templates() | {"at_page": at_page}
