"""The rule labeller: attributions, speculations and claims in English news, from word lists and patterns.

Conventions: deterministic, offline, and the same on any machine. What it knows stands in ``cues.txt``, ``_words.py``,
``_speculation.py`` and ``_claims.py``; it gives no confidences. Labels lie in sentences of blocks that hold sentences.
Articles in a language other than English get empty layers.
"""

from collections.abc import Iterator, Sequence

from allegedly.builders.labellers._attribution import Finder, Found
from allegedly.builders.labellers._claims import Statement, Statements
from allegedly.builders.labellers._cues import ACT
from allegedly.builders.labellers._nesting import nested
from allegedly.builders.labellers._sources import source_kind
from allegedly.builders.labellers._speculation import Doubt, Doubts
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.derive import numbered
from allegedly.schemas.records import (
    Annotator,
    Article,
    Attribution,
    Claim,
    Labels,
    Part,
    Prediction,
    Sentence,
    Span,
    Speculation,
)

LAYERS = ("claims", "speculations", "attributions")
ANNOTATOR = Annotator(id="rules", kind="rule", name="Rules for English news", version="1", guideline="allegedly-1")
SCHEME = "allegedly-1"


def label(articles: Sequence[Article]) -> Iterator[Prediction]:
    """The labels of each article, in order, with scores of check_worthy and claim for every sentence."""
    for article in articles:
        yield _label(article)


def _label(article: Article) -> Prediction:
    if (article.language or "en").split("-")[0].lower() != "en":
        return Prediction(labels=Labels(claims=(), speculations=(), attributions=()))
    tokens = Tokens(article)
    found = nested(Finder(tokens).find(), tokens)
    doubts = Doubts(tokens).find()
    statements = Statements(tokens, found, doubts)
    labels = Labels(
        claims=tuple(_claim(tokens, item) for item in statements.find()),
        speculations=tuple(_speculation(tokens, item, found) for item in doubts),
        attributions=tuple(_attribution(tokens, at, item, found) for at, item in enumerate(found)),
    )
    return Prediction(
        labels=numbered(labels, article),
        sentences=tuple(
            Sentence(
                start=tokens.starts[first],
                end=tokens.ends[last],
                scores={"check_worthy": round(check, 4), "claim": round(fact, 4)},
            )
            for (first, last), (check, fact) in zip(tokens.sentences, statements.scores, strict=True)
        ),
    )


def _part(tokens: Tokens, ranges: Sequence[tuple[int, int]]) -> Part:
    """Ranges of tokens as spans, cut where a block ends between them."""
    spans: list[Span] = []
    for first, last in sorted(ranges):
        spans += (tokens.span(left, right) for left, right in _pieces(tokens, first, last))
    return tuple(spans)


def _pieces(tokens: Tokens, first: int, last: int) -> Iterator[tuple[int, int]]:
    """A range of tokens cut at the ends of paragraphs."""
    at = first
    for mark in sorted(tokens.paragraph_ends) if "Z" in tokens.kinds[first : last + 1] else ():
        if at <= mark <= last:
            if mark > at:
                yield at, mark - 1
            at = mark + 1
    if at <= last:
        yield at, last


def _name(at: int) -> str | None:
    return None if at < 0 else f"a{at}"


def _attribution(tokens: Tokens, at: int, item: Found, found: list[Found]) -> Attribution:
    return Attribution(
        id=f"a{at}",
        source=_part(tokens, [item.source] if item.source else []),
        cue=_part(tokens, [item.cue]),
        content=_part(tokens, item.content),
        form=_form(tokens, item),
        act=_act(item),
        negated=item.negated,
        source_kind=source_kind(tokens, item.source),
        parent=_name(item.parent),
        by=ANNOTATOR.id,
        scheme=SCHEME,
    )


def _form(tokens: Tokens, item: Found) -> str:
    """Direct where all of the content stands in quotation marks, mixed where at least three words of it do."""
    quotes = [
        (max(first, left), min(last, right))
        for left, right in tokens.quotes
        for first, last in item.content
        if left <= last and first <= right
    ]
    if not quotes:
        return "indirect"
    total = sum(last - first + 1 for first, last in item.content)
    inside = sum(last - first + 1 for first, last in quotes)
    if inside >= total - sum(tokens.kinds[first : last + 1].count("Z") for first, last in item.content):
        return "direct"
    return "mixed" if any(last - first >= 4 for first, last in quotes) else "indirect"


def _act(item: Found) -> str:
    if item.frame == "i" and item.lemma in ("hope", "expect", "plan", "want", "like", "decline", "refuse"):
        return "speech" if item.lemma in ("decline", "refuse") else "intention"
    return ACT.get(item.lemma, "speech")


def _speculation(tokens: Tokens, item: Doubt, found: list[Found]) -> Speculation:
    return Speculation(
        cue=_part(tokens, item.cue),
        scope=_part(tokens, item.scope),
        kind=item.kind,
        certainty=item.certainty,
        holder=_name(_holder(item, found)),
        by=ANNOTATOR.id,
        scheme=SCHEME,
    )


def _holder(item: Doubt, found: list[Found]) -> int:
    """The attribution that a doxastic cue is the cue of, else the innermost whose content the cue lies in."""
    at = item.cue[0][0]
    best, size = -1, 1 << 60
    for number, other in enumerate(found):
        if item.kind == "doxastic" and other.cue[0] <= at <= other.cue[1]:
            return number
        for first, last in other.content:
            if first <= at <= last and last - first < size:
                best, size = number, last - first
    return best


def _claim(tokens: Tokens, item: Statement) -> Claim:
    return Claim(
        extent=_part(tokens, item.extent),
        kind=item.kind,
        worth=item.worth,
        certainty=item.certainty,
        polarity=item.polarity,
        claimer=_name(item.attribution),
        by=ANNOTATOR.id,
        scheme=SCHEME,
    )


def scopes(article: Article, cues: Sequence[Part | None]) -> list[Part]:
    """The scopes of speculation cues that are given; empty where a cue stands in no sentence."""
    tokens = Tokens(article)
    doubts = Doubts(tokens)
    out: list[Part] = []
    for cue in cues:
        span = tokens.over(cue[0].start, cue[-1].end) if cue else None
        scope = doubts.scope(span) if span else None
        out.append(_part(tokens, scope) if scope else ())
    return out
