"""What can be set in a theming run, with the reason for each default."""

from dataclasses import dataclass

MOST_ASKED = 200
"""Themes that may be asked for; nobody reads more."""

LARGEST_SEED = 2**32 - 1
"""The largest seed that NumPy takes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The numbers behind a run; all are recorded with it."""

    vector_dimensions: int = 50
    """Directions kept of sentence vectors, those in which people differ most."""

    whiten: float = 0.5
    """Each of them is scaled by its spread to this power below zero: 0 leaves the loudest alone."""

    words_weight: float = 0.5
    """Weight of words beside sentence vectors; 0 where texts are in several languages."""

    other_languages: float = 0.05
    """Share of texts in a second language from which words are left out of nearness."""

    dimensions: int = 100
    """Directions kept by latent semantic analysis; fewer blur themes, more bring noise back."""

    most_terms: int = 50_000
    """Terms (words and pairs of words) kept, the most widely used first: bounds memory."""

    fewest_texts_a_term: int = 2
    """A term in one text only cannot say that two texts are alike."""

    learned_from: int = 20_000
    """Different texts that the space and the centres are learned from, chosen by their hash."""

    sample: int = 2_000
    """Different texts that the number of themes is looked for in: each is compared with each."""

    looks: int = 20
    """Looks at a part of the texts, of which the centres are what they agree on."""

    look_at: int = 1_000
    """Different texts in a look."""

    looks_from: int = 100
    """With fewer different texts there is one look, at all of them."""

    most_rounds: int = 100
    """Rounds of Lloyd's method; it has settled long before."""

    fewest_members: int = 3
    """Fewer voices than this are no theme; they stand alone and are shown so."""

    near: float = 0.1
    """Least cosine with the mean of the others in its theme; a text below it stands alone."""

    near_from: int = 20
    """With fewer different texts that least is 0: what all share is taken from each, and where all
    tell of one thing little else is left."""

    near_passage: float = 0.35
    """Least cosine of a passage with the centre of a theme that is not its text's main one."""

    clear: float = 0.1
    """How much nearer that theme must be to the passage than the text's main one."""

    two_levels_from: int = 9
    """Themes from which they are also put into groups, about three in each."""

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

    most_passages: int = 200
    """Passages looked at in one text; a whole book is no story."""
