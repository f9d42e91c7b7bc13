"""Promise 11 with twelve people: every figure by group is hidden, and each page still says much.

Three groups of four go through two cycles, from the record to the pages that anyone may read.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from datasette_plugins.datasette_api import close_build, open_build
from par_toolkit.publishing import publish, verify_build
from par_toolkit.storage.sensemaking import items, phases
from tests.publishing.inquiries import Place
from tests.publishing.meetings import Meeting

PEOPLE = {"residents": 4, "carers": 4, "health_workers": 4}
NAMES = "Family and unpaid carers, Health and care workers, and Residents"
PATHS = ("/", "/standing", "/agreement", "/unresolved", "/done", "/changes", "/about")
LATER = "A later bus is worth the money."
VISITS = "Night visits should be paid for."
PETROL = "I pay for my petrol, and nobody asks."


async def pages_of(path: Path, language: str = "en") -> dict[str, str]:
    """Read every page of a build, with the first statement's own under '/statement'."""
    datasette = await open_build(path)
    try:
        found = {at: (await datasette.client.get(f"{at}?lang={language}")).text for at in PATHS}
        link = re.search(r'href="(/statement/[^"]+)"', found["/agreement"])
        assert link
        found["/statement"] = (await datasette.client.get(link[1].replace("&amp;", "&"))).text
        return found
    finally:
        await close_build(datasette)


def words_of(page: str) -> str:
    """Return what a reader reads of a page, without its frame."""
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    assert main
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


def first_cycle(place: Place) -> Meeting:
    meeting = Meeting(place, PEOPLE)
    late = meeting.item("The last bus leaves too early.", release=False)
    pays = meeting.item("Who pays for night visits?", group="carers", release=False)
    meeting.put(LATER, {"residents": "++++", "carers": "+++?", "health_workers": "++--"},
                item=late, release=False)  # fmt: skip
    meeting.put(VISITS, {"residents": "", "carers": "+++-", "health_workers": "+?--"},
                reasons={"carers-": PETROL}, item=pays, release=False)  # fmt: skip
    meeting.negotiate(
        late,
        {"residents": "We wait in the dark.", "health_workers": "We cannot leave before ten."},
        "full",
        action="Ask for a bus at ten.",
    )
    meeting.negotiate(
        pays, {"carers": "The visits are work.", "health_workers": "There is no money."}, "none"
    )
    meeting.done(late, "The last bus goes at ten.")
    meeting.write("residents", "We wait, and nobody tells us for how long.", "+++-")
    meeting.stand_alone("residents", "Walking")
    meeting.close()
    meeting.end_cycle("cycle_2")
    with place.db.writing():
        meeting.release_all()
        Meeting.release_all_of(place, "cycle_2")  # what went on stands there now
    return meeting


@pytest.mark.asyncio
async def test_promise_11_twelve_people_two_cycles_and_no_figure_of_a_group(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry", threshold=10)
    place.change(
        "[[cycle]]",
        '[[cycle]]\ncode = "cycle_2"\nname = { en = "Second cycle", fr = "Deuxième cycle" }\n'
        "starts = 2001-01-01\nends = 2001-12-31\n\n[[cycle]]",
    )
    first_cycle(place)
    publish(place.folder)
    assert verify_build(place.live()).sound
    rows = place.rows("select stakeholder_group as g, people, shown from agreement")
    assert {row["people"] for row in rows if row["g"] != "all"} == {None}
    assert {row["people"] for row in rows if row["g"] == "all"} <= {10, None}
    assert {row["shown"] for row in rows if row["g"] == "community_groups"} == {"not_asked"}
    assert (
        place.rows("select minimum, agreement from statements")
        == [{"minimum": None, "agreement": None}] * 2
    )
    _says_what_is_true(await pages_of(place.live()))
    _say_nothing_in_figures(await pages_of(place.live(), "fr"))
    await _a_second_cycle(place)


def _says_what_is_true(pages: dict[str, str]) -> None:
    said = {at: words_of(page) for at, page in pages.items()}
    standing = said["/standing"]
    assert "What was open went on into the next cycle: Second cycle." in standing
    assert "We listened more than we acted." in standing
    assert "The last bus leaves too early." in standing and "Groups came to agree." in standing
    agreement = said["/agreement"]
    assert "every number by group is hidden, to protect them" in agreement
    assert LATER in agreement and VISITS in agreement
    assert f"These groups answered: {NAMES}. About 10 people in all." in agreement
    assert "Asked, but nobody answered: Residents." in agreement  # of the night visits
    assert "Not asked: Community groups." in agreement
    assert f"A reason not to agree: {PETROL}" in agreement
    assert "Nobody’s reason for not agreeing has been released." in agreement  # of the later bus
    unresolved = said["/unresolved"]
    assert "Who pays for night visits?" in unresolved
    assert "came over from the cycle before" in unresolved
    assert "Their views stand side by side." in unresolved
    assert "Family and unpaid carers The visits are work." in unresolved
    assert "Health and care workers There is no money." in unresolved
    assert "We wait, and nobody tells us for how long." in unresolved
    assert "Views that stand alone" in unresolved and "Walking" in unresolved
    done = said["/done"]
    assert "Done Ask for a bus at ten. You said: The last bus leaves too early." in done
    assert "What happened: The last bus goes at ten." in done
    assert "Where nothing follows, and why" in done
    _say_nothing_in_figures(pages)


def _say_nothing_in_figures(pages: dict[str, str]) -> None:
    """No page gives a share, and no cell of a group a number."""
    for at, page in pages.items():
        assert "in 100" not in page and "sur 100" not in page, at
    cells = re.findall(r"<td>(.*?)</td>", pages["/statement"], re.DOTALL)
    assert cells and not [cell for cell in cells if re.search(r"\d", re.sub("<[^>]+>", "", cell))]


async def _a_second_cycle(place: Place) -> None:
    """What was unresolved comes to an end in the next cycle, under its own words."""
    (went_on,) = place.rows(
        "select words, carried, state, cycle from items where cycle = 'cycle_2'"
    )
    assert (went_on["words"], went_on["carried"]) == ("Who pays for night visits?", 1)
    meeting = Meeting(place, PEOPLE, cycle="cycle_2")
    (pays,) = items.of_cycle(place.db, "cycle_2", states=items.UNSETTLED)
    meeting.negotiate(
        pays.id, {"carers": "Half is enough.", "health_workers": "Half, then."}, "full",
        action="Pay half of the petrol.",
    )  # fmt: skip
    meeting.close()
    Meeting.release_all_of(place, "cycle_2")
    publish(place.folder)
    assert verify_build(place.live()).sound
    pages = {at: words_of(page) for at, page in (await pages_of(place.live())).items()}
    assert "Who pays for night visits?" in pages["/standing"]
    assert "That does not mean that all is settled" in pages["/unresolved"]
    assert "To be done Pay half of the petrol." in pages["/done"]
    at = phases.now(place.db, "cycle_2")
    assert at and at.phase == "plan"
    rows: list[dict[str, Any]] = place.rows("select id, phase from cycles order by id")
    assert [(row["id"], row["phase"]) for row in rows] == [
        ("cycle_1", "closed"), ("cycle_2", "plan"),
    ]  # fmt: skip
