"""My story: whoever holds the receipt code sees what became of it, and decides anew.

The code is posted, and travels on as a hidden field; no address, cookie or session holds it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms import clean_text
from forms.text import says_something, showable
from par_toolkit.publishing.swap import live_build
from par_toolkit.storage import consents, reaching, receipts, tombstones, withdrawals
from par_toolkit.storage.errors import Refused
from par_toolkit.storage.sensemaking import appeals, checks
from par_toolkit.storage.sensemaking.word_uses import Use
from par_toolkit.web import appealing, journeys, languages, sessions, telling
from par_toolkit.web.attempts import CODES, limiter
from par_toolkit.web.current import inquiry
from par_toolkit.web.database import get_db
from par_toolkit.web.guards import guarded, receipt_code, refused_by, words_kept_by
from par_toolkit.web.journeys import Journey

blueprint = Blueprint("mine", __name__, url_prefix="/mine")

#: The button that erases how to reach a teller, and changes nothing else.
FORGET_CONTACT: Final = "forget-contact"


@blueprint.get("")
@guarded("see_welcome")
def start() -> str:
    """Ask for the receipt code."""
    sessions.begin_anew()
    return render_template("mine_start.html", problems=[], code="")


def again(_sentence: str) -> ResponseReturnValue:
    """Ask for the code anew when the session ran out.

    A page of somebody who has left, sent again by their browser, comes here too: so the code that
    was posted is not shown, and whoever holds the slip types it once more (promise 3).
    """
    sentence = _("Type the receipt code from your slip. It has 16 digits.")
    page = render_template("mine_start.html", problems=[("code", sentence)], code="")
    return page, HTTPStatus.BAD_REQUEST


@refused_by("participant")
def ask_for_code() -> ResponseReturnValue:
    """Say what a receipt code looks like to somebody who typed something else."""
    typed = request.form.get("code", "")[:100].encode("utf-8", "replace").decode()
    digits = sum(char.isdigit() for char in typed)
    sentence = _("Type the receipt code from your slip. It has 16 digits.")
    if digits:
        sentence = _(
            "A receipt code has 16 digits, and there are %(digits)s here. Look at your slip again.",
            digits=digits,
        )
        if digits == receipts.DIGITS:
            sentence = _("Type only the 16 digits of your receipt code, without other letters.")
    page = render_template("mine_start.html", problems=[("code", sentence)], code=typed)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def _known_code() -> bool:
    """Say whether the code that was posted is one of ours: it is never held up.

    A hall may stand behind one address, where others try codes. Nobody can guess one of 10^16.
    """
    return receipts.find(get_db(), receipt_code() or "") is not None


slowed = limiter.limit(CODES, exempt_when=_known_code)


@blueprint.post("")
@guarded("see_own_story")
@words_kept_by(again)
@slowed
def show() -> ResponseReturnValue:
    """Show every story under the code, each with what became of it."""
    return _journeys()


@blueprint.post("/consent")
@guarded("change_own_consent")
@words_kept_by(again)
@slowed
def consent() -> ResponseReturnValue:
    """Record what the teller now allows for one story."""
    story = _own_story()
    if story is None:
        return _journeys()
    wishes = telling.consent_from(request.form)
    if request.form.get("do") == FORGET_CONTACT:
        gone = reaching.forget(get_db(), story)
        return _journeys(_("What said how to reach you is erased.") if gone else "")
    wording = inquiry().consent.wording
    contact = telling.contact_in(request.form.get(telling.CONTACT, ""))
    noted = bool(contact and wishes["contact"])
    with get_db().writing():
        changed = consents.change(get_db(), story, wishes, wording=wording, source="mine")
        if noted:
            reaching.note(get_db(), story, contact)
    narrowed = any(not wishes[use] for use in changed)
    return _journeys(
        _("Saved. What you no longer allow leaves the findings within a minute.")
        if narrowed
        else _("Saved.")
        if changed or noted
        else _("Nothing was changed.")
    )


@blueprint.post("/check")
@guarded("check_own_use")
@words_kept_by(again)
@slowed
def check() -> ResponseReturnValue:
    """Keep what the teller says of one use of their words."""
    story, reference = _own_story(), request.form.get("reference", "")
    if story is None:
        return _journeys()
    use = Use(story, request.form.get("kind", ""), int(reference) if _is_id(reference) else -1)
    try:
        kept = checks.say(
            get_db(),
            use,
            request.form.get("answer", ""),
            said("words"),
            live_build=live_build(inquiry().folder),
        )
    except Refused as refused:
        return _journeys(refused=(journeys.place_of(use, refused), journeys.refusal(refused)))
    if kept.waits:
        return _journeys(
            _("Thank you. This is not published until somebody has answered you, here.")
        )
    return _journeys(_("Thank you. It is kept."))


@blueprint.post("/appeal")
@guarded("appeal_as_teller")
@words_kept_by(again)
@slowed
def appeal() -> ResponseReturnValue:
    """Keep the appeal of a teller on what was made of their words."""
    item = request.form.get("item", "")
    number = int(item) if _is_id(item) else 0
    try:
        appealing.appeal(get_db(), _receipt(), number, said("appeal_words"), _shown())
    except Refused as refused:
        place = appealing.place_of(number)
        return _journeys(refused=(place, appealing.refusal(refused)))
    return _journeys(_("Your appeal waits for its answer. You will find it here."))


@blueprint.post("/appeal/back")
@guarded("appeal_as_teller")
@words_kept_by(again)
@slowed
def take_back_appeal() -> ResponseReturnValue:
    """Take the appeal of a teller back, and erase its words."""
    posted, receipt = request.form.get("appeal", ""), _receipt()
    try:
        if receipt is None or not _is_id(posted):
            raise Refused("no_appeal", "There is no such appeal.")
        appeals.take_back(get_db(), int(posted), by=receipt)
    except Refused as refused:
        return _journeys(refused=("", appealing.refusal(refused)))
    return _journeys(_("Your appeal is taken back, and your words are erased."))


def said(name: str) -> str:
    """Return what was written in a field, whole, without what cannot be seen; '' for nothing."""
    text = clean_text(showable(request.form.get(name, ""))).strip()
    return text if says_something(text) else ""


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


@blueprint.post("/withdraw")
@guarded("withdraw_own_story")
@words_kept_by(again)
@slowed
def withdraw() -> ResponseReturnValue:
    """Say plainly what withdrawal can and cannot reach; withdraw when that is confirmed."""
    story = _own_story()
    if story is None and "story" in request.form:  # gone meanwhile: never take more back than asked
        return _journeys()
    if request.form.get("confirmed") != "yes":
        return render_template("withdraw.html", code=receipt_code(), story=story)
    try:
        if story is None:
            withdrawals.withdraw(get_db(), receipt_code() or "")
        else:
            withdrawals.withdraw_story(get_db(), story)
    except Refused:  # somebody with the same code was quicker, so it is gone as asked
        return _journeys()
    return render_template("withdrawn.html", code=receipt_code(), more=bool(_own_stories()))


def _own_stories() -> list[int]:
    """List the stories under the code that was posted."""
    receipt = _receipt()
    return receipts.stories_of(get_db(), receipt) if receipt is not None else []


def _receipt() -> int | None:
    """Return the receipt with the code that was posted; None for a code that is not ours."""
    return receipts.find(get_db(), receipt_code() or "")


def _shown() -> list[Journey]:
    """Return every story under the code with what became of it."""
    db, language = get_db(), languages.chosen()
    found = [journeys.of_story(db, inquiry(), story, language) for story in _own_stories()]
    return [one for one in found if one is not None]


def _own_story() -> int | None:
    """Return the one story that was posted with the code, if it is under that code."""
    posted = request.form.get("story", "")
    return next((story for story in _own_stories() if str(story) == posted), None)


def _journeys(saved: str = "", *, refused: tuple[str, str] | None = None) -> ResponseReturnValue:
    """Show the stories under the code; `refused` is a control with what is wrong there."""
    db, code, shown = get_db(), receipt_code() or "", _shown()
    if shown:
        problems = [refused] if refused else []
        page = render_template(
            "mine.html",
            journeys=shown,
            code=code,
            saved=saved,
            problems=problems,
            typed=showable(request.form.get("words", "")),
            appeals=appealing.of_journeys(db, _receipt(), shown),
            typed_appeal=showable(request.form.get("appeal_words", "")),
            refused_item=request.form.get("item", "") if refused else "",
        )
        return page, HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    gone = tombstones.refuses(db, uuid="", receipt=code)
    page = render_template("mine_unknown.html", code=code, gone=gone)
    return page, HTTPStatus.GONE if gone else HTTPStatus.NOT_FOUND
