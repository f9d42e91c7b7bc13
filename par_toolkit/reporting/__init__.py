"""The case report: what is resolved and what is not, told with only what may leave the inquiry.

Guba and Lincoln (Fourth Generation Evaluation, 1989) end a cycle with it: a joint construction
where there is one, and where there is none the competing constructions side by side. `gathering`
asks the record what may be told, `arranging` puts it in words, `page` and `document` write it down.
"""

from par_toolkit.reporting.gathering import ReportRefused, gather
from par_toolkit.reporting.writing import KINDS, LANGUAGES, Kind, cycle_of, write

__all__ = ["KINDS", "LANGUAGES", "Kind", "ReportRefused", "cycle_of", "gather", "write"]
