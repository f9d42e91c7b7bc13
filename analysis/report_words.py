"""The words of a run's report, in English and French."""

from collections.abc import Mapping

from analysis.report_english import ENGLISH
from analysis.report_french import FRENCH

WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "fr": FRENCH}
"""Language -> name of a sentence -> the sentence, with places for figures in braces."""

REASONS = {
    "en": {
        "person": "a person’s decision",
        "few_alike": "too few are like it",
        "too_few_alike": "too few are like it",
        "unlike_others": "unlike the others",
        "no_shared_words": "no other uses its words",
        "empty": "no words",
        "no_words": "no words",
        "numbers_only": "numbers only",
        "one_word": "one word that says little",
        "nothing_to_add": "says that there is nothing to add",
        "no_answer": "says that there is no answer",
        "do_not_know": "says “do not know”",
    },
    "fr": {
        "person": "décision d’une personne",
        "few_alike": "trop peu lui ressemblent",
        "too_few_alike": "trop peu lui ressemblent",
        "unlike_others": "différent des autres",
        "no_shared_words": "aucun autre n’emploie ses mots",
        "empty": "sans mots",
        "no_words": "sans mots",
        "numbers_only": "des nombres seulement",
        "one_word": "un seul mot qui dit peu",
        "nothing_to_add": "dit qu’il n’y a rien à ajouter",
        "no_answer": "dit qu’il n’y a pas de réponse",
        "do_not_know": "dit « ne sait pas »",
    },
}
"""Language -> why a story is in no theme -> in words."""

SOURCES = (
    "Ward (1963), Hierarchical grouping to optimize an objective function. JASA 58: the tree.",
    "Lloyd (1982), Least squares quantization in PCM. IEEE Trans. Inf. Theory 28: the rounds.",
    "Leisch (1999), Bagged clustering. SFB working paper 51, Vienna: many looks, brought together.",
    "Rousseeuw (1987), Silhouettes. J. Comput. Appl. Math. 20: the number of themes.",
    "Hennig (2007), Cluster-wise assessment of cluster stability. CSDA 52: came again.",
    "Deerwester et al. (1990), Indexing by latent semantic analysis. JASIS 41: the space of words.",
    "Yang et al. (2020), Multilingual universal sentence encoder. ACL demos: sentence vectors.",
    "Wilson (1927), Probable inference. JASA 22: the intervals of shares.",
    "van Rijsbergen (1979), Information retrieval, 2nd ed.: precision, recall and F1.",
    "Loria, TextBlob; word list of De Smedt & Daelemans (2012), Pattern. JMLR 13: polarity.",
)
"""What the formulas and tools were taken from."""
