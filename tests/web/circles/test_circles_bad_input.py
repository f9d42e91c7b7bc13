"""Whatever is posted to the pages of a circle gets an answer that a person can act on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from par_toolkit.storage import audit
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import joint, own, seats
from tests.storage.sensemaking.tables import circle, seat
from tests.web.circles.tables import Member
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of

FIELDS = (
    *(
        "answer",
        "answer_words",
        "alternative",
        "called",
        "card",
        "claims",
        "construction",
        "covers",
    ),
    *("cycle", "do", "follows", "from", "group", "issues", "kind", "moment", "new", "note"),
    *("note_id", "own", "passage", "remark", "repeat_of", "seat", "source", "state", "story"),
    *("theme", "topic", "version", "why", "words"),
)
HOSTILE = (
    "\x00",
    "\u202e\u200b",
    "-1",
    "9" * 40,
    "' or 1=1 --",
    "=cmd|'/c'!A1",
    "😀" * 2_000,
    "a b",
)
#: What only ends the visit, or makes a page that is not about words.
LEFT_OUT = ("circles.leave", "circles.close_circle", "circles.join", "circles.come_back")


def posts(app: Flask, under: tuple[str, ...]) -> list[str]:
    """List the addresses under some paths that can be posted to, with 1 for each number."""

    def address(rule: Rule) -> str:
        values = dict.fromkeys(rule.arguments, 1)
        return app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")

    return [
        address(rule)
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and rule.rule.startswith(under)
        and rule.endpoint not in LEFT_OUT
    ]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_is_posted_at_a_table_or_about_it_makes_it_stumble(
    app: Flask, db: PrivateDatabase, desk: Callable[..., Desk], hostile: str
) -> None:
    table, leads = circle(db), desk("facilitator")
    first = seat(db, table, says="The bus.")
    joint.write(db, table.id, "Ours", by=first)
    member = Member(app)
    member.join(table.table_code)
    token = forms_of(member.client.get("/circles/table"))["/circles/leave"].fields["csrf_token"]
    fields = dict.fromkeys(FIELDS, hostile)
    tried = 0
    for path in posts(app, ("/circles/table/",)):
        answer = member.client.post(path, data=fields | {"csrf_token": token})
        assert answer.status_code in (303, 404, 422), path
        tried += 1
    for path in posts(app, ("/circles/run", "/circles/items")):
        answer = leads.post(path, fields)
        assert answer.status_code in (303, 403, 404, 422), path
        tried += 1
    assert tried > 20
    assert audit.verify(db).whole


def test_half_of_a_letter_is_kept_as_a_sign_that_something_was_there(
    app: Flask, db: PrivateDatabase
) -> None:
    table = circle(db)
    member = Member(app)
    member.join(table.table_code)
    page = forms_of(member.client.get("/circles/table"))["/circles/table/own"]
    body = f"csrf_token={page.fields['csrf_token']}&own=bus%ED%A0%80stop"
    kind = "application/x-www-form-urlencoded"
    answer = member.client.post("/circles/table/own", data=body, content_type=kind)
    assert answer.status_code == 303
    (held,) = own.of_circle(db, table.id).values()
    assert held.words.startswith("bus") and held.words.endswith("stop")


def test_a_seat_that_is_gone_from_the_database_lets_nobody_in(
    app: Flask, db: PrivateDatabase
) -> None:
    table = circle(db)
    member = Member(app)
    member.join(table.table_code)
    seats.leave(db, seats.of_circle(db, table.id)[0].id)
    assert member.client.get("/circles/table").status_code == 401
