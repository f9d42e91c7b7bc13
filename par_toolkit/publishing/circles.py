"""Select what circles and meetings said that may be published: released, confirmed, held by nobody.

Words come from `word_releases`: two different people said yes to exactly these. Beside that each
kind has a rule of its own, in `_rule`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from par_toolkit.storage import kept_figures, topics
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.kept_figures import Kept
from par_toolkit.storage.people import RELEASED_BY
from par_toolkit.storage.published import WordUse
from par_toolkit.storage.sensemaking import (
    actions,
    answers,
    appeals,
    checks,
    contracts,
    items,
    outcomes,
    phases,
    positions,
    statements,
    views,
    word_releases,
)
from par_toolkit.storage.sensemaking.word_releases import Words

#: What is published of circles, each kind after those that it hangs on.
KINDS: Final = (
    "item", "view", "outcome", "action", "statement", "reason", "construction", "alternative",
    "reflection",
)  # fmt: skip
#: What its writers can erase; anything else stays as it was said.
ERASABLE: Final = ("item", "reason", "alternative")

#: (kind, reference) of a text.
Place = tuple[str, int]


@dataclass(frozen=True)
class FromCircles:
    """All that circles and meetings said and that may be published now.

    `texts` are the words by place. `answers` are who answered by statement, group and position, and
    `before` what was shown of that last. `people` counts who met of each group in each cycle;
    `unshown` are circles in which a construction that stands alone was named and is not among the
    texts. `topics` are what is sensitive about each statement. `held` counts the texts that stay
    inside, by reason.
    """

    texts: dict[Place, Words]
    phases: dict[str, phases.Phase]
    contracts: tuple[contracts.Contract, ...]
    items: dict[int, items.Item]
    outcomes: dict[int, outcomes.Outcome]
    actions: dict[int, actions.Action]
    views: dict[int, views.View]
    circles: dict[Place, int]
    answers: dict[int, dict[tuple[str, str], positions.Seats]]
    asked: dict[int, tuple[str, ...]]
    before: dict[int, Kept]
    reasons: dict[int, tuple[int, str]]
    people: dict[tuple[str, str], int]
    unshown: frozenset[int]
    topics: dict[int, frozenset[str]]
    held: dict[str, int]

    def of(self, kind: str) -> list[Words]:
        """List the texts of a kind."""
        return [words for (found, _), words in self.texts.items() if found == kind]


def select(db: PrivateDatabase) -> FromCircles:
    """Return what circles and meetings said and what may be published of it now."""
    cycles = _cycles(db)
    every = [one for cycle in cycles for one in word_releases.of_cycle(db, cycle, kinds=KINDS)]
    every.sort(key=lambda one: KINDS.index(one.kind))
    texts: dict[Place, Words] = {}
    held: Counter[str] = Counter()
    rule = _rule(db, texts)
    for one in every:
        reason = rule(one)
        if reason:
            held[reason] += 1
        elif any(one.parts):
            texts[one.kind, one.reference] = one
    return _with_facts(db, cycles, texts, dict(held))


def _cycles(db: PrivateDatabase) -> list[str]:
    """List every cycle in which something was said or began."""
    rows = db.rows(
        """
        select cycle from phases union select cycle from item_states union
        select cycle from circles union select cycle from statements union
        select cycle from agendas union select cycle from action_states order by 1
        """
    )
    return [row["cycle"] for row in rows]


def _rule(db: PrivateDatabase, texts: dict[Place, Words]) -> Callable[[Words], str | None]:
    """Return what says why a text stays inside, or None where it may be published.

    `texts` fills up meanwhile: what hangs on a text that stays inside stays there with it.
    """
    appealed, doubted = appeals.holding(db), checks.holding(db).items
    confirmed = {view: found.confirmed for view, found in _views(db).items()}
    of_circle, closed = _circles(db), _closed(db)
    ours = {circle: _is_ours(db, circle) for circle in set(of_circle.values())}
    under = _under(db)

    def why_not(one: Words) -> str | None:
        place = one.kind, one.reference
        if one.item in appealed:
            return "appeal"
        if one.item in doubted:
            return "not_that"
        if not one.released or under(one) - texts.keys():
            return "not_released"
        if one.kind == "view":
            return None if confirmed.get(one.reference) else "not_ours"
        if one.kind in ("construction", "alternative") and of_circle[place] not in closed:
            return "circle_open"  # whoever comes late says first how they see it (promise 13)
        if one.kind == "construction":
            return None if one.reference in ours[of_circle[place]] else "not_ours"
        return None

    return why_not


def _under(db: PrivateDatabase) -> Callable[[Words | WordUse], set[Place]]:
    """Return what says on which text another hangs: with it, it stays inside or leaves a build.

    A view and an outcome are of an item, a reason is of a statement.
    """
    about = {row["id"]: row["statement"] for row in db.rows("select id, statement from positions")}

    def under(one: Words | WordUse) -> set[Place]:
        if one.kind in ("view", "outcome") and one.item is not None:
            return {("item", one.item)}
        return {("statement", about[one.reference])} if one.kind == "reason" else set()

    return under


def _views(db: PrivateDatabase) -> dict[int, views.View]:
    """Return the views of items on agendas that were sent: until then only its own party's."""
    sent = db.rows("select id from agendas where sent_at is not null")
    return {
        view.id: view
        for row in sent
        for by_group in views.of_agenda(db, row["id"]).values()
        for view in by_group.values()
    }


def _circles(db: PrivateDatabase) -> dict[Place, int]:
    """Return the circle of each construction and of each alternative."""
    rows = db.rows(
        """
        select 'construction' as kind, id, circle from joint_constructions union all
        select 'alternative', id, circle from alternatives
        """
    )
    return {(row["kind"], row["id"]): row["circle"] for row in rows}


def _closed(db: PrivateDatabase) -> frozenset[int]:
    return frozenset(
        row["id"] for row in db.rows("select id from circles where closed_at is not null")
    )


def _is_ours(db: PrivateDatabase, circle: int) -> frozenset[int]:
    """Return the versions that a circle finds its own."""
    given = answers.of_circle(db, circle)
    return frozenset(version for version, said in given.items() if answers.is_ours(said))


def _with_facts(
    db: PrivateDatabase, cycles: list[str], texts: dict[Place, Words], held: dict[str, int]
) -> FromCircles:
    """Gather what stands beside the words: how items stand, what came of them, who answered."""
    at = {cycle: phase for cycle in cycles if (phase := phases.now(db, cycle))}
    of_circle = _circles(db)
    put = {
        one.id: one
        for cycle in cycles
        for one in statements.of_cycle(db, cycle)
        if ("statement", one.id) in texts
    }
    here = {item.id: item for item in items.listing(db) if ("item", item.id) in texts}
    done = {one.id: one for cycle in cycles for one in actions.of_cycle(db, cycle)}
    return FromCircles(
        texts=texts,
        phases=at,
        contracts=tuple(reversed(contracts.versions(db))),
        items=here,
        outcomes={id: last[-1] for id in here if (last := outcomes.of_item(db, id))},
        actions={id: one for id, one in done.items() if ("action", id) in texts},
        views={id: one for id, one in _views(db).items() if ("view", id) in texts},
        circles={place: circle for place, circle in of_circle.items() if place in texts},
        answers={id: positions.holders(db, one) for id, one in put.items()},
        asked={id: one.groups for id, one in put.items()},
        before={int(part): kept for (_, part), kept in kept_figures.last(db, "agreement").items()},
        reasons=_reasons(db, texts),
        people=_people(db),
        unshown=frozenset(
            of_circle["alternative", row["id"]]
            for row in db.rows("select id from alternatives where name <> ''")
            if ("alternative", row["id"]) not in texts
        ),
        topics=topics.of_statements(db),
        held=held,
    )


def _reasons(db: PrivateDatabase, texts: Iterable[Place]) -> dict[int, tuple[int, str]]:
    """Return the statement and the position of each reason that may be published."""
    wanted = {reference for kind, reference in texts if kind == "reason"}
    rows = db.rows("select id, statement, position from positions where reason <> ''")
    return {r["id"]: (r["statement"], r["position"]) for r in rows if r["id"] in wanted}


def _people(db: PrivateDatabase) -> dict[tuple[str, str], int]:
    """Count who met: the seats from which somebody said how they see it. An empty one is nobody."""
    rows = db.rows(
        """
        select c.group_code, c.cycle, count(*) as people
        from seats s join circles c on c.id = s.circle
        where exists (select 1 from own_constructions o where o.seat = s.id)
        group by c.group_code, c.cycle
        """
    )
    return {(row["group_code"], row["cycle"]): row["people"] for row in rows}


def staying(db: PrivateDatabase, uses: Iterable[WordUse]) -> frozenset[WordUse]:
    """Return which words of a build may stay in it: released as they read there, held by nobody.

    What hangs on words that go leaves with them. What was said anew since was not taken back, so it
    stays until the next build is published.
    """
    approved = {
        (row["kind"], row["reference"], row["digest"])
        for row in db.rows(
            """
            select kind, reference, digest from word_releases
            group by kind, reference, digest having count(distinct person) >= :enough
            """,
            {"enough": RELEASED_BY},
        )
    }
    held = appeals.holding(db) | checks.holding(db).items
    left = [
        use
        for use in uses
        if (use.kind, use.reference, use.digest) in approved
        and use.item not in held
        and (use.kind not in ERASABLE or _unchanged(db, use))
    ]
    there, under = {(use.kind, use.reference) for use in left}, _under(db)
    return frozenset(use for use in left if under(use) <= there)


def _unchanged(db: PrivateDatabase, use: WordUse) -> bool:
    found = word_releases.get(db, use.kind, use.reference)
    return found is not None and found.digest == use.digest
