"""What is kept of one run, as it stands today: for a report that holds no words of a story."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from par_toolkit.storage import accounting, runs
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.keys import mark

#: Hex digits of a keyed digest that are told: enough to find a text, with none to spare.
DIGITS: Final = 16


@dataclass(frozen=True)
class KeptTheme:
    """A theme and what people decided: stories `kept`, `took_out` and `added`.

    `name` is people's own and only there once the theme is endorsed.
    """

    id: int
    name: str | None
    state: str
    stories: int
    looks: int
    came_again: int
    kept: int
    took_out: int
    added: int


@dataclass(frozen=True)
class RunKept:
    """A run with settings and versions, and what has become of its texts and themes.

    `digests` are keyed: only who holds the folder can tell which text is which. `languages` are
    those that the run took its texts to be in. `set_apart` counts the stories outside every theme
    by the machine's reason; a person's own words are 'person'. `account` says where every story is.
    """

    run: Mapping[str, Any]
    digests: Sequence[str]
    languages: Mapping[str, int]
    set_apart: Mapping[str, int]
    themes: Sequence[KeptTheme]
    account: accounting.Account


def get(db: PrivateDatabase, run_id: int | None = None) -> RunKept:
    """Return one run, the newest unless `run_id` says which. Raises Refused where there is none."""
    row = db.row(
        "select * from runs where id = coalesce(:id, (select max(id) from runs))", {"id": run_id}
    )
    if row is None:
        raise Refused("no_run", "There is no such run. Propose themes first.")
    for key in ("settings", "versions", "limits"):
        row[key] = json.loads(row[key])
    texts = db.rows("select text_hash from run_texts where run = :run", {"run": row["id"]})
    return RunKept(
        row,
        sorted(mark(db.folder, "run report", text["text_hash"])[:DIGITS] for text in texts),
        runs.languages(db, row["id"]),
        _set_apart(db),
        _themes(db, row["id"]),
        accounting.account(db),
    )


def _set_apart(db: PrivateDatabase) -> dict[str, int]:
    rows = db.rows(
        """
        select case when source = 'person' then 'person' else reason end as reason, count(*) as n
        from shelf group by 1 order by 1
        """
    )
    return {row["reason"]: row["n"] for row in rows}


def _themes(db: PrivateDatabase, run_id: int) -> list[KeptTheme]:
    """List the themes of the run and those that people endorsed before, the largest first."""
    rows = db.rows(
        """
        select t.id, case when t.state = 'endorsed' then t.name end as name, t.state,
            t.looks, t.came_again,
            (select count(*) from theme_stories m where m.theme = t.id) as stories,
            (select count(*) from theme_stories m
              where m.theme = t.id and m.source = 'machine' and m.endorsed) as kept,
            (select count(*) from audit a
              where a.action = 'remove_from_theme' and a.subject = 'theme ' || t.id) as took_out,
            (select count(*) from theme_stories m
              where m.theme = t.id and m.source = 'person' and m.endorsed) as added
        from themes t where t.run = :run or t.state = 'endorsed'
        order by stories desc, t.id
        """,
        {"run": run_id},
    )
    return [KeptTheme(**row) for row in rows]
