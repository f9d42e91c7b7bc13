"""Telling at /tell: languages first, one page, nothing typed is lost, a code at the end."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import consents, receipts, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import DiskFull, InquiryBusy
from par_toolkit.web import telling
from par_toolkit.web.app import create_app
from tests.web.pages import USES, forms_of, open_telling, send, tell, text_of

WORDS = "The lantern by the bridge was mended.\n\n  Twice."

#: Fields a telling carries along that nobody is asked for.
HIDDEN = {"csrf_token", "uuid", "receipt", "form_version", "wording"}


@pytest.fixture
def changed(inquiry: Inquiry) -> Callable[..., Flask]:
    """Hand out an app whose inquiry.toml has one text replaced by another."""

    def change(old: str, new: str) -> Flask:
        path = inquiry.folder / "inquiry.toml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        return create_app(inquiry.folder)

    return change


def test_languages_come_before_the_forms(client: FlaskClient) -> None:
    page = client.get("/tell").get_data(as_text=True)
    assert page.index("Français") < page.index("<h1") < page.index("/tell/story")


def test_the_story_form_is_offered_first(client: FlaskClient) -> None:
    page = client.get("/tell").get_data(as_text=True)
    links = re.findall(r'href="(/tell/[a-z]+)"', page[page.index("<h1") :])
    assert links == ["/tell/story", "/tell/feedback", "/tell/reflection"]


def test_what_happened_is_asked_before_all_other_questions(client: FlaskClient) -> None:
    controls = forms_of(client.get("/tell/story"))["/tell/story"].controls
    consents_asked = [f"consent-{use}" for use in USES]
    assert [name for name in controls if name in consents_asked] == consents_asked
    aside = HIDDEN | {*consents_asked, "contact-how"}  # which belongs to the last of them
    asked = list(dict.fromkeys(name for name in controls if name not in aside))
    assert asked == ["telling", "title", "kind", "group", "changed", "next"]


def test_promise_05_no_consent_is_ticked_for_the_teller(client: FlaskClient) -> None:
    fields = forms_of(client.get("/tell/story"))["/tell/story"].fields
    assert not any(name.startswith("consent") for name in fields)


def test_help_and_confidentiality_stand_on_the_page_of_the_telling(client: FlaskClient) -> None:
    page = client.get("/tell/story?lang=en")
    assert "serious danger" in text_of(page)
    html = page.get_data(as_text=True)
    assert html.index('id="help-now"') < html.index('name="telling"')
    assert 'href="tel:112"' in html


def test_a_story_is_kept_as_told(client: FlaskClient, db: PrivateDatabase) -> None:
    code = tell(client, WORDS, title="Light", kind="success", group="carers", consent=("analyse",))
    (story,) = stories.listing(db)
    assert story.answers == {
        "telling": WORDS,
        "title": "Light",
        "kind": "success",
        "group": "carers",
    }
    assert (story.form, story.form_version, story.language) == ("story", 1, "en")
    assert (story.source, story.group, story.kind) == ("web", "carers", "success")
    assert story.cycle == "cycle_1"
    assert story.consent == {"analyse": True, "quote": False, "publish": False, "contact": False}
    receipt = receipts.find(db, code)
    assert receipt is not None and receipts.stories_of(db, receipt) == [story.id]


def test_promise_05_each_use_is_recorded_with_the_wording_that_was_asked(
    client: FlaskClient, db: PrivateDatabase
) -> None:
    tell(client, WORDS, consent=("quote", "contact"))
    (story,) = stories.listing(db)
    rows = consents.history(db, story.id)
    assert {row["use"]: bool(row["granted"]) for row in rows} == {
        "analyse": False, "quote": True, "publish": False, "contact": True,
    }  # fmt: skip
    assert {row["wording"] for row in rows} == {1}
    assert consents.known_wordings(db) == {1}


@pytest.mark.parametrize("form", ["story", "reflection", "feedback"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_form_can_be_told_in_each_language(
    client: FlaskClient, db: PrivateDatabase, form: str, lang: str
) -> None:
    fields = open_telling(client, form=form, lang=lang)
    controls = forms_of(client.get(f"/tell/{form}"))[f"/tell/{form}"].controls
    known = HIDDEN | {"contact-how", "kind", "group", "cycle", "heard"}
    question = next(n for n in controls if n not in known and not n.startswith("consent"))
    cycle = {"cycle": "cycle_1"} if form == "reflection" else {}
    response = send(client, f"/tell/{form}?lang={lang}", fields | {question: "Mots."} | cycle)
    assert response.status_code == 303, text_of(response)
    (story,) = stories.listing(db)
    assert (story.form, story.language) == (form, lang)
    assert story.themed is (form == "story")


def test_the_page_after_a_telling_shows_the_code_large_with_a_square_to_scan(
    client: FlaskClient,
) -> None:
    code = tell(client, WORDS)
    page = client.get("/tell/done")
    groups = [code[at : at + 4] for at in range(0, 16, 4)]
    assert " ".join(groups) in text_of(page)
    html = page.get_data(as_text=True)
    drawn = re.search(r"<svg[^>]*>", html)
    # with a width of its own and no viewBox the square is cut off where the page makes it smaller
    assert drawn and "viewBox" in drawn[0] and "width" not in drawn[0]
    assert "style=" not in html
    assert code not in html  # only the square and the four groups carry it
    assert 'href="/mine"' in html


def test_promise_03_hand_over_forgets_the_code_and_the_session(
    client: FlaskClient, db: PrivateDatabase
) -> None:
    code = tell(client, WORDS)
    fields = forms_of(client.get("/tell/done?lang=fr"))["/tell/handover"].fields
    response = client.post("/tell/handover", data=fields)
    assert (response.status_code, response.headers["Location"]) == (303, "/tell")
    assert response.headers["Clear-Site-Data"] == '"cache"'
    with client.session_transaction() as session:
        assert dict(session) == {}
    after = text_of(client.get("/tell/done"))
    assert code[:4] + " " + code[4:8] not in after
    assert "not shown any more" in after
    assert stories.count(db) == 1


def test_promise_03_no_page_of_words_may_be_stored_by_the_browser(client: FlaskClient) -> None:
    code = tell(client, WORDS)
    for path in ("/", "/tell", "/tell/story", "/tell/done", "/mine", "/nowhere"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path
    shown = client.post("/mine", data={"code": code})
    assert shown.headers["Cache-Control"] == "no-store"


def test_promise_03_words_and_codes_are_in_no_address_cookie_or_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    fields = open_telling(client) | {"telling": "Zanzibarquartz"}
    code = fields["receipt"]
    response = send(client, "/tell/story", fields)
    cookie = response.headers["Set-Cookie"]
    client.get("/tell/done")
    with client.session_transaction() as session:
        held = str(dict(session))
    for secret in (code, " ".join(code[at : at + 4] for at in range(0, 16, 4)), "Zanzibarquartz"):
        assert secret not in response.headers["Location"]
        assert secret not in cookie
        assert secret not in held
        assert secret not in caplog.text


def test_promise_02_the_same_page_sent_twice_is_kept_once_and_shows_the_same_code(
    client: FlaskClient, db: PrivateDatabase
) -> None:
    fields = open_telling(client) | {"telling": WORDS}
    for _ in range(2):
        assert send(client, "/tell/story", fields).status_code == 303
    assert stories.count(db) == 1
    page = text_of(client.get("/tell/done?lang=en"))
    assert "kept once" in page
    assert fields["receipt"][:4] in page


def test_promise_02_twelve_at_once_make_one_row(app: Flask, db: PrivateDatabase) -> None:
    """The page's own fifty-fold version is a promise test; here the threads go through the page."""
    first = app.test_client()
    fields = open_telling(first) | {"telling": WORDS}
    token = fields["csrf_token"]
    cookie = first.get_cookie("par")
    assert cookie is not None and token
    statuses = []

    def post() -> None:
        client = app.test_client()
        client.set_cookie("par", cookie.value)
        statuses.append(send(client, "/tell/story", dict(fields)).status_code)

    threads = [threading.Thread(target=post) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 12
    assert stories.count(db) == 1
    assert stories.siblings(db, stories.ids(db)[0]) == []


def test_promise_02_other_words_from_the_same_page_are_kept_beside(
    client: FlaskClient, db: PrivateDatabase
) -> None:
    fields = open_telling(client) | {"telling": WORDS}
    send(client, "/tell/story", fields)
    assert send(client, "/tell/story", fields | {"telling": "Other words."}).status_code == 303
    assert "Both are kept" in text_of(client.get("/tell/done?lang=en"))
    assert stories.count(db) == 1
    assert len(stories.siblings(db, stories.ids(db)[0])) == 1


def test_promise_06_a_withdrawn_page_sent_again_keeps_nothing(
    client: FlaskClient, db: PrivateDatabase
) -> None:
    fields = open_telling(client) | {"telling": WORDS}
    send(client, "/tell/story", fields)
    withdrawals.withdraw(db, fields["receipt"])
    assert send(client, "/tell/story", fields).status_code == 303
    page = client.get("/tell/done?lang=en")
    assert page.status_code == 410
    assert "withdrawn before" in text_of(page)
    assert stories.count(db) == 0


def test_promise_16_a_refused_form_keeps_every_word_and_every_tick(client: FlaskClient) -> None:
    fields = open_telling(client) | {
        "telling": " \n ", "title": "A <b>title</b>", "kind": "both", "changed": "Line\nline",
        "consent-quote": "yes",
    }  # fmt: skip
    response = send(client, "/tell/story?lang=en", fields)
    assert response.status_code == 422
    shown = forms_of(response)["/tell/story"].fields
    for name in ("title", "kind", "changed", "consent-quote", "uuid", "receipt"):
        assert shown[name] == fields[name], name
    assert "consent-analyse" not in shown
    html = response.get_data(as_text=True)
    assert 'href="#telling"' in html and 'id="problem-list"' in html
    assert "<b>title" not in html


@pytest.mark.parametrize("handed_over", [False, True])
@pytest.mark.parametrize("then", [{"telling": ""}, {"language": "fr"}])
def test_promise_03_a_telling_that_is_kept_never_comes_back_with_its_words(
    client: FlaskClient, then: dict[str, str], handed_over: bool
) -> None:
    """After Back, Reload sends again the page that was refused, or shown in another language."""
    refused = open_telling(client) | {"title": "Zanzibarquartz"} | then
    assert send(client, "/tell/story", refused).status_code in (200, 422)
    kept = {name: text for name, text in refused.items() if name != "language"}
    assert send(client, "/tell/story", kept | {"telling": WORDS}).status_code == 303
    if handed_over:
        fields = forms_of(client.get("/tell/done"))["/tell/handover"].fields
        client.post("/tell/handover", data=fields)
    page = send(client, "/tell/story", refused)
    assert (page.status_code, page.headers["Location"]) == (303, "/tell/done")
    assert "Zanzibarquartz" not in page.get_data(as_text=True)


def test_promise_16_a_lost_session_keeps_every_word(client: FlaskClient) -> None:
    fields = open_telling(client) | {"telling": WORDS, "consent-publish": "yes"}
    client.delete_cookie("par")
    response = send(client, "/tell/story?lang=en", fields)
    assert response.status_code == 400
    shown = forms_of(response)["/tell/story"].fields
    assert shown["telling"] == WORDS
    assert shown["consent-publish"] == "yes"
    assert "still here" in text_of(response)
    assert send(client, "/tell/story", shown).status_code == 303


def test_promise_16_a_token_of_another_day_is_still_good(client: FlaskClient, app: Flask) -> None:
    """A token that ended after an hour lost people's words in the field."""
    assert app.config["WTF_CSRF_TIME_LIMIT"] is None


@pytest.mark.parametrize(("error", "status"), [(DiskFull("full"), 507), (InquiryBusy("busy"), 503)])
def test_promise_16_a_full_disk_keeps_every_word_on_the_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise error

    fields = open_telling(client) | {"telling": WORDS}
    monkeypatch.setattr(stories, "keep", fail)
    response = send(client, "/tell/story", fields)
    assert response.status_code == status
    assert forms_of(response)["/tell/story"].fields["telling"] == WORDS


def test_a_change_of_language_keeps_every_word(client: FlaskClient, db: PrivateDatabase) -> None:
    fields = open_telling(client, lang="en") | {"telling": WORDS, "consent-quote": "yes"}
    response = send(client, "/tell/story?lang=en", fields | {"language": "fr"})
    assert response.status_code == 200
    assert "Que s’est-il passé" in text_of(response)
    shown = forms_of(response)["/tell/story"].fields
    assert (shown["telling"], shown["consent-quote"]) == (WORDS, "yes")
    assert (shown["uuid"], shown["receipt"]) == (fields["uuid"], fields["receipt"])
    assert stories.count(db) == 0
    assert "Merci de répondre" not in response.get_data(as_text=True).split("<form")[0]


def test_a_million_characters_are_kept(client: FlaskClient, db: PrivateDatabase) -> None:
    long = "Ça a duré. " * 90_909 + "ह"
    assert len(long) == 1_000_000
    tell(client, long)
    (story,) = stories.listing(db)
    assert story.answers["telling"] == long.strip() or story.answers["telling"] == long


def test_more_than_eight_megabytes_say_where_the_words_are(client: FlaskClient) -> None:
    fields = open_telling(client) | {"telling": "x" * (8 * 1024 * 1024)}
    response = send(client, "/tell/story?lang=en", fields)
    assert response.status_code == 413
    assert "still on the page before this one" in text_of(response)


@pytest.mark.parametrize("uuid", ["", "no", "1" * 5000, "\x00", "{" + "0" * 36 + "}"])
def test_a_malformed_uuid_is_replaced(client: FlaskClient, db: PrivateDatabase, uuid: str) -> None:
    fields = open_telling(client) | {"telling": WORDS, "uuid": uuid}
    assert send(client, "/tell/story", fields).status_code == 303
    (story,) = stories.listing(db)
    assert telling.well_formed_uuid(story.uuid) == story.uuid


def test_capture_is_closed_while_nobody_can_be_turned_to(changed: Callable[..., Flask]) -> None:
    app = changed("[[help]]", "[[not_help]]")
    client = app.test_client()
    for path in ("/tell", "/tell/story", "/tell/story/paper"):
        response = client.get(path)
        assert response.status_code == 503
        assert "Telling is closed" in text_of(response)
    assert client.get("/mine").status_code == 200


def test_a_telling_that_was_open_when_capture_closed_keeps_its_words(
    changed: Callable[..., Flask], client: FlaskClient, db: PrivateDatabase
) -> None:
    fields = open_telling(client) | {"telling": WORDS}
    cookie = client.get_cookie("par")
    assert cookie is not None
    later = changed("[[help]]", "[[not_help]]").test_client()
    later.set_cookie("par", cookie.value)
    response = send(later, "/tell/story?lang=en", fields)
    assert response.status_code == 422
    assert forms_of(response)["/tell/story"].fields["telling"] == WORDS
    assert stories.count(db) == 0


def test_the_join_code_is_typed_once(changed: Callable[..., Flask], db: PrivateDatabase) -> None:
    client = changed('join_code = ""', 'join_code = "Blue Heron 7"').test_client()
    assert client.get("/tell/story").headers["Location"] == "/tell"
    page = client.get("/tell?lang=en")
    assert "/tell/story" not in page.get_data(as_text=True)
    fields = forms_of(page)["/tell"].fields
    wrong = client.post("/tell", data=fields | {"join_code": "blue her0n 7"})
    assert wrong.status_code == 422
    assert "not the join code" in text_of(wrong)
    right = client.post("/tell", data=fields | {"join_code": " blue  heron7 "})
    assert right.status_code == 303
    tell(client, WORDS)
    tell(client, WORDS)
    handed = forms_of(client.get("/tell/done"))["/tell/handover"].fields
    client.post("/tell/handover", data=handed)
    assert client.get("/tell/story").status_code == 200


def test_a_lost_join_code_is_asked_again_beside_the_words(
    changed: Callable[..., Flask], db: PrivateDatabase
) -> None:
    app = changed('join_code = ""', 'join_code = "heron"')
    client = app.test_client()
    token = forms_of(client.get("/tell?lang=en"))["/tell"].fields["csrf_token"]
    typed = {"csrf_token": token, "telling": WORDS}
    response = send(client, "/tell/story", typed)
    assert response.status_code == 422
    shown = forms_of(response)["/tell/story"]
    assert shown.fields["telling"] == WORDS
    assert "join_code" in shown.controls
    assert send(client, "/tell/story", shown.fields | {"join_code": "HERON"}).status_code == 303
    assert stories.count(db) == 1


def test_guessing_the_join_code_is_slowed_and_keeps_the_words(
    changed: Callable[..., Flask],
) -> None:
    client = changed('join_code = ""', 'join_code = "heron"').test_client()
    token = forms_of(client.get("/tell?lang=en"))["/tell"].fields["csrf_token"]
    typed = {"csrf_token": token, "telling": WORDS, "join_code": "guess"}
    answers = [send(client, "/tell/story", typed) for _ in range(61)]
    assert "not the join code" in text_of(answers[0])
    assert "many tries" in text_of(answers[-1])
    assert forms_of(answers[-1])["/tell/story"].fields["telling"] == WORDS
    # somebody else behind the same address, with the right code
    assert send(client, "/tell/story", typed | {"join_code": "heron"}).status_code == 303


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("form", ["story", "reflection", "feedback"])
def test_each_form_prints_on_paper(client: FlaskClient, form: str, lang: str) -> None:
    page = client.get(f"/tell/{form}/paper?lang={lang}")
    assert page.status_code == 200
    assert 'href="/tell/paper.css"' in page.get_data(as_text=True)
    assert "112" in text_of(page)
    style = client.get("/tell/paper.css")
    assert style.mimetype == "text/css" and "@page" in style.get_data(as_text=True)


def test_unknown_forms_are_not_found(client: FlaskClient) -> None:
    for path in ("/tell/nothing", "/tell/nothing/paper", "/tell/%F0%9F%8C%B1"):
        assert client.get(path).status_code == 404
    token = open_telling(client)["csrf_token"]
    assert client.post("/tell/nothing", data={"csrf_token": token}).status_code == 404
    assert client.post("/tell/nothing", data={}).status_code == 404, "also without a session"


def test_a_community_changes_a_form_without_touching_code(
    client: FlaskClient, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    from forms.catalogue import SHIPPED

    text = (SHIPPED / "story-1.toml").read_text("utf-8")
    text = text.replace("version = 1", "version = 2").replace("What happened?", "What was it like?")
    Path(inquiry.forms_folder / "story-2.toml").write_text(text, "utf-8")
    assert "What was it like?" in text_of(client.get("/tell/story?lang=en"))
    tell(client, WORDS)
    assert stories.listing(db)[0].form_version == 2


def test_one_question_a_screen_is_asked_of_scripts_only_where_the_inquiry_wants_it(
    changed: Callable[..., Flask], client: FlaskClient
) -> None:
    assert "data-one-a-screen" not in client.get("/tell/story").get_data(as_text=True)
    app = changed("one_question_a_screen = false", "one_question_a_screen = true")
    page = app.test_client().get("/tell/story").get_data(as_text=True)
    assert "data-one-a-screen" in page
    assert page.count('class="step') == 8
