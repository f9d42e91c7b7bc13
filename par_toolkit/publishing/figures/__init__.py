"""Disclosure control: from people by cell to the figures that may be published of them.

One way for every table of people. It is made coarser in its own order where too little would be
shown, small counts are hidden and covered, everything is rounded, an attacker tries to work out
what is hidden, and all of it is compared with what was ever shown before. Pure: knows no database.
"""

from par_toolkit.publishing.figures.attack import ALL
from par_toolkit.publishing.figures.release import Shape, decide, half_is_shown
from par_toolkit.publishing.figures.table import (
    Figures,
    Join,
    State,
    Table,
)
from par_toolkit.storage.kept_figures import Kept, Key, Line, Past, Person

__all__ = [
    "ALL",
    "Figures",
    "Join",
    "Kept",
    "Key",
    "Line",
    "Past",
    "Person",
    "Shape",
    "State",
    "Table",
    "decide",
    "half_is_shown",
]
