"""A story's answers beside the questions they answer, in a language of the reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import forms
from forms.model import Choices, Question, text_of
from par_toolkit.inquiry import USES, Inquiry
from par_toolkit.storage.stories import Story
from par_toolkit.storage.voices import Voice


@dataclass(frozen=True)
class Answer:
    """One answer: `text` is what the teller wrote or chose; `free` says it is free words."""

    question: str
    asked: str
    text: str
    free: bool


@dataclass(frozen=True)
class Sibling:
    """Another telling that came under the same uuid."""

    at: str
    answers: list[Answer]
    allows: dict[str, bool]
    voices: Sequence[Voice]


def answers_of(inquiry: Inquiry, story: Story, language: str) -> list[Answer]:
    """List a story's answers in the order of its form, which is kept in every version."""
    form = form_of(inquiry, story.form, story.form_version)
    return answers(inquiry, form, story.answers, story.words, language)


def siblings_of(
    inquiry: Inquiry,
    told: Sequence[Mapping[str, Any]],
    language: str,
    voices: Mapping[int, Sequence[Voice]],
) -> list[Sibling]:
    """List the other tellings under a story's uuid, as they were sent.

    `voices` holds what was spoken in them, by the sibling's id.
    """
    return [
        Sibling(
            one["at"],
            answers(
                inquiry,
                form_of(inquiry, one["form"], one["form_version"]),
                one["answers"],
                one["words"],
                language,
            ),
            {use: bool(one["consent"].get(use)) for use in USES},
            voices.get(one["id"], ()),
        )
        for one in told
    ]


def names_of(inquiry: Inquiry, story: Story, language: str) -> dict[str, str]:
    """Return question -> how it was asked, as far as the story's form is known here."""
    form = form_of(inquiry, story.form, story.form_version)
    return {one.name: text_of(one.labels, language) for one in form.questions} if form else {}


def form_of(inquiry: Inquiry, name: str, version: int) -> forms.Form | None:
    """Return the very version that was answered; None where its file is lost or has a mistake."""
    try:
        return forms.load(name, version=version, folders=[inquiry.forms_folder])
    except forms.FormError:
        return None


def answers(
    inquiry: Inquiry,
    form: forms.Form | None,
    given: Mapping[str, Any],
    free: Sequence[str],
    language: str,
) -> list[Answer]:
    """List answers in the order of their form; a lost form hides no words."""
    questions = {question.name: question for question in form.questions} if form else {}
    ordered = [name for name in questions if name in given]
    ordered += [name for name in given if name not in questions]
    offered = inquiry.options(language)
    return [
        Answer(
            name,
            text_of(questions[name].labels, language) if name in questions else name,
            _text(given[name], questions.get(name), offered, language),
            name in free and isinstance(given[name], str),
        )
        for name in ordered
    ]


def _text(
    given: Any, question: Question | None, offered: Mapping[str, Choices], language: str
) -> str:
    """Write an answer out: codes by what could be chosen, numbers and days as they were given."""
    names = dict(question.choices(offered, language)) if question and question.has_options else {}
    codes = given if isinstance(given, list) else [given]
    return ", ".join(names.get(code, str(code)) for code in codes)
