"""What a build says of the runs that its themes come from: how, and nothing of whose words."""

from __future__ import annotations

import json
from pathlib import Path

from par_toolkit import inquiry, theming
from par_toolkit.publishing import publish, verify_build
from par_toolkit.storage import runs, shaping, themes
from tests.publishing.inquiries import Place

BUS = ("The bus to the clinic was late again.", "The late bus made me miss the clinic.",
       "No bus, so I missed the clinic.")  # fmt: skip
MEAL = ("The warm meal at the hall was kind.", "A warm meal and a kind word at the hall.",
        "Kind people cook a warm meal at the hall.")  # fmt: skip


def test_a_real_run_is_published_with_its_settings_and_without_its_texts(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    for text in BUS + MEAL:
        place.tell(text)
    theming.propose(place.db, inquiry.load(place.folder), count=2, seed=7)
    for theme in themes.listing(place.db, states=["proposed"]):
        shaping.endorse(place.db, theme.id, by=place.two)
    place.db.change("update themes set looks = 20, came_again = 18")
    kept = runs.latest(place.db)
    assert kept
    publish(place.folder)
    (run,) = place.rows("select * from runs")
    settings = json.loads(run["settings"])
    assert (run["number"], run["seed"], run["quarter"][4:6]) == (1, 7, "-Q")
    assert run["method"] == kept["settings"]["method"]
    assert settings == {k: v for k, v in kept["settings"].items() if k != "method"}
    assert settings["count"] == 2 and settings["fewest_members"] == 3
    assert json.loads(run["versions"]) == kept["versions"]
    assert kept["texts_hash"].encode() not in place.live().read_bytes()
    shown = place.rows("select run, looks, came_again from themes")
    assert shown == [{"run": 1, "looks": 20, "came_again": 18}] * 2
    assert verify_build(place.live()).sound


def test_only_runs_that_themes_here_come_from_and_nothing_else_they_keep(tmp_path: Path) -> None:
    """A language that the inquiry does not ask for might be one person's; so it is not named."""
    place = Place(tmp_path / "inquiry")
    limits = ("negation_not_seen", "no_vectors:fr", "no_vectors:so", "no_lemmas:en")
    place.propose([place.tell("Never endorsed.")])
    theme = place.theme([place.tell()])
    place.db.change(
        """
        update runs set limits = :limits, settings = '{"method": "m", "seed": "Canary", "words": 6}'
        where id = (select run from themes where id = :theme)
        """,
        {"limits": json.dumps(limits), "theme": theme},
    )
    place.change('languages = ["en"', 'languages = ["en-GB", "fr"')
    publish(place.folder)
    (run,) = place.rows("select * from runs")
    assert (run["number"], run["method"], run["settings"]) == (1, "m", '{"words": 6}')
    assert json.loads(run["limits"]) == ["negation_not_seen", "no_vectors:fr", "no_lemmas:en"]
    assert place.rows("select run from themes") == [{"run": 1}]
    assert b"Canary" not in place.live().read_bytes()
