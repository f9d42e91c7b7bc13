"""How long things are kept: [retention] in `inquiry.toml`, as periods that people can read."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from par_toolkit.inquiry.parsed import Parsed

#: What stands in the settings where something is never erased for its age.
ALWAYS: Final = "always"
UNITS: Final = ("day", "month", "year")
#: No clock counts further back than this.
MOST_YEARS: Final = 200
_WRITTEN: Final = re.compile(r"(\d{1,5}) (day|month|year)s?")


@dataclass(frozen=True)
class Period:
    """So many days, months or years, as the calendar counts them."""

    number: int
    unit: str

    def before(self, moment: datetime) -> datetime:
        """Return the moment that lies this long before `moment`.

        A month before the 31st is the last day of a shorter month.
        """
        return self._moved(moment, -1)

    def after(self, moment: datetime) -> datetime:
        """Return the moment that lies this long after `moment`, likewise."""
        return self._moved(moment, 1)

    def _moved(self, moment: datetime, way: int) -> datetime:
        if self.unit == "day":
            return moment + way * timedelta(days=self.number)
        months = way * self.number * (12 if self.unit == "year" else 1)
        year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
        day = min(moment.day, calendar.monthrange(year, month + 1)[1])
        return moment.replace(year=year, month=month + 1, day=day)

    def __str__(self) -> str:
        return f"{self.number} {self.unit}{'' if self.number == 1 else 's'}"


@dataclass(frozen=True)
class Retention:
    """How long each kind of thing is kept; None: as long as the inquiry is.

    Stories count from the day they were told, ways to reach a teller from the day they were noted,
    calls for help from the day they were done with, backups from the day they were made, tablets
    from the day their pairing ended.
    """

    stories: Period | None = Period(5, "year")
    contact: Period | None = Period(1, "year")
    help: Period | None = Period(90, "day")
    backups: Period | None = Period(35, "day")
    devices: Period | None = Period(1, "year")


KINDS: Final = tuple(field.name for field in fields(Retention))


def read(parsed: Parsed) -> Retention:
    """Read [retention]; what is not written there is as it is for everybody.

    A setting that is not understood is refused: a typing mistake must neither erase nor keep.
    """
    table = parsed.data.get("retention", {})
    if not isinstance(table, dict):
        parsed.refuse("retention", "must be written as one part, [retention]")
    parsed.known(table, KINDS, "[retention]")
    return Retention(**{kind: _period(parsed, table, kind) for kind in KINDS if kind in table})


def _period(parsed: Parsed, table: Mapping[str, Any], kind: str) -> Period | None:
    value = table[kind]
    if value == ALWAYS:
        return None
    found = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    period = Period(int(found[1]), found[2]) if found else None
    years = {"day": 366, "month": 12, "year": 1}
    if period is None or not 1 <= period.number <= MOST_YEARS * years[period.unit]:
        parsed.refuse(
            kind,
            f'must be a time such as "35 days", "6 months" or "5 years", or "{ALWAYS}"',
        )
    return period
