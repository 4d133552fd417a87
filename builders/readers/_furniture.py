"""Short pieces of a page that belong to the page rather than the article: credits, buttons, pointers to other pages."""

import re

_FURNITURE = re.compile(
    r"""^(?:
    (?:foto|photo|bild|image|picture|crédits?\s+photos?|photo\s+credit|bildquelle|quelle|source|grafik|copyright)s?\s*[:©/].{1,80}
    |(?:©|\(c\)|\(foto|\(bild|\[foto).{1,80}
    |.{0,40}\b(?:getty\s+images|shutterstock|istock|picture\s+alliance|adobe\s?stock|unsplash|pixabay)\b.{0,30}
    |(?:[A-Z]{2,4}|reuters)\s*/\s*[\w. -]{2,40}
    |(?:schon\s+gelesen|à\s+lire\s+aussi|lire\s+aussi|read\s+(?:more|also|next)|see\s+also|related(?:\s+(?:articles?|stories|posts?|topics))?
      |mehr\s+(?:zum\s+thema|dazu|lesen).{0,30}|lesen\s+sie\s+auch|auch\s+interessant|zum\s+weiterlesen|weiterlesen|lea\s+también|leia\s+também
      |más\s+información|you\s+may\s+also\s+like|recommended|das\s+könnte\s+(?:sie|dich)\s+auch\s+interessieren)\s*[:?!.…]?
    |(?:teilen\s+mit|share\s+this|gefällt\s+mir|bewerten|wird\s+geladen|loading|lädt|tags?|schlagwörter|advertisement|anzeige|werbung|publicidad
      |keine\s+kommentare|no\s+comments?|comments?|kommentare?|leave\s+a\s+(?:comment|reply)|print|drucken|facebook|twitter|whatsapp|e-?mail)
      \s*[:.…]*
    )$""",
    re.I | re.X,
)


def is_furniture(words: str) -> bool:
    """Whether a short piece belongs to the page rather than the article: credits, buttons, pointers to other pages."""
    return len(words) < 120 and bool(_FURNITURE.match(words))
