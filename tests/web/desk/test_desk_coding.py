"""The codebook and the reading for codes at the desk: touches, undo, two people, promises."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from analysis import suggestions
from par_toolkit.coding import machine
from par_toolkit.storage import (
    codebook,
    codings,
    consents,
    examples,
    people,
    readings,
    redactions,
    withdrawals,
)
from par_toolkit.storage.codebook import Words
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web.desk import coded
from tests.web.desk.conftest import Desk
from tests.web.pages import text_of

TELLING = "The bus was late again. The nurse was kind to me. I like volcanoes."
BUS, NURSE, VOLCANOES = "telling-0-23", "telling-24-49", "telling-50-67"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each page wait until the machine has read, however busy this computer is."""
    monkeypatch.setattr(machine, "SECONDS", 120.0)


@pytest.fixture
def codes(db: PrivateDatabase) -> tuple[int, int]:
    bus = codebook.add(db, Words("Buses", "The bus and its driver", "The bus was late"), by=None)
    nurse = codebook.add(db, Words("Nurses", "How nurses care", "The nurse was kind"), by=None)
    return bus.id, nurse.id


@pytest.fixture
def story(told: Callable[..., int]) -> int:
    return told(TELLING)


def page(story: int) -> str:
    return f"/desk/coding/{story}"


def held(db: PrivateDatabase, story: int) -> set[tuple[int, int, bool, str]]:
    return {
        (one.passage.start, one.code, one.yes, one.source) for one in codings.of_story(db, story)
    }


def touch(desk: Desk, story: int, do: str, **fields: str) -> str:
    """Press one button of the screen and return the page that follows."""
    answer = desk.press(page(story), page(story), {"do": do} | fields, follow_redirects=True)
    assert answer.status_code == 200, text_of(answer)
    return text_of(answer)


# --- the codebook ---------------------------------------------------------------------------


def test_the_codebook_grows_at_the_desk(desk: Callable[..., Desk], db: PrivateDatabase) -> None:
    at = desk("facilitator")
    assert "There are no codes yet" in at.text("/desk/codebook")
    at.press("/desk/codebook", "/desk/codebook", {"name": "Getting there", "when": "any way"})
    (first,) = codebook.listing(db)
    at.press("/desk/codebook", "/desk/codebook", {"name": "Buses", "parent": str(first.id)})
    assert [one.parent for one in codebook.listing(db)] == [None, first.id]
    shown = at.text("/desk/codebook")
    assert 'class="depth-1"' in shown and "level 2:" in shown


def test_what_is_refused_is_shown_again_with_every_word(
    desk: Callable[..., Desk], codes: tuple[int, int]
) -> None:
    at = desk("evaluator")
    typed = {"name": "buses", "meaning": "Zebrafinch words"}
    answer = at.press("/desk/codebook", "/desk/codebook", typed)
    assert answer.status_code == 422
    assert "a code with this name already" in text_of(answer)
    assert "Zebrafinch words" in answer.get_data(as_text=True)
    answer = at.press(f"/desk/codebook/{codes[0]}", f"/desk/codebook/{codes[0]}/merge")
    assert answer.status_code == 422 and "Choose one from the list" in text_of(answer)


def test_a_code_is_changed_merged_retired_and_brought_back(
    desk: Callable[..., Desk], db: PrivateDatabase, codes: tuple[int, int], story: int
) -> None:
    at, (bus, nurse) = desk("steward"), codes
    touch(at, story, f"add {bus}", passage=BUS)
    here = f"/desk/codebook/{bus}"
    at.press(here, here, {"name": "Coaches", "parent": str(nurse)})
    found = codebook.get(db, bus)
    assert found and (found.name, found.parent, found.code) == ("Coaches", nurse, "buses")
    at.press(here, f"{here}/retire")
    assert "not offered" not in at.text(here) and "Use it again" in at.text(here)
    assert "1 passage" not in at.text("/desk/codebook")
    at.press(here, f"{here}/back")
    answer = at.press(here, f"{here}/merge", {"into": str(nurse)}, follow_redirects=True)
    assert "One passage has this code" in text_of(answer)
    assert "Merged" in text_of(at.get(here))
    assert at.get("/desk/codebook/999").status_code == 404


def test_a_code_is_split_and_each_move_can_be_undone_in_its_story(
    desk: Callable[..., Desk], db: PrivateDatabase, told: Callable[..., int], codes: tuple[int, int]
) -> None:
    at, (bus, nurse) = desk("facilitator"), codes
    three = [told(TELLING) for _ in range(3)]
    for one in three:
        touch(at, one, f"add {bus}", passage=BUS)
    here = f"/desk/codebook/{bus}"
    assert "Choose some passages first" in text_of(at.press(here, f"{here}/split", {"new": "Late"}))
    chosen = [f"{one}-{BUS}" for one in three[:2]]
    answer = at.press(here, f"{here}/split", {"chosen": chosen})
    assert answer.status_code == 422 and "Choose one from the list" in text_of(answer)
    assert answer.get_data(as_text=True).count(" checked>") == 2
    shown = at.press(
        here, f"{here}/split", {"chosen": chosen, "new": "Late"}, follow_redirects=True
    )
    assert "2 passages have this code" in text_of(shown)
    late = codebook.by_short_name(db, "late")
    assert late is not None and held(db, three[0]) >= {(0, late.id, True, "person")}
    assert held(db, three[2]) == {(0, bus, True, "person")}
    undo = re.search(r'value="(undo \d+)"', at.text(page(three[0])))
    assert undo is not None
    touch(at, three[0], undo.group(1))
    assert held(db, three[0]) == {(0, bus, True, "person")}
    at.press(here, f"{here}/split", {"chosen": [f"{three[2]}-{BUS}"], "other": str(nurse)})
    assert held(db, three[2]) == {(0, bus, False, "person"), (0, nurse, True, "person")}


def test_a_split_is_done_whole_or_not_at_all(
    desk: Callable[..., Desk], db: PrivateDatabase, codes: tuple[int, int], story: int
) -> None:
    at, bus = desk("facilitator"), codes[0]
    touch(at, story, f"add {bus}", passage=BUS)
    here = f"/desk/codebook/{bus}"
    for gone in (NURSE, "telling-0-9999", "kind-0-2", "x"):
        fields = {"chosen": [f"{story}-{BUS}", f"{story}-{gone}"], "new": "Late"}
        answer = at.press(here, f"{here}/split", fields)
        if gone == "x":  # no passage at all is passed over
            continue
        assert answer.status_code == 422
    late = codebook.by_short_name(db, "late")
    assert late is not None and held(db, story) == {
        (0, bus, False, "person"),
        (0, late.id, True, "person"),
    }


# --- one touch ------------------------------------------------------------------------------


def test_one_touch_puts_a_code_on_a_passage_and_says_who(
    desk: Callable[..., Desk], db: PrivateDatabase, codes: tuple[int, int], story: int
) -> None:
    at = desk("facilitator", name="Ama Example")
    shown = touch(at, story, f"add {codes[0]}", passage=BUS)
    assert "The code is on the passage." in shown and "Ama Example, facilitator" in shown
    assert held(db, story) == {(0, codes[0], True, "person")}


def test_suggestions_wait_until_they_are_asked_for_then_one_touch_decides(
    desk: Callable[..., Desk], db: PrivateDatabase, codes: tuple[int, int], story: int
) -> None:
    """Promise 10: what the machine suggests is nothing until a person says yes to it."""
    at, (bus, nurse) = desk("facilitator"), codes
    first = at.text(page(story))
    assert "read for yourselves first" in first and "the machine asks" not in first
    shown = at.text(page(story) + "?hints=yes")
    asked = set(re.findall(r'value="accept ([a-z]+-\d+-\d+)-(\d+)"', shown))
    assert {(BUS, str(bus)), (NURSE, str(nurse))} <= asked
    assert held(db, story) == set() and not db.value("select count(*) from codings")
    shown = touch(at, story, f"accept {BUS}-{bus}", passage=BUS)
    assert "was suggested" in shown
    touch(at, story, f"reject {NURSE}-{nurse}", passage=NURSE)
    assert held(db, story) == {(0, bus, True, "suggestion"), (24, nurse, False, "suggestion")}
    again = at.text(page(story))
    assert f"accept {BUS}-{bus}" not in again and f"accept {NURSE}-{nurse}" not in again
    assert "the machine asks" not in at.text(page(story) + "?hints=no")


def test_every_suggestion_can_be_asked_why(
    desk: Callable[..., Desk], codes: tuple[int, int], story: int
) -> None:
    at = desk("evaluator")
    at.get(page(story) + "?hints=yes")
    shown = text_of(at.get(page(story) + f"?why={codes[0]}"))
    assert "these words count most" in shown and "bus" in shown.split("count most", 1)[1]


def test_why_never_shows_a_word_that_is_hidden(
    desk: Callable[..., Desk], app: Flask, db: PrivateDatabase, codes: tuple[int, int], story: int
) -> None:
    at = desk("facilitator", name="Ama Example")
    by = people.by_name(db, "Ama Example")
    assert by is not None
    redactions.add(db, story, question="telling", start=4, end=7, label="vehicle", by=by)
    at.get(page(story) + "?hints=yes")
    shown = text_of(at.get(page(story) + f"?why={codes[0]}"))
    assert "The [vehicle] was late again." in shown
    words = re.search(r"count most:(.*?)(?:No|Yes|The nurse)", shown, re.DOTALL)
    assert words is None or "bus" not in words.group(1).split()


def test_move_is_two_touches_and_undo_one(
    desk: Callable[..., Desk], db: PrivateDatabase, codes: tuple[int, int], story: int
) -> None:
    at, (bus, nurse) = desk("facilitator"), codes
    touch(at, story, f"add {bus}", passage=BUS)
    moving = f"{page(story)}?move={BUS}-{bus}"
    assert "Move “Buses” to" in text_of(at.get(moving))
    at.press(moving, page(story), {"do": f"move {nurse}"})
    assert held(db, story) == {(0, bus, False, "person"), (0, nurse, True, "person")}
    undo = re.search(r'value="(undo \d+)"', at.text(page(story)))
    assert undo is not None
    assert "Undone." in touch(at, story, undo.group(1))
    assert held(db, story) == {(0, bus, True, "person")}
    answer = at.press(page(story), page(story), {"do": undo.group(1)})
    assert answer.status_code == 422 and "nothing left to undo" in text_of(answer)


def test_a_good_example_is_chosen_in_its_story_and_taken_away_on_its_code(
    desk: Callable[..., Desk], db: PrivateDatabase, codes: tuple[int, int], story: int
) -> None:
    at, bus = desk("facilitator"), codes[0]
    touch(at, story, f"add {bus}", passage=BUS)
    touch(at, story, f"example {BUS}-{bus}", passage=BUS)
    (one,) = examples.listing(db)
    assert one.words == "The bus was late again." and not one.may_leave
    here = f"/desk/codebook/{bus}"
    at.press(here, f"{here}/examples/{one.id}/remove")
    assert examples.listing(db) == []


@pytest.mark.parametrize(
    ("do", "passage", "sentence"),
    [
        ("", BUS, "Choose one from the list first"),
        ("burn 1", BUS, "Choose one from the list first"),
        ("add 1", "", "Choose a passage"),
        ("add 1", "5-5000", "Choose a passage"),
        ("add 1", "telling-5-5000", "Choose a passage"),
        ("add 1", "kind-0-2", "Choose a passage"),
        ("add 99999999999999999999", BUS, "Choose a passage"),
        ("add 77", BUS, "not used any more"),
        ("accept x", BUS, "Choose a passage"),
        ("move 1", BUS, "Choose a passage"),
        ("undo", BUS, "nothing left to undo"),
    ],
)
def test_a_touch_that_means_nothing_is_refused_in_a_sentence(
    desk: Callable[..., Desk], db: PrivateDatabase, codes: tuple[int, int], story: int,
    do: str, passage: str, sentence: str,
) -> None:  # fmt: skip
    answer = desk("facilitator").press(page(story), page(story), {"do": do, "passage": passage})
    assert answer.status_code == 422 and sentence in text_of(answer)
    assert held(db, story) == set()


# --- several answers ------------------------------------------------------------------------


def test_every_answer_is_read_under_its_question_and_can_have_codes(
    desk: Callable[..., Desk], db: PrivateDatabase, told: Callable[..., int], codes: tuple[int, int]
) -> None:
    """A choice among given answers is nobody's words, and has no codes."""
    at, (bus, nurse) = desk("facilitator"), codes
    story = told(
        "I like volcanoes.", next="Send a nurse. The bus was late again.", kind="challenge"
    )
    shown = at.text(page(story) + "?hints=yes")
    assert shown.index("What happened?") < shown.index("volcanoes")
    assert shown.index("What should happen next?") < shown.index("Send a nurse.")
    assert "challenge" not in shown
    assert f'value="accept next-14-37-{bus}"' in shown
    touch(at, story, f"accept next-14-37-{bus}", passage="next-14-37")
    touch(at, story, f"add {nurse}", passage="next-0-13")
    found = [
        (one.passage.question, one.passage.start, one.code) for one in codings.of_story(db, story)
    ]
    assert found == [("next", 0, nurse), ("next", 14, bus)]
    assert (
        "checked" in at.text(page(story) + "?at=next-14").split('id="p-next-14"')[1].split(">")[0]
    )
    assert f"/desk/coding/{story}?at=next-14" in at.text(f"/desk/codebook/{bus}")


def test_a_code_can_be_found_where_there_are_too_many_to_see_at_once(
    desk: Callable[..., Desk], db: PrivateDatabase, story: int, codes: tuple[int, int]
) -> None:
    at = desk("facilitator")
    assert "data-find hidden" in at.text(page(story))
    with db.writing():
        for number in range(12):
            codebook.add(db, Words(f"Trip {number}"), by=None, parent=codes[0])
    shown = at.text(page(story))
    assert "data-find data-many hidden" in shown and shown.count('class="code-button"') == 14
    assert re.findall(r"<h3[^>]*>([^<]*)</h3>", shown) == ["Buses"]


# --- two people -----------------------------------------------------------------------------


def test_two_people_see_who_said_what_and_neither_is_overwritten(
    desk: Callable[..., Desk], db: PrivateDatabase, codes: tuple[int, int], story: int
) -> None:
    ama, ben = desk("facilitator", name="Ama Example"), desk("steward", name="Ben Example")
    touch(ama, story, f"add {codes[0]}", passage=BUS)
    shown = touch(ben, story, f"agree {BUS}-{codes[0]}", passage=BUS)
    assert "Ama Example, facilitator · Ben Example, steward" in re.sub(r"\s+", " ", shown)
    touch(ben, story, f"off {BUS}-{codes[0]}", passage=BUS)
    assert "Not “Buses”, says: Ben Example" in re.sub(r"\s+", " ", text_of(ama.get(page(story))))
    undo = re.search(r'value="(undo \d+)"', ama.text(page(story)))
    assert undo is not None
    answer = ama.press(page(story), page(story), {"do": undo.group(1)})
    assert answer.status_code == 422 and "Somebody else has decided" in text_of(answer)


def test_touches_at_the_same_moment_are_all_kept(
    desk: Callable[..., Desk], db: PrivateDatabase, codes: tuple[int, int], story: int
) -> None:
    three = [desk("facilitator"), desk("steward"), desk("evaluator")]
    passages = (BUS, NURSE, VOLCANOES)
    answers: list[int] = []

    def work(who: Desk) -> None:
        for passage in passages:
            for code in codes:
                fields = {"do": f"add {code}", "passage": passage}
                answers.append(who.press(page(story), page(story), fields).status_code)

    threads = [threading.Thread(target=work, args=(who,)) for who in three]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 18
    found = codings.of_story(db, story)
    assert len(found) == 6 and all(len(one.by) == 3 for one in found)


# --- the round ------------------------------------------------------------------------------


def test_a_round_goes_through_every_story_once_and_counts(
    desk: Callable[..., Desk], db: PrivateDatabase, told: Callable[..., int], codes: tuple[int, int]
) -> None:
    stories = [told(f"{TELLING} Number {number}.") for number in range(6)]
    at, seen = desk("facilitator"), []
    for number in range(6):
        overview = text_of(at.get("/desk/coding"))
        assert f"{number} of 6 read" in overview
        way = at.get("/desk/coding/next").headers["Location"]
        seen.append(int(way.removesuffix("#story").rpartition("/")[2]))
        touch(at, seen[-1], "done")
    assert sorted(seen) == stories and seen != stories
    assert at.get("/desk/coding/next").headers["Location"] == "/desk/coding"
    touch(at, seen[0], "reopen")
    assert at.get("/desk/coding/next").headers["Location"] == f"{page(seen[0])}#story"
    assert len(readings.listing(db)) == 5


def test_the_order_is_by_seed_the_same_for_all_and_never_hides_the_rest(
    desk: Callable[..., Desk], told: Callable[..., int], codes: tuple[int, int]
) -> None:
    stories = [told(f"{TELLING} Number {number}.") for number in range(8)]
    ama, ben = desk("facilitator"), desk("steward")

    def order(who: Desk) -> list[int]:
        return [
            int(number)
            for number in re.findall(r'href="/desk/coding/(\d+)" lang', who.text("/desk/coding"))
        ]

    first = order(ama)
    assert sorted(first) == stories
    ama.press("/desk/coding", "/desk/coding", {"sort": "random", "seed": "4"})
    assert order(ben) == order(ama) != first
    ama.press("/desk/coding", "/desk/coding", {"sort": "least_sure", "seed": "4"})
    touch(ama, stories[2], f"add {codes[0]}", passage=BUS)
    unsure = order(ben)
    assert sorted(unsure) == stories and unsure[0] == stories[2]  # what was begun comes first
    for fields in ({"sort": "mine"}, {"sort": "random", "seed": "x"}):
        assert ama.press("/desk/coding", "/desk/coding", fields).status_code == 422


# --- consent and withdrawal -----------------------------------------------------------------


@pytest.mark.parametrize("way", ["withdrawn", "consent"])
def test_promise_06_a_story_taken_back_is_in_no_page_and_not_in_the_machine(
    desk: Callable[..., Desk], app: Flask, db: PrivateDatabase, told: Callable[..., int],
    codes: tuple[int, int], story: int, way: str,
) -> None:  # fmt: skip
    told("Another bus story of somebody else.")
    at, bus = desk("facilitator"), codes[0]
    touch(at, story, f"add {bus}", passage=BUS)
    touch(at, story, f"example {BUS}-{bus}", passage=BUS)
    assert "The bus was late again." in at.text(f"/desk/codebook/{bus}")
    if way == "withdrawn":
        withdrawals.withdraw_story(db, story)
    else:
        consents.change(db, story, {"analyse": False}, wording=1, source="mine")
    for address in (page(story), f"/desk/codebook/{bus}", "/desk/coding", "/desk/learning"):
        assert "volcanoes" not in at.text(address) and "late again" not in at.text(address)
    assert at.get(page(story)).status_code == 404
    assert at.post(page(story), {"do": f"add {bus}", "passage": BUS}).status_code in (404, 422)
    with app.app_context():
        model = coded.machine_of(app)._model
    assert model is not None and story not in model.place


# --- learning -------------------------------------------------------------------------------


def read_forty(
    db: PrivateDatabase, told: Callable[..., int], codes: tuple[int, int], by: object
) -> None:
    for number in range(20):
        for telling, code in (
            (f"The bus {number} was late", 0),
            (f"A nurse helped me {number}", 1),
        ):
            story = told(telling)
            passage = codings.Passage(story, "telling", 0, len(telling))
            codings.say(db, passage, codes[code], yes=True, by=by)  # type: ignore[arg-type]
            readings.finish(db, story, by=by)  # type: ignore[arg-type]


def test_the_learning_curve_has_a_chart_and_the_same_figures_in_a_table(
    desk: Callable[..., Desk], db: PrivateDatabase, told: Callable[..., int], codes: tuple[int, int]
) -> None:
    at = desk("facilitator", name="Ama Example")
    by = people.by_name(db, "Ama Example")
    read_forty(db, told, codes, by)
    shown = at.text("/desk/learning")
    assert "worth listening to" in shown and "<polyline" in shown
    rows = re.findall(r'<tr><th scope="row">(\d+)</th><td class="number">([\d.]+)</td>', shown)
    assert [int(readings) for readings, _ in rows] == [0, 10, 20, 30]
    assert shown.count('<circle class="dot"') == len(rows)
    fresh = told("The bus was late once more")
    assert f'-{codes[0]}" data-key="accept-' in at.text(page(fresh))  # worth it: shown unasked


def test_a_story_that_came_since_is_said_to_be_read_still_and_then_has_its_suggestions(
    desk: Callable[..., Desk], told: Callable[..., int], codes: tuple[int, int], story: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    at = desk("facilitator")
    assert "the machine asks" in at.text(page(story) + "?hints=yes")
    held, real = threading.Event(), suggestions.Suggester

    def slow(*given: Any, **more: Any) -> suggestions.Suggester:
        held.wait(60)
        return real(*given, **more)

    monkeypatch.setattr(suggestions, "Suggester", slow)
    monkeypatch.setattr(machine, "SECONDS", 0.0)
    fresh = told("The bus was late once more.")
    shown = at.text(page(fresh))
    assert "The machine is still reading" in shown and 'data-state="reading"' in shown
    assert 'data-state="ready"' in at.text(page(story))  # what it has read before is there
    held.set()
    monkeypatch.setattr(machine, "SECONDS", 120.0)
    app = at.client.application
    with app.app_context():
        coded.machine_of(app).wait()
    assert f'value="accept telling-0-27-{codes[0]}"' in at.text(page(fresh))


def test_below_its_level_the_machine_says_so_and_steps_back(
    desk: Callable[..., Desk], db: PrivateDatabase, told: Callable[..., int], codes: tuple[int, int]
) -> None:
    at = desk("facilitator", name="Ama Example")
    by = people.by_name(db, "Ama Example")
    assert by is not None
    for number in range(24):  # codes given without rhyme or reason
        telling = f"The bus was late and the nurse was kind {number}"
        story = told(telling)
        passage = codings.Passage(story, "telling", 0, len(telling))
        if number % 5 == 0:
            codings.say(db, passage, codes[number % 2], yes=True, by=by)
        readings.finish(db, story, by=by)
    fresh = told("The bus was late again")
    assert "It steps back" in at.text("/desk/learning")
    shown = at.text(page(fresh))
    assert "steps back" in shown and "the machine asks" not in shown
    assert "Show the suggestions" in shown
