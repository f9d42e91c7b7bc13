"""How themes were made: the runs in which a machine put stories side by side, without its texts.

What people then did with its proposals stands with each theme. Neither the hash of the texts nor
their number is published: with one a guess at somebody's words could be tried out, and the other
would count them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from analysis.settings import Settings
from par_toolkit.storage.clock import quarter
from par_toolkit.storage.database import PrivateDatabase

#: What may be said of how a machine was set; all else that a run keeps stays inside.
SETTINGS: Final = ("method", "count", *(field.name for field in fields(Settings)))


@dataclass(frozen=True)
class Run:
    """A run that published themes come from; `id` is our own and is not published."""

    id: int
    quarter: str
    method: str
    seed: int
    settings: dict[str, Any]
    versions: dict[str, str]
    limits: tuple[str, ...]


def runs(
    db: PrivateDatabase, wanted: Iterable[int | None], *, languages: Collection[str]
) -> list[Run]:
    """Return these runs, the oldest first.

    What a run could not do in a language is said only of the inquiry's own `languages`: any other
    might be the language of one person.
    """
    rows = db.rows(
        """
        select id, seed, settings, versions, limits, at from runs
        where id in (select value from json_each(:wanted)) order by id
        """,
        {"wanted": json.dumps(sorted({run for run in wanted if run is not None}))},
    )
    found = []
    for row in rows:
        settings = _known(json.loads(row["settings"]))
        found.append(
            Run(
                row["id"],
                quarter(row["at"]),
                str(settings.pop("method", "")),
                row["seed"],
                settings,
                json.loads(row["versions"]),
                tuple(
                    limit for limit in json.loads(row["limits"]) if _may_be_said(limit, languages)
                ),
            )
        )
    return found


def _known(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: settings[name] for name in SETTINGS if name in settings}


def _may_be_said(limit: str, languages: Collection[str]) -> bool:
    _, colon, language = limit.partition(":")
    return not colon or language in {code.split("-")[0] for code in languages}
