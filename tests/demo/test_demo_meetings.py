"""The demo goes through two cycles of sense-making, and every promise about them holds in it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from importlib import resources

import pytest

from par_toolkit import publishing, reporting
from par_toolkit.demo import content, fill, reading
from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing.build import file_of, read_rows
from par_toolkit.storage import receipts
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import (
    able_to_act,
    actions,
    agendas,
    alternatives,
    answers,
    appeals,
    carrying,
    checks,
    circles,
    contracts,
    evidence,
    expectations,
    heard_from_others,
    information,
    items,
    joint,
    outcomes,
    own,
    phases,
    rankings,
    rounds,
    seats,
    sending,
    stakes,
    statements,
    views,
)

#: The demo is made once, in one process, for all who look at it.
pytestmark = pytest.mark.xdist_group("demo")

FIRST, SECOND = "y2025_26", "y2026_27"


def closed_circles(db: PrivateDatabase) -> list[circles.Circle]:
    return circles.listing(db, cycle=FIRST)


def build_of(demo: Inquiry, table: str) -> list[dict[str, object]]:
    live = publishing.live_build(demo.folder)
    assert live is not None
    return [dict(row) for row in read_rows(file_of(demo.folder, live), table)]


# ------------------------------------------------------------------------------- what is written


def test_everybody_is_plainly_made_up_and_both_languages_are_spoken() -> None:
    people = [seat for told in reading.load() for one in told.circles for seat in one.people]
    assert {re.split(" ", one.called)[0] for one in people} == {"Example", "Exemple"}
    assert len({one.key for one in people}) == len(people)
    assert any(one.paper for one in people)


def test_a_part_that_is_misspelt_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    read = reading._read
    monkeypatch.setattr(reading, "_read", lambda name: read(name) | {"statments": []})
    with pytest.raises(KeyError, match="statments"):
        reading.load()


@pytest.mark.parametrize("name", ["contract", *reading.FILES])
def test_every_file_says_first_that_it_is_an_example(name: str) -> None:
    text = (resources.files(reading.__package__) / f"{name}.toml").read_text("utf-8")
    assert text.startswith("# EXAMPLE. ")


# ------------------------------------------------------------------------------ how it is held


def test_promise_14_the_first_cycle_went_over_into_the_second(made: PrivateDatabase) -> None:
    assert [one.phase for one in phases.of_cycle(made, FIRST)] == [*phases.PHASES, "closed"]
    assert phases.running(made) == [SECOND]
    assert phases.must_run(made, SECOND).phase == "act"
    closed = phases.now(made, FIRST)
    assert closed is not None and closed.words and closed.next_cycle == SECOND
    went = carrying.went_out(made, FIRST)
    assert went.items and went.actions
    assert carrying.came_in(made, FIRST, SECOND) == went
    here = items.of_cycle(made, SECOND)
    assert {one.id for one in here if one.carried} == set(went.items)


def test_it_begins_with_a_contract_and_a_register_in_which_one_place_is_empty(
    made: PrivateDatabase,
) -> None:
    assert contracts.latest(made) is not None and not stakes.missing(made)
    (empty,) = [one for one in stakes.listing(made) if one.why_empty]
    assert (empty.group, empty.stake) == ("young_people", "bears")


def test_what_was_expected_opened_at_the_close(made: PrivateDatabase) -> None:
    (opened,) = expectations.of_cycle(made, FIRST)
    (sealed,) = expectations.of_cycle(made, SECOND)
    assert opened.stories_read == 0
    assert opened.digest == expectations.seal_of(opened.salt, opened.words)
    assert sealed.opened_at is None and sealed.words == ""


def test_promise_13_three_groups_wrote_their_own_first_and_then_together(
    made: PrivateDatabase,
) -> None:
    held = closed_circles(made)
    assert len({one.group for one in held}) == 3
    assert all(one.closed_at for one in held)
    for one in held:
        assert len(own.of_circle(made, one.id)) == one.seats >= 5
        (now,) = joint.current(joint.versions(made, one.id))
        assert now.follows and answers.is_ours(answers.of_circle(made, one.id)[now.id])
        assert rounds.following(rounds.at(made, one.id)) is None
    said = Counter(
        answer.answer
        for one in held
        for given in answers.of_circle(made, one.id).values()
        for answer in given
    )
    assert set(said) == set(answers.ANSWERS)
    (alone,) = [one for circle in held for one in alternatives.of_circle(made, circle.id)]
    assert alone.name == "One person, not a date"


def test_one_circle_of_the_second_cycle_still_takes_people(made: PrivateDatabase) -> None:
    (one,) = circles.listing(made, cycle=SECOND)
    assert circles.by_table_code(made, one.table_code) == one
    assert rounds.at(made, one.id) is None
    assert len(seats.of_circle(made, one.id)) == one.seats == 3


def test_items_come_from_circles_and_stories_and_one_repeat_was_put_aside_by_its_owner(
    made: PrivateDatabase,
) -> None:
    every = items.listing(made)
    assert {one.source for one in every} == {"circle", "paper", "stories"}
    assert {one.kind for one in every} == set(items.KINDS)
    assert made.value("select count(*) from written_alone where state = 'repeat'") == 2
    assert {one.state for one in every} >= {"resolved", "unresolved", "information_wanted", "open"}


def test_the_session_ended_in_every_way_and_each_view_was_confirmed(
    made: PrivateDatabase,
) -> None:
    (agenda,) = agendas.of_cycle(made, FIRST)
    found = outcomes.of_agenda(made, agenda.id)
    assert {one.outcome for one in found.values()} == set(outcomes.OUTCOMES)
    assert all(bool(one.actions) != bool(one.no_action) for one in found.values())
    held = views.of_agenda(made, agenda.id)
    assert all(view.confirmed for by_group in held.values() for view in by_group.values())
    assert len({one.group for one in rankings.held(made, FIRST)}) == 3
    assert rankings.held(made, SECOND) == []
    (coming,) = agendas.of_cycle(made, SECOND)
    assert {one.what for one in sending.lacks(made, coming.id)} == {"view"}


def test_a_question_is_answered_and_another_waits(made: PrivateDatabase) -> None:
    tasks = [one for item in items.listing(made) for one in information.of_item(made, item.id)]
    assert [one.waits for one in tasks] == [False, True]
    asked = list(statements.of_cycle(made, SECOND))
    assert [one.closed_at is None for one in asked].count(True) == 1 and len(asked) == 2


def test_appeals_are_answered_by_somebody_who_did_not_decide(made: PrivateDatabase) -> None:
    every = [one for item in items.listing(made) for one in appeals.of_item(made, item.id)]
    assert {one.upheld for one in every} == {True, False}
    for one in every:
        assert one.answer and one.answered_by not in appeals.deciders(made, one.item)
    assert any(one.receipt for one in every) and any(one.seat for one in every)


def test_one_action_is_done_and_another_overdue_whenever_it_is_made(
    made: PrivateDatabase,
) -> None:
    today = datetime.now(UTC).date().isoformat()
    (late,) = actions.overdue(made, today=today)
    assert late.cycle == SECOND and late.carried and late.item is not None
    (done,) = [one for one in actions.of_cycle(made, SECOND) if one.state == "done"]
    assert done.words
    assert any(not one.overdue(today) for one in actions.of_cycle(made, SECOND) if one.open)


def test_tellers_have_said_whether_we_got_their_words(made: PrivateDatabase) -> None:
    said = checks.listing(made)
    assert {one.answer for one in said} == set(checks.ANSWERS)
    assert any(one.reply for one in said)
    (held,) = checks.holding(made).items
    found = items.get(made, held)
    assert found is not None and found.group == "residents"


def test_there_is_evidence_for_each_of_the_five_criteria(
    demo: Inquiry, made: PrivateDatabase
) -> None:
    found = evidence.gather(made, FIRST, groups=[group.code for group in demo.groups])
    assert {one.group for one in found.groups if one.heard} == {
        "carers", "newcomers", "health_workers",
    }  # fmt: skip
    assert found.appeals == evidence.Appeals(made=2, upheld=1, waiting=0)
    assert found.pairs and all(one.followed for one in found.led)
    assert {one.verdict for one in heard_from_others.of_cycle(made, FIRST)} == {
        "accepted", "not_accepted",
    }  # fmt: skip
    given = {one.answer for one in able_to_act.of_cycle(made, FIRST)}
    assert given == set(able_to_act.ANSWERS)


# --------------------------------------------------------------------------- what others can read


def test_the_findings_show_what_is_agreed_what_is_not_and_what_was_done(demo: Inquiry) -> None:
    assert {row["kind"] for row in build_of(demo, "constructions")} == {
        "circle", "view", "alternative",
    }  # fmt: skip
    outcome = Counter(row["outcome"] for row in build_of(demo, "items"))
    assert (outcome["full"], outcome["partial"], outcome["none"]) == (1, 1, 1)
    assert {row["state"] for row in build_of(demo, "actions")} == {"open", "done"}
    assert len(build_of(demo, "statements")) == 3
    figures = {row["shown"] for row in build_of(demo, "agreement")}
    assert figures == {"shown", "hidden", "nobody_answered", "not_asked"}
    assert len(build_of(demo, "reasons")) == 8


def test_promise_06_what_a_teller_doubts_is_not_in_the_findings(
    demo: Inquiry, made: PrivateDatabase
) -> None:
    (held,) = checks.holding(made).items
    doubted = items.get(made, held)
    assert doubted is not None
    assert doubted.words not in {row["words"] for row in build_of(demo, "items")}


@pytest.mark.parametrize("cycle", [FIRST, SECOND])
@pytest.mark.parametrize("language", reporting.LANGUAGES)
def test_the_case_report_of_each_cycle_can_be_made(
    demo: Inquiry, made: PrivateDatabase, cycle: str, language: str
) -> None:
    page = reporting.write(made, demo, kind="html", cycle=cycle, language=language).decode()
    assert "One person, not a date" in page or cycle == SECOND


def test_the_story_that_visitors_try_led_to_something(demo: Inquiry, made: PrivateDatabase) -> None:
    code = fill.receipt_of(demo.folder, fill.story_to_try(content.load()).key)
    receipt = receipts.find(made, code)
    assert receipt is not None
    (story,) = receipts.stories_of(made, receipt)
    (done,) = actions.of_story(made, story)
    assert done.state == "done"
    assert {one.use.kind for one in checks.uses(made, story)} == set(checks.KINDS)
