"""Sending all that waits: in order, by one tab at a time, and none held up by another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.tablet.core import OFFLINE, TOKEN, Open, Server, Tablet, tablet_of


@pytest.fixture
def tablet(new_page: Open, server: Server) -> Iterator[Tablet]:
    tablet = tablet_of(new_page, server)
    tablet.pair()
    yield tablet
    tablet.expect_refusals()


def test_the_whole_queue_is_sent_oldest_first_with_all_that_the_server_needs(
    tablet: Tablet, server: Server
) -> None:
    for n in range(3):
        tablet.finish({"n": n, "form": "story" if n else "reflection"})
    assert tablet.send() == {"sent": 3, "waiting": 0, "state": "sent"}
    assert [(told["n"], told["device_seq"]) for told in server.arrived()] == [
        (0, 1),
        (1, 2),
        (2, 3),
    ]
    request = server.puts[2]
    assert request.method == "PUT"
    headers = request.headers
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["content-type"] == "application/age"
    assert headers["par-device-numbers"] == "1-3"
    assert headers["par-device-seq"] == "3"
    assert "cookie" not in headers and "referer" not in headers
    assert tablet.entries() == []
    assert tablet.summary()["lastSent"]
    assert tablet.run("return (await (await load('store')).openStore()).count('sealed')") == 0


def test_cookies_never_travel_with_a_story(tablet: Tablet, server: Server) -> None:
    tablet.page.evaluate("document.cookie = 'session=abc'")
    tablet.finish()
    tablet.send()
    assert "cookie" not in server.puts[0].headers


def test_a_server_in_trouble_is_left_alone_after_three_stories(
    tablet: Tablet, server: Server
) -> None:
    server.answers = [507]
    for _ in range(6):
        tablet.finish()
    assert tablet.send() == {"sent": 0, "waiting": 6, "state": "later"}
    assert server.sent_numbers() == [1, 2, 3]
    assert [entry["tries"] for entry in tablet.entries()] == [1, 1, 1, 0, 0, 0]


def test_one_story_that_never_gets_through_holds_up_no_other(
    tablet: Tablet, server: Server
) -> None:
    server.answers = [OFFLINE, {"status": 500, "body": ""}, 201]
    for _ in range(5):
        tablet.finish()
    assert tablet.send() == {"sent": 3, "waiting": 2, "state": "later"}
    assert server.sent_numbers() == [1, 2, 3, 4, 5]


def test_without_a_network_the_round_ends_and_costs_the_stories_nothing(
    tablet: Tablet, server: Server
) -> None:
    server.answers, server.healthy = [OFFLINE], False
    for _ in range(3):
        tablet.finish()
    assert tablet.send() == {"sent": 0, "waiting": 3, "state": "offline"}
    assert len(server.puts) == 1
    assert {entry["tries"] for entry in tablet.entries()} == {0}
    server.answers, server.healthy = [201], True
    assert tablet.send() == {"sent": 3, "waiting": 0, "state": "sent"}
    assert server.sent_numbers() == [1, 1, 2, 3]


def test_a_login_page_that_redirects_is_no_network(tablet: Tablet, server: Server) -> None:
    server.answers = [{"status": 302, "headers": {"Location": "http://tablet.localhost/login"}}]
    server.healthy = False
    tablet.finish()
    assert tablet.send()["state"] == "offline"
    assert len(tablet.entries()) == 1


def test_what_is_sent_follows_no_redirection_and_comes_from_no_cache(
    tablet: Tablet, server: Server
) -> None:
    """Playwright answers no redirected request, so what is asked of the browser is looked at."""
    tablet.finish()
    asked = tablet.run(
        """
        const real = window.fetch;
        let asked = null;
        window.fetch = (path, options) => { asked = options; return real(path, options); };
        await (await load('sender')).sendNow();
        const { redirect, cache, credentials, referrerPolicy, keepalive = false } = asked;
        return [redirect, cache, credentials, referrerPolicy, keepalive];
        """
    )
    assert asked == ["error", "no-store", "omit", "no-referrer", False]


def test_only_one_tab_sends(tablet: Tablet, server: Server) -> None:
    other = tablet.another()
    for _ in range(8):
        tablet.finish()
    for tab in (tablet, other):
        tab.run("window.sending = (await load('sender')).sendNow();")
    results = [tab.run("return window.sending") for tab in (tablet, other)]
    assert sorted(server.sent_numbers()) == list(range(1, 9)), "each was sent once"
    assert sum(result["sent"] for result in results) == 8
    assert {result["state"] for result in results} <= {"sent", "busy"}


def test_a_tab_is_told_that_another_is_sending(tablet: Tablet, server: Server) -> None:
    other = tablet.another()
    tablet.finish()
    tablet.run("navigator.locks.request('par-sender', () => new Promise(() => {}));")
    assert other.send() == {"sent": 0, "waiting": 1, "state": "busy"}
    assert server.puts == []
    tablet.page.close()
    for _ in range(50):
        result = other.send()
        if result["state"] != "busy":
            break
        other.page.wait_for_timeout(100)
    assert result["state"] == "sent", "a page that ends lets go"


def test_without_web_locks_a_story_sent_twice_is_deleted_once(
    tablet: Tablet, server: Server
) -> None:
    other = tablet.another()
    for _ in range(3):
        tablet.finish()
    for tab in (tablet, other):
        tab.run("Object.defineProperty(navigator, 'locks', { value: undefined });")
        tab.run("window.sending = (await load('sender')).sendNow();")
    for tab in (tablet, other):
        assert tab.run("return window.sending")["state"] == "sent"
    assert tablet.entries() == []
    assert set(server.sent_numbers()) == {1, 2, 3}


def test_a_story_finished_while_sending_goes_with_the_same_round(
    tablet: Tablet, server: Server
) -> None:
    for _ in range(3):
        tablet.finish()
    done = tablet.run(
        """
        const { finish, changes } = await load('queue');
        const { newUuid } = await load('codes');
        let more = 2;
        changes.addEventListener('change', (event) => {
          if (event.detail === 'sent' && more > 0) {
            more -= 1;
            window.last = finish(null, {}, { uuid: newUuid() });
          }
        });
        const result = await (await load('sender')).sendNow();
        await window.last;
        return [result.state, await (await load('sender')).sendNow()];
        """
    )
    assert done[1]["waiting"] == 0
    assert sorted(server.sent_numbers()) == [1, 2, 3, 4, 5]


def test_a_story_sealed_for_another_inquiry_is_still_sent(tablet: Tablet, server: Server) -> None:
    tablet.finish({"n": 1})
    server.device["json"] |= {"recipient": Server().recipient, "device": 9}
    tablet.run("await (await load('pairing')).pair(given, { force: true })", "n" * 24)
    assert tablet.send()["sent"] == 1
    assert server.arrived()[0]["n"] == 1


def test_an_unpaired_tablet_keeps_all_and_says_what_to_do(tablet: Tablet, server: Server) -> None:
    tablet.finish()
    tablet.run("await (await load('pairing')).unpair()")
    assert tablet.send() == {"sent": 0, "waiting": 1, "state": "pair_again"}
    assert tablet.summary()["paused"] == "pair_again"
    assert server.puts == []


def test_promise_03_sending_writes_nothing_to_the_console(tablet: Tablet, server: Server) -> None:
    said: list[str] = []
    tablet.page.on("console", lambda message: said.append(message.text))
    server.answers = [422, 500, 201]
    for _ in range(4):
        tablet.finish({"answers": {"telling": "the heron"}})
    tablet.send()
    assert [line for line in said if "Failed to load resource" not in line] == []
