"""Drafts on a shared tablet: each comes back with its own code, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from forms.catalogue import SHIPPED
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import consents, contacts, stories
from par_toolkit.storage.database import PrivateDatabase
from tests.browser.tablet.halls import ready
from tests.browser.tablet.tellers import (
    code_of,
    drafts,
    finish,
    go_on,
    kept,
    open_telling,
    wait_until_sent,
)
from tests.faults.server import Served


def pause(page: Page) -> None:
    page.locator(".pause button").click()
    page.wait_for_url("**/tell")
    page.locator("#resume").wait_for()


def begin(page: Page, address: str, words: str, *, form: str = "story", field: str = "") -> str:
    """Begin a telling, pause it, and return its code."""
    code = open_telling(page, address, form)
    page.fill(field or "#telling", words)
    kept(page)
    pause(page)
    return code


def test_promise_03_several_wait_and_each_opens_with_its_own_code_only(
    tablet: Page, village: Served
) -> None:
    codes = [begin(tablet, village.address, f"Made-up words {n}") for n in (1, 2)]
    codes.append(
        begin(tablet, village.address, "Made-up words 3", form="reflection", field="#what")
    )
    assert "Tellings that wait here: 3." in tablet.locator("#resume").inner_text()
    assert "Made-up words" not in tablet.content()
    go_on(tablet, "4711 4711 4711 4711")
    expect(tablet.locator("#waiting-code-error")).to_contain_text("No telling waits here")
    go_on(tablet, "12")
    expect(tablet.locator("#waiting-code-error")).to_contain_text("16 digits")
    go_on(tablet, f" {codes[1][:8]}-{codes[1][8:]} ")
    expect(tablet.locator("#telling")).to_have_value("Made-up words 2")
    assert code_of(tablet) == codes[1]
    assert "Made-up words 1" not in tablet.content()
    tablet.goto(f"{village.address}/tell")
    go_on(tablet, codes[2])
    expect(tablet.locator("#what")).to_have_value("Made-up words 3")
    assert drafts(tablet) == 3


def test_everything_comes_back_language_choices_ticks_and_the_telling_is_one(
    tablet: Page, village: Served, db: PrivateDatabase
) -> None:
    code = open_telling(tablet, village.address, lang="fr")
    tablet.fill("#telling", "Le bac était en retard.")
    tablet.check("input[name=kind][value=both]")
    tablet.check("#consent-analyse")
    expect(tablet.locator("#consent-contact-how")).to_be_hidden()
    tablet.check("#consent-contact")
    tablet.fill("#consent-contact-how", "Chez ma sœur")
    kept(tablet)
    pause(tablet)
    tablet.goto(f"{village.address}/tell?lang=en")
    go_on(tablet, code)
    expect(tablet.locator("html")).to_have_attribute("lang", "fr")
    expect(tablet.locator("#telling")).to_have_value("Le bac était en retard.")
    assert tablet.is_checked("input[name=kind][value=both]")
    assert tablet.is_checked("#consent-analyse") and not tablet.is_checked("#consent-quote")
    expect(tablet.locator("#consent-contact-how")).to_have_value("Chez ma sœur")
    assert finish(tablet) == code
    expect(tablet.locator("[data-state]")).to_have_attribute("data-now", "arrived")
    (story,) = stories.listing(db)
    assert [one.words for one in contacts.of_story(db, story.id)] == ["Chez ma sœur"]
    assert story.answers == {"telling": "Le bac était en retard.", "kind": "both"}
    assert story.language == "fr"
    assert drafts(tablet) == 0


def test_nothing_is_kept_before_something_was_written(tablet: Page, village: Served) -> None:
    open_telling(tablet, village.address)
    tablet.wait_for_timeout(600)
    assert drafts(tablet) == 0
    tablet.locator(".pause button").click()
    tablet.wait_for_url("**/tell")
    assert tablet.locator("#resume").is_hidden()


def test_words_written_while_the_recorder_is_still_loading_are_kept(
    tablet: Page, village: Served
) -> None:
    """Looking for a voice under the draft once called off the save that was due."""
    tablet.evaluate(
        """async () => {
            const {Keeper} = await import("/static/js/tablet/keeper.js");
            const {newCode, newUuid} = await import("/static/js/tablet/codes.js");
            const about = {form: "story", version: 1, language: "en", uuid: newUuid()};
            const read = () => ({answers: {telling: "Quick fingers."}, consent: {}});
            await new Promise(resolve => {
                const keeper = new Keeper(newCode(), about, {read, kept: resolve});
                keeper.changed();
                keeper.chunks();
                setTimeout(resolve, 10_000);
            });
        }"""
    )
    assert drafts(tablet) == 1


def test_a_crash_loses_nothing_that_was_kept(tablet: Page, village: Served) -> None:
    code = open_telling(tablet, village.address)
    tablet.fill("#telling", "Written before the crash.")
    kept(tablet)
    other = tablet.context.new_page()
    tablet.close(run_before_unload=False)
    other.goto(f"{village.address}/tell")
    go_on(other, code)
    expect(other.locator("#telling")).to_have_value("Written before the crash.")


def test_words_of_every_sort_come_back_and_arrive_as_they_were(
    tablet: Page, village: Served, db: PrivateDatabase
) -> None:
    words = "🦔 👩‍👩‍👧\nوصلت الحافلة متأخرة\n\n<b>&amp;</b>"
    code = begin(tablet, village.address, words)
    go_on(tablet, code)
    expect(tablet.locator("#telling")).to_have_value(words)
    finish(tablet)
    expect(tablet.locator("[data-state]")).to_have_attribute("data-now", "arrived")
    (story,) = stories.listing(db)
    assert story.answers["telling"] == words


def test_a_million_characters_come_back_and_arrive(
    tablet: Page, village: Served, db: PrivateDatabase
) -> None:
    words = "ab é🦔 " * 166_667
    code = open_telling(tablet, village.address)
    tablet.locator("#telling").evaluate(
        """(field, words) => {
            field.value = words;
            field.dispatchEvent(new InputEvent("input", {bubbles: true}));
        }""",
        words,
    )
    kept(tablet)
    pause(tablet)
    go_on(tablet, code)
    expect(tablet.locator("#telling")).not_to_have_value("", timeout=30_000)
    finish(tablet)
    expect(tablet.locator("[data-state]")).to_have_attribute("data-now", "arrived", timeout=30_000)
    (story,) = stories.listing(db)
    assert len(words) > 1_000_000
    arrived = story.answers["telling"]
    assert (len(arrived), arrived == words) == (len(words), True)


def test_a_change_of_language_with_no_network_keeps_everything(
    tablet: Page, village: Served, check_axe: Callable[[Page], None]
) -> None:
    code = open_telling(tablet, village.address)
    village.stop()
    tablet.fill("#telling", "Half of it in English")
    tablet.check("#consent-publish")
    tablet.locator(".languages button[lang=fr]").click()
    expect(tablet.locator("html")).to_have_attribute("lang", "fr")
    expect(tablet.locator(".languages button[lang=fr]")).to_be_focused()
    assert tablet.title().startswith("Racontez votre histoire")
    assert tablet.input_value("#telling") == "Half of it in English"
    assert tablet.is_checked("#consent-publish")
    assert code_of(tablet) == code
    check_axe(tablet)
    tablet.fill("#telling", "Half of it in English, et la moitié en français")
    kept(tablet)
    pause(tablet)
    go_on(tablet, code)
    expect(tablet.locator("#telling")).to_have_value(
        "Half of it in English, et la moitié en français"
    )
    expect(tablet.locator("html")).to_have_attribute("lang", "fr")
    village.start()


def new_version(inquiry: Inquiry) -> None:
    """Publish version 2 of the story form: one question is gone, one is new."""
    text = (SHIPPED / "story-1.toml").read_text("utf-8")
    text = text.replace("version = 1", "version = 2").replace('name = "title"', 'name = "headline"')
    text = text.replace('code = "both"', 'code = "mixed"')
    Path(inquiry.forms_folder).mkdir(exist_ok=True)
    (Path(inquiry.forms_folder) / "story-2.toml").write_text(text, "utf-8")


def come_to_the_new_version(
    page: Page, address: str, before: str, *, shows: str = "#headline"
) -> None:
    """Wait where forms are chosen until the tablet keeps the new form, which `shows` is part of."""
    page.evaluate("navigator.serviceWorker.getRegistration('/tell').then(one => one.update())")
    for _ in range(80):
        page.wait_for_timeout(250)
        with suppress(Error):  # the page loads itself anew when the worker changes
            if ready(page) != before:
                break
    page.wait_for_timeout(1000)
    with suppress(Error):
        page.goto(f"{address}/tell/story")
    page.goto(f"{address}/tell/story")
    page.wait_for_selector(shows)
    page.goto(f"{address}/tell")


@pytest.mark.parametrize("network", [True, False])
def test_a_telling_of_an_older_form_comes_back_and_arrives_as_what_it_was(
    tablet: Page, village: Served, inquiry: Inquiry, db: PrivateDatabase, network: bool
) -> None:
    code = open_telling(tablet, village.address)
    tablet.fill("#telling", "Begun with version one.")
    tablet.fill("#title", "An old title")
    tablet.check("input[name=kind][value=both]")
    kept(tablet)
    pause(tablet)
    before = ready(tablet)
    new_version(inquiry)
    come_to_the_new_version(tablet, village.address, before)
    if not network:
        village.stop()
    go_on(tablet, code)
    expect(tablet.locator("#telling")).to_have_value("Begun with version one.")
    expect(tablet.locator("[name=title]")).to_have_value("An old title")
    assert tablet.locator("[name=headline]").count() == 0
    assert tablet.locator(".older").count() == (0 if network else 1)
    expect(tablet.get_by_label("Would you like to give your story a title?")).to_be_visible()
    both = tablet.locator("[name=kind][value=both]")
    expect(both).to_be_checked()
    assert "Both" in both.evaluate("box => box.labels[0].textContent")
    finish(tablet)
    if not network:
        village.start()
    tablet.locator("[data-hand-over]").click()
    tablet.wait_for_url("**/tell")
    wait_until_sent(tablet)
    (story,) = stories.listing(db)
    assert story.form_version == 1
    assert story.answers == {
        "telling": "Begun with version one.",
        "title": "An old title",
        "kind": "both",
    }


#: Adds five seconds of sound to the draft under a code, as the recorder does.
SPEAK = """async code => {
    const {find} = await import("/static/js/tablet/drafts.js");
    const {beginning, sound} = await import("/static/js/tablet/voice-parts.js");
    const draft = await find(code);
    await draft.addChunk(beginning("telling", "audio/webm;codecs=opus"));
    await draft.addChunk(sound(5000, new Uint8Array(3000)));
}"""


def test_promise_16_what_was_spoken_is_not_lost_where_the_tablet_was_unpaired(
    tablet: Page, village: Served, db: PrivateDatabase
) -> None:
    """The server's own page takes no voice, and a draft that it finished is dropped."""
    code = begin(tablet, village.address, "Some words beside the voice")
    tablet.evaluate(SPEAK, code)
    tablet.evaluate("import('/static/js/tablet/pairing.js').then(({unpair}) => unpair())")
    tablet.goto(f"{village.address}/tell")
    go_on(tablet, code)
    tablet.locator(".your-code").wait_for()
    tablet.locator(".send .button").click()
    expect(tablet.locator("#problem-list")).to_contain_text("What you said aloud")
    assert drafts(tablet) == 1
    assert stories.listing(db) == []


OTHER = """async () => {
    const {getSetting, setSetting} = await import("/static/js/tablet/store.js");
    await setSetting("device", {...await getSetting("device"), recipient: "age1another"});
}"""


def test_promise_05_a_telling_begun_for_one_inquiry_does_not_open_in_another(
    tablet: Page, village: Served
) -> None:
    code = begin(tablet, village.address, "Words for one community")
    tablet.evaluate(OTHER)
    tablet.goto(f"{village.address}/tell")
    go_on(tablet, code)
    expect(tablet.locator(".code-form [role=alert]")).to_contain_text("another inquiry")
    assert tablet.locator("#telling").count() == 0
    assert drafts(tablet) == 1


def test_promise_05_ticks_do_not_pass_to_other_words_of_consent(
    tablet: Page, village: Served, inquiry: Inquiry, db: PrivateDatabase
) -> None:
    code = open_telling(tablet, village.address)
    tablet.fill("#telling", "Begun with the first words.")
    tablet.check("#consent-publish")
    kept(tablet)
    pause(tablet)
    before = ready(tablet)
    settings = inquiry.folder / "inquiry.toml"
    text = settings.read_text(encoding="utf-8")
    changed = text.replace("wording = 1", "wording = 2").replace("the whole story", "everything")
    settings.write_text(changed, encoding="utf-8")
    village.stop()
    village.start()
    come_to_the_new_version(tablet, village.address, before, shows="label:has-text('everything')")
    go_on(tablet, code)
    expect(tablet.locator("#problem-list")).to_contain_text("have changed since you began")
    expect(tablet.locator("#telling")).to_have_value("Begun with the first words.")
    expect(tablet.locator("#consent-publish")).not_to_be_checked()
    tablet.check("#consent-quote")
    finish(tablet)
    tablet.locator("[data-hand-over]").click()
    tablet.wait_for_url("**/tell")
    wait_until_sent(tablet)
    (story,) = stories.listing(db)
    assert [use for use, wish in consents.today(db, story.id).items() if wish] == ["quote"]
