"""Wikitext: the story of a page, as pieces, and the date that it gives of itself.

Conventions: templates, tables, files, categories and notes are no text; of a link its words stay. Sections that list where
else to look are left out. The scan is linear; what nests deeper than ``DEEPEST``, or is never closed, stays as it stands.
Source: mediawiki.org/wiki/Help:Formatting, Help:Links, Help:Templates.
"""

# ruff: noqa: SIM905 - words read better in a row

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from allegedly.builders.readers._exports import dated
from allegedly.builders.text.articles import Piece

DEEPEST = 40
_COMMENT = re.compile(r"<!--(?:[^-]++|-(?!->))*+(?:-->)?")
_DROPPED = re.compile(
    r"<(ref|gallery|math|timeline|syntaxhighlight|source|score|imagemap|templatestyles|dynamicpagelist|inputbox|poem|graph)\b"
    r"[^<>]{0,1000}(?:/>|>(?:[^<]++|<(?!/\1\b))*+(?:</\1\s*>)?)",
    re.I,
)
_TAG = re.compile(r"</?(?:[a-z][a-z0-9]{0,20})\b[^<>]{0,1000}>", re.I)
_BREAK = re.compile(r"<br\b[^<>]{0,200}>", re.I)
_MARK = re.compile(r"\{\{|\}\}|^[ \t]*\{\||^[ \t]*\|\}|\[\[|\]\]", re.M)
_CLOSE = {"{{": "}}", "{|": "|}", "[[": "]]"}
_OUTER_LINK = re.compile(r"\[(?:https?:|ftp:|mailto:)?//?[^\s\]]{1,2000}(?:[ \t]+([^\[\]\n]{0,1000}))?\]")
_QUOTES = re.compile(r"'{2,5}")
_MAGIC = re.compile(r"__[A-ZÄÖÜ]{3,30}__")
_HEADING = re.compile(r"(={1,6})\s*(.+?)\s*\1\s*")
_HIDDEN = frozenset(
    """
    file image category datei bild kategorie fichier catégorie archivo imagen categoría immagine categoria ficheiro imagem
    arquivo bestand afbeelding categorie fil kategori plik grafika kategoria tiedosto luokka файл изображение категория
    ファイル カテゴリ 文件 分类 檔案 分類
    """.split()
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,10})?")
_DATES = frozenset(
    "date datum fecha data dato päivämäärä pvm дата 日付 date/en veröffentlicht published publicado".split()
)
#: Templates that stand for words: their name, and which of their parts has them.
_WORDS = {
    "w": -1,
    "wikipedia": -1,
    "wp": -1,
    "nowrap": 1,
    "lang": 2,
    "quote": 1,
    "cquote": 1,
    "zitat": 1,
    "citation": 1,
    "haveyoursay": 0,
}
#: Sections that are no part of the story.
ELSEWHERE = frozenset(
    """
    sources source references notes related see external sister quellen weblinks einzelnachweise themenverwandte liens
    voir références fuentes enlaces véase referencias fonti fonte collegamenti articoli fontes ligações notícias ver bronnen
    gerelateerd källor relaterade źródła powiązane источники ссылки примечания джерела 情報源 出典 关联 来源 消息来源
    """.split()
)


class Story(NamedTuple):
    """The pieces of a page, and the date that it gives; None where it gives none."""

    pieces: list[Piece]
    published: str | None


def story(source: str) -> Story:
    """The story of a page's source."""
    source = _DROPPED.sub("", _COMMENT.sub("", source))
    met: list[str] = []
    words = _QUOTES.sub("", _OUTER_LINK.sub(lambda link: link[1] or "", _resolved(source, met)))
    words = html.unescape(_MAGIC.sub("", _TAG.sub("", _BREAK.sub(" ", words)))).replace("\u00a0", " ")
    pieces = list(_pieces(words))
    published = next(iter(met), None)
    if (
        pieces
        and pieces[0][0] == "paragraph"
        and len(pieces[0][1]) < 60
        and (day := dated(pieces[0][1].rstrip(" –—-:")))
    ):
        published = published or day
        pieces[0] = ("dateline", pieces[0][1])
    return Story(pieces, published)


def _resolved(source: str, met: list[str]) -> str:
    """A source without templates and tables, of links the words. ``met`` collects the dates of templates."""
    stack: list[tuple[str, list[str]]] = [("", [])]
    start = 0
    for mark in _MARK.finditer(source):
        stack[-1][1].append(source[start : mark.start()])
        start = mark.end()
        sign = mark[0].strip()
        if sign in _CLOSE and len(stack) <= DEEPEST:
            stack.append((sign, []))
        elif len(stack) > 1 and sign == _CLOSE[stack[-1][0]]:
            opened, parts = stack.pop()
            stack[-1][1].append(_closed(opened, "".join(parts), met))
        elif sign in _CLOSE or len(stack) > 1 or sign == "]]":
            stack[-1][1].append(mark[0])
    stack[-1][1].append(source[start:])
    # what was opened and never closed stays as it stands
    return "".join(sign + "".join(parts) for sign, parts in stack)


def _closed(opened: str, inner: str, met: list[str]) -> str:
    if opened == "[[":
        return _link(inner)
    if opened == "{|":
        return ""
    name, *parts = [part.strip() for part in inner.split("|")]
    if name.lower() in _DATES and (day := dated(" ".join(parts)) or (dated(parts[0]) if parts else None)):
        met.append(day)
    place = _WORDS.get(name.lower(), 0)
    words = [part.removeprefix("1=") for part in parts if not re.match(r"[a-z]\w*\s*=", part)]
    if place and words and place <= len(words):
        return words[place - 1] if place > 0 else words[-1 if len(words) < 3 else 1]
    return ""


def _link(inner: str) -> str:
    target, bar, label = inner.partition("|")
    space, colon, name = target.partition(":")
    if colon and space and (space.strip().lower() in _HIDDEN):
        return ""
    if colon and space and not bar and _LANGUAGE.fullmatch(space) and space not in ("w", "wp"):
        return ""  # the same page in another language
    if bar:
        return label.rpartition("|")[2]
    return (name if colon and space.islower() else target.lstrip(":")).partition("#")[0]


def _pieces(words: str) -> Iterator[Piece]:
    """The pieces of lines: headings, lists, and paragraphs between blank lines."""
    paragraph: list[str] = []
    items: list[str] = []
    left_out = 0
    for line in [*words.split("\n"), ""]:
        line = line.strip()
        heading = _HEADING.fullmatch(line)
        item = line.startswith(("*", "#", ";"))
        if (heading or item or not line or line.startswith("----")) and paragraph:
            yield "paragraph", " ".join(paragraph)
            paragraph = []
        if items and not item:
            yield "list", "\n".join(items)
            items = []
        if heading:
            level = len(heading[1])
            if not left_out or level <= left_out:
                first = re.split(r"[\s:/]", heading[2].strip().casefold(), maxsplit=1)[0]
                left_out = level if first in ELSEWHERE else 0
                if not left_out:
                    yield "heading", heading[2]
        elif left_out or not line or line.startswith("----"):
            continue
        elif item:
            items.extend(filter(None, [line.lstrip("*#;: ").strip()]))
        else:
            paragraph.append(line.lstrip(":").strip())
