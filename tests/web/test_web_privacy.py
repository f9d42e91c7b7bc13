"""The privacy notice says what holds in this inquiry, in each language, also on a tablet."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from par_toolkit.cli import main
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import vault
from par_toolkit.web.app import create_app


def settings(inquiry: Inquiry, old: str, new: str) -> None:
    """Change one line of the settings; the test fails where it is not there."""
    path = inquiry.folder / "inquiry.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


@pytest.mark.parametrize(
    ("language", "who", "long", "closing"),
    [
        ("en", "Made-up Ama, example 1", "6 months", "cannot be called back"),
        ("fr", "Ama inventée, exemple 1", "6 mois", "ne peut pas être rappelé"),
    ],
)
def test_it_says_who_is_responsible_and_for_how_long(
    inquiry: Inquiry, language: str, who: str, long: str, closing: str
) -> None:
    said = 'who = { en = "Made-up Ama, example 1", fr = "Ama inventée, exemple 1" }'
    settings(inquiry, "who = {}", said)
    settings(inquiry, 'stories = "5 years"', 'stories = "6 months"')
    client = create_app(inquiry.folder).test_client()
    page = words(client.get(f"/privacy?lang={language}").text)
    assert who in page and long in page and closing in page


def test_without_words_of_its_own_it_is_whole(inquiry: Inquiry, client: FlaskClient) -> None:
    page = words(client.get("/privacy?lang=en").text)
    assert "The people who run Made-up inquiry in Exampleton." in page
    assert "because you agreed to it" in page
    assert "5 years" in page and "35 days" in page
    assert inquiry.text(inquiry.confidentiality, "en") in page


@pytest.mark.parametrize("address", ["/", "/tell", "/tell/story", "/mine"])
def test_every_page_for_those_who_take_part_leads_to_it(client: FlaskClient, address: str) -> None:
    assert 'href="/privacy"' in client.get(address).text


def test_a_tablet_keeps_it_for_when_there_is_no_network(client: FlaskClient) -> None:
    kit = json.loads(client.get("/tell/kit.json").data)
    pages = {part["address"]: part.get("text", "") for part in kit["parts"]}
    for code, title in (
        ("en", "What happens with your words"),
        ("fr", "Ce que deviennent vos mots"),
    ):
        page = pages[f"/tell/privacy?lang={code}"]
        assert title in page
        # nothing leads where a tablet without a network cannot go, but the quick way out
        ways = set(re.findall(r'href="(/[^"#?]*)', page)) - {"/leave"}
        assert all(way.startswith(("/tell", "/static")) for way in ways)
        assert f"/tell/privacy?lang={code}" in pages[f"/tell/shell/story?lang={code}"]


def test_a_locked_inquiry_says_all_of_it_and_that_it_is_encrypted(
    tmp_path: Path, client: FlaskClient
) -> None:
    sentence = "without a passphrase that few people know"
    assert sentence not in words(client.get("/privacy?lang=en").text)
    (tmp_path / "passphrase").write_text("four made up words", "utf-8")
    options = ["--name", "Made-up", "--locality", "Exampleton"]
    options += ["--passphrase-file", str(tmp_path / "passphrase")]
    made = CliRunner().invoke(main, ["--inquiry", str(tmp_path / "locked"), "init", *options])
    assert made.exit_code == 0, made.output
    vault.lock(tmp_path / "locked")
    page = create_app(tmp_path / "locked").test_client().get("/privacy?lang=en")
    assert page.status_code == 200
    assert sentence in words(page.text) and "5 years" in words(page.text)


def test_what_a_community_writes_there_stays_text(inquiry: Inquiry) -> None:
    settings(inquiry, "more = {}", 'more = { en = "<script>alert(1)</script>" }')
    page = create_app(inquiry.folder).test_client().get("/privacy?lang=en").text
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page
