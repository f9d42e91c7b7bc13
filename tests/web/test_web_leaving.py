"""Leaving quickly: what stays behind, where it leads, and that no other site can cause it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from par_toolkit.inquiry import Inquiry, InquiryError, load
from par_toolkit.web.app import create_app
from tests.web.pages import text_of
from tests.web.test_web_telling import WORDS, tell

AWAY = "https://www.wikipedia.org/"
BY_OUR_LINK = {"Sec-Fetch-Site": "same-origin"}


def setting(inquiry: Inquiry, line: str) -> Path:
    """Change where leaving leads to."""
    path = inquiry.folder / "inquiry.toml"
    told = path.read_text("utf-8").splitlines()
    changed = [line if one.startswith("leave_to") else one for one in told]
    assert changed != told or line in told
    path.write_text("\n".join(changed), "utf-8")
    return inquiry.folder


@pytest.mark.parametrize("path", ["/", "/tell", "/tell/story", "/tell/done", "/mine", "/nowhere"])
def test_every_page_of_a_participant_offers_it_first(client: FlaskClient, path: str) -> None:
    html = client.get(f"{path}?lang=en").get_data(as_text=True)
    link = f'href="/leave" data-to="{AWAY}"'
    assert link in html and "js/leave.js" in html
    assert (
        html.index(link) < html.index("<header") < html.index("the Shift key pressed three times")
    )


def test_the_desk_does_not_offer_it(client: FlaskClient) -> None:
    assert "/leave" not in client.get("/desk/sign-in").get_data(as_text=True)


def test_promise_03_who_leaves_quickly_leaves_no_code_behind(client: FlaskClient) -> None:
    code = tell(client, WORDS)
    shown = f"{code[:4]} {code[4:8]}"
    assert shown in text_of(client.get("/tell/done"))
    answer = client.get("/leave", headers=BY_OUR_LINK)
    assert (answer.status_code, answer.headers["Location"]) == (303, AWAY)
    assert answer.headers["Cache-Control"] == "no-store"
    with client.session_transaction() as session:
        assert dict(session) == {}
    assert shown not in text_of(client.get("/tell/done"))


@pytest.mark.parametrize(
    ("headers", "forgets"),
    [
        ({"Referer": "http://localhost/tell/done"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Referer": "https://elsewhere.example/"}, False),
        ({}, False),
    ],
)
def test_only_our_own_link_ends_what_somebody_does_here(
    client: FlaskClient, headers: dict[str, str], forgets: bool
) -> None:
    """Else a picture on a page elsewhere could take the code off somebody's screen."""
    code = tell(client, WORDS)
    assert client.get("/leave", headers=headers).status_code == 303
    stays = f"{code[:4]} {code[4:8]}" in text_of(client.get("/tell/done"))
    assert stays is not forgets


def test_a_community_names_its_own_place_or_none(inquiry: Inquiry) -> None:
    folder = setting(inquiry, 'leave_to = "https://weather.example/today"')
    own = create_app(folder).test_client()
    assert own.get("/leave").headers["Location"] == "https://weather.example/today"
    none = create_app(setting(inquiry, 'leave_to = ""')).test_client()
    assert none.get("/leave").status_code == 404
    assert "leave" not in none.get("/tell").get_data(as_text=True)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "http://plain.example/", "weather", "https://a b/", "//x/"]
)
def test_an_address_that_leads_nowhere_good_is_refused(inquiry: Inquiry, address: str) -> None:
    with pytest.raises(InquiryError, match="leave_to"):
        load(setting(inquiry, f'leave_to = "{address}"'))


def test_what_waits_on_a_tablet_is_never_cleared(app: Flask) -> None:
    """Clear-Site-Data may empty the cache; the queue of stories is in the browser's storage."""
    root = Path(app.root_path)
    said = [
        line.strip()
        for path in sorted(root.rglob("*"))
        if path.suffix in {".py", ".html", ".js"}
        for line in path.read_text("utf-8").splitlines()
        if "clear-site-data" in line.lower()
    ]
    assert said == ['answer.headers["Clear-Site-Data"] = \'"cache"\'']
