"""What the search for German words of saying knows: verbs, phrases that name a source, words before names.

Conventions: patterns are strings where others are built of them. White space in the text they meet is one kind of
space. All repetitions are bounded, or stop at punctuation.
"""
# ruff: noqa: SIM905 -- word lists read best as words

import re

from allegedly.schemas.records import Part, Span

_WEAK = """sag erklär mein beton äußer kritisier bestätig versicher erläuter ergänz entgegne kommentier behaupte
    antworte frag bekräftig begründe forder warn berichte bemerk beklag beteuer konstatier mahn erwider witzel
    jubel schimpf spotte skandier resümier appellier verkünde verlaut argumentier prognostizier prophezei verlang
    dementier melde twitter formulier protestier lob bilanzier vermute urteil""".split()
_STRONG = """sagen sprach sprachen spricht sprechen schrieb schrieben schreibt schreiben rief riefen ruft rufen
    versprach versprachen verspricht unterstrich unterstreicht empfahl gestand gestanden verriet lautete lautet
    lauten widersprach widersprachen widerspricht""".split()
#: Verbs with a particle, which stands behind: without it they say nothing.
_SPLIT = {
    "teil": "mit",
    "füg": "hinzu",
    "führ": "aus",
    "räum": "ein",
    "stell": "fest|klar",
    "kündig": "an",
    "merk": "an",
    "schätz": "ein",
    "wink": "ab",
    "deut": "an",
}
_SPLIT_STRONG = {"gab": "bekannt|an|zu", "gibt": "bekannt|an", "hob": "hervor", "hebt": "hervor", "ließ": "verlauten"}
_SPLIT_STRONG |= {"fuhr": "fort", "fuhren": "fort", "fährt": "fort"}
#: Verbs that call something what the quotation says.
CALL = "nannte nannten nennt nennen bezeichnete bezeichneten bezeichnet bezeichnen würdigte kritisierte lobte".split()


def _forms(stem: str) -> list[str]:
    """Third person, present and past; of a plural only the past, since the present is the infinitive."""
    stem = stem.removesuffix("e") if stem.endswith(("te", "de", "ne")) else stem
    link = "e" if stem.endswith(("t", "d", "gn")) else ""
    return [f"{stem}{link}t", f"{stem}{link}te", f"{stem}{link}ten"]


PARTICLE = {**{form: particle for stem, particle in _SPLIT.items() for form in _forms(stem)}, **_SPLIT_STRONG}
VERB = "(?:" + "|".join(sorted({*(f for stem in _WEAK for f in _forms(stem)), *_STRONG, *CALL, *PARTICLE})) + ")"
PARTICIPLE = "(?:gesagt|erklärt|betont|gefragt|geschrieben|gefordert|kritisiert|zugesichert|bekräftigt)"
#: The noun that leads to a source: "nach Angaben der Polizei".
VIEW = (
    "(?:Angaben?|Aussagen?|Ansicht|Meinung|Worten?|Auffassung|Einschätzung|Darstellung(?:en)?|Informationen|Berichten|"
    "Bewertung)"
)

_ARTICLES = ("der", "die", "das", "ein", "eine")
_CAPITAL = "[A-ZÀ-ÖØ-ÞČĆĐİŁŚŞŠŻŽ]"
_UP = rf"(?:(?:[A-Z]|Dr|Prof|St|Sen)\.(?=[ -])|{_CAPITAL}[\w’'/-]*+|[„\"]{_CAPITAL}[^“”\"„]{{1,40}}[“”\"])"
_DET = (
    "(?:[Dd](?:er|ie|as|em|en|es)|[Ee]in(?:e|er|es|em|en)?|[Ss]ein(?:e|er|es|em|en)?|[Ii]hr(?:e|er|es|em|en)?|"
    "[Dd]ies(?:e|er|es|em|en)|[Uu]nser(?:e|er|es|em|en)?|[Vv]iele|[Ee]inige|[Mm]ehrere)"
)
_ADJECTIVE = rf"(?:[a-zäöü][a-zäöüß-]*(?:e|er|en|es|em)|{_CAPITAL}[\w-]*-|\d+(?:-[a-zäöü]+e[nrs]?)?)"
_BRACKET = r"(?: \([^()\n]{1,30}\))?"
_NAME = rf"(?:{_ADJECTIVE} ){{0,3}}{_UP}(?: (?:(?:van|von|de|del|da|bin) )?(?:{_UP}|\d{{1,4}})){{0,5}}{_BRACKET}"
_OF = rf"(?: (?:des|der|eines|einer|von|vom|aus|für|von der|von dem|für die|aus dem|aus der) {_NAME})"
_AND = rf"(?: (?:und|sowie) (?:{_DET} )?{_UP}(?: {_UP}){{0,3}})?"
_PHRASE = rf"(?:{_DET} )?{_NAME}{_OF}{{0,3}}{_AND}"
_PRONOUN = r"(?:[Ee]r|[Ss]ie|[Mm]an|[Ww]ir|[Ii]ch|[Jj]emand)\b"
#: Words with a capital that begin a sentence, but name no source.
_OPENING = (
    r"(?:In|Im|Am|An|Zur|Zum|Zu|So|Später|Wie|Nach|Laut|Dies|Das|Darauf|Danach|Dabei|Dazu|Daher|Bei|Beim|Vor|Auf|Aus|Für|"
    r"Mit|Von|Vom|Gestern|Heute|Gegenüber|Während|Weiter|Zuvor|Auch|Als|Wenn|Weil|Dass|Es|Jedoch|Allerdings|Dagegen|"
    r"Hingegen|Zudem|Außerdem|Ferner|Erst|Bereits|Noch|Nun|Jetzt|Damals|Gleichzeitig|Unter|Über|Seit|Wörtlich)\b"
)
#: An object: it is not who says it.
_OBJECT = r"(?:[Dd]e[nms]|[Ss]ich|(?:[Dd]ies|[MmDdSs]?[Ee]in|[Ii]hr|[Uu]nser)e[nms])\b"


def named(group: str = "source") -> str:
    """A noun phrase of any case, with an apposition where it ends at a comma or a verb, as a group of that name."""
    apposition = rf"(?:, {_PHRASE}(?=[,.:;]| {VERB}\b|$))?"
    return rf"(?P<{group}>(?!{_OPENING})(?:{_PRONOUN}|{_PHRASE}{apposition}))"


def source(group: str = "source") -> str:
    """A noun phrase that may be who says it."""
    return rf"(?!{_OBJECT}){named(group)}"


#: Whom a person with a name speaks to, behind the name: "Nora Pell der Deutschen Presse-Agentur".
_RECIPIENT = re.compile(
    rf"(?<=\w) der (?:[„\"»][^“”\"«]+[“”\"«]|(?:{_CAPITAL}[\w-]* ){{0,2}}[\w-]*"
    r"(?:[Zz]eitung|[Aa]gentur|[Pp]resse|[Rr]undschau)(?: [A-Z]+| [„\"»][^“”\"«]+[“”\"«])?)$"
)
_ROLE = re.compile(
    r"(?:sprecher|chef|leiter|direktor|redakteur|reporter|korrespondent|verleger|herausgeber|mitarbeiter)(?:in)?$", re.I
)


def without_recipient(text: str, source: Part) -> Part:
    """A source without whom it speaks to; what has no name keeps what may be its owner ("der Chef der Zeitung")."""
    if len(source) != 1:
        return source
    start, end = source[0]
    match = _RECIPIENT.search(text[start:end])
    who = match.string[: match.start()].split() if match else []
    named_ = len(who) > 1 and who[-2][0].isupper() and who[-1][0].isupper() and who[-2].lower() not in _ARTICLES
    if match is None or not named_ or _ROLE.search(who[-1]):
        return source
    return (Span(start, start + match.start()),)


#: Signs that a sentence reports what somebody says: verbs of saying, and those in the mood of reported speech.
REPORTED = (
    "(?:sei|seien|habe|werde|könne|müsse|solle|dürfe|wolle|gebe|stehe|gehe|handele|bestehe|drohe|wonach|heißt es|hieß es|"
    f"[Ll]aut|zufolge|{VERB})"
)
#: Signs that something is called what the quotation says, with what stands right before the quotation then.
CALLING = (
    r"(?:nannten?|bezeichne(?:te?n?|t)|genannt|benannt|würdigten?|lobten?|nennt|nennen|verurteil\w+|beurteil\w+|werte\w*|"
    r"kritisier\w+|beschr[ie]+b\w*|bewerte\w*|schmähten?|zurück|zurückgewiesen|sieht|sehen)"
)
CALLED = r"(?<!\w)(?:als|ein|eine[nmrs]?)$"
SLOGAN = r"(?:Parolen?|Sprüchen?|Slogans?|Losung(?:en)?|Aufschrift|Worten|Rufen?)(?: wie)?(?: zum Beispiel)?:?$"
#: What leads to a name or a title: its kind, or an article before a capital.
TITLE = (
    r"(?:[Tt]itel|Motto|[Nn]amens?|[Ff]ilms?|[Bb]uch|[Rr]oman|[Ll]ied|Song|Album|Oper|Musical|[Ss]erie|[Ss]endung|[Zz]eitung|"
    r"[Zz]eitschrift|[Mm]agazine?s?|[Gg]ruppe|Band|[Oo]rganisation|Initiative|Kampagne|Aktion|[Pp]rojekt|Firma|Verein|"
    r"Überschrift|[Cc]odenamen?|[Pp]reis|[Ss]chiff|Begriff|Wort|[Bb]ezeichnung|Ausstellung|Stück|Gemälde|[Rr]eihe|"
    r"[Aa]gentur|[Ss]ender|[Dd]ienst|[Rr]estaurant|Operation|Themen wie|Modelle?|auf Deutsch|übersetzt|etwa|kurz|"
    r"(?<!\w)genannten?|Prädikat|hieß[\w ]*|heißt)[ :(]*$"
)
ARTICLE = r"(?:[Dd](?:er|ie|as|em|en|es)|[Vv]o[mn]|[Zz]u[mr]|[Bb]eim|[Ii]m|[Ii]hre[nmr]?|[Ss]eine[nmr]?)$"
