"""Promise 9: every story that came in is somewhere, and each place can be listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from par_toolkit.storage.database import PrivateDatabase

#: Where a story can be, in the order in which it is looked for; each has just one place.
PLACES: Final = (
    "no_consent",
    "in_a_theme",
    "stands_alone",
    "says_little",
    "waiting",
    "spoken",
    "sealed",
    "withdrawn",
)

PLACE_OF_EACH: Final = """
    select s.id, case
        when not exists (
            select 1 from consent_now c where c.story = s.id and c.use = 'analyse' and c.granted
        ) then 'no_consent'
        when exists (
            select 1 from theme_stories m join themes t on t.id = m.theme
            where m.story = s.id and t.state in ('proposed', 'endorsed')
        ) then 'in_a_theme'
        when exists (select 1 from shelf h where h.story = s.id)
            then (select kind from shelf h where h.story = s.id)
        when exists (select 1 from voices v where v.story = s.id and v.typed_up_at is null)
            then 'spoken'
        else 'waiting'
    end as place
    from stories s where s.themed
"""


@dataclass(frozen=True)
class Account:
    """How many stories came in, and how many are in each place."""

    came_in: int
    places: dict[str, int]

    @property
    def balanced(self) -> bool:
        return self.came_in == sum(self.places.values())


def account(db: PrivateDatabase) -> Account:
    """Count the stories that came in, by their own counters, and where each of them is.

    Of a sealed one nobody knows yet which form it answers, or whether it came before: it counts as
    one story until it is opened.
    """
    rows = db.rows(f"select place, count(*) as n from ({PLACE_OF_EACH}) group by place")
    places = dict.fromkeys(PLACES, 0) | {row["place"]: row["n"] for row in rows}
    places["withdrawn"] = db.value("select count(*) from tombstones where themed")
    places["sealed"] = db.value("select count(*) from inbox")
    came_in = db.value("select sum(value) from counters where name in ('stories_in', 'sealed_in')")
    return Account(came_in, places)


def listing(db: PrivateDatabase, place: str) -> list[int]:
    """List the ids of the stories in one place; what was withdrawn has no id any more."""
    rows = db.rows(
        f"select id from ({PLACE_OF_EACH}) where place = :place order by id", {"place": place}
    )
    return [row["id"] for row in rows]
