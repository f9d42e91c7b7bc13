"""Print a form on paper: one HTML page that comes out clean on A4 and on Letter.

What comes back on paper is keyed in by a facilitator and carries its own source mark there.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from forms import model
from forms.model import Choices, Form, Question, Texts, language_of
from forms.words import in_every_language, say

_RIGHT_TO_LEFT = frozenset(
    ["ar", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"]
)

# Lines to write on: the story form, with consent, then fits on three pages and one to keep.
_LINES_FIRST, _LINES, _LINES_SHORT = 16, 5, 1


def render(
    form: Form,
    language: str,
    *,
    options: Mapping[str, Choices],
    inquiry_name: str,
    consent_uses: Sequence[tuple[str, str]],
    help_contacts: Sequence[str],
    confidentiality: str,
    stylesheet_href: str = "paper.css",
    receipt: str | None = None,
    asks_contact: bool = False,
) -> str:
    """Return the paper form as a whole HTML document.

    `options`, `consent_uses` as (use, text), `help_contacts` and `confidentiality` come in
    `language`. `receipt` prints 16 digits into the boxes; without it they are left empty.
    `asks_contact` leaves room to say how to be reached.
    """
    return _template().render(
        form=form,
        questions=form.asked(options),
        choices=functools.partial(_choices, form, options, language),
        lines=_lines,
        shown=functools.partial(_shown, language),
        say=functools.partial(say, language=language),
        language=language,
        direction=direction(language),
        inquiry_name=inquiry_name,
        consent_uses=consent_uses,
        help_contacts=help_contacts,
        confidentiality=confidentiality,
        stylesheet_href=stylesheet_href,
        digit_groups=_digit_groups(receipt),
        asks_contact=asks_contact,
    )


def stylesheet() -> str:
    """Return the style sheet that the page at `stylesheet_href` must serve."""
    return Path(__file__).with_name("paper.css").read_text("utf-8")


def direction(language: str) -> str:
    """Return 'rtl' for languages written from right to left, else 'ltr'."""
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


@functools.cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("forms"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("paper.html")


def _shown(language: str, texts: Texts) -> Markup:
    """Return a text; one that fell back to another language says so to screen readers."""
    found = language_of(texts, language)
    if found == language:
        return Markup("{}").format(texts[found])
    span = Markup('<span lang="{}" dir="{}">{}</span>')
    return span.format(found, direction(found), texts[found])


def _choices(
    form: Form, options: Mapping[str, Choices], language: str, question: Question
) -> list[Markup]:
    """Return what can be ticked, each as shown."""
    if question.options_from:
        labels = [Markup("{}").format(label) for _, label in question.choices(options, language)]
    else:
        labels = [_shown(language, option.labels) for option in question.options]
    if question.kind == model.CHOICE and not question.required:
        labels.append(_shown(language, form.rather_not or in_every_language("rather_not")))
    return labels


def _lines(question: Question) -> int:
    """Say how many lines to write on a question gets."""
    if question.kind != model.LONG_TEXT:
        return _LINES_SHORT
    return _LINES_FIRST if question.required else _LINES


def _digit_groups(receipt: str | None) -> list[str]:
    """Return four groups of four characters for the boxes of the receipt code."""
    if receipt is None:
        return [" " * 4] * 4
    if not re.fullmatch("[0-9]{16}", receipt):
        raise ValueError("A receipt code has 16 digits. Give all of them without spaces.")
    return [receipt[start : start + 4] for start in range(0, 16, 4)]
