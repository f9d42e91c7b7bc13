"""What a tablet makes and keeps: codes, uuids, and the one door to its database."""

from __future__ import annotations

import re

import pytest

from tests.browser.tablet.core import Open, Server, Tablet, tablet_of

CODE = "1234567812345678"


@pytest.fixture
def tablet(new_page: Open) -> Tablet:
    return tablet_of(new_page, Server())


def test_codes_are_sixteen_digits_and_read_back_however_they_are_typed(tablet: Tablet) -> None:
    codes = tablet.run("const c = await load('codes'); return Array.from({length: 400}, c.newCode)")
    assert all(re.fullmatch(r"\d{16}", code) for code in codes)
    assert len(set(codes)) == 400
    assert set("".join(codes)) == set("0123456789")
    typed = {
        "1234 5678 1234 5678": CODE,
        "1234-5678–1234.5678 ": CODE,
        "１２３４５６７８１２３４５６７８": CODE,
        "١٢٣٤٥٦٧٨١٢٣٤٥٦٧٨": CODE,
        "१२३४५६७८१२३४५६७८": CODE,
        "123456781234567": None,
        "1234 5678 1234 567x": None,
        "": None,
    }
    read = tablet.run("const c = await load('codes'); return given.map(c.normalise)", list(typed))
    assert read == list(typed.values())
    assert tablet.run("return (await load('codes')).grouped(given)", CODE) == "1234 5678 1234 5678"


@pytest.mark.parametrize("without", ["nothing", "randomUUID"])
def test_uuids_are_random_ones_of_version_4(tablet: Tablet, without: str) -> None:
    uuids = tablet.run(
        """
        Object.defineProperty(crypto, given, { value: undefined });
        const { newUuid } = await load('codes');
        return Array.from({ length: 50 }, newUuid);
        """,
        without,
    )
    shape = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert len(set(uuids)) == 50
    assert all(re.fullmatch(shape, uuid) for uuid in uuids)


def test_a_browser_that_keeps_nothing_is_told_apart_by_name(new_page: Open) -> None:
    tablet = tablet_of(new_page, Server())
    for refuse in (
        "Object.defineProperty(window, 'indexedDB', { value: undefined })",
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }",
    ):
        tablet.page.reload()
        tablet.run(refuse)
        assert tablet.failure("await (await load('store')).openStore()") == "StoreBlocked"


def test_a_store_that_never_answers_is_given_up_and_may_be_tried_again(tablet: Tablet) -> None:
    tablet.page.clock.install()
    tablet.run(
        """
        // Another page holds the database and somebody deletes it: what comes next must wait.
        await (await load('store')).getSetting('device');
        const held = await new Promise((done) => {
          indexedDB.open('par').onsuccess = (event) => done(event.target.result);
        });
        const asked = new Promise((done) => { held.onversionchange = done; });
        const deleted = new Promise((done) => {
          indexedDB.deleteDatabase('par').onsuccess = () => done();
        });
        window.release = () => { held.close(); return deleted; };
        // It is said to each page that has it open: the module's own was opened before this one.
        await asked;
        const { openStore } = await load('store');
        window.first = openStore().then(() => 'opened', (error) => error.name);
        """
    )
    tablet.page.clock.run_for(10_001)
    assert tablet.run("return window.first") == "StoreBlocked"
    again = "await window.release(); return (await (await load('store')).openStore()).version"
    assert tablet.run(again) == 1


def test_a_page_lets_go_of_the_store_when_a_newer_one_needs_it(tablet: Tablet) -> None:
    version = tablet.run(
        """
        const { openStore, setSetting } = await load('store');
        await setSetting('language', 'fr');
        const newer = await new Promise((done, fail) => {
          const request = indexedDB.open('par', 2);
          request.onsuccess = () => done(request.result);
          request.onblocked = () => fail(new Error('blocked'));
        });
        const version = newer.version;
        newer.close();
        return version;
        """
    )
    assert version == 2
    assert tablet.failure("await (await load('store')).openStore()") == "StoreBlocked"
