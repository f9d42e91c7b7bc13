"""Cut any text into pieces small enough to tokenize, whatever is in it.

spaCy peels punctuation off one character at a time, so 20,000 brackets in a row take half a
minute. No piece made here has a run of signs longer than 3, or of anything but spaces longer than
`LONGEST_RUN`.
"""

import re
from collections.abc import Iterator

LONGEST_RUN = 100
"""Characters in a row without a space; no word that people write is longer."""

LONGEST_PIECE = 20_000
"""Characters in a piece, so that a text of a million characters is read in bounded memory."""

_TOO_LONG_RUN = re.compile(rf"\S{{{LONGEST_RUN}}}(?=\S)")
_SIGNS = re.compile(r"(?:[^\w\s]|_){4,}")


def whole(text: str) -> str:
    """Put a question mark for each half character (a lone surrogate), which no library can read."""
    return text.encode("utf-8", "replace").decode("utf-8")


def loosened(text: str) -> str:
    """Replace runs of signs by a space and put spaces into runs that are too long."""
    return _TOO_LONG_RUN.sub(lambda run: run.group() + " ", _SIGNS.sub(" ", text))


def has_long_run(text: str) -> bool:
    """Say whether `text` holds a run without spaces that is too long to tokenize as it is."""
    return _TOO_LONG_RUN.search(text) is not None


def pieces(text: str) -> Iterator[str]:
    """Yield pieces of `text`, cut at spaces, that are quick to tokenize one by one."""
    loose = loosened(whole(text))
    start = 0
    while start < len(loose):
        end = min(start + LONGEST_PIECE, len(loose))
        if end < len(loose):
            # loosened() promises a space within the last LONGEST_RUN + 1 characters
            while not loose[end - 1].isspace():
                end -= 1
        yield loose[start:end]
        start = end
