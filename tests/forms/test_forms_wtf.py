"""The form on a page: what people see, what they get back when an answer is refused."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

import forms
from forms import Form, Question, wtf

OPTIONS = {
    "groups": [("residents", "Residents"), ("staff", "Staff <night>")],
    "cycles": [("2025", "2025")],
}
STORY = forms.load("story")


@pytest.fixture(autouse=True)
def page() -> Iterator[Flask]:
    app = Flask("test")
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    with app.test_request_context("/", method="POST"):
        yield app


def _filled(form: Form, language: str = "en", **answers: Any) -> wtf.QuestionForm:
    return wtf.form_class(form, language, options=OPTIONS)(formdata=MultiDict(answers))


class _Elements(HTMLParser):
    """Collects (tag, attributes) of everything in a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in tags]


@pytest.mark.parametrize("name", ["story", "reflection", "feedback"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_question_is_a_field_in_the_language(name: str, language: str) -> None:
    form = forms.load(name)
    filled = wtf.form_class(form, language, options=OPTIONS)(formdata=None)
    assert list(filled._fields) == [question.name for question in form.questions]
    for question in form.questions:
        assert filled[question.name].label.text == question.labels[language]
        assert filled[question.name].description == question.helps.get(language, "")


def test_each_kind_has_the_field_that_fits() -> None:
    kinds = ("long_text", "short_text", "choice", "many", "number", "date")
    option = forms.Option("a", {"en": "A"})
    questions = tuple(
        Question(kind, kind, {"en": kind}, options=(option,) * (kind in ("choice", "many")))
        for kind in kinds
    )
    filled = _filled(Form("made_up", 1, {"en": "x"}, {}, questions))
    assert [filled[kind].type for kind in kinds] == [
        "TextAreaField", "StringField", "RadioField", "SelectMultipleField", "StringField",
        "StringField",
    ]  # fmt: skip
    assert 'inputmode="decimal"' in filled["number"]()
    assert 'type="date"' in filled["date"]()
    assert 'type="checkbox"' in filled["many"]()


def test_answers_are_those_of_validate() -> None:
    filled = _filled(
        STORY, telling="A story\r\nof two lines", kind="success", group="", title=" ", extra="x"
    )
    assert filled.validate()
    assert filled.answers() == {"telling": "A story\nof two lines", "kind": "success"}


def test_rather_not_say_is_offered_and_leaves_nothing_behind() -> None:
    filled = _filled(STORY, "fr", telling="x", group="")
    html = filled.block("group")
    assert "Je préfère ne pas répondre" in html
    assert filled.validate()
    assert "group" not in filled.answers()
    (chosen,) = [each for each in _Elements(html).all("input") if "checked" in each]
    assert chosen["value"] == ""
    fresh = wtf.form_class(STORY, "fr", options=OPTIONS)(formdata=None)
    assert "checked" not in fresh.block("group")


def test_a_required_choice_offers_no_way_around_it() -> None:
    question = Question("q", "choice", {"en": "Q"}, required=True, options_from="groups")
    filled = _filled(Form("made_up", 1, {"en": "x"}, {}, (question,)))
    assert "rather not" not in filled.block("q")
    assert not filled.validate()
    assert filled["q"].errors == ["Please choose an answer to the question “Q”."]


def test_many_boxes_come_back_ticked() -> None:
    question = Question("q", "many", {"en": "Q"}, options_from="groups")
    form = wtf.form_class(Form("made_up", 1, {"en": "x"}, {}, (question,)), "en", options=OPTIONS)(
        formdata=MultiDict([("q", "staff"), ("q", "residents")])
    )
    assert form.validate()
    assert form.answers() == {"q": ["residents", "staff"]}
    assert form.block("q").count("checked") == 2


def test_a_refused_form_keeps_every_word_and_says_why_in_french() -> None:
    filled = _filled(STORY, "fr", telling="  ", title="Un titre", kind="odd", changed="=1+<b>1</b>")
    assert not filled.validate()
    assert set(filled.errors) == {"telling", "kind"}
    assert filled.errors["telling"][0].startswith("Merci de répondre à la question")
    assert "«\u00a0odd\u00a0» ne fait pas partie" in filled.errors["kind"][0]
    assert "Un titre" in filled.block("title")
    assert "=1+&lt;b&gt;1&lt;/b&gt;" in filled.block("changed")
    assert filled.answers() == {"title": "Un titre", "changed": "=1+<b>1</b>"}


def test_damaged_characters_are_refused_and_the_page_can_still_be_sent() -> None:
    filled = _filled(STORY, telling="before\ud800after", title="\udfff")
    assert not filled.validate()
    assert "Character 7 of this answer is damaged" in filled.errors["telling"][0]
    assert "before\ufffdafter" in filled.block("telling")
    assert "".join(filled.block(name) for name in ("telling", "title")).encode("utf-8")


def test_a_long_telling_and_many_marks_come_through() -> None:
    words = "é" * 1_000_000
    filled = _filled(STORY, telling=words, title="a" + "\u0301" * 100_000)
    assert filled.validate()
    assert filled.answers()["telling"] == words
    assert len(filled.answers()["title"]) == 30
    assert words in filled.block("telling")


def test_answers_that_are_there_already_can_be_edited() -> None:
    form = wtf.form_class(STORY, "en", options=OPTIONS)(
        formdata=None, data={"telling": "kept", "kind": "both"}
    )
    assert "kept" in form.block("telling")
    assert form.answers() == {"telling": "kept", "kind": "both"}


def test_a_question_without_options_is_left_out() -> None:
    filled = wtf.form_class(STORY, "en", options={"groups": []})(
        formdata=MultiDict({"telling": "x", "group": "residents"})
    )
    assert "group" not in filled
    assert filled.validate()
    assert filled.answers() == {"telling": "x"}


def test_an_empty_form_is_told_beside_the_first_question_that_is_asked() -> None:
    questions = (
        Question("cycle", "choice", {"en": "Cycle?"}, options_from="cycles"),
        Question("said", "short_text", {"en": "Said?"}),
    )
    form = wtf.form_class(Form("made_up", 1, {"en": "x"}, {}, questions), "en", options={})
    empty = form(formdata=MultiDict())
    assert not empty.validate()
    assert list(empty.errors) == ["said"]
    form = wtf.form_class(Form("made_up", 1, {"en": "x"}, {}, questions[:1]), "en", options={})
    nothing_asked = form(formdata=MultiDict())
    assert not nothing_asked.validate()
    assert "at least one question" in nothing_asked.form_errors[0]


def test_promise_03_no_browser_keeps_what_was_typed() -> None:
    filled = _filled(STORY, telling="x")
    for question in STORY.questions:
        controls = _Elements(filled.block(question.name)).all("input", "textarea")
        assert controls
        assert all(each["autocomplete"] == "off" for each in controls)


def test_every_control_has_a_label_and_points_to_help_and_error() -> None:
    filled = _filled(STORY, kind="odd")
    assert not filled.validate()
    html = "".join(filled.block(question.name) for question in STORY.questions)
    elements = _Elements(html)
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {each["for"] for each in elements.all("label")}
    for each in elements.all("input", "textarea"):
        assert each["id"] in labelled
    for each in elements.all("textarea", "fieldset"):
        assert set(str(each["aria-describedby"]).split()) <= set(ids)
    assert len(elements.all("fieldset")) == len(elements.all("legend")) == 2
    (telling,) = [each for each in elements.all("textarea") if each["id"] == "telling"]
    assert telling["aria-describedby"] == "telling-needed telling-help telling-error"
    assert (telling["aria-invalid"], telling["aria-required"]) == ("true", "true")
    assert "required" not in telling


def test_the_html_has_no_inline_style_or_script_and_escapes_labels() -> None:
    filled = _filled(STORY, telling="</textarea><script>")
    html = "".join(filled.block(question.name) for question in STORY.questions)
    assert "Staff &lt;night&gt;" in html
    elements = _Elements(html)
    assert not elements.all("script", "style")
    for _, attributes in elements.found:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_a_form_without_its_token_is_refused_and_keeps_the_words(page: Flask) -> None:
    page.config["WTF_CSRF_ENABLED"] = True
    filled = _filled(STORY, telling="My words")
    assert not filled.validate()
    assert "csrf_token" in filled.errors
    assert "My words" in filled.block("telling")
