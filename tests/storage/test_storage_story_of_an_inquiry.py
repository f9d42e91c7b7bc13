"""Whatever people do in whatever order: every story is accounted for, nothing withdrawn returns."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from par_toolkit import inquiry
from par_toolkit.storage import (
    accounting,
    audit,
    consents,
    people,
    receipts,
    runs,
    shaping,
    stories,
    themes,
    withdrawals,
)
from par_toolkit.storage.database import PrivateDatabase, open_database


class InquiryMachine(RuleBasedStateMachine):
    """Tells, repeats, differs, narrows, themes and withdraws, beside a model of what must hold."""

    told = Bundle("told")
    withdrawn = Bundle("withdrawn")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp()) / "inquiry"
        inquiry.create(self.folder, name="Made up", locality="Nowhere")
        self.db = open_database(self.folder, create=True)
        people.add(self.db, "Example Steward", "steward")
        person = people.by_name(self.db, "Example Steward")
        assert person is not None
        self.steward = person
        self.here: dict[str, stories.Told] = {}
        self.came_in = 0

    def teardown(self) -> None:
        self.db.close()
        shutil.rmtree(self.folder.parent)

    @rule(target=told, analyse=st.booleans(), words=st.sampled_from(["one", "two words", "x" * 50]))
    def tell(self, analyse: bool, words: str) -> stories.Told:
        told = stories.Told(
            uuid=str(uuid4()),
            form="story",
            form_version=1,
            language="en",
            answers={"telling": words},
            words=("telling",),
            consent={"analyse": analyse},
            wording=1,
            source="web",
            receipt=receipts.new_code(),
        )
        assert stories.keep(self.db, told).status == "stored"
        self.here[told.uuid] = told
        self.came_in += 1
        return told

    @rule(told=told)
    def send_again(self, told: stories.Told) -> None:
        assert stories.keep(self.db, told).status == (
            "same" if told.uuid in self.here else "withdrawn"
        )

    @rule(told=told)
    def consent_changes(self, told: stories.Told) -> None:
        if told.uuid in self.here:
            story = self.id_of(told)
            wish = not consents.today(self.db, story)["analyse"]
            consents.change(self.db, story, {"analyse": wish}, wording=1, source="mine")

    @rule(target=withdrawn, told=consumes(told))
    def withdraw(self, told: stories.Told) -> stories.Told:
        assert told.receipt is not None
        expected = int(told.uuid in self.here)
        assert withdrawals.withdraw(self.db, told.receipt).stories == expected
        self.here.pop(told.uuid, None)
        return told

    @rule(told=withdrawn)
    def an_old_tablet_sends_it_again(self, told: stories.Told) -> None:
        assert stories.keep(self.db, told).status == "withdrawn"

    @rule(told=withdrawn)
    def it_comes_again_under_another_uuid(self, told: stories.Told) -> None:
        again = stories.Told(**{**told.__dict__, "uuid": str(UUID(int=uuid4().int))})
        assert stories.keep(self.db, again).status == "withdrawn", "the receipt is remembered"

    @rule(split=st.integers(0, 3))
    def theme(self, split: int) -> None:
        ids = [row[0] for row in runs.texts(self.db)]
        members = [runs.ProposedMember(one, 0.5, "telling", 0, 1) for one in ids[split:]]
        run = runs.RunRecord(
            seed=0,
            settings={},
            versions={},
            texts_hash="",
            limits=(),
            seconds=0.0,
            texts=(),
            themes=[runs.ProposedTheme(("words",), members)],
            shelf=[runs.ProposedShelf(one, "says_little", "short") for one in ids[:split]],
        )
        runs.record(self.db, run)

    @rule()
    def endorse_or_reject(self) -> None:
        for number, theme in enumerate(themes.listing(self.db, states=("proposed",))):
            act = shaping.endorse if number % 2 else shaping.reject
            act(self.db, theme.id, by=self.steward)

    def id_of(self, told: stories.Told) -> int:
        return int(self.db.value("select id from stories where uuid = :uuid", {"uuid": told.uuid}))

    @invariant()
    def every_story_is_accounted_for(self) -> None:
        account = accounting.account(self.db)
        assert account.came_in == self.came_in
        assert account.balanced, account
        for place, count in account.places.items():
            if place != "withdrawn":
                assert len(accounting.listing(self.db, place)) == count

    @invariant()
    def only_what_may_be_analysed_is_handed_out(self) -> None:
        for story, *_ in runs.texts(self.db):
            assert consents.today(self.db, story)["analyse"]

    @invariant()
    def the_trail_is_whole(self) -> None:
        assert audit.verify(self.db).whole


InquiryMachine.TestCase.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
TestInquiry = InquiryMachine.TestCase


def test_a_number_of_a_withdrawn_story_is_never_given_again(
    db: PrivateDatabase, tell: Callable[..., stories.Kept]
) -> None:
    last = tell(receipt="1234123412341234").story_id
    withdrawals.withdraw(db, "1234123412341234")
    assert tell().story_id not in (None, last), (
        "a page left open would act on somebody else's story"
    )
