"""Short pieces of a page that belong to the page rather than the article: credits, buttons, pointers to other pages.

Conventions: as in ``_phrases``. What is furniture is marked as boilerplate, never deleted.
"""

from collections.abc import Iterable

from allegedly.builders.readers._phrases import Phrase, matcher
from allegedly.builders.text import articles
from allegedly.builders.text.articles import Piece

#: A piece of more letters than this is no furniture.
LONGEST = 120
#: And one of more letters not what a feed puts under its entries, which holds a title.
LONGEST_ENDING = 400
_SITE = r"(?:(?-i:[^\sa-zà-ÿа-я])|\S+\.\w)[^\n]{0,100}$"
_STOCK = (
    r"(?:getty\s?images|shutterstock|istock|picture[\s-]alliance|adobe\s?stock|unsplash|pixabay|imago|dpa|afp|reuters)"
)

PHRASES = (
    Phrase(
        "boilerplate",
        r"(?:\(?(?:additional\s+)?(?:reporting|writing|editing|compiled|translated|translation)(?:\s+and\s+(?:writing|editing))?\s+by|"
        r"\((?:reportage|rédaction|édité|version\s+française|reporte|editado|reportagem|edição|bericht|redigiert|redaktion|a\s+cura)"
        r"(?:\s+en\s+español)?\s+(?:par|por|de|di|von))\s+(?-i:[^\W\d_a-z]){no}",
        "(Reporting by Odile Farrant in Lowmere; Editing by Mo Sands)", "Reporting by the Gazette may have helped, he said.",
    ),
    Phrase(
        "boilerplate",
        r"(?:titel)?(?:foto|photo|bild|image|picture|crédits?\s+photos?|photo\s+credit|bildquelle|quelle|source|grafik|"
        r"copyright)s?\s*(?:[:©]{no}|/).{1,80}$(?<![^.][^.][^.][.!?])",
        "Foto: Odile Farrant", "Source: the mayor said on Tuesday that the bridge may close.",
    ),
    Phrase(
        "boilerplate", r"(?:©|\(c\)\s+(?=\d|(?-i:[A-Z])[^.!?]*$)|\((?:foto|bild|photo)\b|\[foto).{1,110}$",
        "© Lowmere Gazette", "(c) the third clause may be dropped, the court said.",
    ),
    Phrase(
        "boilerplate",
        rf"(?:[^.!?]{{0,50}}(?:[/|©:(,–-]\s*|\bvia\s+)|(?:(?-i:[A-Z])\S*\s+){{0,3}}){_STOCK}\b(?:\s*[/|(,:)].{{0,40}}|\s*)[.)]?$",
        "Odile Farrant/Getty Images", "Shares in Shutterstock fell 4 percent",
    ),
    Phrase(
        "boilerplate", r"(?:(?-i:[A-Z]{2,4})|reuters)\s*/\s*[\w. -]{2,40}$",
        "AFP / Odile Farrant", "AC/DC may tour again next year, their manager said.",
    ),
    Phrase(
        "boilerplate",
        r"(?:schon\s+gelesen|à\s+lire\s+aussi|lire\s+aussi|read\s+(?:more|also|next)|see\s+also|"
        r"related(?:\s+(?:articles?|stories|posts?|topics))?|mehr\s+(?:zum\s+thema|dazu|lesen).{0,30}|lesen\s+sie\s+auch|"
        r"auch\s+interessant|zum\s+weiterlesen|weiterlesen|lea\s+también|leia\s+também|más\s+información|puedes\s+ver|"
        r"you\s+may\s+also\s+like|recommended|das\s+könnte\s+(?:sie|dich)\s+auch\s+interessieren|"
        r"(?:weitere|neueste|mehr)\s+(?:themen|artikel|informationen|meldungen|nachrichten|beiträge)(?:\s+zum\s+thema)?|"
        r"latest\s+(?:news|stories|articles)|leggi\s+anche|lees\s+ook)\s*[:?!.…]*$",
        "Lire aussi :", "Related problems may follow, the mayor said.",
    ),
    Phrase(
        "boilerplate",
        r"(?:à\s+lire\s+aussi|lire\s+aussi|lesen\s+sie\s+auch|puedes\s+ver|lea\s+también|leia\s+também|leggi\s+anche|"
        r"lees\s+ook|mehr\s+zum\s+thema|read\s+also|see\s+also)\s*[:»>|].{1,110}$",
        "Lees ook: Brug dicht", "Mehr zum Thema sagte die Stadt am Dienstag nicht.",
    ),
    Phrase(
        "boilerplate",
        r"(?:related|read\s+(?:more|also|next))(?:\s+(?:articles?|story|stories|posts?|topics?|news|coverage|reading))?"
        r"\s*:\s*[^.!?\n]{1,110}$",
        "Related: Old swing bridge to close", "Related or not, the two men may be tried together, the court said.",
    ),
    Phrase(
        "boilerplate",
        r"(?:teilen(?:\s+sie\s+dies)?\s+mit|sharen\s+mit|share\s+this|gefällt\s+mir|bewerten|(?:gefällt\s+mir\s+)?wird\s+geladen|loading|lädt|tags?|"
        r"schlagwörter|advertisement|anzeige|werbung|publicidad|keine\s+kommentare|no\s+comments?|comments?|kommentare?|"
        r"schreibe\s+einen\s+kommentar|leave\s+a\s+(?:comment|reply)|print|drucken|facebook|twitter|whatsapp|e-?mail|"
        r"kontakt|zum\s+inhalt\s+springen|skip\s+to\s+content)\s*[:.…]*$",
        "Teilen mit:", "Facebook may be fined, the regulator said.",
    ),
    Phrase(
        "boilerplate", r"keine\s+kommentare\s*\(.{0,80}\)$|anzeige(?:\s*[-–:]|,\s+enthält).{1,100}$",
        "Anzeige, enthält Affiliate Links", "Anzeige erstattete die Stadt am Dienstag.",
    ),
    Phrase(
        "boilerplate", r"(?:video|audio)\s+(?:verfügbar|available)\s+(?:bis|until)\b.{1,40}$",
        "Video verfügbar bis 28.02.2026", "Video evidence may be shown in court, the judge said.",
    ),
    Phrase(
        "boilerplate", r"(?:letzte\s+aktualisierung|aktualisiert)\s*(?:am|:)\s*\d.{0,60}$",
        "Aktualisiert am 17.01.2026.", "Aktualisiert wurde die Liste am Dienstag.",
    ),
    Phrase(
        "boilerplate", r"[^.!?]{0,80}[.?!]\s+(?:sign\s+up|subscribe)\s+(?:here|now|today)\W*$",
        "Do you want to hear from us? Sign up here", "She was told to sign up here, and may do so.",
    ),
    Phrase(
        "boilerplate",
        r"(?:twitter|facebook|e-?mail|whatsapp|linkedin|pinterest|telegram|drucken|print|flattr|xing|reddit)"
        r"(?:\n(?:twitter|facebook|e-?mail|whatsapp|linkedin|pinterest|telegram|drucken|print|flattr|xing|reddit))+$",
        "Twitter\nFacebook\nDrucken", "Twitter and Facebook may be fined, the regulator said.",
    ),
)  # fmt: skip
#: What WordPress puts under each entry of a feed, in the languages that it is translated into: where the post appeared.
ENDINGS = (
    Phrase(
        "boilerplate", rf"th(?:e|is)\s+(?:post|article|entry)\s.{{1,280}}?(?:appeared\s+first|first\s+appeared)\s+on\s+{_SITE}",
        "The post Swing bridge to close: for how long? appeared first on Lowmere Gazette.",
        "The post that he wanted appeared first on the list of cuts, the council said.",
    ),
    Phrase(
        "boilerplate",
        rf"(?:der|dieser)\s+(?:beitrag|artikel)\s.{{1,280}}?\s(?:erschien|ist)\s+zuerst\s+(?:auf|bei)\s+{_SITE}",
        "Der Beitrag Drehbrücke wird gesperrt erschien zuerst auf Lowmerer Anzeiger.",
        "Der Artikel des Gesetzes erschien zuerst auf einer Liste, die der Rat verlas.",
    ),
    Phrase(
        "boilerplate",
        rf"(?:l['’]article|cet\s+article)\s.{{1,280}}?\sest\s+apparu\s+en\s+premier\s+sur\s+{_SITE}|"
        rf"(?:la\s+entrada|el\s+artículo|esta\s+entrada)\s.{{1,280}}?\s(?:se\s+publicó|aparece|apareció)\s+primero\s+en\s+{_SITE}|"
        rf"l['’]articolo\s.{{1,280}}?\s(?:proviene\s+da|sembra\s+essere\s+il\s+primo\s+su)\s+{_SITE}|"
        rf"o\s+(?:post|artigo|conteúdo)\s.{{1,280}}?\s(?:apareceu|aparece)\s+primeiro\s+em\s+{_SITE}",
        "La entrada El puente cierra nueve semanas se publicó primero en La Gaceta de Lowmere.",
        "L'articolo 18 della legge proviene da un decreto, ha detto il sindaco.",
    ),
    Phrase(
        "boilerplate",
        rf"het\s+bericht\s.{{1,280}}?\sverscheen\s+eerst\s+op\s+{_SITE}|"
        rf"(?:inlägget|posten)\s.{{1,280}}?\sdök\s+först\s+upp\s+på\s+{_SITE}|"
        rf"innlegget\s.{{1,280}}?\sdukket\s+først\s+opp\s+på\s+{_SITE}|"
        rf"indlægget\s.{{1,280}}?\sblev\s+først\s+(?:udgivet|vist)\s+på\s+{_SITE}",
        "Het bericht Draaibrug negen weken dicht verscheen eerst op De Lowmerse Courant.",
        "Het bericht over de brug verscheen eerst op een muur, zei de burgemeester.",
    ),
    Phrase(
        "boilerplate",
        rf"(?:artykuł|wpis)\s.{{1,280}}?\spochodzi\s+z\s+serwisu\s+{_SITE}|"
        rf"příspěvek\s.{{1,280}}?\s(?:pochází\s+z|se\s+nejdříve\s+objevil\s+na)\s+{_SITE}|"
        rf"(?:сообщение|запись)\s.{{1,280}}?\s(?:появились\s+сначала\s+на|впервые\s+появилась)\s+{_SITE}",
        "Artykuł Most będzie zamknięty pochodzi z serwisu Gazeta Lowmere.",
        "Artykuł szósty pochodzi z dawnej ustawy, powiedział burmistrz.",
    ),
)  # fmt: skip
_FURNITURE = matcher(PHRASES, "boilerplate")
_ENDING = matcher(ENDINGS, "boilerplate")
#: Kinds of pieces that may turn out to be furniture.
_PLAIN = ("paragraph", "heading", "list", "quote", "caption")


def is_furniture(words: str) -> bool:
    """Whether a short piece belongs to the page rather than the article: credits, buttons, pointers to other pages."""
    if len(words) < LONGEST and _FURNITURE.match(words):
        return True
    return len(words) < LONGEST_ENDING and bool(_ENDING.match(words))


def marked(pieces: Iterable[Piece]) -> list[Piece]:
    """The same pieces of a story's HTML, furniture as boilerplate; as they are where they are nothing else."""
    listed = list(pieces)
    plain = [("paragraph" if kind == "lead" else kind, words) for kind, words in listed]
    told = [("boilerplate" if kind in _PLAIN and is_furniture(words) else kind, words) for kind, words in plain]
    return articles.led(told) if any(kind in _PLAIN for kind, _ in told) else listed
