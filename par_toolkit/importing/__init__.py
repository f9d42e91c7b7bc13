"""Stories from a CSV file: `reading` turns any CSV into rows, `keeping` turns rows into stories.

with open_sheet(path) as sheet:
    bring_in(db, inquiry, sheet, plan, into=summary)
"""

from par_toolkit.importing.errors import ImportRefused
from par_toolkit.importing.keeping import NotTaken, Plan, Summary, bring_in
from par_toolkit.importing.reading import Row, Sheet, open_sheet, rows

__all__ = [
    "ImportRefused",
    "NotTaken",
    "Plan",
    "Row",
    "Sheet",
    "Summary",
    "bring_in",
    "open_sheet",
    "rows",
]
