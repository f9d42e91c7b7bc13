"""The machine that suggests codes: one model an inquiry, kept in memory, taught by each yes and no.

Reading the stories takes long, so it happens in a thread beside the pages; learning from what
people said takes well under two seconds at 2,000 stories and happens at once. A model that holds a
story which may not be analysed any more is thrown away before anything is answered.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from par_toolkit.coding import book
from par_toolkit.storage import codebook, codings, examples, readings, vectors
from par_toolkit.storage.database import PrivateDatabase, open_database
from par_toolkit.storage.readings import Answers

if TYPE_CHECKING:
    from analysis.codebook import Code
    from analysis.judging import Quality
    from analysis.suggestions import Suggester

log = logging.getLogger("par_toolkit.coding")

#: How long a page waits for the machine; few stories are often read by then.
SECONDS: Final = 2.0

#: What stopped it may have passed by then, as where memory was short; each try costs a minute.
AGAIN_AFTER: Final = 600.0

THREAD: Final = "par coding"
#: Between the answers of a story, which the machine reads as one text: it ends every sentence.
BETWEEN: Final = "\n\n"

State = Literal["ready", "reading", "no_codes", "no_stories", "failed"]


@dataclass(frozen=True)
class Hint:
    """A suggested code for a stretch of one free answer of a story, in code points."""

    code: int
    question: str
    start: int
    end: int
    score: float
    sure: float


@dataclass(frozen=True)
class _Model:
    suggester: Suggester
    key: str
    place: Mapping[int, int]
    held: Mapping[int, str]
    #: story -> where each answer begins in the text that was read, and its question
    begins: Mapping[int, Sequence[tuple[int, str]]]


@dataclass(frozen=True)
class _Judged:
    """How good the suggestions are: when it was worked out, by which readings, with the curve?"""

    at: tuple[int, ...] | None
    by: object
    quality: Quality
    curve: bool


class Machine:
    """The model of the inquiry in one folder. Safe between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._model: _Model | None = None
        self._taught: object = None
        self._stamp: tuple[int, ...] | None = None
        self._judged: _Judged | None = None
        self._thread: threading.Thread | None = None
        self._failed, self._failed_at = "", 0.0
        self._waited = False

    def state(self, db: PrivateDatabase, *, story: int | None = None) -> State:
        """Say how things stand, after learning all that people have said; begin to read if due.

        With `story` it is 'reading' until that story has been read, whatever is known of others.
        The first to find it so waits a little.
        """
        found = self._look(db, story)
        thread = self._thread
        if found == "reading" and thread is not None and not self._waited:
            self._waited = True
            thread.join(SECONDS)
            found = self._look(db, story)
        return found

    def _look(self, db: PrivateDatabase, story: int | None) -> State:
        with self._lock:
            stamp = codings.stamp(db)
            if self._model is not None and stamp == self._stamp:
                return "ready"
            self._stamp = None
            told, codes = readings.answers(db), book.for_machine(db)
            if not codes or not told:
                self._model = None
                return "no_stories" if codes else "no_codes"
            key = _digest(repr((told, codes)))
            if self._model is not None and not _holds(told, self._model.held):
                self._model = None
            if self._model is None or self._model.key != key:
                self._begin(key, told, codes)
            behind: State = "failed" if self._failed == key else "reading"
            if self._model is None:
                return behind
            self._learn(db)
            if self._model.key == key:
                self._stamp = stamp
                return "ready"
            waits = story is not None and story not in self._model.place
            return behind if waits else "ready"

    def hints(self, db: PrivateDatabase, story: int) -> list[Hint]:
        """Return the codes suggested for a story, the surest first; none without a model."""
        if self.state(db, story=story) != "ready":
            return []
        with self._lock:
            if self._model is None or story not in self._model.place:
                return []
            ids = {one.code: one.id for one in codebook.listing(db)}
            found = []
            for one in self._model.suggester.suggest([self._model.place[story]]):
                begins, question = next(
                    at for at in reversed(self._model.begins[story]) if at[0] <= one.start
                )
                if one.code in ids:
                    where = (question, one.start - begins, one.end - begins)
                    found.append(Hint(ids[one.code], *where, one.score, one.sure))
            return found

    def why(self, db: PrivateDatabase, story: int, code: int) -> tuple[str, ...]:
        """Return the words that draw a story to a code, those that count most first."""
        if self.state(db, story=story) != "ready":
            return ()
        with self._lock:
            if self._model is None:
                return ()
            found = codebook.get(db, code)
            known = {one.code for one in self._model.suggester.codes}
            if found is None or found.code not in known or story not in self._model.place:
                return ()
            return self._model.suggester.why(self._model.place[story], found.code)[1]

    def quality(self, db: PrivateDatabase, *, curve: bool = False) -> Quality | None:
        """Judge the suggestions by the stories that people have read to the end; None likewise.

        The learning curve takes longest, and is there only where it is asked for.
        """
        if self.state(db) != "ready":
            return None
        with self._lock:
            if self._model is None:
                return None
            judged = self._judged
            current = judged is not None and self._stamp is not None and judged.at == self._stamp
            if judged is None or not current or (curve and not judged.curve):
                judged = self._judged = self._judge(db, self._model, curve=curve)
            return judged.quality

    def _judge(self, db: PrivateDatabase, model: _Model, *, curve: bool) -> _Judged:
        """Judge by finished stories alone, then learn again from all that people said.

        A story that holds an example of a code is left out: the codebook gives its answer away.
        """
        given_away = {model.place.get(one.passage.story) for one in examples.listing(db)}
        every = self._answers(db, finished=True)
        read = {index: codes for index, codes in every.items() if index not in given_away}
        by, before = (model.key, _frozen(read)), self._judged
        if before is not None and before.by == by and (before.curve or not curve):
            return replace(before, at=self._stamp)
        model.suggester.teach(read)
        quality = model.suggester.quality(curve=curve)
        self._taught = None
        self._learn(db)
        return _Judged(self._stamp, by, quality, curve)

    def least_sure(self, db: PrivateDatabase, *, seed: int) -> list[int] | None:
        """Return the stories where the machine is least sure first; None without a model."""
        if self.state(db) != "ready":
            return None
        with self._lock:
            if self._model is None:
                return None
            stories = {index: story for story, index in self._model.place.items()}
            order = self._model.suggester.order("least_sure", seed=seed)
            return [stories[index] for index in order]

    def wait(self) -> None:
        """Wait until whatever is being read has been read."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _learn(self, db: PrivateDatabase) -> None:
        """Teach what people said: stories read to the end, and those where they said yes so far."""
        assert self._model is not None
        answers = self._answers(db)
        if self._taught != _frozen(answers):
            self._model.suggester.teach(answers)
            self._taught = _frozen(answers)

    def _answers(self, db: PrivateDatabase, *, finished: bool = False) -> dict[int, set[str]]:
        assert self._model is not None
        used = {one.id: one.code for one in codebook.listing(db)}
        known = {one.code for one in self._model.suggester.codes}
        place = self._model.place
        read = readings.listing(db)
        found: dict[int, set[str]] = {place[story]: set() for story in read if story in place}
        for one in codings.everywhere(db):
            story, code = one.passage.story, used.get(one.code)
            if one.yes and code in known and story in place and (story in read or not finished):
                found.setdefault(place[story], set()).add(str(code))
        return found

    def _begin(self, key: str, told: Sequence[Answers], codes: Sequence[Code]) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        if self._failed == key and time.monotonic() - self._failed_at < AGAIN_AFTER:
            return
        self._failed = ""
        thread = threading.Thread(
            target=self._read, args=(key, told, codes), name=THREAD, daemon=True
        )
        self._thread, self._waited = thread, False
        thread.start()

    def _keeping(self, told: Sequence[Answers]) -> AbstractContextManager[bool]:
        def allowed() -> bool:
            with open_database(self._folder) as db:
                return _holds(readings.answers(db), _held(told))

        return vectors.keeping(self._folder, allowed)

    def _read(self, key: str, told: Sequence[Answers], codes: Sequence[Code]) -> None:
        # What reads texts takes seconds to load, and the pages must open without it.
        from analysis.suggestions import Suggester
        from analysis.vector_cache import VectorCache
        from analysis.vectors import installed

        try:
            encoder = installed()
            kept = vectors.path(self._folder, vectors.PASSAGES)
            cache = (
                None
                if encoder is None
                # a story may be withdrawn while its vectors are being made
                else VectorCache(encoder, kept, may_keep=lambda: self._keeping(told))
            )
            suggester = Suggester(
                codes,
                [_joined(one) for one in told],
                languages=[one.language for one in told],
                vectors=cache,
            )
            if cache is not None:
                cache.keep()
            model = _Model(
                suggester,
                key,
                {one.story: index for index, one in enumerate(told)},
                _held(told),
                {one.story: _begins(one) for one in told},
            )
            with self._lock, open_database(self._folder) as db:
                if _holds(readings.answers(db), model.held):
                    self._model, self._taught, self._stamp = model, None, None
        except Exception as error:
            # Whatever stops the machine, people can go on; the words stay out of the log.
            log.error("reading stories for codes stopped: %s", type(error).__name__)
            with self._lock:
                self._failed, self._failed_at = key, time.monotonic()


def _frozen(answers: Mapping[int, set[str]]) -> frozenset[tuple[int, frozenset[str]]]:
    return frozenset((index, frozenset(codes)) for index, codes in answers.items())


def _joined(one: Answers) -> str:
    return BETWEEN.join(text for _, text in one.texts)


def _begins(one: Answers) -> list[tuple[int, str]]:
    found, at = [], 0
    for question, text in one.texts:
        found.append((at, question))
        at += len(text) + len(BETWEEN)
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _held(told: Sequence[Answers]) -> dict[int, str]:
    return {one.story: _digest(repr(one)) for one in told}


def _holds(told: Sequence[Answers], held: Mapping[int, str]) -> bool:
    """Say whether every story of a model is still there, in the same words."""
    now = _held(told)
    return all(now.get(story) == words for story, words in held.items())
