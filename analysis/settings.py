"""What can be set in a theming run, with the reason for each default."""

from dataclasses import dataclass

MOST_ASKED = 200
"""Themes that may be asked for; nobody reads more."""

LARGEST_SEED = 2**32 - 1
"""The largest seed that NumPy takes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The numbers behind a run; all are recorded with it."""

    dimensions: int = 100
    """Directions kept by latent semantic analysis; fewer blur themes, more bring noise back."""

    most_terms: int = 50_000
    """Terms (words and pairs of words) kept, the most widely used first: bounds memory."""

    fewest_texts_a_term: int = 2
    """A term in one text only cannot say that two texts are alike."""

    sample: int = 2_000
    """Different texts that Ward's method looks at: it compares each with each."""

    most_rounds: int = 100
    """Rounds of Lloyd's method; it has settled long before."""

    fewest_members: int = 3
    """Fewer voices than this are no theme; they stand alone and are shown so."""

    near: float = 0.1
    """Least cosine with the mean of the others in its theme; a text below it stands alone."""

    words: int = 6
    """Typical words shown for a theme."""

    fewest_texts_a_word: int = 2
    """A word shown for a theme stands in at least so many of its texts."""

    fewest_texts_a_word_from_100: int = 3
    """The same where there are 100 texts and more: one person's rare word is never a label."""

    typical: int = 5
    """Most typical texts named for a theme."""

    different: int = 3
    """Least typical texts named for a theme, so that one label does not hide them."""

    passage: int = 280
    """Characters up to which whole sentences make one passage to quote."""
