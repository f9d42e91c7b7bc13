"""Who was heard and who was not, in the figures that are published and against who lives here."""

from __future__ import annotations

from typing import Any

from . import participation as figures
from . import queries
from .context import Page
from .links import Query
from .pages import of_a_build, show


async def took_part(page: Page) -> figures.Participation:
    """Read who took part, from a build that may hold no figures."""
    if "participation" not in page.tables:
        return figures.Participation((), ())
    rows = await queries.rows(page.build, queries.PARTICIPATION)
    cycles = await queries.rows(page.build, queries.CYCLES)
    return figures.read(rows, cycles, page.words.language)


@of_a_build
async def heard(page: Page) -> Any:
    """Show who was heard, group by group, and whose voices are few or missing."""
    found = await took_part(page)
    groups = await queries.rows(page.build, queries.GROUPS) if "groups" in page.tables else []
    population = page.inquiry.get("population")
    compared = figures.compare(found, groups, population)
    return await show(
        page,
        "findings_heard.html",
        participation=found,
        chart=figures.chart(found, page.words),
        compared=compared,
        comparison=figures.comparison(compared, page.words),
        of_so_many=_of_so_many(found, population),
        unlisted=_unlisted(page, found, groups),
        data=Query(queries.PARTICIPATION, {}),
        groups_data=Query(queries.GROUPS, {}) if groups else None,
    )


def _of_so_many(found: figures.Participation, population: int | None) -> int | None:
    """Return n where about one person in n was heard, to two digits; None where it is not known."""
    people = found.total.people if found.total else None
    return max(1, int(float(f"{population / people:.2g}"))) if people and population else None


def _unlisted(page: Page, found: figures.Participation, groups: list[dict[str, Any]]) -> list[str]:
    """Name the groups of the inquiry that no figure is of, themselves or joined with others."""
    listed = {line.code for line in found.groups}
    return [
        page.local(group, "name")
        for group in groups
        if not {group["code"], group["joins"]} & listed
        and group["code"] not in {other["joins"] for other in groups}
    ]
