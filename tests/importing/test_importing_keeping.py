"""Rows become stories once each; whatever is not taken is told with its line and the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import forms
from par_toolkit.importing import ImportRefused, Plan, Summary, bring_in, keeping, open_sheet
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase

CONSENT = {"analyse": True, "quote": True}


@pytest.fixture
def take(db: PrivateDatabase, inquiry: Inquiry, tmp_path: Path) -> Any:
    """Hand out `take("text,group\\n…", group="group")`: bring in a file, return the summary."""

    def take(
        text: str | bytes,
        *,
        form: str = "story",
        columns: dict[str, str] | None = None,
        **more: str,
    ) -> Summary:
        path = tmp_path / "file.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        plan = Plan(
            form=forms.load(form),
            columns=({"telling": "text"} if form == "story" else {}) | (columns or {}) | more,
            consent=CONSENT,
            language="en",
        )
        summary = Summary()
        with open_sheet(path) as sheet:
            bring_in(db, inquiry, sheet, plan, into=summary)
        return summary

    return take


def told(db: PrivateDatabase) -> list[stories.Story]:
    return list(reversed(stories.listing(db, limit=1_000)))


def test_a_row_is_a_story_with_the_consent_that_was_given(take: Any, db: PrivateDatabase) -> None:
    assert take("text,group\n The bus came. ,residents\n", group="group").came_in == 1
    [story] = told(db)
    assert story.answers == {"telling": " The bus came. ", "group": "residents"}
    assert story.consent == {"analyse": True, "quote": True, "publish": False, "contact": False}
    assert (story.source, story.language, story.group) == ("import", "en", "residents")


def test_promise_02_the_same_file_again_adds_nothing(take: Any, db: PrivateDatabase) -> None:
    text = "text,group\na,x\nb,y\na,x\n"
    assert take(text).came_in == 3
    again = take(text)
    assert (again.came_in, again.already_here) == (0, 3)
    assert stories.count(db) == 3


def test_equal_rows_of_one_file_are_all_kept(take: Any, db: PrivateDatabase) -> None:
    assert take("text\nsame\nsame\nsame\n").came_in == 3
    assert take("text\nsame\nsame\nsame\nsame\n").came_in == 1


def test_a_file_that_was_saved_anew_is_the_same_file(take: Any) -> None:
    take("text,group\nété,x\nb,y\n")
    again = take("group;text;\r\ny;b;\r\nx;été;\r\n".encode("cp1252"))
    assert (again.came_in, again.already_here) == (0, 2)


def test_another_mapping_of_the_same_rows_adds_nothing_and_makes_no_siblings(
    take: Any, db: PrivateDatabase
) -> None:
    take("text,group\na,residents\n")
    again = take("text,group\na,residents\n", group="group")
    assert (again.came_in, again.already_here) == (0, 1)
    assert told(db)[0].siblings == 0


def test_rows_of_other_people_with_equal_words_are_kept(take: Any) -> None:
    assert take("text,site\nNothing.,north\n").came_in == 1
    assert take("text,site\nNothing.,south\n").came_in == 1


def test_promise_06_withdrawn_rows_stay_away(take: Any, db: PrivateDatabase) -> None:
    take("text\nfirst\nsecond\n")
    withdrawals.withdraw_story(db, told(db)[0].id)
    again = take("text\nfirst\nsecond\n")
    assert (again.came_in, again.already_here, again.withdrawn) == (0, 1, 1)


def test_rows_without_words_are_reported_and_not_lost(take: Any) -> None:
    summary = take('text,group\n  ,x\nwords,y\n"",z\n\u200b,w\n')
    assert summary.came_in == 1
    assert [one.line for one in summary.not_taken] == [2, 4, 5]
    assert summary.not_taken[0].reason == "There are no words in the column 'text'."


def test_options_are_known_by_code_and_by_label_in_any_language(
    take: Any, db: PrivateDatabase
) -> None:
    rows = "carers,success|Family and unpaid CARERS,les deux|proches  aidants,Both"
    body = "".join(f"story {n},{row}\n" for n, row in enumerate(rows.split("|")))
    assert take(f"text,group,kind\n{body}", group="group", kind="kind").came_in == 3
    assert [story.group for story in told(db)] == ["carers"] * 3
    assert [story.kind for story in told(db)] == ["success", "both", "both"]


def test_groups_nobody_named_are_kept_and_reported(take: Any, db: PrivateDatabase) -> None:
    summary = take("text,group\na,Night staff\nb,Night staff\nc,\n", group="group")
    assert (summary.came_in, dict(summary.unknown_groups)) == (3, {"Night staff": 2})
    assert [story.group for story in told(db)] == ["Night staff", "Night staff", None]


def test_an_answer_that_is_no_option_is_reported(take: Any) -> None:
    summary = take("text,kind\na,splendid\nb,both\n", kind="kind")
    assert summary.came_in == 1
    [one] = summary.not_taken
    assert one.line == 2
    assert "splendid" in one.reason


def test_language_and_cycle_may_stand_in_columns(take: Any, db: PrivateDatabase) -> None:
    text = "text,lang,when\na,French,First cycle\nb,FR_CA,cycle_1\nc,,\nd,en,never\n"
    summary = take(text, columns={"language": "lang", "cycle": "when"})
    assert summary.came_in == 3
    assert [story.language for story in told(db)] == ["fr", "fr-CA", "en"]
    assert [one.line for one in summary.not_taken] == [5]
    assert "'never' is not a cycle" in summary.not_taken[0].reason


def test_lone_surrogates_are_refused_by_row(take: Any) -> None:
    data = "text\nfine and long enough\n".encode("utf-16-le")
    data += b"a\x00\x00\xd8b\x00\n\x00" + "last\n".encode("utf-16-le")
    summary = take(data)
    assert summary.came_in == 2
    assert [one.line for one in summary.not_taken] == [3]


@pytest.mark.parametrize(
    "words",
    [
        "x" * 1_000_000,
        "a\u0301" + "\u0301" * 100_000,
        "\u202e<script>alert(1)</script>\u202c",
        "=cmd|' /C calc'!A0",
        "nul\x00here",
    ],
)
def test_strange_words_are_kept_or_refused_but_never_harm(take: Any, words: str) -> None:
    summary = take('text\n"' + words + '"\nlast\n')
    assert summary.came_in + len(summary.not_taken) == 2
    assert summary.came_in >= 1


@pytest.mark.parametrize(
    ("text", "columns", "part"),
    [
        ("words,group\na,b\n", {}, "has no column 'text'. The columns there are: words, group."),
        ("text,text\na,b\n", {}, "Two columns are called 'text'"),
        ("text\na\n", {"colour": "text"}, "asks nothing called 'colour'"),
        ("text,group\n", {}, "has a header but no rows"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_before_anything_is_kept(
    take: Any, db: PrivateDatabase, text: str, columns: dict[str, str], part: str
) -> None:
    with pytest.raises(ImportRefused) as refused:
        take(text, columns=columns)
    assert part in str(refused.value)
    assert stories.count(db) == 0


def test_the_needed_column_is_asked_for(take: Any) -> None:
    with pytest.raises(ImportRefused, match=r"--map heard=COLUMN. The columns there are: a, b"):
        take("a,b\n1,2\n", form="feedback")


def test_whole_batches_stay_when_somebody_stops_the_import(
    take: Any, db: PrivateDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "BATCH", 4)
    text = "text\n" + "".join(f"story {number}\n" for number in range(10))
    kept = stories.keep

    def stop_at_the_seventh(db: PrivateDatabase, story: stories.Told) -> stories.Kept:
        if story.answers["telling"] == "story 6":
            raise KeyboardInterrupt
        return kept(db, story)

    monkeypatch.setattr(stories, "keep", stop_at_the_seventh)
    with pytest.raises(KeyboardInterrupt):
        take(text)
    assert stories.count(db) == 4
    monkeypatch.setattr(stories, "keep", kept)
    again = take(text)
    assert (again.came_in, again.already_here) == (6, 4)
