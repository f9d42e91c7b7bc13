"""Before publishing the desk says of each table what will be shown, joined, hidden or waits."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from par_toolkit.publishing import PublishError
from par_toolkit.publishing.plan import Plan
from par_toolkit.storage import topics
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web.desk import plan_words
from tests.publishing.inquiries import Place
from tests.web.desk.conftest import Desk
from tests.web.desk.test_desk_careful import place
from tests.web.pages import text_of

__all__ = ["place"]


def test_the_page_says_of_each_table_what_is_shown_and_why_not_more(
    desk: Callable[..., Desk], db: PrivateDatabase, place: Place
) -> None:
    with db.writing():
        stories = [place.tell(group=g, release=False) for g in ("residents", "carers") * 11]
    theme = place.theme(stories)
    topics.mark(db, "theme", theme, ["health"], known=["health"], by=place.one)
    at = desk("facilitator")
    page = text_of(at.get("/desk/publish"))
    assert "Who took part, by group and cycle: 2 figures are shown, 3 are hidden." in page
    assert "Who spoke of each theme, by group: 0 figures are shown, 5 are hidden." in page
    assert "Getting there" in page and "20 people at least, as it is about: Health." in page
    assert "What is hidden is about fewer than 20 people" in page
    assert "Chiffres sur les personnes, tableau par tableau" in at.text("/desk/publish?lang=fr")


def test_every_reason_has_plain_words(app: Flask) -> None:
    why = PublishError("exposed", "The table gives way.")
    every = [
        Plan("participation", "", "", 10, (), "waits", ("time", "place", "age", "identity"), 1, 1),
        Plan("agreement", "3", "The bus", 20, ("health", "gone"), "covered", ("position",)),
        Plan("member_checks", "1", "Papers", 10, (), None, refusal=why),
        *(Plan("action_people", state, "", 10, (), "same") for state in ("open", "done", "changed",
                                                                         "dropped")),
        Plan("theme_people", "1", "Papers", 10, (), "new"),
    ]  # fmt: skip
    with app.test_request_context("/desk/publish?lang=en"):
        said = {plan.name: plan_words.why(plan) for plan in every}
        assert len({plan_words.about(plan) for plan in every}) == 7
        assert [kind.shown for kind in plan_words.kinds(every)] == [1, 0, 0, 0, 0]
    assert said["theme_people"] == said["action_people"] == []
    assert said["participation"][-2:] == [
        "Fewer than 10 people came or went since, so the figures of before are shown again.",
        "What is hidden is about fewer than 10 people, or would give such a figure away.",
    ]
    assert len(said["participation"]) == 6 and len(said["agreement"]) == 3
    assert said["agreement"][-1] == "20 people at least, as it is about: Health, gone."
    assert "could be worked out" in said["member_checks"][0]
