"""Arrange what circles said as the rows of a build: new random ids, random order (promise 12)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing import agreement
from par_toolkit.publishing.circles import FromCircles, Place
from par_toolkit.publishing.figures import ALL, Figures, Line
from par_toolkit.publishing.public_ids import new_id, shuffled
from par_toolkit.publishing.tables.groups import NAMES
from par_toolkit.storage.clock import quarter
from par_toolkit.storage.published import WordUse
from par_toolkit.storage.sensemaking.phases import CLOSED
from par_toolkit.storage.sensemaking.word_releases import Words

#: Fewer voices than this are no group that words could stand for: its name would point at them.
VOICES: Final = 3

Row = dict[str, Any]


@dataclass
class CircleRows:
    """The rows by table, and which words stand where; `statements` maps our ids to public ones."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    words: list[WordUse] = field(default_factory=list)
    statements: dict[int, str] = field(default_factory=dict)


def rows_of(
    said: FromCircles,
    inquiry: Inquiry,
    *,
    themes: Mapping[int, str],
    cycles: Sequence[Row],
    figures: Sequence[Figures],
) -> CircleRows:
    """Return the rows that circles give; `themes` maps our ids to public ones.

    `cycles` are the rows of the inquiry's own cycles, to which phases are added, `figures` those of
    every table.
    """
    arranged = _Arranging(said, inquiry, themes, figures)
    made = arranged.made
    made.rows["contracts"] = [
        {"version": one.version, "quarter": quarter(one.at)} | vars(one.terms)
        for one in said.contracts
    ]
    made.rows["cycles"] = [row | arranged.phase(row["id"]) for row in cycles]
    made.rows["items"] = arranged.items()
    made.rows["constructions"] = arranged.constructions()
    made.rows["statements"], made.rows["agreement"] = arranged.statements()
    made.rows["reasons"] = arranged.reasons()
    made.rows["actions"] = arranged.actions()
    return made


class _Arranging:
    """Makes rows table by table; each text gets its public id before anything points at it."""

    def __init__(
        self,
        said: FromCircles,
        inquiry: Inquiry,
        themes: Mapping[int, str],
        figures: Sequence[Figures],
    ) -> None:
        self.said = said
        self.inquiry = inquiry
        self.figures = {one.part: one for one in figures if one.name == agreement.NAME}
        self.themes = themes
        self.made = CircleRows()
        self.public: dict[Place, str] = {place: new_id() for place in said.texts}
        self.names = {
            group.code: (inquiry.text(group.names, "en"), inquiry.text(group.names, "fr"))
            for group in inquiry.groups
        } | {ALL: NAMES[ALL]}

    def phase(self, cycle: str) -> Row:
        """Return how far a cycle has come; all empty where it has not begun."""
        at, words = self.said.phases.get(cycle), ("", "")
        reflection = [one for one in self.said.of("reflection") if one.cycle == cycle]
        if at and at.phase == CLOSED and reflection:
            words = (reflection[0].parts[0], reflection[0].parts[1])
            self._stands(reflection[0], cycle)
        return {
            "phase": at.phase if at else None,
            "phase_quarter": quarter(at.at) if at else None,
            "contract": at.contract if at else None,
            "next": at.next if at else None,
            "next_cycle": at.next_cycle if at else None,
            "reflection": words[0],
            "next_words": words[1],
        }

    def items(self) -> list[Row]:
        rows: list[Row] = []
        for position, text in enumerate(shuffled(self.said.of("item")), start=1):
            item = self.said.items[text.reference]
            outcome = self.said.outcomes.get(item.id)
            released = self.said.texts.get(("outcome", outcome.id)) if outcome else None
            public = self._stands(text)
            if released:
                self._stands(released, public)
            rows.append(
                {
                    "id": public,
                    "kind": item.kind,
                    "words": text.parts[0],
                    "source": item.source if item.source in ("stories", "theme") else "circle",
                    "theme": self.themes.get(item.theme) if item.theme else None,
                }
                | self._group(item.group, item.cycle, fewest=self.inquiry.threshold)
                | {
                    "cycle": item.cycle,
                    "carried": int(item.carried),
                    "state": item.state,
                    "outcome": outcome.outcome if outcome else None,
                    "outcome_words": released.parts[0] if released else "",
                    "no_action": released.parts[1] if released else "",
                    "position": position,
                }
            )
        return rows

    def constructions(self) -> list[Row]:
        """Return what groups say together and views of items first, then what stands beside."""
        together = [*self.said.of("construction"), *self.said.of("view")]
        alone = self.said.of("alternative")
        order = [*shuffled(together), *shuffled(alone)]
        places = shuffled(range(1, len(order) + 1))
        return [
            self._construction(text) | {"position": place}
            for text, place in zip(order, places, strict=True)
        ]

    def _construction(self, text: Words) -> Row:
        fewest = self.inquiry.threshold if text.kind == "alternative" else VOICES
        group = self._group(text.group, text.cycle, fewest=fewest)
        circle = self.said.circles.get((text.kind, text.reference))
        beside = None
        if text.kind == "alternative" and group["stakeholder_group"]:
            beside = self._said_together(circle)
        return {
            "id": self._stands(text),
            "kind": "circle" if text.kind == "construction" else text.kind,
            "cycle": text.cycle,
        } | group | {
            "item": self.public.get(("item", text.item)) if text.item else None,
            "beside": beside,
            "name": text.parts[0] if text.kind == "alternative" else "",
            "words": text.parts[-1],
            "unshown": int(text.kind == "construction" and circle in self.said.unshown),
        }  # fmt: skip

    def _said_together(self, circle: int | None) -> str | None:
        """Return the public id of the newest construction of a circle."""
        found = [
            place
            for place, of in self.said.circles.items()
            if of == circle and place[0] == "construction"
        ]
        return self.public[max(found)] if found else None

    def statements(self) -> tuple[list[Row], list[Row]]:
        rows, lines = [], []
        groups = [group.code for group in self.inquiry.groups]
        for text in shuffled(self.said.of("statement")):
            public = self._stands(text)
            self.made.statements[text.reference] = public
            shown = agreement.with_others(
                self.figures.get(str(text.reference)),
                asked=self.said.asked[text.reference],
                groups=groups,
            )
            score = agreement.scores(shown.lines)
            rows.append(
                {
                    "id": public,
                    "words": text.parts[0],
                    "cycle": text.cycle,
                    "item": self.public.get(("item", text.item)) if text.item else None,
                }
                | vars(score)
            )
            lines += [self._figure(public, line) for line in shown.lines]
        rows.sort(key=lambda row: -1.0 if row["agreement"] is None else row["agreement"])
        ordered = list(reversed(rows))
        return [row | {"position": n} for n, row in enumerate(ordered, start=1)], lines

    def _figure(self, statement: str, line: Line) -> Row:
        english, french = self.names.get(line.row, (line.row, line.row))
        return {
            "statement": statement,
            "stakeholder_group": line.row,
            "group_en": english,
            "group_fr": french,
            "position": line.column,
            "people": line.people,
            "shown": line.shown,
        }

    def reasons(self) -> list[Row]:
        rows = []
        for text in shuffled(self.said.of("reason")):
            statement, position = self.said.reasons[text.reference]
            rows.append(
                {
                    "id": self._stands(text),
                    "statement": self.public["statement", statement],
                    "position": position,
                    "words": text.parts[0],
                }
            )
        return rows

    def actions(self) -> list[Row]:
        rows = []
        for position, text in enumerate(shuffled(self.said.of("action")), start=1):
            action = self.said.actions[text.reference]
            what, owner, said = text.parts
            rows.append(
                {
                    "id": self._stands(text),
                    "what": what,
                    "owner": owner,
                    "due": quarter(action.due),
                    "state": action.state,
                    "said": said,
                    "cycle": action.cycle,
                    "item": self.public.get(("item", text.item)) if text.item else None,
                    "position": position,
                }
            )
        return rows

    def _stands(self, text: Words, public: str | None = None) -> str:
        """Note that a text stands in the build, and return the public id of its row."""
        public = public or self.public[text.kind, text.reference]
        self.made.words.append(WordUse(text.kind, text.reference, text.digest, text.item, public))
        return public

    def _group(self, group: str, cycle: str, *, fewest: int) -> Row:
        """Return whose words they are, where enough people of the group met in the cycle."""
        met = {code: n for (code, where), n in self.said.people.items() if where == cycle}
        shared = shared_groups(met, fewest=fewest)
        english, french = self.names.get(group, (group, group)) if group in shared else (None, None)
        return {
            "stakeholder_group": group if group in shared else None,
            "group_en": english,
            "group_fr": french,
        }


def shared_groups(people: Mapping[str, int], *, fewest: int) -> Collection[str]:
    """Return the groups that may stand beside words: at least `fewest` people of them met.

    Words without a group are those of all the others. Where these are few together, the smallest
    of the groups that could be named is not named either.
    """
    named = {group for group, n in people.items() if n >= fewest}
    while named and 0 < sum(n for group, n in people.items() if group not in named) < fewest:
        named.remove(min(sorted(named), key=lambda group: people[group]))
    return named
