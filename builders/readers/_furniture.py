"""Short pieces of a page that belong to the page rather than the article: credits, buttons, pointers to other pages.

Conventions: as in ``_phrases``. What is furniture is marked as boilerplate, never deleted.
"""

from allegedly.builders.readers._phrases import Phrase, matcher

#: A piece of more letters than this is no furniture.
LONGEST = 120
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
_FURNITURE = matcher(PHRASES, "boilerplate")


def is_furniture(words: str) -> bool:
    """Whether a short piece belongs to the page rather than the article: credits, buttons, pointers to other pages."""
    return len(words) < LONGEST and bool(_FURNITURE.match(words))
