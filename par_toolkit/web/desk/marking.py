"""Cut a story's words into pieces that a page can mark: what is hidden, and what might be."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from par_toolkit.storage.redactions import Redaction
from par_toolkit.storage.reviewed import Cut, merged


@dataclass(frozen=True)
class Piece:
    """A piece of an answer from `at` to `end`, in code points of the teller's own text.

    `state` is '' for plain words, 'hidden' (then `text` is the label in brackets) or 'suggested';
    `ends` are the suggestions whose last words these are.
    """

    at: int
    end: int
    text: str
    state: str
    ends: tuple[Redaction, ...] = ()


def pieces(text: str, redactions: Sequence[Redaction]) -> list[Piece]:
    """Cut one answer at its redactions; together the pieces show every word once, in order.

    What people chose to hide reads as its [label], whatever else was suggested inside it.
    """
    cuts = merged([Cut(r.start, r.end, r.label) for r in redactions if r.state == "accepted"])
    suggested = sorted((r for r in redactions if r.state == "suggested"), key=lambda r: r.start)
    edges = {0, len(text)} | {edge for one in (*cuts, *suggested) for edge in (one.start, one.end)}
    hidden, waiting = deque(cuts), deque(suggested)
    over: list[Redaction] = []
    found: list[Piece] = []
    for left, right in pairwise(sorted(edges)):
        while waiting and waiting[0].start <= left:
            over.append(waiting.popleft())
        over = [r for r in over if r.end > left]
        while hidden and hidden[0].end <= left:
            hidden.popleft()
        if hidden and hidden[0].start < left:
            continue
        if hidden and hidden[0].start == left:
            found.append(Piece(left, hidden[0].end, f"[{hidden[0].label}]", "hidden"))
            continue
        dark_until = right
        for cut in hidden:
            if cut.start != dark_until:
                break
            dark_until = cut.end
        ends = tuple(r for r in over if r.end <= dark_until)
        found.append(Piece(left, right, text[left:right], "suggested" if over else "", ends))
    return found


def occurrences(text: str, words: str) -> list[tuple[int, int]]:
    """List where `words` stand in `text`, from left to right and never overlapping."""
    found, at = [], text.find(words) if words else -1
    while at >= 0:
        found.append((at, at + len(words)))
        at = text.find(words, at + len(words))
    return found


def around(text: str, start: int, end: int, *, reach: int = 40) -> tuple[str, str, str]:
    """Return a span with what stands just before and after it."""
    before, after = text[max(0, start - reach) : start], text[end : end + reach]
    return (
        ("…" if start > reach else "") + before,
        text[start:end],
        after + ("…" if end + reach < len(text) else ""),
    )
