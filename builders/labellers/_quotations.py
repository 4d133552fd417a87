"""Direct speech in quotation marks, for articles in languages that the rules cannot read.

Conventions: offsets are half-open, in code points. Marks are paired by ``_quote_marks.py``; of quotations within a
quotation the outermost counts. The content has its marks, as everywhere in the scheme. A quotation is speech where its
shape says so: a colon before it, a sentence that ends inside it, a comma after it, or so many words that it is no name.
Scare quotes, names and titles have none of these. Source and cue are empty, except in German, where words of saying
beside the quotation tell them. ``source_kind`` is null where there is a source: what kind of name it is, nothing here
can tell. In German, ``_german_attributions.py`` joins reports without marks to what is found here.
The work is linear in the length of the text, whatever the marks are.
"""

import re

from allegedly.builders.labellers import _german
from allegedly.builders.labellers._composed import Composed
from allegedly.builders.labellers._german_attributions import with_reports
from allegedly.builders.labellers._quote_marks import FINAL, WORD, Quotation, marked, outermost, words_in
from allegedly.builders.text.markup import masked
from allegedly.schemas.derive import numbered
from allegedly.schemas.records import Article, Attribution, Labels, Prediction, Span

SCHEME = "allegedly-1"

_AFTER = re.compile(r"\s*[,，、،–—]|\s-\s")
_QUOTATIVE = re.compile("と(?!い[うっ])|って|라고|이라고|라며|이라며|고 ")
#: From so many words a quotation is no name; from so many where other signs speak for speech; where strong ones do.
_LONG, _SHORT, _FEW = 8, 4, 3


def is_english(article: Article) -> bool:
    """Whether the rules can read the article: in English, or in no language that is known."""
    return _language(article) in ("", "en")


def direct_speech(article: Article, by: str) -> Prediction:
    """The labels of an article in another language: direct speech, in German reports too. The other layers are null:
    nobody has looked."""
    composed = Composed(article)
    found = quotations(composed.article, by)
    if _language(article) == "de":
        text = masked(composed.article.text, composed.article.markup)
        quoted = [(each.start, each.end) for each in outermost(marked(composed.article, text))]
        found = with_reports(composed.article, text, found, quoted, by)
    labels = Labels(attributions=tuple(map(composed.back, found)))
    return Prediction(labels=numbered(labels, article))


def quotations(article: Article, by: str = "rules") -> tuple[Attribution, ...]:
    """The direct speech of an article, in order; ids and surface texts are left to ``derive.numbered``."""
    text = masked(article.text, article.markup)
    everything = list(outermost(marked(article, text)))
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


# -- which of them are speech ------------------------------------------------------------------------------------------


def is_speech(text: str, here: Quotation, frame: _german.Frame, german: bool) -> bool:
    """Whether words in quotation marks are what somebody said."""
    if here.open:
        return True
    start, end = here.start + here.opening, here.end - here.closing
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    words = words_in(text, start, end, 2 * _LONG)
    before = text[max(here.block[0], here.start - 40) : here.start].rstrip()
    after = text[here.end : min(here.block[1], here.end + 4)]
    final = text[end - 1] in FINAL
    inside = text[end - 1] in ",，"
    comma = inside or bool(_AFTER.match(after))
    first = WORD.search(text, start, end)
    lower = first is not None and first[0][0].islower()
    if before.endswith((":", "：")):
        return frame.spoken or ((words >= _FEW or final) and not frame.title)
    if frame.title or (frame.named and not lower and not final and words < _LONG):
        return False
    if frame.after:
        return final or words >= (2 if comma else _SHORT)
    if not before or before[-1] in FINAL or before[-1] in '”“«»"’」』':
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
