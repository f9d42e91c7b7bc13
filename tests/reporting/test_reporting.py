"""The case report: what is resolved and what is not, with released words only."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import pytest

from par_toolkit import reporting
from par_toolkit.inquiry import Inquiry
from par_toolkit.reporting.gathering import Missing, ReportRefused
from par_toolkit.reporting.wording import ENGLISH, FRENCH
from par_toolkit.storage import consents, redactions, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.people import Person
from par_toolkit.storage.sensemaking import (
    actions,
    agendas,
    answers,
    appeals,
    checks,
    circles,
    heard_from_others,
    items,
    joint,
    own,
    phases,
    seats,
    views,
    word_releases,
)
from par_toolkit.storage.sensemaking.word_uses import Use
from tests.storage.sensemaking.cycles import to_reflect
from tests.storage.sensemaking.wholes import (
    QUOTED,
    Whole,
    item_of,
    release,
    release_all,
    release_story,
)

TODAY = date(2026, 11, 22)


@pytest.fixture
def whole(db: PrivateDatabase, tell: Callable[..., Any]) -> Whole:
    """Hand out a small cycle of which everything is released."""
    made = Whole(db, tell)
    release_all(db)
    return made


@pytest.fixture
def write(db: PrivateDatabase, inquiry: Inquiry) -> Callable[..., str]:
    """Hand out `write(group="carers")`: the report as a page."""

    def page(**given: Any) -> str:
        return reporting.write(db, inquiry, kind="html", today=TODAY, **given).decode()

    return page


def crowd(db: PrivateDatabase, whole: Whole, number: int) -> None:
    """Have as many people sit in both circles, so that their groups may be named."""
    with db.writing():
        for seat in (whole.resident, whole.carer):
            for _more in range(number - len(seats.of_circle(db, seat.circle))):
                more, _code = seats.join(db, seat.circle)
                own.save(db, more, "We wait, too.", by=more)


def section(page: str, name: str) -> str:
    """Return one part of an English report, by the name of its heading."""
    _before, found, after = page.partition(f"<h2>{ENGLISH[name]}</h2>")
    assert found, name
    return after.partition("<h2>")[0]


def missing(refused: pytest.ExceptionInfo[ReportRefused]) -> set[Missing]:
    return set(refused.value.missing)


# -------------------------------------------------------------------- what it tells


def test_it_tells_what_is_resolved_and_what_is_not_side_by_side(
    whole: Whole, write: Callable[..., str]
) -> None:
    page = write()
    resolved, unresolved = section(page, "resolved"), section(page, "unresolved")
    assert "The timetable cannot be read." in resolved and "Print it larger." in resolved
    assert "Who pays for a later bus?" in unresolved and "We do not agree who pays." in unresolved
    assert "The council meets in June first." in unresolved
    side = re.search(r'<div class="side">(.*?)</div></div>', unresolved)
    assert side is not None
    assert "The council pays." in side[1] and "All share it." in side[1]
    assert f'<p dir="auto">{QUOTED}</p></blockquote>' in resolved
    assert "Ana" in section(page, "actions") and "1 May 2026" in section(page, "actions")


def test_what_was_not_released_is_in_no_byte_of_it(
    db: PrivateDatabase, inquiry: Inquiry, whole: Whole, write: Callable[..., str]
) -> None:
    item = item_of(db, "Zanzibarquartz is settled.")
    items.set_state(db, item, "resolved", "Zanzibarquartz.", by=whole.mara)
    secret = joint.write(db, whole.resident.circle, "Zanzibarquartz.", by=whole.resident)
    answers.give(db, secret.id, "assent", seat=whole.resident, by=whole.resident)
    circles.close(db, whole.resident.circle, by=whole.mara)
    checks.say(db, Use(whole.story, "theme", whole.theme), "thats_it", "Zanzibarquartz.")
    page = write()
    assert "Zanzibarquartz" not in page
    assert "settled claims, concerns and issues: 1" in page
    document = docx.Document(io.BytesIO(reporting.write(db, inquiry, kind="docx", today=TODAY)))
    assert "Zanzibarquartz" not in document.element.xml


def test_what_a_circle_says_is_told_when_it_is_closed_ours_and_released(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    seat = whole.resident
    made = joint.write(db, seat.circle, "The way is long.", by=seat)
    release(db, "construction", made.id)
    answers.give(db, made.id, "assent", seat=seat, by=seat)
    assert "The way is long." not in write()
    circles.close(db, seat.circle, by=whole.mara)
    assert "The way is long." in section(write(), "together")


def test_promise_08_a_quote_needs_release_and_the_consent_of_today(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    assert QUOTED in write()
    redactions.add(db, whole.story, question="telling", start=4, end=7, label="what", by=whole.mara)
    assert QUOTED not in write() and "[what] to the clinic" not in write()
    release_story(db, whole.story)
    assert "The [what] to the clinic" in write()
    consents.change(db, whole.story, {"quote": False}, wording=1, source="mine")
    for take_back in (lambda: None, lambda: withdrawals.withdraw_story(db, whole.story)):
        take_back()
        with pytest.raises(ReportRefused):  # what was made of it is looked at again
            write()
        release_all(db)
        assert "The timetable cannot be read." in write() and "[what]" not in write()


@pytest.mark.parametrize("kind", ["quote", "theme"])
def test_a_quote_that_its_teller_doubts_waits_for_an_answer(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str], kind: str
) -> None:
    said = checks.say(db, Use(whole.story, kind, whole.theme), "not_that")
    assert QUOTED not in section(write(), "resolved")
    assert "wait for an answer" in section(write(), "checks")
    checks.reply(db, said.id, "We looked again.", by=whole.mara)
    assert QUOTED in section(write(), "resolved")


def test_it_is_in_short_for_each_group_its_own_view_first(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    crowd(db, whole, 5)
    item_of(db, "Only carers see this.", group="carers")
    release_all(db)
    carers, residents = write(group="carers"), write(group="residents")
    assert "Only carers see this." in carers and "Only carers see this." not in residents
    assert carers.index("All share it.") < carers.index("The council pays.")
    assert residents.index("The council pays.") < residents.index("All share it.")
    assert len(carers) < len(write())


def test_a_group_that_nothing_concerns_reads_that(
    whole: Whole, write: Callable[..., str], inquiry: Inquiry
) -> None:
    other = next(one.code for one in inquiry.groups if one.code not in ("residents", "carers"))
    page = write(group=other)
    assert ENGLISH["unresolved_none_group"] in page and ENGLISH["actions_none_group"] in page


def test_it_reads_in_french(whole: Whole, write: Callable[..., str]) -> None:
    page = write(language="fr")
    assert '<html lang="fr">' in page and "Rapport de cas" in page
    assert f"<h2>{FRENCH['unresolved']}</h2>" in page and "1 mai 2026" in page
    assert ENGLISH["unresolved_lead"] not in page
    assert f"<h2>{FRENCH['resolved']}</h2>" in write(language="fr", group="carers")


def test_every_sentence_is_there_in_both_languages_with_the_same_blanks() -> None:
    blank = re.compile(r"{(\w+)}")
    assert list(ENGLISH) == list(FRENCH)
    for name, sentence in ENGLISH.items():
        assert set(blank.findall(sentence)) == set(blank.findall(FRENCH[name])), name
        assert name == "comma" or FRENCH[name] == FRENCH[name].strip()


# ------------------------------------------------------------------- what it refuses


def test_it_is_not_made_without_what_is_unresolved(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    word_releases.take_back(db, "item", whole.disputed, by=whole.mara)
    with pytest.raises(ReportRefused, match="two people read") as refused:
        write()
    assert missing(refused) == {Missing("item", whole.disputed)}


def test_it_is_not_made_without_the_views_of_those_who_do_not_agree(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    view = views.of_agenda(db, whole.agenda)[whole.disputed]["carers"]
    word_releases.take_back(db, "view", view.id, by=whole.mara)
    with pytest.raises(ReportRefused) as refused:
        write()
    assert missing(refused) == {Missing("view", whole.disputed, "carers")}
    assert "'carers'" in str(refused.value)
    release(db, "view", view.id)
    assert "All share it." in write()


def test_it_is_not_made_where_all_that_is_unresolved_is_held(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    appeal = appeals.add(db, whole.disputed, "We were not heard.", by=whole.resident)
    with pytest.raises(ReportRefused, match="answer these first") as refused:
        write()
    assert missing(refused) == {Missing("all_held", whole.disputed)}
    appeals.answer(db, appeal.id, "You are right.", upheld=True, by=whole.sten)
    assert "Who pays for a later bus?" in write()


def test_what_is_held_is_named_by_number_and_not_told(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    other = item_of(db, "Nobody answers the telephone.")
    release(db, "item", other)
    appeals.add(db, whole.disputed, "We were not heard.", by=whole.resident)
    checks.say(db, Use(whole.story, "construction", whole.settled), "not_that")
    page = write()
    assert "Who pays" not in page and "The timetable" not in page
    assert "Print it larger." not in page
    held = section(page, "held")
    assert f"no. {whole.disputed}: somebody has appealed" in held
    assert f"no. {whole.settled}: a teller says" in held


def test_an_unresolved_item_that_was_not_negotiated_stands_as_it_was_said(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    release(db, "item", item_of(db, "Nobody answers the telephone."))
    unresolved = section(write(), "unresolved")
    assert "Nobody answers the telephone." in unresolved
    assert ENGLISH["not_negotiated"] in unresolved


def test_a_closed_cycle_tells_what_went_on_to_the_next(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    (action,) = actions.of_cycle(db, "cycle_1")
    to_reflect(db, "cycle_1", whole.mara)
    phases.close(
        db,
        "cycle_1",
        reflection="We listened.",
        next_words="Act sooner.",
        next_cycle="cycle_2",
        by=whole.mara,
    )
    assert items.of_cycle(db, "cycle_1", states=items.UNSETTLED) == []
    release_all(db)
    release(db, "action", action.id)
    page = write(cycle="cycle_1")
    assert "Who pays for a later bus?" in section(page, "unresolved")
    assert "Print it larger." in section(page, "actions")
    assert "We listened." in section(page, "reflection") and "Act sooner." in section(page, "next")


def close_for(db: PrivateDatabase, following: str, *, by: Person) -> None:
    """Close the first cycle, which goes on to another, and begin that."""
    to_reflect(db, "cycle_1", by)
    phases.close(
        db,
        "cycle_1",
        reflection="We listened.",
        next_words="Act sooner.",
        next_cycle=following,
        by=by,
    )
    phases.start(db, following, by=by)


def told_of(page: str, words: str) -> str:
    """Return what a page tells of the item with these words."""
    found = [one for one in page.split("<h3>") if words in one]
    assert len(found) == 1
    return found[0]


def test_what_came_over_unresolved_keeps_the_views_and_the_outcome_of_its_negotiation(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    close_for(db, "cycle_2", by=whole.mara)
    told = told_of(section(write(cycle="cycle_2"), "unresolved"), "Who pays for a later bus?")
    assert "The council pays." in told and "All share it." in told
    assert "We do not agree who pays." in told
    assert ENGLISH["not_negotiated"] not in told


def test_a_cycle_of_before_does_not_tell_what_was_agreed_later(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    close_for(db, "cycle_2", by=whole.mara)
    meeting = agendas.add(db, "cycle_2", "In the second year", by=whole.mara)
    db.change("update agendas set sent_at = '2027-01-01' where id = :id", {"id": meeting.id})
    db.change(
        """
        insert into outcomes (agenda, item, outcome, words, no_action, person, role, at)
        select :agenda, item, 'full', 'The council pays after all.', 'Done.', person, role, at
        from outcomes where item = :item
        """,
        {"agenda": meeting.id, "item": whole.disputed},
    )
    release_all(db)
    told = told_of(section(write(cycle="cycle_1"), "unresolved"), "Who pays for a later bus?")
    assert "The council pays." in told and "after all" not in told


def test_what_a_circle_settled_is_not_said_to_wait_for_a_negotiation(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    item = item_of(db, "The driver waits for us.")
    release(db, "item", item)
    items.set_state(db, item, "resolved", "All said so.", by=whole.mara)
    told = told_of(section(write(), "resolved"), "The driver waits for us.")
    assert ENGLISH["settled"] in told and ENGLISH["not_negotiated"] not in told


def test_a_group_that_told_stories_but_sat_in_no_circle_is_named(
    whole: Whole, write: Callable[..., str], tell: Callable[..., Any]
) -> None:
    tell("Nobody asked us to come.", group="health_workers")
    fairness = write().partition(f"<h3>{ENGLISH['fairness']}</h3>")[2].partition("<h3>")[0]
    assert "Told stories, but sat in no circle:" in fairness
    assert ENGLISH["fair_all"] not in fairness


def test_what_should_have_been_done_by_now_is_called_overdue(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    (action,) = actions.of_cycle(db, "cycle_1")
    assert "to be done, overdue" in section(write(), "actions")
    actions.set_state(
        db, action.id, "done", words="It hangs there.", after=action.step, by=whole.mara
    )
    release(db, "action", action.id)
    assert "overdue" not in section(write(), "actions")


@pytest.mark.parametrize(
    ("given", "reason"),
    [({"group": "nobody"}, "no_such_group"), ({"cycle": "cycle_9"}, "cycle_not_begun")],
)
def test_a_group_or_cycle_that_there_is_not_is_refused(
    whole: Whole, write: Callable[..., str], given: dict[str, str], reason: str
) -> None:
    with pytest.raises(Refused) as caught:
        write(**given)
    assert caught.value.reason == reason


def test_before_the_first_cycle_there_is_nothing_to_report(write: Callable[..., str]) -> None:
    with pytest.raises(Refused, match="nothing to report"):
        write()


# ----------------------------------------------------------- small groups, and the files


def test_promise_11_no_number_of_people_below_the_threshold_leaves(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str], tell: Callable[..., Any]
) -> None:
    for _number in range(4):
        tell("Another made-up story of this place.", group="carers")
    page = write()
    who = section(page, "who")
    assert "fewer than 5" in who and "5 or more" not in who
    assert not re.search(r">[1-9]\d*<", who)
    tell("Another made-up story of this place.", group="carers")
    assert "5 or more" in section(write(), "who")
    assert "Fewer than 5 tellers" not in section(page, "checks")
    checks.say(db, Use(whole.story, "theme", whole.theme), "thats_it")
    assert "Fewer than 5 tellers" in section(write(), "checks")


def test_what_groups_say_of_one_another_is_told_with_its_verdict(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    carer, resident = whole.carer, whole.resident
    said = heard_from_others.say(db, "residents", "They wait long.", seat=carer, by=carer)
    heard_from_others.answer(db, said, accepted=True, seat=resident, by=resident)
    assert "They wait long." not in write()
    release(db, "heard", said)
    quality = section(write(), "quality")
    assert "They wait long." in quality and ENGLISH["verdict_accepted"] in quality


def test_whatever_people_wrote_is_text_in_both_files(
    db: PrivateDatabase, inquiry: Inquiry, whole: Whole, write: Callable[..., str]
) -> None:
    nasty = '<script>alert("x")</script> & =1+1\nline {two} \u202e\u0600 \x1b end'
    item = item_of(db, nasty)
    release(db, "item", item)
    page = write()
    assert "<script" not in page and "&lt;script&gt;" in page and "{two}" in page
    content = reporting.write(db, inquiry, kind="docx", today=TODAY)
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)
    assert '<script>alert("x")</script>' in text and "\x1b" not in text


def test_the_document_holds_the_same_words_as_the_page(
    db: PrivateDatabase, inquiry: Inquiry, whole: Whole
) -> None:
    content = reporting.write(db, inquiry, kind="docx", language="fr", today=TODAY)
    document = docx.Document(io.BytesIO(content))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    for name in ("resolved", "unresolved", "actions", "checks", "quality", "trail"):
        assert FRENCH[name] in headings
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    says = ("All share it.", "The council pays.")
    assert [f"{one} (item {whole.disputed})" for one in says] in [sorted(row) for row in cells]
    assert document.core_properties.language == "fr"
    assert (document.core_properties.author, document.core_properties.created.year) == (
        "Made-up inquiry",
        2026,
    )


def test_each_report_is_in_the_trail(
    db: PrivateDatabase, whole: Whole, write: Callable[..., str]
) -> None:
    write()
    last = db.row("select action, role from audit order by seq desc limit 1")
    assert last == {"action": "make_report", "role": "command line"}
    assert re.search(r"[0-9a-f]{64}", section(write(), "trail"))
