"""PDF: the text layer, its lines put together to paragraphs again.

Conventions: the text is composed of title and paragraphs. A line goes on the paragraph before it unless a wider gap,
another size of type, or a short line that ends a sentence parts them; a word cut by a hyphen at a line's end is put
together; columns that were drawn row by row are read one after another (``_columns``); lines that stand at the top or
bottom of most pages, and page numbers, are left out. Scans have no text.
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Any

from allegedly.builders.readers import _columns, _fields, _values
from allegedly.builders.readers._columns import Line
from allegedly.builders.readers._line_bylines import byline
from allegedly.builders.readers._line_datelines import date_line
from allegedly.builders.readers._names import authors
from allegedly.builders.readers._note import Note
from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.builders.sources.recognition import Claim, RawFile, Strength
from allegedly.builders.text import articles, dates
from allegedly.builders.text.articles import Piece
from allegedly.builders.text.ligatures import in_letters
from allegedly.schemas.records import Article, Origin, Rejected

MEDIA_TYPES = ("application/pdf",)
ENDINGS = ("pdf",)
DEFAULT = Limits()
#: So many pieces from the top may be bylines and date lines.
NEAR = 6
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_BULLET = re.compile(r"^(?:[•·▪◦‣–*-]|\(?\d{1,2}[.)]|[a-z]\))\s")
_NUMBER = re.compile(r"^(?:page |seite |p\. ?)?[-–— ]*\d{1,4}(?:\s*(?:/|of|von)\s*\d{1,4})?[-–— ]*$", re.I)


def recognise(raw: RawFile) -> Claim | None:
    """The header of a PDF, before which mail and web servers may leave something; but not one inside an archive."""
    header = b"%PDF-" in raw.data[:1024] and not raw.archive
    return Claim(Strength.SIGNATURE, MEDIA_TYPES[0]) if header else None


def read(data: bytes, origin: Origin, *, limits: Limits = DEFAULT) -> Iterator[Article | Rejected]:
    """The article of a PDF."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        document = _opened(data)
        lines = _without_furniture(_lines(document, limits))
        if not lines:
            raise Refused(
                "no-text-layer", "is a PDF without a text layer (a scan?); run a text recognition over it first"
            )
        yield _article(lines, document, origin)
    except Refused as refused:
        yield refused.rejected(origin)
    except pypdf.errors.PyPdfError as error:
        yield Refused("broken-pdf", f"is a broken PDF: {error}"[:300]).rejected(origin)


def _opened(data: bytes) -> Any:
    import pypdf

    document = pypdf.PdfReader(io.BytesIO(data), strict=False)
    if document.is_encrypted:
        try:
            opened = document.decrypt("")  # many are only locked against printing
        except (pypdf.errors.PyPdfError, NotImplementedError, ImportError) as error:
            raise Refused("encrypted", "is an encrypted PDF; decrypt it first") from error
        if not opened:
            raise Refused("encrypted", "is an encrypted PDF that wants a password; decrypt it first")
    return document


def _lines(document: Any, limits: Limits) -> list[Line]:
    lines: list[Line] = []
    seen = set()
    for number, page in enumerate(document.pages):
        if number >= limits.members:
            raise over("members-limit", "the number of its pages", limits.members)
        reference = page.indirect_reference
        if reference is not None:
            # a page that is listed again says nothing new, and a file may list it a hundred thousand times
            if reference.idnum in seen:
                continue
            seen.add(reference.idnum)
        lines.extend(_page_lines(page, number))
    return lines


def _page_lines(page: Any, number: int) -> list[Line]:
    lines: list[Line] = []

    def visit(words: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        words = words.encode("utf-8", "ignore").decode().replace("\0", "")
        if not words.strip():
            if words and lines and not words.endswith("\n"):
                _write(lines[-1], x=None, words=" ")
            return
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        tall = abs(size * (tm[3] or 1) * (cm[3] or 1)) or 1.0
        for row, part in enumerate(words.strip("\n").split("\n")):
            if lines and not row and abs(lines[-1].y - y) < 0.4 * tall:
                _write(lines[-1], x, part)
                lines[-1].size = max(lines[-1].size, tall)
            else:
                lines.append(Line(part, y - row * 1.2 * tall, round(tall, 1), number, [(x, part)]))

    page.extract_text(visitor_text=visit)
    lines = _columns.ordered(lines)
    for line in lines:
        line.words = in_letters(_values.line(line.words))
    return [line for line in lines if line.words]


def _write(line: Line, x: float | None, words: str) -> None:
    """Goes on with a line: with a part of its own that begins at ``x``, or (None) with the part before."""
    line.words += words
    if x is None and line.parts:
        begins, before = line.parts[-1]
        line.parts[-1] = (begins, before + words)
    elif x is not None:
        line.parts.append((x, words))


def _without_furniture(lines: list[Line]) -> list[Line]:
    """Without page numbers, and without what stands first or last on most pages."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges = Counter(
        _shape(line.words)
        for page in pages.values()
        for line in {id(line): line for line in [*page[:2], *page[-2:]]}.values()
    )
    # left and right pages may have heads of their own
    repeated = {shape for shape, count in edges.items() if count >= 3 and count > 0.4 * len(pages)}
    if len(pages) == 2:
        first, second = (
            {
                (_shape(line.words), line.size, round(line.y))
                for line in (*page[:2], *page[-2:])
                if len(line.words) < 100
            }
            for page in pages.values()
        )
        repeated |= {shape for shape, _, _ in first & second}
    kept = []
    for page in pages.values():
        for position, line in enumerate(page):
            edge = position < 2 or position >= len(page) - 2
            if not (edge and (_NUMBER.match(line.words) or _shape(line.words) in repeated)):
                kept.append(line)
    return kept


def _shape(words: str) -> str:
    return re.sub(r"\d+", "0", words).casefold()


def _paragraphs(lines: list[Line], usual: float) -> Iterator[tuple[list[Line], str]]:
    """Lines that belong together, and their words. ``usual``: the size of most of the type."""
    gaps = sorted(
        above.y - below.y
        for above, below in pairwise(lines)
        if above.page == below.page and above.size == below.size and 0 < above.y - below.y < 4 * above.size
    )
    # most gaps are between lines of one paragraph; in a short text hardly
    leading = gaps[len(gaps) // 4] if gaps else 0
    width = max(median(len(line.words) for line in lines), 30)
    group: list[Line] = []
    for line in lines:
        if group and _parted(group[-1], line, leading, width, usual):
            yield group, _joined(group)
            group = []
        group.append(line)
    if group:
        yield group, _joined(group)


def _parted(before: Line, line: Line, leading: float, width: float, usual: float) -> bool:
    if abs(before.size - line.size) > 0.1 * before.size or _BULLET.match(line.words):
        return True
    ended = bool(_SENTENCE_END.search(before.words))
    gap = before.y - line.y
    if before.page == line.page and line.size > 1.15 * usual and 0 < gap < 1.8 * line.size:
        return False  # the lines of a title stand apart, and may end like sentences
    if before.page != line.page or gap < 0:  # the next page or column: the paragraph may go on
        return ended and len(before.words) < 0.9 * width
    if leading and gap > max(1.35 * leading, 1.3 * line.size):
        return True
    return ended and len(before.words) < 0.75 * width


def _joined(lines: list[Line]) -> str:
    words = ""
    for line in lines:
        if words.endswith(("\u00ad", "\u2010")) or (
            re.search(r"[^\W\d_]-$", words) and re.match(r"[a-zà-öø-ÿ]", line.words)
        ):
            words = words[:-1] + line.words
        else:
            words = f"{words} {line.words}" if words else line.words
    return words


def _article(lines: list[Line], document: Any, origin: Origin) -> Article:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.words)
    usual = sizes.most_common(1)[0][0]
    info = _information(document)
    pieces: list[Piece] = []
    title = None
    notes: list[Note] = []
    for group, words in _paragraphs(lines, usual):
        if len(pieces) < NEAR and (title is not None or pieces):
            group, above = _signed(group)
            notes.extend(above.values())
            pieces.extend((note.kind, line) for line, note in above.items())
            words = _joined(group)
            if not group:
                continue
        size = group[0].size
        if title is None and not pieces and size > 1.15 * usual and len(words) < 300:
            title = words
            pieces.append(("title", words))
        elif size > 1.1 * usual and len(words) < 200 and not _SENTENCE_END.search(words.rstrip(":")):
            pieces.append(("heading", words))
        else:
            pieces.append(("list" if _BULLET.match(words) else "paragraph", words))
    told = {name: value for note in reversed(notes) for name, value in note.tells.items()}
    shown, pieces = _dated(pieces)
    people = told.get("authors") or _people(info.get("author"))
    lead = next((n for n, (kind, words) in enumerate(pieces) if kind == "paragraph" and len(words) > 80), None)
    pieces = [("lead" if n == lead else kind, words) for n, (kind, words) in enumerate(pieces)]
    words, blocks = articles.compose(pieces)
    _fields.checked(words)
    return articles.article(
        words,
        origin,
        blocks=blocks,
        title=title or info.get("title"),
        authors=people,
        outlet=told.get("outlet"),
        published=told.get("published") or shown or told.get("updated"),
        themes=_fields.several(info.get("keywords") or ""),
        language=_values.language(info.get("language")),
    )


def _signed(group: list[Line]) -> tuple[list[Line], dict[str, Note]]:
    """The lines of a paragraph without the bylines and date lines above its text, and what those tell."""
    above: dict[str, Note] = {}
    for number, line in enumerate(group):
        note = byline(line.words) or date_line(line.words)
        if note is None or line.words in above:
            return group[number:], above
        above[line.words] = note
    return [], above


def _people(properties: str | None) -> tuple[str, ...]:
    """The authors that the file's properties name; the name of an account (``jsmith``) is none."""
    return tuple(name for name in authors(properties) if " " in name)


def _dated(pieces: list[Piece]) -> tuple[str | None, list[Piece]]:
    """The date that a short line near the top gives, and that line as date line."""
    for number, (kind, words) in enumerate(pieces[:6]):
        if kind == "paragraph" and len(words) < 80:
            parts = [
                words,
                *(words.split(",", n)[-1] for n in range(1, words.count(",") + 1)),
                words.rpartition("|")[2],
            ]
            if published := next(filter(None, (dates.read(part.strip()) for part in parts)), None):
                return published, [*pieces[:number], ("dateline", words), *pieces[number + 1 :]]
    return None, pieces


def _information(document: Any) -> dict[str, str]:
    """What the file says about itself; programs' leavings are nothing."""
    try:
        info = document.metadata or {}
        root = document.trailer["/Root"]
        stated = {
            key[1:].lower(): _values.line(str(info[key])) for key in ("/Title", "/Author", "/Keywords") if info.get(key)
        }
        if root.get("/Lang"):
            stated["language"] = str(root["/Lang"])
    except Exception:  # a broken information dictionary costs metadata, not the text
        return {}
    if re.search(
        r"\.(?:docx?|indd|pdf|qxd|tex|rtf)$|^(?:microsoft word|untitled|document\d*)\b", stated.get("title", ""), re.I
    ):
        stated.pop("title")
    return stated
