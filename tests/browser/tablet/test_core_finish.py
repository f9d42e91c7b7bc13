"""Finishing is one step that happens whole or not at all: nothing told is lost on the way."""

from __future__ import annotations

import pytest

from tests.browser.tablet.core import CODE, STORY, UUID, Open, Server, Tablet, tablet_of


@pytest.fixture
def tablet(new_page: Open) -> Tablet:
    tablet = tablet_of(new_page, Server())
    tablet.pair()
    return tablet


def test_promise_01_finishing_is_one_transaction_that_is_on_disk_before_it_is_said(
    tablet: Tablet,
) -> None:
    seen = tablet.run(
        """
        const draft = await (await load('drafts')).begin(given.code, {});
        const { finish } = await load('queue');
        const real = IDBDatabase.prototype.transaction;
        const seen = [];
        IDBDatabase.prototype.transaction = function (stores, mode, ...rest) {
          const transaction = real.call(this, stores, mode, ...rest);
          if (mode === 'readwrite') {
            const names = Array.from(transaction.objectStoreNames);
            const one = { names, durability: transaction.durability, complete: false };
            transaction.addEventListener('complete', () => { one.complete = true; });
            seen.push(one);
          }
          return transaction;
        };
        await finish(draft, given.story, { uuid: given.uuid });
        return JSON.parse(JSON.stringify(seen));
        """,
        {"code": CODE, "story": STORY, "uuid": UUID},
    )
    stores = ["chunks", "drafts", "queue", "sealed", "settings"]
    assert seen == [{"names": stores, "durability": "strict", "complete": True}]


def test_nothing_is_kept_of_a_page_that_ends_before_the_commit(tablet: Tablet) -> None:
    """The draft is still there, and no number was used up."""
    tablet.run(
        """
        const draft = await (await load('drafts')).begin(given.code, { uuid: given.uuid });
        await draft.save({ telling: 'kept' });
        const { finish } = await load('queue');
        await (await load('sealing')).warmUp();
        // The seal is made, and the page never gets to its transaction.
        const real = IDBDatabase.prototype.transaction;
        await new Promise((reached) => {
          IDBDatabase.prototype.transaction = function (stores, ...rest) {
            if (Array.isArray(stores) && stores.includes('sealed')) {
              reached();
              throw new Error('the page ends here');
            }
            return real.call(this, stores, ...rest);
          };
          finish(draft, given.story, { uuid: given.uuid }).catch(() => {});
        });
        """,
        {"code": CODE, "story": STORY, "uuid": UUID},
    )
    another = tablet.another()
    tablet.page.close()
    assert another.entries() == []
    assert another.summary()["last"] == 0
    kept = "return (await (await load('drafts')).find(given)).load()"
    assert another.run(kept, CODE) == {"telling": "kept"}


def test_a_failing_step_of_the_commit_undoes_all_of_it(tablet: Tablet) -> None:
    tablet.run(
        """
        const real = IDBObjectStore.prototype.delete;
        IDBObjectStore.prototype.delete = function (key) {
          if (this.name === 'drafts') { throw new Error('no'); }
          return real.call(this, key);
        };
        """
    )
    assert tablet.finish_a_draft() == "Error"
    tablet.page.reload()
    assert tablet.entries() == []
    assert tablet.summary()["last"] == 0
    assert tablet.run("return (await load('drafts')).count()") == 1


def test_a_tablet_that_is_not_paired_keeps_its_draft(new_page: Open) -> None:
    tablet = tablet_of(new_page, Server())
    assert tablet.finish_a_draft() == "NotPaired"
    assert tablet.run("return (await load('drafts')).count()") == 1


#: A browser may say that there is no room when it is handed something, or at the very end.
FULL = {
    "at once": """
        const real = IDBObjectStore.prototype.NAME;
        IDBObjectStore.prototype.NAME = function (value, ...rest) {
          if (window.full) { throw new DOMException('no room', 'QuotaExceededError'); }
          return real.call(this, value, ...rest);
        };
    """,
    "at the end": """
        const real = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (stores, mode, ...rest) {
          const transaction = real.call(this, stores, mode, ...rest);
          if (window.full && mode === 'readwrite') {
            const error = new DOMException('no room', 'QuotaExceededError');
            Object.defineProperty(transaction, 'error', { get: () => error });
            // After its last request, and before it can complete.
            let left = 0;
            const count = (name) => {
              const plain = IDBObjectStore.prototype[name];
              return function (...all) {
                const request = plain.apply(this, all);
                left += 1;
                request.addEventListener('success', () => {
                  left -= 1;
                  if (left === 0) { transaction.abort(); }
                });
                return request;
              };
            };
            const store = transaction.objectStore.bind(transaction);
            transaction.objectStore = (name) => {
              const found = store(name);
              for (const name of ['put', 'add', 'delete']) { found[name] = count(name); }
              return found;
            };
          }
          return transaction;
        };
    """,
}


@pytest.mark.parametrize("when", FULL)
def test_promise_16_a_full_tablet_says_so_and_keeps_the_draft(tablet: Tablet, when: str) -> None:
    """Chromium's override of the quota is not heeded by its IndexedDB, so the store is patched."""
    tablet.run(
        """
        window.draft = await (await load('drafts')).begin(given, { uuid: 'u' });
        await draft.save({ telling: 'kept' });
        """,
        CODE,
    )
    for name in ("put", "add") if when == "at once" else ("",):
        tablet.run(FULL[when].replace("NAME", name))
    tablet.run("window.full = true")
    finish = "await (await load('queue')).finish(draft, { a: 1 }, { uuid: given })"
    assert tablet.failure(finish, UUID) == "StorageFull"
    assert tablet.failure("await draft.save({ telling: 'more' })") == "StorageFull"
    assert tablet.failure("await draft.addChunk(new Uint8Array(3000))") == "StorageFull"
    assert tablet.entries() == []
    assert tablet.summary()["last"] == 0
    assert tablet.run("return draft.load()") == {"telling": "kept"}
    # Room again: nothing has to be told twice.
    tablet.run("window.full = false")
    assert tablet.failure(finish, UUID) == ""
    assert [entry["seq"] for entry in tablet.entries()] == [1]
    assert tablet.run("return (await load('drafts')).count()") == 0
