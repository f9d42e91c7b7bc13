"""One inquiry, one folder: `inquiry.toml` holds the community's own words and rules."""

from par_toolkit.inquiry.making import create, write_secret
from par_toolkit.inquiry.model import (
    ABOUT,
    BESIDE,
    MOST_MINUTES,
    OPEN_TO,
    RACE_AND_PLACE,
    THRESHOLD_FLOOR,
    TOPIC_THRESHOLD,
    TOPICS,
    USES,
    ConsentWording,
    Cycle,
    Group,
    HelpContact,
    Inquiry,
    InquiryError,
    Privacy,
    Sharing,
    Topic,
    WiderGroup,
)
from par_toolkit.inquiry.periods import Period, Retention
from par_toolkit.inquiry.reading import load

__all__ = [
    "ABOUT",
    "BESIDE",
    "MOST_MINUTES",
    "OPEN_TO",
    "RACE_AND_PLACE",
    "THRESHOLD_FLOOR",
    "TOPICS",
    "TOPIC_THRESHOLD",
    "USES",
    "ConsentWording",
    "Cycle",
    "Group",
    "HelpContact",
    "Inquiry",
    "InquiryError",
    "Period",
    "Privacy",
    "Retention",
    "Sharing",
    "Topic",
    "WiderGroup",
    "create",
    "load",
    "write_secret",
]
