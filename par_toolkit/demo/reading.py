"""Load what the made-up people agree, say and decide together: plain TOML beside this module."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any, Final, TypeVar

from par_toolkit.demo.meetings import (
    DemoAction,
    DemoAgenda,
    DemoAlternative,
    DemoAnswers,
    DemoAppeal,
    DemoCheck,
    DemoCircle,
    DemoContract,
    DemoEntry,
    DemoHeard,
    DemoItem,
    DemoMeetings,
    DemoNews,
    DemoNote,
    DemoPassage,
    DemoRanking,
    DemoRemark,
    DemoSeat,
    DemoStake,
    DemoStatement,
    DemoTask,
    DemoTurn,
    DemoVersion,
)

#: The cycles of sense-making, in their order.
FILES: Final = ("first_cycle", "second_cycle")
Made = TypeVar("Made")


def load_contract() -> DemoContract:
    """Read what is agreed; raises TypeError or KeyError for a field that is misspelt or missing."""
    told = _read("contract")
    return DemoContract(
        terms=told["contract"],
        stakes=_each(DemoStake, told["stakeholders"]),
        expectations={row["cycle"]: row["words"] for row in told["expectations"]},
    )


def load() -> tuple[DemoMeetings, ...]:
    """Read what happens in each cycle; raises TypeError or KeyError as `load_contract` does."""
    return tuple(_meetings(_read(name)) for name in FILES)


def _meetings(told: dict[str, Any]) -> DemoMeetings:
    """Take every part out of what was read; what is left over is a misspelt one."""
    actions = told.pop("actions", [])
    found = DemoMeetings(
        cycle=told.pop("cycle"),
        phase=told.pop("phase"),
        circles=tuple(map(_circle, told.pop("circles"))),
        items=tuple(_with(DemoItem, row, passages=DemoPassage) for row in told.pop("items")),
        passages=_each(DemoPassage, told.pop("passages", [])),
        settled={row["item"]: row["words"] for row in told.pop("settled", [])},
        statements=_each(DemoStatement, told.pop("statements")),
        rankings=_each(DemoRanking, told.pop("rankings", [])),
        information=_each(DemoTask, told.pop("information", [])),
        agendas=tuple(map(_agenda, told.pop("agendas"))),
        heard=_each(DemoHeard, told.pop("heard", [])),
        appeals=_each(DemoAppeal, told.pop("appeals", [])),
        news=_each(DemoNews, [row for row in actions if "action" in row]),
        actions=_each(DemoAction, [row for row in actions if "action" not in row]),
        checks=_each(DemoCheck, told.pop("checks", [])),
        waiting=tuple(told.pop("release", {"waiting": ()})["waiting"]),
        close=told.pop("close", {}),
    )
    if told:
        raise KeyError(f"{found.cycle}: there is no such part: {', '.join(told)}")
    return found


def _circle(row: dict[str, Any]) -> DemoCircle:
    people = tuple(_with(DemoSeat, one, notes=DemoNote) for one in row.pop("people"))
    return _with(
        DemoCircle,
        row | {"people": people},
        versions=DemoVersion,
        remarks=DemoRemark,
        answers=DemoAnswers,
        alternatives=DemoAlternative,
    )


def _agenda(row: dict[str, Any]) -> DemoAgenda:
    entries = tuple(
        _with(DemoEntry, one, turns=DemoTurn, planned=DemoAction) for one in row.pop("entries")
    )
    return _with(DemoAgenda, row | {"entries": entries})


def _with(kind: type[Made], row: dict[str, Any], **parts: type[Any]) -> Made:
    """Make one of a kind, with its `parts` made of the rows in it."""
    inside = {name: _each(part, row.get(name, [])) for name, part in parts.items()}
    return _each(kind, [row | inside])[0]


def _each(kind: type[Made], rows: list[dict[str, Any]]) -> tuple[Made, ...]:
    """Make one of a kind of each row: lists become tuples, and words are unwrapped."""
    return tuple(kind(**{name: _kept(value) for name, value in row.items()}) for row in rows)


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    return tuple(value) if isinstance(value, list) else value


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / f"{name}.toml").read_text("utf-8"))
