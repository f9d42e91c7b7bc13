"""What waits on a tablet is sealed: nobody reads it there, and it opens whole at the inquiry."""

from __future__ import annotations

import base64

import pyrage
import pytest

from tests.browser.tablet.core import CANARY, CODE, STORY, UUID, Open, Server, Tablet, tablet_of


@pytest.fixture
def tablet(new_page: Open, server: Server) -> Tablet:
    tablet = tablet_of(new_page, server)
    tablet.pair()
    return tablet


def test_promise_04_what_waits_opens_with_the_inquirys_key_and_no_other(
    tablet: Tablet, server: Server
) -> None:
    done = tablet.finish(STORY, UUID.upper())
    assert done == {"uuid": UUID, "seq": 1}
    body = tablet.sealed(UUID)
    assert server.opened(body) == STORY | {"device_seq": 1}
    plain = pyrage.decrypt(body, [server.identity])
    assert len(plain) == 4096 and plain.endswith(b" ")
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(body, [pyrage.x25519.Identity.generate()])


def test_promise_04_nothing_of_a_finished_story_can_be_read_on_the_device(tablet: Tablet) -> None:
    assert tablet.finish_a_draft() == ""
    dump = tablet.stored()
    assert UUID in dump, "the dump must hold the entry, or it proves nothing"
    assert "age-encryption.org/v1" in dump
    for secret in (CANARY, CODE, "1234 5678", "Été", "heron", "A KEY", "xxxxxxxxxx", '"quote"'):
        assert secret not in dump, f"{secret} can be read on the tablet"
    assert tablet.run("return [draft.code, draft.about]") == [None, None]
    left = "const db = await (await load('store')).openStore();"
    left += "return [await db.count('drafts'), await db.count('chunks')]"
    assert tablet.run(left) == [0, 0]


def test_a_save_after_finishing_does_not_bring_the_draft_back(tablet: Tablet) -> None:
    assert tablet.finish_a_draft() == ""
    late = "return [await draft.save({ telling: 'late' }), await (await load('drafts')).count()]"
    assert tablet.run(late) == [False, 0]


def test_lone_halves_of_letters_and_odd_ones_survive_sealing(
    tablet: Tablet, server: Server
) -> None:
    tablet.run(
        """
        const telling = 'a\\ud83d b\\udc26 c\\ud83d\\udc26 \\u0000 \\u2028 "\\\\';
        await (await load('queue')).finish(null, { answers: { telling } }, { uuid: given });
        """,
        UUID,
    )
    told = server.opened(tablet.sealed(UUID))["answers"]["telling"]
    assert told == 'a\ufffd b\ufffd c🐦 \x00 \u2028 "\\'


def test_lone_halves_are_replaced_in_older_browsers_too(tablet: Tablet) -> None:
    same = tablet.run(
        """
        const { padded } = await load('padding');
        const text = 'a\\ud83d b\\udc26 c\\ud83d\\udc26 \\udc26\\ud83d';
        const modern = padded(text).join();
        delete String.prototype.toWellFormed;
        return modern === padded(text).join() && text.toWellFormed === undefined;
        """
    )
    assert same is True


@pytest.mark.parametrize(
    ("length", "blocks"), [(0, 1), (4096 - 2, 1), (4096 - 1, 2), (3 * 4096, 4)]
)
def test_sealed_stories_come_in_whole_blocks(tablet: Tablet, length: int, blocks: int) -> None:
    padded = "return (await load('padding')).padded('x'.repeat(given)).length"
    assert tablet.run(padded, length) == blocks * 4096


def test_a_million_letters_and_five_megabytes_of_voice_can_be_sealed(
    tablet: Tablet, server: Server
) -> None:
    tablet.run(
        """
        const data = 'QUJD'.repeat(5 * 1024 * 1024 / 3);
        const answers = { telling: 'é'.repeat(1000000) };
        await (await load('queue')).finish(null, { answers, voice: { data } }, { uuid: given });
        """,
        UUID,
    )
    body = base64.b64decode(
        tablet.run(
            """
            const bytes = await (await load('queue')).sealedBytes(given);
            const reader = new FileReader();
            reader.readAsDataURL(new Blob([bytes]));
            await new Promise((done) => { reader.onload = done; });
            return reader.result.split(',')[1];
            """,
            UUID,
        )
    )
    told = server.opened(body)
    assert told["answers"]["telling"] == "é" * 1_000_000
    assert len(base64.b64decode(told["voice"]["data"])) == 5 * 1024 * 1024 // 3 * 3


def test_a_key_that_is_no_age_key_keeps_the_story_where_it_is(tablet: Tablet) -> None:
    for recipient in ("", "age1pq1qqqq", "AGE-SECRET-KEY-1QQQ", "age1" + "q" * 58):
        tablet.run(
            """
            const { getSetting, setSetting } = await load('store');
            await setSetting('device', { ...(await getSetting('device')), recipient: given });
            """,
            recipient,
        )
        assert tablet.finish_a_draft() != ""
        assert tablet.entries() == []
        assert tablet.run(
            "const n = await (await load('drafts')).count(); await draft.drop(); return n"
        )


def test_a_library_that_did_not_load_is_fetched_again(tablet: Tablet) -> None:
    tablet.page.context.route("**/age.js", lambda route: route.abort("connectionfailed"))
    assert tablet.finish_a_draft() == "TypeError"
    assert tablet.run("return (await load('drafts')).count()") == 1
    again = "await (await load('queue')).finish(draft, {}, { uuid: given })"
    assert tablet.failure(again, UUID) == "", "the second address is another one"
    tablet.expect_refusals()
