"""Names in lines of text: of people, outlets and places.

Conventions: words are those of one line, without markup, white space as single spaces.
"""

import re
from functools import cache
from importlib.resources import files


def listing(names: str) -> frozenset[str]:
    """The words of a list with commas between."""
    return frozenset(" ".join(name.split()) for name in names.split(","))


SMALL = r"(?:de|da|do|dos|das|del|della|der|den|di|du|la|le|van|von|zu|al|el|bin|ibn|ben|y|of|ter|ten|af|av)"
_NAME_WORD = r"(?:[^\W\d_a-z][\w.’'-]*|[A-Z]\.)"
NAME = re.compile(rf"{_NAME_WORD}(?:\s+(?:{_NAME_WORD}|{SMALL}(?=\s))){{0,5}}(?:,?\s+(?:Jr|Sr)\.?)?")
_AND = re.compile(
    r"\s+(?:and|&|und|et|y|og|och|(?-i:e|en(?=\s+[^\W\d_a-z]\S+\s)))\s+|\s*[;&]\s*|\s*,\s*(?:and\s+)?", re.I
)
_OUTLET = re.compile(
    r"\b(?:Times|News|Post|Herald|Gazette|Observer|Echo|Press|Agency|Review|Journal|Tribune|Courier|Chronicle|Mirror|"
    r"Guardian|Telegraph|Daily|Weekly|Monthly|Wire|Newswire|Magazine|Cent(?:er|re)|Institute|Network|Radio|"
    r"Reports?|BBC|CNN|"
    r"Reuters|AFP|Bulletin|Star|Standard|Globe|Letter|Record|Register|Dispatch|Express|Argus|Mail|Today|"
    r"Online|Foundation|"
    r"Sentinel|Examiner|Inquirer|Independent|Monitor|Messenger|Advertiser|Argosy|Commentary|Lantern|Voice|Sun|World|"
    r"Research|Media|Broadcasting|Television|TV|Channel|Blog|Digest|Quarterly|Politics|Sport|Associated|Bloomberg|"
    r"Correspondent|Staff|Desk|Editorial|University|Society|Group|Council|Office|Service|Services|Zeitung|Anzeiger|"
    r"Le|La|El|Die|Der|Das)\b|\.(?:com|org|net|co|info|eu|uk|de)\b|^The\s|^[A-Z]{2,6}$"
)
JOB = re.compile(
    r"\b(?:correspondent|editor|reporter|writer|columnist|journalist|staff|bureau|chief|producer|contributor|analyst|"
    r"professor|director|fellow|author|photographer|critic|contributing|special to)\b",
    re.I,
)
_CITIES = listing(
    """
    amsterdam, athens, baghdad, bangkok, beijing, beirut, belfast, berlin, bonn, boston, brussels, bucharest,
    budapest, cairo, chicago, copenhagen, damascus, delhi, dublin, edinburgh, frankfurt, geneva, hamburg, helsinki,
    hong kong, istanbul, jerusalem, johannesburg, kabul, kyiv, kiev, lagos, lisbon, london, los angeles, madrid,
    manchester, manila, melbourne, mexico city, miami, milan, moscow, mumbai, munich, nairobi, new delhi, new york,
    oslo, paris, prague, rome, san francisco, santiago, sarajevo, seoul, shanghai, singapore, sofia, stockholm,
    sydney, tehran, tel aviv, tokyo, toronto, vienna, warsaw, washington, wellington, zurich
    """
)
#: Words of newspapers' names that people are called too.
_SURNAMES = frozenset(
    ("Sun", "Post", "Star", "Press", "Herald", "Argus", "Courier", "Messenger", "Daily", "Weekly", "Mail", "World", "Wire",
     "Voice", "Record", "Letter", "Times", "Echo", "Globe", "Standard", "Sport", "Desk", "Page")
)  # fmt: skip
#: Small words that begin names of newspapers, and stand inside family names.
_ARTICLES = frozenset(("Le", "La", "El", "Die", "Der", "Das"))
#: What stands before such a word in the name of a newspaper.
_BEFORE_OUTLET = listing(
    """
    the, daily, weekly, sunday, saturday, monday, morning, evening, new, north, south, east, west, northern, southern, eastern,
    western, national, international, financial, irish, scottish, welsh, british, american, canadian, indian, african,
    european, asian, arab, associated, free, huffington, baltimore, jakarta, denver, houston, vancouver, washington, kansas,
    detroit, birmingham, liverpool, nottingham, yorkshire, lancashire, hindustan, pioneer, times, city, county, harbour,
    harbor, coast, valley, island, river, town, village, state, world, business, sports, royal
    """
)
_ADDRESS = re.compile(r"\s*\(?\s*(?<!\S)\S+@\S+\s*\)?|\s*@\w+|https?://\S+")
_GROUP = re.compile(r"\s*[|•·/]\s*|\s+[–—-]{1,2}\s+|\s+(?:for|of)\s+(?=[Tt]he\b)|\s+for\s+(?=[A-Z])|\s*\(|\)")
_BEFORE_NAME = re.compile(r"(?:by|and|with)\s+", re.I)
_AFTER_NAME = re.compile(r"\s+(?:in|at|from)\s+[A-Z].*$")


#: Small words beside names in bylines that are all in capitals.
_JOINING = re.compile(r"(?<=\S\s)(?:IN|AT|FROM|FOR|AND|WITH|UND|MIT|AUS|ET|AVEC|POUR|PARA|EN)(?=\s)")
#: Small words that nobody writes large behind a given name; "De Luca", "La Rosa" and "Di Maio" are families.
_SMALL_INSIDE = re.compile(
    r"(?<=\s)(?:(?:De|Van|Von) (?:Den?|Der|La|Las|Los|Het)|Von|Van|Vom|Zu|Zum|Zur|Der|Den|Dos|Das|Ter|Ten|Bin|Bint|Ibn|Y)(?=\s)"
)


def people(value: str) -> tuple[tuple[str, ...], str | None]:
    """The names in a byline, and the outlet that may follow them."""
    value = " ".join(value.split())
    if "@" in value or "://" in value:
        value = _ADDRESS.sub("", value)
    value = uncapped(value.strip(" .,;|*-–—"))
    names: list[str] = []
    outlet = None
    for number, group in enumerate(filter(None, _GROUP.split(value))):
        for piece in filter(None, _AND.split(group)):
            if before := _BEFORE_NAME.match(piece):
                piece = piece[before.end() :]
            piece = _AFTER_NAME.sub("", piece).strip(" .,")
            if not piece or JOB.search(piece):
                continue
            if is_outlet(piece, signed=not names and not number) and (
                names or number or len(piece.split()) > 1 or piece.isupper() or piece in ("Reuters",)
            ):
                outlet = outlet or re.sub(r"^the(?= )", "The", piece)
            elif NAME.fullmatch(piece) and len(piece.split()) <= 6 and not number:
                names.append(titled(piece))
            elif number and not outlet and NAME.fullmatch(piece):
                outlet = piece
    return tuple(dict.fromkeys(names)), outlet


def uncapped(byline: str) -> str:
    """A byline in capitals with the small words between its names in small letters."""
    return _JOINING.sub(lambda word: word[0].lower(), byline) if byline.isupper() else byline


def titled(name: str) -> str:
    """A name in capitals as it is written elsewhere."""
    if not name.isupper() or len(name.split()) < 2:
        return name
    plain = re.sub(r"\bMc(?=[a-z])([a-z])", lambda after: f"Mc{after[1].upper()}", name.title())
    return _SMALL_INSIDE.sub(lambda word: word[0].lower(), plain)


def is_place(name: str) -> bool:
    """Whether a name, up to its first comma, is that of a large city."""
    return name.split(",")[0].strip().lower() in _CITIES


def is_outlet(name: str, *, signed: bool = False) -> bool:
    """Whether a name holds a word that names of outlets have, and is no person's who is called so. ``signed``: it stands
    where an article is signed, so that a family name of such a word is more likely than a newspaper."""
    return bool(_OUTLET.search(name)) and not is_called_so(name, signed=signed)


def is_called_so(name: str, *, signed: bool = False) -> bool:
    """Whether a name has newspapers' words, and they are those of a family name: ``Emily Post``, ``Maria La Rosa``."""
    words = name.split()
    marks = {match[0] for match in _OUTLET.finditer(name)}
    if not marks or not 2 <= len(words) <= 4 or words[0].casefold() in _BEFORE_OUTLET or is_place(" ".join(words[:-1])):
        return False
    if marks <= _ARTICLES:
        return words[0] not in _ARTICLES
    if not marks - _ARTICLES <= {words[-1]} & _SURNAMES:
        return False
    return is_person(name) or bool(re.match(r"[^\W\d_a-z]\.", name)) or (signed and len(words) == 2)


def is_person(name: str) -> bool:
    """Whether a name begins with a given name that is common in bylines."""
    return re.split(r"[\s-]", name)[0].capitalize() in _given()


@cache
def _given() -> frozenset[str]:
    from allegedly.builders import text

    lines = (files(text) / "given_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def is_name(words: str) -> bool:
    """Whether a line may be nothing but the name of a person or an outlet."""
    return len(words) <= 60 and 2 <= len(words.split()) <= 6 and bool(NAME.fullmatch(words))
