"""Direct speech in quotation marks, for articles in languages that the rules cannot read.

Conventions: offsets are half-open, in code points. Marks are paired as the languages pair them („…“, »…«, « … », “…”,
”…”, 「…」 and so on), inside one block; of quotations within a quotation the outermost counts. The content has its
marks, as everywhere in the scheme. A quotation is speech where its shape says so: a colon before it, a sentence that
ends inside it, a comma after it, or so many words that it is no name. Scare quotes, names and titles have none of
these. Source and cue are empty, except in German, where words of saying beside the quotation tell them. ``source_kind``
is null where there is a source: what kind of name it is, nothing here can tell.
The work is linear in the length of the text, whatever the marks are.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from allegedly.builders.labellers import _german
from allegedly.builders.text.markup import masked
from allegedly.schemas.derive import numbered
from allegedly.schemas.records import SENTENCE_BLOCKS, Article, Attribution, Labels, Prediction, Span

SCHEME = "allegedly-1"

#: Opening marks with what may close them. An apostrophe opens nothing but in Dutch and Afrikaans; 《 》 are for titles.
_CLOSE = {
    "„": '“”"‟',
    "‚": "‘’",
    "“": '”"“',
    "”": "”",
    "‟": "”",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "‘": "’",
    "「": "」",
    "『": "』",
    "｢": "｣",
    "〝": "〞〟",
    '"': '"',
    "＂": "＂",
    "״": "״",
}
_APOSTROPHE = {"nl", "af"}
_ELIDED = re.compile(r"'[stnmk](?!\w)")
_MARK = re.compile("[" + re.escape("".join(sorted({*_CLOSE, *"".join(_CLOSE.values()), "'"}))) + "]")
#: What opens no word: white space follows an opening mark in French alone, these never do.
_STOPS = frozenset(",;:!?)]}、。，；：！？")
_DEEPEST = 4

_WORD = re.compile(r"[^\W_]+")
#: Letters of scripts that set no spaces between words; two count as a word.
_DENSE = re.compile("[\u0e01-\u0e2e\u1000-\u1021\u1780-\u17b3\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
_FINAL = frozenset(".!?…。！？؟।")
_AFTER = re.compile(r"\s*[,，、،–—]|\s-\s")
_QUOTATIVE = re.compile("と(?!い[うっ])|って|라고|이라고|라며|이라며|고 ")
#: From so many words a quotation is no name; from so many where other signs speak for speech; where strong ones do.
_LONG, _SHORT, _FEW = 8, 4, 3


class Quotation(NamedTuple):
    """Words in quotation marks, marks included. ``open``: no mark closes it, since the next paragraph goes on."""

    start: int
    end: int
    block: tuple[int, int]
    open: bool = False


def is_english(article: Article) -> bool:
    """Whether the rules can read the article: in English, or in no language that is known."""
    return _language(article) in ("", "en")


def direct_speech(article: Article, by: str) -> Prediction:
    """The labels of an article in another language: direct speech. The other layers are null: nobody has looked."""
    labels = Labels(attributions=quotations(article, by))
    return Prediction(labels=numbered(labels, article))


def quotations(article: Article, by: str = "rules") -> tuple[Attribution, ...]:
    """The direct speech of an article, in order; ids and surface texts are left to ``derive.numbered``."""
    text = masked(article.text, article.markup)
    everything = list(marked(article, text))
    german = None
    if _language(article) == "de":
        german = _german.Sayings(article, text, ((each.start, each.end) for each in everything))
    speeches: list[tuple[list[Span], _german.Frame]] = []
    before: Quotation | None = None
    for here in everything:
        frame = german.frame(here.start, here.end, here.block) if german else _german.Frame()
        speech = is_speech(text, here, frame, german is not None)
        if before is not None and _goes_on(text, before, here, speeches[-1][1], frame, speech):
            speeches[-1][0].append(Span(here.start, here.end))
        elif speech:
            speeches.append(([Span(here.start, here.end)], frame))
        before = here if speeches and speeches[-1][0][-1].end == here.end else None
    return tuple(
        Attribution(
            source=frame.source,
            cue=frame.cue,
            content=tuple(content),
            form="direct",
            act="speech",
            negated=False,
            source_kind=None if frame.source else "none",
            by=by,
            scheme=SCHEME,
        )
        for content, frame in speeches
    )


def _goes_on(
    text: str, before: Quotation, here: Quotation, earlier: _german.Frame, frame: _german.Frame, speech: bool
) -> bool:
    """Whether a quotation is more of what the same speaker says: the next paragraph of one that is open, or what
    follows directly on "..., said Holt."."""
    if before.open:
        return here.block != before.block and not text[here.block[0] : here.start].strip()
    if not earlier.after or frame.after or frame.colon or here.block != before.block or earlier.end <= before.end:
        return False
    between = text[earlier.end : here.start].strip()
    if not between:
        return text[before.end : here.start].rstrip().endswith(",")
    return between == "." and speech


def _language(article: Article) -> str:
    return (article.language or "").split("-")[0].lower()


# -- which words stand in quotation marks ------------------------------------------------------------------------------


def marked(article: Article, text: str) -> Iterator[Quotation]:
    """All that stands in quotation marks, in order; ``text``: the article's with markup as white space."""
    blocks = [block for block in article.blocks if block.kind in SENTENCE_BLOCKS]
    apostrophe = _language(article) in _APOSTROPHE
    for block, after in pairwise([*blocks, None]):
        assert block is not None, "the last is the end"
        start, end = block.start, block.start + len(text[block.start : block.end].rstrip())
        opening = re.match(r"\s*(\S)", text[after.start : after.end]) if after else None
        yield from _outermost(_pairs(text, start, end, opening[1] if opening else "", apostrophe))


def _pairs(text: str, start: int, end: int, following: str, apostrophe: bool) -> list[Quotation]:
    """Pairs of marks in one block, nested ones too. ``following``: the first letter of the next block."""
    pairs: list[Quotation] = []
    stack: list[int] = []
    for match in _MARK.finditer(text, start, end):
        offset = match.start()
        mark = match[0]
        before = text[offset - 1] if offset > start else " "
        after = text[offset + 1] if offset + 1 < end else " "
        if mark == "'" and (not apostrophe or _ELIDED.match(text, offset)):
            continue
        if _inside_word(mark, before, after):
            continue
        opens = _opens(mark, before, after)
        depth = next((n for n in range(len(stack) - 1, -1, -1) if mark in _close(text[stack[n]])), -1)
        symmetric = depth >= 0 and text[stack[depth]] == mark
        if depth >= 0 and not (opens and symmetric and before.isspace()):
            pairs.append(Quotation(stack[depth], offset + 1, (start, end)))
            del stack[depth:]
        elif opens and symmetric:
            del stack[depth:]
            stack.append(offset)
        elif opens and len(stack) < _DEEPEST:
            stack.append(offset)
    if stack and text[stack[0]] == following:
        pairs.append(Quotation(stack[0], end, (start, end), open=True))
    return [each for each in pairs if _WORD.search(text, each.start, each.end)]


def _close(mark: str) -> str:
    return "'" if mark == "'" else _CLOSE[mark]


def _opens(mark: str, before: str, after: str) -> bool:
    """Whether a mark can open where it stands: not at the end of a word, and not before white space but in French."""
    if mark not in _CLOSE and mark != "'":
        return False
    if after in _STOPS:
        return False
    if after == "." and not before.isspace():
        return False
    if after.isspace():
        return mark in "«「『" and (before.isspace() or before in "([:")
    plain = mark in "\"'”»״＂‘"
    return not (plain and before.isalnum() and not _DENSE.match(before))


def _inside_word(mark: str, before: str, after: str) -> bool:
    """An apostrophe, or the mark of a Hebrew abbreviation."""
    if mark in "'’":
        return before.isalnum() and after.isalnum()
    return mark in '"״' and "\u05d0" <= before <= "\u05ea" and "\u05d0" <= after <= "\u05ea"


def _outermost(pairs: list[Quotation]) -> Iterator[Quotation]:
    end = -1
    for pair in sorted(pairs, key=lambda pair: (pair.start, -pair.end)):
        if pair.start >= end:
            yield pair
            end = pair.end


# -- which of them are speech ------------------------------------------------------------------------------------------


def is_speech(text: str, here: Quotation, frame: _german.Frame, german: bool) -> bool:
    """Whether words in quotation marks are what somebody said."""
    if here.open:
        return True
    start, end = here.start + 1, here.end - 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    words = _words(text, start, end)
    before = text[max(here.block[0], here.start - 40) : here.start].rstrip()
    after = text[here.end : min(here.block[1], here.end + 4)]
    final = text[end - 1] in _FINAL
    inside = text[end - 1] in ",，"
    comma = inside or bool(_AFTER.match(after))
    first = _WORD.search(text, start, end)
    lower = first is not None and first[0][0].islower()
    if before.endswith((":", "：")):
        return frame.spoken or ((words >= _FEW or final) and not frame.title)
    if frame.title or (frame.named and not lower and not final and words < _LONG):
        return False
    if frame.after:
        return final or words >= (2 if comma else _SHORT)
    if not before or before[-1] in _FINAL or before[-1] in '”“«»"’」』':
        return (words >= _SHORT and (final or comma)) or (words >= 2 and (final or inside)) or words >= _LONG
    if final and (lower or words >= _LONG):
        return words >= _SHORT
    if _QUOTATIVE.match(text, here.end):
        return words >= _FEW
    if frame.named and not lower:
        return False
    if words >= _LONG:
        return True
    if german:
        return (
            (lower and (words >= _SHORT or frame.reported or frame.called))
            or frame.called
            or (words >= _SHORT and frame.spoken)
        )
    return words >= _SHORT and lower


def _words(text: str, start: int, end: int) -> int:
    """How many words, up to what is asked for."""
    count = 0
    for match in _WORD.finditer(text, start, end):
        dense = len(_DENSE.findall(match[0][: 4 * _LONG]))
        count += dense or 2
        if count >= 2 * _LONG:
            break
    return count // 2
