"""The privacy notice: who keeps people's words, why, for how long, and what people can do.

Everybody can read it at /privacy. A tablet keeps it at /tell/privacy, which opens without a
network. What it says of this inquiry comes from `inquiry.toml`.
"""

from __future__ import annotations

from flask import Blueprint, render_template

from par_toolkit.storage import vault
from par_toolkit.web.current import inquiry
from par_toolkit.web.guards import guarded
from par_toolkit.web.lasting import lasting

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/privacy")
@guarded("see_welcome")
def notice() -> str:
    """Show the notice."""
    return _notice()


@blueprint.get("/tell/privacy")
@guarded("tell")
def kept() -> str:
    """Show the notice as a tablet keeps it, with no way on that needs a network."""
    return _notice(shell=True)


def _notice(*, shell: bool = False) -> str:
    """Draw the notice; it needs nothing of the database, so a locked inquiry shows it too."""
    encrypted = vault.encrypted(inquiry().folder)
    return render_template("privacy.html", lasting=lasting, encrypted=encrypted, shell=shell)
