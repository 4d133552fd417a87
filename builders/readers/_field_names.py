"""Names of fields: what people who write records call what an article has, in many languages.

Conventions: names are compared without case, accents, ``_``, ``-``, ``.`` and blanks, and without the ending by which
Solr tells the type of a dynamic field (``title_s``).
Source: Apache Solr, the default configset, dynamic fields.
"""

# ruff: noqa: SIM905 - names read better as words in a row

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import Any

#: Ours, and what others call it, in English first: the first that a record has is taken.
NAMES = {
    "text": (
        "text articlebody maintext fulltext bodytext articletext plaintext cleanedtext contenttext content body "
        "bodyhtml contenthtml article story html document articlecontent newscontent textcontent storytext newstext "
        "rawtext originaltext contents contentelements sections paragraphs bodyparagraphs articleparagraphs textparagraphs "
        "volltext inhalt artikeltext artikel beitrag texte corps contenu texto cuerpo contenido conteudo testo corpo "
        "contenuto tekst inhoud tresc текст"
    ),
    "title": (
        "title headline heading articletitle webtitle newstitle titletext name "
        "titel uberschrift ueberschrift schlagzeile titre titulo titular titolo kop rubriek tytul заголовок"
    ),
    "subtitle": (
        "subtitle subheadline alternativeheadline subheading standfirst deck dek kicker "
        "untertitel unterzeile vorspann soustitre chapo chapeau subtitulo bajada entradilla sottotitolo occhiello catenaccio "
        "linhafina ondertitel podtytul ingress underrubrik подзаголовок"
    ),
    "authors": (
        "authors author byline creators creator writers writer by authorname authornames "
        "autor autoren autorin verfasser auteur auteurs autores autora autore autori auteursnaam автор"
    ),
    "published": (
        "published datepublished publishedat publishdate publicationdate pubdate publisheddate publishingdate datepublish "
        "publishedon publishedtime publicationtime firstpublished firstpublicationdate dateofpublication displaydate "
        "articledate newsdate postdate date datetime createdat created timestamp webpublicationdate time "
        "datum veroffentlicht veroeffentlicht erscheinungsdatum veroffentlichungsdatum datepublication datedepublication "
        "fecha fechapublicacion datapublicacao datapubblicazione publicatiedatum дата"
    ),
    "url": "url link canonicalurl weburl permalink articleurl sourceurl href adresse lien enlace",
    "outlet": (
        "outlet publisher publication newspaper sitename source sourcename provider sourcedomain domain site media "
        "newsoutlet outletname publishername publicationname "
        "quelle zeitung medium journal fuente medio periodico fonte testata jornal bron krant источник"
    ),
    "language": "language lang inlanguage locale languagecode langcode sprache langue idioma lingua taal",
    "section": "section articlesection sectionname category ressort rubrik rubrique seccion secao sezione",
    "series": "series",
    "themes": "themes tags keywords topics theme categories subjects schlagworte motscles",
    "regions": "regions region locations",
    "licence": "licence license copyright rights usageterms copyrightnotice",
    "source_id": "id articleid docid documentid uid uuid guid identifier sourceid uri",
}
#: From a name to ours, and its rank among the names of ours.
_OURS = {theirs: (ours, rank) for ours, names in NAMES.items() for rank, theirs in enumerate(names.split())}
#: What a short description is called.
TEASERS = frozenset(("description", "summary", "abstract", "beschreibung", "descripcion", "descrizione"))
#: What lies under these names stands beside a story, however much it looks like one.
ASIDE = frozenset(
    """
    comment comments commentlist discussion replies reply reactions related relatedarticles relatedstories relatedposts
    relatedcontent relatedlinks relatedcoverage similar similararticles recommended recommendations morestories readmore
    mostread mostpopular trending seealso teasers promos promo tags tag keywords topics categories entities authors author
    byline bylines credits images image photos videos video media multimedia thumbnails thumbnail galleries gallery ads ad
    advertisement advertisements links breadcrumbs breadcrumb menu navigation nav footer sidebar highlight highlights
    suggestions facets aggregations source sources publisher outlet siteinfo newsletter newsletters poll polls user users
    """.split()
)
_DYNAMIC = re.compile(r"(?<=[a-z])_(?:s|ss|t|txt|dt|dts|tdt|tdts|(?:txt|text)_[a-z]{2})\Z")


@lru_cache(maxsize=1024)
def plain(name: str) -> str:
    """A name without what people write differently."""
    bare = re.sub(r"[\s_.-]", "", name).lower()
    if bare.isascii():
        return bare
    return "".join(letter for letter in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(letter))


@lru_cache(maxsize=1024)
def ours(name: str) -> tuple[str, int] | None:
    """Which of our fields a name gives, and its rank among the names of that; None for a name that we do not know."""
    bare = name.strip("\ufeff")
    if (known := _OURS.get(plain(bare))) is not None:
        return known
    ending = _DYNAMIC.search(bare)
    return _OURS.get(plain(bare[: ending.start()])) if ending else None


def is_of_outlet(name: str, names: Collection[Any]) -> bool:
    """Whether a name is that of the outlet's id rather than the article's: ``source_id`` beside ``source_name``."""
    return plain(name) == "sourceid" and any(isinstance(other, str) and plain(other) == "sourcename" for other in names)
