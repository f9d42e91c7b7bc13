"""Regular expressions for what gives people away, each with bounded repeats: no slow texts.

Bounded means that the work at one place of a text never depends on how long the text is.
"""

import re

LETTER = r"[^\W\d_]"
UPPER = r"[A-ZÀ-ÖØ-ÞĀĂĄĆĈČĎĐĒĘĚĞĢĪĮİĶĹĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽ]"
NAME = rf"{UPPER}(?:{LETTER}|['’-](?={LETTER})){{1,40}}"
"""A word with a first capital: Ngozi, O'Neill, Jean-Luc."""

EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
WEB = re.compile(
    r"\bhttps?://[^\s<>\"]{1,2000}|\bwww\.[^\s<>\"]{1,2000}"
    r"|(?<![\w.@-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.(?:com|org|net|info|co\.uk|org\.uk|nhs\.uk|"
    r"gov\.uk|ac\.uk|ca|fr|eu|io)(?![\w-])(?:/[^\s<>\"]{0,2000})?",
    re.IGNORECASE,
)
ACCOUNT = re.compile(r"(?<![\w@./])@\w[\w.]{1,38}\w")

NUMBER = re.compile(r"(?<![\w.,£$€])(?:\+ ?)?\(?\d(?:[ .()–/\-\u00a0]{0,3}\d){6,18}(?![\d])")
"""Seven to nineteen digits with the signs that people put between them; read further in code."""

VERY_LONG_NUMBER = re.compile(r"(?<!\d)\d{20,}")
VERSION_CODE = re.compile(r"[ -]?[A-Z]{2}(?!\w)")
"""Two letters after an Ontario health number."""

RAMQ = re.compile(r"(?<!\w)[A-Z]{4} ?\d{4} ?\d{4}(?!\w)")
"""Québec: four letters, eight digits."""

POSTCODE_UK = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}|GIR ?0AA)(?![\w-])", re.IGNORECASE
)
POSTCODE_CA = re.compile(
    r"(?<!\w)[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d(?!\w)",
    re.IGNORECASE,
)
POSTCODE_FR = re.compile(rf"(?<![\w.,£$€])\d{{5}}(?= {NAME})")

_MONTH_EN = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_MONTH_FR = (
    r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|"
    r"d[ée]cembre|janv|f[ée]vr|juil|sept|oct|nov|d[ée]c)\b\.?"
)
_DAY_EN = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_DAY_FR = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?"
_YEAR = r"(?:19|20)\d\d"

DATE_NUMERIC = re.compile(
    rf"(?<![\w./-])(?:\d{{1,2}}([./-])\d{{1,2}}\1(?:{_YEAR}|\d\d)|"
    rf"{_YEAR}([./-])\d{{1,2}}\2\d{{1,2}})"
    r"(?![\w/-])"
)
DATE_WORDS = re.compile(
    rf"(?<!\w)(?=\w)(?:(?:{_DAY_EN},? )?(?:the )?\d{{1,2}}(?:st|nd|rd|"
    rf"th)?(?: of)? {_MONTH_EN}(?:,? {_YEAR})?"
    rf"|(?:{_DAY_EN},? )?{_MONTH_EN} (?:\d{{1,2}}(?:st|nd|rd|th)?(?:,? {_YEAR})?|{_YEAR})(?!\w)"
    rf"|(?:{_DAY_FR} )?(?:le )?(?:\d{{1,2}}|1er) {_MONTH_FR}(?: {_YEAR})?|{_MONTH_FR} {_YEAR}"
    rf"|(?:{_DAY_EN}|{_DAY_FR})(?!\w))",
    re.IGNORECASE,
)
MONTH_AFTER = re.compile(
    r"(?<!\w)(?=\w)(?:in|since|last|next|until|till|by|from|during|early|late|mid|every|this|en|"
    r"depuis|"
    rf"d[ée]but|fin|mi|jusqu'en|ce mois de|mois de)[ -](?P<date>{_MONTH_EN}|{_MONTH_FR})(?!\w)",
    re.IGNORECASE,
)
YEAR_AFTER = re.compile(
    rf"(?<!\w)(?=\w)(?:in|since|born|from|until|summer|winter|spring|autumn|fall|en|depuis|"
    rf"jusqu'en|"
    rf"été|hiver|printemps|automne) (?P<date>{_YEAR})(?![\w-])",
    re.IGNORECASE,
)
CAPITAL_MONTH = re.compile(
    r"(?<!\w)(?:January|February|April|June|July|August|September|October|November|December)(?!\w)"
)

HONORIFIC = re.compile(
    r"(?<!\w)(?:Dr|Mr|Mrs|Ms|Miss|Mx|Prof|Professor|Doctor|Sir|Dame|Lady|Lord|Rev|Reverend|Sister|"
    r"Nurse|Matron|Midwife|Father|Imam|Rabbi|Cllr|Councillor|Auntie|Aunty|Aunt|Uncle|PC|Sgt|"
    r"M|MM|Mme|Mmes|Mlle|Pr|Docteure?|Professeure?|Madame|Monsieur|Mademoiselle|Ma[îi]tre|"
    r"S[œo]e?ur|P[èe]re|Infirmi[èe]re?|Tante|Oncle|Tonton|Tata)\b\.?[ \u00a0]"
    rf"(?:{NAME}|{UPPER}\.?)"
    rf"(?:[ \u00a0](?:(?:de|du|des|la|van|von|el|al|bin|ben|le) ){{0,2}}(?:{NAME}|"
    rf"{UPPER}\.)){{0,3}}"
)
HONORIFIC_LOWER = re.compile(
    rf"(?<!\w)(?:dr|mr|mrs|ms|mme|mlle|docteur|madame|monsieur)\b\.? (?P<name>{LETTER}{{3,40}})",
    re.IGNORECASE,
)

_STREET_EN = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|close|court|crescent|cres|place|gardens|"
    r"grove|terrace|way|square|boulevard|blvd|hill|mews|walk|row|parade|rise|view|parkway|highway)"
)
ADDRESS_EN = re.compile(
    r"(?<![\w.,£$€])(?:(?:flat|apt|unit|apartment|suite) \w{1,5},? )?\d{1,5}[a-z]?,? "
    rf"(?P<street>(?:{LETTER}(?:{LETTER}|['’.-]){{1,30}} ){{1,3}}?){_STREET_EN}(?!\w)"
    r"(?: (?:north|south|east|west|[nsew])(?!\w))?",
    re.IGNORECASE,
)
ADDRESS_FR = re.compile(
    r"(?<![\w.,£$€])\d{1,5}(?: ?(?:bis|ter|[a-d]))?,? (?:rue|avenue|av\.|boulevard|bd|chemin|place|"
    r"all[ée]e|impasse|route|quai|cours|square|passage|sentier|c[ôo]te|mont[ée]e) "
    rf"(?:(?:de la|de l['’]|des|du|de|d['’]|la|le|les|l['’]) ?)?{LETTER}(?:{LETTER}|['’-]){{1,40}}"
    rf"(?: (?-i:{NAME})){{0,3}}",
    re.IGNORECASE,
)

WORD = re.compile(rf"{LETTER}(?:{LETTER}|['’-](?={LETTER})){{0,60}}")
