"""The rules that are always on: each finds one kind of thing, the surer rule wins."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from analysis.redact import patterns
from analysis.redact.capitals import capitalised
from analysis.redact.checksums import luhn_valid, nhs_valid, nir_valid
from analysis.redact.labels import label_of
from analysis.redact.vocabulary import ALLOWED, STARTS

Found = tuple[int, int, str, str]
"""Start, end, kind of thing (a key of labels.LABELS), name of the rule."""


@dataclass(frozen=True, slots=True, order=True)
class Suggestion:
    """A stretch `text[start:end]` that should perhaps not be published.

    `label` is what would stand in brackets, in the language of the text; `rule` what found it.
    """

    start: int
    end: int
    label: str
    rule: str


def suggest(
    text: str, *, language: str | None = "en", known: Collection[str] = ()
) -> list[Suggestion]:
    """Return what the rules find in `text`, in order, without overlap.

    English and French rules both run, since people mix; `language` chooses the words of the labels.
    `known` are names that everyone may know, such as the locality's: they are not suggested.
    """
    words = {word.lower() for name in known for word in re.findall(r"[^\W\d_]+(?:['’-]\w+)*", name)}
    taken = bytearray(len(text))
    kept: list[Suggestion] = []
    for rule in RULES:
        for start, end, kind, name in rule(text):
            _keep(kept, taken, start, end, label_of(kind, language), name)
    for start, end, kind in capitalised(text, known=words):
        _keep(kept, taken, start, end, label_of(kind, language), "capital")
    return sorted(kept)


def _keep(
    kept: list[Suggestion], taken: bytearray, start: int, end: int, label: str, rule: str
) -> None:
    """Keep a find unless a surer rule has any of it."""
    if start < end and taken.find(1, start, end) == -1:
        taken[start:end] = b"\x01" * (end - start)
        kept.append(Suggestion(start, end, label, rule))


def _simple(pattern: re.Pattern[str], kind: str, rule: str) -> Callable[[str], Iterator[Found]]:
    """Make a rule of a pattern that needs no second look."""

    def find(text: str) -> Iterator[Found]:
        named = "date" in pattern.groupindex
        for match in pattern.finditer(text):
            start, end = match.span("date") if named else match.span()
            yield start, end, kind, rule

    return find


def _web(text: str) -> Iterator[Found]:
    """Find web addresses; the full stop after one belongs to the sentence."""
    for match in patterns.WEB.finditer(text):
        yield match.start(), match.start() + len(match.group().rstrip(".,;:!?)'’")), "web", "web"


_PHONE_WORDS = re.compile(
    r"(?:phone|tel|t[ée]l[ée]phone|mobile|call|called|ring|rang|text|cell|fax|appel\w*|joindre|"
    r"portable)\W{0,3}(?:\w{1,8}\W{1,3}){0,3}$",
    re.IGNORECASE,
)
_GROUPS_433 = re.compile(r"\d{4}[ -]\d{3}[ -]\d{3}$")
_GROUPS_334 = re.compile(r"\d{3}[ -]\d{3}[ -]\d{4}$")
_YEARS = re.compile(r"(?:19|20)\d\d ?[-–/] ?(?:19|20)\d\d$")
_THOUSANDS = re.compile(r"\d{1,3}(?:[ \u00a0]\d{3})+$")


def _numbers(text: str) -> Iterator[Found]:
    """Find long numbers and say what they are: health number, phone, or a number nobody needs."""
    for match in patterns.NUMBER.finditer(text):
        written = match.group()
        digits = re.sub(r"\D", "", written)
        if _YEARS.match(written):
            continue
        kind = _number_kind(written, digits, text[max(0, match.start() - 40) : match.start()])
        if kind is None:
            continue
        end = match.end()
        if kind == "health number":
            version = patterns.VERSION_CODE.match(text, end)
            end = version.end() if version is not None and len(digits) == 10 else end
        yield match.start(), end, kind, kind.replace(" ", "_")


def _number_kind(written: str, digits: str, before: str) -> str | None:
    """Return the kind of one long number, or None for a figure such as 1 200 000."""
    spoken = _PHONE_WORDS.search(before) is not None or written[0] in "+("
    if len(digits) == 10 and not spoken:
        if nhs_valid(digits) and (digits[0] in "3467" or _GROUPS_334.match(written)):
            return "health number"
        if luhn_valid(digits) and digits[0] != "0" and not _GROUPS_334.match(written):
            return "health number"
        if _GROUPS_433.match(written):
            return "health number"
    if nir_valid(digits):
        return "health number"
    if _THOUSANDS.match(written) and digits.endswith("000"):
        return None
    if spoken or _is_phone(digits):
        return "phone"
    return "number"


def _is_phone(digits: str) -> bool:
    """Say whether digits fit a British, Canadian or French number, or seven local digits."""
    if digits.startswith("00"):
        digits = digits[2:]
    for code, least, most in (("44", 9, 11), ("33", 9, 10)):
        if digits.startswith(code) and least <= len(digits) - 2 <= most:
            return True
    if digits.startswith("0"):
        return 10 <= len(digits) <= 11
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    return len(digits) == 7 or (len(digits) == 10 and digits[0] in "23456789")


def _honorifics(text: str) -> Iterator[Found]:
    """Find a title with the name after it; after "mrs" a name needs no capital."""
    for match in patterns.HONORIFIC.finditer(text):
        yield match.start(), match.end(), "name", "title"
    for match in patterns.HONORIFIC_LOWER.finditer(text):
        name = match.group("name").lower()
        if name not in STARTS and name not in ALLOWED and name not in _AFTER_TITLE:
            yield match.start(), match.end(), "name", "title"


_AFTER_TITLE = frozenset(
    "said says saw told asked came never explained listened gave took appointment appointments "
    "surgery visit visits qui dit nous vous avait".split()
)


def _addresses(text: str) -> Iterator[Found]:
    """Find a house number with its street; "5 minutes down the road" has none."""
    for match in patterns.ADDRESS_EN.finditer(text):
        street = (match.group("street") or "").lower().split()
        if street and not any(word in _NO_STREET for word in street):
            yield match.start(), match.end(), "address", "address"
    for match in patterns.ADDRESS_FR.finditer(text):
        yield match.start(), match.end(), "address", "address"


_NO_STREET = frozenset(
    "a across along an and at away by down from in km long miles minutes my of off on one our out "
    "over people per some the their this times to up weeks days hours years".split()
)

RULES: tuple[Callable[[str], Iterator[Found]], ...] = (
    _simple(patterns.EMAIL, "e-mail", "e-mail"),
    _web,
    _simple(patterns.ACCOUNT, "account", "account"),
    _simple(patterns.DATE_NUMERIC, "date", "date"),
    _simple(patterns.RAMQ, "health number", "health_number"),
    _numbers,
    _simple(patterns.VERY_LONG_NUMBER, "number", "number"),
    _simple(patterns.POSTCODE_UK, "postcode", "postcode"),
    _simple(patterns.POSTCODE_CA, "postcode", "postcode"),
    _simple(patterns.POSTCODE_FR, "postcode", "postcode"),
    _addresses,
    _honorifics,
    _simple(patterns.DATE_WORDS, "date", "date"),
    _simple(patterns.MONTH_AFTER, "date", "date"),
    _simple(patterns.CAPITAL_MONTH, "date", "date"),
    _simple(patterns.YEAR_AFTER, "date", "date"),
)
"""In order of trust: where two rules meet, the first one's find stands."""
