"""Publishing from end to end, through its public doors, with inquiries that try it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from par_toolkit.publishing import (
    follow_withdrawals,
    live_build,
    preview,
    publish,
    verify_build,
)
from par_toolkit.storage import audit, shaping
from tests.publishing.inquiries import Place


def figures(place: Place) -> dict[tuple[str, str], int | None]:
    return {
        (row["stakeholder_group"], row["cycle"]): row["people"]
        for row in place.rows("select * from participation")
    }


def test_an_inquiry_without_stories_is_published(place: Place) -> None:
    done = publish(place.folder)
    assert done.build == live_build(place.folder) == 1
    assert done.path == place.live()
    assert (done.quotes, done.stories, done.themes) == (0, 0, 0)
    assert "Build 1 is live." in done.sentence
    assert set(figures(place).values()) == {None}
    assert (place.folder / "findings" / "current").read_text() == "build-000001.db\n"


def test_one_story_is_published_and_its_teller_is_not_counted(place: Place) -> None:
    place.tell("Only me.", consent=("analyse", "quote", "publish"), answers={"kind": "both"})
    done = publish(place.folder)
    assert (done.quotes, done.stories) == (1, 1)
    assert set(figures(place).values()) == {None}
    assert place.rows("select text, form, language, kind from quotes") == [
        {"text": "Only me.", "form": None, "language": "en", "kind": None}
    ]


def test_the_whole_story_stands_with_its_questions(place: Place) -> None:
    place.tell(
        "What happened.",
        consent=("publish",),
        answers={"title": "My title", "changed": "It changed me.", "kind": "success"},
    )
    place.tell("A reflection.", consent=("publish",), form="unknown", words=("telling", "so"),
               answers={"so": "What?"})  # fmt: skip
    publish(place.folder)
    first, second = place.rows("select * from stories order by title desc")
    assert (first["title"], first["telling"], first["kind"]) == ("My title", "What happened.", None)
    assert json.loads(first["answers"]) == [
        {
            "question_en": "What did it change?",
            "question_fr": "Qu’est-ce que cela a changé\u00a0?",
            "text": "It changed me.",
        }
    ]
    assert json.loads(second["answers"]) == [
        {"question_en": "so", "question_fr": "so", "text": "What?"}
    ]
    assert place.rows("select * from quotes") == []


def test_a_kind_stands_beside_words_only_when_enough_people_share_it(place: Place) -> None:
    for n in range(5):
        place.tell(f"Success {n}.", answers={"kind": "success"})
    for n in range(5):  # one person five times
        place.tell(f"Both {n}.", answers={"kind": "both"}, receipt="1111222233334444")
    for n in range(4):  # so that the one is not the only one without
        place.tell(f"Open {n}.")
    publish(place.folder)
    kinds = {row["text"][0]: row["kind"] for row in place.rows("select * from quotes")}
    assert kinds == {"S": "success", "B": None, "O": None}


def test_promise_11_a_single_kind_left_out_cannot_be_told_by_having_none(place: Place) -> None:
    """Two people told 'both', so a quote without a kind would be theirs, were it the only kind."""
    for kind, people in (("success", 7), ("challenge", 6), ("both", 2)):
        for n in range(people):
            place.tell(f"{kind} {n}.", answers={"kind": kind})
    publish(place.folder)
    shown = "select distinct kind from quotes where kind is not null"
    assert place.rows(shown) == [{"kind": "success"}]
    for n in range(3):  # with them five people have no kind beside their words
        place.tell(f"open {n}.")
    publish(place.folder)
    assert {row["kind"] for row in place.rows(shown)} == {"success", "challenge"}


def test_promise_10_a_theme_rejected_while_publishing_is_not_published(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [place.tell(f"The bus to the clinic was late, {n}.") for n in range(4)]
    renamed = place.theme(told[:2], name="Old name")
    rejected = place.theme(told[2:], name="Rejected")
    module = importlib.import_module("par_toolkit.publishing.publish")
    real, calls = module.build.write, []

    def overtaken(*arguments: Any, **named: Any) -> None:
        if not calls:
            shaping.rename(place.db, renamed, "New name", by=place.one)
            shaping.reject(place.db, rejected, by=place.one)
        calls.append(1)
        real(*arguments, **named)

    monkeypatch.setattr(module.build, "write", overtaken)
    publish(place.folder)
    assert place.rows("select name from themes") == [{"name": "New name"}]
    assert len(calls) == 2


def test_what_search_finds(place: Place) -> None:
    place.tell("Le métro était fermé.", language="fr")
    place.tell("The bus was late.")
    publish(place.folder)
    found = place.rows(
        "select text from quotes where rowid in "
        "(select rowid from quotes_fts where quotes_fts match 'metro')"
    )
    assert [row["text"] for row in found] == ["Le métro était fermé."]


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "'; drop table quotes; --", "انتظار کا وقت", "x" * 300,
     '"quoted" & \\escaped', "=cmd|' /C calc'!A0", "%s {0} %(name)s"],
)  # fmt: skip
def test_names_of_themes_are_kept_as_they_are(place: Place, name: str) -> None:
    place.theme([place.tell()], name=name)
    publish(place.folder)
    assert place.rows("select name from themes") == [{"name": name}]


def test_a_theme_without_name_or_shared_words_still_has_a_name(place: Place) -> None:
    place.theme([place.tell()], name=None, words=())
    publish(place.folder)
    (row,) = place.rows("select name, named_by_people from themes")
    assert row["name"] and not row["named_by_people"]


def test_people_by_group_and_cycle(place: Place) -> None:
    first = '[[cycle]]\ncode = "cycle_1"'
    earlier = (
        '[[cycle]]\ncode = "cycle_0"\nname = { en = "Zero" }\n'
        "starts = 2020-01-01\nends = 2020-12-31\n\n"
    )
    place.change(first, earlier + first)
    with place.db.writing():
        for group, cycle, number in (
            ("residents", "cycle_0", 21), ("residents", "cycle_1", 12),
            ("carers", "cycle_0", 14), ("carers", "cycle_1", 17),
            ("health_workers", "cycle_0", 9), ("health_workers", "cycle_1", 13),
            ("community_groups", "cycle_0", 8), ("community_groups", "cycle_1", 3),
        ):  # fmt: skip
            for _ in range(number):
                place.tell(group=group, cycle=cycle, release=False)
    publish(place.folder)
    shown = figures(place)
    assert shown["residents", "cycle_0"] == 20
    assert shown["community_groups", "cycle_1"] is None
    assert shown["community_groups", "all"] == 10
    assert shown["all", "all"] == 95  # 97
    hidden = {key for key, people in shown.items() if people is None}
    assert len(hidden) == 4 and not any("all" in key for key in hidden)
    (row,) = place.rows(
        "select group_en, group_fr, cycle_en from participation "
        "where stakeholder_group = 'carers' and cycle = 'cycle_0'"
    )
    assert tuple(row.values()) == ("Family and unpaid carers", "Proches aidants", "Zero")


def test_people_who_named_no_group_or_one_we_do_not_know(place: Place) -> None:
    with place.db.writing():
        for number, group in ((8, "residents"), (7, None), (6, "martians")):
            for _ in range(number):
                place.tell(group=group, release=False, receipt=None, source="import", cycle=None)
    publish(place.folder)
    names = {row["stakeholder_group"]: row["group_fr"] for row in place.rows(
        "select * from participation")}  # fmt: skip
    assert names["none"] == "Non précisé" and names["other"] == "Autre"
    assert figures(place)["all", "all"] == 20  # 21


def test_the_threshold_is_larger_than_everybody(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry", threshold=1000)
    for n in range(8):
        place.tell(f"Story {n}.", answers={"kind": "success"})
    done = publish(place.folder)
    assert done.quotes == 8
    assert set(figures(place).values()) == {None}
    assert {row["kind"] for row in place.rows("select kind from quotes")} == {None}


def test_what_changed_since_the_last_build(place: Place) -> None:
    told = [place.tell(f"The bus, number {n}.") for n in range(3)]
    theme = place.theme(told)
    publish(place.folder)
    shaping.rename(place.db, theme, "On the way", by=place.two)
    place.theme([place.tell("The road is dark.", consent=("analyse", "quote", "publish"))])
    publish(place.folder)
    publish(place.folder)
    rows = place.rows("select * from builds order by build")
    assert [row["note_en"] for row in rows] == [
        "First build.",
        "1 new theme, 1 theme with a new name, 1 new quote, 1 new whole story.",
        "Nothing new.",
    ]
    assert rows[1]["note_fr"] == (
        "1 nouveau thème, 1 thème renommé, 1 nouvelle citation, 1 nouvelle histoire entière."
    )
    assert [row["quotes_new"] for row in rows] == [3, 1, 0]


def test_who_published_is_in_the_trail_by_role(place: Place) -> None:
    publish(place.folder)
    publish(place.folder, by=place.two)
    actions = [(row["action"], row["role"]) for row in audit.public_rows(place.db)]
    assert actions[-4:] == [
        ("seal_build", "command line"), ("publish", "command line"),
        ("seal_build", "steward"), ("publish", "steward"),
    ]  # fmt: skip
    assert audit.verify(place.db).whole
    assert place.rows("select action from audit order by seq desc limit 1") == [
        {"action": "seal_build"}  # a build is sealed and made before it is published
    ]
    assert "Example" not in str(place.rows("select * from audit"))


def test_preview_says_what_is_held_back_and_why(place: Place) -> None:
    place.theme([place.tell("One.", consent=("analyse", "quote", "publish"))])
    place.tell("Two.", release=False)
    place.tell("Three.", consent=("analyse",))
    redacted = place.tell("Example Ann")
    place.redact(redacted, "Example Ann")
    seen = preview(place.folder)
    assert (seen.quotes, seen.stories, seen.themes, seen.themes_waiting) == (1, 1, 1, 0)
    assert seen.held == {"no_consent": 1, "not_released": 1, "nothing_left": 1}
    assert seen.refusal is None
    assert live_build(place.folder) is None
    done = publish(place.folder)
    assert (done.quotes, done.stories, done.themes) == (seen.quotes, seen.stories, seen.themes)
    assert done.hidden_cells == seen.hidden_cells


def test_progress_is_told_step_by_step(place: Place) -> None:
    steps: list[tuple[str, int, int]] = []
    publish(place.folder, progress=lambda *step: steps.append(step))
    assert [name for name, _, _ in steps] == [
        "select", "suppress", "quote", "build", "verify", "swap", "swap",
    ]  # fmt: skip
    assert steps[-1] == ("swap", 6, 6)


def test_whatever_is_told_can_be_published(place: Place) -> None:
    words = [
        "",
        " ",
        "=1+1",
        "\u202eabc",
        "e" + "\u0301" * 30,
        "a" * 100_000,
        "'; --",
        "[",
        "[name]",
    ]
    for text in words:
        place.tell(text or "x", consent=("analyse", "quote", "publish"), answers={"title": text})
    done = publish(place.folder)
    assert done.stories == len(words) - 3  # white space and punctuation say nothing
    assert verify_build(done.path).sound


def test_nothing_withdrawn_nothing_to_follow(place: Place) -> None:
    assert not follow_withdrawals(place.folder)
    assert not follow_withdrawals(str(place.folder), db=place.db)


def test_cycles_are_joined_where_too_little_would_be_shown(place: Place) -> None:
    """Told in and between cycles, few at a time: only the totals over all cycles are large."""
    with place.db.writing():
        for group, cycle, number in (
            ("residents", "cycle_1", 6), ("residents", None, 2),
            ("carers", "cycle_1", 4), ("carers", "gone", 3),
            ("health_workers", "cycle_1", 3), ("health_workers", None, 4),
            ("community_groups", "cycle_1", 4), ("community_groups", None, 4),
        ):  # fmt: skip
            for _ in range(number):
                place.tell(group=group, cycle=cycle, release=False)
    publish(place.folder)
    assert figures(place) == {
        ("residents", "all"): 10,
        ("carers", "all"): 5,
        ("health_workers", "all"): 5,
        ("community_groups", "all"): 10,
        ("all", "all"): 30,
    }


def test_an_inquiry_without_groups_and_cycles(place: Place) -> None:
    path = place.folder / "inquiry.toml"
    text = path.read_text("utf-8")
    start, end = text.index("[[group]]"), text.index("[consent]")
    path.write_text(text[:start] + text[end:], "utf-8")
    publish(place.folder)
    assert figures(place) == {}
    for n in range(6):
        place.tell(f"Number {n}.")
    publish(place.folder)
    assert figures(place)["all", "all"] == 5
