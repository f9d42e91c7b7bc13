"""The sentences of a run's report, in English and French."""

from collections.abc import Mapping

ENGLISH = {
    "title": "How run {run} of theming was done",
    "of": "Inquiry: {inquiry}. Run {run}, {at}. This report holds no words of any story.",
    "method": "Method",
    "method_1": "Answers that say little (such as “nothing”, “no answer”, signs only) were found "
    "by rules, set apart, counted and listed for people to look at. None was left out silently.",
    "method_vectors": "Every other text was placed in a space by sentence vectors and by its "
    "words, so that texts that say alike things are near, also across the languages that the "
    "model knows. Words weigh nothing where several languages are mixed. A text in a language "
    "that the model does not know was placed by its words, apart.",
    "method_words": "Every other text was placed in a space by its words (TF-IDF and latent "
    "semantic analysis), each language by itself.",
    "method_2": "Many looks at a part of the texts were grouped (Ward’s tree); what the looks "
    "agree on gave the centres of the themes, and Lloyd’s rounds settled which text is nearest "
    "to which. {count} No chance is involved: another seed or another order of the texts gives "
    "the same.",
    "count_auto": "The number of themes was the one with the best silhouette, between bounds "
    "that follow from the number of texts.",
    "count_given": "The number of themes was given: {count}.",
    "method_3": "A story is in at least one theme, or stands alone with a reason. A long story "
    "may be in several themes by different passages. The machine gave no names: it showed "
    "typical words and passages, and people named, joined, split, corrected and endorsed.",
    "settings": "Settings and versions",
    "setting": "Setting",
    "value": "Value",
    "settings_caption": "All settings of the run",
    "versions_caption": "Versions of what computed it",
    "package": "Package",
    "version": "Version",
    "seed": "Seed: {seed}. It took {seconds} seconds.",
    "texts": "Texts",
    "texts_1": "{texts} texts were looked at, all that could be analysed by consent on that day. "
    "{still} of them are still here; the others were withdrawn since.",
    "texts_hash": "SHA-256 of all texts in order, each after its length in bytes: {hash}",
    "digests": "Below is a keyed digest of each text that is still here. Whoever holds the "
    "inquiry can check that a text went in; nobody else can find out what was said by trying.",
    "digests_caption": "Keyed digests (HMAC-SHA-256, first 16 digits)",
    "languages_caption": "Texts by language",
    "language": "Language",
    "noise": "What was set apart",
    "noise_1": "Stories outside every theme today, by the machine’s reason or by a person’s "
    "decision.",
    "noise_caption": "Stories set apart",
    "reason": "Reason",
    "stories": "Stories",
    "stability": "Themes, and whether they stay",
    "stability_1": "“Came again” counts the looks at a part of the texts in which the theme was "
    "found again. It stays from three in four on, and falls apart below one in two.",
    "stability_caption": "Themes that the run proposed",
    "theme": "Theme",
    "state": "State",
    "again": "Came again",
    "stands": "Does it stay",
    "stays": "stays",
    "wavers": "wavers",
    "falls_apart": "falls apart",
    "unknown": "not known",
    "of_looks": "{came_again} of {looks}",
    "unnamed": "theme {id}, not named by people",
    "proposed": "proposed",
    "endorsed": "endorsed",
    "rejected": "rejected",
    "merged": "merged into another",
    "replaced": "replaced by a later run",
    "quality": "Agreement with people",
    "quality_codings": "Suggested codes against {readings} stories that people read to the end. "
    "Each reading was judged as if the machine had not learned it. Over all codes agreement "
    "(micro-F1) is {f1}; always giving the commonest codes would reach {always}.",
    "quality_decisions": "Themes against what people decided about them. Precision is the share "
    "of the machine’s stories, of those decided on, that people kept; recall is the share of "
    "what people hold in the theme that the machine had put there. Stories that people took out "
    "are counted from the audit trail. Decided on means that nobody may have read each one: a "
    "yes is given to a theme as a whole.",
    "quality_none": "People have not decided on any theme or code yet, so nothing can be said "
    "about agreement.",
    "quality_caption": "Precision and recall, with 95 % intervals (Wilson 1927)",
    "code": "Code or theme",
    "precision": "Precision",
    "recall": "Recall",
    "weakest": "The weakest: {names}.",
    "too_few": "too few to tell",
    "range": "{share} ({low} to {high}; {count} of {total})",
    "few": "fewer than {fewest}",
    "limits": "Limits",
    "limit_words_only": "The run went by words alone: the same thing in other words is not seen.",
    "limit_negation_not_seen": "“Kind” and “not kind” look alike to the machine. Whether a story "
    "is a success or a challenge comes from its teller, never from a theme.",
    "limit_no_model": "The model that reads sentences was not installed.",
    "limit_language_guessed": "The language of some texts was guessed.",
    "limit_languages_themed_apart": "Some languages were themed apart from others.",
    "limit_no_vectors": "The model does not know this language, so words alone decided: {about}.",
    "limit_no_lemmas": "Word forms are not joined in this language: {about}.",
    "limit_people": "Those who told stories are no random sample. Shares describe the stories "
    "told, not a population.",
    "limit_small": "Figures under {fewest} are not given.",
    "data": "The same figures as data:",
    "empty": "There were no texts to look at.",
}
FRENCH = {
    "title": "Comment l’analyse {run} des thèmes a été faite",
    "of": "Enquête : {inquiry}. Analyse {run}, {at}. Ce rapport ne contient aucun mot d’un récit.",
    "method": "Méthode",
    "method_1": "Les réponses qui disent peu (comme « rien », « sans réponse », des signes "
    "seuls) ont été trouvées par des règles, mises à part, comptées et listées pour qu’on les "
    "regarde. Aucune n’a été écartée en silence.",
    "method_vectors": "Chaque autre texte a été placé dans un espace par des vecteurs de phrases "
    "et par ses mots : les textes qui disent la même chose sont proches, aussi d’une langue à "
    "l’autre si le modèle les connaît. Les mots ne pèsent rien là où plusieurs langues se "
    "mêlent. Un texte dans une langue que le modèle ne connaît pas a été placé par ses mots, à "
    "part.",
    "method_words": "Chaque autre texte a été placé dans un espace par ses mots (TF-IDF et "
    "analyse sémantique latente), chaque langue à part.",
    "method_2": "Beaucoup de regards sur une partie des textes ont été groupés (arbre de Ward) ; "
    "ce sur quoi ils s’accordent a donné les centres des thèmes, et les tours de Lloyd ont fixé "
    "quel texte est le plus proche de quel centre. {count} Le hasard n’y est pour rien : une "
    "autre graine ou un autre ordre des textes donne la même chose.",
    "count_auto": "Le nombre de thèmes est celui qui a la meilleure silhouette, entre des bornes "
    "qui suivent du nombre de textes.",
    "count_given": "Le nombre de thèmes a été donné : {count}.",
    "method_3": "Un récit est dans au moins un thème, ou reste seul avec une raison. Un long "
    "récit peut être dans plusieurs thèmes par des passages différents. La machine n’a donné "
    "aucun nom : elle a montré des mots et des passages typiques, et des personnes ont nommé, "
    "réuni, séparé, corrigé et approuvé.",
    "settings": "Réglages et versions",
    "setting": "Réglage",
    "value": "Valeur",
    "settings_caption": "Tous les réglages de l’analyse",
    "versions_caption": "Versions de ce qui a calculé",
    "package": "Paquet",
    "version": "Version",
    "seed": "Graine : {seed}. Durée : {seconds} secondes.",
    "texts": "Textes",
    "texts_1": "{texts} textes ont été regardés : tous ceux que le consentement permettait "
    "d’analyser ce jour-là. {still} sont encore ici ; les autres ont été retirés depuis.",
    "texts_hash": "SHA-256 de tous les textes dans l’ordre, chacun après sa longueur en octets : "
    "{hash}",
    "digests": "Ci-dessous, une empreinte à clé de chaque texte encore ici. Qui détient "
    "l’enquête peut vérifier qu’un texte y était ; personne d’autre ne peut trouver ce qui a été "
    "dit en essayant.",
    "digests_caption": "Empreintes à clé (HMAC-SHA-256, 16 premiers signes)",
    "languages_caption": "Textes par langue",
    "language": "Langue",
    "noise": "Ce qui a été mis à part",
    "noise_1": "Récits hors de tout thème aujourd’hui, avec la raison de la machine ou la décision "
    "d’une personne.",
    "noise_caption": "Récits mis à part",
    "reason": "Raison",
    "stories": "Récits",
    "stability": "Les thèmes, et s’ils tiennent",
    "stability_1": "« Retrouvé » compte les regards sur une partie des textes dans lesquels le "
    "thème est réapparu. Il tient à partir de trois sur quatre, et se défait sous un sur deux.",
    "stability_caption": "Thèmes proposés par l’analyse",
    "theme": "Thème",
    "state": "État",
    "again": "Retrouvé",
    "stands": "Tient-il",
    "stays": "tient",
    "wavers": "vacille",
    "falls_apart": "se défait",
    "unknown": "inconnu",
    "of_looks": "{came_again} sur {looks}",
    "unnamed": "thème {id}, sans nom donné par des personnes",
    "proposed": "proposé",
    "endorsed": "approuvé",
    "rejected": "rejeté",
    "merged": "réuni à un autre",
    "replaced": "remplacé par une analyse plus récente",
    "quality": "Accord avec les personnes",
    "quality_codings": "Codes proposés face à {readings} récits lus jusqu’au bout par des "
    "personnes. Chaque lecture a été jugée comme si la machine ne l’avait pas apprise. Sur tous "
    "les codes, l’accord (micro-F1) est de {f1} ; donner toujours les codes les plus fréquents "
    "atteindrait {always}.",
    "quality_decisions": "Les thèmes face à ce que des personnes en ont décidé. La précision est "
    "la part des récits de la machine, parmi ceux décidés, que les personnes ont gardés ; le "
    "rappel est la part de ce que les personnes tiennent dans le thème que la machine y avait "
    "mise. Les récits ôtés par des personnes sont comptés dans le journal. Décidé ne veut pas "
    "dire que chacun a été lu : un oui se donne à un thème entier.",
    "quality_none": "Personne n’a encore décidé d’un thème ou d’un code ; on ne peut rien dire "
    "de l’accord.",
    "quality_caption": "Précision et rappel, avec intervalles à 95 % (Wilson 1927)",
    "code": "Code ou thème",
    "precision": "Précision",
    "recall": "Rappel",
    "weakest": "Les plus faibles : {names}.",
    "too_few": "trop peu pour le dire",
    "range": "{share} ({low} à {high} ; {count} sur {total})",
    "few": "moins de {fewest}",
    "limits": "Limites",
    "limit_words_only": "L’analyse a suivi les mots seuls : la même chose en d’autres mots n’est "
    "pas vue.",
    "limit_negation_not_seen": "« Gentil » et « pas gentil » se ressemblent pour la machine. Si "
    "un récit est une réussite ou une difficulté vient de qui le raconte, jamais d’un thème.",
    "limit_no_model": "Le modèle qui lit les phrases n’était pas installé.",
    "limit_language_guessed": "La langue de certains textes a été devinée.",
    "limit_languages_themed_apart": "Certaines langues ont été analysées à part des autres.",
    "limit_no_vectors": "Le modèle ne connaît pas cette langue ; les mots seuls ont décidé : "
    "{about}.",
    "limit_no_lemmas": "Les formes des mots ne sont pas réunies dans cette langue : {about}.",
    "limit_people": "Qui a raconté n’est pas un échantillon au hasard. Les parts décrivent les "
    "récits, pas une population.",
    "limit_small": "Les nombres sous {fewest} ne sont pas donnés.",
    "data": "Les mêmes chiffres comme données :",
    "empty": "Il n’y avait aucun texte à regarder.",
}
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
