"""What themes are compared by: each story's group, cycle, kind, language and place, and its themes.

For the desk alone. A story is here while its teller agrees that it is analysed, and once a run or a
person has placed it: in a theme or on a shelf.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import accounting, receipts, stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import RELEASED_BY
from par_toolkit.storage.reviewed import Cut

#: What a story can be compared by. `place` is there where a form asks a question of that
#: name, with answers to choose from: what somebody wrote in their own words is no label.
BY: Final = ("group", "cycle", "kind", "language", "place")
PLACED: Final = ("in_a_theme", "stands_alone", "says_little")


@dataclass(frozen=True)
class Compared:
    """One story: who told it (one receipt is one person), what it is compared by, its themes."""

    id: int
    person: str
    by: Mapping[str, str | None]
    themes: frozenset[int]


@dataclass(frozen=True)
class Told:
    """A story's first free answer, before redaction, with what is hidden of it.

    `to_show` says that two people released it and that its teller agrees to be quoted today.
    """

    question: str
    text: str
    language: str
    cuts: Sequence[Cut]
    to_show: bool


def listing(db: PrivateDatabase, *, endorsed: bool) -> list[Compared]:
    """List the stories that may be compared today, oldest first.

    With `endorsed` only what people said yes to counts as a theme of a story; without it, what a
    run proposed does too.
    """
    held: dict[int, set[int]] = {}
    for row in db.rows(
        """
        select m.story, m.theme from theme_stories m join themes t on t.id = m.theme
        where t.state = 'endorsed' and m.endorsed
            or not :endorsed and t.state in ('proposed', 'endorsed')
        """,
        {"endorsed": int(endorsed)},
    ):
        held.setdefault(row["story"], set()).add(row["theme"])
    rows = db.rows(
        f"""
        select id, {receipts.PERSON} as person, group_code as "group", cycle, kind, language,
            case when not exists (select 1 from json_each(words) where value = 'place')
                then json_extract(answers, '$.place') end as place
        from stories where id in (
            select id from ({accounting.PLACE_OF_EACH})
            where place in (select value from json_each(:placed))
        ) order by id
        """,
        {"placed": json.dumps(PLACED)},
    )
    return [
        Compared(
            row["id"],
            row["person"],
            {by: str(row[by]) if row[by] not in (None, "") else None for by in BY},
            frozenset(held.get(row["id"], ())),
        )
        for row in rows
    ]


def told(db: PrivateDatabase, ids: Sequence[int]) -> dict[int, Told]:
    """Return the words of these stories, as far as they have any and may be analysed today."""
    wanted = {"ids": json.dumps(list(ids))}
    cuts: dict[tuple[int, str], list[Cut]] = {}
    for row in db.rows(
        """
        select story, question, start_at, end_at, label from redactions
        where state = 'accepted' and story in (select value from json_each(:ids))
        """,
        wanted,
    ):
        cut = Cut(row["start_at"], row["end_at"], row["label"])
        cuts.setdefault((row["story"], row["question"]), []).append(cut)
    found = {}
    for row in db.rows(
        f"""
        select id, answers, words, language, approvals, granted from ({stories.SELECT})
        where id in (select value from json_each(:ids)) order by id
        """,
        wanted,
    ):
        uses = set((row["granted"] or "").split(","))
        texts = stories.open_texts(json.loads(row["answers"]), json.loads(row["words"]))
        question = next(iter(texts), None)
        if question is not None and "analyse" in uses:
            found[row["id"]] = Told(
                question,
                texts[question],
                row["language"],
                cuts.get((row["id"], question), ()),
                "quote" in uses and row["approvals"] >= RELEASED_BY,
            )
    return found
