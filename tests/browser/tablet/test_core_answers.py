"""What each answer of the server does to the story that was sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.tablet.core import Answer, Open, Server, Tablet, tablet_of

PORTAL: Answer = {
    "status": 200,
    "body": "<h1>Log in</h1>",
    "headers": {"Content-Type": "text/html"},
}


def json_answer(code: int, **body: Any) -> Answer:
    return {"status": code, "json": body}


#: Answers after which the story must still be here; SAME stands for its own uuid.
NOT_STORED: tuple[Any, ...] = (
    PORTAL,
    {"status": 204},
    {"status": 201, "body": ""},
    {"status": 201, "body": "{", "headers": {"Content-Type": "application/json"}},
    json_answer(200, ok=True),
    json_answer(201, status="stored", message="Kept.", stored=True),
    json_answer(201, status="stored", message="Kept.", stored=True, uuid="another"),
    json_answer(201, status="stored", message="Kept.", stored=False, uuid="SAME"),
    json_answer(201, status="stored", message="Kept.", stored="yes", uuid="SAME"),
    json_answer(410, status="gone", message="No such page."),
    json_answer(410, status="withdrawn", message="Withdrawn.", uuid="another"),
    {"status": 410, "body": "Gone"},
    {"status": 413, "body": "<h1>413 Request Entity Too Large</h1>"},
    {"status": 422, "body": "Unprocessable"},
    *({"status": status, "body": "no"} for status in (400, 403, 404, 405, 502)),
    *(500, 503, 507),
    json_answer(400, status="refused", message="Not like this.", stored=False),
)


@pytest.fixture
def tablet(new_page: Open, server: Server) -> Iterator[Tablet]:
    tablet = tablet_of(new_page, server)
    tablet.pair()
    yield tablet
    tablet.expect_refusals()


def test_promise_01_a_story_leaves_the_tablet_once_the_server_says_that_it_is_stored(
    tablet: Tablet, server: Server
) -> None:
    for status in (200, 201, 202):
        server.answers = [status]
        tablet.finish()
        assert tablet.send() == {"sent": 1, "waiting": 0, "state": "sent"}
        assert tablet.entries() == []


def test_promise_01_anything_else_keeps_the_story_for_later(tablet: Tablet, server: Server) -> None:
    uuid = tablet.finish()["uuid"]
    for tries, answer in enumerate(NOT_STORED, start=1):
        if isinstance(answer, dict) and answer.get("json", {}).get("uuid") == "SAME":
            answer = answer | {"json": answer["json"] | {"uuid": uuid}}
        server.answers = [answer]
        assert tablet.send() == {"sent": 0, "waiting": 1, "state": "later"}, answer
        (entry,) = tablet.entries()
        assert (entry["state"], entry["tries"], entry["reason"]) == ("waiting", tries, None)
        assert entry["status"] == (answer if isinstance(answer, int) else answer["status"])
    # Nothing changed about the story: it arrives whole when the server is well again.
    server.answers = [201]
    assert tablet.send()["state"] == "sent"
    assert server.arrived()[-1]["answers"] == {"telling": "We met."}


def test_promise_06_a_withdrawn_story_is_shredded(tablet: Tablet, server: Server) -> None:
    server.answers = [410]
    tablet.finish()
    assert tablet.send() == {"sent": 0, "waiting": 0, "state": "sent"}
    assert tablet.entries() == []
    assert tablet.run("return (await (await load('store')).openStore()).count('sealed')") == 0
    assert tablet.summary()["lastSent"] is None


@pytest.mark.parametrize("status", [413, 415, 422])
def test_promise_16_a_refused_story_is_kept_apart_and_holds_up_no_other(
    tablet: Tablet, server: Server, status: int
) -> None:
    server.answers = [status, 201]
    for _ in range(3):
        tablet.finish()
    assert tablet.send() == {"sent": 2, "waiting": 0, "state": "refused"}
    (entry,) = tablet.entries()
    assert (entry["seq"], entry["state"], entry["status"]) == (1, "quarantined", status)
    assert entry["reason"].startswith("Says ")
    assert tablet.run(
        "return (await (await load('queue')).sealedBytes(given)).length", entry["uuid"]
    )
    # It is not sent again by itself, and is when somebody asks.
    assert tablet.send() == {"sent": 0, "waiting": 0, "state": "sent"}
    assert len(server.puts) == 3
    tablet.run("await (await load('queue')).retry(given)", entry["uuid"])
    assert tablet.send() == {"sent": 1, "waiting": 0, "state": "sent"}


def test_a_401_pauses_the_whole_queue_and_pairing_again_sends_all_of_it(
    tablet: Tablet, server: Server
) -> None:
    server.answers = [201, 401]
    for _ in range(4):
        tablet.finish()
    assert tablet.send() == {"sent": 1, "waiting": 3, "state": "pair_again"}
    assert len(server.puts) == 2, "nothing more is sent with a token that is refused"
    assert tablet.summary() | {"lastSent": None} == {
        "waiting": 3,
        "quarantined": 0,
        "first": 1,
        "last": 4,
        "lastSent": None,
        "paused": "pair_again",
    }
    assert tablet.finish()["seq"] == 5, "telling goes on"
    server.answers = [201]
    server.device["json"]["device"] = 4
    tablet.run("await (await load('pairing')).pair(given)", "n" * 24)
    assert tablet.summary()["paused"] is None
    assert tablet.send() == {"sent": 4, "waiting": 0, "state": "sent"}
    assert server.sent_numbers()[2:] == [2, 3, 4, 5]
    assert {request.headers["par-device-numbers"] for request in server.puts[2:]} == {"2-5"}
    assert {request.headers["authorization"] for request in server.puts[2:]} == {
        "Bearer " + "n" * 24
    }


def test_how_long_the_server_asks_us_to_wait(tablet: Tablet) -> None:
    waits = {
        "30": 30_000,
        "0": 0,
        "Thu, 01 Jan 1970 00:02:00 GMT": 110_000,
        "Thu, 01 Jan 1970 00:00:00 GMT": 0,
        "99999999": 3_600_000,
        "soon": None,
        "": None,
    }
    read = """
        const { read } = await load('answers');
        return given.map((retryAfter) => read('u', { status: 429, retryAfter }, 10000).wait);
    """
    assert tablet.run(read, [*waits, None]) == [*waits.values(), None]


def test_a_refusal_of_the_old_token_does_not_pause_the_new_pairing(
    tablet: Tablet, server: Server
) -> None:
    tablet.finish()
    tablet.run(
        """
        const real = window.fetch;
        window.fetch = async (path, options) => {
          const answer = await real(path, options);
          if (options.method === 'PUT' && options.headers.Authorization.includes('abc')) {
            await (await load('pairing')).pair('n'.repeat(24));
          }
          return answer;
        };
        """
    )
    server.answers = [401, 201]
    tablet.send()
    assert tablet.summary()["paused"] is None
    assert tablet.send() == {"sent": 1, "waiting": 0, "state": "sent"}
