"""`par demo` makes an inquiry worth looking at, through the same doors that people use."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click.testing
import pytest

from par_toolkit import publishing
from par_toolkit.cli import main
from par_toolkit.coding.machine import Machine
from par_toolkit.demo import content, fill, settings
from par_toolkit.inquiry import Inquiry, InquiryError, create
from par_toolkit.publishing.build import file_of, read_rows
from par_toolkit.storage import (
    accounting,
    audit,
    codings,
    examples,
    people,
    readings,
    receipts,
    redactions,
    stories,
    themes,
)
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.sensemaking import circles

#: The demo is made once, in one process, for all who look at it.
pytestmark = pytest.mark.xdist_group("demo")


def of_key(db: PrivateDatabase, demo: Inquiry, key: str) -> stories.Story | None:
    receipt = receipts.find(db, fill.receipt_of(demo.folder, key))
    ids = receipts.stories_of(db, receipt) if receipt is not None else []
    return stories.get(db, ids[0]) if ids else None


def test_it_is_plainly_an_example_with_the_settings_of_the_made_up_place(
    demo: Inquiry, told: content.DemoContent
) -> None:
    assert demo.example
    assert (demo.name, demo.locality) == (told.place.name, told.place.locality)
    assert (demo.population, demo.threshold) == (48_000, 5)
    assert [group.code for group in demo.groups] == [group.code for group in told.place.groups]
    assert demo.capture_open
    assert demo.about["en"].startswith(told.place.notice["en"])


def test_everything_told_is_there_but_what_was_withdrawn(
    demo: Inquiry, made: PrivateDatabase, told: content.DemoContent
) -> None:
    withdrawn = [one.key for one in told.stories if one.withdrawn]
    assert len(withdrawn) == 1
    assert of_key(made, demo, withdrawn[0]) is None
    everything = [*told.stories, *told.reflections, *told.feedback]
    assert stories.count(made) == len(everything) - 1
    assert all(of_key(made, demo, one.key) for one in everything if one.key not in withdrawn)


def test_stories_are_told_within_their_cycles_and_not_in_the_future(
    demo: Inquiry, made: PrivateDatabase
) -> None:
    cycles = {cycle.code: cycle for cycle in demo.cycles}
    for story in stories.listing(made, limit=1_000):
        day = date.fromisoformat(story.told_at[:10])
        assert story.cycle is not None
        assert cycles[story.cycle].starts <= day <= cycles[story.cycle].ends
        assert datetime.fromisoformat(story.told_at) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 22), date(2025, 9, 1), date(2026, 9, 1)),
        (date(2026, 8, 31), date(2024, 9, 1), date(2025, 9, 1)),
        (date(2030, 9, 1), date(2029, 9, 1), date(2030, 9, 1)),
    ],
)
def test_today_is_always_in_the_second_cycle(
    told: content.DemoContent, today: date, first: date, last: date
) -> None:
    place = settings.moved_to(told.place, today)
    assert [cycle.starts for cycle in place.cycles] == [first, last]
    assert place.cycles[-1].starts <= today <= place.cycles[-1].ends


def test_promise_10_people_settled_on_the_themes_and_the_trail_shows_it(
    demo: Inquiry, made: PrivateDatabase, told: content.DemoContent
) -> None:
    by_name = {theme.name: theme for theme in themes.listing(made)}
    assert set(by_name) == {theme.name for theme in told.themes}
    for theme in told.themes:
        found = by_name[theme.name]
        assert (found.state, found.endorsed_role, found.to_endorse) == ("endorsed", "evaluator", 0)
        inside = {member.story for member in themes.members(made, found.id)}
        meant = [one for one in told.stories if one.theme == theme.key and not one.withdrawn]
        placed = [of_key(made, demo, one.key) for one in meant]
        assert inside == {story.id for story in placed if story is not None}
    trail = {row["action"] for row in audit.listing(made, limit=10_000)}
    assert {"propose_themes", "rename_theme", "add_to_theme", "endorse_theme"} <= trail
    assert audit.verify(made).whole


def test_promise_11_no_act_of_a_single_person_is_in_the_published_trail(
    made: PrivateDatabase,
) -> None:
    """Two cycles with all that people do in them: an act is either published or stays inside."""
    shown = audit.public_rows(made)
    acts = {row["action"] for row in shown}
    inside = {row["action"] for row in audit.listing(made, limit=10_000) if row["inside"]}
    assert {"join_circle", "add_item", "answer_statement", "withdraw", "appeal"} <= inside
    assert {"open_circle", "put_statement", "outcome_none", "publish"} <= acts
    assert acts & inside == set()
    assert {row["role"] for row in shown} & set(audit.TAKING_PART) == set()


def test_promise_09_no_story_is_lost(made: PrivateDatabase) -> None:
    account = accounting.account(made)
    assert account.balanced
    assert all(account.places[place] for place in ("in_a_theme", "stands_alone", "withdrawn"))


def test_redactions_are_those_of_the_made_up_readers(
    demo: Inquiry, made: PrivateDatabase, told: content.DemoContent
) -> None:
    for one in told.stories:
        story = of_key(made, demo, one.key)
        if story is None or not one.release:
            continue
        assert story.state == "released"
        reviewed = redactions.reviewed_texts(made, story.id)["telling"]
        expected = one.telling
        for cut in one.redact:
            expected = expected.replace(cut.text, f"[{cut.label}]")
        assert reviewed == expected


def test_promise_10_what_people_read_for_codes_says_who_and_what_it_taught(
    demo: Inquiry, made: PrivateDatabase, told: content.DemoContent
) -> None:
    found = codings.everywhere(made)
    meant = [len(begins) for one in told.readings for begins in one.codes.values()]
    assert sum(one.yes for one in found) == sum(meant) and any(not one.yes for one in found)
    assert len({name for one in found for name, _ in one.by}) >= 3
    assert {one.passage.question for one in found} >= {"telling", "changed", "next"}
    assert len(readings.listing(made)) == len(told.readings)
    assert any(one.may_leave for one in examples.listing(made))
    machine = Machine(demo.folder)
    machine.state(made)
    machine.wait()
    quality = machine.quality(made, curve=True)
    assert quality is not None and quality.readings >= 20 and len(quality.curve) >= 2
    assert quality.micro_f1 is not None and any(one.precision for one in quality.codes)


def test_some_stories_wait_on_the_desk(made: PrivateDatabase) -> None:
    assert stories.count(made, state="unread") >= 10


def test_the_findings_are_live_sound_and_show_both_kinds_of_figures(demo: Inquiry) -> None:
    live = publishing.live_build(demo.folder)
    assert live is not None
    build = file_of(demo.folder, live)
    verdict = publishing.verify_build(build)
    assert verdict.sound, verdict.sentences
    assert {row["shown"] for row in read_rows(build, "participation")} == {"shown", "hidden"}
    quotes = read_rows(build, "quotes")
    assert len(quotes) >= 30
    assert {row["language"] for row in quotes} == {"en", "fr"}
    assert any("[" in row["text"] for row in quotes)
    assert read_rows(build, "inquiry")[0]["example"] == 1


def test_the_example_people_can_sign_in(made: PrivateDatabase, told: content.DemoContent) -> None:
    for one in told.people:
        person = people.sign_in(made, one.name, told.password)
        assert person is not None
        assert person.role == one.role


def test_the_command_uses_a_demo_that_is_there_and_tells_how_to_come_in(
    demo: Inquiry, told: content.DemoContent
) -> None:
    words = ["demo", "--folder", str(demo.folder), "--no-serve"]
    before = stories_in(demo)
    result = click.testing.CliRunner().invoke(main, [*words, "--json"])
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    with open_database(demo.folder) as db:
        assert receipts.find(db, said["receipt"]) is not None
        (table,) = said["tables"]
        assert circles.by_table_code(db, table) is not None
    assert stories_in(demo) == before
    spoken = click.testing.CliRunner().invoke(main, words).stdout
    for words_said in (
        *(one.name for one in told.people),
        told.password,
        said["receipt"][:4],
        table[:3],
    ):
        assert words_said in spoken


def stories_in(demo: Inquiry) -> int:
    with open_database(demo.folder) as db:
        return stories.count(db)


def test_a_real_inquiry_or_a_full_folder_is_never_touched(tmp_path: Path) -> None:
    real = create(tmp_path / "real", name="A", locality="B")
    with pytest.raises(InquiryError, match="holds a real inquiry"):
        fill.make(real.folder)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(InquiryError, match="is not empty"):
        fill.make(tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter.txt"]


def test_a_demo_that_failed_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fill, "_tell", stop)
    with pytest.raises(KeyboardInterrupt):
        fill.make(tmp_path / "demo")
    assert list(tmp_path.iterdir()) == []
