"""Arrange the groups that people can say they belong to, with how many of each live here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from par_toolkit.inquiry import Inquiry
from par_toolkit.inquiry.model import Group, Words


def rows_of(inquiry: Inquiry) -> list[dict[str, Any]]:
    """Return the rows of the table `groups`: wider ones first, since others refer to them.

    Their positions are the inquiry's order of groups, then of wider ones. As many people live in a
    wider group as in all that join it, where that is known of each; its year is the earliest.
    """
    groups = [_row(inquiry, one.code, one.names, [one], one.joins) for one in inquiry.groups]
    wider = [
        _row(inquiry, one.code, one.names, [g for g in inquiry.groups if g.joins == one.code], "")
        for one in inquiry.wider_groups
    ]
    for position, row in enumerate([*groups, *wider], start=1):
        row["position"] = position
    return [*wider, *groups]


def _row(
    inquiry: Inquiry, code: str, names: Words, members: Sequence[Group], joins: str
) -> dict[str, Any]:
    known = [member.population for member in members if member.population is not None]
    whole = bool(members) and len(known) == len(members)
    sources = dict.fromkeys(member.population_source for member in members)
    years = [member.population_year for member in members if member.population_year is not None]
    return {
        "code": code,
        "name_en": inquiry.text(names, "en"),
        "name_fr": inquiry.text(names, "fr"),
        "joins": joins or None,
        "population": sum(known) if whole else None,
        "population_source": ", ".join(filter(None, sources)) or None if whole else None,
        "population_year": min(years, default=None) if whole else None,
    }
