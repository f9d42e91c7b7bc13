"""A story's answers beside the questions they answer, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import forms
from forms.model import FALLBACK_LANGUAGE, Question
from par_toolkit.inquiry import USES, Inquiry
from par_toolkit.storage.stories import Story
from par_toolkit.web import telling
from par_toolkit.web.languages import chosen


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


def answers_of(inquiry: Inquiry, story: Story) -> list[Answer]:
    """List a story's answers in the order of its form, which is kept in every version."""
    return answers(inquiry, story.form, story.form_version, story.answers, story.words)


def siblings_of(inquiry: Inquiry, told: Sequence[Mapping[str, Any]]) -> list[Sibling]:
    """List the other tellings under a story's uuid, as they were sent."""
    return [
        Sibling(
            one["at"],
            answers(inquiry, one["form"], one["form_version"], one["answers"], one["words"]),
            {use: bool(one["consent"].get(use)) for use in USES},
        )
        for one in told
    ]


def answers(
    inquiry: Inquiry, form: str, version: int, given: Mapping[str, Any], free: Sequence[str]
) -> list[Answer]:
    """List answers in the order of their form; where the form is not here, in their own order."""
    questions = _questions(inquiry, form, version)
    ordered = [name for name in questions if name in given]
    ordered += [name for name in given if name not in questions]
    return [
        Answer(
            name,
            _asked(questions.get(name), name),
            _text(inquiry, questions.get(name), given[name]),
            name in free and isinstance(given[name], str),
        )
        for name in ordered
    ]


def _questions(inquiry: Inquiry, form: str, version: int) -> dict[str, Question]:
    try:
        found = forms.load(form, version=version, folders=[inquiry.forms_folder])
    except forms.FormError:
        return {}
    return {question.name: question for question in found.questions}


def _asked(question: Question | None, name: str) -> str:
    labels = question.labels if question else {}
    return (
        labels.get(chosen()) or labels.get(FALLBACK_LANGUAGE) or next(iter(labels.values()), name)
    )


def _text(inquiry: Inquiry, question: Question | None, given: Any) -> str:
    """Write an answer out: codes by what could be chosen, numbers and days as they were given."""
    language = chosen()
    offered = (
        dict(question.choices(telling.options(inquiry, language), language))
        if question and question.has_options
        else {}
    )
    codes = given if isinstance(given, list) else [given]
    return ", ".join(offered.get(code, str(code)) for code in codes)
