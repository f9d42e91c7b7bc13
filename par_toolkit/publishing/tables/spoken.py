"""People by what their words were put to: themes, actions, and what they said of a theme.

Somebody may stand in several themes, and in actions of several states. So each theme and each state
is a table of its own, and nobody adds them up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing.allowed import allowed
from par_toolkit.publishing.figures import ALL, Key, Person, Table
from par_toolkit.publishing.links import ENDORSED
from par_toolkit.publishing.select import Selection
from par_toolkit.publishing.tables.groups import Groups
from par_toolkit.publishing.tables.planned import Planned
from par_toolkit.publishing.tables.tellers import Tellers
from par_toolkit.storage import topics
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import checks

THEME_PEOPLE: Final = "theme_people"
ACTION_PEOPLE: Final = "action_people"
MEMBER_CHECKS: Final = "member_checks"
NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Spoken:
    """Everybody's words as they stand today, to count the people behind them.

    `known` are the groups, and 'all', of which it is published how many people took part.
    """

    db: PrivateDatabase
    inquiry: Inquiry
    selection: Selection
    groups: Groups
    tellers: Tellers
    known: frozenset[str]

    def tables(self) -> list[Planned]:
        """Return a table for each theme, for each state of actions, and of what tellers said."""
        return [*self.themes(), *self.actions(), *self.member_checks()]

    def themes(self) -> list[Planned]:
        """Return people by group for each theme that is published.

        Those are counted whose story stands under it by a person's yes, who agree today that it is
        analysed, and who have not said 'not that'.
        """
        may, doubted = self._analysed, self.selection.doubted.themes
        people: dict[int, set[Person]] = {theme.id: set() for theme in self.selection.themes}
        for row in self.db.rows(ENDORSED):
            theme, story = row["theme"], row["story"]
            if theme in people and story in may and (story, theme) not in doubted:
                people[theme].add(self.tellers.of_story[story])
        marked = topics.marks(self.db, "theme")
        return [
            self._by_group(
                THEME_PEOPLE,
                str(theme.id),
                people[theme.id],
                marked.get(theme.id, NOTHING),
                title=theme.name,
            )
            for theme in self.selection.themes
        ]

    def actions(self) -> list[Planned]:
        """Return people by group for each state of the actions that are published.

        Those are counted whose stories led there, who agree today that these are analysed. What is
        sensitive about the theme or the statements behind one action holds for its whole state.
        """
        may, circles = self._analysed, self.selection.circles
        people: dict[str, set[Person]] = {}
        about: dict[str, set[str]] = {}
        for action in circles.actions.values():
            people.setdefault(action.state, set()).update(
                self.tellers.of_story[story] for story in action.stories if story in may
            )
            about.setdefault(action.state, set()).update(self._behind(action.item))
        return [
            self._by_group(ACTION_PEOPLE, state, people[state], about[state])
            for state in sorted(people)
        ]

    def member_checks(self) -> list[Planned]:
        """Return people by answer for each theme, also where nobody answered: a theme without a
        table would say so.

        Who gave several answers, as of several stories, counts once, with the one that doubts most.
        """
        may, marked = self._analysed, topics.marks(self.db, "theme")
        said: dict[int, dict[Person, str]] = {}
        for check in checks.listing(self.db):
            if check.use.kind == "construction" or check.use.story not in may:
                continue
            person = self.tellers.of_story[check.use.story]
            answers = said.setdefault(check.use.reference, {})
            answers[person] = max(answers.get(person, check.answer), check.answer, key=_doubt)
        return [
            Planned(
                Table(
                    MEMBER_CHECKS,
                    self.inquiry.threshold_for(about),
                    _cells(said.get(theme.id, {})),
                    checks.ANSWERS,
                    part=str(theme.id),
                    said=frozenset({"all"}),
                ),
                theme.name,
                about,
            )
            for theme in self.selection.themes
            for about in (marked.get(theme.id, NOTHING),)
        ]

    @cached_property
    def _everybody(self) -> dict[str, frozenset[Person]]:
        return self.tellers.by_row(self.groups)

    @cached_property
    def _analysed(self) -> frozenset[int]:
        """Return the stories that may be analysed today."""
        return frozenset(story for story, now in allowed(self.db).items() if "analyse" in now.uses)

    def _behind(self, item: int | None) -> frozenset[str]:
        """Return the sensitive topics of the theme and of the statements of an item."""
        circles = self.selection.circles
        theme = circles.items[item].theme if item in circles.items else None
        found = topics.of(self.db, "theme", theme) if theme else NOTHING
        for text in circles.of("statement"):
            if item is not None and text.item == item:
                found |= circles.topics[text.reference]
        return found

    def _by_group(
        self, name: str, part: str, people: set[Person], about: Collection[str], *, title: str = ""
    ) -> Planned:
        everybody, asked = self._everybody, self.groups.topics.union(about)
        table = Table(
            name,
            self.inquiry.threshold_for(asked),
            {(row, ALL): of & people for row, of in everybody.items()},
            tuple(everybody),
            part=part,
            said=frozenset({"all"}),
            joins=self.groups.joins,
            of=everybody,
            sensitive=bool(about),
            known=self.known,
        )
        return Planned(table, title, asked)


def _doubt(answer: str) -> int:
    return checks.ANSWERS.index(answer)


def _cells(answers: Mapping[Person, str]) -> dict[Key, frozenset[Person]]:
    return {
        (answer, ALL): frozenset(person for person, said in answers.items() if said == answer)
        for answer in checks.ANSWERS
    }
