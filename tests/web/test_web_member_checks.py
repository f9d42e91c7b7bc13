"""What tellers say at 'My story' of the uses of their words, and how the desk answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from par_toolkit.storage import receipts, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import checks
from par_toolkit.storage.sensemaking.word_uses import Use
from tests.storage.sensemaking import tables
from tests.storage.sensemaking.wholes import NAME, QUOTED, TELLING, item_of, theme_of
from tests.web.desk.conftest import Desk, desk
from tests.web.pages import forms_of, show_mine, text_of

__all__ = ["desk"]


class Teller:
    """Somebody who told a story that stands under a theme, and what they see of it."""

    def __init__(self, client: FlaskClient, db: PrivateDatabase, tell: Callable[..., Any]) -> None:
        tables.begin_cycle(db)
        self.client, self.code = client, receipts.new_code()
        self.story: int = tell(TELLING, receipt=self.code).story_id
        self.theme = theme_of(db, self.story, by=tables.person(db))
        self.item = item_of(db, "The bus stopped.", self.story)

    def reads(self) -> str:
        return text_of(show_mine(self.client, self.code))

    def say(self, kind: str = "theme", reference: int | None = None, **fields: str) -> Any:
        """Fill in the form of one use, as on the page."""
        page = show_mine(self.client, self.code)
        given = forms_of(page)["/mine/check"].fields
        given |= {"kind": kind, "reference": str(reference or self.theme)}
        return self.client.post("/mine/check", data=given | fields)


@pytest.fixture
def teller(client: FlaskClient, db: PrivateDatabase, tell: Callable[..., Any]) -> Teller:
    return Teller(client, db, tell)


def test_a_teller_sees_theme_quote_and_what_was_made_of_it(teller: Teller) -> None:
    page = teller.reads()
    assert "Did we get it right?" in page
    for words in (NAME, "How people come there.", QUOTED, "The bus stopped."):
        assert words in page


def test_what_a_teller_says_is_kept_shown_and_answered(
    teller: Teller, db: PrivateDatabase, desk: Callable[..., Desk]
) -> None:
    answer = teller.say(answer="not_that", words="It is about the nurse.")
    assert answer.status_code == 200
    assert "not published until somebody has answered" in text_of(answer)
    assert checks.holding(db).themes == {(teller.story, teller.theme)}
    at_desk = desk("facilitator")
    theme = text_of(at_desk.get(f"/desk/themes/{teller.theme}"))
    assert "What tellers say of it" in theme and "It is about the nurse." in theme
    listed = text_of(at_desk.get("/circles/checks"))
    assert "“Not that”" in listed and NAME in listed
    (check,) = checks.listing(db)
    act = f"/circles/checks/{check.id}"
    refused = at_desk.press("/circles/checks", act, {"reply": " "})
    assert refused.status_code == 422 and "Write what you tell the teller." in text_of(refused)
    done = at_desk.press("/circles/checks", act, {"reply": "We took it out."})
    assert done.status_code == 303
    assert checks.holding(db) == checks.Held(frozenset(), frozenset(), frozenset())
    assert "We took it out." in teller.reads()
    twice = at_desk.post(act, {"reply": "Once more."})
    assert twice.status_code == 422 and "has its answer already" in text_of(twice)


def test_the_item_and_the_cycle_say_that_tellers_wait(
    teller: Teller, desk: Callable[..., Desk]
) -> None:
    teller.say("construction", teller.item, answer="change_it", words="It was June.")
    at_desk = desk()
    item = text_of(at_desk.get(f"/circles/items/{teller.item}"))
    assert "What tellers say of it" in item and "It was June." in item
    page = at_desk.text("/circles/cycle")
    assert "1 teller said that we got something wrong" in page
    assert 'href="/circles/checks"' in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose one of the answers first."),
        ({"answer": "perhaps"}, "Choose one of the answers first."),
        ({"answer": "change_it", "words": " \u200b"}, "Say in your words what to change."),
        ({"answer": "not_that", "words": "x" * 5001}, "That is too long."),
    ],
)
def test_what_is_refused_keeps_every_word(
    teller: Teller, db: PrivateDatabase, fields: dict[str, str], sentence: str
) -> None:
    refused = teller.say(**fields)
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    if fields.get("words", "").startswith("x"):
        assert fields["words"] in refused.get_data(as_text=True)
    assert checks.listing(db) == []


def test_only_the_holder_of_the_code_speaks_and_only_of_what_is_so(
    teller: Teller, db: PrivateDatabase, tell: Callable[..., Any]
) -> None:
    other = tell("Another made-up story of somebody else.").story_id
    answer = teller.say(answer="not_that", story=str(other))
    assert answer.status_code == 200 and checks.listing(db) == []
    for reference in (99, 10**20):
        refused = teller.say("theme", reference, answer="not_that")
        assert refused.status_code == 422
        assert "not used in this way any more" in text_of(refused)
    refused = teller.say("letter", answer="not_that")
    assert refused.status_code == 422
    nobody = teller.say(answer="not_that", code="4711" * 4)
    assert nobody.status_code == 404 and checks.listing(db) == []


def test_a_teller_can_withdraw_from_where_they_are_asked(teller: Teller) -> None:
    page = show_mine(teller.client, teller.code)
    assert 'formaction="/mine/withdraw"' in page.get_data(as_text=True)
    fields = forms_of(page)["/mine/check"].fields
    asked = teller.client.post("/mine/withdraw", data=fields)
    assert asked.status_code == 200 and "/mine/withdraw" in forms_of(asked)


def test_after_a_withdrawal_nothing_of_it_is_at_the_desk(
    teller: Teller, db: PrivateDatabase, desk: Callable[..., Desk]
) -> None:
    teller.say(answer="not_that", words="Zanzibarquartz")
    check = checks.listing(db)[0]
    withdrawals.withdraw_story(db, teller.story)
    at_desk = desk()
    assert "Zanzibarquartz" not in at_desk.text("/circles/checks")
    gone = at_desk.post(f"/circles/checks/{check.id}", {"reply": "Sorry."})
    assert gone.status_code == 422 and "may have withdrawn" in text_of(gone)


def test_a_renamed_theme_is_asked_of_anew(teller: Teller, db: PrivateDatabase) -> None:
    checks.say(db, Use(teller.story, "theme", teller.theme), "thats_it")
    assert "reads otherwise since" not in teller.reads()
    db.change("update themes set name = 'Getting there'")
    assert "reads otherwise since" in teller.reads()


def test_nobody_else_reads_what_tellers_say(client: FlaskClient, desk: Callable[..., Desk]) -> None:
    assert client.get("/circles/checks").status_code == 303
    assert desk("safeguarding").get("/circles/checks").status_code == 403
