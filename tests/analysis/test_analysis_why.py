"""Why a passage stands under a theme: words that draw it, what it is like, where else it fits."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis import why
from analysis.vector_cache import VectorCache

AXES = ("bus", "late", "nurse", "kind")


class MadeUp:
    """Vectors made of how often four words stand in a text; nothing else counts."""

    name = "made up"
    languages = frozenset(["en"])
    dimensions = len(AXES)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.array([[text.lower().count(word) for word in AXES] for text in texts], float)
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / np.where(length, length, 1)).astype(np.float32)


def by_vectors(passage: str, **given: object) -> why.Drawn:
    others = ["The bus was late", "The bus never came", "A late bus"]
    elsewhere = {7: ["The nurse was kind"], 8: ["A nurse"], 9: []}
    fields = {"words": ["bus", "late"], "others": others, "elsewhere": elsewhere}
    return why.drawn(passage, "en", vectors=VectorCache(MadeUp()), **(fields | given))


def test_words_that_draw_by_hand() -> None:
    """The mean of (1,1)/√2, (1,0) and (1,1)/√2 is (.805, .471), of length .933: (.863, .505).

    So the cosine with (1,1)/√2 is .968; without 'bus' it is .505 and without 'late' .863.
    """
    found = by_vectors("My bus was late")
    assert found.shared == ("bus", "late")
    assert found.likeness is not None and round(found.likeness, 3) == 0.968
    assert found.pulling == ("bus", "late")
    assert found.alike == (0, 2, 1)
    assert found.nearest == (7, 0.0) and not found.could_go_elsewhere


def test_a_passage_of_two_things_could_go_elsewhere() -> None:
    found = by_vectors("A kind nurse on the bus")
    assert found.nearest is not None and found.nearest[0] == 7
    assert found.could_go_elsewhere


def test_the_same_words_told_twice_explain_nothing() -> None:
    assert by_vectors("A late bus").alike == (0, 1)


def test_without_vectors_words_alone_are_compared() -> None:
    found = why.drawn(
        "Buses were late", "en", words=["bus"], others=["A kind nurse", "The late bus home"]
    )
    assert (found.shared, found.pulling, found.alike) == (("Buses",), (), (1,))
    assert found.likeness is None and not found.could_go_elsewhere
    unknown = by_vectors("Bws hwyr")
    assert unknown.shared == ()
    assert why.drawn("", None, words=[], others=[]) == why.Drawn((), (), ())
    welsh = why.drawn("bus", "cy", words=["bus"], others=[], vectors=VectorCache(MadeUp()))
    assert welsh == why.Drawn(("bus",), (), ()), "vectors do not know this language"


def test_alone_in_its_theme_there_is_nothing_to_be_like() -> None:
    assert by_vectors("My bus", others=[]) == why.Drawn(("bus",), (), ())


def test_the_same_question_gets_the_same_answer() -> None:
    assert by_vectors("My bus was late") == by_vectors("My bus was late")
