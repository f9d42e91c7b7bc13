"""My story at /mine: the receipt code opens it, nothing else does, and nothing stays behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import (
    audit,
    consents,
    people,
    receipts,
    redactions,
    releases,
    stories,
    withdrawals,
)
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.journey import Step
from par_toolkit.storage.people import Person
from par_toolkit.storage.stories import Kept
from par_toolkit.web import journeys
from tests.web.pages import forms_of, show_mine, tell, text_of

pytestmark = pytest.mark.also_encrypted

CODE = "4711471147114711"


@pytest.fixture
def reader(db: PrivateDatabase) -> Callable[[str], Person]:
    """Hand out people who have signed in once: `reader("Made-up Mara")`."""

    def add(name: str) -> Person:
        return people.set_password(db, people.add(db, name, "facilitator"), "a long password")

    return add


def test_the_whole_way_from_telling_to_withdrawal(client: FlaskClient, db: PrivateDatabase) -> None:
    code = tell(client, "The ferry came late again.", consent=("analyse", "quote"))
    page = show_mine(client, code)
    assert page.status_code == 200
    assert "It arrived and is kept." in text_of(page)
    assert "The ferry came late again." in text_of(page)

    fields = forms_of(page)["/mine/consent"].fields
    assert fields.get("consent-analyse") == "yes" and "consent-publish" not in fields
    del fields["consent-quote"]
    page = client.post("/mine/consent", data=fields | {"consent-publish": "yes"})
    assert "leaves the findings within a minute" in text_of(page)
    (story,) = stories.listing(db)
    assert story.consent == {"analyse": True, "quote": False, "publish": True, "contact": False}

    page = client.post("/mine/withdraw", data=forms_of(page)["/mine/withdraw"].fields)
    assert "What it cannot reach" in text_of(page)
    assert stories.count(db) == 1
    page = client.post("/mine/withdraw", data=forms_of(page)["/mine/withdraw"].fields)
    assert "It is withdrawn" in text_of(page)
    assert stories.count(db) == 0
    assert withdrawals.pending(db) > 0
    assert show_mine(client, code).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        "4711 4711 4711 4711",
        "4711-4711-4711-4711",
        "４７１１４７１１４７１１４７１１",
        f" {CODE}\n",
    ],
)
def test_a_code_is_understood_however_it_is_written(
    client: FlaskClient, tell: Callable[..., Kept], typed: str
) -> None:
    tell("The lamp is mended.", receipt=CODE)
    assert "The lamp is mended." in text_of(show_mine(client, typed))


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "Type the receipt code from your slip"),
        ("4711", "there are 4 here"),
        ("4" * 17, "there are 17 here"),
        ("hello", "Type the receipt code from your slip"),
        ("4711471147114711x", "Type only the 16 digits"),
        ("\x00\u202e\ufffd" * 999, "Type the receipt code"),
        ("<script>alert(1)</script>", "there are 1 here"),
    ],
)
def test_what_is_not_a_code_gets_a_sentence(client: FlaskClient, typed: str, answer: str) -> None:
    page = show_mine(client, typed)
    assert page.status_code == 422
    assert answer in text_of(page)
    assert "<script>" not in page.get_data(as_text=True)


def test_promise_05_the_code_stands_in_no_address_cookie_or_session(
    client: FlaskClient, tell: Callable[..., Kept]
) -> None:
    tell("Words.", receipt=CODE)
    fields = forms_of(show_mine(client, CODE))["/mine/consent"].fields
    for path in ("/mine", "/mine/consent", "/mine/withdraw"):
        page = client.post(path, data=fields)
        assert page.status_code == 200
        assert CODE not in str(page.headers)
        assert not [a for a in forms_of(page) if CODE in a]
        with client.session_transaction() as session:
            assert CODE not in str(dict(session))


def test_all_contributions_under_one_code_are_shown_and_only_those(
    client: FlaskClient, tell: Callable[..., Kept]
) -> None:
    tell("The first of mine.", receipt=CODE)
    tell("The second of mine.", receipt=CODE)
    tell("Of somebody else.")
    page = text_of(show_mine(client, CODE))
    assert "The first of mine." in page and "The second of mine." in page
    assert "Of somebody else." not in page


def test_promise_06_everything_under_a_code_can_be_withdrawn_at_once(
    client: FlaskClient, tell: Callable[..., Kept], db: PrivateDatabase
) -> None:
    for words in ("One.", "Two."):
        tell(words, receipt=CODE)
    tell("Stays.")
    fields = forms_of(show_mine(client, CODE))["/mine/withdraw"].fields
    both = {name: fields[name] for name in ("csrf_token", "code")}
    assert "everything told under this code" in text_of(client.post("/mine/withdraw", data=both))
    client.post("/mine/withdraw", data=both | {"confirmed": "yes"})
    assert [story.answers["telling"] for story in stories.listing(db)] == ["Stays."]
    page = show_mine(client, CODE)
    assert page.status_code == 410
    assert "was withdrawn" in text_of(page)


def test_promise_06_one_of_two_is_withdrawn_and_the_other_stays(
    client: FlaskClient, tell: Callable[..., Kept], db: PrivateDatabase
) -> None:
    first, second = (tell(words, receipt=CODE).story_id for words in ("One.", "Two."))
    fields = forms_of(show_mine(client, CODE))["/mine/withdraw"].fields
    page = client.post("/mine/withdraw", data=fields | {"story": str(first), "confirmed": "yes"})
    assert "See what else is under this code" in text_of(page)
    assert stories.ids(db) == [second]


@pytest.mark.parametrize("story", ["999", "", "all", "1 or 1=1", "-1", "9" * 400])
def test_a_story_that_is_not_under_the_code_takes_nothing_with_it(
    client: FlaskClient, tell: Callable[..., Kept], db: PrivateDatabase, story: str
) -> None:
    """Only a form without a story means everything; a stale one must not withdraw the rest."""
    tell("Mine.", receipt=CODE)
    fields = forms_of(show_mine(client, CODE))["/mine/withdraw"].fields
    stale = fields | {"story": story, "confirmed": "yes"}
    assert client.post("/mine/withdraw", data=stale).status_code == 200
    assert client.post("/mine/consent", data=stale).status_code == 200
    assert stories.count(db) == 1
    assert stories.listing(db)[0].consent["analyse"] is True


def test_nobody_reaches_the_story_of_another_code(
    client: FlaskClient, tell: Callable[..., Kept], db: PrivateDatabase
) -> None:
    theirs = tell("Theirs.", receipt="9" * 16).story_id
    tell("Mine.", receipt=CODE)
    fields = forms_of(show_mine(client, CODE))["/mine/withdraw"].fields
    attack = fields | {"story": str(theirs), "confirmed": "yes"}
    for path in ("/mine/withdraw", "/mine/consent"):
        assert "Theirs." not in text_of(client.post(path, data=attack))
    assert consents.today(db, theirs or 0)["analyse"] is True
    assert stories.get(db, theirs or 0) is not None


def test_promise_06_a_withdrawal_may_come_before_the_story(
    client: FlaskClient, tell: Callable[..., Kept]
) -> None:
    page = show_mine(client, CODE)
    assert page.status_code == 404
    assert "may not have arrived yet" in text_of(page)
    page = client.post("/mine/withdraw", data=forms_of(page)["/mine/withdraw"].fields)
    page = client.post("/mine/withdraw", data=forms_of(page)["/mine/withdraw"].fields)
    assert "It is withdrawn" in text_of(page)
    assert tell("Late words.", receipt=CODE).status == "withdrawn"


def test_promise_03_a_lost_session_asks_for_the_code_and_does_not_show_it(
    client: FlaskClient, tell: Callable[..., Kept]
) -> None:
    """The browser may be sending again what somebody else typed; the holder has the slip."""
    tell("Mine alone.", receipt=CODE)
    fields = forms_of(client.get("/mine?lang=en"))["/mine"].fields | {"code": CODE}
    client.delete_cookie("par")
    page = client.post("/mine?lang=en", data=fields)
    assert page.status_code == 400
    assert "Type the receipt code from your slip" in text_of(page)
    assert CODE not in page.get_data(as_text=True)
    assert forms_of(page)["/mine"].fields["code"] == ""


@pytest.mark.parametrize("way", ["/", "/mine", "/tell"])
@pytest.mark.parametrize("page", ["/mine", "/mine/consent", "/mine/withdraw"])
def test_promise_03_a_story_that_was_closed_is_not_shown_when_its_page_is_sent_again(
    client: FlaskClient, tell: Callable[..., Kept], db: PrivateDatabase, way: str, page: str
) -> None:
    """Back and Reload post again what the last person posted, with their code in it."""
    tell("Mine alone.", receipt=CODE)
    fields = forms_of(show_mine(client, CODE))["/mine/consent"].fields
    assert client.post("/mine", data=fields).status_code == 200
    client.get(way)
    again = client.post(page, data=fields)
    assert again.status_code == 400
    assert "Mine alone." not in text_of(again) and CODE not in again.get_data(as_text=True)
    assert consents.history(db, stories.ids(db)[0])[4:] == []


def test_promise_15_changing_consent_and_withdrawing_are_recorded_without_words(
    client: FlaskClient, tell: Callable[..., Kept], db: PrivateDatabase
) -> None:
    tell("Zanzibarquartz.", receipt=CODE)
    fields = forms_of(show_mine(client, CODE))["/mine/consent"].fields
    client.post("/mine/consent", data=fields | {"consent-contact": "yes"})
    client.post("/mine/withdraw", data=fields | {"confirmed": "yes"})
    rows = audit.listing(db)
    assert [(row["role"], row["action"]) for row in rows] == [
        ("participant", "withdraw"),
        ("participant", "change_consent"),
    ]
    assert "Zanzibarquartz" not in str(rows) and CODE not in str(rows)
    assert audit.verify(db).whole


def test_the_journey_tells_each_step_and_shows_what_is_hidden(
    client: FlaskClient,
    tell: Callable[..., Kept],
    db: PrivateDatabase,
    reader: Callable[[str], Person],
) -> None:
    story = tell("Nurse Quillfeather was kind.", receipt=CODE, answers={"title": "Kind"}).story_id
    assert story is not None
    mara, milo = reader("Made-up Mara"), reader("Made-up Milo")
    stories.mark_read(db, story)
    redactions.add(db, story, question="telling", start=0, end=18, label="name", by=mara)
    for person in (mara, milo):
        releases.approve(db, story, by=person)
    page = text_of(show_mine(client, CODE))
    for sentence in (
        "Kind",
        "Somebody from this inquiry has read it.",
        "One place was hidden that could show who somebody is.",
        "Two people agreed that its words may be shared",
        "Nurse Quillfeather was kind.",
        "[name] was kind.",
    ):
        assert sentence in page, sentence


def test_every_step_has_a_sentence_in_both_languages(app: Flask) -> None:
    kinds = (
        "told", "read", "redacted", "released", "proposed", "themed", "stands_alone",
        "says_little", "quoted", "published",
    )  # fmt: skip
    for lang in ("en", "fr"):
        with app.test_request_context(f"/?lang={lang}"):
            found = [journeys.sentence(Step(kind, None, "2")) for kind in kinds]
        assert len(set(found)) == len(kinds)
        assert not set(found) & set(kinds)
    with app.test_request_context("/?lang=fr"):
        assert journeys.sentence(Step("redacted", None, "2")).startswith("2 passages")


def test_words_stay_readable_when_the_form_of_their_time_is_lost(
    client: FlaskClient, tell: Callable[..., Kept]
) -> None:
    tell("Old words.", receipt=CODE, form="lost", form_version=7)
    page = show_mine(client, CODE)
    assert page.status_code == 200
    assert "Old words." in text_of(page)


def test_choices_are_shown_by_name(client: FlaskClient, tell: Callable[..., Kept]) -> None:
    tell("Words.", receipt=CODE, group="carers", answers={"kind": "success"})
    page = text_of(show_mine(client, CODE))
    assert "Family and unpaid carers" in page
    assert "A success: something went well" in page


def test_trying_codes_is_slowed(client: FlaskClient) -> None:
    fields = forms_of(client.get("/mine?lang=en"))["/mine"].fields
    statuses = [
        client.post("/mine", data=fields | {"code": f"{number:016d}"}).status_code
        for number in range(61)
    ]
    assert statuses == [404] * 60 + [429]


def test_promise_06_a_known_code_is_opened_and_withdrawn_whatever_others_try(
    client: FlaskClient, tell: Callable[..., Kept], db: PrivateDatabase
) -> None:
    """All phones of a hall come from one address; a prankster must not lock the others out."""
    tell("Mine.", receipt=CODE)
    test_trying_codes_is_slowed(client)
    fields = forms_of(show_mine(client, CODE))["/mine/withdraw"].fields
    assert client.post("/mine/withdraw", data=fields | {"confirmed": "yes"}).status_code == 200
    assert stories.count(db) == 0


def test_only_a_digest_of_the_code_is_kept(
    client: FlaskClient, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    code = tell(client, "Words.")
    assert receipts.find(db, code) is not None
    for path in inquiry.folder.glob("private.db*"):
        assert code.encode() not in path.read_bytes()
