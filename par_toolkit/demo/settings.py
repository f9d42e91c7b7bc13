"""Write the made-up place as the `inquiry.toml` of a real inquiry folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from par_toolkit.demo.content import DemoPlace
from par_toolkit.inquiry import ConsentWording, Cycle
from par_toolkit.inquiry.model import Group


def inquiry_toml(place: DemoPlace, consent: ConsentWording) -> str:
    """Return the settings of the demo; `consent` holds the words that tellers are asked with."""
    about = [("name", place.name), ("locality", place.locality), ("population", place.population)]
    about += [("population_source", place.population_source)]
    about += [("population_year", place.population_year), ("languages", list(place.languages))]
    about += [("threshold", place.threshold), ("example", True)]
    uses = {use: dict(words) for use, words in consent.uses.items()}
    parts = [
        "# EXAMPLE: the place and every story in this inquiry are made up.",
        _part("[inquiry]", about),
        _part("[about]", joined(place.notice, place.about).items()),
        _part("[contact]", place.contact.items()),
        _part("[confidentiality]", place.confidentiality.items()),
        _part(
            "[consent]",
            [("wording", consent.wording), ("intro", dict(consent.intro)), *uses.items()],
        ),
    ]
    parts += [_part("[[group]]", _group(group)) for group in place.groups]
    parts += [
        _part(
            "[[cycle]]",
            [("code", c.code), ("name", c.names), ("starts", c.starts), ("ends", c.ends)],
        )
        for c in place.cycles
    ]
    parts += [
        _part(
            "[[help]]",
            [("name", h.names), ("details", h.details), ("phone", h.phone), ("link", h.link)],
        )
        for h in place.help_contacts
    ]
    return "\n\n".join(parts) + "\n"


def _group(group: Group) -> list[tuple[str, object]]:
    living = [
        (name, getattr(group, name))
        for name in ("population", "population_source", "population_year")
        if group.population is not None
    ]
    return [("code", group.code), ("name", group.names), *living]


def joined(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """Put two texts after each other in every language."""
    return {language: f"{first[language]} {second[language]}".strip() for language in second}


def moved_to(place: DemoPlace, today: date) -> DemoPlace:
    """Return the place with its cycles moved by whole years, so that today is in the last of them.

    The example then shows a cycle that is over and one that goes on, in whatever year it is made.
    """
    last = place.cycles[-1]
    years = today.year - last.starts.year
    if today < in_year(last.starts, last.starts.year + years):
        years -= 1
    return replace(place, cycles=tuple(_moved(cycle, years) for cycle in place.cycles))


def _moved(cycle: Cycle, years: int) -> Cycle:
    return replace(
        cycle,
        starts=in_year(cycle.starts, cycle.starts.year + years),
        ends=in_year(cycle.ends, cycle.ends.year + years),
    )


def in_year(day: date, year: int) -> date:
    """Return the same day of another year."""
    # the last day of February is not the same in every year
    return day.replace(year=year) if (day.month, day.day) != (2, 29) else date(year, 2, 28)


def _part(heading: str, settings: Iterable[tuple[str, object]]) -> str:
    return "\n".join([heading, *(f"{name} = {_toml(value)}" for name, value in settings)])


def _toml(value: object) -> str:
    """Write a value as TOML; its strings are JSON's as long as DEL is escaped too."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
