"""Which tables of people a build holds, and how careful each of them is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from par_toolkit.inquiry import load
from par_toolkit.publishing import (
    PublishError,
    follow_withdrawals,
    preview,
    publish,
    rollback,
    verify_build,
    verify_figures,
)
from par_toolkit.publishing.figures import ALL, Figures, Kept, Line
from par_toolkit.publishing.select import select
from par_toolkit.publishing.tables import fixed, groups, linked, spoken, took_part
from par_toolkit.storage import joinings, people, topics, withdrawals
from par_toolkit.storage.sensemaking import actions, checks
from par_toolkit.storage.sensemaking.word_uses import Use
from tests.publishing.inquiries import Place
from tests.publishing.meetings import Meeting
from tests.storage.sensemaking import tables, wholes

WIDER = """
[[wider_group]]
code = "all_ages"
name = { en = "Children and young people", fr = "Enfants et jeunes" }
"""


def told(place: Place, numbers: Mapping[str | None, int], **fields: Any) -> list[int]:
    """Tell one story each for so many people of a group."""
    with place.db.writing():
        return [place.tell(group=group, **fields) for group, n in numbers.items() for _ in range(n)]


def add_groups(place: Place, *parts: str) -> None:
    """Add groups to the settings, each as TOML."""
    place.change("# Cycles of inquiry", WIDER + "".join(parts) + "\n# Cycles of inquiry")


def group(code: str, about: str) -> str:
    return (
        f'[[group]]\ncode = "{code}"\nname = "{code.title()}"\nabout = "{about}"\n'
        'joins = "all_ages"\n'
    )


def by_group(place: Place, table: str = "theme_people") -> dict[str, int | None]:
    rows = place.rows(f"select stakeholder_group, people from {table}")
    return {row["stakeholder_group"]: row["people"] for row in rows}


def decided(place: Place, name: str) -> Any:
    """Return the first table of a name, with what is decided about it."""
    inquiry = load(place.folder)
    today = datetime.now(UTC).date()
    found = fixed.decided(place.db, inquiry, select(place.db, inquiry), today=today)
    return next(one for one in found if one[0].table.name == name)


def threshold_of(place: Place, name: str) -> int:
    (row,) = place.rows(f"select threshold from figures where name = '{name}'")
    return int(row["threshold"])


def test_people_of_a_theme_are_counted_once_by_the_group_they_named_first(place: Place) -> None:
    """By hand: 7 residents, 12 carers, 6 and 5 others under the theme, and one carer who told two
    stories, the second as a resident; 12 residents beside it."""
    inside = told(place, {"residents": 7, "carers": 12, "health_workers": 6, "community_groups": 5})
    again = place.tell(group="carers", receipt="1234567890123456")
    inside += [again, place.tell(group="residents", receipt="1234567890123456")]
    told(place, {"residents": 12})
    place.theme(inside)
    publish(place.folder)
    assert by_group(place) == {
        "residents": 5, "carers": 15, "health_workers": 5, "community_groups": 5, ALL: 30,
    }  # fmt: skip
    (theme,) = place.rows("select id from themes")
    assert {"name": "theme_people", "about": theme["id"], "threshold": 5, "since": 1,
            "joined": "[]"} in place.rows("select * from figures")  # fmt: skip


def test_that_nobody_of_a_group_spoke_of_a_theme_is_not_told(place: Place) -> None:
    place.theme(told(place, {"residents": 8, "carers": 12}))
    told(place, {"residents": 12, "health_workers": 6, "community_groups": 6})
    publish(place.folder)
    found = by_group(place)
    assert found[ALL] == 20 and found["health_workers"] is found["community_groups"] is None
    # a zero under 20 people in all would be what the others leave: one of these covers it
    assert None in (found["residents"], found["carers"])


def test_who_doubts_it_or_lets_nobody_analyse_is_not_counted(place: Place) -> None:
    inside = told(place, {"residents": 10})
    theme = place.theme(inside)
    doubting = inside[0]
    checks.say(place.db, Use(doubting, "theme", theme), "not_that")
    told(place, {"residents": 10, "carers": 10})
    publish(place.folder)
    assert by_group(place)[ALL] == 10  # nine, rounded
    counted = place.db.value("select count(*) from theme_stories where theme = :t", {"t": theme})
    assert counted == 10
    (planned, _) = decided(place, "theme_people")
    assert sum(map(len, planned.table.cells.values())) == 9


def test_promise_11_what_is_sensitive_counts_more_people(place: Place) -> None:
    theme = place.theme(told(place, {"residents": 12, "carers": 12}))
    told(place, {"residents": 12, "carers": 12})
    publish(place.folder)
    assert by_group(place)["residents"] == 10
    topics.mark(place.db, "theme", theme, ["health"], known=["health"], by=place.one)
    publish(place.folder)
    assert threshold_of(place, "theme_people") == 20
    assert by_group(place)["residents"] is None and by_group(place)["carers"] is None
    assert verify_build(place.live()).sound
    # the build fails its check where a figure is under what its topic asks for
    assert faults(place, "update theme_people set people = 15, shown = 'shown'")


def faults(place: Place, sql: str) -> list[str]:
    """Return what is wrong with the figures of the live build after a change of it."""
    path = place.live()
    with closing(sqlite3.connect(path)) as conn:
        conn.row_factory = sqlite3.Row
        conn.execute(sql)
        found = [fault for check in verify_figures.CHECKS for fault in check(path, conn)]
        conn.rollback()
    return found


@pytest.mark.parametrize(
    "sql",
    [
        "update figures set threshold = 4 where name = 'participation'",
        "update figures set since = 2 where name = 'participation'",
        "update figures set about = 'nowhere' where name = 'theme_people'",
        "update theme_people set people = 12 where shown = 'shown'",
        "update member_checks set people = 3, shown = 'shown'",
    ],
)
def test_a_build_that_says_otherwise_of_its_figures_is_not_sound(place: Place, sql: str) -> None:
    place.theme(told(place, {"residents": 12, "carers": 12}))
    publish(place.folder)
    assert faults(place, "select 1") == []
    assert faults(place, sql)


def test_small_groups_of_an_age_are_counted_in_a_wider_one(place: Place) -> None:
    add_groups(place, group("children", "age"), group("teenagers", "age"))
    told(place, {"residents": 12, "carers": 12, "health_workers": 3, "community_groups": 3})
    told(place, {"children": 3, "teenagers": 4})
    publish(place.folder)
    found = by_group(place, "participation where cycle = 'all'")
    assert found["all_ages"] == 5 and "children" not in found
    (row,) = place.rows("select joined from figures where name = 'participation'")
    assert "age" in row["joined"]
    (name,) = place.rows("select group_fr from participation where stakeholder_group = 'all_ages'")
    assert name == {"group_fr": "Enfants et jeunes"}


def test_promise_11_groups_of_identity_are_joined_only_with_the_stewards_yes(place: Place) -> None:
    place.change("approvals = 0", "approvals = 2")
    add_groups(place, group("river_people", "identity"), group("hill_people", "identity"))
    told(place, {"residents": 25, "carers": 12, "river_people": 14, "hill_people": 15})
    pairs = [(code, "all_ages") for code in ("river_people", "hill_people")]

    def rows() -> set[str]:
        (planned, figures) = decided(place, "participation")
        assert planned.table.threshold == 20, "race or Indigenous identity, in one place"
        assert planned.topics == {"race_and_place"}
        return {line.row for line in figures.lines}

    assert "all_ages" not in rows()
    people.add(place.db, "Another Steward", "steward")
    for name in ("Example Steward", "Another Steward"):
        assert "all_ages" not in rows(), "each of two stewards is asked"
        for pair in pairs:
            joinings.say(place.db, pair, yes=True, by=people.by_name(place.db, name))
    assert "all_ages" in rows() and "river_people" not in rows()


def test_what_tellers_say_of_a_theme_counts_people_by_what_they_doubt_most(place: Place) -> None:
    inside = told(place, {"residents": 12})
    twice = [place.tell(receipt="1234567890123456") for _ in range(2)]
    theme = place.theme(inside + twice)
    silent = place.theme(told(place, {"carers": 6}), name="Nobody spoke of it")
    for story in inside:
        checks.say(place.db, Use(story, "theme", theme), "thats_it")
    checks.say(place.db, Use(twice[0], "theme", theme), "thats_it")
    checks.say(place.db, Use(twice[1], "quote", theme), "change_it", "Say more.")
    checks.reply(place.db, checks.of_story(place.db, twice[1])[0].id, "Done.", by=place.one)
    publish(place.folder)
    rows = place.rows("select t.name, m.* from member_checks m join themes t on t.id = m.theme")
    said = {(row["name"], row["answer"]): row["people"] for row in rows}
    assert said["Getting there", "all"] == 15 or said["Getting there", "thats_it"] == 10
    assert said["Getting there", "change_it"] is None
    # a theme that nobody spoke of looks like one that few spoke of
    assert {said["Nobody spoke of it", answer] for answer in (*checks.ANSWERS, "all")} == {None}
    assert silent


def test_people_whose_words_led_to_actions_are_counted_by_what_became_of_these(
    place: Place,
) -> None:
    tables.begin_cycle(place.db, "cycle_1")
    mara = tables.person(place.db)
    stories = told(
        place, {"residents": 12, "carers": 7, "health_workers": 5, "community_groups": 5}
    )
    with place.db.writing():
        made = actions.add(
            place.db, "cycle_1", what="Run the bus.", owner="Council", due="2026-12-01",
            stories=stories, by=mara,
        )  # fmt: skip
    wholes.release(place.db, "action", made.id)
    told(place, {"residents": 12, "carers": 12})
    publish(place.folder)
    rows = place.rows("select state, stakeholder_group, people from action_people")
    found = {(row["state"], row["stakeholder_group"]): row["people"] for row in rows}
    assert found["open", "residents"] == 10 and found["open", "carers"] == 5
    assert found["open", ALL] == 30


def test_promise_11_a_sensitive_statement_counts_more_people(place: Place) -> None:
    meeting = Meeting(place, {"residents": 12, "carers": 12})
    plain = meeting.put("Buses are late.", {"residents": "+" * 6 + "-" * 6, "carers": "+" * 12})
    papers = meeting.put("Papers are late.", {"residents": "+" * 6 + "-" * 6, "carers": "+" * 12})
    publish(place.folder)
    topics.mark(place.db, "statement", papers, ["immigration"], known=["immigration"], by=place.one)
    foretold = {
        plan.title: plan for plan in preview(place.folder).tables if plan.name == "agreement"
    }
    assert foretold["Buses are late."].threshold == 5 and foretold["Buses are late."].shown > 1
    assert foretold["Papers are late."].topics == ("immigration",)
    publish(place.folder)
    rows = place.rows(
        """
        select s.words, f.threshold,
            max(a.people is not null and a.stakeholder_group <> 'all') as any
        from statements s join figures f on f.about = s.id join agreement a on a.statement = s.id
        where f.name = 'agreement' group by s.id order by s.words
        """
    )
    assert rows == [
        {"words": "Buses are late.", "threshold": 5, "any": 1},
        {"words": "Papers are late.", "threshold": 20, "any": 0},
    ]
    assert verify_build(place.live()).sound and plain
    with pytest.raises(PublishError, match="too few people share"):
        rollback(place.folder, 1)


def line(row: str, people: int | None, column: str = ALL) -> Line:
    return Line(row, column, people, "hidden" if people is None else "shown")


def made(name: str, lines: Iterable[Line], part: str = "") -> Figures:
    kept = Kept(name, part, 5, {}, {}, (), (), tuple(lines))
    return Figures(name, part, 5, "new", (), kept.lines, kept)


def test_promise_11_no_table_shows_whom_another_one_hides() -> None:
    """By hand. Who took part hides carers to cover the 3 who are young. A theme that says '10
    carers' would say that at least 10 took part, and so how many young people there can be."""
    here = groups.Groups(("residents", "carers", "young"), groups.NAMES, (), frozenset())
    who = made(
        took_part.NAME,
        [line("residents", 20), line("carers", None), line("young", None), line(ALL, 35)],
    )
    theme = made(
        spoken.THEME_PEOPLE,
        [line("residents", 15), line("carers", 10), line("young", None), line(ALL, 25)],
        "1",
    )
    said = made(spoken.MEMBER_CHECKS, [line("thats_it", 10), line(ALL, 10)], "1")
    alike = linked.hidden_alike([who, theme, said], here)
    assert alike[0] == who and alike[2] == said
    assert [one.people for one in alike[1].lines] == [None, None, None, 25]
    # where it is hidden how many spoke of the theme, so is how many answered
    unknown = made(spoken.THEME_PEOPLE, [line("residents", 15), line(ALL, None)], "1")
    assert [one.people for one in linked.hidden_alike([who, unknown, said], here)[2].lines] == [
        None, None,
    ]  # fmt: skip


def test_a_withdrawal_leaves_the_figures_as_they_were(place: Place) -> None:
    inside = told(place, {"residents": 12, "carers": 12}, consent=("analyse", "quote"))
    place.theme(inside)
    publish(place.folder)
    tables_of = ("participation", "theme_people", "member_checks", "action_people", "figures")
    before = {table: place.rows(f"select * from {table}") for table in tables_of}
    withdrawals.withdraw_story(place.db, inside[0])
    assert follow_withdrawals(place.folder)
    assert {table: place.rows(f"select * from {table}") for table in tables_of} == before
    assert verify_build(place.live()).sound


def test_what_is_foretold_is_what_is_published(place: Place) -> None:
    place.theme(told(place, {"residents": 12, "carers": 12, None: 3}))
    foretold = preview(place.folder)
    publish(place.folder)
    for name in ("participation", "theme_people", "member_checks"):
        rows = place.rows(f"select shown from {name}")
        plans = [plan for plan in foretold.tables if plan.name == name]
        assert sum(plan.shown for plan in plans) == sum(row["shown"] == "shown" for row in rows)
        assert sum(plan.hidden for plan in plans) == sum(row["shown"] == "hidden" for row in rows)
    assert {plan.state for plan in foretold.tables} == {"new"}


def test_figures_wait_until_enough_people_came(place: Place) -> None:
    place.theme(told(place, {"residents": 12, "carers": 12}))
    publish(place.folder)
    told(place, {"residents": 2})

    def took_part() -> tuple[Any, int, int | None]:
        (plan,) = (one for one in preview(place.folder).tables if one.name == "participation")
        publish(place.folder)
        (row,) = place.rows("select since from figures where name = 'participation'")
        return plan.state, row["since"], by_group(place, "participation")["residents"]

    # two came: it would tell of them, so the figures of the first build stand
    assert took_part() == ("waits", 1, 10)
    assert took_part() == ("waits", 1, 10)
    told(place, {"residents": 6})
    assert took_part() == ("new", 4, 20)
    assert took_part() == ("same", 4, 20)
