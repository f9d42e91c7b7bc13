"""When a tablet tries to send: the triggers, how long it waits, and what it is asked to wait."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.tablet.core import Open, Server, Tablet, tablet_of

SEEN = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def tablet(new_page: Open, server: Server) -> Iterator[Tablet]:
    tablet = tablet_of(new_page, server)
    tablet.pair()
    yield tablet
    tablet.expect_refusals()


def test_a_paused_queue_stays_still_but_for_a_new_page_and_a_person(
    tablet: Tablet, server: Server
) -> None:
    server.answers = [401]
    tablet.finish()
    tablet.send()
    # A new page tries once: the 401 may have come from the login of a network.
    tablet.stop_clock()
    tablet.run("(await load('sender')).start()")
    tablet.settle()
    assert len(server.puts) == 2
    for event in ("window.dispatchEvent(new Event('online'))", SEEN):
        tablet.run(event)
    tablet.page.clock.run_for(200_000)
    tablet.settle()
    assert len(server.puts) == 2
    server.answers = [201]
    assert tablet.send()["state"] == "sent"
    assert tablet.summary()["paused"] is None


def test_a_429_makes_the_whole_queue_wait_as_long_as_the_server_asks(
    tablet: Tablet, server: Server
) -> None:
    slow = {"status": 429, "json": {"status": "slow_down", "message": "Slow."}}
    server.answers = [201, slow | {"headers": {"Retry-After": "90"}}]
    tablet.stop_clock()
    for _ in range(4):
        tablet.finish()
    assert tablet.send() == {"sent": 1, "waiting": 3, "state": "later"}
    assert len(server.puts) == 2
    server.answers = [201]
    tablet.run("(await load('sender')).start()")
    tablet.page.clock.run_for(80_000)
    tablet.run(SEEN)
    tablet.run("window.dispatchEvent(new Event('online'))")
    tablet.settle()
    assert len(server.puts) == 2, "it was asked to wait 90 seconds"
    tablet.page.clock.run_for(15_000)
    tablet.wait_until_sent(5)
    assert server.sent_numbers() == [1, 2, 2, 3, 4]


def test_an_answer_that_never_comes_is_given_up(tablet: Tablet, server: Server) -> None:
    tablet.stop_clock()
    tablet.finish()
    server.healthy = False
    tablet.run(
        """
        window.fetch = (_path, { signal }) => new Promise((_done, fail) => {
          signal?.addEventListener('abort', () => fail(signal.reason));
        });
        (await load('sender')).sendNow().then((result) => { window.result = result; });
        """
    )
    tablet.settle()
    tablet.page.clock.run_for(62_000)  # the story
    tablet.settle()
    tablet.page.clock.run_for(11_000)  # the question whether the server is there
    tablet.settle()
    assert tablet.run("return window.result?.state ?? 'still waiting'") == "offline"


def test_it_sends_at_the_start_each_minute_and_when_the_network_or_somebody_comes_back(
    tablet: Tablet, server: Server
) -> None:
    tablet.stop_clock()
    tablet.finish()
    tablet.run("const { start } = await load('sender'); start(); start();")
    tablet.wait_until_sent(1)
    triggers = [
        lambda: tablet.run("window.dispatchEvent(new Event('online'))"),
        lambda: tablet.run(SEEN),
        lambda: tablet.page.clock.run_for(61_000),
    ]
    for count, trigger in enumerate(triggers, start=2):
        tablet.finish()
        tablet.settle()
        assert len(server.puts) == count - 1, "finishing alone sends nothing"
        trigger()
        tablet.wait_until_sent(count)


def test_tries_come_further_and_further_apart(tablet: Tablet, server: Server) -> None:
    """With the randomness at its largest, the waits double from 2 s up to 5 minutes."""
    server.answers = [500]
    tablet.stop_clock()
    tablet.finish()
    tablet.run("Math.random = () => 1")
    waits = []
    for _ in range(10):
        tablet.send()
        waits.append(
            tablet.run("return (await (await load('queue')).entries())[0].nextTry - Date.now()")
        )
    assert [round(wait / 1000) for wait in waits] == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_a_wait_is_any_time_up_to_the_longest(tablet: Tablet) -> None:
    delays = tablet.run(
        """
        const { delay } = await load('backoff');
        return [delay(1, () => 0), delay(4, () => 0.5), delay(500, () => 1), delay(1, () => 1)];
        """
    )
    assert delays == [0, 8000, 300_000, 2000]


def test_the_next_try_comes_by_itself_and_not_before_its_time(
    tablet: Tablet, server: Server
) -> None:
    server.answers = [500, 500, 500, 500, 201]
    tablet.stop_clock()
    tablet.finish()
    tablet.run("Math.random = () => 1; (await load('sender')).start();")
    tablet.settle()
    for tries, wait in ((1, 2000), (2, 4000), (3, 8000), (4, 16000)):
        assert len(server.puts) == tries
        tablet.page.clock.run_for(wait - 1)
        tablet.settle()
        assert len(server.puts) == tries, f"tried before its {wait} ms were over"
        tablet.page.clock.run_for(1)
        tablet.settle()
    assert len(server.puts) == 5
    assert tablet.entries() == []


def test_a_clock_that_was_set_back_years_does_not_silence_the_tablet(
    tablet: Tablet, server: Server
) -> None:
    server.answers = [{"status": 503, "body": "", "headers": {"Retry-After": "600"}}]
    tablet.page.clock.install(time="2028-11-22")
    tablet.page.reload()
    tablet.finish()
    tablet.send()
    server.answers = [201]
    tablet.page.clock.set_fixed_time("2026-11-22")
    tablet.page.reload()
    tablet.run("(await load('sender')).start()")
    tablet.wait_until_sent(2)
