"""The sentences of a run's report in English."""

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "title": "How run {run} of theming was done",
    "of": "Inquiry: {inquiry}. Run {run}, {at}. This report holds no words of any story, neither "
    "of those that are released nor of those that are not: it can be handed on without asking each "
    "teller.",
    "method": "Method",
    "method_1": "Answers that say little (such as “nothing”, “no answer”, signs only) were found "
    "by rules, set apart, counted and listed for people to look at. None was left out silently.",
    "method_vectors": "Every other text was placed in a space by sentence vectors and by its "
    "words, so that texts that say alike things are near, also across the languages that the model "
    "knows. Words weigh nothing where several languages are mixed. A text in a language that the "
    "model does not know was placed by its words, apart.",
    "method_words": "Every other text was placed in a space by its words (TF-IDF and latent "
    "semantic analysis), each language by itself.",
    "method_2": "Many looks at a part of the texts were grouped (Ward’s tree); what the looks "
    "agree on gave the centres of the themes, and Lloyd’s rounds settled which text is nearest to "
    "which. {count} No chance is involved: another seed or another order of the texts gives the "
    "same.",
    "count_auto": "The number of themes was the one with the best silhouette, between bounds that "
    "follow from the number of texts.",
    "count_given": "The number of themes was given: {count}.",
    "method_3": "A story is in at least one theme, or stands alone with a reason. A long story "
    "may be in several themes by different passages. The machine gave no names: it showed typical "
    "words and passages, and people named, joined, split, corrected and endorsed.",
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
    "digests": "Keyed digests (HMAC-SHA-256, first 16 digits) of each text that is still here. "
    "Whoever holds the inquiry can check that a text went in; nobody else can find out what was "
    "said by trying.",
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
    "unnamed": "theme {id} (no name by people yet)",
    "proposed": "proposed",
    "endorsed": "endorsed",
    "rejected": "rejected",
    "merged": "merged into another",
    "replaced": "replaced by a later run",
    "quality": "Agreement with people",
    "quality_codings": "Suggested codes against {readings} stories that people read to the end. "
    "Each reading was judged as if the machine had not learned it. Over all codes agreement "
    "(micro-F1) is {f1}; always giving the commonest codes would reach {always}.",
    "quality_between": "From so many readings the agreement over all codes is known only to lie "
    "between {low} and {high}, 19 times in 20.",
    "quality_readers": "People who read: {readers}. They read together, and no story twice apart, "
    "so how far two people would agree is not known.",
    "quality_shown": "Of {given} codes that people gave, the machine had suggested {shown} before "
    "they said yes; with these it agrees more easily than with others.",
    "quality_blind": "People gave {given} codes, none of them as a yes to a suggestion.",
    "quality_decisions": "Themes against what people decided about them. Precision is the share "
    "of the machine’s stories, of those decided on, that people kept; recall is the share of what "
    "people hold in the theme that the machine had put there. Stories that people took out are "
    "counted from the audit trail. Decided on means that nobody may have read each one: a yes is "
    "given to a theme as a whole.",
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
    "limit_languages_themed_apart": "Some languages have themes of their own, apart from the "
    "others.",
    "limit_no_vectors": "The model does not know this language, so words alone decided: {about}.",
    "limit_no_lemmas": "Word forms are not joined in this language: {about}.",
    "limit_people": "Those who told stories are no random sample. Shares describe the stories "
    "told, not a population.",
    "limit_small": "Figures under {fewest} are hidden, with another beside them where a sum would "
    "give them away. Counts of languages are rounded to 5.",
    "data": "The same figures as data:",
    "empty": "There were no texts to look at.",
    "stability_2": "Of {themes} themes here {stays} stay, {wavers} waver and {falls_apart} fall "
    "apart when texts are left out; of {unknown} it is not known, because there were too few texts "
    "or people made them.",
    "people": "What the machine proposed is a start. Nothing of it counts as a finding, and "
    "nothing is published, before a person said yes; who did, and in which role, stands in the "
    "inquiry’s trail. A point that one voice makes is kept on a shelf by itself and not merged "
    "away.",
    "hidden": "hidden",
    "read_by": "Placed by",
    "by_sentences": "sentence vectors",
    "by_words": "words alone",
    "unread": "No model of sentences here knows these languages: {names}. Their texts went by "
    "words alone, so the same thing said in other words was not seen, nor joined with what was "
    "said in other languages.",
    "place": "Where",
    "places_caption": "Every story that came in, by where it is today: the rows add up",
    "place_all": "all that came in",
    "place_in_a_theme": "in at least one theme",
    "place_stands_alone": "standing alone",
    "place_says_little": "saying little",
    "place_waiting": "waiting to be themed",
    "place_no_consent": "without consent to be analysed",
    "place_spoken": "spoken, not typed up yet",
    "place_sealed": "sealed, not opened yet",
    "place_withdrawn": "withdrawn",
    "advice_worth": "By this, suggestions are worth listening to here.",
    "advice_step_back": "By this, suggestions are not worth listening to here; at the desk the "
    "machine says so and steps back.",
    "advice_too_few": "These are too few readings to trust the figure.",
    "untold": "Of these too few were read or suggested to tell: {names}.",
    "curve_caption": "What the machine learns: agreement by how many readings taught it",
    "learned_from": "Readings learned from",
    "f1": "Micro-F1 on the others",
    "tone": "Tone",
    "tone_1": "Whether a story is a success or a challenge is what its teller marked, or a person "
    "read. TextBlob’s polarity is one tool’s guess. It is no part of any finding and is never "
    "published; what follows says how often it was wrong here.",
    "tone_none": "Too few English stories here are marked as a success or a challenge to measure "
    "it.",
    "tone_guess": "Guess",
    "tone_right": "Right",
    "tone_always": "Always the commonest",
    "tone_learned": "learned here",
    "tone_caption": "How often the tone was guessed as people marked it, with 95 % intervals",
    "tone_better": "TextBlob is clearly better here than one answer for all.",
    "tone_no_better": "TextBlob is not clearly better here than one answer for all.",
    "learned_better": "What was learned here is clearly better than one answer for all.",
    "learned_no_better": "What was learned here is not clearly better than one answer for all, so "
    "nothing is suggested from it.",
    "too_kind": "Share of the challenges that it takes for something good: {share}.",
    "too_harsh": "Share of the successes that it takes for something bad: {share}.",
    "limit_words": "No words of stories are here. Who wants to read them finds in the published "
    "findings those that two people released and whose tellers agree to it today.",
    "sources": "Sources",
}
