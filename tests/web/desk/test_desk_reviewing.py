"""Hiding words and releasing them: promises 8 and 10, and two different people."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from par_toolkit.storage import consents, people, redactions, releases, stories, withdrawals
from par_toolkit.storage.database import PrivateDatabase
from tests.web.desk.conftest import Desk
from tests.web.pages import forms_of, text_of

TELLING = "👩🏽‍⚕️ The nurse rang 07700 900123. 🎉 Call Mr Madeup on 07700 900123 again."


@pytest.fixture
def story(told: Callable[..., int]) -> int:
    return told(TELLING, title="The call")


def reads(db: PrivateDatabase, story: int) -> str:
    return redactions.reviewed_texts(db, story)["telling"]


def decide_all(at_desk: Desk, story: int, do: str) -> None:
    """Open the story and decide on each suggestion, one after the other."""
    while True:
        acts = [
            act
            for act in forms_of(at_desk.get(f"/desk/stories/{story}"))
            if act.startswith(f"/desk/stories/{story}/redactions/") and not act.endswith("/all")
        ]
        waiting = [
            act
            for act in acts
            if f'id="r{act.rsplit("/", 1)[1]}"' in at_desk.text(f"/desk/stories/{story}")
        ]
        if not waiting:
            return
        at_desk.press(f"/desk/stories/{story}", waiting[0], {"do": do})


def test_opening_a_story_suggests_and_marks_in_words(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    page = desk("evaluator").get(f"/desk/stories/{story}")
    assert "phone number?" in text_of(page)
    assert "<mark>" in page.get_data(as_text=True)
    assert stories.get(db, story).state == "read"
    assert all(one.state == "suggested" for one in redactions.for_story(db, story))


def test_promise_10_nothing_suggested_is_hidden_until_a_person_says_so(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    desk("evaluator").get(f"/desk/stories/{story}")
    assert redactions.undecided(db, story) >= 2
    assert reads(db, story) == TELLING


def test_accept_all_hides_what_the_page_showed(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    at_desk = desk("facilitator")
    shown = at_desk.text(f"/desk/stories/{story}")
    ids = [str(one.id) for one in redactions.for_story(db, story)]
    assert all(f'name="shown" value="{one}"' in shown for one in ids)
    act = f"/desk/stories/{story}/redactions/all"
    answer = at_desk.post(act, {"shown": ids[:1]})
    assert answer.status_code == 422 and redactions.undecided(db, story) == len(ids)
    assert at_desk.post(act, {"shown": ids}).status_code == 303
    assert redactions.undecided(db, story) == 0
    assert "07700" not in reads(db, story) and "[phone number]" in reads(db, story)


def test_a_suggestion_may_be_hidden_under_another_label_or_left(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    at_desk = desk("facilitator")
    at_desk.get(f"/desk/stories/{story}")
    phones = [one for one in redactions.for_story(db, story) if one.label == "phone number"]
    path = f"/desk/stories/{story}/redactions/"
    at_desk.press(
        f"/desk/stories/{story}", f"{path}{phones[0].id}", {"do": "hide", "label": "her number"}
    )
    at_desk.press(f"/desk/stories/{story}", f"{path}{phones[1].id}", {"do": "leave"})
    assert "rang [her number]." in reads(db, story)
    assert "on 07700 900123 again" in reads(db, story)
    at_desk.press(f"/desk/stories/{story}", f"{path}{phones[0].id}", {"do": "leave"})
    assert "rang 07700 900123." in reads(db, story)


def test_words_selected_behind_an_emoji_are_hidden_exactly(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    start = TELLING.index("The nurse")
    assert start == 6  # five code points and a space; in UTF-16 it would be 8
    desk("evaluator").press(
        f"/desk/stories/{story}",
        f"/desk/stories/{story}/redactions",
        {"question": "telling", "start": "6", "end": "15", "label": "who", "words": "The nurse"},
    )
    assert reads(db, story).startswith("👩🏽‍⚕️ [who] rang")


def test_words_that_are_typed_are_hidden_everywhere_or_in_one_place(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    at_desk, act = desk("facilitator"), f"/desk/stories/{story}/redactions"
    at_desk.press(
        f"/desk/stories/{story}", act, {"words": "07700 900123", "which": "2", "label": "phone"}
    )
    assert reads(db, story).count("[phone]") == 1 and "on [phone] again" in reads(db, story)
    at_desk.press(f"/desk/stories/{story}", act, {"words": "07700 900123", "label": "phone"})
    assert reads(db, story).count("[phone]") == 2
    at_desk.press(f"/desk/stories/{story}", act, {"words": " 🎉 ", "label": "sign"})
    assert ". [sign] Call" in reads(db, story)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"words": "not in it", "label": "x"}, "These words are not in the story"),
        ({"words": "", "label": "x"}, "Select or type the words"),
        ({"words": "The", "label": ""}, "Say in a few words what is hidden"),
        ({"words": "The", "label": "x" * 1_000_000}, "too long"),
        ({"words": "The", "label": "x", "which": "9"}, "Say which place is meant"),
        ({"words": "The", "label": "x", "which": "0"}, "Say which place is meant"),
        ({"words": "The", "label": "x", "which": "two"}, "Choose one"),
        ({"question": "telling", "start": "5", "end": "5000", "label": "x"}, "Select some"),
        ({"question": "nothing", "start": "0", "end": "5", "label": "x"}, "Select some"),
    ],
)
def test_what_cannot_be_hidden_is_refused_with_what_was_typed(
    desk: Callable[..., Desk], story: int, fields: dict[str, str], sentence: str
) -> None:
    act = f"/desk/stories/{story}/redactions"
    answer = desk("facilitator").press(f"/desk/stories/{story}", act, fields)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert forms_of(answer)[act].fields["words"] == fields.get("words", "")


def test_a_label_is_shown_as_words_and_never_as_a_page(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    at_desk, act = desk("facilitator"), f"/desk/stories/{story}/redactions"
    label = "<script>x</script>\0\u202e"
    answer = at_desk.press(f"/desk/stories/{story}", act, {"words": "nurse", "label": label})
    assert answer.status_code == 303
    assert "[<script>x</script>]" in reads(db, story)
    page = at_desk.text(f"/desk/stories/{story}")
    assert "<script>x" not in page and "&lt;script&gt;x" in page


def test_two_different_people_release_and_one_person_twice_does_not(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    first, second = desk("facilitator"), desk("steward")
    decide_all(first, story, "hide")
    act = f"/desk/stories/{story}/approve"
    seen = forms_of(first.get(f"/desk/stories/{story}"))[act].fields["seen"]
    assert first.press(f"/desk/stories/{story}", act).status_code == 303
    assert act not in forms_of(first.get(f"/desk/stories/{story}"))
    assert first.post(act, {"seen": seen}).status_code == 303
    assert not releases.state(db, story).released
    assert "Waits for a second yes" in first.text("/desk/stories?state=waiting")
    second.press(f"/desk/stories/{story}", act)
    assert releases.state(db, story) == releases.ReleaseState((first.name, second.name), True)
    assert "Released" in second.text(f"/desk/stories/{story}")


def test_one_name_cannot_come_back_in_another_role(desk: Callable[..., Desk]) -> None:
    steward = desk("steward")
    fields = {"person": "Made-up One", "role": "steward"}
    assert steward.press("/desk/people", "/desk/people", fields).status_code == 303
    fields = {"person": "made-up  one", "role": "facilitator"}
    answer = steward.press("/desk/people", "/desk/people", fields)
    assert answer.status_code == 422 and "in another role" in text_of(answer)


def test_a_yes_waits_until_every_suggestion_is_decided(
    desk: Callable[..., Desk], story: int
) -> None:
    at_desk, act = desk("facilitator"), f"/desk/stories/{story}/approve"
    assert act not in forms_of(at_desk.get(f"/desk/stories/{story}"))
    assert at_desk.post(act).status_code == 422


def test_a_yes_is_to_the_words_on_the_page_only(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    first, second, act = desk("facilitator"), desk("steward"), f"/desk/stories/{story}/approve"
    decide_all(first, story, "hide")
    stale = forms_of(first.get(f"/desk/stories/{story}"))[act].fields
    second.press(
        f"/desk/stories/{story}",
        f"/desk/stories/{story}/redactions",
        {"words": "nurse", "label": "job"},
    )
    answer = first.client.post(act, data=stale)
    assert answer.status_code == 422 and "Read it once more" in text_of(answer)
    assert releases.state(db, story).approved_by == ()


def test_promise_8_editing_after_the_yes_clears_it(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    first, second, act = desk("facilitator"), desk("steward"), f"/desk/stories/{story}/approve"
    decide_all(first, story, "hide")
    first.press(f"/desk/stories/{story}", act)
    second.press(f"/desk/stories/{story}", act)
    assert releases.state(db, story).released
    second.press(
        f"/desk/stories/{story}",
        f"/desk/stories/{story}/redactions",
        {"words": "nurse", "label": "job"},
    )
    assert releases.state(db, story) == releases.ReleaseState((), False)
    assert "0 of 2 have said yes" in second.text(f"/desk/stories/{story}")


def test_a_release_can_be_taken_back(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    first, second, act = desk("facilitator"), desk("steward"), f"/desk/stories/{story}/approve"
    decide_all(first, story, "leave")
    first.press(f"/desk/stories/{story}", act)
    second.press(f"/desk/stories/{story}", act)
    first.press(f"/desk/stories/{story}", f"/desk/stories/{story}/take-back")
    assert not releases.state(db, story).released


def test_an_evaluator_reviews_and_leaves_the_yes_to_others(
    desk: Callable[..., Desk], story: int
) -> None:
    at_desk, act = desk("evaluator"), f"/desk/stories/{story}/approve"
    decide_all(at_desk, story, "leave")
    assert act not in forms_of(at_desk.get(f"/desk/stories/{story}"))
    assert at_desk.post(act).status_code == 403


def test_without_consent_to_publish_there_is_nothing_to_release(
    desk: Callable[..., Desk], told: Callable[..., int]
) -> None:
    story, at_desk = told("The bus stopped.", consent={"quote": False}), desk("facilitator")
    page = at_desk.get(f"/desk/stories/{story}")
    assert "there is nothing to release" in text_of(page)
    assert at_desk.post(f"/desk/stories/{story}/approve").status_code == 422


def test_consent_taken_back_meanwhile_refuses_the_yes(
    desk: Callable[..., Desk], told: Callable[..., int], db: PrivateDatabase
) -> None:
    story, at_desk = told("The bus stopped."), desk("facilitator")
    stale = forms_of(at_desk.get(f"/desk/stories/{story}"))[f"/desk/stories/{story}/approve"].fields
    consents.change(db, story, {"quote": False}, wording=1, source="mine")
    answer = at_desk.client.post(f"/desk/stories/{story}/approve", data=stale)
    assert answer.status_code == 422 and "has not agreed" in text_of(answer)


def test_a_story_withdrawn_meanwhile_is_gone_with_a_plain_sentence(
    desk: Callable[..., Desk], story: int, db: PrivateDatabase
) -> None:
    at_desk, page = desk("steward"), f"/desk/stories/{story}"
    opened = forms_of(at_desk.get(page))
    withdrawals.withdraw_story(db, story)
    for act, form in opened.items():
        if act.startswith(page):
            typed = form.fields | {"words": "nurse", "label": "x", "do": "hide", "reason": "why"}
            answer = at_desk.client.post(act, data=typed)
            assert answer.status_code == 404, act
            assert "Its teller may have withdrawn it" in text_of(answer)
            assert "nurse" not in answer.get_data(as_text=True)


def test_another_telling_under_the_same_number_is_shown_beside_it(
    desk: Callable[..., Desk], told: Callable[..., int], db: PrivateDatabase
) -> None:
    uuid = "11111111-2222-4333-8444-555555555555"
    story = told("It was good.", uuid=uuid)
    told("It was bad.", uuid=uuid)
    page = text_of(desk("evaluator").get(f"/desk/stories/{story}"))
    assert "It was bad." in page and "Told in two ways" in page


def test_a_story_of_a_million_characters_opens(
    desk: Callable[..., Desk], told: Callable[..., int]
) -> None:
    story = told("The bus stopped. " * 60_000)
    assert desk("evaluator").get(f"/desk/stories/{story}").status_code == 200


def test_what_a_teller_wrote_is_shown_as_words(
    desk: Callable[..., Desk], told: Callable[..., int]
) -> None:
    story = told('<img src=x onerror="alert(1)"> {{ 7 * 7 }}', title="</p><script>1</script>")
    at_desk = desk("evaluator")
    for path in (f"/desk/stories/{story}", "/desk/stories", "/desk/places/waiting"):
        page = at_desk.text(path)
        assert "<img src=x" not in page and "<script>1" not in page
    assert "{{ 7 * 7 }}" in at_desk.text(f"/desk/stories/{story}")


def test_people_of_every_role_are_named_in_the_trail(
    desk: Callable[..., Desk], db: PrivateDatabase
) -> None:
    steward = desk("steward")
    assert people.by_name(db, steward.name) is not None
    page = text_of(steward.get("/desk/audit"))
    assert "The trail is whole." in page and f"{steward.name}, steward" in page
