"""Reads how people are counted: groups, the wider ones that small groups join, sensitive topics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from par_toolkit.inquiry.model import ABOUT, TOPICS, Group, Topic, WiderGroup
from par_toolkit.inquiry.parsed import Parsed

#: The settings of [[group]]: a typing mistake must not undo the care for a small group.
OF_A_GROUP: Final = (
    "code", "name", "about", "joins", "population", "population_source", "population_year",
)  # fmt: skip


def groups(given: Parsed) -> tuple[Group, ...]:
    """Read the groups that people may say they are in."""
    rows = given.rows("group")
    found = tuple(_group(given, row) for row in rows)
    given.distinct([group.code for group in found], "group")
    return found


def _group(given: Parsed, row: Mapping[str, Any]) -> Group:
    code = given.code(row)
    given.known(row, OF_A_GROUP, f"[[group]] '{code}'")
    about, joins = row.get("about", ""), row.get("joins", "")
    if about and about not in ABOUT:
        given.refuse("about", 'must be "place", "age" or "identity", or left out')
    wider = [given.code(one) for one in given.rows("wider_group")]
    if joins and joins not in wider:
        given.refuse(
            "joins", f"names no [[wider_group]]; group '{code}' joins one of these: {wider}"
        )
    if joins and not about:
        given.refuse(
            "joins", f"says nothing without about; say what makes group '{code}', such as \"age\""
        )
    return Group(
        code,
        given.words(row, "name"),
        about,
        joins,
        given.whole(row, "population", None),
        given.string(row, "population_source"),
        given.whole(row, "population_year", None),
    )


def wider_groups(given: Parsed) -> tuple[WiderGroup, ...]:
    """Read the groups in which small ones are counted together; each has a code of its own."""
    found = tuple(
        WiderGroup(given.code(row), given.words(row, "name")) for row in given.rows("wider_group")
    )
    codes = [given.code(row) for row in given.rows("group")]
    given.distinct([*codes, *(one.code for one in found)], "group")
    return found


def topics(given: Parsed, threshold: int) -> tuple[Topic, ...]:
    """Read the sensitive topics: those that every inquiry knows, with what this one asks for.

    None asks for fewer people than `threshold`, which holds for every figure.
    """
    found = {topic.code: topic for topic in TOPICS}
    rows = given.rows("topic")
    given.distinct([given.code(row) for row in rows], "topic")
    for row in rows:
        code = given.code(row)
        given.known(row, ("code", "name", "threshold"), f"[[topic]] '{code}'")
        names = given.words(row, "name") or (found[code].names if code in found else {})
        if not any(names.values()):
            given.refuse(f'"{code}"', 'needs a name, such as { en = "Health" }')
        people = row.get("threshold")
        if type(people) is not int or people < threshold:
            given.refuse(
                f'"{code}"',
                f"needs a threshold of {threshold} or more, as no figure counts fewer people",
            )
        found[code] = Topic(code, names, people)
    return tuple(found.values())
