"""Pairing a tablet: a token that is checked with the server, and what waits is never lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.tablet.core import OFFLINE, TOKEN, Open, Server, Tablet, tablet_of

PAIR = "await (await load('pairing')).pair(given)"


@pytest.fixture
def tablet(new_page: Open, server: Server) -> Tablet:
    return tablet_of(new_page, server)


def test_pairing_keeps_what_the_server_says(tablet: Tablet, server: Server) -> None:
    assert tablet.run("return (await load('pairing')).paired()") is None
    facts = tablet.pair()
    assert facts.pop("pairedAt").endswith("Z")
    assert facts == {
        "device": 3,
        "name": "Tablet 3",
        "until": None,
        "inquiry": "Low Marsh",
        "recipient": server.recipient,
        "wording": 1,
    }
    again = tablet.another().run("return (await load('pairing')).paired()")
    assert {name: again[name] for name in facts} == facts
    assert "token" not in again
    kept = tablet.run("return (await load('store')).getSetting('device')")
    assert kept["token"] == TOKEN


def test_a_token_may_be_typed_as_people_type(tablet: Tablet) -> None:
    for typed in (
        TOKEN.upper(),
        "abcd efgh ijkm npqr stuv wxyz",
        "ABCD-efgh–ijkm-npqr-stuv-wxyz",
        f"https://tablet.localhost/tell/device#{TOKEN}",
        f"  {TOKEN}\n",
    ):
        tablet.run("await (await load('pairing')).unpair()")
        tablet.run(PAIR, typed)
        kept = tablet.run("return (await load('store')).getSetting('device')")
        assert kept["token"] == TOKEN, typed


def test_a_mistyped_token_is_not_sent_anywhere(tablet: Tablet, server: Server) -> None:
    for typed in ("", "abc", TOKEN + "a", "abcdefghijkmnpqrstuvwxy!", "<script>"):
        assert tablet.failure(PAIR, typed) == "BadToken", typed
    assert server.asked == 0


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ({"status": 401, "json": {"status": "pair_again", "message": "No."}}, "TokenRefused"),
        ({"status": 200, "body": "<h1>Log in</h1>"}, "Unreachable"),
        ({"status": 200, "json": {"ok": True}}, "Unreachable"),
        ({"status": 500, "json": {"status": "error", "message": "No."}}, "Unreachable"),
        (OFFLINE, "Unreachable"),
    ],
)
def test_a_pairing_that_fails_changes_nothing(
    tablet: Tablet, server: Server, answer: dict[str, Any], name: str
) -> None:
    before = tablet.pair()
    tablet.finish()
    server.device = answer
    assert tablet.failure(PAIR, "n" * 24) == name
    assert tablet.run("return (await load('pairing')).paired()") == before
    assert tablet.summary()["waiting"] == 1
    tablet.expect_refusals()


def test_stories_for_one_inquiry_are_not_taken_to_another_unasked(
    tablet: Tablet, server: Server
) -> None:
    before = tablet.pair()
    tablet.finish()
    server.device["json"] |= {"recipient": Server().recipient, "inquiry": "High Marsh"}
    assert tablet.failure(PAIR, "n" * 24) == "OtherInquiry"
    assert tablet.run("return (await load('pairing')).paired()") == before
    facts = tablet.run("return (await load('pairing')).pair(given, { force: true })", "n" * 24)
    assert facts["inquiry"] == "High Marsh"
    assert tablet.summary()["waiting"] == 1
    # The same holds after the tablet was unpaired: the story is still sealed to the first.
    tablet.run("await (await load('pairing')).unpair()")
    assert tablet.failure(PAIR, "n" * 24) == "OtherInquiry"


def test_with_nothing_waiting_a_tablet_may_come_to_another_inquiry(
    tablet: Tablet, server: Server
) -> None:
    tablet.pair()
    tablet.finish()
    tablet.send()
    server.device["json"] |= {"recipient": Server().recipient, "inquiry": "High Marsh"}
    assert tablet.failure(PAIR, "n" * 24) == ""


def test_numbers_are_counted_from_the_first_that_waited_when_it_was_paired(
    tablet: Tablet, server: Server
) -> None:
    tablet.pair()
    assert tablet.summary()["first"] == 1
    for _ in range(3):
        tablet.finish()
    server.answers = [201, 401]
    tablet.send()
    tablet.expect_refusals()
    # The same device again: the server has counted from 1, so it goes on.
    tablet.pair()
    assert (tablet.summary()["first"], tablet.summary()["last"]) == (1, 3)
    server.device["json"]["device"] = 4
    tablet.run(PAIR, "n" * 24)
    assert (tablet.summary()["first"], tablet.summary()["last"]) == (2, 3)
    server.answers = [201]
    tablet.send()
    server.device["json"]["device"] = 5
    tablet.run(PAIR, "m" * 24)
    assert (tablet.summary()["first"], tablet.summary()["last"]) == (4, 3)
    assert tablet.finish()["seq"] == 4, "a number is never given twice"


def test_the_server_is_asked_how_many_arrived(tablet: Tablet, server: Server) -> None:
    ask = "await (await load('pairing')).arrivals()"
    assert tablet.failure(ask) == "TokenRefused"
    tablet.pair()
    server.device["json"] |= {"arrived": 41, "of": 43, "missing": [12, 40]}
    found = tablet.run(f"return {ask}")
    assert (found["arrived"], found["of"], found["missing"]) == (41, 43, [12, 40])
