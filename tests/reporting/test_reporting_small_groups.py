"""What a case report tells of groups: the figures of the findings, no more, and words without."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from par_toolkit import inquiry as inquiries
from par_toolkit import reporting
from par_toolkit.publishing import publish
from par_toolkit.reporting.figures import POSITIONS
from par_toolkit.reporting.wording import ENGLISH
from par_toolkit.storage import kept_figures, receipts
from par_toolkit.storage.sensemaking import (
    appeals,
    checks,
    expectations,
    heard_from_others,
    outcomes,
    phases,
    positions,
    word_releases,
)
from par_toolkit.storage.sensemaking.word_uses import Use
from tests.publishing.inquiries import Place
from tests.publishing.meetings import Meeting

TODAY = date(2026, 11, 22)
LATER = "A later bus is worth the money."


def page_of(place: Place, group: str | None = None, *, kind: reporting.Kind = "html") -> str:
    """Write the report of the first cycle."""
    here = inquiries.load(place.folder)
    content = reporting.write(place.db, here, kind=kind, cycle="cycle_1", group=group, today=TODAY)
    return content.decode()


def section(page: str, name: str) -> str:
    """Return one part of a report, as a reader reads it."""
    _before, found, after = page.partition(f"<h2>{ENGLISH[name]}</h2>")
    assert found, name
    return " ".join(re.sub(r"<[^>]+>", " ", after.partition("<h2>")[0]).split())


def met(folder: Path, residents: int, carers: int, *, threshold: int = 5) -> Meeting:
    """Have two groups meet."""
    people = {"residents": residents, "carers": carers}
    return Meeting(Place(folder / "inquiry", threshold=threshold), people)


def test_its_figures_are_those_of_the_findings(tmp_path: Path) -> None:
    meeting = met(tmp_path, 14, 12)
    place = meeting.place
    meeting.put(LATER, {"residents": "+" * 9 + "-" * 5, "carers": "+" * 6 + "-" * 6})
    meeting.put("It may cost more.", {"residents": "+" * 14, "carers": "+" * 6 + "-" * 6})
    told = section(page_of(place), "statements")
    publish(place.folder)
    rows = place.rows(
        """
        select s.words, s.minimum, a.stakeholder_group as g, a.position as p, a.people
        from agreement a join statements s on s.id = a.statement
        """
    )
    assert told.count("About 25 people answered in all.") == 2
    for said in {row["words"] for row in rows}:
        for group, name in (("carers", "Family and unpaid carers"), ("residents", "Residents")):
            shown = {
                row["p"]: row["people"] for row in rows if (row["words"], row["g"]) == (said, group)
            }
            columns = [one for one in POSITIONS if one in shown]
            cells = ["hidden" if shown[one] is None else str(shown[one]) for one in columns]
            assert f"{name} {' '.join(cells)}" in told.partition(said)[2].partition("in all.")[0]
    least = {row["minimum"] for row in rows} - {None}
    assert least and all(f"about {round(100 * one)} in 100 agree" in told for one in least)


def test_promise_11_small_groups_have_no_figure_and_it_still_says_what_is_true(
    tmp_path: Path,
) -> None:
    meeting = met(tmp_path, 4, 4, threshold=10)
    place = meeting.place
    said = meeting.put(LATER, {"residents": "+++-", "carers": ""}, reasons={"residents-": "Taxes."})
    meeting.release("reason", meeting.reason(said, "Taxes."))
    told = section(page_of(place), "statements")
    assert f"{LATER} Asked: Family and unpaid carers, Residents" in told
    assert "So few people answered" in told and "These groups answered: Residents." in told
    assert "Asked, but nobody answered: Family and unpaid carers." in told
    assert "Somebody who disagrees says: Taxes." in told
    assert not re.search(r"\d", told.replace("Statement 1", ""))
    # the reason is one person's: no group stands beside it, here as in the findings
    assert "Residents, disagrees" not in page_of(place)


def test_promise_11_a_report_and_the_next_build_do_not_differ_by_one_answer(
    tmp_path: Path,
) -> None:
    meeting = met(tmp_path, 13, 13)
    place = meeting.place
    said = meeting.put(LATER, {"residents": "+" * 13, "carers": "+" * 13})
    before = section(page_of(place), "statements")
    seat = meeting.seats["residents"][0]
    positions.take_back(place.db, said, seat=seat, by=seat)
    assert section(page_of(place), "statements") == before
    (kept,) = kept_figures.last(place.db, "agreement").values()
    publish(place.folder)
    (after,) = kept_figures.last(place.db, "agreement").values()
    assert (kept.lines, kept.past) == (after.lines, after.past)
    assert (kept.since, after.since) == (None, 1)  # a build has shown them by now


def test_a_group_of_few_is_named_beside_nobodys_words(tmp_path: Path) -> None:
    meeting = met(tmp_path, 6, 2)
    place = meeting.place
    late = meeting.item("The bus is late.", group="carers", release=False)
    meeting.negotiate(late, {"residents": "We wait.", "carers": "We drive."}, "none")
    meeting.item("Only carers say this.", group="carers")
    meeting.write("carers", "Nights are long.", "++")
    meeting.stand_alone("carers", "Walking")
    seat = meeting.seats["carers"][0]
    said = heard_from_others.say(place.db, "residents", "They wait.", seat=seat, by=seat)
    meeting.release("heard", said)
    meeting.close()
    meeting.release_all()
    page = page_of(place)
    assert "Said by" not in page
    unresolved = section(page, "unresolved")
    assert "A small group We drive." in unresolved and "carers We drive." not in unresolved
    together = section(page, "together")
    assert together.startswith("A small group Nights are long.")
    assert "Views that stand alone Walking" in together
    assert "Somebody of another group, of Residents:" in section(page, "quality")
    # what a group of few said stands in the short version of every group, so that none tells
    for group in ("residents", "carers", "health_workers"):
        assert "Only carers say this." in page_of(place, group)
        assert "Walking" in page_of(place, group)
        assert "Nights are long." not in page_of(place, group)


def test_an_open_appeal_holds_the_statement_of_its_item_too(tmp_path: Path) -> None:
    meeting = met(tmp_path, 6, 6)
    place = meeting.place
    late = meeting.item("The bus is late.", release=False)
    meeting.item("Another.")
    meeting.put(LATER, {"residents": "++-"}, reasons={"residents-": "Taxes."}, item=late,
                release=False)  # fmt: skip
    meeting.release_all()
    assert LATER in page_of(place) and "Taxes." in page_of(place)
    seat = meeting.seats["carers"][0]
    appeal = appeals.add(place.db, late, "You left us out.", by=seat)
    page = page_of(place)
    assert LATER not in page and "Taxes." not in page and "The bus is late." not in page
    fair = section(page, "quality")
    assert "There was an appeal, or more than one." in fair and ENGLISH["fair_waiting"] in fair
    appeals.answer(place.db, appeal.id, "We looked again.", upheld=True, by=place.two)
    page = page_of(place)
    assert LATER in page and ENGLISH["fair_upheld"] in section(page, "quality")
    # appeals are acts of single people: how many there were is in no part of it
    assert "appeal" not in section(page, "trail")


def test_one_teller_of_many_stories_is_one_who_has_spoken(tmp_path: Path) -> None:
    """Five stories under one code are one person: fewer than five have spoken."""
    place, code = met(tmp_path, 3, 3).place, receipts.new_code()
    told = [place.tell(f"Bus number {n} is late.", receipt=code) for n in range(5)]
    theme = place.theme(told)
    for story in told:
        checks.say(place.db, Use(story, "theme", theme), "thats_it")
    assert "Fewer than 5 tellers" in section(page_of(place), "checks")


@pytest.mark.parametrize("released", [True, False])
def test_what_evaluators_had_expected_is_told_once_opened_and_released(
    tmp_path: Path, released: bool
) -> None:
    meeting = met(tmp_path, 3, 3)
    place, words = meeting.place, "I expect to hear of buses."
    made = expectations.seal(place.db, "cycle_1", words, by=place.two)
    assert word_releases.get(place.db, "expectation", made.id) is None  # nobody reads it yet
    assert words not in page_of(place)
    meeting.end_cycle(None)
    if released:
        meeting.release("expectation", made.id)
    page = page_of(place)
    assert (words in section(page, "quality")) is released
    assert ("what evaluators had expected: 1" in page) is not released
    closing = phases.now(place.db, "cycle_1")
    assert closing and outcomes.of_item(place.db, 1) == []


def test_a_view_that_came_over_stands_under_the_name_that_its_group_had_then(
    tmp_path: Path,
) -> None:
    meeting = met(tmp_path, 6, 5)
    place = meeting.place
    place.change(
        "[[cycle]]",
        '[[cycle]]\ncode = "cycle_2"\nname = { en = "Second", fr = "Deuxième" }\n'
        "starts = 2001-01-01\nends = 2001-12-31\n\n[[cycle]]",
    )
    late = meeting.item("The bus is late.", release=False)
    meeting.negotiate(late, {"residents": "We wait.", "carers": "We drive."}, "none")
    meeting.end_cycle("cycle_2")
    meeting.release_all()
    Meeting(place, {"residents": 1, "carers": 5}, cycle="cycle_2")
    Meeting.release_all_of(place, "cycle_2")
    here = inquiries.load(place.folder)
    page = reporting.write(place.db, here, kind="html", cycle="cycle_2", today=TODAY).decode()
    unresolved = section(page, "unresolved")
    assert "Residents We wait." in unresolved and "carers We drive." in unresolved
