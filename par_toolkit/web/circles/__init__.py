"""Sense-making at `/circles`: for people at a table, and for those who lead them.

One module a topic; importing them here puts their pages on the blueprint.
"""

from par_toolkit.web.circles import (
    actions,
    collecting,
    contract,
    cycle,
    expectations,
    items,
    joining,
    keying,
    leading,
    screen,
    sharing,
    stakeholders,
    table,
    versions,
)
from par_toolkit.web.circles.door import blueprint

__all__ = [
    "actions",
    "blueprint",
    "collecting",
    "contract",
    "cycle",
    "expectations",
    "items",
    "joining",
    "keying",
    "leading",
    "screen",
    "sharing",
    "stakeholders",
    "table",
    "versions",
]
