"""The times that records carry."""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> str:
    """Return the present time as ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def quarter(when: str | date) -> str:
    """Return the quarter of a day or time as '2026-Q4': no published date is finer (promise 12)."""
    day = date.fromisoformat(when[:10]) if isinstance(when, str) else when
    return f"{day.year}-Q{(day.month + 2) // 3}"
