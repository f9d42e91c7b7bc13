"""Bad input in every field of a cycle's forms: a page to act on, and nothing kept that harms."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import actions
from tests.storage.sensemaking.cycles import begun, someone, to_reflect
from tests.web.circles.test_circles_actions import FIELDS
from tests.web.circles.test_circles_cycle import TERMS
from tests.web.desk.conftest import Desk
from tests.web.test_web_bad_input import BAD as EVERY

#: Those that text can break a page with; what is only long costs time, so one of them will do.
NAMES = ("nothing", "NUL", "bidi override", "script", "template", "joiners", "line ends")
BAD = {name: EVERY[name] for name in NAMES} | {"too long": "é" * 100_001}
TABLES = ("contracts", "phases", "stakes", "expectations", "actions", "action_states")
CYCLE = {"cycle": "cycle_1"}


@pytest.mark.parametrize("bad", BAD)
def test_promise_16_no_field_of_a_cycle_breaks_a_page(
    desk: Callable[..., Desk], db: PrivateDatabase, bad: str
) -> None:
    by = someone(db, name="Made-up Ama")
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    action = f"/circles/actions/{actions.add(db, 'cycle_1', **FIELDS, by=by).id}"
    at_desk = desk("steward")
    forms = {
        "/circles/contract": TERMS | {"after": "1"},
        "/circles/stakeholders": {"stake": "acts", "named": "A", "why_empty": "", "group": ""},
        "/circles/expectations": CYCLE | {"words": "Buses."},
        "/circles/actions": CYCLE | FIELDS | {"item": "", "stories": ""},
        action: {"state": "changed", "words": "So.", "owner": "", "due": "", "after": "1"},
        "/circles/cycle/start": {"cycle": "cycle_2"},
        "/circles/cycle/move": CYCLE | {"phase": "plan", "why": "So."},
        "/circles/cycle/close": CYCLE
        | {"then": "", "next_cycle": "cycle_2", "reflection": "So.", "next_words": "So."},
    }
    for path, fields in forms.items():
        for field in fields:
            answer = at_desk.post(f"{path}?lang=en", fields | {field: BAD[bad]})
            assert answer.status_code in (303, 404, 422), (path, field, answer.status_code)
            page = answer.get_data(as_text=True)
            assert "<script>alert" not in page and "<img src=x" not in page, (path, field)
    for path in ("/circles", "/circles/cycle", *forms):
        page = at_desk.get(path)
        assert page.status_code in (200, 405)
        assert "<script>alert" not in page.get_data(as_text=True)
    for table in TABLES:
        assert not re.search("[\x00-\x08\u202e]", str(db.rows(f"select * from {table}")))
