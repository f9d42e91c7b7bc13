"""Appeals at 'My story': a teller may say that what was made of their words was not fair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from par_toolkit.storage import consents, receipts, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import appeals, items
from tests.storage.sensemaking import tables
from tests.web.pages import forms_of, show_mine, text_of


class Teller:
    """Somebody whose words led to an item."""

    def __init__(self, client: FlaskClient, db: PrivateDatabase, tell: Callable[..., Any]) -> None:
        tables.begin_cycle(db)
        self.client, self.code, self.db = client, receipts.new_code(), db
        self.story: int = tell("The bus stopped in May.", receipt=self.code).story_id
        self.item = self.add_item("Nobody asked the riders.")
        db.add(
            "insert into item_passages values (:item, :story, 'telling', 0, 7)",
            {"item": self.item, "story": self.story},
        )

    def add_item(self, words: str) -> int:
        return items.add(
            self.db, kind="concern", words=words, group="residents", cycle="cycle_1",
            source="stories", by=tables.person(self.db),
        )  # fmt: skip

    def post(self, act: str = "/mine/appeal", **fields: str) -> Any:
        """Post to /mine as the page does, whatever it offers."""
        given = forms_of(show_mine(self.client, self.code))["/mine/consent"].fields
        known = {"csrf_token": given["csrf_token"], "code": self.code, "item": str(self.item)}
        return self.client.post(act, data=known | fields)


@pytest.fixture
def teller(client: FlaskClient, db: PrivateDatabase, tell: Callable[..., Any]) -> Teller:
    return Teller(client, db, tell)


def test_a_teller_appeals_and_reads_the_answer(teller: Teller, db: PrivateDatabase) -> None:
    page = show_mine(teller.client, teller.code)
    assert "/mine/appeal" in forms_of(page) and "Nobody asked the riders." in text_of(page)
    sent = teller.post(appeal_words="Quixotic: I was never asked.")
    assert sent.status_code == 200 and "waits for its answer" in text_of(sent)
    assert appeals.holding(db) == {teller.item}
    assert "/mine/appeal" not in forms_of(sent)
    again = teller.post(appeal_words="And again.")
    assert again.status_code == 422 and "waits for its answer" in text_of(again)
    (appeal,) = appeals.of_cycle(db, "cycle_1")
    appeals.answer(db, appeal.id, "You are right.", upheld=True, by=tables.person(db))
    page = show_mine(teller.client, teller.code)
    assert "You are right." in text_of(page) and "looked at again" in text_of(page)
    assert "/mine/appeal" in forms_of(page)


def test_what_is_wrong_is_said_and_no_word_is_lost(teller: Teller, db: PrivateDatabase) -> None:
    empty = teller.post(appeal_words=" \u200b ")
    body = empty.get_data(as_text=True)
    assert empty.status_code == 422 and f'href="#appeal-{teller.item}"' in body
    for item in (str(teller.add_item("Of others.")), "99", "x", "9" * 40, ""):
        strange = teller.post(item=item, appeal_words="Quixotic.")
        assert strange.status_code == 422 and appeals.holding(db) == set()
    long = teller.post(appeal_words="x" * 100_001)
    assert long.status_code == 422 and "x" * 100_001 in long.get_data(as_text=True)


def test_an_appeal_is_taken_back_by_its_own_code_only(
    teller: Teller, db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    teller.post(appeal_words="Quixotic.")
    (appeal,) = appeals.of_cycle(db, "cycle_1")
    other = receipts.new_code()
    tell("Another story.", receipt=other)
    mine, teller.code = teller.code, other
    assert teller.post("/mine/appeal/back", appeal=str(appeal.id)).status_code == 422
    assert teller.post("/mine/appeal/back", appeal="x").status_code == 422
    assert appeals.holding(db) == {teller.item}
    teller.code = mine
    assert teller.post("/mine/appeal/back", appeal=str(appeal.id)).status_code == 200
    assert "Quixotic" not in "".join(db.conn.iterdump())


def test_an_appeal_is_not_lost_with_the_use_of_ones_words(
    teller: Teller, db: PrivateDatabase
) -> None:
    teller.post(appeal_words="Quixotic.")
    consents.change(db, teller.story, {"analyse": False}, wording=1, source="mine")
    page = show_mine(teller.client, teller.code)
    assert "Quixotic." in text_of(page) and "Nobody asked the riders." not in text_of(page)
    assert "/mine/appeal" not in forms_of(page)
    (appeal,) = appeals.of_cycle(db, "cycle_1")
    fields = forms_of(page)["/mine/appeal/back"].fields
    assert fields["appeal"] == str(appeal.id)
    appeals.answer(db, appeal.id, "You are right.", upheld=True, by=tables.person(db))
    assert "You are right." in text_of(show_mine(teller.client, teller.code))
    assert teller.post(appeal_words="More.").status_code == 422


def test_promise_06_an_appeal_goes_with_what_was_told(teller: Teller, db: PrivateDatabase) -> None:
    teller.post(appeal_words="Quixotic.")
    withdrawals.withdraw(db, teller.code)
    assert appeals.holding(db) == set()
    assert "Quixotic" not in "".join(db.conn.iterdump())


def test_promise_05_without_consent_nothing_was_made_of_it(
    teller: Teller, db: PrivateDatabase
) -> None:
    consents.change(db, teller.story, {"analyse": False}, wording=1, source="mine")
    page = show_mine(teller.client, teller.code)
    assert "Nobody asked the riders." not in text_of(page)
    assert teller.post(appeal_words="Quixotic.").status_code == 422
