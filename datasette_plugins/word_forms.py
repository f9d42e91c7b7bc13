"""Which words are forms of one another, in English and in French: `wait`, `waits` and `waited`.

The rules are those of Snowball (M. F. Porter, https://snowballstem.org), which cut a word down to
its stem. They know no `child` and `children`, so such pairs are listed here.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection
from typing import Final

import snowballstemmer

#: Languages whose word forms are known, and their name in Snowball.
STEMMERS: Final = {"en": "english", "fr": "french"}

#: Forms of one word that share no stem, without accents; one word a line, its first form first.
_LISTED: Final = {
    "en": """
        child children
        man men
        woman women
        person people persons
        foot feet
        tooth teeth
        wife wives
        life lives
        go goes going went gone
        come comes coming came
        tell tells telling told
        say says saying said
        feel feels feeling felt
        see sees seeing saw seen
        hear hears hearing heard
        take takes taking took taken
        give gives giving gave given
        get gets getting got gotten
        make makes making made
        know knows knowing knew known
        think thinks thinking thought
        leave leaves leaving left
        lose loses losing lost
        find finds finding found
        bring brings bringing brought
        buy buys buying bought
        pay pays paying paid
        speak speaks speaking spoke spoken
        write writes writing wrote written
        meet meets meeting met
        stand stands standing stood
        sleep sleeps sleeping slept
        break breaks breaking broke broken
        fall falls falling fell fallen
        teach teaches teaching taught
        understand understands understanding understood
        die dies dying died
        bad worse worst
        good better best
        doctor doctors dr
    """,
    "fr": """
        travail travaux
        oeil yeux
        madame mesdames
        monsieur messieurs
        aller vais vas va allons allez vont alle allee allees alles irai iras ira irons iront
        dire dis dit disent disait disaient dites dite
        faire fais fait font faites faisait faisaient fera feront faite
        voir vois voit voient voyait vu vue vus vues verra
        venir viens vient viennent venait venaient venu venue venus venues
        pouvoir peux peut peuvent pouvait pouvaient pu pourrait
        vouloir veux veut veulent voulait voulaient voulu voudrait
        savoir sais sait savent savait savaient su
        prendre prends prend prennent prenait prenaient pris prise
        mettre mets met mettent mettait mis mise
        mourir meurt meurent mort morte morts
        recevoir recois recoit recoivent recevait recu recue recus
        devoir dois doit doivent devait devaient devrait
        ecrire ecris ecrit ecrivent ecrivait ecrite
        oeuvre oeuvres
    """,
}
#: Letters that the index keeps and many people type as two.
_JOINED: Final = str.maketrans({"œ": "oe", "æ": "ae"})
#: Endings that the French rules know with their accent only, while the index keeps none.
_ACCENTED: Final = ((re.compile(r"iere(s?)$"), r"ière\1"), (re.compile(r"ee(s?)$"), r"ée\1"))
#: The past and the infinitive of `attendre`, `perdre` and their like have stems of their own.
_FRENCH_D: Final = re.compile(r"(?<=\w{3}d)[ru]$")


def fold(word: str) -> str:
    """Take case and accents off a word, and write œ as two letters."""
    apart = unicodedata.normalize("NFD", word)
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return bare.lower().translate(_JOINED)


@functools.lru_cache(maxsize=200_000)
def stem(folded: str, language: str) -> str:
    """Return what all forms of a folded word have in common, in one of `STEMMERS`."""
    if language == "fr":
        for ending, accented in _ACCENTED:
            folded = ending.sub(accented, folded)
        return _FRENCH_D.sub("", fold(_stemmer("fr").stemWord(folded)))
    return str(_stemmer(language).stemWord(folded))


def listed(folded: str, language: str) -> Collection[str]:
    """Return the listed forms of a word, itself among them; none where it has no list."""
    return _families(language).get(folded, ())


@functools.cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(STEMMERS[language])


@functools.cache
def _families(language: str) -> dict[str, tuple[str, ...]]:
    families = [tuple(line.split()) for line in _LISTED[language].strip().splitlines()]
    return {word: family for family in families for word in family}
