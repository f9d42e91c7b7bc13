"""A story as JSON, checked piece by piece; each refusal is a sentence that names the piece."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import gettext as _

import forms
from forms.validation import LONGEST_ANSWER
from par_toolkit.inquiry import USES, Inquiry
from par_toolkit.inquiry.model import LANGUAGE_CODE
from par_toolkit.storage import receipts
from par_toolkit.storage.voices import Spoken
from par_toolkit.web import spoken, telling

NEEDED: Final = ("form", "form_version", "language", "receipt", "answers", "consent")
MAY_HAVE: Final = ("device_seq", "voice", "contact")
FIELDS: Final = NEEDED + MAY_HAVE
LARGEST_NUMBER: Final = 2**53
CODE: Final = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")


@dataclass(frozen=True)
class Payload:
    """A telling as a device sends it, checked. `unknown` holds options not offered (any more)."""

    form: forms.Form
    language: str
    answers: dict[str, Any]
    consent: dict[str, bool]
    wording: int
    receipt: str
    device_seq: int | None
    unknown: dict[str, list[str]]
    voice: tuple[Spoken, ...] = ()
    contact: str = field(default="", repr=False)


class Unreadable(Exception):
    """A body that is not a story; `errors` maps the name of each piece to a sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


def parse(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`; raise Unreadable where it is none."""
    try:
        data = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Unreadable(
            {"body": _("Byte %(at)s is not UTF-8. Send UTF-8 text.", at=error.start + 1)}
        ) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable({"body": _("This is not JSON. Send one JSON object.")}) from error
    if not isinstance(data, dict):
        raise Unreadable({"body": _("A story is one JSON object, in { and }.")})
    return data


def check(
    data: Mapping[str, Any], inquiry: Inquiry, *, wordings: Iterable[int], language: str
) -> Payload:
    """Check a story against the form and version that it names.

    `wordings` are the numbers of every consent wording that was ever asked; refusals are in
    `language`. Raises Unreadable with a sentence for each piece that is wrong.
    """
    errors = _shape(data)
    form = _form(data, inquiry, errors)
    consent, wording = _consent(data.get("consent"), set(wordings), errors)
    told_in = data.get("language")
    if not (isinstance(told_in, str) and len(told_in) <= 35 and LANGUAGE_CODE.fullmatch(told_in)):
        errors.setdefault("language", _("Give the language as a code such as en or fr."))
    receipt = data.get("receipt")
    digits = receipts.normalise(receipt) if isinstance(receipt, str) else None
    if digits is None:
        errors.setdefault("receipt", _("The receipt code must be text of 16 digits."))
    seq = data.get("device_seq")
    if seq is not None and not _whole(seq):
        errors["device_seq"] = _("'device_seq' must be a whole number above 0.")
    voice = spoken.check(data.get("voice"), form, errors)
    by_voice = frozenset(part.question for part in voice)
    checked = _answers(form, data.get("answers"), inquiry, language, errors, by_voice)
    contact = _contact(data.get("contact"), errors)
    if errors or form is None or checked is None or digits is None:
        raise Unreadable(errors)
    return Payload(
        form=form,
        language=str(told_in),
        answers=checked.answers,
        consent=consent,
        wording=wording,
        receipt=digits,
        device_seq=seq,
        unknown=checked.unknown,
        voice=voice,
        contact=contact,
    )


def _shape(data: Mapping[str, Any]) -> dict[str, str]:
    known = ", ".join(FIELDS)
    errors = {
        (short := _short(name)): _(
            "A story has nothing called '%(name)s'. It has: %(known)s.", name=short, known=known
        )
        for name in list(data)[:50]
        if name not in FIELDS
    }
    for name in NEEDED:
        if name not in data:
            errors[name] = _("'%(name)s' is missing. Send it with the story.", name=name)
    return errors


def _form(data: Mapping[str, Any], inquiry: Inquiry, errors: dict[str, str]) -> forms.Form | None:
    name, version = data.get("form"), data.get("form_version")
    if not isinstance(name, str):
        errors.setdefault("form", _("'form' must be the name of a form, such as story."))
    if not _whole(version):
        errors.setdefault("form_version", _("'form_version' must be a whole number above 0."))
    if "form" in errors or "form_version" in errors:
        return None
    try:
        return forms.load(str(name), version=version, folders=[inquiry.forms_folder])
    except forms.UnknownForm:
        errors["form"] = _(
            "There is no form '%(form)s' in version %(version)s here.",
            form=_short(name),
            version=_short(version),
        )
    except forms.FormError:
        errors["form"] = _("The form '%(form)s' here has a mistake in its file.", form=_short(name))
    return None


def _consent(given: Any, wordings: set[int], errors: dict[str, str]) -> tuple[dict[str, bool], int]:
    if not isinstance(given, dict):
        errors.setdefault(
            "consent", _("'consent' must say true or false for each of: %(uses)s.", uses=_uses())
        )
        return {}, 0
    for name in list(given)[:50]:
        if name not in (*USES, "wording"):
            errors[f"consent.{_short(name)}"] = _(
                "Consent has nothing called '%(name)s'. It has: %(known)s.",
                name=_short(name),
                known=f"{_uses()}, wording",
            )
    for use in USES:
        if type(given.get(use, False)) is not bool:
            errors[f"consent.{use}"] = _("Consent to '%(use)s' must be true or false.", use=use)
    wording = given.get("wording")
    if not _whole(wording) or wording not in wordings:
        errors["consent.wording"] = _(
            "'wording' must be the number of consent words that were asked here: %(known)s.",
            known=", ".join(str(number) for number in sorted(wordings)),
        )
        return {}, 0
    return {use: given.get(use, False) for use in USES}, wording


def _answers(
    form: forms.Form | None,
    given: Any,
    inquiry: Inquiry,
    language: str,
    errors: dict[str, str],
    by_voice: frozenset[str],
) -> forms.Checked | None:
    """Check the answers; a group or cycle that the inquiry has dropped since is kept as it came.

    A tablet may carry last month's list, and no story is refused for that.
    """
    if form is None or "answers" in errors:
        return None
    lists = {question.name for question in form.questions if question.options_from}
    checked = forms.validate(
        form,
        given,
        options=inquiry.options(language),
        language=language,
        keep_unknown_options=frozenset(lists),
        spoken=by_voice,
    )
    errors.update({f"answers.{name}": sentence for name, sentence in checked.errors.items()})
    for name, codes in checked.unknown.items():
        if not all(CODE.fullmatch(code) for code in codes):
            errors[f"answers.{name}"] = _("'%(name)s' must be the code of a choice.", name=name)
    return checked


def _contact(given: Any, errors: dict[str, str]) -> str:
    if given is None:
        return ""
    if not isinstance(given, str) or len(given) > LONGEST_ANSWER:
        errors["contact"] = _("'contact' must be text that says how to reach the teller.")
        return ""
    return telling.contact_in(given)


def _whole(value: Any) -> bool:
    return type(value) is int and 0 < value <= LARGEST_NUMBER


def _uses() -> str:
    return ", ".join(USES)


def _short(value: Any) -> str:
    """Show something that was sent: short, and with nothing that JSON in UTF-8 cannot hold."""
    return str(value)[:60].encode("utf-8", "replace").decode()


def _no_constant(name: str) -> Any:
    raise ValueError(name)
