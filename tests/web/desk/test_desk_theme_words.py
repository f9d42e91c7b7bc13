"""What the pages of themes say beside names: two levels, what stays, what is most different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Flask

from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import accounting, runs, themes
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.themes import Member, Theme
from par_toolkit.web.desk import theme_words
from tests.web.desk.conftest import Desk
from tests.web.pages import text_of

THEME = Theme(1, 1, None, "", ("bus", "late"), "proposed", None, None, None, 9, 9)
MEMBER = Member(1, 0.5, "telling", 0, 9, "machine", False)


def test_themes_that_lie_near_each_other_come_together_the_largest_first() -> None:
    made = [
        replace(THEME, id=1, near=1, stories=3),
        replace(THEME, id=2, near=0, stories=20, words=("nurse", "kind")),
        replace(THEME, id=3, near=1, stories=4, words=("taxi", "late")),
        replace(THEME, id=4, near=0, stories=1),
        replace(THEME, id=5, near=2),
        replace(THEME, id=6, near=None),
        replace(THEME, id=7, run=9, near=2),
    ]
    found = theme_words.families(made)
    assert [[one.id for one in family.themes] for family in found] == [[2, 4], [1, 3], [5, 6, 7]]
    assert found[0].words == ("nurse", "bus", "kind", "late") and found[2].words == ()
    assert theme_words.families([]) == []


def test_stability_is_said_in_words(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        for again, words in ((15, "It stays"), (14, "It wavers"), (9, "It falls apart")):
            said = theme_words.stability(replace(THEME, looks=20, came_again=again))
            assert said.startswith(words) and f"{again} times" in said and "20 times" in said
        assert "Nobody knows" in theme_words.stability(THEME)
        close = replace(MEMBER, margin=0.01)
        far = replace(MEMBER, margin=0.4)
        assert theme_words.elsewhere([MEMBER, far]) == ""
        assert theme_words.elsewhere([close, far]).startswith("One of its stories could")
        assert theme_words.elsewhere([close, close]).startswith("2 of its stories could")


def test_the_page_shows_typical_and_different_passages_and_both_orders(
    desk: Callable[..., Desk], told: Callable[..., int], db: PrivateDatabase
) -> None:
    held = [told(f"Bus number {n} was late.") for n in range(5)]
    members = [
        runs.ProposedMember(story, 0.9 - n / 10, "telling", 0, 20, n != 4, 0.01 if n == 2 else 0.5)
        for n, story in enumerate(held)
    ]
    proposed = [
        runs.ProposedTheme(("bus",), members, None, 20, 18, 0),
        runs.ProposedTheme(("late",), members[:1], None, 20, 8, 0),
        runs.ProposedTheme(("taxi",), [runs.ProposedMember(told("A taxi."), 1.0, "telling", 0, 6)]),
    ]
    runs.record(db, runs.RunRecord(0, {}, {}, "", (), 0.0, (), proposed, ()))
    at_desk = desk("facilitator")
    page = text_of(at_desk.get("/desk/themes"))
    assert "Near each other: bus · late" in page and "Near no other" in page
    assert "The most different in it: Bus number 3 was la" in page, "the last that is mainly here"
    assert "It stays: the machine looked 20 times" in page and "found it 18 times" in page
    assert "One of its stories could as well stand in another theme." in page
    (bus, *_) = themes.listing(db)
    address = f"/desk/themes/{bus.id}"
    first, last = text_of(at_desk.get(address)), text_of(at_desk.get(f"{address}?order=different"))
    assert first.index("Bus number 0") < first.index("Bus number 4")
    assert last.index("Bus number 4") < last.index("Bus number 0")
    assert first.count("its main theme is another") == first.count("Could stand elsewhere") == 1
    assert at_desk.get(f"{address}?order=%00").status_code == 200


def test_promise_09_people_overrule_what_the_rules_set_apart(
    desk: Callable[..., Desk], told: Callable[..., int], db: PrivateDatabase, inquiry: Inquiry
) -> None:
    little, other = told("Nothing."), told("No.")
    at_desk = desk("evaluator")
    at_desk.press("/desk/themes", "/desk/themes")
    assert accounting.listing(db, "says_little") == [little, other]
    shelf = "/desk/themes/shelf/says_little"
    answer = at_desk.press(shelf, shelf, {"story": [str(little)], "do": "says_something"})
    assert answer.status_code == 303
    account = accounting.account(db)
    assert account.balanced and account.places["waiting"] == 1
    at_desk.press("/desk/themes", "/desk/themes")
    assert accounting.listing(db, "says_little") == [other]
    assert accounting.listing(db, "stands_alone") == [little]
    assert "against the rules" in text_of(desk("steward").get("/desk/audit"))
    assert "as the machine found them: English (2)" in text_of(at_desk.get("/desk/themes"))
    assert 'hreflang="fr"' in at_desk.text("/desk/themes"), "the page's own languages as well"
