"""The queue of a tablet: numbers, entries, and the file for a story that does not arrive."""

from __future__ import annotations

import base64
import json

import pytest

from tests.browser.tablet.core import STORY, UUID, Open, Server, Tablet, tablet_of


@pytest.fixture
def tablet(new_page: Open, server: Server) -> Tablet:
    tablet = tablet_of(new_page, server)
    tablet.pair()
    return tablet


def test_numbers_count_up_and_entries_never_hold_the_story(tablet: Tablet) -> None:
    assert [tablet.finish()["seq"] for _ in range(3)] == [1, 2, 3]
    entries = tablet.entries()
    assert [entry["seq"] for entry in entries] == [1, 2, 3]
    assert entries[0] | {"since": "", "uuid": "", "recipient": ""} == {
        "uuid": "",
        "seq": 1,
        "state": "waiting",
        "status": None,
        "reason": None,
        "tries": 0,
        "nextTry": 0,
        "since": "",
        "size": entries[0]["size"],
        "recipient": "",
        "inquiry": "Low Marsh",
        "device": 3,
    }
    assert entries[0]["size"] > 4096
    assert tablet.summary() == {
        "waiting": 3,
        "quarantined": 0,
        "first": 1,
        "last": 3,
        "lastSent": None,
        "paused": None,
    }


def test_promise_02_finishing_twice_is_finishing_once(tablet: Tablet) -> None:
    both = tablet.run(
        """
        const { finish } = await load('queue');
        return Promise.all([finish(null, { a: 1 }, { uuid: given }),
          finish(null, { a: 1 }, { uuid: given.toUpperCase() })]);
        """,
        UUID,
    )
    assert both == [{"uuid": UUID, "seq": 1}] * 2
    assert [entry["seq"] for entry in tablet.entries()] == [1]
    again = "await (await load('queue')).finish(null, {}, { uuid: given })"
    assert tablet.failure(again, UUID) == "FinishedElsewhere"
    assert tablet.summary()["last"] == 1


def test_tabs_that_finish_at_once_give_different_numbers(tablet: Tablet, server: Server) -> None:
    tabs = [tablet, tablet.another(), tablet.another()]
    for tab in tabs:
        tab.run(
            """
            const { finish } = await load('queue');
            const { newUuid } = await load('codes');
            await (await load('sealing')).warmUp();
            const all = Array.from({ length: 5 }, () => finish(null, {}, { uuid: newUuid() }));
            window.all = Promise.all(all);
            """
        )
    given = [each["seq"] for tab in tabs for each in tab.run("return window.all")]
    assert sorted(given) == list(range(1, 16))
    told = {e["seq"]: server.opened(tablet.sealed(e["uuid"])) for e in tablet.entries()}
    assert all(story["device_seq"] == seq for seq, story in told.items())


def test_a_number_taken_while_sealing_is_sealed_again(tablet: Tablet, server: Server) -> None:
    """Twice, another tab commits between our reading of the numbers and our transaction."""
    done = tablet.run(
        """
        const real = IDBDatabase.prototype.transaction;
        let left = 2;
        IDBDatabase.prototype.transaction = function (stores, ...rest) {
          if (Array.isArray(stores) && stores.includes('sealed') && left > 0) {
            left -= 1;
            const settings = real.call(this, ['settings'], 'readwrite').objectStore('settings');
            settings.put({ first: 1, last: 10 - left }, 'numbers');
          }
          return real.call(this, stores, ...rest);
        };
        return (await load('queue')).finish(null, {}, { uuid: given });
        """,
        UUID,
    )
    assert done["seq"] == 11
    assert server.opened(tablet.sealed(UUID))["device_seq"] == 11


def test_every_tab_hears_of_changes(tablet: Tablet) -> None:
    other = tablet.another()
    listen = """
        const { changes } = await load('queue');
        window.heard = [];
        changes.addEventListener('change', (event) => heard.push(event.detail));
    """
    for tab in (tablet, other):
        tab.run(listen)
    tablet.finish()
    for tab in (tablet, other):
        tab.page.wait_for_function("heard.length > 0")
        assert tab.run("return heard") == ["finished"]


def test_the_file_holds_all_that_waits_and_opens_elsewhere(tablet: Tablet, server: Server) -> None:
    first, second = tablet.finish(STORY), tablet.finish({"n": 2})
    refused = {"state": "quarantined", "status": 422, "reason": "“Title” is not right."}
    tablet.run("await (await load('queue')).change(given[0], given[1])", [second["uuid"], refused])
    file = json.loads(tablet.run("return (await (await load('queue')).exportFile()).text()"))
    stories = file.pop("stories")
    facts = {"inquiry": "Low Marsh", "recipient": server.recipient, "device": 3}
    assert file == {"par_waiting": 1, **facts}
    bodies = [base64.b64decode(story.pop("sealed"), validate=True) for story in stories]
    assert stories == [
        {
            "device_seq": 1,
            "uuid": first["uuid"],
            "state": "waiting",
            "status": None,
            "reason": None,
        },
        {"device_seq": 2, "uuid": second["uuid"], **refused},
    ]
    assert server.opened(bodies[0]) == STORY | {"device_seq": 1}
    assert server.opened(bodies[1]) == {"n": 2, "device_seq": 2}
    assert len(tablet.entries()) == 2, "exporting deletes nothing"


def test_the_file_of_an_empty_tablet_is_whole_json(tablet: Tablet) -> None:
    file = json.loads(tablet.run("return (await (await load('queue')).exportFile()).text()"))
    assert file["stories"] == []


def test_a_refused_story_waits_again_when_somebody_says_so(tablet: Tablet) -> None:
    uuid = tablet.finish()["uuid"]
    refused = {"state": "quarantined", "status": 422, "reason": "No.", "tries": 4, "nextTry": 9e15}
    tablet.run("await (await load('queue')).change(given[0], given[1])", [uuid, refused])
    assert tablet.summary()["quarantined"] == 1
    tablet.run("await (await load('queue')).retry(given)", uuid)
    assert tablet.summary() | {"lastSent": ""} == {
        "waiting": 1,
        "quarantined": 0,
        "first": 1,
        "last": 1,
        "lastSent": "",
        "paused": None,
    }
    entry = tablet.entries()[0]
    assert (entry["state"], entry["tries"], entry["nextTry"]) == ("waiting", 0, 0)
