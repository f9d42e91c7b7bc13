"""What is shown once: a link that carries a secret, on its way to the page after the act."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import cast

import segno
from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from par_toolkit.web import slips


@dataclass(frozen=True)
class Secret:
    """A link with its code behind #, for whom it is, and the code to type where no script runs."""

    kind: str
    name: str
    link: str
    code: str

    @property
    def qr(self) -> Markup:
        """Draw the link as a square to scan."""
        made = segno.make(self.link, error="m")
        return Markup(
            made.svg_inline(scale=5, border=3, svgclass="qr", lineclass=None, title=_("QR code"))
        )


def _held() -> slips.Slips:
    return cast(slips.Slips, current_app.extensions[slips.PLACE])


def keep(secret: Secret) -> str:
    """Hold a secret in memory and return the random name of the page that shows it."""
    return _held().put(slips.Slip(json.dumps(asdict(secret)), f"secret {secret.kind}"))


def take(name: str, kind: str) -> Secret | None:
    """Return a secret and forget it; None where it was shown before or never was."""
    slip = _held().get(name)
    if slip is None or slip.status != f"secret {kind}":
        return None
    _held().forget(name)
    return Secret(**json.loads(slip.code))
