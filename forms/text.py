"""Clean what people write without touching their words.

What is taken away cannot be seen, or damages the pages it is shown on. Time is linear in the
length of the text, whatever it holds.
"""

import re
import unicodedata

# Far more than any script needs on one letter; stacks beyond it cover the lines around them,
# and long ones make normalising quadratic.
LONGEST_RUN_OF_MARKS = 30

_SURROGATE = re.compile("[\ud800-\udfff]")

# CR LF, CR, and the line ends that browsers and spreadsheets do not treat as such.
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")

_INVISIBLE = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]{2,8}\U000e007f)"  # kept: the flags of Wales, Scotland …
    "|[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and newline, DEL, C1
    "\u200b\u2060-\u2064\ufeff"  # zero-width space, word joiner, invisible operators, BOM
    "\u202a-\u202e\u2066-\u2069\u206a-\u206f"  # bidi embeddings, overrides and isolates
    "\ufff9-\ufffb"  # interlinear annotation
    "\U000e0000-\U000e007f]"  # tags: they can smuggle whole sentences
)

# The joiners change how letters beside them are drawn, so they are kept; they do not end a run
# of marks, or marks could be stacked without end with a joiner between each two.
_JOINERS = "\u200c\u200d"


class TextError(ValueError):
    """Refuse text that cannot be stored; `position` is the damaged character, from 1."""

    def __init__(self, position: int) -> None:
        self.position = position
        super().__init__(
            f"Character {position} is damaged (half of a pair) and cannot be kept. "
            "Please delete it and type it again."
        )


def clean_text(raw: str) -> str:
    """Return `raw` without what cannot be seen, with plain line ends, in the form NFC.

    Kept: every letter of every script, right-to-left marks, joiners, emoji, tabs, newlines and
    spaces. Runs of combining marks are cut at 30 before normalising. Cleaning twice changes
    nothing more. Raises TextError for lone surrogates, which no file can hold.
    """
    if raw.isascii() and raw.isprintable():  # as most answers are: there is nothing to clean
        return raw
    damaged = _SURROGATE.search(raw)
    if damaged:
        raise TextError(damaged.start() + 1)
    text = _LINE_ENDS.sub("\n", raw)
    text = _INVISIBLE.sub(r"\1", text)
    if text.isascii():
        return text
    # Normalising can split one mark into two (U+0344), hence the second cut.
    return _cap_marks(unicodedata.normalize("NFC", _cap_marks(text)))


def says_something(text: str) -> bool:
    """Say whether anything of the text can be read: not only spaces, joiners and loose marks."""
    if text[:1].isalnum():  # as most answers begin
        return True
    return any(
        (category := unicodedata.category(character))[0] not in "ZM"
        and category not in ("Cc", "Cf")
        for character in text
    )


def showable(raw: str) -> str:
    """Return `raw` with U+FFFD for each lone surrogate, so that any page can show it again."""
    return _SURROGATE.sub("\ufffd", raw)


def _cap_marks(text: str) -> str:
    kept = []
    run = 0
    for character in text:
        if unicodedata.category(character)[0] == "M":
            run += 1
            if run > LONGEST_RUN_OF_MARKS:
                continue
        elif character not in _JOINERS:
            run = 0
        kept.append(character)
    return "".join(kept)
