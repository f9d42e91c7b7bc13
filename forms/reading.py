"""Read one form file, and refuse it with file, line and reason where it is not right."""

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from forms.errors import FormError
from forms.lines import Place
from forms.model import KINDS, OPTION_LISTS, Form, Option, Question, Texts
from forms.source import Source, parse, unreadable
from forms.text import TextError, clean_text, says_something
from forms.words import in_every_language

FILE_NAME = re.compile(r"([a-z][a-z0-9_]*)-([1-9][0-9]{0,5})\.toml")
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

LONGEST_TEXT = 5_000

# Names that the page around a form needs for itself: the envelope of a story, and what every
# Flask-WTF form already calls something else.
_ENVELOPE = "answers consent device device_seq form form_version join_code language receipt"
_ENVELOPE += " story_id uuid version wording"
_FLASK_WTF = "block csrf_token data errors extra_filters form_errors hidden_tag is_submitted meta"
_FLASK_WTF += " populate_obj post_process process validate validate_on_submit"
RESERVED_NAMES = frozenset(f"{_ENVELOPE} {_FLASK_WTF}".split())

_FORM_KEYS = ("form", "version", "themed", "title", "intro", "rather_not", "question")
_QUESTION_KEYS = ("name", "kind", "required", "label", "help", "options", "options_from")


def read_form(path: Path) -> Form:
    """Read the form file at `path`; raise FormError for anything that is not right in it.

    An unchanged file is parsed once per process.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise FormError(path, 1, unreadable(error)) from error
    return _read_once(path, status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=256)
def _read_once(path: Path, changed: int, size: int) -> Form:
    """Read the file; `changed` and `size` only tell its states apart."""
    return _Reader(parse(path)).form()


class _Reader:
    """Turns one parsed file into a Form."""

    def __init__(self, source: Source) -> None:
        self._path = source.path
        self._data = source.data
        self._refuse = source.refuse

    def form(self) -> Form:
        name, version = self._identity()
        data = self._data
        self._only(data, _FORM_KEYS)
        title = self._texts(data, (), "title", needed=True)
        intro = self._texts(data, (), "intro")
        rather_not = self._texts(data, (), "rather_not")
        return Form(
            name=name,
            version=version,
            titles=title,
            intros=intro,
            questions=self._questions(),
            themed=self._flag(data, (), "themed"),
            path=self._path,
            rather_not={**in_every_language("rather_not"), **rather_not},
        )

    def _identity(self) -> tuple[str, int]:
        """Return name and version, which file name and content must agree on."""
        match = FILE_NAME.fullmatch(self._path.name)
        if not match:
            self._refuse((), "the file must be called NAME-VERSION.toml, such as story-2.toml.")
        name, version = match[1], int(match[2])
        if "form" not in self._data:
            self._refuse((), f'the name of the form is missing. Add the line: form = "{name}"')
        if self._data["form"] != name:
            self._refuse(
                ("form",),
                f"form is {_shown(self._data['form'])}, but the file is called "
                f'{self._path.name}. Write form = "{name}" or rename the file.',
            )
        if "version" not in self._data:
            self._refuse((), f"the version is missing. Add the line: version = {version}")
        found = self._data["version"]
        if isinstance(found, bool) or found != version:
            self._refuse(
                ("version",),
                f"version is {_shown(found)}, but the file is called {self._path.name}. "
                f"Write version = {version} or rename the file.",
            )
        return name, version

    def _questions(self) -> tuple[Question, ...]:
        tables = self._data.get("question", [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            self._refuse(("question",), "write [[question]] with two brackets for each question.")
        if not tables:
            self._refuse((), "the form asks nothing. Add at least one [[question]].")
        questions: list[Question] = []
        for index, table in enumerate(tables):
            place = ("question", index)
            question = self._question(table, place)
            if any(question.name == earlier.name for earlier in questions):
                self._refuse(
                    (*place, "name"),
                    f'a question called "{question.name}" stands further up already. '
                    "Give this one another name.",
                )
            questions.append(question)
        return tuple(questions)

    def _question(self, table: dict[str, Any], place: Place) -> Question:
        self._only(table, _QUESTION_KEYS, place)
        kind = table.get("kind")
        if kind not in KINDS:
            problem = f"{_shown(kind)} is not a kind of question" if kind else "the kind is missing"
            self._refuse((*place, "kind"), f"{problem}. The kinds are: {', '.join(KINDS)}.")
        options_from = self._options_from(table, place)
        question = Question(
            name=self._name(table, place),
            kind=kind,
            labels=self._texts(table, place, "label", needed=True),
            helps=self._texts(table, place, "help"),
            required=self._flag(table, place, "required"),
            options=self._options(table, place),
            options_from=options_from,
        )
        self._check_options(question, place)
        return question

    def _name(self, table: dict[str, Any], place: Place) -> str:
        name = table.get("name")
        at = (*place, "name")
        if name is None:
            self._refuse(at, 'the question has no name. Add a line such as: name = "telling"')
        if not isinstance(name, str) or not NAME.fullmatch(name):
            self._refuse(
                at,
                f"{_shown(name)} cannot be the name of a question. Use small letters a to z, "
                "digits and _, and start with a letter.",
            )
        if name in RESERVED_NAMES or name.startswith("consent_"):
            self._refuse(at, f'the toolkit needs the name "{name}" itself. Choose another one.')
        return name

    def _check_options(self, question: Question, place: Place) -> None:
        given = [key for key in ("options", "options_from") if getattr(question, key)]
        if given and not question.has_options:
            reason = f"a question of the kind {question.kind} has no options. Take {given[0]} out, "
            self._refuse((*place, given[0]), reason + 'or write kind = "choice".')
        elif len(given) == 2:
            reason = "give either options or options_from, not both. Take one of them out."
            self._refuse((*place, "options_from"), reason)
        elif question.has_options and not given:
            reason = "there is nothing to choose from. Add options = [ … ], or options_from = "
            self._refuse((*place, "kind"), reason + '"groups".')

    def _options_from(self, table: dict[str, Any], place: Place) -> str | None:
        found = table.get("options_from")
        if found is not None and found not in OPTION_LISTS:
            known = " or ".join(f'"{each}"' for each in OPTION_LISTS)
            self._refuse((*place, "options_from"), f"{_shown(found)} is not a list. Write {known}.")
        return found

    def _options(self, table: dict[str, Any], place: Place) -> tuple[Option, ...]:
        place = (*place, "options")
        found = table.get("options", [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self._refuse(
                place, 'write each option as { code = "yes", en = "Yes", fr = "Oui" }, in [ … ].'
            )
        options: dict[str, Option] = {}
        for index, each in enumerate(found):
            at = (*place, index)
            code = each.get("code")
            if not isinstance(code, str) or not _CODE.fullmatch(code):
                self._refuse(
                    (*at, "code"),
                    f"{_shown(code)} cannot be the code of an option. Use small letters a to z, "
                    'digits and _, such as code = "yes".',
                )
            if code in options:
                self._refuse((*at, "code"), f'the code "{code}" stands twice. Change one of them.')
            labels = {key: text for key, text in each.items() if key != "code"}
            options[code] = Option(code, self._languages(labels, at))
        return tuple(options.values())

    def _texts(
        self,
        table: dict[str, Any],
        place: Place,
        key: str,
        *,
        needed: bool = False,
    ) -> Texts:
        at = (*place, key)
        if key not in table:
            if needed:
                self._refuse(at, f'the {key} is missing. Add a line such as: {key}.en = "…"')
            return {}
        if not isinstance(table[key], dict):
            self._refuse(at, f'say which language this is, such as: {key}.en = "…"')
        return self._languages(table[key], at)

    def _languages(self, texts: dict[str, Any], at: Place) -> Texts:
        """Check one text in its languages; one language is enough, the others fall back to it."""
        if not texts:
            self._refuse(at, 'there is no text here. Add at least one language, such as en = "…".')
        return {language: self._text(text, language, at) for language, text in texts.items()}

    def _text(self, text: Any, language: str, at: Place) -> str:
        at = (*at, language)
        if not _LANGUAGE.fullmatch(language):
            self._refuse(
                at, f"{_shown(language)} is not the code of a language, such as en, fr or pa."
            )
        if not isinstance(text, str):
            self._refuse(at, f"{_shown(text)} is not a text. Put it between quotation marks.")
        try:
            clean = clean_text(text).strip()
        except TextError as error:  # tomllib lets no surrogate through; this keeps it so
            self._refuse(at, str(error))
        if not says_something(clean):
            self._refuse(at, "the text is empty. Write it, or take the line away.")
        if len(clean) > LONGEST_TEXT:
            reason = f"the text has {len(clean):,} characters; nobody reads that many on a form. "
            self._refuse(at, reason + f"Make it shorter than {LONGEST_TEXT:,}.")
        return clean

    def _flag(self, table: dict[str, Any], place: Place, key: str) -> bool:
        found = table.get(key, False)
        if not isinstance(found, bool):
            self._refuse((*place, key), f"{key} is {_shown(found)}. Write true or false.")
        return found

    def _only(self, table: dict[str, Any], known: Sequence[str], place: Place = ()) -> None:
        for key in table:
            if key not in known:
                self._refuse(
                    (*place, key),
                    f"{_shown(key)} is not known here. Known are: {', '.join(known)}. "
                    "Correct the word or take the line away.",
                )


def _shown(value: object) -> str:
    """Show a value of the file in a message: on one line, cut so that it stays readable."""
    shown = " ".join(str(value).split())
    shown = shown if len(shown) <= 60 else f"{shown[:60]}…"
    return f'"{shown}"' if isinstance(value, str) else shown
