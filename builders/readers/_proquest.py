"""The layout of ProQuest: documents between rules of underscores or by their number, ``Full text:`` before the body, fields
with keys around it, in the languages that it is had in.
"""

# ruff: noqa: SIM905 - words read better in a row

import re
from collections.abc import Iterator, Sequence

from allegedly.builders.readers._exports import Document, dated
from allegedly.builders.readers._field_names import plain
from allegedly.builders.readers._paragraphs import Paragraph
from allegedly.builders.sources.recognition import RawFile

NUMBER = re.compile(r"\s*(?:document|dokument|documento) \d+ (?:of|von|de|sur|di) \d+\s*", re.I)
_RULE = re.compile(r"\s*_{10,}\s*")
_KEY = re.compile(r"([^\W\d_][\w /()-]{1,40}?)\s?:(?:\s+(.*))?", re.S)
_FULL = ("full text", "fulltext", "volltext", "texte intégral", "texto completo", "testo completo")
#: Keys, and what they tell; nothing where they tell nothing that an article has.
KEYS = {
    **dict.fromkeys(map(plain, _FULL), "body"),
    **dict.fromkeys(("author", "autor", "auteur", "autore", "authors"), "byline"),
    **dict.fromkeys(("publicationinfo", "publikationsinfo", "informationsdepublication", "infosdepublication"), "info"),
    **dict.fromkeys(("informaciondepublicacion", "datosdepublicacion"), "info"),
    **dict.fromkeys(
        ("publicationtitle", "titelderpublikation", "titredelapublication", "titulodepublicacion"), "outlet"
    ),
    **dict.fromkeys(("publicationdate", "publikationsdatum", "datedepublication", "fechadepublicacion"), "date"),
    **dict.fromkeys(("language", "languageofpublication", "sprache", "langue", "idioma", "lingua"), "language"),
    **dict.fromkeys(("section", "rubrik", "seccion"), "section"),
    **dict.fromkeys(("documenturl", "url", "proquestdocumentlink", "dokumenturl", "urldudocument"), "url"),
    **dict.fromkeys(("proquestdocumentid", "proquestdokumentid", "iddedocumentproquest"), "id"),
    **dict.fromkeys(("title", "titel", "titre", "titulo"), "title"),
    **dict.fromkeys(("copyright",), "rights"),
    **dict.fromkeys(("subtitle", "untertitel", "soustitre"), "subtitle"),
    **dict.fromkeys(
        """
            abstract zusammenfassung resume resumen links enlaces liens subject thema sujet materia location ort lieu
            people personen companyorganization company classification pages page seiten publicationyear publishedyear
            year jahr annee ano publisher verlag editeur editor placeofpublication countryofpublication
            publicationsubject issn eissn sourcetype documenttype documentfeature lastupdated database datenbank
            column volume issue numberofpages identifierkeyword credit creditline dateline startpage firstpage
            alternatetitle correspondence naicscode
            """.split(),
        "",
    ),
}
#: Headings that stand alone, in newer exports.
_BODY = re.compile(rf"\s*(?:{'|'.join(_FULL)})\s*", re.I)
_ASIDE = re.compile(
    r"\s*(?:abstract|zusammenfassung|r[ée]sum[ée]|resumen|headnote|translate)(?: ?\([\w ]+\))?\s*", re.I
)
_END = re.compile(r"\s*(?:bibliography|citation style:.*|contact us at:.*|terms and conditions.*|details)\s*", re.I)
_DATE = re.compile(r"\d{1,2}\.? [^\W\d_]{3,10}\.? \d{4}|[^\W\d_]{3,10} \d{1,2}, \d{4}")
#: What follows the outlet in a citation: a place, the day, a page.
_ISSUE = rf".{{0,120}}?\b(?P<date>{_DATE.pattern})(?!\d).{{0,40}}"
#: A citation has no more letters.
LONGEST_CITATION = 400
_LINK = re.compile(r"https?://\S+")


def key(words: str) -> tuple[str, str] | None:
    """What the key of a paragraph tells, and the rest; None for a paragraph without one."""
    match = _KEY.match(words)
    name = plain(match[1]) if match else ""
    return (KEYS[name], (match[2] or "").strip()) if match and name in KEYS else None


def begins(row: str) -> bool:
    """Whether a line begins a paragraph by what it says."""
    return key(row) is not None or any(mark.fullmatch(row) for mark in (NUMBER, _RULE, _END, _LINK, _BODY, _ASIDE))


def may_be(raw: RawFile) -> bool:
    """Whether a look at the lines is worth its time."""
    head = (raw.text or "").lower()
    return any(words in head for words in _FULL)


def recognise(head: str) -> bool:
    """Whether the lines that a file begins with are of this layout."""
    rows = [row.strip() for row in head.split("\n") if row.strip()]
    numbered = any(NUMBER.fullmatch(row) for row in rows) or any(_RULE.fullmatch(row) for row in rows)
    keys = {pair[0] for row in rows if (pair := key(row))}
    full = "body" in keys or any(_BODY.fullmatch(row) for row in rows)
    return numbered and full and ("proquest" in head[:2000].lower() or len(keys) >= 2)


def documents(paragraphs: Sequence[Paragraph]) -> list[Document] | None:
    """The documents in paragraphs; None where these are no export of ProQuest."""
    if not recognise("\n".join(part.words for part in paragraphs)):
        return None
    numbered = any(NUMBER.fullmatch(part.words) for part in paragraphs)
    return [_document(part, before) for before, part in _parts(paragraphs, numbered)]


def _parts(
    paragraphs: Sequence[Paragraph], numbered: bool
) -> Iterator[tuple[Sequence[Paragraph], Sequence[Paragraph]]]:
    """The stretches that documents are, from number to number, or, where there are none, from rule to rule; each with
    the one before it that is none, where it holds the title and the citation."""
    part: list[Paragraph] = []
    before: list[Paragraph] = []
    opened = not numbered
    for paragraph in paragraphs:
        if (NUMBER if numbered else _RULE).fullmatch(paragraph.words):
            if opened and _is_document(part):
                yield before, part
                before = []
            elif opened and part:
                before = part
            part, opened = [], True
        elif not _RULE.fullmatch(paragraph.words):
            part.append(paragraph)
    if opened and _is_document(part):
        yield before, part


def _is_document(part: Sequence[Paragraph]) -> bool:
    """Whether a stretch has keys of a document: the page in front of them has not."""
    return any(key(paragraph.words) or _BODY.fullmatch(paragraph.words) for paragraph in part)


def _document(part: Sequence[Paragraph], before: Sequence[Paragraph]) -> Document:
    told: dict[str, str] = {}
    front: list[str] = []
    loose: list[str] = []
    body: list[Paragraph] = []
    field: str | None = "front"
    for paragraph in part:
        pair = key(paragraph.words)
        # inside a body only a key that follows one counts: a story has lines like "Title: ..." as well
        if pair is not None and not (field == "body" and pair[0] in ("title", "subtitle", "byline")):
            field, words = pair
            told.setdefault(field, words)
            body.extend([paragraph._replace(words=words)] if field == "body" and words else [])
        elif _BODY.fullmatch(paragraph.words):
            field = "body"
        elif (_ASIDE.fullmatch(paragraph.words) and field != "body") or _END.fullmatch(paragraph.words):
            field = None
        elif link := _LINK.fullmatch(paragraph.words):
            told.setdefault("url", link[0])
        elif field == "body":
            body.append(paragraph)
        elif field is not None:
            (front if field == "front" else loose).append(paragraph.words)
    info = told.get("info", "")
    outlet = _outlet(told.get("outlet") or info)
    above = [paragraph.words for paragraph in before] if not front else []
    cited = next(filter(None, (_cited(words, outlet) for words in [*above, *front[1:], *loose])), None)
    day = _DATE.search(info)
    return Document(
        title=(front[0] if front else None) or told.get("title") or (above[0] if cited and above else None),
        subtitle=told.get("subtitle"),
        byline=told.get("byline") or (_turned(cited["by"] or "") if cited else None),
        published=next(
            filter(dated, (told.get("date"), day[0] if day else None, cited["date"] if cited else None)), None
        ),
        outlet=outlet or (_outlet(cited["outlet"]) if cited else None),
        section=told.get("section"),
        language=told.get("language"),
        url=told.get("url"),
        licence=told.get("rights"),
        source_id=told.get("id"),
        body=tuple(
            part for part in body if not re.fullmatch(r"(?:not available|nicht verf[üu]gbar)\.?", part.words, re.I)
        ),
    )


def _cited(words: str, outlet: str | None) -> re.Match[str] | None:
    """What a citation tells: ``by``, ``outlet`` and ``date``; None for a line that is none, or cites another outlet."""
    if len(words) > LONGEST_CITATION:
        return None
    if outlet:
        return re.fullmatch(rf"(?:(?P<by>.{{3,200}}?)\.\s+)?(?P<outlet>{re.escape(outlet)})(?!\w){_ISSUE}", words, re.I)
    return re.fullmatch(rf"(?:(?P<by>.{{3,200}}?)\.\s+)?(?P<outlet>[^.;\[\]]{{2,80}}?)\s*[;\[]{_ISSUE}", words)


def _turned(by: str) -> str:
    """The authors of a citation, who stand there with the family name first: "Reed, Jane; Vale, Tom"."""
    names = (name.partition(",") for name in by.split(";"))
    return "; ".join(f"{given.strip()} {family.strip()}".strip() for family, _, given in names)


def _outlet(info: str) -> str | None:
    """The name that publication info begins with, without the name of an edition."""
    name = re.split(r"[;\[]", info, maxsplit=1)[0].rstrip()
    return re.sub(r",[^,]*\b(?:edition|ausgabe|[ée]d\.)(?!\w).*", "", name, flags=re.I).strip(" .,") or None
