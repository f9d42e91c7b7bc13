"""Suggest what should not be published: rules that are always on, and spaCy's names as help.

A suggestion is only that: two people read the words and decide (promise 10). Tools like these find
0.56 to 0.83 of what should go and none of the descriptions that identify ("the only midwife on the
island"), so nothing that has been through here may be called anonymous. The rules would rather
suggest too much. They need only the standard library and take time linear in the text.
"""

from analysis.redact.labels import label_of
from analysis.redact.names import names, names_available
from analysis.redact.rules import Suggestion, suggest

__all__ = ["Suggestion", "label_of", "names", "names_available", "suggest"]
