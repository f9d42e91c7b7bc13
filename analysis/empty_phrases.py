"""The ways people say that they have nothing to say, in English and French.

Each phrase is a regular expression over *plain* text: lower-case words with straight apostrophes
and single spaces (see `little_said.plain`). A longer phrase stands before its own beginning, since
the first that fits is taken.
"""

_EN_SUBJECT = r"(?:i|we|you|they|he|she|anyone|anybody|the staff|the team|the service)"
_EN_CAN = r"(?:can|could|would|should|might)"
_EN_CANNOT = r"(?:can't|cannot|can not|cant|carn't|couldn't|could not|couldnt)"
_EN_DO_NOT = r"(?:don't|do not|dont|didn't|did not|didnt)"
_EN_HAVE_DONE = (
    r"(?:do|have done|of done|have been done|of been done|be done|have been|of been|be|"
    r"have made|make|done)"
)
_EN_BETTER = (
    rf"(?:{_EN_HAVE_DONE} (?:any |it )?(?:better|differently|different|more|improved|changed)|"
    rf"{_EN_HAVE_DONE} anything (?:better|differently|different|more)|"
    r"have improved|of improved|improve|change|add|suggest|fault|be improved|be better|be bettered|"
    r"complain about|do more)(?: at all| on| upon| by)?"
)
_EN_THING = (
    r"(?:comments?|complaints?|issues?|concerns?|suggestions?|improvements?|changes?|thoughts|"
    r"ideas|"
    r"feedback|recommendations?|remarks|criticisms?|problems?)"
)

NOTHING_EN = (
    # nothing …
    rf"(?:there (?:is|was|isn't|wasn't) |there's )?(?:nothing|anything|not a (?:single )?thing)"
    rf" (?:else )?(?:that )?(?:{_EN_SUBJECT} )?(?:{_EN_CAN} |needs? to |really )?"
    rf"(?:have |of )?{_EN_BETTER}",
    rf"nothing (?:else )?(?:that )?{_EN_SUBJECT} (?:can|could) (?:really )?(?:think of|say|add)"
    r"(?: that (?:could|would) improve (?:it|things|anything))?",
    r"nothing (?:really )?(?:comes|springs|came|sprang) to mind",
    r"nothing (?:really |bad |else |more |further )?to (?:add|say|improve(?: on| upon)?|change|"
    r"report|"
    r"suggest|comment(?: on)?|declare|complain about|fault|do better|mention|moan about|note)",
    r"nothing (?:needs?|needed|requires?) (?:improving|changing|to be (?:improved|changed)|"
    r"improvement|to (?:improve|change))",
    r"(?:i |we )?(?:have |had |have got )?nothing (?:bad |more )?to (?:add|say|suggest|"
    r"complain about)",
    r"nothing (?:at all|whatsoever|really|else|more|much|further|better|different|differently|"
    r"in particular|particular|specific|special|negative|wrong|major)",
    r"(?:absolutely |honestly |literally )?(?:nothing|nowt)",
    # no …
    rf"(?:i |we )?(?:have |had )?no (?:further |other |more |additional |real |major |"
    rf"need for )?{_EN_THING}"
    r"(?: (?:are |is |were )?(?:needed|required|necessary|at all|whatsoever|to make|to add|"
    r"to report))*"
    r"(?: with (?:the|this|your) service)?",
    r"(?:not a (?:single )?thing|not really|not much|not a lot|not anything|"
    r"not that i can think of|"
    r"not at all|none at all|no a lot|no better)",
    r"(?:i |we )?(?:have )?(?:no|none|nope|nah|nil|zero|nada)",
    # cannot think of, could not be better
    rf"(?:i |we )?(?:really |honestly )?(?:{_EN_CANNOT}|{_EN_DO_NOT}) (?:really |honestly )?"
    r"think of (?:anything|any|a thing|a single thing|much|any improvements?)"
    rf"(?: (?:else )?(?:that |which )?(?:{_EN_SUBJECT} )?(?:{_EN_CAN} |to |being )?"
    rf"(?:have |of )?(?:{_EN_BETTER}|better)(?: (?:things|it|anything|the service|"
    rf"your service))?)?",
    rf"(?:i |we )?(?:really |honestly )?(?:{_EN_DO_NOT}) (?:really |honestly )?(?:think|feel|"
    rf"believe)"
    rf" (?:that )?(?:{_EN_SUBJECT}|it|anything|there is anything|there's anything)"
    rf"(?: (?:else )?(?:{_EN_SUBJECT} )?(?:{_EN_CAN}|needs? to) (?:have |of )?{_EN_BETTER})",
    rf"(?:i |we )?{_EN_DO_NOT} (?:really )?think so",
    rf"(?:i |we )?(?:{_EN_DO_NOT} have|haven't got|have not got|haven't) (?:any|anything)"
    rf"(?: (?:further |other |more )?{_EN_THING}| to (?:add|say|suggest|complain about))?",
    rf"(?:it |you |we |i |they |service |the service )?(?:{_EN_CANNOT}|couldn't have|"
    rf"could not have|"
    r"could not of|couldn't of) (?:have |of |be |been |have been |of been )*"
    r"(?:faulted|fault|(?:done |do |asked for )?(?:any |it )?(?:better|improved|improve|"
    r"improvement))"
    r"(?: (?:it|anything|the service|this service|on anything))?",
    r"(?:all|everything) (?:as|is|was) (?:above|stated|said)",
    r"very little",
)

NO_ANSWER_EN = (
    r"n a|na|n a n a|not applicable|not relevant|none applicable|does not apply|doesn't apply",
    r"(?:did not|didn't|has not|hasn't|would not|wouldn't) (?:answer|answered|respond|reply)",
    r"(?:no|not) (?:answer|answered|answer given|response|response given|reply|comment|stated|"
    r"given)",
    r"(?:i )?(?:would )?(?:prefer|rather) not (?:to )?(?:say|answer)",
    r"declined(?: to (?:answer|say|comment))?|left blank|blank|skip|skipped|question mark",
)

DO_NOT_KNOW_EN = (
    rf"(?:i |we )?(?:really |just )?{_EN_DO_NOT} (?:really )?(?:know|no)|dunno|idk",
    r"(?:i'm |i am |im )?(?:not (?:really |too |very |quite )?sure|unsure)|(?:i have )?no idea",
)

ASIDE_EN = (
    r"(?:for me|for us|personally|honestly|overall|generally|basically|actually|really|sorry|"
    r"well|so|"
    r"so far|to be honest|to be fair|tbh|if i'm honest|in my (?:humble )?(?:opinion|view|"
    r"experience|case|"
    r"situation|eyes)|from my (?:experience|point of view)|at (?:the|this) (?:moment|time|point|"
    r"present)|"
    r"at this (?:moment|point) in time|at present|at moment|right now|currently|today|yet|"
    r"as far as i(?:'m| am) concerned|off the top of my head|to my mind|on reflection|"
    r"(?:that )?i can think of|that comes to mind|under the circumstances|in the circumstances|"
    r"given the circumstances|considering the circumstances|probably|just|and|at all|i think|"
    r"i guess|"
    r"i suppose|as (?:stated|said|above)|in this case)",
)

PRAISE_EN = frozenset(
    "absolutely all always am amazing and are as been brilliant but-for completely doing enough "
    "everybody everyone everything excellent experience fabulous fantastic faultless fine for "
    "going "
    "good great had happy has have i i'm im is it it's its job just keep lovely me more much my of "
    "ok okay on outstanding perfect perfectly pleased positive quite really right satisfied "
    "service "
    "so spot still super superb than thank thanks that that's the there they they're this truly up "
    "us very was we well were what where with wonderful work you you're you've your".split()
)
PRAISE_STARTS_EN = (
    "all been everybody everyone everything happy have i i'm im it it's its keep no-complaints "
    "satisfied thank thanks the they they're this very you you're you've we your as"
).split()

FILLER_EN = frozenset(
    "a above aye cheers ditto eh er erm fine hello hey hi hm hmm i idem it k maybe me mm ok okay "
    "okey perhaps same sure test testing thanks thankyou the this um yea yeah yep yes you".split()
)

_FR_THING = (
    r"(?:commentaires?|remarques?|suggestions?|plaintes?|problèmes?|soucis?|avis|améliorations?|"
    r"réclamations?|questions?|propositions?|critiques?|reproches?)"
)
_FR_TO = (
    r"à (?:dire|ajouter|signaler|améliorer|changer|redire|déclarer|proposer|suggérer|reprocher|"
    r"rajouter|faire|formuler|mentionner|critiquer)"
)

NOTHING_FR = (
    rf"(?:il n'y a |y a |je n'ai |j'ai |on n'a |nous n'avons )?(?:absolument |vraiment )?rien"
    r"(?: (?:du tout|de plus|d'autre|de spécial|de particulier|en particulier|de mieux|"
    r"de mal|de négatif|de précis))*"
    rf"(?: {_FR_TO.replace('faire|', '')}| à faire de (?:plus|mieux))?",
    r"rien ne (?:me |nous )?vient(?: à l'esprit| en tête)?",
    rf"(?:je n'ai |j'ai |nous n'avons )?(?:aucune?s?|pas (?:de|d'autres?)|sans) {_FR_THING}"
    rf"(?: {_FR_TO}| particuli(?:er|ère)| supplémentaire)*",
    r"je (?:ne )?(?:vois|pense|trouve) (?:pas|rien)(?: du tout| d'autre| de plus)?",
    r"(?:pas vraiment|pas grand(?:-| )chose|pas du tout|pas spécialement|pas particulièrement|"
    r"néant|neant|aucune?|que dalle|r a s|ras|que du bon|pas d'idées?)",
    r"(?:non|nan|nope)",
)

NO_ANSWER_FR = (
    r"s o|n a|na|nsp|sans objet|sans réponse|sans avis|pas de réponse|aucune réponse|"
    r"non applicable",
    r"(?:n'a|n'ai|je n'ai|il n'a|elle n'a) pas répondu|ne se prononce pas|non répondu|pas répondu",
    r"(?:je )?(?:préfère|préférerais) ne pas (?:répondre|le dire|dire)|ne s'applique pas|"
    r"pas concernée?",
)

DO_NOT_KNOW_FR = (
    r"(?:je )?(?:ne |n')?(?:sais|sait) (?:pas|plus)(?: trop| vraiment)?|j'sais pas|chais pas",
    r"aucune idée|pas sûre?|je n'en sais rien|aucune opinion|sans opinion|je n'ai pas d'idées?",
)

ASIDE_FR = (
    r"(?:pour (?:moi|nous|l'instant|le moment)|personnellement|honnêtement|franchement|vraiment|"
    r"à mon avis|selon moi|en ce moment|actuellement|aujourd'hui|à vrai dire|désolée?|du tout|"
    r"globalement|dans l'ensemble|et|c'est tout|à ma connaissance|de mon côté)",
)

PRAISE_FR = frozenset(
    "beaucoup bien bon bonne bravo c'est c'était comme content contente continuez de était est "
    "excellent excellente fait formidable génial impeccable j'ai je la le les merci nickel ok on "
    "parfait parfaite parfaitement plus pour que satisfait satisfaite service suis super tous tout "
    "toute tout-le-monde très va vous ça à".split()
)
PRAISE_STARTS_FR = "bravo c'est c'était ça continuez je merci on tout tous très le".split()

FILLER_FR = frozenset(
    "allô bonjour bof ça d'accord euh hein idem là le la moi merci mouais oui ouais ok peut-être "
    "salut test un une voilà".split()
)
