"""Sense-making at `/circles`: for people at a table, and for those who lead them.

One module a topic; importing them here puts their pages on the blueprint.
"""

from par_toolkit.web.circles import (
    actions,
    contract,
    cycle,
    expectations,
    joining,
    stakeholders,
)
from par_toolkit.web.circles.door import blueprint

__all__ = [
    "actions",
    "blueprint",
    "contract",
    "cycle",
    "expectations",
    "joining",
    "stakeholders",
]
