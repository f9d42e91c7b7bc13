"""How a telling is taken, whichever door it comes through: page, paired tablet or paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

import forms
from forms.model import Choices, text_of
from forms.text import clean_text, says_something, showable
from forms.validation import LONGEST_ANSWER
from forms.words import in_every_language
from par_toolkit.inquiry import USES, Inquiry
from par_toolkit.storage import receipts, stories, voices
from par_toolkit.storage.database import PrivateDatabase

#: The sentences of forms/words.toml that a tablet says itself, before anything is sent.
SAID_ON_DEVICE: Final = (
    "needed",
    "needed_choice",
    "needed_any",
    "too_long",
    "broken_text",
    "not_a_number",
    "not_a_date",
)

#: The field that says how to reach a teller; no question of a form can have this name.
CONTACT: Final = "contact-how"


@dataclass(frozen=True)
class Taken:
    """What became of a telling: its receipt code, its uuid, and 'stored', 'same', 'sibling' or
    'withdrawn' (then nothing is kept)."""

    code: str
    uuid: str
    status: str


def take(
    db: PrivateDatabase,
    inquiry: Inquiry,
    form: forms.Form,
    language: str,
    answers: Mapping[str, Any],
    consent: Mapping[str, bool],
    *,
    source: str,
    uuid: str | None = None,
    receipt: str | None = None,
    wording: int | None = None,
    device: int | None = None,
    device_seq: int | None = None,
    voice: Sequence[voices.Spoken] = (),
    contact: str = "",
) -> Taken:
    """Keep one telling whose `answers` have been checked against `form`; on return it is on disk.

    `source` is web, tablet or paper. Without `uuid` and `receipt` new ones are made; a door that
    may send the same telling twice makes both when the telling begins, so that it is kept once
    (promise 2). `contact` says how to reach the teller, and is kept only with consent to that.
    `wording` is the consent wording that was asked; the inquiry's own when left out. Raises
    StorageError when nothing could be kept.
    """
    cycle = inquiry.current_cycle(date.today())
    told = stories.Told(
        uuid=uuid or str(uuid4()),
        form=form.name,
        form_version=form.version,
        language=language,
        answers=answers,
        words=form.words,
        consent={use: bool(consent.get(use)) for use in USES},
        wording=wording or inquiry.consent.wording,
        source=source,
        themed=form.themed,
        receipt=receipt or receipts.new_code(),
        cycle=cycle.code if cycle else None,
        device=device,
        device_seq=device_seq,
        voice=voice,
        contact=contact,
    )
    kept = stories.keep(db, told)
    return Taken(str(told.receipt), told.uuid, kept.status)


def form_named(inquiry: Inquiry, name: str, version: int | None = None) -> forms.Form | None:
    """Return a form to tell with, in the version that was shown, else in the newest that is sound.

    None where there is no such form. A community's file with a mistake in it is passed over: one
    mistake closes nothing, and `par check` names it.
    """
    versions = forms.available([inquiry.forms_folder]).get(name, [])
    shown = [form for form in versions if form.version == version]
    return (shown or versions or [None])[-1]


def offered(inquiry: Inquiry) -> list[forms.Form]:
    """List the newest version of each form to tell with, those that are read for themes first."""
    newest = [versions[-1] for versions in forms.available([inquiry.forms_folder]).values()]
    return sorted(newest, key=lambda form: not form.themed)


def checks(form: forms.Form, options: Mapping[str, Choices], language: str) -> dict[str, Any]:
    """Return what a tablet needs to check answers before they are sealed, and to say what is wrong.

    Only what a person can still mend is checked there; `forms.validate` decides on arrival.
    """
    return {
        "version": form.version,
        "most": LONGEST_ANSWER,
        "questions": [
            {
                "name": question.name,
                "kind": question.kind,
                "required": question.required,
                "asked": text_of(question.labels, language),
            }
            for question in form.asked(options)
        ],
        "words": {key: text_of(in_every_language(key), language) for key in SAID_ON_DEVICE},
    }


def consent_from(fields: Mapping[str, str]) -> dict[str, bool]:
    """Read the boxes named consent-USE; a box that was not ticked is not sent and means no."""
    return {use: fields.get(f"consent-{use}") == "yes" for use in USES}


def contact_in(text: str) -> str:
    """Return what was written on how to reach a teller, clean; '' where nothing can be read."""
    words = clean_text(showable(text)).strip()
    return words if says_something(words) else ""


def uuid_or_new(text: str | None) -> str:
    """Return `text` as a uuid in its usual writing, or a new one where it is none."""
    return well_formed_uuid(text) or str(uuid4())


def well_formed_uuid(text: str | None) -> str | None:
    """Return a uuid in small letters, or None where `text` is not one in its usual writing."""
    try:
        uuid = str(UUID(text or ""))
    except ValueError:
        return None
    return uuid if uuid == (text or "").lower() else None
