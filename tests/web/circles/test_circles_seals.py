"""What evaluators expect, sealed before any page of the desk shows a word of a story."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from par_toolkit.storage import stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.storage.sensemaking import expectations
from par_toolkit.storage.stories import Kept
from tests.storage.sensemaking.cycles import agreed, begun, someone
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, text_of


def test_expectations_are_sealed_by_each_once_and_only_before_reading(
    desk: Callable[..., Desk], db: PrivateDatabase, told: Callable[..., int]
) -> None:
    story = told("The bus stopped.", cycle="cycle_1")
    evaluator = desk("evaluator", name="Made-up Eve")
    path = "/circles/expectations"
    empty = evaluator.press(path, path, {"words": " "})
    assert empty.status_code == 422 and 'href="#words"' in empty.get_data(as_text=True)
    assert evaluator.press(path, path, {"words": "Zanzibarquartz."}).status_code == 303
    page = evaluator.text(path)
    digest = expectations.of_cycle(db, "cycle_1")[0].digest
    assert digest in page and "Made-up Eve" in page and "Zanzibarquartz" not in page
    assert path not in forms_of(evaluator.get(path))
    again = evaluator.post(path, {"cycle": "cycle_1", "words": "Again."})
    assert again.status_code == 422 and "opens at the close" in text_of(again)
    stories.mark_read(db, story)
    late = desk("evaluator")
    assert path not in forms_of(late.get(path))
    refused = late.post(path, {"cycle": "cycle_1", "words": "I knew it."})
    assert refused.status_code == 422 and "too late" in text_of(refused)


def test_the_first_story_of_a_cycle_waits_for_the_seals(
    desk: Callable[..., Desk], db: PrivateDatabase, tell: Callable[..., Kept]
) -> None:
    story, other = tell("Zanzibarquartz.").story_id, tell("Another.").story_id
    evaluator, at_desk = desk("evaluator", name="Made-up Eve"), desk()
    begun(db, "cycle_1", someone(db, name="Made-up Ama"))
    before = f"/circles/expectations/before/{story}"
    for path in (f"/desk/stories/{story}", f"/desk/coding/{story}"):
        answer = at_desk.get(path)
        assert answer.status_code == 303 and answer.headers["Location"] == before
    page = at_desk.get(before)
    assert "Made-up Eve" in text_of(page) and "Zanzibarquartz" not in text_of(page)
    evaluator.press("/circles/expectations", "/circles/expectations", {"words": "Buses."})
    assert at_desk.get(before).status_code == 303
    assert "Zanzibarquartz" in text_of(at_desk.get(f"/desk/stories/{story}"))
    late = someone(db, "evaluator", name="Made-up Late")
    assert late and at_desk.get(f"/desk/stories/{other}").status_code == 200


def test_no_page_of_the_desk_shows_a_word_before_the_seals(
    desk: Callable[..., Desk], app: Flask, db: PrivateDatabase, told: Callable[..., int]
) -> None:
    """Every address a reader can open, with whatever number it takes, and what they post there."""
    by = someone(db, name="Made-up Ama")
    story = told("Zanzibarquartz was late.", cycle="cycle_1", title="Zanzibarquartz")
    theme = db.add("insert into themes (words, state, at) values ('[\"bus\"]', 'proposed', 'now')")
    db.add(
        """
        insert into theme_stories (theme, story, question, start_at, end_at, source)
        values (:theme, :story, 'telling', 0, 22, 'machine')
        """,
        {"theme": theme, "story": story},
    )
    someone(db, "evaluator", name="Made-up Eve")
    at_desk = desk("steward")
    for url in (f"/desk/stories/{story}", "/desk/stories", "/desk/themes"):
        assert shows(at_desk.get(url))
    db.change("update stories set read_at = null")
    begun(db, "cycle_1", by)
    ids = {"story_id": story, "kind": "says_little", "place": "in_theme", "theme_id": theme}
    token = forms_of(at_desk.get("/desk/"))["/desk/sign-out"].fields
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("desk.") or "sign" in rule.endpoint:
            continue
        if "withdraw" in rule.endpoint:  # taking words back waits for nobody
            continue
        url = rule.build({name: ids.get(name, 1) for name in rule.arguments})[1]
        assert "GET" not in rule.methods or not shows(at_desk.get(url)), url
        if "POST" in rule.methods and ids.keys() & rule.arguments:
            assert not shows(at_desk.client.post(url, data=token)), url
    assert not expectations.reading_begun(db, "cycle_1")
    held = "/circles/expectations/before"
    for path in ("/desk/compare/words", "/desk/codebook/1", "/desk/themes/run"):
        assert at_desk.get(path).headers["Location"] == held, "what people say, told in another way"
    for path in ("/desk/", "/desk/people", "/desk/paper", "/desk/codebook", "/desk/publish"):
        assert at_desk.get(path).status_code == 200, path


def shows(answer: Any) -> bool:
    return b"Zanzibarquartz" in answer.data


def test_a_list_that_was_seen_is_too_late_to_seal_after(
    desk: Callable[..., Desk], db: PrivateDatabase, tell: Callable[..., Kept]
) -> None:
    begun(db, "cycle_1", someone(db, name="Made-up Ama"))
    at_desk = desk("facilitator")
    assert at_desk.get("/desk/stories").status_code == 200  # of this cycle there is none yet
    assert not expectations.reading_begun(db, "cycle_1")
    tell(cycle="cycle_2")
    assert at_desk.get("/desk/stories").status_code == 200
    assert not expectations.reading_begun(db, "cycle_1")
    tell(cycle="cycle_1")
    assert at_desk.get("/desk/stories").status_code == 200  # nobody has to seal
    fields = {"cycle": "cycle_1", "words": "I knew it."}
    refused = at_desk.post("/circles/expectations", fields)
    assert refused.status_code == 422 and "too late" in text_of(refused)
    desk("evaluator", name="Made-up Late")
    assert at_desk.get("/desk/stories").status_code == 200
    page = text_of(at_desk.get("/circles/expectations"))
    assert "These evaluators sealed nothing for it: Made-up Late" in page


def test_somebody_may_read_without_the_seals_and_the_trail_says_so(
    desk: Callable[..., Desk], db: PrivateDatabase, tell: Callable[..., Kept]
) -> None:
    story = tell("Zanzibarquartz.").story_id or 0
    someone(db, "evaluator")
    begun(db, "cycle_1", someone(db, name="Made-up Ama"))
    at_desk, before = desk("steward"), f"/circles/expectations/before/{story}"
    assert at_desk.press(before, before).headers["Location"] == f"/desk/stories/{story}"
    assert "Zanzibarquartz" in text_of(at_desk.get(f"/desk/stories/{story}"))
    assert "read the first story before every evaluator had sealed" in at_desk.text("/desk/audit")


def test_somebody_may_read_the_list_without_the_seals(
    desk: Callable[..., Desk], db: PrivateDatabase, tell: Callable[..., Kept]
) -> None:
    tell("Zanzibarquartz.")
    someone(db, "evaluator")
    begun(db, "cycle_1", someone(db, name="Made-up Ama"))
    at_desk, before = desk("steward"), "/circles/expectations/before"
    assert at_desk.get("/desk/stories?search=Zanzibar").headers["Location"] == before
    assert at_desk.press(before, before).headers["Location"] == "/desk/stories"
    assert "Zanzibarquartz" in at_desk.text("/desk/stories")
    assert "read the first story before every evaluator had sealed" in at_desk.text("/desk/audit")


def test_stories_are_read_as_before_where_nothing_was_agreed(
    desk: Callable[..., Desk], db: PrivateDatabase, tell: Callable[..., Kept]
) -> None:
    story = tell().story_id
    someone(db, "evaluator")
    assert desk().get(f"/desk/stories/{story}").status_code == 200


def test_with_a_contract_the_stories_of_the_cycle_to_come_wait_for_the_seals_too(
    desk: Callable[..., Desk], db: PrivateDatabase, tell: Callable[..., Kept]
) -> None:
    evaluator, at_desk = desk("evaluator"), desk()
    agreed(db, someone(db, name="Made-up Ama"))
    story, later = tell(cycle="cycle_1").story_id, tell(cycle="cycle_2").story_id
    before = f"/circles/expectations/before/{story}"
    assert at_desk.get(f"/desk/stories/{story}").headers["Location"] == before
    assert at_desk.get("/desk/stories").status_code == 303
    assert at_desk.get(f"/desk/stories/{later}").status_code == 200
    path = "/circles/expectations"
    assert evaluator.press(path, path, {"words": "Buses."}).status_code == 303
    assert at_desk.get(f"/desk/stories/{story}").status_code == 200
