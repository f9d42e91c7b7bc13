"""Suggestions: from a codebook alone, better with each correction, and honest about themselves."""

import time

import numpy as np
import pytest

from analysis import learning
from analysis.codebook import Code
from analysis.suggestions import Suggester, Suggestion
from analysis.vector_cache import VectorCache
from analysis.vectors import installed

CODES = [
    Code("bus", "Getting there by bus", "Buses and drivers", examples=("The bus was late",)),
    Code("nurse", "Nurses", "Nurses and how they care", examples=("A kind nurse listened",)),
]
TEXTS = [
    "My bus was cancelled so I missed the clinic",
    "The nurses listen and explain everything",
    "I like volcanoes",
    "We were glad of the nurse on the ward. Then we went home. The bus driver would not stop.",
    "L'infirmière m'a écoutée avec patience",
]


def suggester(texts: list[str], codes: list[Code] = CODES, **more: object) -> Suggester:
    model = installed()
    vectors = None if model is None else VectorCache(model)
    return Suggester(codes, texts, **{"vectors": vectors, **more})  # type: ignore[arg-type]


def pairs(found: list[Suggestion]) -> set[tuple[int, str]]:
    return {(one.index, one.code) for one in found}


def test_a_codebook_alone_suggests_with_the_sentence_that_drew_the_text() -> None:
    found = suggester(TEXTS).suggest()
    assert {(0, "bus"), (1, "nurse"), (3, "bus"), (3, "nurse")} <= pairs(found)
    assert not pairs(found) & {(2, "nurse"), (2, "bus"), (0, "nurse"), (1, "bus")}
    said = {one.code: TEXTS[3][one.start : one.end] for one in found if one.index == 3}
    assert said == {
        "nurse": "We were glad of the nurse on the ward.",
        "bus": "The bus driver would not stop.",
    }
    if installed() is not None:
        assert (4, "nurse") in pairs(found)


def test_words_alone_do_as_well_where_there_is_no_model() -> None:
    machine = suggester(TEXTS * 3, vectors=None)
    found = pairs(machine.suggest())
    assert {(0, "bus"), (1, "nurse")} <= found
    assert "bus" in machine.why(0, "bus")[1]


def test_why_names_the_passage_and_its_words() -> None:
    span, words = suggester(TEXTS).why(3, "bus")
    assert TEXTS[3][span.start : span.end] == "The bus driver would not stop."
    assert "bus" in words and "glad" not in words


def many(number: int) -> tuple[list[str], list[set[str]]]:
    """Make texts about two things that the codebook's words do not name."""
    one = "parked meadow hedgehog lantern".split()
    two = "violin orchard saddle kettle".split()
    texts, codes = [], []
    for place in range(number):
        pick = (one, two)[place % 2]
        texts.append(f"{pick[place % 4]} {pick[(place // 3) % 4]} told us number {place}")
        codes.append({("bus", "nurse")[place % 2]})
    return texts, codes


def test_corrections_teach_and_the_curve_shows_it() -> None:
    texts, codes = many(120)
    machine = suggester(texts)
    rest = range(60, 120)

    def right() -> int:
        return len(pairs(machine.suggest(rest)) & {(i, c) for i in rest for c in codes[i]})

    before = right()
    machine.teach({index: codes[index] for index in range(60)})
    assert right() > max(before, 50)
    quality = machine.quality()
    assert quality.advice == "worth" and quality.readings == 60
    assert quality.micro_f1 is not None and quality.micro_f1 > 0.8
    assert [size for size, _ in quality.curve] == [0, 10, 20, 30, 40]
    assert quality.curve[0][1] < quality.curve[-1][1]
    assert machine.quality(curve=False).curve == ()
    assert {one.code for one in quality.codes} == {"bus", "nurse"}
    assert all(one.precision and one.recall for one in quality.codes)
    machine.teach({})
    assert right() == before, "what was taught is replaced, not added to"


def test_a_text_of_many_sentences_is_judged_as_if_none_of_them_had_been_learned_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only the share of each code counts what is left out, one in 24: hence the tolerance."""
    monkeypatch.setattr(learning, "ONE_WORTH", 0)  # as after very many readings
    short, codes = many(24)
    ends = ("In the rain.", "We went home.", "It was dark.")
    texts = [f"{text}. {ends[n % 3]} {ends[(n + 1) % 3]}" for n, text in enumerate(short)]
    machine = suggester(texts)
    taught = {index: codes[index] for index in range(24)}
    machine.teach(taught)
    judged = machine._left_out()
    for out in (0, 7, 23):
        machine.teach({index: taught[index] for index in taught if index != out})
        assert judged[out] == pytest.approx(machine._scores[out], abs=0.06)


def test_the_machine_steps_back_where_people_and_it_disagree() -> None:
    texts, _ = many(60)
    lots = np.random.default_rng(0).integers(0, 2, 60)
    machine = suggester(texts)
    machine.teach({index: {CODES[lots[index]].code} for index in range(60)})
    assert machine.quality().advice == "step_back"
    machine.teach({index: {"bus"} for index in range(19)})
    assert machine.quality().advice == "too_few" and machine.quality().micro_f1 is None


def test_every_text_comes_once_in_a_fair_order() -> None:
    texts, codes = many(40)
    machine = suggester(texts)
    machine.teach({index: codes[index] for index in range(5)})
    for by in ("random", "least_sure"):
        assert sorted(machine.order(by)) == list(range(5, 40))  # type: ignore[arg-type]
    assert machine.order(seed=1) == machine.order(seed=1) != machine.order(seed=2)
    assert machine.order() != machine.order("least_sure")


def test_the_same_readings_give_the_same_suggestions_in_any_order() -> None:
    texts, codes = many(40)
    one, two = suggester(texts), suggester(texts)
    one.teach({index: codes[index] for index in range(30)})
    two.teach({index: codes[index] for index in reversed(range(30))})
    assert one.suggest() == two.suggest()


def test_two_thousand_stories_are_ready_again_in_two_seconds() -> None:
    texts, codes = many(2_000)
    machine = suggester(texts, vectors=None)
    started = time.process_time()
    machine.teach({index: codes[index] for index in range(500)})
    machine.suggest()
    assert time.process_time() - started < 2


@pytest.mark.parametrize("texts", [[], [""], ["😀"], ["x" * 50_000], ["\ud800"]])
def test_odd_texts_are_no_trouble(texts: list[str]) -> None:
    machine = suggester(texts)
    machine.suggest()
    machine.teach({index: set() for index in range(len(texts))})
    assert machine.suggest([]) == [] and machine.order() == []


def test_wrong_readings_are_refused() -> None:
    machine = suggester(TEXTS)
    with pytest.raises(ValueError, match="no text 9"):
        machine.teach({9: {"bus"}})
    with pytest.raises(ValueError, match="'train' is not in the codebook"):
        machine.teach({0: {"train"}})
    with pytest.raises(ValueError, match="give one each"):
        suggester(TEXTS, languages=["en"])


@pytest.mark.parametrize("features", [3, 30], ids=["many readings", "many features"])
def test_the_left_out_scores_are_those_of_learning_without_each(features: int) -> None:
    chance = np.random.default_rng(0)
    rows, answers = chance.normal(size=(12, features)), chance.integers(0, 2, (12, 2)).astype(float)
    learned = learning.learn(rows, answers)
    usual = answers.mean(axis=0)
    for out in range(12):
        rest = [place for place in range(12) if place != out]
        inside = rows[rest].T @ rows[rest] + np.eye(features)
        weights = np.linalg.solve(inside, rows[rest].T @ (answers[rest] - usual))
        assert learned.left_out[out] == pytest.approx(rows[out] @ weights + usual)
        others = learned.scores_without(rows, np.full(12, out))
        assert others == pytest.approx(rows @ weights + usual)


def test_micro_f1_and_threshold_by_hand() -> None:
    """Scores .9 .6 .4 .1, answers 1 0 1 0: from .25 up F1 is 2·2/(3+2) = .8, the best."""
    scores, answers = np.array([[0.9, 0.6], [0.4, 0.1]]), np.array([[1.0, 0], [1, 0]])
    assert learning.best_threshold(scores, answers) == pytest.approx(0.25)
    assert learning.micro_f1(scores >= 0.25, answers) == pytest.approx(0.8)
    assert learning.micro_f1(np.zeros((2, 2), dtype=bool), np.zeros((2, 2))) == 0


def test_few_readings_leave_more_doubt_than_many() -> None:
    """Every other text is right: about .5, and the bounds are nearer with ten times the texts."""
    few = np.array([[1.0], [0]] * 20)
    wide = learning.micro_f1_between(np.ones((40, 1), dtype=bool), few)
    narrow = learning.micro_f1_between(np.ones((400, 1), dtype=bool), np.tile(few, (10, 1)))
    reached = learning.micro_f1(np.ones((40, 1), dtype=bool), few)
    assert wide[0] < narrow[0] < reached < narrow[1] < wide[1]
    assert learning.micro_f1_between(np.zeros((3, 1), dtype=bool), np.zeros((3, 1))) == (0, 0)


def test_giving_all_the_same_by_hand() -> None:
    """Codes given 3, 1 times in 4 texts: the first alone 2·3/(4+4) = .75, both 2·4/(8+4) = .67."""
    answers = np.array([[1.0, 0], [1, 0], [1, 0], [0, 1]])
    assert learning.best_constant(answers) == pytest.approx(0.75)
