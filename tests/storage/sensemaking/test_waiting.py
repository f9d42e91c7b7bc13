"""What waits in a cycle: how much, for whom, and since when."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from par_toolkit.storage import releases, stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import (
    actions,
    agenda_items,
    agendas,
    expectations,
    stakes,
    views,
    waiting,
    word_releases,
)
from par_toolkit.storage.sensemaking.waiting import Waits
from par_toolkit.storage.stories import Kept
from tests.storage.sensemaking import tables
from tests.storage.sensemaking.cycles import (
    appeal,
    begun,
    close,
    item,
    set_item,
    someone,
    to_reflect,
)

TODAY = "2026-03-01"
THEN = "2026-01-07T10:00:00+00:00"


@pytest.fixture
def by(db: PrivateDatabase) -> Person:
    return someone(db)


def waits(db: PrivateDatabase, cycle: str = "cycle_1") -> dict[str, Waits]:
    return {one.what: one for one in waiting.of_cycle(db, cycle, today=TODAY)}


def test_before_anything_the_contract_and_the_stakes_wait(db: PrivateDatabase) -> None:
    assert waits(db) == {"contract": Waits("contract", 1, None), "stakes": Waits("stakes", 3, None)}


def test_a_cycle_in_order_waits_for_nobody(db: PrivateDatabase, by: Person) -> None:
    begun(db, "cycle_1", by)
    for stake in stakes.STAKES:
        stakes.add(db, stake, named="Somebody", by=by)
    assert waits(db) == {}


def test_evaluators_are_named_until_they_seal_or_a_story_is_read(
    db: PrivateDatabase, by: Person, tell: Callable[..., Kept]
) -> None:
    begin = begun(db, "cycle_1", by)
    one, other = someone(db, "evaluator", "Example A"), someone(db, "evaluator", "Example B")
    assert waits(db)["seals"] == Waits("seals", 2, begin.at, ("Example A", "Example B"))
    expectations.seal(db, "cycle_1", "Buses.", by=one)
    assert waits(db)["seals"].names == (other.name,)
    stories.mark_read(db, tell().story_id or 0)
    assert "seals" not in waits(db)


def test_stories_wait_in_their_own_cycle(
    db: PrivateDatabase, by: Person, tell: Callable[..., Kept]
) -> None:
    begun(db, "cycle_1", by)
    first = tell(told_at=THEN).story_id or 0
    tell(told_at="2026-02-01T10:00:00+00:00")
    tell(cycle="cycle_2", told_at="2025-02-01T10:00:00+00:00")
    assert waits(db)["unread"] == Waits("unread", 2, THEN)
    assert "second_yes" not in waits(db)
    releases.approve(db, first, by=by)
    assert waits(db)["second_yes"].number == 1
    releases.approve(db, first, by=someone(db, "steward"))
    assert "second_yes" not in waits(db)


def test_information_waits_for_its_owners_where_the_item_stands(
    db: PrivateDatabase, by: Person
) -> None:
    begun(db, "cycle_1", by)
    here, gone = item(db, "cycle_1", by=by), item(db, "cycle_1", by=by)
    set_item(db, gone, "cycle_2", "open", by=by)
    for about, owner in ((here, "A, and B"), (here, "Example C"), (gone, "Example D")):
        db.add(
            """
            insert into information_tasks (item, question, owner, due, person, at)
            values (:item, 'How many?', :owner, '2026-02-01', :by, :at)
            """,
            {"item": about, "owner": owner, "by": by.id, "at": THEN},
        )
    assert waits(db)["information"] == Waits("information", 2, THEN, ("A, and B", "Example C"))


def test_circles_and_statements_wait_for_their_groups(db: PrivateDatabase, by: Person) -> None:
    begun(db, "cycle_1", by)
    for number, group in enumerate(("carers", "residents", "carers")):
        db.add(
            """
            insert into circles (group_code, cycle, topic, table_code, opened_by, opened_at)
            values (:group, 'cycle_1', 'Buses', :code, :by, :at)
            """,
            {"group": group, "code": f"{number:06d}", "by": by.id, "at": THEN},
        )
    statement = db.add(
        """
        insert into statements (cycle, words, person, at) values ('cycle_1', 'Buses.', :by, :at)
        """,
        {"by": by.id, "at": THEN},
    )
    db.add("insert into statement_groups values (:one, 'carers')", {"one": statement})
    assert waits(db)["circles"] == Waits("circles", 3, THEN, ("carers", "residents"))
    assert waits(db)["statements"] == Waits("statements", 1, THEN, ("carers",))


def test_agendas_wait_to_be_sent_and_then_to_be_held(db: PrivateDatabase, by: Person) -> None:
    begun(db, "cycle_1", by)
    db.add(
        "insert into agendas (cycle, title, person, at) values ('cycle_1', 'Buses', :by, :at)",
        {"by": by.id, "at": THEN},
    )
    assert waits(db)["agendas_to_send"] == Waits("agendas_to_send", 1, THEN)
    db.change("update agendas set sent_at = '2026-02-02T10:00:00+00:00'")
    assert waits(db)["agendas_to_hold"].since == "2026-02-02T10:00:00+00:00"
    assert "agendas_to_send" not in waits(db)


def test_a_teller_who_was_misread_waits_until_answered(
    db: PrivateDatabase, by: Person, tell: Callable[..., Kept]
) -> None:
    begun(db, "cycle_1", by)
    for answer, at in (("not_that", THEN), ("thats_it", "2026-02-02T10:00:00+00:00")):
        db.add(
            """
            insert into member_checks (story, kind, reference, answer, words, at)
            values (:story, 'theme', 1, :answer, '', :at)
            """,
            {"story": tell().story_id, "answer": answer, "at": at},
        )
    assert waits(db)["member_checks"] == Waits("member_checks", 1, THEN)
    db.change("update member_checks set reply = 'Sorry.', replied_at = :at", {"at": THEN})
    assert "member_checks" not in waits(db)


def test_views_wait_for_their_groups_until_the_agenda_is_sent(
    db: PrivateDatabase, by: Person
) -> None:
    resident = tables.seat(db, tables.circle(db), "I wait for it.")
    late = item(db, "cycle_1", by=by)
    agenda = agendas.add(db, "cycle_1", "In May", by=by)
    assert "views" not in waits(db)
    agenda_items.add(db, agenda.id, late, groups=["carers", "residents"], by=by)
    assert waits(db)["views"] == Waits("views", 2, agenda.at, ("carers", "residents"))
    ours = views.write(db, agenda.id, late, "residents", "We wait.", after=None, by=resident)
    assert waits(db)["views"].number == 2, "nobody has confirmed it yet"
    views.confirm(db, ours.id, states_it=True, by=resident)
    assert waits(db)["views"] == Waits("views", 1, agenda.at, ("carers",))
    db.change("update agendas set sent_at = :at", {"at": THEN})
    assert "views" not in waits(db)


def test_words_wait_until_two_people_release_them_also_after_the_close(
    db: PrivateDatabase, by: Person
) -> None:
    begun(db, "cycle_1", by)
    assert "words" not in waits(db)
    first = item(db, "cycle_1", by=by)
    item(db, "cycle_2", by=by)
    since = "2026-01-05T10:00:00+00:00"
    assert waits(db)["words"] == Waits("words", 1, since)
    seen = word_releases.get(db, "item", first)
    assert seen is not None
    word_releases.approve(db, "item", first, seen=seen.digest, by=by)
    assert waits(db)["words"].number == 1, "one yes is not enough"
    word_releases.approve(db, "item", first, seen=seen.digest, by=someone(db, "steward"))
    assert "words" not in waits(db)
    to_reflect(db, "cycle_1", by)
    close(db, "cycle_1", None, by)
    assert waits(db)["words"].number == 1, "the reflection"


def test_every_kind_of_words_says_since_when_it_waits() -> None:
    assert set(waiting._SINCE) == set(word_releases.KINDS)


def test_in_a_closed_cycle_only_words_appeals_and_actions_wait(
    db: PrivateDatabase, by: Person, tell: Callable[..., Kept]
) -> None:
    begun(db, "cycle_1", by)
    tell()
    late = actions.add(db, "cycle_1", what="Ask.", owner="Made-up council", due="2026-02-01", by=by)
    about = item(db, "cycle_1", "resolved", by=by)
    to_reflect(db, "cycle_1", by)
    close(db, "cycle_1", None, by)
    appeal(db, about, by=by)
    assert waits(db) == {
        "words": Waits("words", 3, "2026-01-05T10:00:00+00:00"),
        "appeals": Waits("appeals", 1, "2026-01-06T10:00:00+00:00"),
        "overdue": Waits("overdue", 1, late.due, ("Made-up council",)),
    }
