"""What was told, as it is kept: the words of each story, and the cuts that people made in them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from par_toolkit.storage import stories
from par_toolkit.storage.database import PrivateDatabase, Row
from par_toolkit.storage.reviewed import Cut


def texts_of(row: Row) -> dict[str, str]:
    """Return the teller's words by question, before redaction."""
    return stories.open_texts(json.loads(row["answers"]), json.loads(row["words"]))


def cuts_of(
    db: PrivateDatabase, states: Sequence[str] = ("accepted",)
) -> dict[int, dict[str, list[Cut]]]:
    """Return the redactions in these states, by story and question."""
    result: dict[int, dict[str, list[Cut]]] = {}
    for row in db.rows(
        """
        select story, question, start_at, end_at, label from redactions
        where state in (select value from json_each(:states))
        """,
        {"states": json.dumps(list(states))},
    ):
        cut = Cut(row["start_at"], row["end_at"], row["label"])
        result.setdefault(row["story"], {}).setdefault(row["question"], []).append(cut)
    return result
