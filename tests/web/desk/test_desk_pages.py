"""Every page of the desk opens, for those whom it is for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from par_toolkit.permissions import DESK
from par_toolkit.storage import people, shaping
from par_toolkit.storage.database import PrivateDatabase
from tests.web.desk.conftest import Desk

PAGES = {
    "/desk/": DESK,
    "/desk/stories": {"facilitator", "evaluator", "steward"},
    "/desk/stories/1": {"facilitator", "evaluator", "steward"},
    "/desk/stories/1/tone": {"facilitator", "evaluator", "steward"},
    "/desk/stories/1/withdraw": {"facilitator", "steward"},
    "/desk/places/waiting": {"facilitator", "evaluator", "steward"},
    "/desk/places/withdrawn": {"facilitator", "evaluator", "steward"},
    "/desk/themes": {"facilitator", "evaluator", "steward"},
    "/desk/themes/run": {"facilitator", "evaluator", "steward"},
    "/desk/themes/shelf/stands_alone": {"facilitator", "evaluator", "steward"},
    "/desk/themes/shelf/says_little": {"facilitator", "evaluator", "steward"},
    "/desk/compare": {"facilitator", "evaluator", "steward"},
    "/desk/compare/changes": {"facilitator", "evaluator", "steward"},
    "/desk/compare/words": {"facilitator", "evaluator", "steward"},
    "/desk/compare/together": {"facilitator", "evaluator", "steward"},
    "/desk/publish": {"facilitator", "evaluator", "steward"},
    "/desk/paper": {"facilitator", "evaluator", "steward"},
    "/desk/paper/story": {"facilitator", "evaluator", "steward"},
    "/desk/people": {"facilitator", "steward"},
    "/desk/devices": {"facilitator", "steward"},
    "/desk/audit": {"evaluator", "steward"},
}


@pytest.mark.parametrize("role", sorted(DESK))
def test_each_page_opens_for_its_roles_and_no_other(
    role: str, desk: Callable[..., Desk], told: Callable[..., int]
) -> None:
    told("The bus to the clinic stopped running in May, so Mr Madeup walked.")
    at_desk = desk(role)
    for path, roles in PAGES.items():
        for language in ("en", "fr"):
            answer = at_desk.get(f"{path}?lang={language}")
            assert answer.status_code == (200 if role in roles else 403), (path, role, language)


def test_nobody_sees_a_page_without_signing_in(client, told: Callable[..., int]) -> None:
    told("Something happened.")
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["Location"].startswith("/desk/sign-in"), path


def test_an_address_that_leads_nowhere_is_a_plain_page(desk: Callable[..., Desk]) -> None:
    at_desk = desk("steward")
    for path in (
        "/desk/stories/99",
        "/desk/stories/99/withdraw",
        "/desk/stories/99/tone",
        "/desk/stories/99999999999999999999999999",
        "/desk/themes/7",
        "/desk/places/nowhere",
        "/desk/themes/shelf/nowhere",
        "/desk/paper/nothing",
    ):
        assert at_desk.get(path).status_code == 404, path


def test_a_list_ends_where_it_ends(desk: Callable[..., Desk]) -> None:
    at_desk = desk("evaluator")
    for page in ("0", "-1", "2", "9" * 40, "x", "٣"):
        for path in ("/desk/stories", "/desk/audit", "/desk/places/waiting"):
            assert at_desk.get(f"{path}?page={page}").status_code == 200, (path, page)


def test_every_page_of_themes_names_who_said_yes(
    db: PrivateDatabase, desk: Callable[..., Desk], told: Callable[..., int]
) -> None:
    story = told("The bus stopped.")
    at_desk = desk("steward", name="Made-up Steward")
    by = people.by_name(db, "Made-up Steward")
    assert by is not None
    theme = db.add("insert into themes (words, state, at) values ('[\"bus\"]', 'proposed', '2026')")
    shaping.add_story(db, theme, story, by=by)
    assert "Proposed" in at_desk.text("/desk/themes")
    at_desk.press(f"/desk/themes/{theme}", f"/desk/themes/{theme}/endorse")
    for path in ("/desk/themes", f"/desk/themes/{theme}"):
        assert "Endorsed by Made-up Steward, steward" in at_desk.text(path)
