"""The form on paper: everything there, in its language, and clean on A4 and on Letter."""

import re

import pytest

import forms
from forms import Form, Option, Question, paper
from forms.words import in_every_language

OPTIONS = {
    "groups": [("residents", "Residents"), ("staff", "Staff <night>")],
    "cycles": [("2025", "The first year")],
}


def _page(form: Form, language: str = "en", **changes: object) -> str:
    values: dict[str, object] = {
        "options": OPTIONS,
        "inquiry_name": "Made-up & inquiry",
        "consent_uses": [("analyse", "Read it for themes"), ("quote", "Quote from it")],
        "help_contacts": ["Made-up helpline, 0000 000 000"],
        "confidentiality": "Two people read it.",
        **changes,
    }
    return paper.render(form, language, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["story", "reflection", "feedback"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_text_of_the_form_is_on_the_page(name: str, language: str) -> None:
    form = forms.load(name)
    page = _page(form, language)
    assert page.startswith("<!doctype html>")
    assert f'<html lang="{language}" dir="ltr">' in page
    texts = [form.titles, form.intros]
    for question in form.questions:
        texts += [question.labels, question.helps, *(each.labels for each in question.options)]
    for each in texts:
        assert each.get(language, "") in page
    assert "<span lang=" not in page  # nothing fell back to another language
    other = "fr" if language == "en" else "en"
    assert form.titles[other] not in page


def test_there_are_boxes_to_tick_and_lines_to_write_on() -> None:
    page = _page(forms.load("story"))
    # success, challenge, both, rather not; two groups, rather not; two uses, yes and no
    assert page.count('class="box"') == 4 + 3 + 2 * 2
    assert page.count('<div class="line">') == 16 + 1 + 5 + 5
    assert "Staff &lt;night&gt;" in page
    assert page.count("I would rather not say") == 2
    assert "Please answer this one" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["version 1", "Keyed in by", "Keyed in on", "Receipt code", "take them back"]),
        ("fr", ["version 1", "Saisi par", "Saisi le", "Code de reçu", "les retirer"]),
    ],
)
def test_the_facilitator_and_the_teller_find_their_places(language: str, words: list[str]) -> None:
    page = _page(forms.load("story"), language)
    for each in (*words, "story", "Made-up &amp; inquiry", "Two people read it.", "0000 000 000"):
        assert each in page
    assert page.count('class="digit"') == 2 * 16
    assert in_every_language("paper_slip")[language] in page


def test_a_receipt_code_can_be_printed_into_the_boxes() -> None:
    page = _page(forms.load("story"), receipt="1234567890123456")
    digits = re.findall(r'<span class="digit">(.?)</span>', page)
    assert "".join(digits) == "1234567890123456" * 2
    with pytest.raises(ValueError, match="16 digits"):
        _page(forms.load("story"), receipt="1234 5678")


def test_every_kind_of_question_has_its_place() -> None:
    option = Option("a", {"en": "An option", "pl": "Opcja"})
    form = Form(
        "made_up", 3, {"en": "Made up"}, {},
        (
            Question("boxes", "many", {"en": "Boxes?"}, options=(option,)),
            Question("day", "date", {"en": "Day?"}),
            Question("count", "number", {"en": "Count?"}),
            Question("must", "choice", {"en": "Must?"}, required=True, options=(option,)),
            Question("cycle", "choice", {"en": "Cycle?"}, options_from="cycles"),
        ),
    )  # fmt: skip
    page = _page(form, options={}, consent_uses=[], help_contacts=[], confidentiality="")
    assert "Tick as many boxes as you like" in page
    assert "Year – month – day" in page
    assert page.count('class="digit"') == 8 + 2 * 16
    assert page.count('class="box"') == 2
    assert "Cycle?" not in page  # there is nothing to choose from
    assert "What may we do" not in page


def test_a_text_that_falls_back_names_its_language_and_direction() -> None:
    question = Question("q", "short_text", {"ar": "ماذا حدث؟", "en": "What happened?"})
    form = Form("made_up", 1, {"en": "Made up"}, {}, (question,))
    arabic = _page(form, "ar")
    assert '<html lang="ar" dir="rtl">' in arabic
    assert '<h1><span lang="en" dir="ltr">Made up</span></h1>' in arabic
    assert "<h2>ماذا حدث؟</h2>" in arabic


def test_the_page_has_no_script_and_no_inline_style_and_escapes_everything() -> None:
    attack = "<script>alert(1)</script>"
    question = Question("q", "short_text", {"en": attack}, {"en": attack})
    form = Form("made_up", 1, {"en": attack}, {"en": attack}, (question,))
    page = _page(
        form, inquiry_name=attack, consent_uses=[("quote", attack)], help_contacts=[attack],
        confidentiality=attack, stylesheet_href='/static/x.css?a="b"',
    )  # fmt: skip
    assert "<script" not in page
    assert not re.search(r"\s(style|on\w+)=", page)
    assert 'href="/static/x.css?a=&#34;b&#34;"' in page


def test_the_style_sheet_prints_on_a4_and_letter() -> None:
    css = paper.stylesheet()
    rule = re.search(r"@page \{(.*?)\n\}", css, re.DOTALL)
    assert rule
    assert "margin" in rule[1]
    assert "size" not in rule[1]  # the printer's own sheet, A4 or Letter
    # 210 and 215.9 mm wide, with 18 mm on each side
    width = re.search(r"max-width: (\d+)mm;", css)
    assert width
    assert int(width[1]) <= 210 - 2 * 18
    assert "break-inside: avoid" in css
    assert re.search(r"\.slip \{\s*break-before: recto;", css)  # no words on the back of it
    for name in set(re.findall(r'class="([a-z_ ]+)"', _page(forms.load("story")))):
        assert any(f".{each}" in css for each in name.split()), name
