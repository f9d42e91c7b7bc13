"""What each column holds, in the words that stand beside it where the table is made."""

from __future__ import annotations

import re
from typing import Final

#: What columns of these names hold in every table that says no more.
COMMON: Final = {
    "id": "the number of the row",
    "seq": "the number of the row, without gaps",
    "at": "when, in UTC",
    "person": "who at the desk did it: their number in people",
    "role": "in which role they did it",
    "story": "the story's number",
    "question": "the question of the form that the words answer",
    "start_at": "where the passage begins, in characters of the teller's own answer",
    "end_at": "where the passage ends",
    "words": "the words",
    "cycle": "the code of the cycle",
    "group_code": "the code of the stakeholder group in inquiry.toml",
    "kind": "which kind it is",
    "state": "how it stands",
    "source": "where it comes from",
    "name": "its name",
    "seat": "the seat of the member who did it",
    "circle": "the circle's number",
    "item": "the number of the claim, concern or issue",
    "agenda": "the agenda's number",
    "theme": "the theme's number",
    "receipt": "the receipt under which it was told",
    "device": "the tablet it came from",
    "digest": "a keyed digest, to see that something is still as it was",
    "run": "the theming run",
    "code": "the code",
    "build": "the number of the findings build",
    "public_id": "the random name it has in the findings",
    "quarter": "the quarter of the year",
    "action": "what was done",
    "subject": "the record it is about",
    "previous": "the hash of the row before",
    "hash": "the hash of this row and all before it",
    "seed": "the number that chance was made from",
    "file": "the name of the file",
    "answer": "the answer",
    "statement": "the statement's number",
    "construction": "the version's number",
    "owner": "who is to do it",
    "due": "by which day",
}
#: Columns that a later step added, and some whose name says it all only to those who made them.
_OWN: Final = {
    "looks": "how many looks at a part of the texts were taken",
    "came_again": "how many of those looks found it again",
    "near": "its group in the run: themes of one group lie near each other",
    "main": "0: only the passage drew the story here",
    "margin": "how much nearer it is than to the next theme",
    "inside": "the row of audit_inside that was the last by then",
}
_COLUMN: Final = re.compile(r'^\s*"?(\w+)"?\s+(?:integer|text|real|blob)\b[^-]*?(?:--\s*(.*))?$')
_NO_COLUMN: Final = ("create", "check", "unique", "primary", "foreign")


def of(sql: str | None) -> dict[str, str]:
    """Return column -> what it holds, as the statement that made a table says beside each."""
    notes = {}
    for line in (sql or "").splitlines():
        found = _COLUMN.match(line)
        if found and found[1].lower() not in _NO_COLUMN:
            notes[found[1]] = (found[2] or "").strip()
    return {name: note for name, note in notes.items() if note}


def said(column: str, note: str) -> str:
    """Return what a column holds: its own note, what all of its name hold, or its name in words."""
    return note or _OWN.get(column) or COMMON.get(column) or column.replace("_", " ")
