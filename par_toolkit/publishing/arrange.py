"""Arrange what was selected as the rows of a build: new random ids, random order (promise 12)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing import (
    arrange_circles,
    arrange_figures,
    arrange_groups,
    arrange_told,
    beside,
    build,
    changes,
    stored_queries,
)
from par_toolkit.publishing.chosen_themes import ChosenTheme
from par_toolkit.publishing.figures import Figures, Kept
from par_toolkit.publishing.how_made import Run
from par_toolkit.publishing.public_ids import new_id, shuffled
from par_toolkit.publishing.select import Selection
from par_toolkit.publishing.tables import groups
from par_toolkit.storage.clock import quarter
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.published import Use, WordUse

Row = dict[str, Any]


@dataclass
class Contents:
    """The rows of a build by table, and what is kept privately about them.

    `named` are the stories that have a kind or a group beside their words.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    themes: dict[int, tuple[str, str]] = field(default_factory=dict)
    words: list[WordUse] = field(default_factory=list)
    named: set[int] = field(default_factory=set)
    figures: list[Kept] = field(default_factory=list)


def contents(
    db: PrivateDatabase,
    inquiry: Inquiry,
    selection: Selection,
    figures: Sequence[Figures],
    *,
    number: int,
    live: int | None,
    today: date,
) -> Contents:
    """Return the rows of build `number` but its trail; `live` is the one before it."""
    made = Contents()
    made.rows["inquiry"] = [_inquiry(inquiry, number, today)]
    made.rows["groups"] = arrange_groups.rows_of(inquiry)
    numbers = {run.id: number for number, run in enumerate(selection.runs, start=1)}
    made.rows["runs"] = [_run(run, numbers[run.id]) for run in selection.runs]
    made.rows["themes"] = _themes(made, selection.themes, numbers)
    told = arrange_told.rows_of(
        selection,
        inquiry,
        beside.of_selection(db, inquiry, selection, figures=figures),
        themes={theme: public for theme, (public, _) in made.themes.items()},
    )
    made.rows |= told.rows
    made.uses, made.named = told.uses, told.named
    circles = arrange_circles.rows_of(
        selection.circles,
        inquiry,
        themes={theme: public for theme, (public, _) in made.themes.items()},
        cycles=_cycles(inquiry),
        figures=figures,
    )
    made.rows |= circles.rows
    made.rows |= arrange_figures.rows_of(
        figures,
        inquiry,
        groups.of_inquiry(db, inquiry),
        themes={theme: public for theme, (public, _) in made.themes.items()},
        statements=circles.statements,
        number=number,
    )
    made.words, made.figures = circles.words, [one.kept for one in figures]
    names = {theme: name for theme, (_, name) in made.themes.items()}
    earlier, new = changes.history(db, live, names, made.uses, made.words)
    made.rows["builds"] = [*earlier, _build(number, today, new, first=not earlier)]
    made.rows["queries"] = stored_queries.rows()
    return made


def _inquiry(inquiry: Inquiry, number: int, today: date) -> Row:
    return {
        "id": 1,
        "format": build.FORMAT,
        "build": number,
        "quarter": quarter(today),
        "name": inquiry.name,
        "locality": inquiry.locality,
        "population": inquiry.population,
        "population_source": inquiry.population_source or None,
        "population_year": inquiry.population_year,
        "languages": json.dumps(list(inquiry.languages)),
        "about_en": inquiry.text(inquiry.about, "en"),
        "about_fr": inquiry.text(inquiry.about, "fr"),
        "contact_en": inquiry.text(inquiry.contact, "en"),
        "contact_fr": inquiry.text(inquiry.contact, "fr"),
        "threshold": inquiry.threshold,
        "beside_quotes": inquiry.sharing.beside_quotes,
        "licence": inquiry.licence,
        "example": int(inquiry.example),
    }


def _cycles(inquiry: Inquiry) -> list[Row]:
    return [
        {
            "id": cycle.code,
            "name_en": inquiry.text(cycle.names, "en"),
            "name_fr": inquiry.text(cycle.names, "fr"),
            "starts": quarter(cycle.starts),
            "ends": quarter(cycle.ends),
            "position": position,
        }
        for position, cycle in enumerate(inquiry.cycles, start=1)
    ]


def _run(run: Run, number: int) -> Row:
    return {
        "number": number,
        "quarter": run.quarter,
        "method": run.method,
        "seed": run.seed,
        "settings": json.dumps(run.settings, sort_keys=True),
        "versions": json.dumps(run.versions, sort_keys=True),
        "limits": json.dumps(run.limits),
    }


def _themes(made: Contents, themes: Sequence[ChosenTheme], runs: Mapping[int, int]) -> list[Row]:
    rows = []
    for position, theme in enumerate(shuffled(themes), start=1):
        public = new_id()
        made.themes[theme.id] = (public, theme.name)
        rows.append(
            {
                "id": public,
                "name": theme.name,
                "named_by_people": int(theme.named),
                "meaning": theme.meaning,
                "words": json.dumps(list(theme.words), ensure_ascii=False),
                "endorsed_role": theme.endorsed_role,
                "endorsed_quarter": theme.endorsed_quarter,
                "position": position,
                "run": runs.get(theme.run) if theme.run else None,
                "looks": theme.looks,
                "came_again": theme.came_again,
                "threshold": theme.threshold,
            }
        )
    return rows


def _build(number: int, today: date, new: changes.Changes, *, first: bool) -> Row:
    english, french = changes.notes(new, first=first)
    return {
        "build": number,
        "quarter": quarter(today),
        **vars(new),
        "note_en": english,
        "note_fr": french,
    }
