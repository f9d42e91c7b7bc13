"""Ask the record what may be told of a cycle: released by two people, agreed to today, not held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing import circles as publishable
from par_toolkit.publishing.arrange_circles import VOICES, shared_groups
from par_toolkit.reporting import cases, putting
from par_toolkit.reporting.model import Case, Checked, Doing, Report, Together, Trail, Why
from par_toolkit.storage import audit
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import (
    actions,
    alternatives,
    answers,
    appeals,
    carrying,
    checks,
    circles,
    contracts,
    evidence,
    expectations,
    heard_from_others,
    items,
    joint,
    phases,
    word_releases,
)
from par_toolkit.storage.sensemaking.word_releases import Words

#: Acts that a report counts; any other could tell how few people were there.
COUNTED = (
    "write_contract",
    "open_circle",
    "endorse_theme",
    "put_statement",
    "send_agenda",
    "begin_session",
    "outcome_full",
    "outcome_partial",
    "outcome_none",
    "approve_words",
    "add_action",
    "change_action",
    "move_cycle",
    "close_cycle",
    "publish",
)


@dataclass(frozen=True)
class Missing:
    """What keeps a report from being made: `what` is 'item', 'view' (of `group`) or 'all_held'."""

    what: str
    item: int
    group: str = ""


class ReportRefused(Refused):
    """A report that would leave out what is unresolved; `missing` says what must be there first."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(
            "report_refused",
            "The report cannot be made yet, as what is unresolved must be in it. "
            + " ".join(_sentence(one) for one in missing),
        )
        self.missing = tuple(missing)


def _sentence(missing: Missing) -> str:
    if missing.what == "item":
        return (
            f"Item {missing.item} is unresolved, and its words are not released: two people read "
            "them at ‘Releases of words’."
        )
    if missing.what == "view":
        return (
            f"Item {missing.item} is unresolved, and the view of '{missing.group}' is not there: "
            "its own people confirm it, and two people release it."
        )
    return (
        f"Item {missing.item} and every other that is unresolved are held by an appeal or by what "
        "a teller said: answer these first."
    )


def gather(db: PrivateDatabase, inquiry: Inquiry, cycle: str, *, today: date) -> Report:
    """Return what may be told of a cycle.

    Raises ReportRefused where an unresolved item or the view of a group on it could not be told,
    and where all that is unresolved is held: its section is never empty.
    """
    held = _held(db)
    every = cases.of_cycle(db, cycle)
    said = publishable.select(db)
    named = _named(said.people)
    told = {
        item: case
        for item in every
        if item not in held and (case := cases.told(db, item, cycle, named=named))
    }
    open_ones = carrying.went_out(db, cycle).items
    _check(db, open_ones, held, told, cycle)
    dates = next((one for one in inquiry.cycles if one.code == cycle), None)
    phase, listed = phases.now(db, cycle), _words(db, cycle)
    closed = phase is not None and phase.phase == phases.CLOSED
    reflection = next((one for one in listed if one.kind == "reflection" and one.released), None)
    sealed = expectations.of_cycle(db, cycle)
    met = {group: n for (group, where), n in said.people.items() if where == cycle}
    return Report(
        inquiry=inquiry.name,
        locality=inquiry.locality,
        cycle=dates.names if dates else {"en": cycle},
        begins=dates.starts if dates else None,
        ends=dates.ends if dates else None,
        today=today,
        fewest=inquiry.threshold,
        group_names={one.code: one.names for one in inquiry.groups},
        of_one=frozenset(shared_groups(met, fewest=inquiry.threshold)),
        contract=contracts.get(db, phase.contract) if phase else contracts.latest(db),
        closed=closed,
        stops=phase is not None and phase.next == "stop",
        reflection=reflection.parts[0] if reflection else "",
        next_plan=reflection.parts[1] if reflection else "",
        resolved=tuple(case for item, case in told.items() if item not in open_ones),
        unresolved=tuple(case for item, case in told.items() if item in open_ones),
        held=tuple((item, held[item]) for item in every if item in held),
        together=tuple(_together(db, cycle, listed, named)),
        statements=tuple(putting.put(said, inquiry, cycle)),
        actions=tuple(_actions(db, cycle, held)),
        checked=_checked(db),
        evidence=evidence.gather(db, cycle, groups=[one.code for one in inquiry.groups]),
        heard=tuple(_heard(db, cycle, listed)),
        sealed=len(sealed),
        opened=sum(one.holds for one in sealed),
        expected=tuple(
            one.parts[0] for one in listed if one.kind == "expectation" and one.released
        ),
        trail=_trail(db),
        left_out=_left_out(db, every, held, told, listed),
    )


def _named(people: Mapping[tuple[str, str], int]) -> frozenset[tuple[str, str]]:
    """Return the groups, each in a cycle, of which so many met that words may stand for them."""
    met: dict[str, dict[str, int]] = {}
    for (group, cycle), number in people.items():
        met.setdefault(cycle, {})[group] = number
    return frozenset(
        (group, cycle)
        for cycle, groups in met.items()
        for group in shared_groups(groups, fewest=VOICES)
    )


def _held(db: PrivateDatabase) -> dict[int, Why]:
    """Return the items of which nothing is told, and why."""
    by_tellers: dict[int, Why] = dict.fromkeys(checks.holding(db).items, "teller")
    return by_tellers | dict.fromkeys(appeals.holding(db), "appeal")


def _check(
    db: PrivateDatabase,
    open_ones: Iterable[int],
    held: dict[int, Why],
    told: dict[int, Case],
    cycle: str,
) -> None:
    """Raise ReportRefused where something unresolved is not held, but could not be told."""
    unresolved = list(open_ones)
    missing = []
    for item in (one for one in unresolved if one not in held):
        if item not in told:
            missing.append(Missing("item", item))
            continue
        spoken = {view.group for view in told[item].views}
        missing += [
            Missing("view", item, group)
            for group in cases.parties(db, item, cycle)
            if group not in spoken
        ]
    if unresolved and all(one in held for one in unresolved):
        missing.append(Missing("all_held", unresolved[0]))
    if missing:
        raise ReportRefused(missing)


def _words(db: PrivateDatabase, cycle: str) -> list[Words]:
    kinds = ("construction", "alternative", "statement", "heard", "reflection", "expectation")
    return word_releases.of_cycle(db, cycle, kinds=kinds)


def _together(
    db: PrivateDatabase,
    cycle: str,
    listed: Iterable[Words],
    named: Collection[tuple[str, str]],
) -> list[Together]:
    """Return what circles say together, and what stands beside it, by group.

    Only of circles that are closed: whoever comes late says first how they see it (promise 13).
    """
    released = {(one.kind, one.reference) for one in listed if one.released}
    found: dict[str, tuple[list[str], list[tuple[str, str]]]] = {}
    silent = set()
    for circle in sorted(circles.listing(db, cycle=cycle), key=lambda one: one.id):
        if circle.closed_at is None:
            continue
        given = answers.of_circle(db, circle.id)
        words, beside = found.setdefault(circle.group, ([], []))
        words += [
            one.words
            for one in joint.current(joint.versions(db, circle.id))
            if ("construction", one.id) in released and answers.is_ours(given.get(one.id, ()))
        ]
        for one in alternatives.of_circle(db, circle.id):
            if ("alternative", one.id) in released:
                beside.append((one.name, one.words))
            else:
                silent.add(circle.group)
    return [
        Together(group, (group, cycle) in named, tuple(words), tuple(beside), group in silent)
        for group, (words, beside) in sorted(found.items())
        if words or beside
    ]


def _actions(db: PrivateDatabase, cycle: str, held: dict[int, Why]) -> list[Doing]:
    """Return the released actions that stand in a cycle or went on from it, by number."""
    here = {one.id for one in actions.of_cycle(db, cycle)}
    found = [actions.get(db, one) for one in sorted(here | set(went_on(db, cycle)))]
    return cases.doings(db, [one for one in found if one and one.item not in held])


def went_on(db: PrivateDatabase, cycle: str) -> tuple[int, ...]:
    """Return the actions that were open when a cycle was left; they stand in the next by now."""
    return carrying.went_out(db, cycle).actions


def _heard(
    db: PrivateDatabase, cycle: str, listed: Iterable[Words]
) -> list[tuple[str, str, str, str]]:
    """Return what groups say of one another, released, as (group, about, words, verdict)."""
    released = {one.reference for one in listed if one.kind == "heard" and one.released}
    return [
        (one.group, one.about, one.words, one.verdict)
        for one in heard_from_others.of_cycle(db, cycle)
        if one.id in released
    ]


def _checked(db: PrivateDatabase) -> Checked:
    """Count tellers, each once, by what they said last of the uses of their words."""
    said, of = checks.listing(db), checks.tellers(db)
    waiting = {of[one.use.story] for one in said if one.waits}
    wrong = {of[one.use.story] for one in said if one.answer != "thats_it"}
    tellers = {of[one.use.story] for one in said}
    return Checked(len(tellers), len(tellers - wrong), len(waiting))


def _trail(db: PrivateDatabase) -> Trail:
    rows = audit.public_rows(db)
    counted = Counter((row["role"], row["action"]) for row in rows if row["action"] in COUNTED)
    acts = sorted(counted.items(), key=lambda one: (COUNTED.index(one[0][1]), one[0][0]))
    return Trail(
        audit.verify(db).whole,
        len(rows),
        rows[-1]["hash"] if rows else audit.START,
        tuple((role, act, number) for (role, act), number in acts),
    )


def _left_out(
    db: PrivateDatabase,
    every: Iterable[int],
    held: dict[int, Why],
    told: dict[int, Case],
    listed: Iterable[Words],
) -> Counter[str]:
    """Count what is not released, by kind; reasons and what stands alone could tell of people."""
    kinds = ("construction", "statement", "reflection", "expectation")
    found = Counter(one.kind for one in listed if one.kind in kinds and not one.released)
    silent = [one for one in every if one not in held and one not in told]
    found["item"] = sum(items.get(db, one) is not None for one in silent)
    return +found
