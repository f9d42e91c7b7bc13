"""What the published figures of a statement say, group by group; in words where they are few."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from . import bars
from .words import HIDDEN, Words

ALL: Final = "all"
#: What a bar is made of, from left to right, where it is shown.
PARTS: Final = ("agree", "disagree", "unsure", "not_agree")
#: A reason that somebody does not agree comes first: it is what a figure cannot say.
DISSENT: Final = ("disagree", "unsure")


@dataclass(frozen=True)
class Group:
    """One group that answered, was asked, or was not: figures by position, None where hidden.

    `shown` is 'shown' for a group with figures or hidden ones, else why there is none.
    """

    code: str
    name: str
    people: dict[str, int | None]
    shown: str

    @property
    def answered(self) -> bool:
        return self.shown == "shown"

    @property
    def told(self) -> bool:
        """Say whether it is shown how many answered and how many of them agree."""
        return self.people.get("agree") is not None and self.people.get(ALL) is not None

    @property
    def share(self) -> float | None:
        """Return (A+1)/(S+2), as the headline takes it."""
        agree, answered = self.people.get("agree"), self.people.get(ALL)
        return None if agree is None or answered is None else (agree + 1) / (answered + 2)


@dataclass(frozen=True)
class Statement:
    """A statement with its groups, everybody who answered, and reasons of people who do not agree.

    `minimum` is the headline; None where the figures of a group are hidden. `theme` is that of the
    item it is about.
    """

    id: str
    words: str
    cycle: str
    item: str | None
    item_words: str | None
    minimum: float | None
    groups: tuple[Group, ...]
    everybody: int | None
    reasons: dict[str, tuple[str, ...]]
    theme: str | None
    theme_name: str | None

    @property
    def answered(self) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.answered)

    @property
    def lowest(self) -> tuple[str, ...]:
        """Name the groups that agree least: those who can explain it."""
        if self.minimum is None:
            return ()
        shares = {group.name: group.share for group in self.answered}
        least = min((share for share in shares.values() if share is not None), default=None)
        return tuple(name for name, share in shares.items() if share == least)

    def without(self, why: str) -> tuple[str, ...]:
        """Name the groups without figures: 'nobody_answered' or 'not_asked'."""
        return tuple(group.name for group in self.groups if group.shown == why)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the positions that its table has columns for, and who answered at the end."""
        used = {position for group in self.groups for position in group.people}
        return (*(position for position in PARTS if position in used), ALL) if used else ()

    @property
    def dissent(self) -> tuple[str, ...]:
        """Return the reasons of people who do not agree, those who disagree first."""
        return tuple(words for position in DISSENT for words in self.reasons.get(position, ()))


def read(
    rows: Iterable[dict[str, Any]],
    figures: Iterable[dict[str, Any]],
    reasons: Iterable[dict[str, Any]],
    language: str,
) -> list[Statement]:
    """Put statements together with their figures and reasons, in the order in which they come."""
    by_statement: dict[str, list[dict[str, Any]]] = {}
    for figure in figures:
        by_statement.setdefault(figure["statement"], []).append(figure)
    said: dict[str, dict[str, list[str]]] = {}
    for reason in reasons:
        positions = said.setdefault(reason["statement"], {})
        positions.setdefault(reason["position"], []).append(reason["words"])
    return [
        _statement(row, by_statement.get(row["id"], []), said.get(row["id"], {}), language)
        for row in rows
    ]


def _statement(
    row: dict[str, Any],
    figures: Sequence[dict[str, Any]],
    reasons: dict[str, list[str]],
    language: str,
) -> Statement:
    groups: dict[str, list[dict[str, Any]]] = {}
    for figure in figures:
        groups.setdefault(figure["stakeholder_group"], []).append(figure)
    everybody = groups.pop(ALL, [])
    found = [_group(code, lines, language) for code, lines in groups.items()]
    # by name and not by size: the order of hidden figures must say nothing
    found.sort(key=lambda group: (not group.answered, group.shown, group.name.casefold()))
    return Statement(
        row["id"],
        row["words"],
        row["cycle"],
        row["item"],
        row["item_words"],
        row["minimum"],
        tuple(found),
        everybody[0]["people"] if everybody else None,
        {position: tuple(words) for position, words in reasons.items()},
        row.get("theme"),
        row.get("theme_name"),
    )


def _group(code: str, lines: Sequence[dict[str, Any]], language: str) -> Group:
    first = lines[0]
    name = first[f"group_{language}"] or first["group_en"] or code
    if first["shown"] in ("nobody_answered", "not_asked"):
        return Group(code, name, {}, first["shown"])
    return Group(code, name, {line["position"]: line["people"] for line in lines}, "shown")


def by_group(statement: Statement, words: Words) -> bars.Chart | None:
    """Draw how each group that answered stands; hidden figures are a stub of one length."""
    return bars.chart(_of_group(group, words) for group in statement.answered)


def _of_group(group: Group, words: Words) -> bars.Shown:
    shown = [(part, n) for part in PARTS if (n := group.people.get(part)) is not None]
    if not group.told:
        return bars.Shown(group.name, words(HIDDEN), hidden=True)
    answered = group.people[ALL] or 0
    # what is shown adds up to who answered, or who answered stands beside it
    every = all(group.people.get(part) is not None for part in group.people)
    told = shown if every else [*shown, (ALL, answered)]
    said = " · ".join(f"{words.position(part)} {words.number(n)}" for part, n in told)
    return bars.Shown(group.name, said, shown, whole=answered)


def headlines(
    statements: Iterable[Statement], words: Words, *, numbered: bool = True
) -> bars.Chart | None:
    """Draw the headline of each statement: how far the group that agrees least agrees."""
    return bars.chart(
        bars.Shown(
            f"{number}. {one.words}" if numbered else one.words,
            words(HIDDEN)
            if one.minimum is None
            else f"{words.share(one.minimum)} · {', '.join(one.lowest)}",
            () if one.minimum is None else (("known", one.minimum),),
            whole=1,
            hidden=one.minimum is None,
        )
        for number, one in enumerate(statements, start=1)
    )
