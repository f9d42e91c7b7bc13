"""Fixtures for sense-making in storage."""

from __future__ import annotations

import pytest

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import agenda_items, agendas
from tests.storage.sensemaking import tables
from tests.storage.sensemaking.meetings import BOTH, Meeting, add_item


@pytest.fixture
def meeting(db: PrivateDatabase) -> Meeting:
    tables.begin_cycle(db)
    mara = tables.person(db)
    late = add_item(db, "The bus is late.")
    agenda = agendas.add(db, "cycle_1", "In May", by=mara)
    agenda_items.add(db, agenda.id, late, groups=BOTH, evidence="Timetables.", by=mara)
    resident = tables.seat(db, tables.circle(db), "I wait for it.")
    carer = tables.seat(db, tables.circle(db, group="carers"), "I drive them.")
    return Meeting(db, mara, agenda.id, late, resident, carer)
