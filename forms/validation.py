"""Check the answers to a form: the one place that decides what is taken, from any door.

Pages, tablets, CSV files and people keying in paper all come through `validate`.
"""

import datetime
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms import model
from forms.model import Choices, Form
from forms.text import TextError, clean_text, says_something, showable
from forms.words import say

# Nobody writes this much: it is the length of six long novels. It only bounds the work.
LONGEST_ANSWER = 2_000_000

# A sentence for each of a million unknown names helps nobody.
_MOST_UNKNOWN_NAMED = 20

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,6})?")
# "1,000" is a thousand to some and one to others, so it is asked again.
_TWO_MEANINGS = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")
_THOUSANDS = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")
_LARGEST_NUMBER = 10**15

Codes = Mapping[str, None]
"""The codes of what can be chosen, in order."""


@dataclass(frozen=True)
class Checked:
    """What came of checking: clean `answers`, `errors` as sentences, both by question name.

    `unknown` holds the options that were kept although nobody offers them, by question name.
    """

    answers: dict[str, Any]
    errors: dict[str, str]
    unknown: dict[str, list[str]] = field(default_factory=dict)


class _Refused(Exception):
    """Carries the key of a sentence in words.toml and what to put into it."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def validate(
    form: Form,
    answers: object,
    *,
    options: Mapping[str, Choices],
    language: str = "en",
    keep_unknown_options: frozenset[str] = frozenset(),
    spoken: frozenset[str] = frozenset(),
) -> Checked:
    """Check `answers` and return them clean, with a sentence for each error.

    `answers` should be a mapping by question name; whatever else came in is refused as well.
    `options` are the inquiry's own lists (`groups`, `cycles`) as (code, label) in `language`.
    Empty answers are left out. For questions named in `keep_unknown_options` an option that
    nobody offers is kept as it came. The questions in `spoken` were answered by voice and need no
    words. Nothing is ever cut.
    """
    if not isinstance(answers, Mapping):
        return Checked({}, {form.questions[0].name: say("not_answers", language)})
    errors = _unknown_questions(form, answers, language)
    clean: dict[str, Any] = {}
    unknown: dict[str, list[str]] = {}
    for question in form.questions:
        chosen = question.has_options
        offered = question.codes(options) if chosen else {}
        try:
            answer = _CHECKS[question.kind](answers.get(question.name), offered)
            strange = [code for code in _codes(answer) if code not in offered] if chosen else []
            if strange and question.name not in keep_unknown_options:
                raise _Refused(
                    "not_an_option" if offered else "no_options", answer=_short(strange[0])
                )
            if strange:
                unknown[question.name] = strange
            if answer is not None:
                clean[question.name] = answer
            elif question.name in spoken:
                continue
            elif question.required and (offered or not chosen):
                raise _Refused("needed_choice" if chosen else "needed")
        except _Refused as refused:
            errors[question.name] = say(
                refused.key,
                language,
                question=form.text(question.labels, language),
                known=", ".join(offered),
                **refused.values,
            )
    if not clean and not errors and not spoken:
        # Said beside the first question that is asked here, where people look first.
        first = next(iter(form.asked(options)), form.questions[0])
        errors[first.name] = say("needed_any", language)
    return Checked(clean, errors, unknown)


def _unknown_questions(form: Form, answers: Mapping[Any, Any], language: str) -> dict[str, str]:
    known = dict.fromkeys(question.name for question in form.questions)
    strange = (name for name in answers if name not in known)
    return {
        _short(name): say("unknown_question", language, name=_short(name), known=", ".join(known))
        for name in itertools.islice(strange, _MOST_UNKNOWN_NAMED)
    }


def _codes(answer: Any) -> list[str]:
    if answer is None:
        return []
    return [answer] if isinstance(answer, str) else list(answer)


def _words(given: object, wrong_type: str) -> str | None:
    """Return clean text, or None where nothing was said."""
    if given is None:
        return None
    if not isinstance(given, str):
        raise _Refused(wrong_type)
    if len(given) > LONGEST_ANSWER:
        raise _Refused("too_long", length=f"{len(given):,}", most=f"{LONGEST_ANSWER:,}")
    try:
        text = clean_text(given)
    except TextError as error:
        raise _Refused("broken_text", position=error.position) from error
    return text if says_something(text) else None


def _long_text(given: object, offered: Codes) -> str | None:
    return _words(given, "not_words")


def _short_text(given: object, offered: Codes) -> str | None:
    text = _words(given, "not_words")
    # One line: a title with a newline would break lists, and no words are lost.
    return None if text is None else re.sub(r"[\n\t]+", " ", text).strip()


def _choice(given: object, offered: Codes) -> str | None:
    code = _words(given, "not_a_choice")
    return None if code is None else code.strip()


def _many(given: object, offered: Codes) -> list[str] | None:
    """Return codes in the order they are offered, each once; CSV cells part them with ';'."""
    parts = given.split(";") if isinstance(given, str) else given
    if parts is None:
        return None
    if not isinstance(parts, (list, tuple)):
        raise _Refused("not_a_list")
    codes = {code: None for part in parts if (code := _words(part, "not_a_list")) is not None}
    codes = {code.strip(): None for code in codes}
    known = [code for code in offered if code in codes]
    return known + [code for code in codes if code not in offered] or None


def _number(given: object, offered: Codes) -> int | float | None:
    if isinstance(given, bool):
        raise _Refused("not_a_number")
    if isinstance(given, (int, float)):
        return _plain_number(given)
    text = _words(given, "not_a_number")
    if text is None:
        return None
    text = _THOUSANDS.sub("", text.strip())
    if not _NUMBER.fullmatch(text) or _TWO_MEANINGS.fullmatch(text):
        raise _Refused("not_a_number")
    return _plain_number(float(text.replace(",", ".")))


def _plain_number(number: int | float) -> int | float:
    # nan compares false with everything, so the question is asked this way round
    if not abs(number) <= _LARGEST_NUMBER:
        raise _Refused("not_a_number")
    return int(number) if number == int(number) else number


def _date(given: object, offered: Codes) -> str | None:
    """Return the day as 2025-03-31; 3/4/2025 is one day to some people and another to others."""
    text = _words(given, "not_a_date")
    if text is None:
        return None
    try:
        if not _DATE.fullmatch(text.strip()):
            raise ValueError
        return datetime.date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise _Refused("not_a_date") from error


def _short(name: object) -> str:
    """Show something that was sent: short, and never a character no page can hold."""
    return showable(str(name)[:80])


_CHECKS: dict[str, Callable[[object, Codes], Any]] = {
    model.LONG_TEXT: _long_text,
    model.SHORT_TEXT: _short_text,
    model.CHOICE: _choice,
    model.MANY: _many,
    model.NUMBER: _number,
    model.DATE: _date,
}
