"""Promise 7 for circles: of all they keep, in any column, only what was released is in the file."""

from __future__ import annotations

import re
from pathlib import Path

from par_toolkit.publishing import publish
from par_toolkit.storage.migrations import STEPS
from par_toolkit.storage.sensemaking import appeals, items, positions, word_releases
from tests.publishing.inquiries import Place
from tests.publishing.meetings import Meeting

#: Words of the schema and of inquiry.toml, which the file has for reasons of its own.
#: Codes, dates and quarters: not words. A hash is looked for, but not the nought each chain begins
#: with.
PLAIN = re.compile(r"^(?![0-9a-f]{64}$)[a-z_0-9]+$|^0{64}$|^\d{4}-(\d\d-\d\d|Q[1-4])$")
TABLES = [
    name
    for path in STEPS
    if path.name >= "011"
    for name in re.findall(r"create table (\w+)", path.read_text("utf-8"))
    if name != "shown_figures"  # step 016 took it away
]


def fill(meeting: Meeting) -> None:
    """Say what stays inside, in every place that a meeting has for it."""
    db, seat = meeting.db, meeting.seats["residents"][0].id
    circle, at = meeting.circles["residents"].id, "2026-05-17T09:41:00+00:00"
    person = meeting.mara.id
    item = meeting.item("Canary item, not released.", release=False)
    version = meeting.write("carers", "Canary construction, not released.", release=False)
    rows = {
        "stakes": {"stake": "bears", "named": "Canary Stakeholder", "why_empty": "",
                   "person": person, "role": "facilitator", "at": at},
        "expectations": {"cycle": "cycle_1", "person": person, "words": "Canary expectation",
                         "salt": "c" * 32, "digest": "d" * 64, "stories_read": 0, "sealed_at": at},
        "remarks": {"construction": version, "seat": seat, "words": "Canary remark", "at": at},
        "evaluator_cards": {"circle": circle, "person": person, "words": "Canary card", "at": at},
        "written_alone": {"seat": seat, "kind": "issue", "words": "Canary alone", "at": at},
        "information_tasks": {"item": item, "question": "Canary question?", "owner": "Canary Own",
                              "due": "2026-05-18", "person": person, "at": at},
        "heard_from_others": {"seat": seat, "about_group": "carers", "words": "Canary heard",
                              "at": at},
        "able_to_act": {"seat": seat, "answer": "no", "words": "Canary able", "at": at},
    }  # fmt: skip
    for table, row in rows.items():
        db.add(f"insert into {table} ({', '.join(row)}) values ({', '.join(f':{c}' for c in row)})",
               row)  # fmt: skip
    db.change("update seats set called = 'Canary Called ' || id")
    appeals.add(db, item, "Canary appeal", by=meeting.seats["carers"][0])
    settled = meeting.item("Settled among us.")
    items.set_state(db, settled, "resolved", "Canary sentence of a state", by=meeting.mara)
    said = meeting.put("Statement.", {"residents": "++-"}, reasons={"residents-": "Canary reason"})
    positions.take_back(db, said, seat=meeting.seats["residents"][0],
                        by=meeting.seats["residents"][0])  # fmt: skip
    meeting.stand_alone("carers", "Canary alternative", release=False)
    pays = meeting.item("Who pays?")
    meeting.negotiate(pays, {"residents": "Canary view", "carers": "Canary view, too"}, "none")


def test_promise_07_only_released_words_of_circles_are_in_the_file(tmp_path: Path) -> None:
    meeting = Meeting(Place(tmp_path / "inquiry"), {"residents": 6, "carers": 5})
    place = meeting.place
    fill(meeting)
    meeting.close()
    published = publish(place.folder).path.read_bytes()
    released = {
        part
        for one in word_releases.of_cycle(place.db, "cycle_1")
        if one.released
        for part in one.parts
    }
    terms = {value for row in place.db.rows("select * from contracts") for value in row.values()}
    looked = sung = 0
    for table in TABLES:
        for row in place.db.rows(f"select * from {table}"):
            for column, value in row.items():
                if isinstance(value, str) and len(value) > 5 and not PLAIN.match(value):
                    looked += 1
                    allowed = value in released | terms
                    sung += "Canary" in value
                    assert allowed or value.encode() not in published, (table, column, value)
    assert looked > 100 and sung > 20
    assert b"Canary" not in published
    for words in ("Settled among us.", "Statement.", "Who pays?"):
        assert words.encode() in published


def test_promise_07_no_private_id_or_digest_of_circles_is_there(tmp_path: Path) -> None:
    meeting = Meeting(Place(tmp_path / "inquiry"), {"residents": 2})
    meeting.item("Released.")
    published = publish(meeting.place.folder).path.read_bytes()
    db = meeting.db
    secrets = [row["mark"] for row in db.rows("select mark from seats")]
    secrets += [row["digest"] for row in db.rows("select digest from word_releases")]
    secrets += [row["digest"] for row in db.rows("select digest from build_words")]
    secrets.append(db.value("select table_code from circles"))
    assert len(secrets) >= 5
    assert [secret for secret in secrets if secret.encode() in published] == []
