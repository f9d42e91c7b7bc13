"""The walk-away kit (promise 17): everything of an inquiry in open formats, and the way back.

An export is the community's own copy and holds everything but keys, which come along only where
they are asked for, sealed. Its JSON files are exact: another installation loads them.
"""

from par_toolkit.exporting.contacts import REASONS as CONTACT_REASONS
from par_toolkit.exporting.errors import ExportError
from par_toolkit.exporting.loading import Loaded, has_keys, load
from par_toolkit.exporting.writing import (
    ALL,
    FORMATS,
    Exported,
    write_folder,
    write_sealed,
    write_zip,
)

__all__ = [
    "ALL",
    "CONTACT_REASONS",
    "FORMATS",
    "ExportError",
    "Exported",
    "Loaded",
    "has_keys",
    "load",
    "write_folder",
    "write_sealed",
    "write_zip",
]
