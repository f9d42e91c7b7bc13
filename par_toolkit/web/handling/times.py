"""Kept times as people write them."""

from __future__ import annotations

from datetime import datetime

from flask_babel import format_date, format_datetime


def day(when: str | None) -> str:
    """Write a kept time as a day, in this request's language and this machine's time."""
    local = _local(when)
    return format_date(local, "medium", rebase=False) if local else ""


def moment(when: str | None) -> str:
    """Write a kept time as a day and a time, likewise."""
    local = _local(when)
    return format_datetime(local, "medium", rebase=False) if local else ""


def _local(when: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(when).astimezone() if when else None
    except ValueError:
        return None
