"""The style sheet of the findings pages, under an address that names its content."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import Any, Final

from .datasette_api import NotFound, Response

FILES: Final = {
    "findings.css": (
        (resources.files(__package__) / "static" / "findings.css").read_bytes(),
        "text/css; charset=utf-8",
    )
}

#: An address names its content, so a browser may keep it for ever.
CACHE_CONTROL: Final = "public, max-age=31536000, immutable"


def address(name: str) -> str:
    """Give the address of a file below the base address; it changes whenever the file does."""
    digest = hashlib.sha256(FILES[name][0]).hexdigest()[:12]
    return f"-/findings/{name}?{digest}"


async def serve(request: Any) -> Any:
    """Answer with one of `FILES`."""
    name = request.url_vars["name"]
    if name not in FILES:
        raise NotFound(name)
    body, content_type = FILES[name]
    return Response(body, headers={"cache-control": CACHE_CONTROL}, content_type=content_type)
