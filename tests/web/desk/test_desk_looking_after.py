"""People, tablets, paper, publishing: what keeps an inquiry going."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import segno
from flask import Flask, render_template

from par_toolkit import publishing
from par_toolkit.inquiry import Inquiry
from par_toolkit.publishing import PublishError
from par_toolkit.storage import backups, devices, people, receipts, stories
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web.desk.devices import end_of, reach
from par_toolkit.web.handling import once
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, text_of


def test_a_new_persons_link_is_shown_once(desk: Callable[..., Desk], db: PrivateDatabase) -> None:
    steward = desk("steward")
    fields = {"person": "Made-up Newcomer", "role": "evaluator"}
    shown = steward.press("/desk/people", "/desk/people", fields).headers["Location"]
    page = steward.text(shown)
    code = page.split("/desk/welcome#", 1)[1].split('"', 1)[0]
    found = people.by_link(db, code)
    assert found is not None and found.name == "Made-up Newcomer"
    assert code not in shown
    assert code not in steward.text(shown) and "not shown any more" in steward.text(shown)


@pytest.mark.parametrize(
    "fields",
    [
        {"person": "", "role": "steward"},
        {"person": "x" * 1_000_000, "role": "steward"},
        {"person": "a\0b", "role": "steward"},
        {"person": "Made-up X", "role": "emperor"},
        {"person": "Made-up X", "role": ""},
    ],
)
def test_a_person_who_cannot_be_added_is_refused(
    desk: Callable[..., Desk], db: PrivateDatabase, fields: dict[str, str]
) -> None:
    answer = desk("steward").press("/desk/people", "/desk/people", fields)
    assert answer.status_code == 422
    assert len(people.listing(db)) == 1


@pytest.mark.parametrize("disabled", [False, True])
def test_promise_08_nobody_can_become_a_second_person_with_a_new_link(
    desk: Callable[..., Desk], db: PrivateDatabase, disabled: bool
) -> None:
    steward = desk("steward", name="Made-up Steward")
    facilitator = desk("facilitator")
    if disabled:
        people.disable(db, "Made-up Steward")
    fields = {"person": "made-up  steward", "role": "steward"}
    answer = facilitator.press("/desk/people", "/desk/people", fields)
    assert answer.status_code == 422 and "par people add" in text_of(answer)
    if not disabled:
        assert steward.get("/desk/").status_code == 200, "and their own access goes on"


def test_a_link_that_was_never_used_can_be_given_again(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    steward = desk("steward")
    fields = {"person": "Made-up Newcomer", "role": "evaluator"}
    for _ in range(2):
        assert steward.press("/desk/people", "/desk/people", fields).status_code == 303
    assert len(people.listing(db)) == 2


def test_nobody_ends_their_own_access(desk: Callable[..., Desk]) -> None:
    steward = desk("steward")
    answer = steward.post("/desk/people/disable", {"name": steward.name})
    assert answer.status_code == 422 and steward.get("/desk/").status_code == 200
    assert steward.post("/desk/people/disable", {"name": "Nobody"}).status_code == 422


def test_a_tablet_is_paired_until_tonight_and_revoked(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    steward = desk("steward")
    fields = {"device": "Tablet of the hall", "until": "tonight"}
    shown = steward.press("/desk/devices", "/desk/devices", fields).headers["Location"]
    page = steward.text(shown)
    code = page.split("/tell/device#", 1)[1].split('"', 1)[0]
    assert devices.grouped(code) in page
    assert "The pairing ends:" in page
    device = devices.by_token(db, code)
    assert device is not None and device.until == end_of(0)
    assert code not in steward.text(shown)
    devices.seen(db, device, numbers=(1, 43))
    assert "0 of 43 arrived" in text_of(steward.get("/desk/devices"))
    assert "0 of 43 arrived" in text_of(steward.get("/desk/"))
    act = f"/desk/devices/{device.id}/revoke"
    assert steward.press("/desk/devices", act).status_code == 303
    assert devices.by_token(db, code) is None
    assert steward.post(act).status_code == 422


@pytest.mark.parametrize(
    ("base", "warned"),
    [
        ("http://localhost", "works only on this computer"),
        ("http://10.0.0.7:8000", "does not begin with https"),
        ("https://hall.example", ""),
    ],
)
def test_the_square_of_a_pairing_holds_its_link_and_says_how_far_it_carries(
    app: Flask, base: str, warned: str
) -> None:
    with app.test_request_context("/desk/devices", base_url=base):
        link = f"{base}/tell/device#{'0' * 24}"
        secret = once.Secret("device", "Tablet 3", link, "0000", None)
        page = render_template("desk/link.html", secret=secret, reach=reach())
    drawn = [[bool(dark) for dark in row] for row in segno.make(link, error="m").matrix]
    assert squares(page) == drawn
    warnings = ("works only on this computer", "does not begin with https")
    assert [each for each in warnings if each in page] == ([warned] if warned else [])


def squares(page: str) -> list[list[bool]]:
    """Read the dark squares of a QR code back from the lines of its drawing."""
    path = re.search(r'class="qr".*? d="([^"]+)"', page, re.DOTALL)
    size = re.search(r'viewBox="0 0 (\d+)', page)
    assert path and size
    border, side = 3, int(size[1]) - 6
    found = [[False] * side for _ in range(side)]
    x = y = 0.0
    for step, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path[1]):
        if step == "M":
            x, y = float(first), float(second)
        elif step == "m":
            x, y = x + float(first), y + float(second)
        else:
            for dark in range(int(float(first))):
                found[int(y) - border][int(x) - border + dark] = True
            x += float(first)
    return found


def test_tonight_is_the_end_of_this_day_here() -> None:
    until = end_of(0)
    assert until is not None and end_of(None) is None
    local = datetime.fromisoformat(until).astimezone()
    assert (local.hour, local.minute, local.second) == (23, 59, 59)
    assert local.date() == datetime.now(UTC).astimezone().date()


@pytest.mark.parametrize("fields", [{"device": ""}, {"device": "x" * 101}, {"until": "never ever"}])
def test_a_tablet_that_cannot_be_paired_is_refused(
    desk: Callable[..., Desk], db: PrivateDatabase, fields: dict[str, str]
) -> None:
    answer = desk("steward").press("/desk/devices", "/desk/devices", {"device": "Hall"} | fields)
    assert answer.status_code == 422 and devices.listing(db) == []


def test_paper_is_keyed_in_with_a_source_of_its_own_and_a_code(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    at_desk = desk("evaluator")
    fields = {"telling": "The bus stopped.", "consent-analyse": "yes", "group": "residents"}
    answer = at_desk.press("/desk/paper/story", "/desk/paper/story", fields)
    page = text_of(at_desk.get(answer.headers["Location"]))
    kept = stories.listing(db)[0]
    assert (kept.source, kept.answers["telling"]) == ("paper", "The bus stopped.")
    assert kept.consent == {"analyse": True, "quote": False, "publish": False, "contact": False}
    code = receipts.normalise(
        page.split("Receipt code for the teller", 1)[1].split("inquiry")[1][:21]
    )
    assert code and receipts.stories_of(db, receipts.find(db, code) or 0) == [kept.id]


def test_paper_keeps_the_code_that_stands_on_it(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    at_desk = desk("evaluator")
    fields = {"telling": "The bus stopped.", "receipt": "1234 5678-9012 3456"}
    assert at_desk.press("/desk/paper/story", "/desk/paper/story", fields).status_code == 303
    assert receipts.find(db, "1234567890123456") is not None


def test_paper_keyed_in_twice_is_kept_once(desk: Callable[..., Desk], db: PrivateDatabase) -> None:
    at_desk = desk("evaluator")
    opened = forms_of(at_desk.get("/desk/paper/story"))["/desk/paper/story"].fields
    typed = opened | {"telling": "The bus stopped."}
    for _ in range(2):
        answer = at_desk.client.post("/desk/paper/story", data=typed)
        assert answer.status_code == 303
    assert stories.count(db) == 1
    assert "It is kept once" in text_of(at_desk.get(answer.headers["Location"]))


@pytest.mark.parametrize(
    "fields", [{"telling": ""}, {"telling": "Kept words", "receipt": "12"}, {"group": "martians"}]
)
def test_refused_paper_keeps_every_word(
    desk: Callable[..., Desk], db: PrivateDatabase, fields: dict[str, str]
) -> None:
    typed = {"title": "A title", "consent-quote": "yes"} | fields
    answer = desk("evaluator").press("/desk/paper/story", "/desk/paper/story", typed)
    assert answer.status_code == 422 and stories.count(db) == 0
    shown = forms_of(answer)["/desk/paper/story"].fields
    assert shown["title"] == "A title" and shown["consent-quote"] == "yes"
    assert shown["telling"] == fields.get("telling", "")


def test_publishing_says_first_what_stays_here_and_why(
    desk: Callable[..., Desk], told: Callable[..., int], inquiry: Inquiry
) -> None:
    told("The bus stopped.")
    told("The bus came.", consent={"quote": False})
    steward, evaluator = desk("steward"), desk("evaluator")
    page = text_of(steward.get("/desk/publish"))
    assert "1 story: two people have not said yes yet" in page
    assert "1 story: the teller has not agreed" in page
    assert "/desk/publish" not in forms_of(evaluator.get("/desk/publish"))
    assert evaluator.post("/desk/publish").status_code == 403
    for number in (1, 2):
        assert steward.press("/desk/publish", "/desk/publish").status_code == 303
        assert publishing.live_build(inquiry.folder) == number
    answer = steward.press("/desk/publish", "/desk/publish/roll-back")
    assert answer.status_code == 303 and publishing.live_build(inquiry.folder) == 1
    assert steward.post("/desk/publish/roll-back", {"build": "99"}).status_code == 422


def test_a_refusal_to_publish_is_a_plain_sentence(
    desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PublishError("unbalanced", "3 came in but 2 are accounted for.")

    steward = desk("steward")
    monkeypatch.setattr(publishing, "publish", refuse)
    answer = steward.press("/desk/publish", "/desk/publish")
    assert answer.status_code == 422 and "Nothing was published" in text_of(answer)


def test_promise_16_the_page_says_in_french_why_publishing_would_be_refused(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    db.change("update counters set value = value + 1 where name = 'stories_in'")
    steward = desk("steward")
    page = text_of(steward.get("/desk/publish?lang=fr"))
    assert "serait refusée" in page, page
    assert "stories came in" not in page


def test_the_desk_says_that_no_backup_was_made_and_that_one_person_is_alone(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    """With the controls beside: nothing of it is said where there is no reason to."""
    one = desk("facilitator")
    for days, late in ((6, False), (9, True)):
        db.change("delete from backups")
        made = datetime.now(UTC) - timedelta(days=days, hours=1)
        backups.note(db, made_at=made.isoformat(timespec="seconds"), size=1, keepers=0)
        assert ("No backup was made for 9 days" in one.text("/desk/")) is late
    assert "Two people are needed to release words" in one.text("/desk/")
    assert "Add another person" in one.text("/desk/")
    assert "Ask a facilitator or a steward to add" in desk("evaluator").text("/desk/")
    desk("steward")
    assert "Two people are needed" not in one.text("/desk/")
    people.disable(db, one.name)
    assert "Two people are needed" in desk("evaluator").text("/desk/")
