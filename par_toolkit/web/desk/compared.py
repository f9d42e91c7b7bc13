"""What the pages of comparing show: themes and words of stories, by what people chose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import analysis.language
import analysis.passages
import analysis.tokens
from analysis import compare, hiding, marking
from par_toolkit.inquiry import Inquiry
from par_toolkit.storage import comparing, reviewed, themes
from par_toolkit.storage.comparing import Compared, Told
from par_toolkit.storage.database import PrivateDatabase
from par_toolkit.web.handling import sentences

#: A choice of a form has few answers; a question with more is no place but words.
MOST_PLACES: Final = 30
QUOTES: Final = 3
LONGEST_QUOTE: Final = 400


@dataclass(frozen=True)
class Wanted:
    """What is compared: by what, between which two, and whether small figures are shown.

    `endorsed` leaves out what nobody has said yes to. `one` and `two` are codes of groups, cycles…
    """

    by: str
    endorsed: bool
    small: bool
    one: str | None = None
    two: str | None = None

    def query(self) -> dict[str, str]:
        """Return it as it stands in an address."""
        chosen = {"by": self.by, "themes": "endorsed" if self.endorsed else "all"}
        chosen |= {"small": "shown"} if self.small else {}
        return chosen | {name: code for name in ("one", "two") if (code := getattr(self, name))}


@dataclass(frozen=True)
class Stories:
    """The stories that are compared, what they are compared by, and the names of their themes."""

    wanted: Wanted
    fewest: int
    held: Sequence[Compared]
    titles: Mapping[int, str]
    offered: Sequence[str]
    any_endorsed: bool
    order: Sequence[str] = ()

    @property
    def groups(self) -> list[str | None]:
        """Return what each story is compared by; None where nobody said."""
        return [one.by[self.wanted.by] for one in self.held]

    @property
    def people(self) -> list[str]:
        return [one.person for one in self.held]

    @property
    def themes(self) -> list[frozenset[int]]:
        return [one.themes for one in self.held]

    @property
    def unsaid(self) -> int | None:
        """Count the stories of which nobody said; None where they are few."""
        number = sum(group is None for group in self.groups)
        return None if 0 < number < self.fewest else hiding.rounded(number, self.fewest)

    @property
    def codes(self) -> list[str]:
        """List the groups, cycles… that any story names, in the order of inquiry.toml."""
        named = {group for group in self.groups if group is not None}
        return [*(c for c in self.order if c in named), *sorted(named - set(self.order))]


@dataclass(frozen=True)
class Quote:
    """One sentence in which a word stands, as it reads after redaction."""

    story: int
    language: str
    before: str
    word: str
    after: str


@dataclass(frozen=True)
class Word:
    """A word that marks a group, as most people wrote it, with quotes of different people.

    `inside` and `outside` count the stories that use it, rounded unless small figures are shown;
    None where all but a few people inside, or only a few outside, use it. `kept` says that there
    are stories whose words are not shown: not released, or not to be quoted.
    """

    marking: marking.Marking
    form: str
    language: str
    quotes: Sequence[Quote]
    kept: bool
    inside: int | None
    outside: int | None


@dataclass(frozen=True)
class Words:
    """The words that mark one group, language by language; `too_few` names languages left out."""

    found: Sequence[Word]
    looked_at: int
    by_chance: float
    too_few: Sequence[str]


def load(db: PrivateDatabase, inquiry: Inquiry, wanted: Wanted) -> Stories:
    """Read what is compared; small figures are hidden unless somebody chose to see them."""
    live = themes.listing(db)
    held = comparing.listing(db, endorsed=wanted.endorsed)
    offered = [by for by in comparing.BY if _is_choice(held, by)]
    if wanted.by not in offered:
        wanted = replace(wanted, by="group", one=None, two=None)
    return Stories(
        wanted,
        0 if wanted.small else inquiry.threshold,
        held,
        {one.id: one.title for one in live},
        offered,
        any(one.state == "endorsed" for one in live),
        _order(inquiry, wanted.by),
    )


def _order(inquiry: Inquiry, by: str) -> tuple[str, ...]:
    """Return the codes in the order in which the inquiry names them."""
    named = {
        "group": [one.code for one in inquiry.groups],
        "cycle": [one.code for one in sorted(inquiry.cycles, key=lambda one: one.starts)],
        "kind": ["success", "challenge", "both"],
        "language": inquiry.languages,
    }
    return tuple(named.get(by, ()))


def _is_choice(held: Sequence[Compared], by: str) -> bool:
    if by != "place":
        return True
    return 1 <= len({one.by[by] for one in held} - {None}) <= MOST_PLACES


def name(by: str, code: object) -> str:
    """Name a group, cycle, kind, language or place in this request's language."""
    namers = {
        "group": sentences.group,
        "cycle": sentences.cycle,
        "kind": sentences.kind,
        "language": sentences.language,
    }
    return namers[by](str(code)) if by in namers else str(code)


def table(found: Stories) -> compare.Table:
    """Count themes by group."""
    return compare.by_group(found.themes, found.groups, people=found.people, fewest=found.fewest)


def pairs(found: Stories) -> tuple[list[compare.Together], int]:
    """Count themes that stand together, and the pairs that are not counted out."""
    return compare.together(found.themes, people=found.people, fewest=found.fewest)


def words(db: PrivateDatabase, found: Stories, code: str) -> Words:
    """Find the words that mark one group against all others that said where they belong.

    Each language is looked at by itself: else a group in which many speak French would be marked
    by French.
    """
    here = [one for one in found.held if one.by[found.wanted.by] is not None]
    texts = comparing.told(db, [one.id for one in here])
    by_language: dict[str, list[Compared]] = {}
    for one in here:
        if one.id in texts:
            language = analysis.language.base(texts[one.id].language)
            by_language.setdefault(language, []).append(one)
    words: list[Word] = []
    looked_at, too_few = 0, []
    for language, stories in sorted(by_language.items()):
        marked = _marked(found, code, stories, texts, language)
        looked_at += marked.looked_at
        too_few += [language] if marked.too_few else []
        words += [_word(one, stories, texts, language, code, found) for one in marked.words]
    words.sort(key=lambda one: (-one.marking.z, one.form))
    return Words(words, looked_at, round(looked_at / 40, 1), too_few)


def _marked(
    found: Stories,
    code: str,
    stories: Sequence[Compared],
    texts: Mapping[int, Told],
    language: str,
) -> marking.Marked:
    return marking.words_of(
        [_lemmas(texts[one.id], language) for one in stories],
        [one.by[found.wanted.by] == code for one in stories],
        people=[one.person for one in stories],
        fewest=max(found.fewest, marking.LEAST_PEOPLE),
        least_people=max(found.fewest, marking.LEAST_PEOPLE),
    )


def readable(told: Told) -> str:
    """Return the words with blanks for what is hidden, so that every place stays where it is."""
    text = told.text
    for cut in reviewed.merged(told.cuts):
        text = text[: cut.start] + " " * (cut.end - cut.start) + text[cut.end :]
    return text


def _lemmas(told: Told, language: str) -> set[str]:
    return {word.lemma for word in analysis.tokens.words(readable(told), language)}


def _word(
    one: marking.Marking,
    stories: Sequence[Compared],
    texts: Mapping[int, Told],
    language: str,
    code: str,
    found: Stories,
) -> Word:
    """Show a word as most wrote it, with sentences of different people."""
    forms: Counter[str] = Counter()
    quotes: dict[str, Quote] = {}
    kept = False
    for place in one.where:
        story, told = stories[place], texts[stories[place].id]
        written = [
            word.form
            for word in analysis.tokens.words(readable(told), language)
            if word.lemma == one.word
        ]
        forms.update({form.lower() for form in written})
        if not (told.to_show or found.wanted.small):
            kept = True
        elif len(quotes) < QUOTES and story.person not in quotes:
            quote = in_context(told, story.id, written[0], language)
            if quote is not None:
                quotes[story.person] = quote
    form = min(forms, key=lambda form: (-forms[form], form), default=one.word)
    here = {story.person for story in stories if story.by[found.wanted.by] == code}
    nearly_all, few = len(here) - one.people < found.fewest, one.people_outside < found.fewest
    return Word(
        *(one, form, language, tuple(quotes.values()), kept),
        inside=None if nearly_all else hiding.rounded(one.inside, found.fewest),
        outside=None if few else hiding.rounded(one.outside, found.fewest),
    )


def in_context(told: Told, story: int, form: str, language: str) -> Quote | None:
    """Return the first sentence that has `form`, cut in three round the word; None without one."""
    text = readable(told)
    match = re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text) or re.search(re.escape(form), text)
    if match is None:
        return None
    at, end = match.span()
    spans = analysis.passages.sentences(told.text, language=language)
    span = next((one for one in spans if one.start <= at < one.end), None)
    start, stop = (span.start, max(span.end, end)) if span else (at, end)
    start, stop = max(start, at - LONGEST_QUOTE // 2), min(stop, end + LONGEST_QUOTE // 2)
    return Quote(
        story,
        told.language,
        reviewed.span(told.text, told.cuts, start, at),
        told.text[at:end],
        reviewed.span(told.text, told.cuts, end, stop),
    )
