"""How long things are kept, in words for people."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from par_toolkit.inquiry import Period


def lasting(period: Period | None) -> str:
    """Say how long something is kept; None: as long as the inquiry is."""
    if period is None:
        return _("as long as this inquiry lasts")
    if period.unit == "day":
        return ngettext("%(num)d day", "%(num)d days", period.number)
    if period.unit == "month":
        return ngettext("%(num)d month", "%(num)d months", period.number)
    return ngettext("%(num)d year", "%(num)d years", period.number)
