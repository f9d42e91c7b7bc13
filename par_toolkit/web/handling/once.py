"""What is shown once: a link that carries a secret, on its way to the page after the act."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from markupsafe import Markup

from par_toolkit.web import qr, slips


@dataclass(frozen=True)
class Secret:
    """A link with its code behind #, for whom it is, the code to type, and when a pairing ends."""

    kind: str
    name: str
    link: str
    code: str
    until: str | None = None

    @property
    def qr(self) -> Markup:
        """Draw the link as a square to scan."""
        return qr.draw(self.link)


def keep(secret: Secret) -> str:
    """Hold a secret in memory and return the random name of the page that shows it."""
    return slips.held().put(slips.Slip(json.dumps(asdict(secret)), f"secret {secret.kind}"))


def take(name: str, kind: str) -> Secret | None:
    """Return a secret and forget it; None where it was shown before or never was."""
    slip = slips.held().get(name)
    if slip is None or slip.status != f"secret {kind}":
        return None
    slips.held().forget(name)
    return Secret(**json.loads(slip.code))
