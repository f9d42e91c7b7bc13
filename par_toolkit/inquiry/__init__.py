"""One inquiry, one folder: `inquiry.toml` holds the community's own words and rules."""

from par_toolkit.inquiry.making import create, write_secret
from par_toolkit.inquiry.model import (
    BESIDE,
    OPEN_TO,
    THRESHOLD_FLOOR,
    USES,
    ConsentWording,
    Cycle,
    Group,
    HelpContact,
    Inquiry,
    InquiryError,
    Sharing,
)
from par_toolkit.inquiry.reading import load

__all__ = [
    "BESIDE",
    "OPEN_TO",
    "THRESHOLD_FLOOR",
    "USES",
    "ConsentWording",
    "Cycle",
    "Group",
    "HelpContact",
    "Inquiry",
    "InquiryError",
    "Sharing",
    "create",
    "load",
    "write_secret",
]
