"""The rule labeller: all three layers in English news, attributions in German, direct speech in other languages.

Conventions: deterministic, offline, and the same on any machine. What it knows stands in ``cues.txt`` and the files
``rules_*.toml``, which ``docs/rules.md`` explains; it gives no confidences. Labels lie in sentences of blocks that hold sentences.
Of an article in a language other than English it labels direct speech in quotation marks alone (``_quotations.py``),
in German attributions of all forms (``_german_attributions.py``): the other layers are null, and no sentence has scores.
"""

from collections.abc import Iterator, Sequence

from allegedly.builders.labellers._assemble import Attributed, Claimed, Doubted, Found, assemble, part
from allegedly.builders.labellers._attribution import Finder
from allegedly.builders.labellers._claims import Statement, Statements
from allegedly.builders.labellers._continued import with_quotations
from allegedly.builders.labellers._cues import ACT
from allegedly.builders.labellers._headlines import with_headlines
from allegedly.builders.labellers._nesting import nested
from allegedly.builders.labellers._quotations import direct_speech, is_english
from allegedly.builders.labellers._rulebook import marks
from allegedly.builders.labellers._sayings import Saying
from allegedly.builders.labellers._sources import source_kind
from allegedly.builders.labellers._speculation import Doubt, Doubts
from allegedly.builders.labellers._tokens import Tokens
from allegedly.schemas.derive import numbered
from allegedly.schemas.records import Annotator, Article, Part, Prediction, Sentence

LAYERS = ("claims", "speculations", "attributions")
ANNOTATOR = Annotator(id="rules", kind="rule", name="Rules for English news", version="1", guideline="allegedly-1")


def label(articles: Sequence[Article]) -> Iterator[Prediction]:
    """The labels of each article, in order, with scores of check_worthy and claim for every sentence."""
    for article in articles:
        yield _label(article)


def _label(article: Article) -> Prediction:
    if not is_english(article):
        return direct_speech(article, ANNOTATOR.id)
    tokens = Tokens(article)
    signs = marks(tokens)
    sayings = nested(Finder(tokens, signs).find(), tokens)
    with_quotations(tokens, sayings)
    doubts = Doubts(tokens, signs).find()
    statements = Statements(tokens, sayings, doubts, signs)
    found = Found(
        attributions=with_headlines(tokens, [_attributed(tokens, item) for item in sayings]),
        doubts=[_doubted(tokens, item) for item in doubts],
        claims=[_claimed(tokens, item) for item in statements.find()],
    )
    labels = assemble(tokens, found, ANNOTATOR.id, scopes_end_inside=True)
    return Prediction(
        labels=numbered(labels, article),
        sentences=tuple(_scores(article, tokens, statements.scores)),
    )


def _scores(article: Article, tokens: Tokens, scores: list[tuple[float, float]]) -> Iterator[Sentence]:
    """The scores of each sentence; of one that is read in several stretches those of its first."""
    ends = {span.start: span.end for span in article.sentences}
    for (first, _), (check, fact) in zip(tokens.sentences, scores, strict=True):
        start = tokens.starts[first]
        if start in ends:
            yield Sentence(
                start=start, end=ends[start], scores={"check_worthy": round(check, 4), "claim": round(fact, 4)}
            )


def _attributed(tokens: Tokens, item: Saying) -> Attributed:
    return Attributed(
        source=part(tokens, [item.source] if item.source else []),
        # a name and a colon are the whole of it
        cue=part(tokens, [] if item.frame == "colon" else [item.cue]),
        content=part(tokens, item.content),
        act=_act(item),
        negated=item.negated,
        source_kind=source_kind(tokens, item.source),
        parent=item.parent,
    )


def _act(item: Saying) -> str:
    if item.frame == "i" and item.lemma in ("hope", "expect", "plan", "want", "like", "decline", "refuse"):
        return "speech" if item.lemma in ("decline", "refuse") else "intention"
    return ACT.get(item.lemma, "speech")


def _doubted(tokens: Tokens, item: Doubt) -> Doubted:
    cue, scope = part(tokens, item.cue), part(tokens, item.scope)
    return Doubted(cue=cue, scope=scope, kind=item.kind, certainty=item.certainty)


def _claimed(tokens: Tokens, item: Statement) -> Claimed:
    return Claimed(
        extent=part(tokens, item.extent),
        kind=item.kind,
        worth=item.worth,
        certainty=item.certainty,
        polarity=item.polarity,
        claimer=item.attribution,
    )


def scopes(article: Article, cues: Sequence[Part | None]) -> list[Part]:
    """The scopes of speculation cues that are given; empty where a cue stands in no sentence."""
    tokens = Tokens(article)
    doubts = Doubts(tokens)
    out: list[Part] = []
    for cue in cues:
        span = tokens.over(cue[0].start, cue[-1].end) if cue else None
        scope = doubts.scope(span) if span else None
        out.append(part(tokens, scope) if scope else ())
    return out
