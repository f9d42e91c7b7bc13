"""Sense-making at `/circles`: for people at a table, and for those who lead them.

One module a topic; importing them here puts their pages on the blueprint.
"""

from par_toolkit.web.circles import (
    actions,
    agendas,
    agreeing,
    appeals,
    collecting,
    contract,
    cycle,
    exchange,
    exchanging,
    expectations,
    first_story,
    information,
    items,
    joining,
    keying,
    leading,
    looking_back,
    member_checks,
    negotiating,
    priorities,
    quality,
    releases,
    report,
    screen,
    sharing,
    stakeholders,
    table,
    versions,
    viewing,
)
from par_toolkit.web.circles.door import MEMBER_ROOMS, blueprint

__all__ = [
    "actions",
    "agendas",
    "agreeing",
    "appeals",
    "blueprint",
    "collecting",
    "contract",
    "cycle",
    "exchange",
    "exchanging",
    "expectations",
    "first_story",
    "information",
    "items",
    "joining",
    "keying",
    "leading",
    "looking_back",
    "member_checks",
    "negotiating",
    "priorities",
    "quality",
    "releases",
    "report",
    "screen",
    "sharing",
    "stakeholders",
    "table",
    "versions",
    "viewing",
]

#: The rooms of a member, in the order in which a cycle comes to them; any other stands behind.
_ORDER = (
    "table",
    "share",
    "my_statements",
    "my_priorities",
    "my_information",
    "my_agendas",
    "my_appeals",
)
_PLACE = {f"circles.{name}": place for place, name in enumerate(_ORDER)}
MEMBER_ROOMS.sort(key=lambda room: _PLACE.get(room.endpoint, len(_ORDER)))
