"""Keys with values: ``Author: ...``, ``Region: ...``.

Conventions: names of fields are those of an article, and ``updated``, ``original``, ``place``.
"""

import re

from allegedly.builders.readers._line_bylines import authors_note
from allegedly.builders.readers._line_dates import LONGEST
from allegedly.builders.readers._line_people import listing
from allegedly.builders.readers._note import Note
from allegedly.builders.text import dates

_ENGLISH = {
    **dict.fromkeys(
        ("author", "authors", "by", "byline", "writer", "writers", "interview", "text", "words", "story"), "authors"
    ),
    **dict.fromkeys(("written by", "posted by", "reporter", "reporters", "from", "creator", "contributor"), "authors"),
    **dict.fromkeys(
        ("date", "published", "publication date", "pubdate", "posted", "publish date", "date published"), "published"
    ),
    **dict.fromkeys(
        ("published on", "first published", "posted on", "issued", "datetime", "published at"), "published"
    ),
    **dict.fromkeys(("updated", "last updated", "modified", "last modified", "date modified"), "updated"),
    **dict.fromkeys(
        ("source", "outlet", "publication", "newspaper", "publisher", "site", "website", "agency"), "outlet"
    ),
    **dict.fromkeys(("site name", "journal", "magazine", "media", "paper"), "outlet"),
    **dict.fromkeys(
        ("original source", "originally published in", "originally published by", "first published in"), "original"
    ),
    **dict.fromkeys(("original outlet", "originally published", "first published by", "cross-posted from"), "original"),
    **dict.fromkeys(("region", "regions", "country", "countries"), "regions"),
    **dict.fromkeys(
        ("theme", "themes", "topic", "topics", "tag", "tags", "keywords", "keyword", "filed under"), "themes"
    ),
    **dict.fromkeys(("subjects", "labels"), "themes"),
    **dict.fromkeys(("in-depth report", "in-depth reports", "series", "dossier", "special report"), "series"),
    **dict.fromkeys(("section", "category", "categories", "desk", "department", "rubric"), "section"),
    **dict.fromkeys(("url", "link", "permalink", "web address", "canonical", "canonical url", "source url"), "url"),
    **dict.fromkeys(("title", "headline", "subject", "head"), "title"),
    **dict.fromkeys(
        ("subtitle", "subheadline", "sub-headline", "standfirst", "deck", "subhead", "strapline"), "subtitle"
    ),
    **dict.fromkeys(("language", "lang"), "language"),
    **dict.fromkeys(("licence", "license", "copyright", "rights"), "licence"),
    **dict.fromkeys(("location", "place", "dateline", "city"), "place"),
    **dict.fromkeys(("id", "article id", "guid", "identifier"), "source_id"),
}
#: The same in German, French, Spanish, Italian, Portuguese, Dutch, and the languages of Scandinavia.
_ELSEWHERE = {
    "authors": """
        autor, autorin, autoren, autorinnen, verfasser, verfasserin, von, text von, redakteur, redakteurin,
        auteur, auteure, auteurs, autrice, par, texte, texte de, écrit par, journaliste, rédacteur, rédactrice,
        autora, autores, autoras, por, texto, texto de, escrito por, periodista, redactor, redactora,
        autore, autori, autrici, testo, testo di, scritto da, giornalista, repórter, jornalista,
        door, tekst, geschreven door, verslaggever, redacteur, journalist, författare, skribent, forfatter, skrevet av
        """,
    "published": """
        datum, veröffentlicht, veröffentlicht am, erschienen, erschienen am, erscheinungsdatum, publikationsdatum,
        date de publication, date de parution, publié, publié le, paru le,
        fecha, fecha de publicación, publicado, publicado el, data, data di pubblicazione, pubblicato, pubblicato il,
        data de publicação, publicado em, gepubliceerd, gepubliceerd op, publicatiedatum, dato, publicerad, publiceret, publisert
        """,
    "updated": """
        aktualisiert, aktualisiert am, zuletzt aktualisiert, stand, mis à jour, mis à jour le, mise à jour, modifié le,
        actualizado, actualizado el, última actualización, aggiornato, aggiornato il, ultimo aggiornamento,
        atualizado, atualizado em, última atualização, bijgewerkt, bijgewerkt op, laatst bijgewerkt,
        uppdaterad, opdateret, oppdatert
        """,
    "outlet": """
        quelle, medium, zeitung, zeitschrift, magazin, publikation, média, quotidien, revue,
        fuente, medio, periódico, diario, revista, publicación, fonte, testata, giornale, quotidiano, rivista,
        veículo, jornal, publicação, bron, krant, tijdschrift, källa, tidning, kilde, avis
        """,
    "original": """
        ursprünglich erschienen in, zuerst erschienen in, paru initialement dans, publicado originalmente en,
        pubblicato originariamente su, publicado originalmente em, oorspronkelijk verschenen in
        """,
    "regions": "land, länder, regionen, pays, région, régions, país, países, región, paese, paesi, regione, regio, região",
    "themes": """
        thema, themen, schlagwort, schlagwörter, schlagworte, stichwörter, stichworte, thème, thèmes, mots-clés, mots clés,
        tema, temas, etiquetas, palabras clave, temi, argomenti, parole chiave, palavras-chave, assuntos, trefwoorden
        """,
    "series": "serie, série",
    "section": """
        ressort, rubrik, kategorie, rubrique, catégorie, sección, categoría, sezione, rubrica, categoria, seção, secção,
        editoria, caderno, rubriek, categorie
        """,
    "url": "webadresse, internetadresse, lien, enlace",
    "title": "titel, überschrift, schlagzeile, titre, título, titular, titolo, manchete, kop, tittel, overskrift",
    "subtitle": """
        untertitel, unterzeile, sous-titre, chapô, subtítulo, bajada, sottotitolo, sommario, linha fina, ondertitel,
        underrubrik, undertittel
        """,
    "language": "sprache, langue, idioma, lingua, taal, språk, sprog",
    "licence": "lizenz, rechte, droits, licencia, derechos, licenza, diritti, licença, direitos, licentie, rechten",
    "place": "ort, lieu, ville, lugar, ciudad, luogo, città, cidade, plaats",
    "source_id": "artikel-id, identifiant, identificador",
}
KEYS = {**{key: field for field, keys in _ELSEWHERE.items() for key in listing(keys)}, **_ENGLISH}
_KINDS = {
    "authors": "byline",
    "published": "dateline",
    "updated": "dateline",
    "place": "dateline",
    "outlet": "boilerplate",
}
#: Fields that are names, and never a sentence that begins like a key ("City: Residents may have to leave soon.").
_NAMES = frozenset(("place", "outlet", "original", "section", "series", "regions", "themes", "language", "source_id"))
_SENTENCE = re.compile(r"^(?:\S+\s+){5,}\S+[.!?]['\"”’)]*$")
_KEY = re.compile(r"([^\W\d_](?:[^\W\d_]|[ -]){0,30}?)\s*:\s+(?=\S)")


def key_value(words: str) -> Note | None:
    """``Author: ...``, ``Region: ...``: a key that is known, and its value."""
    key = _KEY.match(words)
    name = KEYS.get(key[1].lower()) if key and len(words) <= 400 else None
    if not key or not name:
        return None
    value = words[key.end() :]
    if name in _NAMES and _SENTENCE.search(value):
        return None
    if name in ("published", "updated"):
        iso = dates.read(value)
        known = iso or (len(value) < 60 and key[1].lower() in _ENGLISH)
        return Note("dateline", {name: iso} if iso else {}) if known else None
    if name == "authors":
        return authors_note(value) if len(value) <= LONGEST and not re.search(r"[.!?]\s", value + " ") else None
    if name in ("title", "subtitle"):
        return Note(name, {name: value}, key=key.end()) if len(value) <= 300 else None
    if name in ("outlet", "original") and len(value) > 80:
        return None
    if name in ("themes", "regions"):
        return Note("boilerplate", {name: listed(value)})
    return Note(_KINDS.get(name, "boilerplate"), {name: value})


def listed(value: str) -> tuple[str, ...]:
    """Items with commas, semicolons or bars between."""
    items = (item.strip().strip(" .#[]\"'") for item in re.split("[,;|•·]", value))
    return tuple(dict.fromkeys(item for item in items if item))
