"""The inquiry that the request at hand is about."""

from __future__ import annotations

from typing import Final, cast

from flask import current_app

from par_toolkit.inquiry import Inquiry

PLACE: Final = "par_inquiry"


def inquiry() -> Inquiry:
    """Return the inquiry that this server is for."""
    return cast(Inquiry, current_app.extensions[PLACE])
