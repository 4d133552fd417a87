"""What stands beside a name in a byline: roles, jobs, places, outlets, and what is no name at all.

Conventions: words are one line, white space as single spaces. ``credits`` cuts a byline before its roles and keeps those
who wrote; the others (pictures, editing, translation) have credits, not authorship.
"""

import re
from collections.abc import Iterator

from allegedly.builders.readers._line_people import is_called_so, is_outlet, is_place

_WROTE = (
    r"reporter(?:in)?s?|reporting|report|words|text(?:e|o)?|testo|tekst|texto|story|written|writer|author|autor(?:in|en)?|"
    r"auteur|autore|interview|protokoll|recherche|bericht|reportage|journaliste?|redacteur|verslaggever|"
    r"correspondent|additional reporting|contributors?"
)
_HELPED = (
    r"pictures?|photos?|photographs?|photograph(?:y|er)|fotos?|fotografie?|fotografía|foto(?:graf(?:in)?|grafo)?|bild(?:er)?|"
    r"images?|video|graphics?|grafik(?:en)?|illustrations?|illustration(?:en)?|infografik|editor|editors|editing|edited|"
    r"copy editor|sub-editor|producers?|produced|production|produktion|translat(?:ion|ed|or)|"
    r"übersetz(?:ung|t)|traduction|traducción|"
    r"crédits?(?: photos?)?|photo credit|credits?|redigering|kamera|camera|schnitt|layout|design|source|quelle|fuente|fonte|bron"
)
_ROLE = re.compile(
    rf"(?:^|(?<=[\s,;.|/(]))(?:(?P<wrote>{_WROTE})|(?P<helped>{_HELPED}))s?(?:\s*/\s*\w+)?(?:\s*:\s*|\s+(?:by|von|par|por|de|di|door|av)\s+)",
    re.I,
)
_PLACE = re.compile(
    r"(?<=\w)[,]?\s+(?:in|at|from|reporting|aus|à|en|nel|para|für|pour)\s+(?:in\s+|from\s+)?(?=[^\W\d_a-z]).*$|"
    r"(?<=\w)[,]?\s+(?:for|special to|exclusive to)\s+(?=[Tt]he\s|[^\W\d_a-z]).*$|(?<=\w)\s+of\s+[Tt]he\s.*$"
)
_LEVEL = (
    r"(?:chief|senior|deputy|assistant|associate|executive|contributing|political|foreign|diplomatic|home|world|europe|"
    r"european|us|uk|north|south|east|west|africa|asia|middle|national|regional|local|crime|court|legal|education|health|"
    r"science|environment|climate|technology|tech|business|economics|economic|financial|finance|city|consumer|money|"
    r"transport|defence|defense|security|royal|religious|religion|culture|arts|music|film|media|food|travel|sports?|football|"
    r"cricket|rugby|racing|social|affairs|news|investigations?|investigative|data|digital|online|night|freelance|staff|"
    r"our|the|a|an|special|guest|state|city|hall|trade|labou?r|energy|industrial|general|focus-online-\w+)"
)
_TITLE = (
    r"(?:correspondent|editor|reporter|writer|columnist|journalist|critic|commentator|contributor|producer|analyst|"
    r"redakteur(?:in)?|reporter(?:in)?|korrespondent(?:in)?|autor(?:in)?|journalistin?|volont[aä]r(?:in)?|chefredakteur(?:in)?|"
    r"[\w-]*-(?:experte|expertin|reporter(?:in)?|redakteur(?:in)?|korrespondent(?:in)?)|journaliste|correspondante?|rédacteur|"
    r"rédactrice|periodista|corresponsal|redactora?|giornalista|inviat[oa]|corrispondente|redacteur|verslaggever)"
)
_JOB_ALONE = re.compile(rf"(?:from\s+)?(?:{_LEVEL}[\s-]+){{0,5}}{_TITLE}s?", re.I)
_JOB_BEFORE = re.compile(rf"^(?:{_LEVEL}[\s-]+){{0,5}}{_TITLE}\s+(?=[^\W\d_]\S*\s+\S)", re.I)
_JOB_AFTER = re.compile(rf"(?<=\w)\s+(?:{_LEVEL}[\s-]+){{0,5}}{_TITLE}(?:\s.*)?$", re.I)
#: Words that names do not have, in sentences and links.
_SENTENCE = re.compile(
    r"\b(?:our|your|this|these|is|are|was|were|has|have|will|would|viewing|view|watch|click|read|see|get|sign|log|learn|"
    r"share|please|more|about|with|content|cookies?|profile?|profil|podcasts?|video|videos|comments|articles|posts|"
    r"unser[en]?|dieser?|mehr|alles|alle|wird|ist|sind|noch|kiosques|précédent|suivant|afficher|ver|leer|"
    r"authority|information|publikationen|pressemitteilung|seite|website|kontakt|fotos?|text|datum|quelle)\b",
    re.I,
)
_TIME = re.compile(r"(?:^|\s)\d|\b(?:a\.?m|p\.?m)\.?\s+(?:[a-z]{1,2}t|gmt|utc)\b|\b[ap]\.m\.", re.I)
_ORGANISATION = re.compile(
    r"(?:\b(?:gmbh|inc|ltd|llc|corp|plc|e\.?\s?v|ag|eg|s\.?a|s\.?r\.?l|redaktion|redacción|redacao|redação|redazione|"
    r"rédaction|redactie|toimitus|redakcja|редакция|редакція|editorial|newsroom|news desk|newsdesk|staff|desk|team|pressestelle|"
    r"verlag|stiftung|verband|bundesverband|ministerium|landesanstalt|foundation|institute?|university|universität|"
    r"association|agency|agenc(?:ies|ia|e)|agenturen|department|committee|gruppe|blog|magazine?|magazin|zeitung|anzeiger|"
    r"nachrichten|presse|rundschau|fernsehen|radio|television|online|partei|sekretariat|reports?|reporters?|services?|wires?|"
    r"content|media|publishing|publications)\b|(?:新聞|报|報|網|网|社|编辑部|編集部|뉴스|신문)$|\w(?:verband|zeitung|presse|verlag|redaktion|ministerium|blog)\b)",
    re.I,
)
_DOMAIN = re.compile(
    r"^[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|eu|co|uk|de|at|ch|it|fr|es|pt|nl|be|pl|ru|tv|io|cl|ar|mx|br|news|media)$",
    re.I,
)
_SMALL = re.compile(
    r"von|vom|van|zu|zum|zur|der|den|dem|de|del|della|dello|degli|di|da|do|dos|das|du|des|la|las|le|los|el|al|bin|bint|"
    r"ibn|ben|abu|af|av|ter|ten|te|y|e|al-\w+|el-\w+|d['’]\w*|of|st|the"
)


def credits(text: str) -> Iterator[str]:
    """The parts of a byline that name who wrote: all of it where it has no roles."""
    roles = list(_ROLE.finditer(text))
    if not roles:
        yield text
        return
    if text[: roles[0].start()].strip(" ,;|/"):
        yield text[: roles[0].start()].rstrip(" ,;|/(")
    for role, following in zip(roles, [*roles[1:], None], strict=True):
        if role["wrote"]:
            yield text[role.end() : following.start() if following else len(text)].rstrip(" ,;|/(")


def bare(name: str) -> str:
    """A name without the place, the job and the outlet beside it; empty for a job alone."""
    name = _PLACE.sub("", name)
    if _JOB_ALONE.fullmatch(name):
        return ""
    name = _JOB_BEFORE.sub("", name)
    job = _JOB_AFTER.search(name)
    if job and is_outlet(name[: job.start()]) and ("staff" in job[0].casefold() or " " not in name[: job.start()]):
        return ""  # "Harbour Post staff reporter"
    return name[: job.start()] if job else name


def is_person(name: str) -> bool:
    """Whether a name in a byline may be a person's: no outlet, organisation, time, address or sentence."""
    words = name.split()
    if is_called_so(name):
        return True
    if _TIME.search(name) or _SENTENCE.search(name) or _DOMAIN.match(name) or name.endswith(("!", "?", "…")):
        return False
    if len(words) > 1 and sum(word.islower() and not _SMALL.fullmatch(word) for word in words) > 1:
        return False
    return not _ORGANISATION.search(name) and not (is_outlet(name, signed=True) if len(words) > 1 else is_place(name))
