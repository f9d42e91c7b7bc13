"""What the benchmark of capture tells: answers to the shipped story form, or to 250 questions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

#: Made up; about as long as people's answers are.
TELLING: Final = "I waited at the clinic for two hours and nobody said why. " * 5
CONSENT: Final = {"analyse": True, "quote": True, "publish": False, "contact": False}
QUESTIONS: Final = 250
#: Of ten questions in the long form: two of free words, eight to choose, count or date.
KINDS: Final = (
    "long_text",
    "choice",
    "choice",
    "many",
    "number",
    "choice",
    "short_text",
    "date",
    "choice",
    "number",
)
CODES: Final = ("never", "seldom", "often", "always")
GIVEN: Final[dict[str, Any]] = {
    "long_text": "The bus came late again, so we walked, and the door was shut. " * 2,
    "short_text": "A made-up street by the park",
    "choice": "often",
    "many": ["never", "always"],
    "number": 42,
    "date": "2026-03-31",
}


def write_long_form(folder: Path) -> None:
    """Write the form of 250 questions as `long-1.toml` into an inquiry's folder of forms."""
    options = ", ".join(f'{{ code = "{code}", en = "{code.title()}" }}' for code in CODES)
    lines = ['form = "long"', "version = 1", "themed = true", '[title]\nen = "A long form"']
    for number in range(QUESTIONS):
        kind = KINDS[number % len(KINDS)]
        lines += [f'[[question]]\nname = "q{number:03}"\nkind = "{kind}"']
        lines += [f'label.en = "Question {number}: what was it like?"']
        if kind in ("choice", "many"):
            lines += [f"options = [ {options} ]"]
    folder.mkdir(exist_ok=True)
    (folder / "long-1.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def answers(form: str) -> dict[str, Any]:
    """Return the answers of one telling with the form `story` or `long`."""
    if form == "story":
        return {"telling": TELLING, "group": "residents"}
    return {f"q{number:03}": GIVEN[KINDS[number % len(KINDS)]] for number in range(QUESTIONS)}


def words(form: str) -> tuple[str, ...]:
    """Return the questions of a form that carry free words, of those that are answered."""
    if form == "story":
        return ("telling",)
    return tuple(name for name, given in answers(form).items() if given in _WORDS)


_WORDS: Final = (GIVEN["long_text"], GIVEN["short_text"])


def as_json(form: str, *, receipt: str, seq: int) -> bytes:
    """Return one story as a tablet sends it."""
    story = {
        "form": form,
        "form_version": 1,
        "language": "en",
        "device_seq": seq,
        "receipt": receipt,
        "answers": answers(form),
        "consent": CONSENT | {"wording": 1},
    }
    return json.dumps(story).encode()


def as_fields(form: str) -> list[tuple[str, str]]:
    """Return the answers and consent as the page of a telling posts them."""
    fields = [
        (name, str(one))
        for name, given in answers(form).items()
        for one in (given if isinstance(given, list) else [given])
    ]
    return fields + [(f"consent-{use}", "yes") for use, given in CONSENT.items() if given]
