"""How a teller may be reached: through every door, only where they said yes, and theirs to undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from par_toolkit.inquiry import Inquiry
from par_toolkit.keeping import back_up, restore
from par_toolkit.publishing import follow_withdrawals, publish
from par_toolkit.storage import contacts, devices, receipts, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase, open_database
from tests.sealed import SealingTablet
from tests.web.desk.conftest import Desk, desk  # noqa: F401
from tests.web.pages import forms_of, send, show_mine, text_of
from tests.web.pages import tell as tell_on_page
from tests.web.test_web_api import UUID, Tablet, said, story

CANARY = "Canary, 3 Example Lane, 020 7946 0000"
YES = {"analyse": True, "quote": True, "publish": False, "contact": True, "wording": 1}


def kept(db: PrivateDatabase) -> list[str]:
    return [one.words for one in contacts.every(db)]


def holding(inquiry: Inquiry, words: bytes = CANARY.encode()) -> list[str]:
    """Name the files of the inquiry that hold something, but for backups made before."""
    found = [p for p in inquiry.folder.rglob("*") if p.is_file() and p.suffix != ".par"]
    return [path.name for path in found if words in path.read_bytes()]


def test_the_page_asks_and_keeps_it_only_with_a_yes(
    client: FlaskClient, db: PrivateDatabase, inquiry: Inquiry
) -> None:
    tell_on_page(client, "One.", consent=("contact",), **{"contact-how": f"  {CANARY}\u202e\n"})
    tell_on_page(client, "Two.", consent=("quote",), **{"contact-how": CANARY})
    tell_on_page(client, "Three.", consent=("contact",), **{"contact-how": " \u200b "})
    assert kept(db) == [CANARY]
    assert holding(inquiry) == []
    assert CANARY not in str([one.answers for one in stories.listing(db)])


def test_a_refused_telling_comes_back_with_what_was_typed(client: FlaskClient) -> None:
    fields = forms_of(client.get("/tell/story?lang=en"))["/tell/story"].fields
    fields |= {"telling": "", "consent-contact": "yes", "contact-how": CANARY}
    answer = send(client, "/tell/story", fields)
    assert answer.status_code == 422
    assert forms_of(answer)["/tell/story"].fields["contact-how"] == CANARY
    fields["language"] = "fr"
    assert forms_of(send(client, "/tell/story", fields))["/tell/story"].fields["contact-how"]


def test_programs_and_tablets_send_it_with_the_story(
    client: FlaskClient, db: PrivateDatabase, inquiry: Inquiry
) -> None:
    token = devices.add(db, "Made-up tablet")
    plain, sealing = Tablet(client, token), SealingTablet(client, token, inquiry.folder)
    answer = plain.put(story(consent=YES, contact=CANARY))
    assert answer.status_code == 201
    assert CANARY not in answer.get_data(as_text=True)
    assert plain.put(story(consent=YES, contact=CANARY)).status_code == 200
    other = UUID.replace("0b9f", "1c9f")
    assert sealing.tell(story(consent=YES, contact="Sealed", device_seq=42), uuid=other)
    assert kept(db) == [CANARY, "Sealed"]
    third = UUID.replace("0b9f", "2c9f")
    assert plain.put(story(contact=CANARY), uuid=third).status_code == 201, "kept without"
    assert len(kept(db)) == 2
    assert plain.put(story(consent=YES, contact="New number")).status_code == 202
    assert sorted(kept(db)) == [CANARY, "New number", "Sealed"], "a sibling's, beside it"


@pytest.mark.parametrize("wrong", [12, ["a"], {"a": 1}, True, "x" * 2_000_001])
def test_what_is_no_text_is_refused_by_name(
    client: FlaskClient, db: PrivateDatabase, wrong: Any
) -> None:
    answer = Tablet(client, devices.add(db, "T")).put(story(consent=YES, contact=wrong))
    assert answer.status_code == 422
    assert list(said(answer)["errors"]) == ["contact"]


def test_half_a_pair_in_it_refuses_no_story(client: FlaskClient, db: PrivateDatabase) -> None:
    tablet = Tablet(client, devices.add(db, "T"))
    assert tablet.put(story(consent=YES, contact="a\ud800b")).status_code == 201
    assert kept(db) == ["a\ufffdb"]


def test_paper_is_keyed_in_with_it(
    desk: Callable[..., Desk],  # noqa: F811
    db: PrivateDatabase,
) -> None:
    fields = {"telling": "On paper.", "consent-contact": "yes", "contact-how": CANARY}
    answer = desk("facilitator").press("/desk/paper/story", "/desk/paper/story", fields)
    assert answer.status_code == 303
    assert kept(db) == [CANARY]


def test_the_printed_form_has_room_for_it(client: FlaskClient) -> None:
    assert "how may we reach you" in text_of(client.get("/tell/story/paper?lang=en"))
    assert "comment vous joindre" in text_of(client.get("/tell/story/paper?lang=fr"))


def decide(client: FlaskClient, code: str, fields: dict[str, str], *, drop: str = "") -> str:
    """Open my story and save what was decided there; `drop` is a box to untick."""
    page = show_mine(client, code)
    posted = forms_of(page)["/mine/consent"].fields | fields
    posted.pop(drop, None)
    answer = client.post("/mine/consent", data=posted)
    assert answer.status_code == 200
    return text_of(answer)


def test_the_holder_of_the_code_sees_that_it_is_there_changes_and_erases_it(
    client: FlaskClient, db: PrivateDatabase, inquiry: Inquiry
) -> None:
    code = tell_on_page(client, "One.", consent=("contact",), **{"contact-how": CANARY})
    page = show_mine(client, code)
    assert "You told us on" in text_of(page)
    assert CANARY not in page.get_data(as_text=True), "whoever found the slip learns no number"
    assert "Saved." in decide(client, code, {"contact-how": "Another"})
    assert kept(db) == ["Another"]
    assert "Nothing was changed." in decide(client, code, {})
    assert kept(db) == ["Another"], "an empty box changes nothing"
    said = decide(client, code, {"do": "forget-contact", "contact-how": "Not this"})
    assert "is erased" in said and "You told us on" not in said
    assert kept(db) == []
    story = stories.listing(db)[0]
    assert story.consent["contact"], "only what says how is erased"
    assert "Saved." in decide(client, code, {"contact-how": "Once more"})
    assert kept(db) == ["Once more"]
    assert "Saved." in decide(client, code, {"contact-how": "Never"}, drop="consent-contact")
    assert kept(db) == []
    acts = [row["action"] for row in db.rows("select action from audit_inside order by seq")]
    assert acts == ["change_contact", "forget_contact", "change_contact", "change_consent"]


@pytest.mark.also_encrypted
@pytest.mark.parametrize("how", ["withdraw", "consent", "erase"])
def test_promise_06_taken_back_it_is_gone_to_the_last_byte_and_from_a_restored_backup(
    client: FlaskClient, db: PrivateDatabase, inquiry: Inquiry, how: str, encrypted: bool
) -> None:
    tell_on_page(client, "Stays.", consent=("contact",), **{"contact-how": "Stays too"})
    code = tell_on_page(client, "One.", consent=("contact",), **{"contact-how": CANARY})
    cell = bytes(db.value("select cell from contacts order by story desc limit 1"))
    assert encrypted or holding(inquiry, cell), "the control: it was there"
    backup = back_up(inquiry.folder)
    if how == "withdraw":
        withdrawals.withdraw(db, code)
    elif how == "consent":
        decide(client, code, {}, drop="consent-contact")
    else:
        decide(client, code, {"do": "forget-contact"})
    follow_withdrawals(inquiry.folder, db=db)
    assert withdrawals.finish_erasure(db).done
    assert holding(inquiry, cell) == []
    db.close()
    restore(backup.path, inquiry.folder)
    with open_database(inquiry.folder) as restored:
        assert kept(restored) == ["Stays too"]
        follow_withdrawals(inquiry.folder, db=restored)
        assert withdrawals.finish_erasure(restored).done
    assert holding(inquiry, cell) == []


def test_it_is_in_no_build_no_log_and_no_list(
    client: FlaskClient,
    db: PrivateDatabase,
    inquiry: Inquiry,
    desk: Callable[..., Desk],  # noqa: F811
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("DEBUG"):
        tell_on_page(client, "One.", consent=("contact", "publish"), **{"contact-how": CANARY})
        publish(inquiry.folder)
        reader = desk("facilitator")
        pages = ["/desk/", "/desk/stories", f"/desk/stories/{stories.ids(db)[0]}", "/desk/themes"]
        for page in pages:
            assert CANARY not in reader.text(page)
    assert CANARY not in caplog.text
    assert holding(inquiry) == []


def test_a_code_that_is_another_ones_reaches_nothing(
    client: FlaskClient, db: PrivateDatabase
) -> None:
    tell_on_page(client, "One.", consent=("contact",), **{"contact-how": CANARY})
    own = tell_on_page(client, "Two.")
    story = receipts.stories_of(db, receipts.find(db, own) or 0)[0]
    other = next(one for one in stories.ids(db) if one != story)
    decide(client, own, {"story": str(other), "do": "forget-contact"})
    decide(client, own, {"story": str(other), "consent-contact": "yes", "contact-how": "Mine"})
    assert kept(db) == [CANARY]
