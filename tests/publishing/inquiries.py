"""Make small inquiries of made-up words through the real doors, for the tests of publishing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

from par_toolkit import inquiry
from par_toolkit.publishing import live_build
from par_toolkit.publishing.build import file_of
from par_toolkit.storage import (
    people,
    receipts,
    redactions,
    releases,
    runs,
    shaping,
    stories,
    themes,
)
from par_toolkit.storage.database import open_database
from tests import encrypted

WORDS = ("telling", "title", "changed", "next")


class Place:
    """An inquiry in a folder, with two people who release and one who endorses."""

    def __init__(self, folder: Path, *, threshold: int = 5) -> None:
        inquiry.create(folder, name="Made-up inquiry", locality="Exampleton", population=48_000)
        self.folder = folder
        self.change("threshold = 10 ", f"threshold = {threshold} ")
        encrypted.where_wanted(folder)
        self.db = open_database(folder, create=True)
        for name, role in (
            ("Example Facilitator", "facilitator"),
            ("Example Steward", "steward"),
        ):
            people.add(self.db, name, role)
        self.one, self.two = (
            people.by_name(self.db, name) for name in ("Example Facilitator", "Example Steward")
        )
        assert self.one and self.two

    def change(self, old: str, new: str) -> None:
        """Change the community's settings."""
        path = self.folder / inquiry.model.FILE
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def tell(
        self,
        telling: str = "The bus to the clinic stopped running.",
        *,
        consent: Iterable[str] = ("analyse", "quote"),
        group: str | None = "residents",
        answers: Mapping[str, Any] | None = None,
        release: bool = True,
        **fields: Any,
    ) -> int:
        """Keep a story, release it unless told not to, and return its id."""
        given = {"telling": telling} | ({"group": group} if group else {}) | dict(answers or {})
        told = {
            "uuid": str(uuid4()),
            "form": "story",
            "form_version": 1,
            "language": "en",
            "answers": given,
            "words": WORDS,
            "consent": dict.fromkeys(consent, True),
            "wording": 1,
            "source": "web",
            "receipt": receipts.new_code(),
            "cycle": "cycle_1",
        }
        kept = stories.keep(self.db, stories.Told(**told | fields))
        assert kept.story_id is not None
        if release and set(consent) & {"quote", "publish"}:
            self.release(kept.story_id)
        return kept.story_id

    def release(self, story: int) -> None:
        """Have two people approve a story's words."""
        releases.approve(self.db, story, by=self.one)
        releases.approve(self.db, story, by=self.two)

    def redact(self, story: int, words: str, label: str = "name") -> None:
        """Redact `words` in the telling, and release it again."""
        start = redactions.open_texts(self.db, story)["telling"].index(words)
        redactions.add(
            self.db,
            story,
            question="telling",
            start=start,
            end=start + len(words),
            label=label,
            by=self.two,
        )
        self.release(story)

    def propose(
        self,
        members: Sequence[int],
        *,
        words: Sequence[str] = ("bus", "clinic"),
        span: tuple[int, int] | None = None,
    ) -> int:
        """Have a machine propose a theme with these stories; return its id."""
        before = {theme.id for theme in themes.listing(self.db)}
        proposed = [
            runs.ProposedMember(
                story,
                0.5,
                "telling",
                *(span or (0, len(redactions.open_texts(self.db, story)["telling"]))),
            )
            for story in members
        ]
        runs.record(
            self.db,
            runs.RunRecord(0, {}, {}, "", (), 0.0, (), (runs.ProposedTheme(words, proposed),), ()),
        )
        (new,) = {theme.id for theme in themes.listing(self.db)} - before
        return new

    def theme(
        self, members: Sequence[int], *, name: str | None = "Getting there", **fields: Any
    ) -> int:
        """Have people name and endorse a proposed theme; return its id."""
        new = self.propose(members, **fields)
        if name is not None:
            shaping.rename(self.db, new, name, by=self.two)
        shaping.endorse(self.db, new, by=self.two)
        return new

    def live(self) -> Path:
        """Return the file of the live build."""
        number = live_build(self.folder)
        assert number is not None
        return file_of(self.folder, number)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Ask the live build."""
        return rows_of(self.live(), sql)

    def bytes_with(self, words: str) -> list[str]:
        """List every file in the inquiry's folder that holds `words`."""
        return [
            str(path.relative_to(self.folder))
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and words.encode() in path.read_bytes()
        ]


def rows_of(path: Path, sql: str) -> list[dict[str, Any]]:
    """Ask a build."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn:
        conn.row_factory = sqlite3.Row
        return [dict(row) for row in conn.execute(sql)]
