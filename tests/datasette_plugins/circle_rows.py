"""Rows about circles, of made-up words: two cycles, items, views, statements and actions."""

from __future__ import annotations

import sqlite3
from typing import Any

GROUPS = {
    "residents": ("Residents", "Habitants"),
    "nurses": ("Nurses", "Infirmières et infirmiers"),
    "carers": ("Unpaid carers", "Proches aidants"),
    "drivers": ("Bus drivers", "Chauffeurs de bus"),
    "all": ("Everybody", "Tout le monde"),
}
BUS = "The last bus leaves too early."
PAYS = "Who pays for a later bus?"
LARGE = "A later bus is worth the money."
SMALL = "Night visits should be paid for."
#: statement -> group -> (agree, disagree, unsure, all), or why there are no figures
FIGURES: dict[str, dict[str, Any]] = {
    "st-large": {
        "residents": (45, 10, 15, 70),
        "nurses": (20, 15, 10, 45),
        "carers": "nobody_answered",
        "drivers": "not_asked",
        "all": 115,
    },
    "st-small": {
        "residents": (None, None, None, None),
        "nurses": (None, None, None, None),
        "carers": (None, None, None, None),
        "drivers": "not_asked",
        "all": 10,
    },
}
POSITIONS = ("agree", "disagree", "unsure", "all")


def write_circles(db: sqlite3.Connection, *, large: bool = True) -> None:
    """Write what circles said; without `large` every figure by group is hidden, as of 12 people."""
    _write_cycle(db)
    _write_items(db)
    for key, words in (("st-large", LARGE), ("st-small", SMALL)):
        if key == "st-small" or large:
            _write_statement(db, key, words)
    add(db, "reasons", id="r-a", statement="st-small", position="disagree",
        words="I pay for my petrol, and nobody asks.")  # fmt: skip
    add(db, "reasons", id="r-b", statement="st-small", position="agree", words="It is work.")
    for number, (state, said) in enumerate(
        (("done", "The council moved the last bus to ten."), ("open", ""),
         ("dropped", "There was no money left."))
    ):  # fmt: skip
        add(db, "actions", id=f"a-{number}", what=f"Ask for a later bus, step {number}.",
            owner="Made-up bus group", due="2026-Q3", state=state, said=said, cycle="c1",
            item="i-bus" if state == "done" else None, position=number)  # fmt: skip


def add(db: sqlite3.Connection, table: str, **values: Any) -> None:
    columns = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    db.execute(f"insert into {table} ({columns}) values ({marks})", values)


def _named(group: str | None) -> dict[str, str | None]:
    english, french = GROUPS[group] if group else (None, None)
    return {"stakeholder_group": group, "group_en": english, "group_fr": french}


def _write_cycle(db: sqlite3.Connection) -> None:
    add(db, "contracts", version=1, quarter="2026-Q1", purpose="To see how people come here.",
        stake="Who rides, who drives.", confidentiality="Names stay in the room.",
        promise="involve", promised="You hear what became of it.")  # fmt: skip
    db.execute(
        """
        update cycles set phase = 'closed', phase_quarter = '2026-Q2', contract = 1,
          next = 'cycle', next_cycle = 'c2', reflection = 'We listened more than we acted.',
          next_words = 'Act sooner.' where id = 'c1'
        """
    )
    db.execute("update cycles set phase = 'plan', phase_quarter = '2026-Q3', contract = 1 "
               "where id = 'c2'")  # fmt: skip


def _write_items(db: sqlite3.Connection) -> None:
    plain = {"source": "circle", "theme": None, "cycle": "c2", "carried": 1}
    add(db, "items", id="i-bus", kind="concern", words=BUS, state="resolved", outcome="full",
        outcome_words="The last bus goes at ten.", no_action="", position=2,
        **plain, **_named("residents"))  # fmt: skip
    add(db, "items", id="i-pays", kind="issue", words=PAYS, state="unresolved", outcome="none",
        outcome_words="We do not agree who pays.", no_action="The council meets in June.",
        position=1, **plain, **_named(None))  # fmt: skip
    for position, (key, kind, group, item, beside, name, words) in enumerate(
        (
            ("k-r", "view", "residents", "i-pays", None, "", "The council pays."),
            ("k-n", "view", "nurses", "i-pays", None, "", "All share the cost."),
            ("k-c", "circle", "residents", None, None, "", "We wait, and nobody tells us."),
            ("k-d", "circle", None, None, None, "", "We drive, and nobody asks us."),
            ("k-a", "alternative", "residents", None, "k-c", "Walking", "I would rather walk."),
            ("k-l", "alternative", None, None, None, "Night owls", "Night is my day."),
        )
    ):
        add(db, "constructions", id=key, kind=kind, cycle="c2", item=item, beside=beside,
            name=name, words=words, unshown=int(key == "k-d"), position=position,
            **_named(group))  # fmt: skip


def _write_statement(db: sqlite3.Connection, key: str, words: str) -> None:
    large = key == "st-large"
    add(db, "statements", id=key, words=words, cycle="c2", item="i-pays" if large else None,
        minimum=0.45 if large else None, agreement=0.53 if large else None,
        position=1 if large else 2)  # fmt: skip
    for group, figures in FIGURES[key].items():
        lines = (
            [("all", figures)]
            if not isinstance(figures, tuple)
            else zip(POSITIONS, figures, strict=True)
        )
        for position, people in lines:
            why = people if isinstance(people, str) else "hidden" if people is None else "shown"
            add(db, "agreement", statement=key, position=position,
                people=None if isinstance(people, str) else people, shown=why,
                **_named(group))  # fmt: skip
