"""Claims, concerns and issues: the equal-voice routine at the table; the desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import people
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import alone, items, rounds, routine, seats
from par_toolkit.storage.sensemaking.circles import Circle
from par_toolkit.storage.sensemaking.rounds import Round
from par_toolkit.web.app import create_app
from tests.storage.sensemaking.tables import begin_cycle, person, seat
from tests.web.circles.tables import Member
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, text_of

AT = "/circles/run/1/items"
SHARE = "/circles/table/items"
ADD = "/circles/items/add"


@pytest.fixture
def leads(desk: Callable[..., Desk], db: PrivateDatabase) -> Desk:
    begin_cycle(db)
    return desk("facilitator")


def go_on(leads: Desk) -> None:
    assert leads.press(AT, f"{AT}/next").status_code == 303


def note(member: Member, words: str) -> None:
    assert member.press(SHARE, {"note": words}, page=SHARE).status_code == 303


def test_a_whole_meeting_by_the_equal_voice_routine(
    leads: Desk, sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    ana, ben, cleo = sits(), sits(), sits()
    assert "Wait until whoever leads the circle begins" in ana.reads(SHARE)
    go_on(leads)
    assert "Claims: each person writes alone." in ana.reads(SHARE)
    for words in ("Kind nurses", "Short ways"):
        note(ana, words)
    note(ben, "Friendly nurses")
    cleo.press(SHARE, {"nothing": "yes"}, page=SHARE)
    assert "Kind nurses" not in leads.text(AT), "what is written alone is its owner's"
    go_on(leads)
    assert "It is your turn." in ana.reads(SHARE)
    assert "It is the turn of seat 1" in ben.reads(SHARE)
    assert f"{SHARE}/give" not in forms_of(ben.client.get(SHARE))
    assert ben.post(f"{SHARE}/give", {"note_id": "3"}).status_code == 422
    ana.press(f"{SHARE}/give", page=SHARE)
    assert "Kind nurses" in cleo.reads(SHARE) and "Short ways" not in cleo.reads(SHARE)
    shared = items.listing(db, circle=table.id)
    ben.press(f"{SHARE}/aside", {"repeat_of": str(shared[0].id)}, page=SHARE)
    refused = leads.press(AT, f"{AT}/next")
    assert refused.status_code == 422 and "still has something to share" in text_of(refused)
    ana.press(f"{SHARE}/give", page=SHARE)
    go_on(leads)
    assert rounds.at(db, table.id) == Round("concern", "write")
    for _step in range(4):
        go_on(leads)
    assert "have been collected" in ana.reads(SHARE)
    words = [(one.kind, one.words, one.number) for one in items.listing(db, circle=table.id)]
    assert words == [("claim", "Kind nurses", 1), ("claim", "Short ways", 1)]
    assert f"{AT}/next" not in forms_of(leads.get(AT))


def test_whoever_leads_goes_round_once_more_for_a_late_comer(
    leads: Desk, sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    ana, again = sits(), f"{AT}/again"
    for _step in range(2):
        go_on(leads)
    assert again not in forms_of(leads.get(AT))
    go_on(leads)
    late = sits()
    assert leads.press(AT, again, {"kind": "claim"}).status_code == 303
    note(late, "Kind nurses")
    go_on(leads)
    late.press(f"{SHARE}/give", page=SHARE)
    assert "Kind nurses" in late.body(SHARE) and "Kind nurses" not in ana.body(SHARE)
    stale = {"kind": "claim", "from": "concern write"}
    assert leads.post(again, stale).status_code == 422


def test_promise_13_nothing_shared_is_sent_to_whoever_has_not_written_alone(
    leads: Desk, sits: Callable[..., Member], db: PrivateDatabase, table: Circle
) -> None:
    ana, late = sits(), sits()
    go_on(leads)
    note(ana, "Canaryclaim")
    go_on(leads)
    ana.press(f"{SHARE}/give", page=SHARE)
    note(ana, "Another")
    for path in (SHARE, f"{SHARE}/now", "/circles/table"):
        assert "Canary" not in late.body(path), path
    assert "Canary" not in leads.text("/circles/run/1/screen"), "somebody still writes alone"
    seen = late.client.get(f"{SHARE}/now").json
    ana.press(f"{SHARE}/give", page=SHARE)
    assert late.client.get(f"{SHARE}/now").json == seen
    note(late, "Mine")
    assert "Canaryclaim" in late.body(SHARE)
    assert "Canaryclaim" in leads.text("/circles/run/1/screen")


def test_writing_is_refused_with_what_was_typed(leads: Desk, sits: Callable[..., Member]) -> None:
    ana = sits()
    assert ana.post(SHARE, {"note": "Too early"}).status_code == 422
    go_on(leads)
    answer = ana.press(SHARE, {"note": " "}, page=SHARE)
    assert answer.status_code == 422 and "Write something first" in text_of(answer)
    long = "x" * 100_001
    answer = ana.press(SHARE, {"note": long}, page=SHARE)
    assert forms_of(answer)[SHARE].fields["note"] == long


def test_a_claim_that_was_still_being_written_when_concerns_began_is_a_claim(
    leads: Desk, sits: Callable[..., Member], db: PrivateDatabase
) -> None:
    ana = sits()
    go_on(leads)
    page = forms_of(ana.client.get(SHARE))[SHARE].fields
    go_on(leads)
    go_on(leads)
    answer = ana.client.post(SHARE, data=page | {"note": "Kind nurses"})
    assert answer.status_code == 303
    assert [one.words for one in alone.of_seat(db, 1, "claim")] == ["Kind nurses"]
    assert "Left on your list" in ana.reads(SHARE) and "Kind nurses" in ana.reads(SHARE)
    answer = ana.client.post(SHARE, data=page | {"note": "Canary", "kind": "issue"})
    assert answer.status_code == 422, "issues have not begun"
    assert forms_of(answer)[SHARE].fields["note"] == "Canary"


def test_two_leaders_who_press_at_once_go_one_step(
    desk: Callable[..., Desk], db: PrivateDatabase, table: Circle
) -> None:
    one, two = desk("facilitator"), desk("steward")
    stale = forms_of(two.get(AT))[f"{AT}/next"].fields
    go_on(one)
    answer = two.client.post(f"{AT}/next", data=stale)
    assert answer.status_code == 422 and "gone on meanwhile" in text_of(answer)
    assert rounds.at(db, table.id) == Round("claim", "write")


def test_paper_is_keyed_in_and_read_aloud_in_its_turn(
    leads: Desk, db: PrivateDatabase, table: Circle
) -> None:
    paper, _code = seats.join(db, table.id, paper=True, by=person(db))
    other, _code = seats.join(db, table.id, paper=True, by=person(db))
    go_on(leads)
    leads.press(AT, f"{AT}/paper", {"seat": str(paper.id), "note": "On paper"})
    leads.press(AT, f"{AT}/paper", {"seat": str(other.id), "nothing": "yes"})
    go_on(leads)
    leads.press(AT, f"{AT}/paper/give", {"do": "give"})
    (made,) = items.listing(db, circle=table.id)
    assert (made.words, made.source, made.number) == ("On paper", "paper", 1)
    leads.press(AT, f"{AT}/paper", {"seat": str(paper.id), "note": "Another"})
    leads.press(AT, f"{AT}/paper/give", {"do": "aside"})
    assert alone.turn(db, table.id, "claim") is None


def test_the_desk_keys_in_nothing_for_whoever_has_a_seat_of_their_own(
    leads: Desk, db: PrivateDatabase, table: Circle
) -> None:
    mine = seat(db, table)
    go_on(leads)
    answer = leads.post(f"{AT}/paper", {"seat": str(mine.id), "note": "For them"})
    assert answer.status_code == 422 and "Only the person who said this" in text_of(answer)


def item(leads: Desk, **fields: str) -> int:
    given = {"kind": "concern", "words": "The bus is late.", "group": "residents"}
    given |= {"cycle": "cycle_1", "source": "meeting"}
    answer = leads.press("/circles/items", ADD, given | fields)
    assert answer.status_code == 303, text_of(answer)
    return int(answer.headers["Location"].rpartition("/")[2])


def test_an_item_is_written_down_and_its_history_kept(leads: Desk, db: PrivateDatabase) -> None:
    begin_cycle(db)
    made = item(leads)
    page = f"/circles/items/{made}"
    answer = leads.press(page, f"{page}/state", {"state": "unresolved", "why": " "})
    assert answer.status_code == 422 and "Say in a sentence" in text_of(answer)
    fields = {"state": "unresolved", "why": "We see it differently."}
    assert leads.press(page, f"{page}/state", fields).status_code == 303
    shown = text_of(leads.get(page))
    assert "We see it differently." in shown and "unresolved" in shown
    assert "The bus is late." in leads.text("/circles/items?state=unsettled&group=residents")
    assert "The bus is late." not in leads.text("/circles/items?state=resolved")
    assert "There are none here." in leads.text("/circles/items?kind=issue&cycle=x")


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"kind": "wish"},
        {"group": "nobody"},
        {"cycle": "never"},
        {"source": "circle"},
        {"source": "theme", "theme": ""},
        {"source": "theme", "theme": "99"},
    ],
)
def test_an_item_that_cannot_be_kept_is_refused_with_what_was_typed(
    leads: Desk, db: PrivateDatabase, wrong: dict[str, str]
) -> None:
    given = {"kind": "concern", "words": "The bus is late.", "group": "residents"}
    given |= {"cycle": "cycle_1", "source": "meeting"}
    answer = leads.press("/circles/items", ADD, given | wrong)
    assert answer.status_code == 422
    if "words" not in wrong:
        assert forms_of(answer)[ADD].fields["words"] == "The bus is late."
    assert items.listing(db) == []


def test_words_of_a_story_are_named_as_a_source_where_they_stand(
    leads: Desk, told: Callable[..., int]
) -> None:
    story, made = told("The nurse was kind. I went home."), item(leads, source="stories")
    page = f"/circles/items/{made}"
    act = f"{page}/passages"
    for wrong in ({"story": str(story), "passage": "Not there"}, {"story": "x", "passage": "The"}):
        answer = leads.press(page, act, wrong)
        assert answer.status_code == 422 and "not in that story" in text_of(answer)
    given = {"story": str(story), "passage": "The nurse was kind."}
    assert leads.press(page, act, given).status_code == 303
    shown = text_of(leads.get(page))
    assert "The nurse was kind." in shown and "may not be quoted today" in shown
    assert "I went home" not in shown
    private = told("Only for reading.", consent={"analyse": False})
    given = {"story": str(private), "passage": "Only"}
    answer = leads.press(page, act, given)
    assert answer.status_code == 422 and "not agreed" in text_of(answer)


def test_a_repeat_written_at_the_desk_is_put_aside_and_stays_in_the_record(
    leads: Desk, db: PrivateDatabase
) -> None:
    first, again = item(leads), item(leads, words="Late buses.")
    page = f"/circles/items/{again}"
    answer = leads.press(page, f"{page}/repeat", {"repeat_of": ""})
    assert answer.status_code == 422
    assert leads.press(page, f"{page}/repeat", {"repeat_of": str(first)}).status_code == 303
    found = items.get(db, again)
    assert found and found.repeat_of == first
    assert f"/circles/items/{first}" in leads.text(page)


def test_what_somebody_said_in_the_circle_is_not_the_desks_to_discard(
    leads: Desk, db: PrivateDatabase, table: Circle
) -> None:
    first = item(leads, kind="claim")
    mine = seat(db, table)
    routine.move(db, table.id, seen=None, by=person(db))
    alone.write(db, mine, "Mine", by=mine)
    routine.move(db, table.id, seen=Round("claim", "write"), by=person(db))
    (kept,) = alone.of_seat(db, mine.id, "claim")
    said = alone.give(db, kept.id, seat=mine, by=mine)
    page = f"/circles/items/{said}"
    assert f"{page}/repeat" not in forms_of(leads.get(page))
    assert leads.post(f"{page}/repeat", {"repeat_of": str(first)}).status_code == 422


def test_an_evaluator_writes_items_down_and_settles_none(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    begin_cycle(db)
    evaluator = desk("evaluator")
    made = item(evaluator)
    page = f"/circles/items/{made}"
    assert f"{page}/state" not in forms_of(evaluator.get(page))
    answer = evaluator.post(f"{page}/state", {"state": "resolved", "why": "So"})
    assert answer.status_code == 403


def test_an_item_that_is_not_there_is_said_so(leads: Desk) -> None:
    assert leads.get("/circles/items/99").status_code == 404


def test_an_issue_is_what_the_inquiry_says_it_is(
    inquiry: Inquiry, db: PrivateDatabase, desk: Callable[..., Desk]
) -> None:
    assert "How can we" in desk("facilitator").text("/circles/items")
    settings: Path = inquiry.folder / "inquiry.toml"
    text = settings.read_text("utf-8").replace('"question" ', '"disagreement" ')
    settings.write_text(text, "utf-8")
    client = create_app(inquiry.folder).test_client()
    people.set_password(db, people.add(db, "Made-up Olu", "facilitator"), "four made up words")
    fields = forms_of(client.get("/desk/sign-in?lang=en"))["/desk/sign-in"].fields
    signed = {"name": "Made-up Olu", "password": "four made up words"}
    client.post("/desk/sign-in", data=fields | signed)
    page = text_of(client.get("/circles/items"))
    assert "reasonable people here see things differently" in page and "How can we" not in page


def test_an_item_from_a_theme_names_it(leads: Desk, db: PrivateDatabase) -> None:
    theme = db.add(
        "insert into themes (name, words, state, at) values ('Late buses', '[]', 'proposed', '')"
    )
    made = item(leads, source="theme", theme=str(theme))
    assert f"/desk/themes/{theme}" in leads.text(f"/circles/items/{made}")
    assert "Late buses" in leads.text(f"/circles/items/{made}")
