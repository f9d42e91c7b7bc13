"""How a story reads after redaction: pure functions over the teller's words and accepted spans."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.keys import mark


@dataclass(frozen=True)
class Cut:
    """A span of the teller's own answer, in code points, that reads as [label]."""

    start: int
    end: int
    label: str


def merged(cuts: Sequence[Cut]) -> list[Cut]:
    """Return `cuts` in order, those that overlap joined under the first one's label."""
    result: list[Cut] = []
    for cut in sorted(cuts, key=lambda c: (c.start, -c.end)):
        if result and cut.start < result[-1].end:
            last = result[-1]
            result[-1] = Cut(last.start, max(last.end, cut.end), last.label)
        else:
            result.append(cut)
    return result


def span(text: str, cuts: Sequence[Cut], start: int = 0, end: int | None = None) -> str:
    """Return text[start:end] as it reads after redaction.

    A cut that the span only touches is shown whole, as its [label]: no half of it is let out.
    """
    end = len(text) if end is None else min(end, len(text))
    parts, at = [], start
    for cut in merged(cuts):
        if cut.end <= start or cut.start >= end:
            continue
        parts += [text[at : max(at, cut.start)], f"[{cut.label}]"]
        at = cut.end
    parts.append(text[at:end] if at < end else "")
    return "".join(parts)


def texts(open_texts: Mapping[str, str], cuts: Mapping[str, Sequence[Cut]]) -> dict[str, str]:
    """Return every free answer as it reads after redaction."""
    return {name: span(text, cuts.get(name, ())) for name, text in open_texts.items()}


def digest(db: PrivateDatabase, reviewed_texts: Mapping[str, str]) -> str:
    """Return the keyed digest an approval is bound to; other words need new approvals."""
    return mark(db.folder, "reviewed", json.dumps(dict(reviewed_texts), sort_keys=True))
