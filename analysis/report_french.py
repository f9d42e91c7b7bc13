"""The sentences of a run's report in French."""

from collections.abc import Mapping

FRENCH: Mapping[str, str] = {
    "title": "Comment l’analyse {run} des thèmes a été faite",
    "of": "Enquête : {inquiry}. Analyse {run}, {at}. Ce rapport ne contient aucun mot d’un récit, "
    "ni de ceux qui sont libérés ni des autres : on peut le transmettre sans demander à chaque "
    "personne.",
    "method": "Méthode",
    "method_1": "Les réponses qui disent peu (comme « rien », « sans réponse », des signes seuls) "
    "ont été trouvées par des règles, mises à part, comptées et listées pour qu’on les regarde. "
    "Aucune n’a été écartée en silence.",
    "method_vectors": "Chaque autre texte a été placé dans un espace par des vecteurs de phrases "
    "et par ses mots : les textes qui disent la même chose sont proches, aussi d’une langue à "
    "l’autre si le modèle les connaît. Les mots ne pèsent rien là où plusieurs langues se mêlent. "
    "Un texte dans une langue que le modèle ne connaît pas a été placé par ses mots, à part.",
    "method_words": "Chaque autre texte a été placé dans un espace par ses mots (TF-IDF et "
    "analyse sémantique latente), chaque langue à part.",
    "method_2": "Beaucoup de regards sur une partie des textes ont été groupés (arbre de Ward) ; "
    "ce sur quoi ils s’accordent a donné les centres des thèmes, et les tours de Lloyd ont fixé "
    "quel texte est le plus proche de quel centre. {count} Le hasard n’y est pour rien : une autre "
    "graine ou un autre ordre des textes donne la même chose.",
    "count_auto": "Le nombre de thèmes est celui qui a la meilleure silhouette, entre des bornes "
    "qui suivent du nombre de textes.",
    "count_given": "Le nombre de thèmes a été donné : {count}.",
    "method_3": "Un récit est dans au moins un thème, ou reste seul avec une raison. Un long "
    "récit peut être dans plusieurs thèmes par des passages différents. La machine n’a donné aucun "
    "nom : elle a montré des mots et des passages typiques, et des personnes ont nommé, réuni, "
    "séparé, corrigé et approuvé.",
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
    "digests": "Empreintes à clé (HMAC-SHA-256, 16 premiers signes) de chaque texte encore ici. "
    "Qui détient l’enquête peut vérifier qu’un texte y était ; personne d’autre ne peut trouver ce "
    "qui a été dit en essayant.",
    "languages_caption": "Textes par langue",
    "language": "Langue",
    "noise": "Ce qui a été mis à part",
    "noise_1": "Récits hors de tout thème aujourd’hui, avec la raison de la machine ou la "
    "décision d’une personne.",
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
    "unnamed": "thème {id} (pas encore nommé par des personnes)",
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
    "quality_between": "Avec autant de lectures, on sait seulement que l’accord sur tous les codes "
    "est entre {low} et {high}, 19 fois sur 20.",
    "quality_readers": "Personnes qui ont lu : {readers}. Elles ont lu ensemble, et aucun récit "
    "deux fois à part : on ne sait donc pas combien deux personnes seraient d’accord.",
    "quality_shown": "Sur {given} codes donnés par des personnes, la machine en avait proposé "
    "{shown} avant leur oui ; avec ceux-là, elle s’accorde plus facilement qu’avec d’autres.",
    "quality_blind": "Des personnes ont donné {given} codes, aucun comme oui à une proposition.",
    "quality_decisions": "Les thèmes face à ce que des personnes en ont décidé. La précision est "
    "la part des récits de la machine, parmi ceux décidés, que les personnes ont gardés ; le "
    "rappel est la part de ce que les personnes tiennent dans le thème que la machine y avait "
    "mise. Les récits ôtés par des personnes sont comptés dans le journal. Décidé ne veut pas dire "
    "que chacun a été lu : un oui se donne à un thème entier.",
    "quality_none": "Personne n’a encore décidé d’un thème ou d’un code ; on ne peut rien dire de "
    "l’accord.",
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
    "limit_languages_themed_apart": "Certaines langues ont leurs propres thèmes, à part des "
    "autres.",
    "limit_no_vectors": "Le modèle ne connaît pas cette langue ; les mots seuls ont décidé : "
    "{about}.",
    "limit_no_lemmas": "Les formes des mots ne sont pas réunies dans cette langue : {about}.",
    "limit_people": "Qui a raconté n’est pas un échantillon au hasard. Les parts décrivent les "
    "récits, pas une population.",
    "limit_small": "Les nombres sous {fewest} sont cachés, avec un autre à côté là où une somme "
    "les trahirait. Les nombres par langue sont arrondis à 5.",
    "data": "Les mêmes chiffres comme données :",
    "empty": "Il n’y avait aucun texte à regarder.",
    "stability_2": "Sur {themes} thèmes, {stays} tiennent, {wavers} vacillent et {falls_apart} se "
    "défont quand on écarte des textes ; pour {unknown}, on ne sait pas : trop peu de textes, ou "
    "des personnes les ont faits.",
    "people": "Ce que la machine propose est un début. Rien n’en est un résultat, et rien n’est "
    "publié, avant qu’une personne ait dit oui ; qui l’a dit, et dans quel rôle, est au journal de "
    "l’enquête. Ce qu’une seule voix dit reste visible à part et n’est pas fondu dans le reste.",
    "hidden": "caché",
    "read_by": "Placés par",
    "by_sentences": "vecteurs de phrases",
    "by_words": "mots seuls",
    "unread": "Aucun modèle de phrases ici ne connaît ces langues : {names}. Leurs textes ont été "
    "placés par leurs mots seuls : la même chose en d’autres mots n’a pas été vue, ni réunie à ce "
    "qui est dit dans d’autres langues.",
    "place": "Où",
    "places_caption": "Chaque récit arrivé, selon où il est aujourd’hui : la somme est juste",
    "place_all": "tous ceux qui sont arrivés",
    "place_in_a_theme": "dans au moins un thème",
    "place_stands_alone": "seuls",
    "place_says_little": "disent peu",
    "place_waiting": "attendent d’être classés",
    "place_no_consent": "sans accord pour l’analyse",
    "place_spoken": "parlés, pas encore écrits",
    "place_sealed": "scellés, pas encore ouverts",
    "place_withdrawn": "retirés",
    "advice_worth": "D’après cela, les propositions valent ici la peine d’être écoutées.",
    "advice_step_back": "D’après cela, les propositions ne valent pas ici la peine d’être "
    "écoutées ; au bureau, la machine le dit et se tait.",
    "advice_too_few": "C’est trop peu de lectures pour se fier à ce chiffre.",
    "untold": "Pour ceux-ci, trop peu a été lu ou proposé pour le dire : {names}.",
    "curve_caption": "Ce que la machine apprend : l’accord selon le nombre de lectures",
    "learned_from": "Lectures apprises",
    "f1": "Micro-F1 sur les autres",
    "tone": "Ton",
    "tone_1": "Si un récit est une réussite ou une difficulté, c’est la personne qui raconte qui "
    "l’a marqué, ou quelqu’un qui l’a lu. La polarité de TextBlob est ce que devine un outil. Elle "
    "n’entre dans aucun résultat et n’est jamais publiée ; voici combien de fois elle s’est "
    "trompée ici.",
    "tone_none": "Trop peu de récits en anglais sont marqués ici comme réussite ou difficulté "
    "pour la mesurer.",
    "tone_guess": "Qui devine",
    "tone_right": "Juste",
    "tone_always": "Toujours le plus fréquent",
    "tone_learned": "appris ici",
    "tone_caption": "Combien de fois le ton a été deviné comme des personnes l’ont marqué, avec "
    "intervalles à 95 %",
    "tone_better": "TextBlob est nettement meilleur ici qu’une seule réponse pour tous.",
    "tone_no_better": "TextBlob n’est pas nettement meilleur ici qu’une seule réponse pour tous.",
    "learned_better": "Ce qui a été appris ici est nettement meilleur qu’une seule réponse pour "
    "tous.",
    "learned_no_better": "Ce qui a été appris ici n’est pas nettement meilleur qu’une seule "
    "réponse pour tous ; rien n’en est donc proposé.",
    "too_kind": "Part des difficultés qu’il prend pour quelque chose de bon : {share}.",
    "too_harsh": "Part des réussites qu’il prend pour quelque chose de mauvais : {share}.",
    "limit_words": "Aucun mot d’un récit n’est ici. Qui veut les lire trouve dans les résultats "
    "publiés ceux que deux personnes ont libérés et dont les auteurs sont d’accord aujourd’hui.",
    "sources": "Sources",
}
