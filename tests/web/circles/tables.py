"""People at a table, each with a browser of their own."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from par_toolkit.permissions import may
from tests.web.pages import forms_of, text_of


def pages_of_members(app: Flask) -> list[str]:
    """List the addresses that somebody with a seat can open, and nobody without one."""
    views = app.view_functions.items()
    actions = {name: getattr(view, "par_action", "tell") for name, view in views}
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and may("member", actions[rule.endpoint])
        and not may("anyone", actions[rule.endpoint])
    ]


class Member:
    """Somebody at a table: takes a seat, opens pages, fills in their forms, presses buttons."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def join(self, table_code: str, **fields: str) -> TestResponse:
        """Type the code of a table."""
        opened = forms_of(self.client.get("/circles?lang=en"))["/circles/join"]
        return self.client.post(
            "/circles/join", data=opened.fields | {"table_code": table_code} | fields
        )

    def come_back(self, seat_code: str) -> TestResponse:
        """Type the code of a seat."""
        opened = forms_of(self.client.get("/circles?lang=en"))["/circles/come-back"]
        return self.client.post("/circles/come-back", data=opened.fields | {"seat_code": seat_code})

    def press(
        self, act: str, fields: dict[str, Any] | None = None, *, page: str = "/circles/table"
    ) -> TestResponse:
        """Open a page of the table, fill in the form that is posted to `act`, and post it."""
        opened = forms_of(self.client.get(page))
        assert act in opened, f"{page} offers no form for {act}, only {sorted(opened)}"
        return self.client.post(act, data=opened[act].fields | (fields or {}))

    def post(self, act: str, fields: dict[str, Any] | None = None) -> TestResponse:
        """Post to `act` without a page that offers it, as with a stale page or by hand."""
        token = forms_of(self.client.get("/circles/table"))["/circles/leave"].fields["csrf_token"]
        return self.client.post(act, data={"csrf_token": token} | (fields or {}))

    def says(self, words: str) -> TestResponse:
        """Save one's own construction."""
        return self.press("/circles/table/own", {"own": words})

    def body(self, path: str = "/circles/table") -> str:
        """Return all that the server sends for a page, header lines with it."""
        response = self.client.get(path)
        return f"{response.headers}\n{response.get_data(as_text=True)}"

    def reads(self, path: str = "/circles/table") -> str:
        """Return the words of a page."""
        return text_of(self.client.get(path))
