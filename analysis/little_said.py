"""Find the answers that say little: nothing, "no", "n/a", signs only.

Nearly a third of the answers in a real set are of this kind; they are counted and shown apart, so
that they neither form a theme nor are lost (promise 9). What is set apart must hold no subject at
all: "Parking" says something, so does "Nothing was done", and both are left alone.

Measured on the 10,302 comments of ../shared/data/nhs_feedback.csv against the label "Nothing to
improve": see tests/analysis/test_analysis_little_said.py, which asserts the floor.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from analysis import empty_phrases as phrases
from analysis.language import base

LONGEST = 160
"""Characters (white space aside) above which a text always says something."""

REASONS = (
    "empty",
    "no_words",
    "numbers_only",
    "one_word",
    "nothing_to_add",
    "no_answer",
    "do_not_know",
)
"""Every reason `says_little` can give."""

_CLAUSE_END = re.compile(r"[.,;:!?…()\[\]\n\r\t\"“”«»/\\–—|*<>]+|\s-+\s?|-+\s")
_NOT_PLAIN = re.compile(r"[^\w' -]|_")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class _Wording:
    """What is known of one language: phrases by reason, asides, and the praise beside them."""

    reasons: tuple[tuple[str, re.Pattern[str]], ...]
    aside: re.Pattern[str]
    praise: frozenset[str]
    praise_starts: frozenset[str]
    filler: frozenset[str]


def says_little(text: str, *, language: str | None = None) -> str | None:
    """Return why `text` says little, as one of `REASONS`, or None where it says something.

    `language` chooses the phrases (English and French are known); None tries both. In any other
    language only texts without words are found, since "no" may there mean "yes".
    """
    if not any(_visible(character) for character in text):
        return "empty"
    if not any(character.isalpha() for character in text):
        return "numbers_only" if any(character.isnumeric() for character in text) else "no_words"
    text = text.strip()
    if len(text) > LONGEST:
        return None
    spoken = base(language) if language else None
    for code in ("en", "fr"):
        reason = _reason_in(text, _wording(code)) if spoken in (None, code) else None
        if reason is not None:
            return reason
    return None


def plain(text: str) -> list[str]:
    """Return the clauses of `text`: lower-case words, straight apostrophes, single spaces."""
    text = unicodedata.normalize("NFC", text).casefold().replace("’", "'").replace("`", "'")
    clauses = (_NOT_PLAIN.sub(" ", clause) for clause in _CLAUSE_END.split(text))
    tidy = (_SPACES.sub(" ", clause).strip(" '-") for clause in clauses)
    return [clause for clause in tidy if clause]


def _visible(character: str) -> bool:
    """Say whether a character can be seen (white space and invisible controls cannot)."""
    return not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf")


def _reason_in(text: str, wording: _Wording) -> str | None:
    """Give the reason by one language's wording, or None where any clause says something."""
    clauses = plain(text)
    whole = " ".join(clauses)
    if all(word in wording.filler or len(word) == 1 for word in whole.split()):
        only = whole.replace(" ", "")
        if only not in ("na", "so", "ras") and len(whole.split()) <= 2:
            return "one_word"
    # "n/a" and "R.A.S." fall apart into clauses, so the whole is tried before its parts
    for name, phrase in wording.reasons:
        if phrase.fullmatch(whole):
            return name
    found: str | None = None
    for clause in clauses:
        reason, rest = _peel(clause, wording)
        if rest and not _is_praise(rest, wording, after_nothing=reason is not None):
            return None
        found = found or reason
    return found


def _peel(clause: str, wording: _Wording) -> tuple[str | None, str]:
    """Take empty phrases and asides off the front; return the first reason and what is left."""
    found: str | None = None
    rest = clause
    while rest:
        for name, phrase in (*wording.reasons, (None, wording.aside)):
            match = phrase.match(rest)
            if match is not None and match.end():
                found = found or name
                rest = rest[match.end() :].lstrip()
                break
        else:
            break
    return found, rest


def _is_praise(clause: str, wording: _Wording, *, after_nothing: bool) -> bool:
    """Say whether a clause is praise or thanks without a subject.

    Run together with "nothing" it must begin a sentence of its own: "nothing it was good" is
    praise, "nothing was good" and "nothing good" are the opposite.
    """
    found = clause.split()
    if after_nothing and found[0] not in wording.praise_starts:
        return False
    return all(word in wording.praise for word in found)


@cache
def _wording(language: str) -> _Wording:
    """Compile one language's phrases; each must end where a word ends."""

    def compiled(alternatives: tuple[str, ...]) -> re.Pattern[str]:
        return re.compile("(?:" + "|".join(f"(?:{one})" for one in alternatives) + r")(?![\w'-])")

    suffix = language.upper()
    return _Wording(
        reasons=tuple(
            (reason, compiled(getattr(phrases, f"{name}_{suffix}")))
            for reason, name in (
                ("no_answer", "NO_ANSWER"),
                ("do_not_know", "DO_NOT_KNOW"),
                ("nothing_to_add", "NOTHING"),
            )
        ),
        aside=compiled(getattr(phrases, f"ASIDE_{suffix}")),
        praise=getattr(phrases, f"PRAISE_{suffix}"),
        praise_starts=frozenset(getattr(phrases, f"PRAISE_STARTS_{suffix}")),
        filler=getattr(phrases, f"FILLER_{suffix}"),
    )
