"""Arrange the groups that people can say they belong to, with how many of each live here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from par_toolkit.inquiry import Inquiry
from par_toolkit.inquiry.model import Group, Words


def rows_of(inquiry: Inquiry) -> list[dict[str, Any]]:
    """Return the rows of the table `groups`: groups in the inquiry's order, then wider ones.

    As many people live in a wider group as in all that join it, where that is known of each; its
    year is the earliest of theirs.
    """
    rows = [
        _row(inquiry, group.code, group.names, [group], group.joins) for group in inquiry.groups
    ]
    for wider in inquiry.wider_groups:
        members = [group for group in inquiry.groups if group.joins == wider.code]
        rows.append(_row(inquiry, wider.code, wider.names, members, ""))
    return [row | {"position": position} for position, row in enumerate(rows, start=1)]


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
