"""Promise 9: no story is lost in theming, and a point that one voice makes is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from par_toolkit.publishing import PublishError, live_build, preview, publish
from par_toolkit.storage import accounting, shaping, tombstones, withdrawals
from tests.publishing.inquiries import Place


def test_promise_09_stories_in_are_stories_accounted_for_at_each_publish(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    told = [place.tell(f"The bus, number {n}.") for n in range(6)]
    place.tell("Do not read this.", consent=("quote",))
    place.theme(told[:3])
    shaping.shelve(place.db, told[3], reason="alone", by=place.two)
    withdrawals.withdraw_story(place.db, told[4])
    publish(place.folder)
    account = accounting.account(place.db)
    assert account.came_in == 7
    assert account.places == {
        "no_consent": 1, "in_a_theme": 3, "stands_alone": 1, "says_little": 0, "waiting": 1,
        "spoken": 0, "sealed": 0, "withdrawn": 1,
    }  # fmt: skip


def test_promise_09_a_lost_story_stops_publishing(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    story = place.tell()
    place.tell()
    publish(place.folder)
    place.db.change("delete from stories where id = :id", {"id": story})  # past every door
    with pytest.raises(PublishError, match="2 stories came in but 1 are accounted for"):
        publish(place.folder)
    assert "2 stories came in" in str(preview(place.folder).refusal)
    assert live_build(place.folder) == 1


def test_promise_09_a_single_voice_is_shown_without_a_theme(tmp_path: Path) -> None:
    place = Place(tmp_path / "inquiry")
    place.theme([place.tell(f"The bus, number {n}.") for n in range(4)])
    alone = place.tell("Only I saw the heron.")
    shaping.shelve(place.db, alone, reason="alone", by=place.two)
    publish(place.folder)
    rows = place.rows(
        "select text, theme from quotes left join quote_themes on quote = quotes.id order by text"
    )
    assert [row["text"] for row in rows if row["theme"] is None] == ["Only I saw the heron."]
    assert len(rows) == 5


def test_promise_09_a_ledger_of_later_withdrawals_keeps_the_balance(tmp_path: Path) -> None:
    """A story told and withdrawn after the backup came in too; publishing goes on."""
    place = Place(tmp_path / "inquiry")
    place.tell()
    ledger = tmp_path / "ledger.jsonl"
    mark = tombstones.story_mark(place.db, "some-other-uuid")
    ledger.write_text(f'{{"mark": "{mark}", "kind": "story", "themed": true}}\n')
    for _ in range(2):  # the same ledger again adds nothing
        withdrawals.apply_ledger(place.db, ledger)
        assert accounting.account(place.db).balanced
        assert accounting.account(place.db).came_in == 2
    publish(place.folder)
