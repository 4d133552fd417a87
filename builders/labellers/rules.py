"""The rule labeller: all three layers in English news, attributions in German, direct speech in other languages.

Conventions: deterministic, offline, and the same on any machine. What it knows stands in ``cues.txt``, ``_words.py``,
``_speculation.py`` and ``_claims.py``; it gives no confidences. Labels lie in sentences of blocks that hold sentences.
Of an article in a language other than English it labels direct speech in quotation marks alone (``_quotations.py``),
in German attributions of all forms (``_german_attributions.py``): the other layers are null, and no sentence has scores.
"""

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import replace

from allegedly.builders.labellers._attribution import Finder, Saying
from allegedly.builders.labellers._claims import Statement, Statements
from allegedly.builders.labellers._continued import alone, before, holds, runs
from allegedly.builders.labellers._cues import ACT
from allegedly.builders.labellers._forms import form
from allegedly.builders.labellers._nesting import innermost, nested
from allegedly.builders.labellers._quotations import direct_speech, is_english
from allegedly.builders.labellers._sources import source_kind
from allegedly.builders.labellers._speakers import with_speakers
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
    if not is_english(article):
        return direct_speech(article, ANNOTATOR.id)
    tokens = Tokens(article)
    sayings = nested(Finder(tokens).find(), tokens)
    _with_quotations(tokens, sayings)
    doubts = Doubts(tokens).find()
    statements = Statements(tokens, sayings, doubts)
    labels = Labels(
        claims=tuple(_claim(tokens, item) for item in statements.find()),
        speculations=tuple(
            _speculation(tokens, _inside(tokens, item, holder, sayings), holder)
            for item, holder in zip(doubts, _holders(doubts, sayings), strict=True)
        ),
        attributions=with_speakers(
            tokens, [_attribution(tokens, holder, item, sayings) for holder, item in enumerate(sayings)]
        ),
    )
    return Prediction(
        labels=numbered(labels, article),
        sentences=tuple(_scores(article, tokens, statements.scores)),
    )


def _with_quotations(tokens: Tokens, sayings: list[Saying]) -> None:
    """Gives quotations that go on over paragraphs to whose they are, and those that stand alone to whoever spoke in the
    sentence before."""
    ends = {item.content[-1][1]: item for item in sayings if item.content}
    for run in runs(tokens):
        item = ends.get(run[0][1])
        if item is not None and len(run) > 1:
            item.content.append((run[1][0], run[-1][1]))
    held = sorted(piece for item in sayings for piece in item.content)
    outer = [item for item in sayings if item.parent < 0]
    spoken = sorted((place, number) for number, item in enumerate(outer) for place in (item.cue, *item.content))
    for first, last in alone(tokens):
        if holds(held, first):
            continue
        at = before(tokens, first, spoken)
        if at is not None:
            number = spoken[at][1]
            outer[number].content.append((first, last))
            insort(spoken, ((first, last), number))


def _scores(article: Article, tokens: Tokens, scores: list[tuple[float, float]]) -> Iterator[Sentence]:
    """The scores of each sentence; of one that is read in several stretches those of its first."""
    ends = {span.start: span.end for span in article.sentences}
    for (first, _), (check, fact) in zip(tokens.sentences, scores, strict=True):
        start = tokens.starts[first]
        if start in ends:
            yield Sentence(
                start=start, end=ends[start], scores={"check_worthy": round(check, 4), "claim": round(fact, 4)}
            )


def _part(tokens: Tokens, ranges: Sequence[tuple[int, int]]) -> Part:
    """Ranges of tokens as spans, cut where a block ends between them."""
    spans: list[Span] = []
    for first, last in sorted(ranges):
        spans += (tokens.span(left, right) for left, right in _pieces(tokens, first, last))
    return tuple(spans)


def _pieces(tokens: Tokens, first: int, last: int) -> Iterator[tuple[int, int]]:
    """A range of tokens cut at the ends of paragraphs."""
    mark = tokens.kinds.find("Z", first, last + 1)
    while mark >= 0:
        if mark in tokens.paragraph_ends:
            if mark > first:
                yield first, mark - 1
            first = mark + 1
        mark = tokens.kinds.find("Z", mark + 1, last + 1)
    if first <= last:
        yield first, last


def _name(index: int) -> str | None:
    return None if index < 0 else f"a{index}"


def _attribution(tokens: Tokens, index: int, item: Saying, sayings: list[Saying]) -> Attribution:
    return Attribution(
        id=f"a{index}",
        source=_part(tokens, [item.source] if item.source else []),
        cue=_part(tokens, [item.cue]),
        content=_part(tokens, item.content),
        form=form(tokens, item.content, item.cue[0]),
        act=_act(item),
        negated=item.negated,
        source_kind=source_kind(tokens, item.source),
        parent=_name(item.parent),
        by=ANNOTATOR.id,
        scheme=SCHEME,
    )


def _act(item: Saying) -> str:
    if item.frame == "i" and item.lemma in ("hope", "expect", "plan", "want", "like", "decline", "refuse"):
        return "speech" if item.lemma in ("decline", "refuse") else "intention"
    return ACT.get(item.lemma, "speech")


def _speculation(tokens: Tokens, item: Doubt, holder: int) -> Speculation:
    return Speculation(
        cue=_part(tokens, item.cue),
        scope=_part(tokens, item.scope),
        kind=item.kind,
        certainty=item.certainty,
        holder=_name(holder),
        by=ANNOTATOR.id,
        scheme=SCHEME,
    )


def _inside(tokens: Tokens, item: Doubt, holder: int, sayings: list[Saying]) -> Doubt:
    """The doubt with its scope kept inside what its holder says: "(may fall), said Lind"; itself where it is so."""
    content = sayings[holder].content if holder >= 0 else ()
    cue = item.cue[0][0]
    if not any(first <= cue <= last for first, last in content):
        return item
    kept = [
        (max(left, begin), min(right, end))
        for left, right in item.scope
        for begin, end in content
        if max(left, begin) <= min(right, end)
    ]
    if not kept or kept == item.scope:
        return item
    first, last = kept[-1]
    while last > cue and tokens.kinds[last] in '.,;:?!-"':
        last -= 1
    return replace(item, scope=[*kept[:-1], (first, last)])


def _holders(doubts: list[Doubt], sayings: list[Saying]) -> list[int]:
    """For each speculation the attribution that its doxastic cue is the cue of, else the innermost around it."""
    cued = {token: number for number, saying in enumerate(sayings) for token in range(saying.cue[0], saying.cue[1] + 1)}
    inner = innermost(sayings, [item.cue[0][0] for item in doubts])
    return [
        cued.get(item.cue[0][0], around) if item.kind == "doxastic" else around
        for item, around in zip(doubts, inner, strict=True)
    ]


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
