"""Arrange what people told as the rows of a build: quotes, their themes, and whole stories."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forms import Form, FormError
from forms import load as load_form
from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing import quote
from par_toolkit.publishing.beside import GROUP, KIND, Beside
from par_toolkit.publishing.public_ids import new_id, shuffled
from par_toolkit.publishing.select import ReleasedStory, Selection
from par_toolkit.storage import reviewed
from par_toolkit.storage.published import Use

Row = dict[str, Any]


@dataclass
class ToldRows:
    """The rows by table, whose words stand where, and which stories have something beside them."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    named: set[int] = field(default_factory=set)


def rows_of(
    selection: Selection,
    inquiry: Inquiry,
    stands_beside: Mapping[int, Beside],
    *,
    themes: Mapping[int, str],
) -> ToldRows:
    """Return the rows of quotes and stories; `themes` maps our ids to public ones.

    `stands_beside` is what may stand beside the words of each story.
    """
    arranged = _Arranging(selection, inquiry, stands_beside, themes)
    made = arranged.made
    made.rows["quotes"], made.rows["quote_themes"] = arranged.quotes()
    made.rows["stories"] = arranged.stories()
    return made


class _Arranging:
    """Makes rows table by table, and notes of each whose words it holds."""

    def __init__(
        self,
        selection: Selection,
        inquiry: Inquiry,
        stands_beside: Mapping[int, Beside],
        themes: Mapping[int, str],
    ) -> None:
        self.selection = selection
        self.inquiry = inquiry
        self.stands_beside = stands_beside
        self.themes = themes
        self.made = ToldRows()

    def quotes(self) -> tuple[list[Row], list[Row]]:
        """Return the quotes, and under which themes they stand."""
        told = {story.id: story for story in self.selection.released}
        quotes, links = [], []
        for passage in shuffled(list(quote.all_passages(self.selection.released))):
            public = new_id()
            quotes.append({"id": public, "text": passage.text} | self._about(told[passage.story]))
            links += [
                {"quote": public, "theme": self.themes[theme]}
                for theme in passage.themes
                if theme in self.themes
            ]
            self.made.uses.append(
                Use(passage.story, "quote", public, passage.question, passage.start, passage.end)
            )
        return quotes, shuffled(links)

    def stories(self) -> list[Row]:
        """Return the stories that are shown whole."""
        rows = []
        whole = [story for story in self.selection.released if story.allowed.may("publish")]
        for story in shuffled(whole):
            if quote.first_passage(story) is None:
                continue
            texts = reviewed.texts(story.texts, story.cuts)
            title = texts.pop("title", "")
            main = "telling" if "telling" in texts else next(iter(texts), "")
            public = new_id()
            rows.append(
                {
                    "id": public,
                    "title": title,
                    "telling": texts.pop(main, ""),
                    "answers": json.dumps(
                        [self._answer(story, name, text) for name, text in texts.items()],
                        ensure_ascii=False,
                    ),
                }
                | self._about(story)
            )
            self.made.uses.append(Use(story.id, "story", public))
        return rows

    def _about(self, story: ReleasedStory) -> Row:
        """Return the language of words, and what may stand beside them."""
        found, chosen = self.stands_beside[story.id], self.inquiry.sharing.beside_quotes
        if found.attribute:
            self.made.named.add(story.id)
        group = next(
            (one for one in self.inquiry.groups if (chosen, one.code) == (GROUP, found.attribute)),
            None,
        )
        return {
            "form": found.form,
            "language": story.language,
            "kind": found.attribute if chosen == KIND else None,
            "stakeholder_group": group and group.code,
            "group_en": group and self.inquiry.text(group.names, "en"),
            "group_fr": group and self.inquiry.text(group.names, "fr"),
        }

    def _answer(self, story: ReleasedStory, name: str, text: str) -> Row:
        """Return one answer with its question; by its bare name where the form is not here."""
        english = french = name
        try:
            form: Form = load_form(
                story.form, version=story.form_version, folders=[self.inquiry.forms_folder]
            )
            labels = form.question(name).labels
            english, french = form.text(labels, "en"), form.text(labels, "fr")
        except (FormError, KeyError):
            pass
        return {"question_en": english, "question_fr": french, "text": text}
