"""What tests of encrypted inquiries share: one whose passphrase is quick to try, and its people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from par_toolkit import sealing
from par_toolkit.inquiry import load
from par_toolkit.storage.database import open_database
from par_toolkit.storage.vault import wrapping
from par_toolkit.wording import remember_wording
from tests import encrypted
from tests.encrypted import PASSPHRASE

__all__ = ["PASSPHRASE", "field", "new_inquiry", "telling_fields", "told_on_the_page"]


def new_inquiry(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an encrypted inquiry in `folder` as `par init` does, and leave it open here."""
    monkeypatch.setattr(wrapping, "COST", 10)
    made = encrypted.new_inquiry(folder)
    with open_database(made) as db:
        remember_wording(db, load(made))
    sealing.make_keys(made)
    return made


def field(page: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}"[^>]*?value="([^"]*)"', page)
    assert found, f"The page has no field {name}."
    return found[1]


def telling_fields(page: str, telling: str) -> dict[str, str]:
    """Fill in the page of a telling, as a browser without scripts posts it."""
    hidden = {name: field(page, name) for name in ("csrf_token", "uuid", "receipt", "wording")}
    return hidden | {
        "form_version": "1",
        "telling": telling,
        "group": "residents",
        "consent-analyse": "yes",
    }


def told_on_the_page(client: FlaskClient, telling: str, **more: str) -> dict[str, str]:
    """Tell a story on the server's own page and return what was posted."""
    fields = telling_fields(client.get("/tell/story").text, telling) | more
    answer = client.post("/tell/story", data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tell/done")
    return fields
