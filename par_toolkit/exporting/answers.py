"""Answers for people to read: one a row, beside the question as it was asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import forms
from forms import Form, FormError
from forms.model import text_of
from par_toolkit.storage import everything
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.everything import Table

NAME: Final = "answers"
HEADINGS: Final = ("story", "form", "version", "question", "asked", "answer")


def rows(
    db: PrivateDatabase, stories: Table, folder: Path
) -> Iterator[tuple[int, str, int, str, str, str]]:
    """Give each answer of each story with the question's words in the language it was told in.

    `folder` holds the community's own forms. Where a form is not here any more, the question's
    name has to do.
    """

    @cache
    def form_of(name: str, version: int) -> Form | None:
        try:
            return forms.load(name, version=version, folders=(folder,))
        except FormError:
            return None

    for row in everything.rows(db, stories):
        told: dict[str, Any] = dict(zip(stories.names, row, strict=True))
        name, version, language = told["form"], told["form_version"], str(told["language"])
        form = form_of(name, version)
        for question, answer in json.loads(str(told["answers"])).items():
            words = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
            yield told["id"], name, version, question, _asked(form, question, language), words


def _asked(form: Form | None, question: str, language: str) -> str:
    """Return a question as people read it."""
    try:
        return text_of(form.question(question).labels, language) if form else question
    except KeyError:
        return question
