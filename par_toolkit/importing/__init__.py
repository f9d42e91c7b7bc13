"""Stories from a file: `reading` turns any CSV into rows, `keeping` turns rows into stories;
`waiting` reads what a tablet handed over.

with open_sheet(path) as sheet:
    bring_in(db, inquiry, sheet, plan, into=summary)
"""

from par_toolkit.importing.errors import ImportRefused
from par_toolkit.importing.keeping import NotTaken, Plan, Summary, bring_in
from par_toolkit.importing.reading import Row, Sheet, open_sheet, rows
from par_toolkit.importing.waiting import Export, is_export, read_export

__all__ = [
    "Export",
    "ImportRefused",
    "NotTaken",
    "Plan",
    "Row",
    "Sheet",
    "Summary",
    "bring_in",
    "is_export",
    "open_sheet",
    "read_export",
    "rows",
]
