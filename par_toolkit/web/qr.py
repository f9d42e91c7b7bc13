"""Addresses as squares to scan."""

from __future__ import annotations

import segno
from flask import request
from flask_babel import gettext as _
from markupsafe import Markup


def draw(address: str) -> Markup:
    """Draw an address as inline SVG; the style sheet gives it its size."""
    made = segno.make(address, error="m")
    title = _("QR code")
    return Markup(  # nosec B704: drawn by segno, which escapes the title
        made.svg_inline(border=3, omitsize=True, svgclass="qr", lineclass=None, title=title)
    )


def of_receipt(code: str) -> Markup:
    """Draw the address of 'My story' with the code behind '#', which browsers never send."""
    return draw(f"{request.host_url}mine#{code}")
