"""Themes at the desk: promises 9 and 10, and what happens when two people work at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from par_toolkit import theming
from par_toolkit.storage import accounting, people, shaping, themes, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web.desk import proposing
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, text_of

TELLINGS = [
    "The bus to the clinic was late and the clinic was closed.",
    "No bus came, so I walked to the clinic in the rain.",
    "The clinic bus stopped running in May and nobody told us.",
    "The garden club gave me soup and good company on Mondays.",
    "At the garden club we grow beans and share the soup.",
    "Soup and beans at the garden club made my winter better.",
]


@pytest.fixture
def work(
    db: PrivateDatabase, told: Callable[..., int], desk: Callable[..., Desk]
) -> tuple[Desk, int, int, list[int]]:
    """Hand out a steward, a theme of three stories, another of three, and the stories."""
    held = [told(telling) for telling in TELLINGS]
    steward = desk("steward", name="Made-up Steward")
    by = people.by_name(db, "Made-up Steward")
    assert by is not None
    made = []
    for word, members in (("bus", held[:3]), ("soup", held[3:])):
        theme = db.add(
            "insert into themes (words, state, at) values (json_array(:word), 'proposed', '2026')",
            {"word": word},
        )
        for story in members:
            shaping.add_story(db, theme, story, by=by)
        made.append(theme)
    return steward, made[0], made[1], held


def state(db: PrivateDatabase, theme: int) -> str:
    found = themes.get(db, theme)
    assert found is not None
    return found.state


def stories_of(db: PrivateDatabase, theme: int) -> set[int]:
    return {member.story for member in themes.members(db, theme)}


def test_a_run_from_the_desk_proposes_and_promise_9_holds(
    desk: Callable[..., Desk], told: Callable[..., int], db: PrivateDatabase
) -> None:
    for telling in TELLINGS * 3:
        told(telling)
    told("Nothing.")
    steward = desk("steward")
    answer = steward.press("/desk/themes", "/desk/themes", {"count": "2", "seed": "7"})
    assert answer.headers["Location"] == "/desk/themes/run"
    assert "It looked at 19 stories" in text_of(steward.get("/desk/themes/run"))
    assert "seed 7" in text_of(steward.get("/desk/themes"))
    account = accounting.account(db)
    assert account.balanced and account.came_in == 19 and account.places["says_little"] == 1
    start = text_of(steward.get("/desk/"))
    assert "19 stories came in. Each is in one of these places" in start
    for place, number in account.places.items():
        assert f": {number} stor" in text_of(steward.get(f"/desk/places/{place}"))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"count": "1"}, "from 2 to 200"),
        ({"count": "many"}, "from 2 to 200"),
        ({"count": "9" * 300}, "from 2 to 200"),
        ({"seed": "-1"}, "a whole number"),
        ({"seed": "9" * 15}, "a whole number"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused(
    desk: Callable[..., Desk], fields: dict[str, str], sentence: str
) -> None:
    answer = desk("evaluator").press("/desk/themes", "/desk/themes", fields)
    assert answer.status_code == 422 and sentence in text_of(answer)
    typed = forms_of(answer)["/desk/themes"].fields
    assert fields.items() <= typed.items()


def test_a_long_run_goes_on_beside_the_pages_and_never_twice(
    app: Flask,
    desk: Callable[..., Desk],
    told: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told(TELLINGS[0])
    monkeypatch.setattr(proposing, "AT_ONCE", 0)
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: Any, progress: Callable[[str, int, int], None], **__: Any) -> theming.Outcome:
        progress("words", 1, 2)
        begun.set()
        assert go_on.wait(10)
        return theming.Outcome(1, 5, 2, 0, 1, 0, ("words_only",), 0.1)

    monkeypatch.setattr(theming, "propose", slow)
    steward = desk("steward")
    steward.press("/desk/themes", "/desk/themes")
    assert begun.wait(10)
    assert "Reading words: 1 of 2" in text_of(steward.get("/desk/themes/run"))
    again = steward.post("/desk/themes")
    assert again.status_code == 422 and "has started a run already" in text_of(again)
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == "par theming":
            thread.join(10)
    page = text_of(steward.get("/desk/themes/run"))
    assert "2 new themes are proposed" in page and "goes by words alone" in page


def test_a_run_that_fails_says_so_and_frees_the_desk(
    desk: Callable[..., Desk], told: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(TELLINGS[0])

    def fail(*_: Any, **__: Any) -> theming.Outcome:
        raise ValueError("some words of a story")

    monkeypatch.setattr(theming, "propose", fail)
    steward = desk("steward")
    for _ in range(2):
        assert steward.press("/desk/themes", "/desk/themes").status_code == 303
        page = text_of(steward.get("/desk/themes/run"))
        assert "Nothing was changed" in page and "some words" not in page


def test_promise_10_people_name_and_endorse_and_the_page_says_who(
    work: tuple[Desk, int, int, list[int]], db: PrivateDatabase
) -> None:
    steward, theme, _, _ = work
    page = f"/desk/themes/{theme}"
    assert state(db, theme) == "proposed"
    steward.press(page, f"{page}/name", {"name": " The bus  ", "meaning": "Getting there."})
    steward.press(page, f"{page}/endorse")
    found = themes.get(db, theme)
    assert found is not None
    assert (found.name, found.meaning, found.state) == ("The bus", "Getting there.", "endorsed")
    assert (found.endorsed_by, found.endorsed_role) == ("Made-up Steward", "steward")
    assert "Endorsed by Made-up Steward, steward" in text_of(steward.get(page))


def test_a_facilitator_shapes_and_leaves_the_yes_to_others(
    work: tuple[Desk, int, int, list[int]], desk: Callable[..., Desk]
) -> None:
    _, theme, _, _ = work
    facilitator, page = desk("facilitator"), f"/desk/themes/{theme}"
    assert f"{page}/endorse" not in forms_of(facilitator.get(page))
    assert facilitator.post(f"{page}/endorse").status_code == 403


def test_a_yes_is_to_the_stories_on_the_page_only(
    work: tuple[Desk, int, int, list[int]], db: PrivateDatabase
) -> None:
    steward, theme, other, held = work
    stale = forms_of(steward.get(f"/desk/themes/{theme}"))[f"/desk/themes/{theme}/endorse"].fields
    by = people.by_name(db, "Made-up Steward")
    assert by is not None
    shaping.move(db, held[3], source=other, into=theme, by=by)
    answer = steward.client.post(f"/desk/themes/{theme}/endorse", data=stale)
    assert answer.status_code == 422 and "Look once more" in text_of(answer)
    assert state(db, theme) == "proposed"


def test_merge_move_split_and_take_out(
    work: tuple[Desk, int, int, list[int]], db: PrivateDatabase
) -> None:
    steward, theme, other, held = work
    page = f"/desk/themes/{theme}"
    steward.press(page, f"{page}/move", {"story": held[0], "move_into": other, "do": "move"})
    assert stories_of(db, theme) == {held[1], held[2]}
    steward.post(f"{page}/move", {"story": held[1], "do": "remove"})
    assert stories_of(db, theme) == {held[2]}
    new = steward.post(
        f"/desk/themes/{other}/split", {"story": [held[0], held[3]], "new_name": "Both"}
    ).headers["Location"]
    assert stories_of(db, int(new.rsplit("/", 1)[1])) == {held[0], held[3]}
    steward.press(page, f"{page}/merge", {"into": other})
    assert stories_of(db, other) == {held[2], held[4], held[5]}
    assert state(db, theme) == "merged"
    assert accounting.account(db).balanced


def test_a_rejected_themes_stories_wait(
    work: tuple[Desk, int, int, list[int]], db: PrivateDatabase
) -> None:
    steward, theme, _, held = work
    steward.press(f"/desk/themes/{theme}", f"/desk/themes/{theme}/reject")
    assert accounting.listing(db, "waiting") == held[:3]


def test_a_theme_merged_meanwhile_says_so_and_keeps_what_was_typed(
    work: tuple[Desk, int, int, list[int]], db: PrivateDatabase
) -> None:
    steward, theme, other, held = work
    by = people.by_name(db, "Made-up Steward")
    assert by is not None
    page = f"/desk/themes/{theme}"
    stale = forms_of(steward.get(page))[f"{page}/name"].fields
    shaping.merge(db, theme, into=other, by=by)
    typed = {"name": "A name I thought about", "meaning": "And what it means"}
    answer = steward.client.post(f"{page}/name", data=stale | typed)
    words = text_of(answer)
    assert answer.status_code == 422 and "somebody changed it meanwhile" in words
    assert all(text in words for text in typed.values())
    for act in ("endorse", "reject", "merge", "split", "move"):
        fields = {
            "into": other,
            "move_into": other,
            "story": held[0],
            "new_name": "x",
            "do": "move",
        }
        assert steward.post(f"{page}/{act}", fields).status_code == 422, act


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("name", {"name": ""}),
        ("name", {"name": "x" * 301}),
        ("name", {"name": "x" * 1_000_000}),
        ("name", {"name": "Fine", "meaning": "x" * 1_000_000}),
        ("merge", {"into": ""}),
        ("merge", {"into": "999"}),
        ("merge", {"into": "9" * 30}),
        ("split", {"new_name": "New"}),
        ("split", {"new_name": "", "story": ["1"]}),
        ("move", {"do": "move"}),
        ("move", {"do": "move", "story": ["1"], "move_into": "<b>"}),
    ],
)
def test_bad_input_is_refused_and_nothing_changes(
    work: tuple[Desk, int, int, list[int]],
    db: PrivateDatabase,
    act: str,
    fields: dict[str, Any],
) -> None:
    steward, theme, other, _ = work
    before = [themes.get(db, theme), stories_of(db, theme), stories_of(db, other)]
    answer = steward.post(f"/desk/themes/{theme}/{act}", fields)
    assert answer.status_code == 422
    assert "One thing to look at" in text_of(answer)
    assert [themes.get(db, theme), stories_of(db, theme), stories_of(db, other)] == before


def test_a_name_is_shown_as_words(work: tuple[Desk, int, int, list[int]]) -> None:
    steward, theme, _, held = work
    page = f"/desk/themes/{theme}"
    steward.press(page, f"{page}/name", {"name": '<b onclick="x">=1+1</b>\0', "meaning": "<i>"})
    for path in (page, "/desk/themes", f"/desk/stories/{held[0]}"):
        assert "<b onclick" not in steward.text(path)


def test_one_story_is_moved_added_taken_out_and_put_on_the_shelf(
    work: tuple[Desk, int, int, list[int]], db: PrivateDatabase
) -> None:
    steward, theme, other, held = work
    story, page = held[0], f"/desk/stories/{held[0]}"
    steward.post(f"{page}/themes/add", {"theme": other})
    assert story in stories_of(db, theme) & stories_of(db, other)
    steward.post(f"{page}/themes/move", {"source": theme, "do": "remove"})
    assert story not in stories_of(db, theme)
    steward.post(f"{page}/themes/move", {"source": other, "into": theme, "do": "move"})
    assert story in stories_of(db, theme) and story not in stories_of(db, other)
    refused = steward.post(f"{page}/themes/shelve", {"reason": " \0 "})
    assert refused.status_code == 422 and "Say in a few words" in text_of(refused)
    steward.press(page, f"{page}/themes/shelve", {"reason": "Only one voice says it."})
    assert accounting.listing(db, "stands_alone") == [story]
    shelf = steward.get("/desk/themes/shelf/stands_alone")
    assert "Only one voice says it." in text_of(shelf)
    answer = steward.post("/desk/themes/shelf/stands_alone", {"story": story, "into": theme})
    assert answer.status_code == 303
    assert accounting.listing(db, "stands_alone") == []


def test_a_story_withdrawn_meanwhile_moves_nothing(
    work: tuple[Desk, int, int, list[int]], db: PrivateDatabase
) -> None:
    steward, theme, other, held = work
    withdrawals.withdraw_story(db, held[0])
    fields = {"story": held[:2], "move_into": other, "do": "move"}
    answer = steward.post(f"/desk/themes/{theme}/move", fields)
    assert answer.status_code == 422
    assert stories_of(db, theme) == {held[1], held[2]}


def test_passages_read_as_they_would_after_hiding(
    work: tuple[Desk, int, int, list[int]],
) -> None:
    steward, theme, _, held = work
    steward.post(
        f"/desk/stories/{held[0]}/redactions", {"words": "clinic", "which": "1", "label": "place"}
    )
    for path in ("/desk/themes", f"/desk/themes/{theme}"):
        assert "The bus to the [place] was late" in text_of(steward.get(path))


def test_the_tone_is_one_tools_guess_after_what_the_teller_says(
    desk: Callable[..., Desk], told: Callable[..., int]
) -> None:
    at_desk = desk("evaluator")
    story = told("The nurse was very kind but I waited three hours.", kind="challenge")
    page = text_of(at_desk.get(f"/desk/stories/{story}/tone"))
    assert page.index("The teller says: challenge") < page.index("TextBlob guesses")
    assert "How often they are wrong" in page and "58 of 100" in page
    french = told("Le car n’est pas venu et j’ai marché longtemps sous la pluie.", language="fr")
    assert "reads English only" in text_of(at_desk.get(f"/desk/stories/{french}/tone"))
