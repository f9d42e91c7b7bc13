"""Which stories a list is to hold, as SQL and its parameters."""

from __future__ import annotations

import json
from typing import Any, Final

from par_toolkit.storage.database import containing
from par_toolkit.storage.people import RELEASED_BY

WHERE: Final = """
    where (:form is null or form = :form)
      and (:group_code is null or group_code = :group_code)
      and (:language is null or language = :language)
      and (:cycle is null or cycle = :cycle)
      and (:search is null or answers like :search escape '\\')
      and (:state is null
        or (:state = 'unread' and read_at is null and approvals < :needed)
        or (:state = 'read' and read_at is not null and approvals < :needed)
        or (:state = 'spoken' and spoken)
        or (:state = 'waiting' and approvals between 1 and :needed - 1)
        or (:state = 'released' and approvals >= :needed))
"""


def values(
    *,
    state: str | None = None,
    form: str | None = None,
    group: str | None = None,
    language: str | None = None,
    cycle: str | None = None,
    search: str | None = None,
) -> dict[str, Any]:
    """Return the parameters of `WHERE`; what is empty or None filters nothing.

    `state` is unread, read, spoken (nobody has typed it up), waiting (some approvals, not all) or
    released; `search` is looked for
    in the answers.
    """
    if search:
        # answers are stored as JSON, so what is looked for takes JSON's escapes first
        search = json.dumps(search.strip(), ensure_ascii=False)[1:-1]
    return {
        "needed": RELEASED_BY,
        "state": state or None,
        "form": form or None,
        "group_code": group or None,
        "language": language or None,
        "cycle": cycle or None,
        "search": containing(search) if search else None,
    }
