"""What may stand beside people's words: the form, and at most one attribute, where enough share it.

The attribute is the kind of story or the stakeholder group, as the inquiry chose. What a reader
sees together is the language, the form and the attribute, so together they must be shared by
enough people; and where a few words had none, having none would tell whose they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from par_toolkit.inquiry import BESIDE, Inquiry
from par_toolkit.publishing.figures import ALL, Figures
from par_toolkit.publishing.links import Link
from par_toolkit.publishing.select import Selection
from par_toolkit.publishing.tables import spoken, took_part
from par_toolkit.storage import beside_shown, receipts
from par_toolkit.storage.database import PrivateDatabase

KINDS: Final = ("success", "challenge", "both")
KIND, GROUP, NOTHING = BESIDE
#: Behind a theme and an attribute stand at least so many people, or none of its words has it.
CONTRIBUTORS: Final = 3
NOWHERE: Final[Mapping[int, Collection[str]]] = {}


@dataclass(frozen=True)
class Told:
    """One story as a reader could tell it from others; `themes` are those it is published under.

    `value` is what its teller said of the attribute, None where they said nothing that is on the
    inquiry's list.
    """

    story: int
    person: str
    language: str
    form: str
    value: str | None
    themes: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Beside:
    """What may stand beside the words of one story; None where too few people share it."""

    form: str | None = None
    attribute: str | None = None


def of_selection(
    db: PrivateDatabase, inquiry: Inquiry, selection: Selection, *, figures: Iterable[Figures]
) -> dict[int, Beside]:
    """Return what may stand beside each story today.

    Words name no group whose number is hidden in `figures`, of those who took part or of those who
    spoke of a theme: each quote that names it would narrow what is hidden. A group of identity
    stands beside no words.
    """
    groups = frozenset(group.code for group in inquiry.groups)
    shown = {
        (one.name, one.part): {
            line.row for line in one.lines if line.column == ALL and line.shown == "shown"
        }
        for one in figures
    }
    identity = {group.code for group in inquiry.groups if group.about == "identity"}
    return of_stories(
        db,
        selection.links,
        attribute=inquiry.sharing.beside_quotes,
        groups=groups,
        never=identity | (groups - shown.get((took_part.NAME, ""), set())),
        never_in={
            theme.id: groups - shown.get((spoken.THEME_PEOPLE, str(theme.id)), set())
            for theme in selection.themes
        },
        threshold=inquiry.threshold,
        thresholds={theme.id: theme.threshold for theme in selection.themes},
    )


def of_stories(
    db: PrivateDatabase,
    links: Mapping[int, Iterable[Link]],
    *,
    attribute: str,
    groups: Collection[str],
    never: Collection[str],
    never_in: Mapping[int, Collection[str]],
    threshold: int,
    thresholds: Mapping[int, int],
) -> dict[int, Beside]:
    """Return what may stand beside each story; `links` are those to endorsed themes.

    `attribute` is one of BESIDE, `groups` the codes that are known, and `never` those of them that
    stand beside no words however many share them, `never_in` beside none of a theme. `thresholds`
    is the k of the themes that have a higher one.
    """
    if attribute != GROUP:
        never, never_in = (), {}
    column = {KIND: "kind", GROUP: "group_code", NOTHING: "null"}[attribute]
    known = {KIND: KINDS, GROUP: groups, NOTHING: ()}[attribute]
    rows = db.rows(
        f"""
        select id, {receipts.PERSON} as person, language, form, {column} as value from stories
        """
    )
    told = [
        Told(
            row["id"],
            row["person"],
            row["language"],
            row["form"],
            row["value"] if row["value"] in known else None,
            frozenset(link.theme for link in links.get(row["id"], ())),
        )
        for row in rows
    ]
    return beside(
        told,
        threshold=threshold,
        thresholds=thresholds,
        never=never,
        never_in=never_in,
        bare={story for story, was in beside_shown.by_story(db).items() if was != attribute},
    )


def beside(
    told: Sequence[Told],
    *,
    threshold: int,
    thresholds: Mapping[int, int],
    never: Collection[str] = (),
    never_in: Mapping[int, Collection[str]] = NOWHERE,
    bare: Collection[int] = (),
) -> dict[int, Beside]:
    """Return story -> what may stand beside its words.

    A form must be shared by `threshold` people of a language, an attribute by as many of a form
    (as it is shown) and language, or by the highest k of the themes of the story. Under each of its
    themes at least CONTRIBUTORS people must have told what has this attribute. The stories that
    stay `bare` had another attribute beside them once: with both they would have two.
    """
    of_language = {
        language: shared(_people((one.form, one) for one in here), fewest=threshold)
        for language, here in _by(told, lambda one: one.language).items()
    }
    forms = {one.story: one.form if one.form in of_language[one.language] else None for one in told}
    highest = {
        one.story: max([threshold, *(thresholds.get(theme, threshold) for theme in one.themes)])
        for one in told
    }
    enough: dict[int, bool] = {}
    for here in _by(told, lambda one: (one.language, forms[one.story])).values():
        people = _people((one.value, one) for one in here)
        known = {
            fewest: shared(people, fewest=fewest, never=never)
            for fewest in {highest[one.story] for one in here}
        }
        enough |= {
            one.story: one.story not in bare and one.value in known[highest[one.story]]
            for one in here
        }
    alike = _alike_in_themes(told, enough, never_in)
    return {
        one.story: Beside(
            forms[one.story],
            one.value
            if enough[one.story] and all(one.value in alike[theme] for theme in one.themes)
            else None,
        )
        for one in told
    }


def _alike_in_themes(
    told: Sequence[Told], enough: Mapping[int, bool], never_in: Mapping[int, Collection[str]]
) -> dict[int, frozenset[str]]:
    """Return theme -> the attributes that enough of its people have."""
    under: dict[int, list[Told]] = {}
    for one in told:
        for theme in one.themes:
            under.setdefault(theme, []).append(one)
    return {
        theme: shared(
            _people((one.value, one) for one in here),
            fewest=CONTRIBUTORS,
            without={one.person for one in here if not enough[one.story]},
            never=never_in.get(theme, ()),
        )
        for theme, here in under.items()
    }


def shared(
    people: Mapping[str | None, Collection[str]],
    *,
    fewest: int,
    without: Collection[str] = (),
    never: Collection[str] = (),
) -> frozenset[str]:
    """Return the values that at least `fewest` people share; `people` are those of each value.

    What is `never` to be shown is left out. Under None stand those who did not say. Whoever has a
    value that is left out has none in what is published: these people, whoever did not say, and
    those who are `without` for another reason must be as many together. Until they are, the value
    that the fewest share is left out as well.
    """
    values = {value: set(them) for value, them in people.items() if value is not None}
    shown = {value for value, them in values.items() if len(them) >= fewest} - set(never)
    nobody_knows = {*people.get(None, ()), *without}
    while shown:
        hidden = set().union(*(them for value, them in values.items() if value not in shown))
        if not hidden or len(hidden | nobody_knows) >= fewest:
            break
        shown.discard(min(sorted(shown), key=lambda value: len(values[value])))
    return frozenset(shown)


def _people(pairs: Iterable[tuple[str | None, Told]]) -> dict[str | None, set[str]]:
    found: dict[str | None, set[str]] = {}
    for value, one in pairs:
        found.setdefault(value, set()).add(one.person)
    return found


def _by(told: Iterable[Told], key: Callable[[Told], Hashable]) -> dict[Hashable, list[Told]]:
    found: dict[Hashable, list[Told]] = {}
    for one in told:
        found.setdefault(key(one), []).append(one)
    return found
