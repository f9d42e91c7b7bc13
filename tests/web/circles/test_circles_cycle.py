"""A cycle at the desk: from its contract through its phases to the next cycle."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import actions, carrying, contracts, expectations, phases
from par_toolkit.storage.stories import Kept
from tests.storage.sensemaking.cycles import appeal, begun, close, item, someone, to_reflect
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, text_of

TERMS = {
    "purpose": "What it is like to be cared for in Exampleton.",
    "stake": "Residents and those who work there.",
    "confidentiality": "Names stay in the room.",
    "promise": "involve",
    "promised": "An answer to each point by March.",
}
PAGES = [
    "/circles",
    "/circles/cycle",
    "/circles/contract",
    "/circles/stakeholders",
    "/circles/expectations",
    "/circles/actions",
]


def write_contract(at_desk: Desk, **given: str) -> Any:
    return at_desk.press("/circles/contract", "/circles/contract", TERMS | given)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_before_anything_has_happened(
    desk: Callable[..., Desk], path: str
) -> None:
    answer = desk().get(path)
    assert answer.status_code == 200
    assert "<h1>" in answer.get_data(as_text=True)


def test_the_overview_leads_facilitators_on_and_others_to_a_table(
    desk: Callable[..., Desk], client: FlaskClient
) -> None:
    page = desk("evaluator").text("/circles")
    for path in PAGES[1:]:
        assert f'href="{path}"' in page
    assert 'name="table_code"' not in page
    assert 'name="table_code"' in client.get("/circles").get_data(as_text=True)
    assert 'name="table_code"' in desk().text("/circles?table=yes")
    assert 'href="/circles"' in desk().text("/desk/")


def test_a_cycle_cannot_begin_without_a_contract(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    at_desk = desk()
    assert "/circles/cycle/start" not in forms_of(at_desk.get("/circles/cycle"))
    refused = at_desk.post("/circles/cycle/start", {"cycle": "cycle_1"})
    assert refused.status_code == 422
    assert "Write the contract first" in text_of(refused)
    assert phases.now(db, "cycle_1") is None
    assert write_contract(at_desk).status_code == 303
    fields = {"cycle": "cycle_1"}
    assert at_desk.press("/circles/cycle", "/circles/cycle/start", fields).status_code == 303
    phase = phases.now(db, "cycle_1")
    assert phase is not None and (phase.phase, phase.contract) == ("plan", 1)
    assert "In “Plan” since" in text_of(at_desk.get("/circles/cycle"))


def test_the_contract_is_public_with_every_version_and_no_names(
    desk: Callable[..., Desk], client: FlaskClient
) -> None:
    assert "Nothing is agreed yet" in text_of(client.get("/circles/contract?lang=en"))
    at_desk = desk("steward", name="Zanzibarquartz")
    write_contract(at_desk)
    write_contract(at_desk, purpose="Something else.")
    shown = client.get("/circles/contract")
    assert "Something else." in text_of(shown)
    assert "<form" not in shown.get_data(as_text=True).split("</header>")[1]
    earlier = text_of(client.get("/circles/contract?version=1"))
    assert TERMS["purpose"] in earlier and "earlier version" in earlier
    for answer in (shown, client.get("/circles/contract?version=1")):
        assert "Zanzibarquartz" not in answer.get_data(as_text=True)
    for wrong in ("3", "0", "x", "9" * 30):
        assert client.get(f"/circles/contract?version={wrong}").status_code == 404


def test_a_contract_with_a_gap_comes_back_with_every_word_and_leads_to_the_gap(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    long = "é" * 100_000
    refused = write_contract(desk(), promised=" ", stake=long)
    assert refused.status_code == 422
    assert 'href="#promised"' in refused.get_data(as_text=True)
    fields = forms_of(refused)["/circles/contract"].fields
    assert fields["stake"] == long and fields["promise"] == "involve"
    assert contracts.latest(db) is None


def test_two_who_write_the_contract_at_once_both_keep_their_words(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    one, other = desk(), desk("evaluator")
    opened = forms_of(other.get("/circles/contract"))["/circles/contract"].fields
    write_contract(one, purpose="The one.")
    refused = other.client.post(
        "/circles/contract", data=opened | TERMS | {"purpose": "The other."}
    )
    assert refused.status_code == 422
    assert "The one." in text_of(refused)
    again = forms_of(refused)["/circles/contract"].fields
    assert again["purpose"] == "The other."
    assert other.client.post("/circles/contract", data=again).status_code == 303
    assert [one.terms.purpose for one in contracts.versions(db)] == ["The other.", "The one."]


def test_phases_follow_each_other_or_say_why(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    begun(db, "cycle_1", someone(db, name="Made-up Ama"))
    at_desk = desk()
    on = {"cycle": "cycle_1", "phase": "act"}
    assert at_desk.post("/circles/cycle/move", on).status_code == 303
    refused = at_desk.post("/circles/cycle/move", {"cycle": "cycle_1", "phase": "plan"})
    assert refused.status_code == 422
    assert 'href="#why"' in refused.get_data(as_text=True)
    back = {"cycle": "cycle_1", "phase": "plan", "why": "The plan did not hold."}
    assert at_desk.post("/circles/cycle/move", back).status_code == 303
    assert "The plan did not hold." in text_of(at_desk.get("/circles/cycle"))
    for wrong in ({"cycle": "cycle_9", "phase": "act"}, {"phase": "act"}, {"cycle": "cycle_1"}):
        assert at_desk.post("/circles/cycle/move", wrong).status_code in (404, 422)


def test_only_those_who_lead_move_and_close(
    desk: Callable[..., Desk], db: PrivateDatabase, client: FlaskClient
) -> None:
    begun(db, "cycle_1", someone(db, name="Made-up Ama"))
    evaluator = desk("evaluator")
    page = forms_of(evaluator.get("/circles/cycle"))
    assert not [act for act in page if act.startswith("/circles/cycle/")]
    for act in ("start", "move", "close"):
        answer = evaluator.post(f"/circles/cycle/{act}", {"cycle": "cycle_1", "phase": "act"})
        assert answer.status_code == 403
    assert desk("safeguarding").get("/circles/cycle").status_code == 403
    for path in ("/circles/cycle", "/circles/stakeholders", "/circles/actions"):
        assert client.get(path).headers["Location"].startswith("/desk/sign-in")


def test_the_close_asks_for_a_reflection_and_what_comes_next(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    by = someone(db, name="Made-up Ama")
    begun(db, "cycle_1", by)
    at_desk = desk("steward")
    assert "closes from “Reflect”" in text_of(at_desk.get("/circles/cycle/close"))
    to_reflect(db, "cycle_1", by)
    left = item(db, "cycle_1", "unresolved", by=by)
    expectations.seal(db, "cycle_1", "Zanzibarquartz.", by=by)
    assert "Zanzibarquartz" not in at_desk.text("/circles/expectations")

    def closing(**given: str) -> Any:
        fields = {"cycle": "cycle_1", "then": "cycle", "next_cycle": "cycle_2"}
        return at_desk.press("/circles/cycle/close", "/circles/cycle/close", fields | given)

    refused = closing(next_words="Go on.")
    assert refused.status_code == 422
    assert 'href="#reflection"' in refused.get_data(as_text=True)
    assert "Go on." in refused.get_data(as_text=True)
    assert closing(reflection="Learnt.").status_code == 422
    for then in ({"then": ""}, {"next_cycle": "cycle_9"}, {"next_cycle": "cycle_1"}):
        assert closing(reflection="Learnt.", next_words="Go on.", **then).status_code == 422
    answer = closing(reflection="We learnt.", next_words="Go on.")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/circles/cycle?cycle=cycle_2"
    assert phases.closed(db, "cycle_1")
    arrived = text_of(at_desk.get("/circles/cycle?cycle=cycle_2"))
    assert f"From First cycle came: items no. {left}." in arrived
    assert "number by number" in arrived
    gone = text_of(at_desk.get("/circles/cycle?cycle=cycle_1"))
    assert "We learnt." in gone and f"gone on to Second cycle: items no. {left}." in gone
    opened = text_of(at_desk.get("/circles/expectations?cycle=cycle_1"))
    assert "Zanzibarquartz." in opened and "the ones that were sealed" in opened


def test_the_close_is_refused_while_an_appeal_is_open_and_names_it(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    by = someone(db, name="Made-up Ama")
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    held = appeal(db, item(db, "cycle_1", by=by), by=by)
    at_desk = desk()
    assert "Appeals hold this cycle" in text_of(at_desk.get("/circles/cycle/close"))
    fields = {"reflection": "Learnt.", "next_words": "Go on.", "next_cycle": "cycle_2"}
    for then in ("cycle", "stop"):
        refused = at_desk.press(
            "/circles/cycle/close", "/circles/cycle/close", fields | {"then": then}
        )
        assert refused.status_code == 422
        assert f"no. {held} on “The bus stopped.”" in text_of(refused)
        assert "Learnt." in refused.get_data(as_text=True)
    assert not phases.closed(db, "cycle_1")


def test_stopping_leaves_what_is_open_in_sight(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    by = someone(db, name="Made-up Ama")
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    left = item(db, "cycle_1", by=by)
    fields = {"reflection": "Learnt.", "next_words": "No one is left.", "then": "stop"}
    at_desk = desk()
    at_desk.press("/circles/cycle/close", "/circles/cycle/close", fields)
    page = text_of(at_desk.get("/circles/cycle?cycle=cycle_1"))
    assert f"Left open, for everybody to see: items no. {left}." in page
    assert "No one is left." in page


def test_a_loss_past_every_door_shows_on_both_cycles(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    by = someone(db, name="Made-up Ama")
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    item(db, "cycle_1", by=by)
    close(db, "cycle_1", "cycle_2", by)
    db.change("delete from item_states where carried")
    at_desk = desk()
    for cycle in ("cycle_1", "cycle_2"):
        page = text_of(at_desk.get(f"/circles/cycle?cycle={cycle}"))
        assert "something was lost on the way" in page


def test_the_page_of_a_cycle_says_what_waits_for_whom_and_since_when(
    desk: Callable[..., Desk], db: PrivateDatabase, tell: Callable[..., Kept]
) -> None:
    by = someone(db, name="Made-up Ama")
    begun(db, "cycle_1", by)
    someone(db, "evaluator", name="Made-up Eve")
    tell(told_at="2026-02-03T10:00:00+00:00")
    actions.add(db, "cycle_1", what="Ask.", owner="Made-up council", due="2026-01-31", by=by)
    at_desk = desk()
    answer = at_desk.get("/circles/cycle?lang=en")
    rows = re.findall(r"<tr>(.*?)</tr>", answer.get_data(as_text=True), re.DOTALL)
    waits = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    assert "1 story is not read yet. everybody who reads stories 3 Feb 2026" in waits
    assert any(
        row.startswith("1 evaluator has not sealed what they expect.") and "Made-up Eve" in row
        for row in waits
    )
    late = "1 action should have been done by now. Made-up council 31 Jan 2026"
    assert late in waits
    assert "Overdue: what did we say we would do?" in text_of(answer)


def test_nothing_waits_in_a_cycle_that_is_closed_but_words_and_actions(
    desk: Callable[..., Desk], db: PrivateDatabase, told: Callable[..., int]
) -> None:
    by = someone(db, name="Made-up Ama")
    begun(db, "cycle_1", by)
    to_reflect(db, "cycle_1", by)
    told("The bus stopped.")
    close(db, "cycle_1", None, by)
    page = text_of(desk().get("/circles/cycle?cycle=cycle_1"))
    assert "1 text of circles and meetings is not released." in page
    assert "not read yet" not in page and "Nobody is named" not in page


def test_the_register_names_people_or_says_why_not(
    desk: Callable[..., Desk], client: FlaskClient
) -> None:
    at_desk, path = desk(), "/circles/stakeholders"
    page = text_of(at_desk.get(path))
    assert page.count("Nobody is named, and no reason is given.") == 3
    assert "Residents" in page
    fields = {"stake": "bears", "why_empty": "Nobody asked the night staff.", "group": ""}
    assert at_desk.post(path, fields).status_code == 303
    named = {"stake": "bears", "named": "Night staff of the made-up ward", "group": ""}
    assert at_desk.post(path, named).status_code == 303
    page = text_of(at_desk.get(path))
    assert "Night staff of the made-up ward" in page and "Nobody asked" not in page
    for wrong in (
        {"stake": "bears"},
        {"stake": "owns", "named": "A"},
        {"stake": "bears", "named": "A", "group": "unknown"},
        {"stake": "bears", "why_empty": "Nobody."},
    ):
        assert at_desk.post(path, wrong).status_code == 422
    remove = next(act for act in forms_of(at_desk.get(path)) if act.endswith("/remove"))
    assert at_desk.press(path, remove).status_code == 303
    stale = at_desk.post(remove)
    assert stale.status_code == 422 and "not here any more" in text_of(stale)


def test_an_unknown_cycle_is_not_found(desk: Callable[..., Desk]) -> None:
    at_desk = desk()
    for path in ("/circles/cycle", "/circles/actions", "/circles/expectations"):
        assert at_desk.get(f"{path}?cycle=nowhere").status_code == 404


def test_a_clock_that_went_wrong_counts_no_days_backwards(
    desk: Callable[..., Desk], db: PrivateDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        later.setattr(phases, "the_time", lambda: "2099-01-01T10:00:00+00:00")
        begun(db, "cycle_1", someone(db, name="Made-up Ama"))
    page = text_of(desk().get("/circles/cycle?lang=en"))
    assert "In “Plan” since today." in page and "for -" not in page


def test_the_pages_speak_for_the_cycle_that_runs(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    at_desk = desk()
    assert "<h1>First cycle</h1>" in at_desk.text("/circles/cycle?lang=en")
    begun(db, "cycle_2", someone(db, name="Made-up Ama"))
    assert "<h1>Second cycle</h1>" in at_desk.text("/circles/cycle")


def test_promise_14_a_whole_cycle_by_the_pages_hands_on_every_number(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    """From the contract to the second close, in a browser's terms."""
    at_desk = desk()
    by = someone(db, name="Made-up Ama")
    write_contract(at_desk)
    expected: dict[str, set[int]] = {}
    for number, (cycle, following) in enumerate((("cycle_1", "cycle_2"), ("cycle_2", None))):
        at_desk.post("/circles/cycle/start", {"cycle": cycle})
        new = {item(db, cycle, state, by=by) for state in carrying.OPEN_ITEMS}
        item(db, cycle, "open", "resolved", by=by)
        fields = {"what": "Ask.", "owner": "A made-up council", "due": "2099-01-01"}
        at_desk.post("/circles/actions", fields | {"cycle": cycle})
        for phase in phases.PHASES[1:]:
            assert at_desk.post("/circles/cycle/move", {"cycle": cycle, "phase": phase})
        expected[cycle] = new | (expected["cycle_1"] if number else set())
        then = {"then": "cycle", "next_cycle": following} if following else {"then": "stop"}
        words = {"cycle": cycle, "reflection": "Learnt.", "next_words": "Go on."}
        assert at_desk.post("/circles/cycle/close", words | then).status_code == 303
    assert set(carrying.came_in(db, "cycle_1", "cycle_2").items) == expected["cycle_1"]
    assert set(carrying.still_open(db, "cycle_2").items) == expected["cycle_2"]
    assert len(carrying.still_open(db, "cycle_2").actions) == 2
