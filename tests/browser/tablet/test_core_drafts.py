"""A telling under way waits on the tablet for its own teller, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.tablet.core import Open, Server, Tablet, tablet_of

CODE = "1234567812345678"
ABOUT = {"form": "story", "version": 1, "language": "en", "uuid": "u-1"}
CANARY = "the heron stood in the yard"


@pytest.fixture
def tablet(new_page: Open) -> Tablet:
    return tablet_of(new_page, Server())


def begun(tablet: Tablet, body: str, given: Any = None) -> Any:
    """Run `body` with a fresh `draft` under CODE."""
    start = "const draft = await (await load('drafts')).begin(given.code, given.about);"
    return tablet.run(start + body, {"code": CODE, "about": ABOUT, "more": given})


def found(tablet: Tablet, body: str, given: Any = None) -> Any:
    """Run `body` with the `draft` that is found under CODE."""
    start = "const draft = await (await load('drafts')).find(given.code);"
    return tablet.run(start + body, {"code": CODE, "more": given})


def test_a_draft_comes_back_under_its_own_code_only(tablet: Tablet) -> None:
    begun(tablet, "await draft.save({ telling: given.more })", CANARY)
    again = found(tablet, "return [draft.about, draft.code, await draft.load()]")
    assert again == [ABOUT, CODE, {"telling": CANARY}]
    other = "return (await load('drafts')).find('1234567812345679')"
    assert tablet.run(other) is None
    assert tablet.run("return (await load('drafts')).count()") == 1


def test_a_draft_that_was_never_saved_loads_nothing(tablet: Tablet) -> None:
    assert begun(tablet, "return draft.load()") is None


def test_several_drafts_wait_side_by_side(tablet: Tablet) -> None:
    waiting = tablet.run(
        """
        const { begin, find, count } = await load('drafts');
        for (const [at, code] of given.entries()) {
          await (await begin(code, { at })).save({ at });
        }
        const loaded = [];
        for (const code of given) {
          const draft = await find(code);
          loaded.push([draft.about.at, (await draft.load()).at]);
        }
        return [await count(), loaded];
        """,
        ["1" * 16, "2" * 16, "3" * 16],
    )
    assert waiting == [3, [[0, 0], [1, 1], [2, 2]]]


def test_the_last_save_wins_and_each_one_resolves_when_its_words_are_kept(tablet: Tablet) -> None:
    states = begun(
        tablet,
        """
        const first = draft.save({ n: 1 });
        const later = [2, 3, 4, 5].map((n) => draft.save({ n }));
        await first;
        await Promise.all(later);
        const kept = (await draft.load()).n;
        const state = { n: 6 };
        const saving = draft.save(state);
        state.n = 'changed after saving began';
        await saving;
        return [kept, (await draft.load()).n];
        """,
    )
    assert states == [5, 6]


def test_what_was_handed_over_before_letting_go_is_kept(tablet: Tablet) -> None:
    late = begun(
        tablet,
        """
        const saving = [draft.save({ n: 1 }), draft.save({ n: 2 })];
        const adding = draft.addChunk(new Uint8Array([1]));
        draft.letGo();
        const late = [await draft.save({ n: 3 }), await draft.addChunk(new Uint8Array([2]))];
        return [await Promise.all(saving), await adding, late, draft.code, draft.about];
        """,
    )
    assert late == [[True, True], True, [False, False], None, None]
    kept = found(tablet, "return [await draft.load(), (await draft.chunks()).length]")
    assert kept == [{"n": 2}, 1]


def test_every_save_is_encrypted_with_a_fresh_iv(tablet: Tablet) -> None:
    ivs = begun(
        tablet,
        """
        const db = await (await load('store')).openStore();
        const seen = new Set();
        for (let at = 0; at < 20; at += 1) {
          await draft.save({ same: true });
          seen.add((await db.get('drafts', draft.tag)).state.iv.join());
        }
        return seen.size;
        """,
    )
    assert ivs == 20


def test_the_length_of_a_draft_does_not_tell_how_much_was_said(tablet: Tablet) -> None:
    sizes = begun(
        tablet,
        """
        const db = await (await load('store')).openStore();
        const sizes = [];
        for (const telling of ['', 'x'.repeat(3000)]) {
          await draft.save({ telling });
          sizes.push((await db.get('drafts', draft.tag)).state.data.length);
        }
        return sizes;
        """,
    )
    assert sizes == [4096 + 16, 4096 + 16]


@pytest.mark.parametrize("order", ["save first", "drop first"])
def test_promise_03_a_save_under_way_does_not_bring_back_what_was_dropped(
    tablet: Tablet, order: str
) -> None:
    left = begun(
        tablet,
        """
        const { find, count } = await load('drafts');
        await draft.save({ n: 1 });
        const other = await find(given.code);
        const late = [other.save({ n: 2 }), other.addChunk(new Uint8Array(9))];
        if (given.more === 'save first') {
          late.push(draft.save({ n: 3 }), draft.addChunk(new Uint8Array(9)));
        }
        const gone = draft.drop();
        late.push(draft.save({ n: 4 }), draft.addChunk(new Uint8Array(9)));
        await Promise.all([gone, ...late]);
        await other.save({ n: 5 });
        await other.addChunk(new Uint8Array(9));
        const db = await (await load('store')).openStore();
        const left = [await count(), await db.count('chunks')];
        return [...left, draft.code, draft.about, await draft.load()];
        """,
        order,
    )
    assert left == [0, 0, None, None, None]


def test_promise_03_nothing_readable_of_a_draft_is_stored(tablet: Tablet) -> None:
    begun(
        tablet,
        """
        await draft.save({ telling: given.more, code: given.code });
        await draft.addChunk(new TextEncoder().encode(given.more));
        """,
        CANARY,
    )
    dump = tablet.stored()
    assert '"tag"' in dump, "the dump must hold the draft, or it proves nothing"
    for secret in (CANARY, CODE, "1234 5678", "A KEY", "u-1", '"language"', "story"):
        assert secret not in dump, f"{secret} can be read on the tablet"


def test_the_search_for_words_finds_a_plain_page(tablet: Tablet) -> None:
    tablet.run("await (await load('store')).setSetting('careless', given)", {"words": CANARY})
    tablet.run("localStorage.setItem('careless', given)", CODE)
    assert CANARY in tablet.stored()
    assert CODE in tablet.stored()


def test_the_key_of_a_draft_cannot_be_read_out_and_is_stretched(tablet: Tablet) -> None:
    calls = tablet.run(
        """
        const seen = [];
        const real = crypto.subtle;
        const watch = (name) => {
          const plain = real[name].bind(real);
          real[name] = async (...all) => {
            const result = await plain(...all);
            seen.push([name, all[0].name, all[0].iterations ?? null, result.extractable ?? null]);
            return result;
          };
        };
        watch('deriveBits');
        watch('deriveKey');
        await (await load('drafts')).find(given);
        return seen;
        """,
        CODE,
    )
    assert ["deriveBits", "PBKDF2", 600000, None] in calls
    assert ["deriveKey", "HKDF", None, False] in calls


def test_each_device_has_a_salt_of_its_own_also_when_two_tabs_are_first(
    new_page: Open, tablet: Tablet
) -> None:
    second = tablet.another()
    begin = "await (await load('drafts')).begin(given, {});"
    for tab, code in ((tablet, "1" * 16), (second, "2" * 16)):
        tab.run(f"window.began = (async () => {{ {begin} }})();", code)
    for tab in (tablet, second):
        tab.run("await window.began")
    for code in ("1" * 16, "2" * 16):
        assert tablet.run("return Boolean(await (await load('drafts')).find(given))", code)
    elsewhere = tablet_of(new_page, Server())
    salt = "return Array.from(await (await load('store')).getSetting('salt'))"
    elsewhere.run("await (await load('drafts')).find('1'.repeat(16))")
    assert len(tablet.run(salt)) == 32
    assert tablet.run(salt) != elsewhere.run(salt)


def test_voice_comes_back_in_order_after_a_crash(tablet: Tablet) -> None:
    begun(
        tablet,
        """
        await Promise.all([1, 2, 3].map((n) => draft.addChunk(new Uint8Array(1000 * n).fill(n))));
        """,
    )
    # The page ends without a farewell, and another opens.
    another = tablet.another()
    tablet.page.close()
    heard = found(
        another,
        """
        const other = await (await load('drafts')).find(given.code);
        const four = new Uint8Array([4]);
        await Promise.all([draft.addChunk(four), other.addChunk(four)]);
        await draft.addChunk(new Uint8Array([5]));
        return (await draft.chunks()).map((chunk) => [chunk.length, chunk[0]]);
        """,
    )
    assert heard == [[1000, 1], [2000, 2], [3000, 3], [1, 4], [1, 4], [1, 5]]


def test_voice_is_dropped_alone_or_with_its_draft_and_never_another_s(tablet: Tablet) -> None:
    left = begun(
        tablet,
        """
        const { begin } = await load('drafts');
        const other = await begin('2'.repeat(16), {});
        await other.addChunk(new Uint8Array([7]));
        await draft.addChunk(new Uint8Array([1]));
        await draft.save({ kept: true });
        await draft.dropChunks();
        const left = [(await draft.chunks()).length, await draft.load()];
        await draft.addChunk(new Uint8Array([2]));
        left.push((await draft.chunks()).map((chunk) => chunk[0]));
        await draft.drop();
        return [...left, (await other.chunks()).length];
        """,
    )
    assert left == [0, {"kept": True}, [2], 1]


def test_pieces_cannot_stand_in_for_one_another(tablet: Tablet) -> None:
    refused = begun(
        tablet,
        """
        await draft.addChunk(new Uint8Array([1]));
        await draft.addChunk(new Uint8Array([2]));
        const { write } = await load('store');
        await write(['chunks'], async (transaction) => {
          const store = transaction.objectStore('chunks');
          const [one, two] = await store.getAll();
          await store.put({ ...one, iv: two.iv, data: two.data });
        });
        return draft.chunks().then(() => 'read', (error) => error.name);
        """,
    )
    assert refused == "OperationError"
